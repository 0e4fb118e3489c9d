//! Expressions in small configurations.

mod real;

use proptest::prelude::*;

use super::*;
use crate::{
    finding::{Help, Verdict},
    source::Sources,
    syntax::{ReadOptions, SectionKind, Tree, read},
    version::Version,
};

fn only(version: &str) -> VersionSet {
    VersionSet::only(version.parse().unwrap())
}

/// What a statement is, by its words.
fn judge(statement: Statement<'_>, kind: SectionKind, versions: VersionSet, faults: &mut Vec<Fault>) {
    let (keyword, detail) = (statement.keyword(), statement.str(1));
    let places = Places::of_rule(keyword, detail, kind).unwrap_or(Places::EVERYWHERE);
    let scope =
        Scope { versions, places, aborts: keyword.starts_with("http-re"), at_the_end: keyword.starts_with("log-format"), http: None };
    let next = match (keyword, detail) {
        ("acl", _) => {
            acl(statement, 2, scope, faults);
            return;
        }
        ("log-format", _) => return statement.word(1).into_iter().for_each(|word| log_format(word, scope, faults)),
        ("http-request" | "http-response", "set-header") => {
            statement.word(3).into_iter().for_each(|word| log_format(word, scope, faults));
            4
        }
        ("http-request" | "http-response", action) if action.starts_with("set-var(") => sample(statement, 2, scope, faults),
        ("tcp-request", "connection" | "session" | "content") => 3,
        _ => 2,
    };
    if matches!(statement.str(next), "if" | "unless") {
        condition(statement, next, scope, faults);
    }
}

/// The faults of a configuration with the text that each points at.
fn faults(text: &str, versions: VersionSet) -> Vec<(String, Fault)> {
    let sources = Sources::single("haproxy.cfg", text);
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let mut found = Vec::new();
    for reading in read(&sources, &trees, &ReadOptions { versions, ..ReadOptions::default() }) {
        for section in &reading.sections {
            for statement in reading.statements(section.body()) {
                judge(statement, section.kind, versions, &mut found);
            }
        }
    }
    let at = |fault: &Fault| sources.file(fault.location.file).text(fault.location.span).into_owned();
    found.into_iter().map(|fault| (at(&fault), fault)).collect()
}

fn config(line: &str) -> String {
    format!("frontend f\n mode http\n bind 127.0.0.1:18080\n timeout client 1s\n {line}\n")
}

/// What each line of the frontend is told, with the text it points at.
fn told(line: &str, version: &str) -> Vec<(String, FaultKind)> {
    faults(&config(line), only(version)).into_iter().map(|(at, fault)| (at, fault.kind)).collect()
}

#[test]
fn faults_point_at_the_piece() {
    use FaultKind as K;
    let cases: &[(&str, &str, FaultKind)] = &[
        ("http-request set-header x %[src,lowre]", "lowre", K::UnknownConverter),
        ("http-request set-header x \"a %[nosuch(1)] b\"", "nosuch", K::UnknownFetch),
        ("http-request set-header x %[int(5x)]", "5x", K::InvalidExpression),
        ("http-request set-header x %[src,ipmask(8,129)]", "129", K::InvalidExpression),
        ("http-request set-header x a%zz", "%zz", K::InvalidLogFormat),
        ("http-request set-var(txn.a) res.hdr(x)", "res.hdr", K::UnavailableFetch),
        ("http-request deny if { path /x", "{", K::InvalidCondition),
        ("http-request deny if { var(a) -m found }", "a", K::InvalidExpression),
        ("acl a path -m beginn x", "beginn", K::InvalidAcl),
        ("acl a path /x || /y", "||", K::DubiousAcl),
        ("acl a path /x -i", "-i", K::DubiousAcl),
        ("acl a req.hdr(content-length) gt 100", "gt", K::DubiousAcl),
        ("http-request deny if { url_param(n) le 5 }", "le", K::DubiousAcl),
        ("http-request set-header x \"$A %[nosuch] %ci\"", "\"$A %[nosuch] %ci\"", K::UnknownFetch),
        // An escape: the text is not what the file shows.
        ("http-request set-header x a\\ %zz", "a\\ %zz", K::InvalidLogFormat),
    ];
    for (line, at, kind) in cases {
        assert_eq!(told(line, "2.8.25"), [((*at).to_owned(), *kind)], "{line}");
    }
}

#[test]
fn faults_hold_for_the_versions_without_the_name() {
    let found = faults(&config("http-request set-header x %[req.cook_names]"), VersionSet::ALL);
    assert_eq!(found.len(), 1);
    assert!(found[0].1.versions.contains(Version::new(2, 6, 12)) && !found[0].1.versions.contains(Version::new(3, 0, 0)));
    assert_eq!(faults(&config("http-request set-header x %[lua.x,lua.y(1,2,3),51d.single(a)]"), VersionSet::ALL), []);
    let found = faults(&config("http-request set-header x %[path,map_beg_ip(f),lower]"), VersionSet::ALL);
    assert_eq!(found[0].1.versions, VersionSet::before(2, 9, 0));
    let found = faults(&config("http-request set-header x %(n:foo)ci%(m)zz"), VersionSet::ALL);
    assert_eq!(found.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["foo"]);
    assert_eq!(found[0].1.versions, VersionSet::since(3, 0, 0));
}

#[test]
fn unknown_values_are_left_alone() {
    for line in [
        "http-request set-header x \"%[src${A}\"",
        "http-request set-header x \"%${A}[nosuch]\"",
        "http-request set-var(txn.a) \"${A}\" lower if { \"$B\" x }",
        "acl a \"${A}\" x",
        "acl a path \"${A}\"",
        "acl a var(txn.a) \"${A}\"",
        "acl a src \"${A[*]}\"",
        "acl a path -- /x -i",
        "acl a path -i /x",
        "http-request deny if { path /x \"${A[*]}\"",
    ] {
        assert_eq!(told(line, "2.8.25"), [], "{line}");
    }
}

#[test]
fn the_nearest_name_is_told() {
    let help = |line: &str| faults(&config(line), only("2.8.25"))[0].1.help.as_ref().map_or_else(String::new, Help::to_string);
    assert!(help("acl a path_begin /x").contains("`path_beg`"));
    assert!(help("http-request set-header x %[path_beg]").contains("`path`"));
    assert!(help("http-request set-header x %[lower]").contains("converter"));
    assert!(help("http-request set-header x %[src,uppr]").contains("`upper`"));
    assert!(help("acl a path -m bag /x").contains("`beg`"));
    assert!(help("http-request deny if { path /x}").contains("blank"));
}

/// Every line of the data is taken apart, and every criterion stands for a fetch.
#[test]
fn the_data_can_be_read() {
    for name in fetch_names() {
        assert!(lookup_fetch(name).iter().all(|form| form.name == name && !form.versions.is_empty()), "{name}");
        assert!(!lookup_fetch(name).is_empty(), "{name}");
    }
    for name in converter_names() {
        assert!(!lookup_converter(name).is_empty() && lookup_converter(name)[0].input.is_some(), "{name}");
    }
    for name in acl_names() {
        assert!(lookup_acl(name).is_some_and(|acl| !lookup_fetch(acl.fetch).is_empty()), "{name}");
    }
    assert!(aliases().len() > 60);
    assert_eq!((fetch_names().count() > 560, converter_names().count() > 200), (true, true));
}

#[test]
fn regular_expressions() {
    for good in ["", "a(b)c", "[]a]", "[^]a]", "[[:alpha:]]", "\\(", "[\\]]", "\\Q(\\E", "(?i)a", "[\\]", "a{2}", "[(]", "([)]\\))"] {
        assert_eq!(regex_problem(good), None, "{good}");
    }
    for bad in ["(", ")", "a(b", "[", "[a", "[]", "[^]", "a\\", "([)]"] {
        assert!(regex_problem(bad).is_some(), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// No text brings the judge down, and no fault is about no version or about more than was asked.
    #[test]
    fn any_text_is_judged(pieces in prop::collection::vec(prop::sample::select(vec![
        "src", "path", "(", ")", ",", "lower", "%", "[", "]", "{", "}", " ", "\\", "'", "\"", "-m", "str", "é", "hdr(", "%[", "+Q", "-f", "gt",
        "1", ":", "var(txn.a)", "%(", "field(1,/)", "!", "||", "if", "-", "\t", "$", "regsub(", "\u{1}",
    ]), 0..12)) {
        let text = pieces.concat();
        let versions = VersionSet::supported();
        for line in [format!("acl a {text}"), format!("http-request set-header x {text}"), format!("http-request deny if {text}"),
            format!("http-request set-var(txn.a) {text}"), format!("log-format '{text}'")] {
            for (_, fault) in faults(&config(&line), versions) {
                prop_assert!(!fault.versions.is_empty() && versions.covers(fault.versions));
            }
        }
    }
}
