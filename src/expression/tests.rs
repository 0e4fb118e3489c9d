//! Expressions in small configurations, and what real HAProxy says of them.

use std::{collections::BTreeSet, fs, process::Command};

use proptest::prelude::*;

use super::*;
use crate::{
    finding::Verdict,
    source::Sources,
    syntax::{ReadOptions, SectionKind, Tree, read, section_kind},
    version::Version,
};

fn only(version: &str) -> VersionSet {
    VersionSet::only(version.parse().unwrap())
}

/// What a statement is, by its words.
fn judge(statement: Statement<'_>, kind: SectionKind, versions: VersionSet, faults: &mut Vec<Fault>) {
    let (keyword, detail) = (statement.keyword(), statement.str(1));
    let places = Places::of_rule(keyword, detail, kind).unwrap_or(Places::EVERYWHERE);
    let scope = Scope { versions, places, aborts: keyword.starts_with("http-re"), at_the_end: keyword.starts_with("log-format") };
    let next = match (keyword, detail) {
        ("acl", _) => return acl(statement, 2, scope, faults),
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
            for statement in reading.statements(section.body.clone()) {
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
