//! Makes the tables of the catalog: `src/catalog/data/*.sig`, read with `grammar/signature.pest`, become constants of
//! the types in `src/catalog/signature.rs`. A mistake in a data file is an error of the build that names its line. The files of
//! `src/rules/GROUP/` become the modules and the list of the rules, those of `src/report/formats/` the output formats, those of
//! `src/topology/readers/` the formats that say where HAProxy runs. What is said of keywords is made by `build/words.rs`, what
//! topics say in other languages by `build/translations.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use notation::{Rule, Signatures};
use pest::{Parser as _, iterators::Pair};

#[path = "build/expressions.rs"]
mod expressions;
#[path = "build/facts.rs"]
mod facts;
#[allow(dead_code, reason = "the build finds no word")]
#[path = "src/lookup.rs"]
mod lookup;
#[path = "build/translations.rs"]
mod translations;
#[path = "build/words.rs"]
mod words;

mod notation {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/signature.pest"]
    pub(super) struct Signatures;
}

/// What is known while the tables are written.
struct Context {
    /// The types of words: the files of `src/catalog/types/`.
    types: Vec<String>,
    /// What no signature can say: the files of `src/catalog/special/`.
    special: Vec<String>,
    /// The names of all tables, in order.
    tables: Vec<String>,
    /// Each version range that is used, with the constant that holds it.
    ranges: BTreeMap<String, String>,
}

/// The groups of rules in the order in which a line fails: it is read, its keyword and words are looked up, then what it names.
/// The first finding of a place tells most; other groups follow by name.
const GROUPS: [&str; 8] = ["syntax", "keyword", "version", "reference", "peers", "table", "order", "reliability"];

/// The rules that go first in their groups: HAProxy says these of a proxy before all else.
const FIRST: [&str; 2] = ["frontend_without_bind", "missing_timeouts"];

/// The variable that names one more data file.
const EXTRA: &str = "HAPROXY_LINT_EXTRA_SIG";

/// A file for each type of words.
const TYPES: &str = "src/catalog/types";

/// A file for each function that a signature can name.
const SPECIAL: &str = "src/catalog/special";

/// A file for each output format.
const FORMATS: &str = "src/report/formats";

/// A file, or a folder with its `mod.rs`, for each format that says where HAProxy runs.
const READERS: &str = "src/topology/readers";

/// An entry of a table.
struct Entry {
    /// What it is found by.
    key: String,
    /// Its line in the data file.
    line: usize,
    /// Its text in Rust.
    text: String,
    /// The number of the table that what follows it begins with.
    behind: Option<usize>,
    /// The kinds of its notes.
    kinds: BTreeSet<&'static str>,
}

fn main() {
    println!("cargo::rerun-if-env-changed={EXTRA}");
    println!("cargo::rerun-if-changed=src/catalog/data");
    println!("cargo::rerun-if-changed=src/catalog/types");
    println!("cargo::rerun-if-changed=src/catalog/special");
    println!("cargo::rerun-if-changed=grammar/signature.pest");
    println!("cargo::rerun-if-changed=src/rules");
    println!("cargo::rerun-if-changed=src/report/formats");
    println!("cargo::rerun-if-changed={READERS}");
    println!("cargo::rerun-if-changed=src/expression/data");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", translations::FOLDER);
    let output = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let catalog = generate().and_then(|made| Ok((made.tables, made.facts, sentences(made.known)?)));
    let (catalog, facts, words) = match catalog {
        Ok((catalog, facts, words)) => (Ok(catalog), Ok(facts), Ok(words)),
        Err(error) => (Err(error), Ok(String::new()), Ok(String::new())),
    };
    let files = [
        ("catalog.rs", catalog),
        ("facts.rs", facts),
        ("words.rs", words),
        ("expressions.rs", expressions::generate()),
        ("rules.rs", rules()),
        ("types.rs", modules(TYPES)),
        ("special.rs", modules(SPECIAL)),
        ("formats.rs", formats()),
        ("translations.rs", translations::list()),
        ("readers.rs", readers()),
    ];
    for (name, made) in files {
        match made {
            Ok(text) => fs::write(Path::new(&output).join(name), text).expect("the output directory can be written"),
            Err(error) => {
                println!("cargo::error={error}");
                std::process::exit(1);
            }
        }
    }
}

/// The names of what is in a folder, sorted: the files with this ending, without it, or else the folders.
fn names_in(path: &Path, ending: Option<&str>) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut names = Vec::new();
    for entry in entries.flatten().filter(|entry| entry.path().is_dir() == ending.is_none()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(ending.unwrap_or("")).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The modules that the files of a folder are.
fn modules(folder: &str) -> Result<String, String> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join(folder);
    let mut modules = String::new();
    for name in files_in(&root)? {
        let path = root.join(format!("{name}.rs"));
        let _ = writeln!(modules, "#[path = {:?}]\npub(super) mod {};", path.display().to_string(), module(&name));
    }
    Ok(modules)
}

/// The modules of the output formats and the type that lists them: every file of `src/report/formats/` is one.
fn formats() -> Result<String, String> {
    let (mut variants, mut all, mut specs) = (String::new(), String::new(), String::new());
    let names = files_in(Path::new(FORMATS))?;
    for name in &names {
        let variant = name[..1].to_uppercase() + &name[1..];
        let _ = writeln!(variants, "    /// `{name}`; [`Format::about`] says who reads it.\n    {variant},");
        let _ = writeln!(all, "        ({name:?}, Self::{variant}),");
        let _ = writeln!(specs, "            Self::{variant} => &{name}::FORMAT,");
    }
    let modules = modules(FORMATS)?;
    let count = names.len();
    Ok(format!(
        "{modules}
/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {{\n{variants}}}

impl Format {{
    /// All formats with their names on the command line.
    pub const ALL: [(&'static str, Self); {count}] = [\n{all}    ];

    pub(super) fn spec(self) -> &'static Spec {{
        match self {{\n{specs}        }}
    }}
}}
"
    ))
}

/// The modules of the formats that say where HAProxy runs, and the list of them.
fn readers() -> Result<String, String> {
    let folders: Vec<String> = names_in(Path::new(READERS), None)?;
    let mut modules = modules(READERS)?;
    for name in &folders {
        let path = std::env::current_dir().map_err(|e| e.to_string())?.join(READERS).join(name).join("mod.rs");
        let _ = writeln!(modules, "#[path = {:?}]\npub(super) mod {name};", path.display().to_string());
    }
    let names = files_in(Path::new(READERS))?.into_iter().chain(folders);
    let list: String = names.map(|name| format!("&{name}::READER, ")).collect();
    Ok(format!("{modules}\nfn all() -> Vec<&'static Reader> {{\n    vec![{list}]\n}}\n"))
}

/// The files of Rust in a folder, all but that of the folder itself.
fn files_in(folder: &Path) -> Result<Vec<String>, String> {
    let mut names = names_in(folder, Some(".rs"))?;
    names.retain(|name| name != "mod");
    Ok(names)
}

/// A name as Rust takes it for a module.
fn module(name: &str) -> String {
    if name == "if" { "r#if".to_owned() } else { name.to_owned() }
}

/// Where a name is in a list; what is not in it comes behind, as it was.
fn place_in(list: &[&str], name: &str) -> usize {
    list.iter().position(|first| *first == name).unwrap_or(list.len())
}

/// The modules of the rules and the list of them: every file of `src/rules/GROUP/` is one.
fn rules() -> Result<String, String> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("src/rules");
    let (mut modules, mut list, mut rows, mut count) = (String::new(), String::new(), String::new(), 0);
    let mut groups = names_in(&root, None)?;
    groups.sort_by_key(|group| place_in(&GROUPS, group));
    for group in groups {
        let _ = writeln!(modules, "#[allow(missing_docs, reason = \"the page of a rule is on its static\")]\npub mod {group} {{");
        let mut rules = names_in(&root.join(&group), Some(".rs"))?;
        rules.sort_by_key(|rule| place_in(&FIRST, rule));
        for rule in rules {
            let path = root.join(&group).join(format!("{rule}.rs"));
            let _ = writeln!(modules, "    #[path = {:?}]\n    pub mod {rule};", path.display().to_string());
            let _ = writeln!(list, "    &{group}::{rule}::RULE,");
            let _ = writeln!(rows, "    Row::of(&{group}::{rule}::RULE),");
            count += 1;
        }
        modules.push_str("}\n");
    }
    Ok(format!(
        "{modules}
/// Every rule: by group in the order in which a line fails, then by name.
pub static RULES: &[&Rule] = &[\n{list}];

/// Their rows, in the same order.
pub(crate) static ROWS: [Row; {count}] = [\n{rows}];
"
    ))
}

/// What is said of the words of the tables.
fn sentences(known: words::Known) -> Result<String, String> {
    let mut cx = Context { types: files_in(Path::new(TYPES))?, special: Vec::new(), tables: Vec::new(), ranges: BTreeMap::new() };
    let known = words::with_others(known, &cx.types)?;
    let text = words::generate(&known, &mut |text| {
        let written = format!("@{text}");
        let range = Signatures::parse(Rule::range, &written).ok().and_then(|mut pairs| pairs.next());
        self::range(&mut cx, range.ok_or_else(|| format!("`{text}` is no range of versions"))?)
    })?;
    let ranges: String = cx.ranges.iter().map(|(range, name)| format!("const {name}: VersionSet = {range};\n")).collect();
    Ok(ranges + &text)
}

/// What is made of the signatures.
struct Made {
    tables: String,
    facts: String,
    known: words::Known,
}

fn generate() -> Result<Made, String> {
    let mut files: Vec<_> = fs::read_dir("src/catalog/data").map_err(|e| e.to_string())?.flatten().map(|e| e.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "sig"));
    files.sort();
    // For tests/made_up.rs: keywords that no HAProxy knows.
    files.extend(std::env::var_os(EXTRA).map(std::path::PathBuf::from));
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|path| fs::read_to_string(path).map(|text| (path.display().to_string(), blank_comments(&text))))
        .collect::<Result<_, _>>()
        .map_err(|e| e.to_string())?;
    let mut parsed = Vec::new();
    for (name, text) in &texts {
        let file = Signatures::parse(Rule::file, text)
            .map_err(|e| format!("{}\ndocs/catalog.md has the notation", e.with_path(name)).replace('\n', "\ncargo::error="))?;
        parsed.extend(file.flat_map(Pair::into_inner).filter(|p| p.as_rule() == Rule::table).map(|table| (name.as_str(), table)));
    }
    let mut tables: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (_, table) in &parsed {
        tables.entry(child(table, Rule::table_name).unwrap_or_default()).or_default();
    }
    let mut cx = Context {
        types: files_in(Path::new(TYPES))?,
        special: files_in(Path::new(SPECIAL))?,
        tables: tables.keys().cloned().collect(),
        ranges: BTreeMap::new(),
    };
    let mut known = words::Known::new();
    for (file, table) in parsed {
        let name = child(&table, Rule::table_name).unwrap_or_default();
        for pair in table.into_inner().filter(|p| p.as_rule() == Rule::entry) {
            let line = pair.line_col().0;
            let arguments = pair.clone().into_inner().find(|p| p.as_rule() == Rule::sequence).map(literals).unwrap_or_default();
            let entry = entry(&mut cx, pair, file, line).map_err(|e| format!("{file}:{line}: {e}"))?;
            let word = entry.key.trim_end_matches(['(', '#']).to_owned();
            known.entry(name.clone()).or_default().entry(word).or_default().extend(arguments);
            tables.entry(name.clone()).or_default().push(entry);
        }
    }
    tables.values_mut().for_each(|entries| entries.sort_by(|a, b| (&a.key, a.line).cmp(&(&b.key, b.line))));
    let tables: Vec<(String, Vec<Entry>)> = tables.into_iter().collect();
    Ok(Made { tables: write(&cx, &tables), facts: facts::generate(&tables)?, known })
}

fn write(cx: &Context, tables: &[(String, Vec<Entry>)]) -> String {
    let mut out = String::new();
    for (range, name) in &cx.ranges {
        let _ = writeln!(out, "const {name}: VersionSet = {range};");
    }
    let _ = writeln!(out, "/// Every table, sorted by name.\npub static TABLES: [Table; {}] = [", tables.len());
    for (name, entries) in tables {
        let slots = lookup::slots(entries.iter().map(|entry| entry.key.as_str()));
        let prefixes = entries.iter().enumerate().filter(|(_, entry)| entry.kinds.contains("Prefix"));
        let prefixes: Vec<usize> = prefixes.map(|(at, _)| at).collect();
        let _ = writeln!(out, "Table {{ name: {name:?}, index: Index::of(&{slots:?}), prefixes: &{prefixes:?}, entries: &[");
        for entry in entries {
            let _ = writeln!(out, "    {},", entry.text);
        }
        out.push_str("] },\n");
    }
    out.push_str("];\n");
    out
}

/// Comments are whole lines; they become empty so that lines keep their numbers.
fn blank_comments(text: &str) -> String {
    let keep =
        |line: &str| if line.trim_start().starts_with('#') || line.trim().is_empty() { String::new() } else { line.trim_end().to_owned() };
    text.lines().map(|line| keep(line) + "\n").collect()
}

fn child(pair: &Pair<'_, Rule>, rule: Rule) -> Option<String> {
    pair.clone().into_inner().find(|p| p.as_rule() == rule).map(|p| p.as_str().to_owned())
}

/// The fixed words of a signature, without what is in their parentheses.
fn literals(pair: Pair<'_, Rule>) -> Vec<String> {
    let word = |p: Pair<'_, Rule>| child(&p, Rule::word).map(|word| plain(&word).to_owned());
    pair.into_inner().flat_map(|p| if p.as_rule() == Rule::literal { word(p).into_iter().collect() } else { literals(p) }).collect()
}

/// A word as HAProxy compares it: without the quotes that the notation needs around `|` and the like.
fn plain(word: &str) -> &str {
    word.strip_prefix('\'').and_then(|w| w.strip_suffix('\'')).unwrap_or(word)
}

fn entry(cx: &mut Context, pair: Pair<'_, Rule>, file: &str, line: usize) -> Result<Entry, String> {
    let (mut key, mut call, mut digits) = (String::new(), "&[]".to_owned(), false);
    let (mut taken, mut ignored, mut named, mut kinds) = (String::new(), String::new(), false, BTreeSet::new());
    let (mut versions, mut arguments, mut notes) = ("ALL".to_owned(), "Node::Seq(&[])".to_owned(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::keyword => {
                for piece in part.into_inner() {
                    match piece.as_rule() {
                        Rule::word => key = plain(piece.as_str()).to_owned(),
                        Rule::call => {
                            call = self::call(cx, piece)?;
                            key.push('(');
                        }
                        _ => digits = true,
                    }
                }
            }
            Rule::sections => {
                for section in part.into_inner().map(|s| s.as_str().to_owned()) {
                    let letter = section.chars().next().unwrap_or(' ');
                    named |= section.ends_with('!');
                    if letter.is_ascii_uppercase() { taken.push(letter) } else { ignored.push(letter.to_ascii_uppercase()) }
                }
            }
            Rule::range => versions = range(cx, part)?,
            Rule::sequence => arguments = sequence(cx, part)?,
            Rule::note => {
                let (kind, text) = note(cx, part)?;
                kinds.insert(kind);
                notes.push(text);
            }
            other => return Err(format!("unexpected {other:?}")),
        }
    }
    if digits {
        key.push('#');
    }
    let sections = sections(&taken, &ignored, named)?;
    let text = format!(
        "Entry {{ key: {key:?}, call: {call}, sections: {sections}, versions: {versions}, arguments: {arguments}, notes: &[{}], file: {file:?}, line: {line} }}",
        notes.join(", ")
    );
    Ok(Entry { key, line, text, behind: facts::behind(&arguments), kinds })
}

fn sections(taken: &str, ignored: &str, named: bool) -> Result<String, String> {
    let bits = |letters: &str| {
        letters.chars().try_fold(0u8, |bits, letter| {
            let bit = "DFLB".find(letter).ok_or_else(|| format!("`{letter}` is no section: D, F, L, B, or small letters"))?;
            Ok::<u8, String>(bits | 1 << bit)
        })
    };
    let (mut taken_bits, ignored_bits) = (bits(taken)?, bits(ignored)?);
    if taken_bits | ignored_bits == 0 {
        taken_bits = 0b1111;
    }
    Ok(format!("Sections {{ taken: {taken_bits}, ignored: {ignored_bits}, named_defaults_only: {named} }}"))
}

/// A constant for a range of versions, made once for each.
fn range(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let (mut since, mut until) = (None, None);
    for part in pair.into_inner() {
        let version = numbers(part.as_str())?;
        match part.as_rule() {
            Rule::since | Rule::note_since => since = Some(version),
            Rule::until => until = Some(version),
            _ => (since, until) = (Some(version.clone()), Some(version)),
        }
    }
    Ok(constant(cx, since, until))
}

fn numbers(text: &str) -> Result<Vec<u8>, String> {
    let numbers: Vec<u8> = text.split('.').map(|n| n.parse().map_err(|_| format!("`{text}` is no version"))).collect::<Result<_, _>>()?;
    if numbers.len() < 2 { Err(format!("`{text}` is no version")) } else { Ok(numbers) }
}

fn constant(cx: &mut Context, since: Option<Vec<u8>>, until: Option<Vec<u8>>) -> String {
    let triple = |v: &[u8], patch: u8| format!("{}, {}, {}", v[0], v[1], v.get(2).copied().unwrap_or(0) + patch);
    let since = since.map_or("VersionSet::ALL".to_owned(), |v| format!("VersionSet::since({})", triple(&v, 0)));
    let text = match until {
        None => since,
        // All of a branch: up to the next one; a patch level: up to the next patch level.
        Some(v) if v.len() == 2 => format!("{since}.minus(VersionSet::since({}, {}, 0))", v[0], v[1] + 1),
        Some(v) => format!("{since}.minus(VersionSet::since({}))", triple(&v, 1)),
    };
    if text == "VersionSet::ALL" {
        return "ALL".to_owned();
    }
    let next = format!("V{}", cx.ranges.len());
    cx.ranges.entry(text).or_insert(next).clone()
}

/// The notes: what each is called here and in Rust, and which words it may have behind it; `*` is any word.
const NOTES: [(&str, &str, &[&str]); 35] = [
    ("prefix", "Prefix", &[]),
    ("removed", "Removed", &[]),
    ("deprecated", "Deprecated", &[]),
    ("discouraged", "Discouraged", &[]),
    ("experimental", "Experimental", &[]),
    ("exposed", "Exposed", &[]),
    ("warns", "Warns", &[]),
    ("aborts", "Aborts", &[]),
    ("first-pass", "FirstPass", &[]),
    ("no-default-server", "NoDefaultServer", &[]),
    ("no-negation", "NoNegation", &[]),
    ("no-default", "NoDefault", &[]),
    ("needs", "Needs", &[]),
    ("rare", "Rare", &[]),
    ("negatable", "Negatable", &[]),
    ("last-counts", "LastCounts", &["", "each"]),
    ("first-counts", "FirstCounts", &["number", "id", "name", "text", "always", "each"]),
    ("twice", "Twice", &["warning", "alert", "refusal"]),
    ("family", "Family", &["*"]),
    ("of-frontends", "OfFrontends", &[]),
    ("of-backends", "OfBackends", &[]),
    ("http-only", "HttpOnly", &[]),
    ("rules", "Rules", &[]),
    ("final", "Final", &["", "told"]),
    ("answers", "Answers", &[]),
    ("before", "Before", &[]),
    ("names-header", "NamesHeader", &[]),
    ("sets-variables", "SetsVariables", &[]),
    ("step", "Step", &[]),
    ("hollow", "Hollow", &[]),
    ("read-by", "ReadBy", &["", "path"]),
    ("raw-told", "RawTold", &[]),
    ("raw-format", "RawFormat", &[]),
    ("fetches", "Fetches", &["*"]),
    ("changes", "Changes", &["nothing", "path", "query", "request", "method", "header", "source", "variable"]),
];

/// The constant of a note in Rust, if it may have this word behind it.
fn note_kind(name: &str, word: &str) -> Result<&'static str, String> {
    let (_, kind, words) =
        NOTES.iter().find(|(note, ..)| *note == name).ok_or_else(|| format!("`{name}` is no note: docs/catalog.md lists them"))?;
    match words {
        [] if word.is_empty() => Ok(kind),
        ["*"] if !word.is_empty() => Ok(kind),
        words if words.contains(&word) => Ok(kind),
        [] => Err(format!("`{name}` has no word behind it, and here is `{word}`")),
        words => Err(format!("`{name}` has one of {words:?} behind it")),
    }
}

/// A note: its kind, and its text in Rust.
fn note(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<(&'static str, String), String> {
    let (mut name, mut versions, mut feature, mut advice) = (String::new(), "ALL".to_owned(), String::new(), "Advice::None".to_owned());
    let mut word = String::new();
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::note_name => name = part.as_str().to_owned(),
            Rule::note_range => versions = range(cx, part)?,
            Rule::note_word => word = part.as_str().to_owned(),
            Rule::delete => {
                let sure = child(&part, Rule::unsure).is_none();
                let why = child(&part, Rule::text).unwrap_or_default();
                advice = format!("Advice::Delete {{ sure: {sure}, why: {:?} }}", why.trim_matches('"'));
            }
            Rule::write => advice = format!("Advice::Write({:?})", child(&part, Rule::words).unwrap_or_default()),
            Rule::text => advice = format!("Advice::Say({:?})", part.as_str().trim_matches('"')),
            _ => feature = part.as_str().to_owned(),
        }
    }
    let kind = note_kind(&name, &word)?;
    let text = format!("Note {{ kind: NoteKind::{kind}, versions: {versions}, word: {word:?}, advice: {advice}, feature: {feature:?} }}");
    Ok((kind, text))
}

/// An item of a signature, and the versions it is guarded by.
struct Item {
    node: String,
    guard: Option<String>,
}

impl Item {
    fn text(self) -> String {
        guarded(self.guard, self.node)
    }
}

fn guarded(guard: Option<String>, node: String) -> String {
    guard.map_or_else(|| node.clone(), |versions| format!("Node::Guard({versions}, &{node})"))
}

fn joined(nodes: Vec<String>) -> String {
    if nodes.len() == 1 { nodes.concat() } else { format!("Node::Seq(&[{}])", nodes.join(", ")) }
}

fn sequence(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let items: Vec<Item> = pair.into_inner().map(|item| self::item(cx, item)).collect::<Result<_, _>>()?;
    Ok(joined(items.into_iter().map(Item::text).collect()))
}

/// One of several: where its first word is not known, what belongs to that word is not either.
fn alternative(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let mut items: Vec<Item> = pair.into_inner().map(|item| self::item(cx, item)).collect::<Result<_, _>>()?;
    let guard = items.first_mut().and_then(|first| first.guard.take());
    Ok(guarded(guard, joined(items.into_iter().map(Item::text).collect())))
}

fn item(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<Item, String> {
    let (mut node, mut required, mut guard) = (String::new(), false, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::required => required = true,
            Rule::unit => node = part.into_inner().next().map(|unit| self::unit(cx, unit)).transpose()?.unwrap_or_default(),
            Rule::repeat => node = repeat(&node, part.as_str() == "+"),
            Rule::guard => guard = part.into_inner().next().map(|inner| range(cx, inner)).transpose()?,
            other => return Err(format!("unexpected {other:?}")),
        }
    }
    let node = if required { format!("Node::Required(&{node})") } else { node };
    Ok(Item { node, guard })
}

/// `[ a b ]*` is any number of `a b`: the brackets say no more than the star.
fn repeat(node: &str, once: bool) -> String {
    let inner = node.strip_prefix("Node::Optional(&").and_then(|n| n.strip_suffix(')')).unwrap_or(node);
    format!("Node::Repeat(&{inner}, {once})")
}

fn unit(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    match pair.as_rule() {
        Rule::rest => Ok("Node::Rest".to_owned()),
        Rule::choice => alternatives(cx, pair),
        Rule::optional => Ok(format!("Node::Optional(&{})", alternatives(cx, pair)?)),
        Rule::place => place(cx, pair).map(|p| format!("Node::Place({p})")),
        Rule::table_ref => {
            let name = child(&pair, Rule::table_name).unwrap_or_default();
            let index = cx.tables.iter().position(|t| *t == name);
            index.map(|i| format!("Node::Table({i})")).ok_or_else(|| format!("there is no table `{name}`"))
        }
        Rule::code => {
            let name = child(&pair, Rule::table_name).unwrap_or_default();
            if cx.special.contains(&name) {
                Ok(format!("Node::Code(special::{name}::judge)"))
            } else {
                Err(format!("there is no file {SPECIAL}/{name}.rs"))
            }
        }
        Rule::literal => {
            let mut inner = pair.into_inner();
            let word = inner.next().map(|w| plain(w.as_str()).to_owned()).unwrap_or_default();
            match inner.next() {
                Some(piece) => Ok(format!("Node::Call({:?}, {})", word + "(", call(cx, piece)?)),
                None => Ok(format!("Node::Literal({word:?})")),
            }
        }
        other => Err(format!("unexpected {other:?}")),
    }
}

fn alternatives(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let inner = pair.into_inner().next().ok_or("empty brackets")?;
    let all: Vec<String> = inner.into_inner().map(|s| alternative(cx, s)).collect::<Result<_, _>>()?;
    Ok(if all.len() == 1 { all.into_iter().next().unwrap_or_default() } else { format!("Node::Choice(&[{}])", all.join(", ")) })
}

fn call(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let mut all = Vec::new();
    for argument in pair.into_inner() {
        let optional = argument.as_str().starts_with('[');
        let inner = argument.into_inner().next().ok_or("an empty argument")?;
        all.push(format!("Argument {{ place: {}, optional: {optional} }}", place(cx, inner)?));
    }
    Ok(format!("&[{}]", all.join(", ")))
}

/// `<type>`, `<type parameter>`, `<label:type>` or `<label:type parameter>`. A word that may be anything is `<label:word>`: a type
/// that is not known is a slip, and no label.
fn place(cx: &mut Context, pair: Pair<'_, Rule>) -> Result<String, String> {
    let text = child(&pair, Rule::place_text).unwrap_or_default();
    let (label, typed) = text.split_once(':').unwrap_or((text.split(' ').next().unwrap_or(""), &text));
    let (kind, parameter) = typed.split_once(' ').unwrap_or((typed, ""));
    if !cx.types.iter().any(|t| t == kind) {
        return Err(format!("`{kind}` is no type: there is no file {TYPES}/{kind}.rs; a word that may be anything is `<{kind}:word>`"));
    }
    let range = match parameter.split(' ').next().unwrap_or("").split_once("..") {
        Some((from, to)) => {
            let number = |text: &str, open: &str| {
                if text.is_empty() {
                    Ok(open.to_owned())
                } else {
                    text.parse::<i64>().map(|n| n.to_string()).map_err(|_| format!("`{parameter}` is no range"))
                }
            };
            format!("Some(({}, {}))", number(from, "i64::MIN")?, number(to, "i64::MAX")?)
        }
        None => "None".to_owned(),
    };
    let of = format!("&types::{}::TYPE", module(kind));
    Ok(format!("Place {{ label: {label:?}, kind: {kind:?}, of: {of}, parameter: {parameter:?}, range: {range} }}"))
}
