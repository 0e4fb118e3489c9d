//! `reference/unknown-acl`.

use std::cell::LazyCell;

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    config::{NameKind, SectionView, Use},
    cut::Cut,
    finding::Help,
    rules::{prelude::*, unknown},
};

rule! {
    /// A condition names an ACL that is not declared before it.
    ///
    /// ## Why
    ///
    /// A condition can name the ACLs that its own section declares on the lines before it, and those that HAProxy
    /// predefines, such as `METH_GET`. It cannot name those of other sections, and not even those of the `defaults`
    /// that the section inherits from. HAProxy refuses the configuration; at `http-request`, `http-response` and
    /// `http-after-response` it even stops reading, so that errors further down stay unseen. There is no `and`: terms
    /// side by side must all hold. The braces around an anonymous ACL are words of their own.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     http-request deny if is_admin
    ///     acl is_admin path_beg /admin
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// backend app
    ///     mode http
    ///     http-request deny if { acl(is_admin) }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl is_admin path_beg /admin
    ///     http-request deny if is_admin
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5; the manual, chapter 7.4.
    "reference/unknown-acl", Error, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    if cx.config.reading.may_mention("acl(") {
        fetched(cx, out);
    }
    let names = &cx.config.names;
    let (mut hints, mut known) = (unknown::Hints::new(), unknown::OfSections::default());
    let all = LazyCell::new(|| {
        let mut all: FxHashMap<&str, Location> = FxHashMap::default();
        let acls = names.acls().filter_map(|same| same.first());
        acls.for_each(|acl| _ = all.entry(acl.name()).or_insert(acl.location()));
        all
    });
    for used in names.undeclared_so_far(NameKind::Acl) {
        let scope = Some(used.section());
        let created = used.proxy(cx.config).is_none_or(|p| cx.config.proxies[p].created);
        if !created || names.is_open(NameKind::Acl, scope) {
            continue;
        }
        let versions = VersionSet::ALL.minus(predefining(used.name));
        if versions.is_empty() {
            continue;
        }
        let draft = match names.declarations(&used).first() {
            Some(later) => Draft::at(used.location(), format!("the ACL `{}` is declared only further down", used.name))
                .label("not known yet")
                .help("move the `acl` line above this one")
                .also(later.location(), "declared here"),
            None => elsewhere(
                cx,
                &used,
                &all,
                unknown::draft(
                    &used,
                    help(used.name).map(Help::from).unwrap_or_else(|| {
                        hints.help(
                            used.location(),
                            used.name,
                            known.of(names, NameKind::Acl, used.section()),
                            "declare it with `acl` on a line above this one",
                        )
                    }),
                ),
            ),
        };
        let draft = if stops(used.statement) { draft.aborts(versions) } else { draft.rejected_by(versions) };
        out.report(draft.only(versions));
    }
}

/// The versions with the fetch `acl()`.
const FETCHED: VersionSet = VersionSet::since(2, 9, 0);

/// Tells of the names in `acl()` that no line above declares.
fn fetched(cx: &Context<'_>, out: &mut Sink<'_>) {
    let created = |section: &SectionView<'_>| match section.kind.is_proxy() {
        true => cx.config.proxy(section.index()).is_some_and(|proxy| proxy.created),
        false => section.kind == SectionKind::FcgiApp,
    };
    for section in cx.config.sections().filter(created) {
        let names = &cx.config.names;
        if names.is_open(NameKind::Acl, Some(section.index())) {
            continue;
        }
        for line in section.statements().filter(|line| line.may_contain(b'(')) {
            for (word, range) in asked_of_fetch(line) {
                let name = word.known().map_or("", |text| text.cut(range.clone()));
                let versions = FETCHED.minus(predefining(name));
                let declared = names.find(NameKind::Acl, Some(section.index()), name).first();
                if versions.is_empty() || declared.is_some_and(|acl| acl.statement.number() < line.number()) {
                    continue;
                }
                let draft = Draft::at(word.part(range), format!("no ACL above this line is named `{name}`")).label("not known here");
                let draft = draft.help("declare it with `acl` on a line above this one").only(versions);
                out.report(if stops(line) { draft.aborts(versions) } else { draft.rejected_by(versions) });
            }
        }
    }
}

/// The names in `acl()`, where that is what a line fetches: as a criterion, or first in a format.
fn asked_of_fetch(line: Statement<'_>) -> Vec<(Word<'_>, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (at, word) in line.words().enumerate() {
        let Some(text) = word.known() else { continue };
        let is_criterion = at == 2 && line.keyword() == "acl" || at > 0 && matches!(line.str(at - 1), "{" | "!{");
        let begins = text.match_indices("%[acl(").map(|(at, sign)| at + sign.len());
        for begin in begins.chain((is_criterion && text.starts_with("acl(")).then_some("acl(".len())) {
            let end = text.cut(begin..).find(')').map_or(text.len(), |close| begin + close);
            let mut start = begin;
            for name in text.cut(begin..end).split(',') {
                let own = name.trim_start_matches('!');
                found.extend((!own.is_empty()).then(|| (word, start + name.len() - own.len()..start + name.len())));
                start += name.len() + 1;
            }
        }
    }
    found
}

/// Whether HAProxy stops reading at an error in this statement.
fn stops(line: Statement<'_>) -> bool {
    let fact = Fact::of(SectionKind::Listen, &line, 0);
    fact.is_some_and(|fact| fact.path().any(|fact| fact.has(NoteKind::Aborts)))
}

/// The ACLs that HAProxy predefines, and what they fetch.
const PREDEFINED: [(&str, &str); 23] = [
    ("TRUE", "always_true"),
    ("FALSE", "always_false"),
    ("LOCALHOST", "src"),
    ("HTTP", "req.proto_http"),
    ("HTTP_1.0", "req.ver"),
    ("HTTP_1.1", "req.ver"),
    ("HTTP_2.0", "req.ver"),
    ("HTTP_3.0", "req.ver"),
    ("HTTP_CONTENT", "req.hdr_val"),
    ("HTTP_URL_ABS", "url"),
    ("HTTP_URL_SLASH", "url"),
    ("HTTP_URL_STAR", "url"),
    ("METH_CONNECT", "method"),
    ("METH_DELETE", "method"),
    ("METH_GET", "method"),
    ("METH_HEAD", "method"),
    ("METH_OPTIONS", "method"),
    ("METH_POST", "method"),
    ("METH_PUT", "method"),
    ("METH_TRACE", "method"),
    ("RDP_COOKIE", "req.rdp_cookie_cnt"),
    ("REQ_CONTENT", "req.len"),
    ("WAIT_END", "wait_end"),
];

/// The names of the predefined ACLs that any of `versions` has.
pub(crate) fn predefined_in(versions: VersionSet) -> impl Iterator<Item = &'static str> {
    PREDEFINED.iter().map(|(name, _)| *name).filter(move |name| predefining(name).meets(versions))
}

/// What the predefined ACL of this name fetches, and the versions that have it.
pub(in crate::rules) fn predefined(name: &str) -> Option<(&'static str, VersionSet)> {
    // Nearly every name that is asked for is none of them, which the first byte tells.
    name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(())?;
    let (name, fetch) = PREDEFINED.iter().find(|(predefined, _)| *predefined == name)?;
    Some((fetch, if *name == "HTTP_3.0" { VersionSet::since(2, 9, 0) } else { VersionSet::ALL }))
}

/// The versions that predefine an ACL of this name.
pub(super) fn predefining(name: &str) -> VersionSet {
    predefined(name).map_or(VersionSet::NONE, |(_, versions)| versions)
}

/// What is meant by names that are none.
fn help(name: &str) -> Option<String> {
    let text = match name {
        "and" | "AND" | "And" | "&&" => "delete it: terms side by side must all hold",
        "|" => "write `||` or `or`",
        "not" | "NOT" => "write `!` before the ACL",
        "if" | "unless" => "write the condition behind a single `if` or `unless`",
        _ if name.starts_with('{') || name.ends_with('}') => "put blanks around `{` and `}`: they are words of their own",
        _ if !predefining(&name.to_ascii_uppercase()).is_empty() => {
            return Some(format!("write `{}`: names of ACLs are case-sensitive", name.to_ascii_uppercase()));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Points at the ACL of the inherited defaults, where it may have been meant.
fn elsewhere(cx: &Context<'_>, used: &Use<'_>, all: &FxHashMap<&str, Location>, draft: Draft) -> Draft {
    let proxies = &cx.config.proxies;
    let defaults = used.proxy(cx.config).and_then(|p| proxies[p].defaults()).map(|d| proxies[d].section.index());
    match defaults.and_then(|d| cx.config.names.find(NameKind::Acl, Some(d), used.name).first()) {
        Some(there) => draft
            .help("declare it in this section too: the ACLs of a `defaults` section count in that section only")
            .also(there.location(), "this one is not seen here"),
        _ => match all.get(used.name) {
            Some(there) => draft
                .help("declare it in this section too: an ACL is known in its own section only")
                .also(*there, "this one is not seen here"),
            None => draft,
        },
    }
}
