//! What there is: fetches, converters, ACL criteria and log-format aliases of every version, as `build/expressions.rs` has read them
//! from `data/`. A line of a fetch or converter is taken apart when it is looked up.

use std::{
    fmt,
    sync::{LazyLock, OnceLock},
};

use crate::{lookup::Index, version::VersionSet};

use super::Places;

const METHODS: &str = include_str!("data/methods.txt");
const CONDITIONS: &str = include_str!("data/conditions.txt");

/// The type of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "named as HAProxy names them")]
pub enum SampleType {
    Any,
    Same,
    Bool,
    Sint,
    Addr,
    Ipv4,
    Ipv6,
    Str,
    Bin,
    Meth,
}

impl SampleType {
    const NAMES: [(&'static str, Self); 10] = [
        ("any", Self::Any),
        ("same", Self::Same),
        ("bool", Self::Bool),
        ("sint", Self::Sint),
        ("addr", Self::Addr),
        ("ipv4", Self::Ipv4),
        ("ipv6", Self::Ipv6),
        ("str", Self::Str),
        ("bin", Self::Bin),
        ("meth", Self::Meth),
    ];

    fn from_name(name: &str) -> Self {
        Self::NAMES.into_iter().find(|(n, _)| *n == name).map_or(Self::Any, |(_, t)| t)
    }

    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Any | Self::Same => "anything",
            Self::Bool => "a boolean",
            Self::Sint => "an integer",
            Self::Addr => "an address",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Str => "a string",
            Self::Bin => "binary data",
            Self::Meth => "an HTTP method",
        }
    }

    /// The versions in which HAProxy turns a sample of this type into one of type `to`.
    pub fn casts_to(self, to: Self) -> VersionSet {
        use SampleType::{Addr, Any, Bin, Bool, Ipv4, Ipv6, Meth, Same, Sint, Str};
        let known = match (self, to) {
            (Any, _) | (_, Any | Same) => true,
            (Bool, Bin) => return VersionSet::since(2, 5, 0),
            (Bool, _) => matches!(to, Bool | Sint | Str),
            (Sint, _) => to != Meth,
            // A fetch gives addresses without saying which kind only since 2.9.
            (Addr, Addr | Ipv4 | Ipv6 | Str | Bin) => return VersionSet::since(2, 9, 0),
            (Addr | Same, _) => false,
            (Ipv4, _) => matches!(to, Sint | Addr | Ipv4 | Ipv6 | Str | Bin),
            (Ipv6, _) => matches!(to, Addr | Ipv4 | Ipv6 | Str | Bin),
            (Str, _) => true,
            (Bin | Meth, _) => matches!(to, Str | Bin | Meth),
        };
        if known { VersionSet::ALL } else { VersionSet::NONE }
    }
}

impl fmt::Display for SampleType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMES.into_iter().find(|(_, t)| t == self).map_or("any", |(n, _)| n))
    }
}

/// The type of an argument of a fetch or converter, named as in the data files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the data files")]
pub enum ArgumentType {
    Str,
    Int,
    Ipv4,
    Ipv6,
    Mask4,
    Mask6,
    Regex,
    Fields,
    Backend,
    Frontend,
    Server,
    Table,
    Userlist,
    Identifier,
}

impl ArgumentType {
    fn from_name(name: &str) -> Self {
        match name {
            "int" => Self::Int,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "mask4" => Self::Mask4,
            "mask6" => Self::Mask6,
            "regex" => Self::Regex,
            "fields" => Self::Fields,
            "backend" => Self::Backend,
            "frontend" => Self::Frontend,
            "server" => Self::Server,
            "table" => Self::Table,
            "userlist" => Self::Userlist,
            "identifier" => Self::Identifier,
            _ => Self::Str,
        }
    }

    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Str => "text",
            Self::Int => "an integer",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Mask4 => "an IPv4 mask (0 to 32, or dotted)",
            Self::Mask6 => "an IPv6 mask (0 to 128, or an address)",
            Self::Regex => "a regular expression",
            Self::Fields => "field numbers such as `1.2`",
            Self::Backend => "a backend",
            Self::Frontend => "a frontend",
            Self::Server => "a server",
            Self::Table => "a stick table",
            Self::Userlist => "a userlist",
            Self::Identifier => "an identifier",
        }
    }
}

/// One form of a fetch or a converter, and the versions that have it.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// How it is written: `bytes(int[,int])`.
    pub usage: &'static str,
    /// The arguments; `None` where nothing is known of them.
    pub arguments: Option<Vec<ArgumentType>>,
    /// How many of them must be there.
    pub required: usize,
    /// What a converter takes; fetches take nothing.
    pub input: Option<SampleType>,
    /// What it gives.
    pub output: SampleType,
    /// Where a fetch may be used; everywhere for converters.
    pub places: Places,
    /// What a fetch reads, in a few words.
    pub reads: &'static str,
    /// The versions that have this form.
    pub versions: VersionSet,
    /// What else is known of it, in words of the data file.
    remarks: &'static str,
}

impl Signature {
    /// Whether this remark stands behind it.
    pub fn has(&self, remark: &str) -> bool {
        self.remarks.split(" ; ").any(|word| word == remark)
    }
}

/// An ACL criterion that stands for a fetch and a matching method, as `path_beg` for `path -m beg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AclKeyword {
    /// Its name.
    pub name: &'static str,
    /// The fetch.
    pub fetch: &'static str,
    /// What may follow `-m`.
    pub method: &'static str,
}

/// An alias of log-format strings, such as `%ci`.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// Its name, without the `%`.
    pub name: &'static str,
    /// Whether it is about HTTP.
    pub http: bool,
    /// What it is replaced by.
    pub meaning: &'static str,
    /// The versions that have it.
    pub versions: VersionSet,
}

/// What the data says of a name.
struct Entry {
    name: &'static str,
    lines: &'static [&'static str],
    /// The lines taken apart, once somebody asked.
    forms: OnceLock<Vec<Signature>>,
}

include!(concat!(env!("OUT_DIR"), "/expressions.rs"));

/// `2.9-`, `-2.8`, `2.5-3.3`, or nothing for all.
fn versions(text: &str) -> VersionSet {
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u8>().ok()?, minor.parse::<u8>().ok()?))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let since = number(first).map_or(VersionSet::ALL, |(major, minor)| VersionSet::since(major, minor, 0));
    let after =
        number(last).map_or(VersionSet::NONE, |(major, minor)| VersionSet::since(major, minor, 0).minus(VersionSet::branch(major, minor)));
    since.minus(after)
}

/// The arguments in `(a,b[,c])`, and how many are required.
fn arguments(text: &str) -> (Option<Vec<ArgumentType>>, usize) {
    let inner = text.trim_start_matches('(').trim_end_matches(')');
    if inner == "*" {
        return (None, 0);
    }
    let names = |text: &str| text.split([',', ']']).filter(|n| !n.is_empty()).map(ArgumentType::from_name).collect::<Vec<_>>();
    let (required, optional) = inner.split_once('[').unwrap_or((inner, ""));
    let mut all = names(required);
    let count = all.len();
    all.extend(names(optional));
    (Some(all), count)
}

fn signature(line: &'static str) -> Option<Signature> {
    let (line, remarks) = line.split_once(" ; ").unwrap_or((line, ""));
    let (usage, rest) = line.split_once(": ")?;
    let (name, args) = usage.split_at(usage.find('(').unwrap_or(usage.len()));
    let (arguments, required) = arguments(args);
    let words: Vec<&'static str> = rest.split(' ').collect();
    let (input, output, group, range) = match words[..] {
        [input, "->", output, ..] => (Some(SampleType::from_name(input)), output, "everywhere", words.get(3)),
        [output, group, ..] => (None, output, group, words.get(2)),
        _ => return None,
    };
    let (_, places, reads) = *PLACES.iter().find(|(name, ..)| *name == group)?;
    Some(Signature {
        name,
        usage,
        arguments,
        required,
        input,
        output: SampleType::from_name(output),
        places,
        reads,
        versions: versions(range.copied().unwrap_or("")),
        remarks,
    })
}

/// Whether Lua or a device detection brings it along: nothing is known of those but that they give strings.
fn is_foreign(name: &str) -> bool {
    ["lua.", "51d.", "da-", "wurfl-", "deviceatlas"].iter().any(|prefix| name.starts_with(prefix))
}

fn foreign(input: Option<SampleType>) -> Vec<Signature> {
    vec![Signature {
        name: "",
        usage: "",
        arguments: None,
        required: 0,
        input,
        output: SampleType::Str,
        places: Places::EVERYWHERE,
        reads: "",
        versions: VersionSet::ALL,
        remarks: "",
    }]
}

static FOREIGN_FETCH: LazyLock<Vec<Signature>> = LazyLock::new(|| foreign(None));
static FOREIGN_CONVERTER: LazyLock<Vec<Signature>> = LazyLock::new(|| foreign(Some(SampleType::Any)));

fn lookup(entries: &'static [Entry], index: &Index, foreign: &'static LazyLock<Vec<Signature>>, name: &str) -> &'static [Signature] {
    match index.find(name, |number| entries[number].name).map(|number| &entries[number]) {
        Some(entry) => entry.forms.get_or_init(|| entry.lines.iter().filter_map(|line| signature(line)).collect()),
        None if is_foreign(name) => foreign,
        None => &[],
    }
}

/// The forms of the sample fetch `name`, oldest first; none if no version has it.
///
/// ```
/// use haproxy_lint::expression::lookup_fetch;
/// let forms = lookup_fetch("src");
/// assert_eq!(forms.iter().map(|form| form.output.to_string()).collect::<Vec<_>>(), ["ipv4", "addr"]);
/// ```
pub fn lookup_fetch(name: &str) -> &'static [Signature] {
    lookup(&FETCHES, &FETCHES_INDEX, &FOREIGN_FETCH, name)
}

/// The forms of the converter `name`, oldest first; none if no version has it.
///
/// ```
/// use haproxy_lint::expression::lookup_converter;
/// assert_eq!(lookup_converter("field")[0].usage, "field(int,str[,int])");
/// ```
pub fn lookup_converter(name: &str) -> &'static [Signature] {
    lookup(&CONVERTERS, &CONVERTERS_INDEX, &FOREIGN_CONVERTER, name)
}

/// The ACL criterion `name`, if it is one that stands for a fetch and a matching method.
///
/// ```
/// use haproxy_lint::expression::lookup_acl;
/// assert_eq!(lookup_acl("path_beg").map(|acl| (acl.fetch, acl.method)), Some(("path", "beg")));
/// ```
pub fn lookup_acl(name: &str) -> Option<AclKeyword> {
    ACLS_INDEX.find(name, |number| ACLS[number].name).map(|number| ACLS[number])
}

/// What the matching method of this name, which `-m` names, asks of what is fetched: `it begins with one of the patterns`.
pub fn method_meaning(name: &str) -> Option<&'static str> {
    METHODS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// What a word of a condition or a flag of ACLs means: `-i`, `unless`.
pub fn condition_meaning(name: &str) -> Option<&'static str> {
    CONDITIONS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Every log-format alias.
pub fn aliases() -> &'static [Alias] {
    &ALIASES
}

/// The names of all fetches as the data has them.
pub fn fetch_names() -> impl Iterator<Item = &'static str> {
    FETCHES.iter().map(|entry| entry.name)
}

/// The names of all converters as the data has them.
pub fn converter_names() -> impl Iterator<Item = &'static str> {
    CONVERTERS.iter().map(|entry| entry.name)
}

/// The names of all ACL criteria that stand for a fetch and a matching method as the data has them.
pub fn acl_names() -> impl Iterator<Item = &'static str> {
    ACLS.iter().map(|acl| acl.name)
}

pub(super) fn is_converter(name: &str) -> bool {
    !lookup_converter(name).is_empty()
}
