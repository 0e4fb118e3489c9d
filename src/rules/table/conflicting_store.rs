//! `table/conflicting-store`.

use rustc_hash::FxHashSet;

use crate::{config::StickTable, rules::prelude::*};

rule! {
    /// A stick table stores one thing twice, or two things that exclude each other.
    ///
    /// ## Why
    ///
    /// A second mention of a type is ignored, with a warning. `gpc(N)`, `gpc_rate(N,…)` and `gpt(N)` are rows of counters and tags that
    /// take the place of `gpc0`, `gpc1`, their rates and `gpt0`: HAProxy refuses a table with both.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend clients
    ///     stick-table type ip size 1k store gpt(3),gpt0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend clients
    ///     stick-table type ip size 1k store gpt(3)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 and 2.8, and the same in the sources of 2.5 to 3.4.
    "table/conflicting-store", Error, World(check), about: ["stick-table", "table"]
}

/// The rows, and what they take the place of.
const ROWS: [(&str, [&str; 2]); 3] = [("gpt", ["gpt0", ""]), ("gpc", ["gpc0", "gpc1"]), ("gpc_rate", ["gpc0_rate", "gpc1_rate"])];

/// The versions with rows.
const VERSIONS: VersionSet = VersionSet::since(2, 5, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let of_peers = cx.config.peers.iter().flat_map(|p| &p.tables);
    for table in cx.config.proxies.iter().flat_map(|p| &p.tables).chain(of_peers) {
        out.report_all(faults(table));
    }
}

fn faults(table: &StickTable<'_>) -> Vec<Draft> {
    let all: Vec<(&str, Word<'_>)> = table.store.iter().flat_map(|s| s.types.iter().map(|t| (t.name.as_str(), s.word))).collect();
    let mut drafts = Vec::new();
    let mut seen = FxHashSet::default();
    for (name, word) in &all {
        if !seen.insert(name) {
            let draft = Draft::at(word.location, format!("`{name}` is stored already, and this is ignored")).label("twice");
            drafts.push(draft.help("write it once").severity(Severity::Warning).warned_by(VersionSet::ALL));
        }
    }
    for (row, single) in ROWS {
        let Some((_, word)) = all.iter().find(|(name, _)| *name == row) else { continue };
        let Some((other, _)) = all.iter().find(|(name, _)| single.contains(name)) else { continue };
        let draft = Draft::at(word.location, format!("`{row}` takes the place of `{other}`, and the table cannot have both"));
        let help = format!("leave out `{other}`: the row has it as its first or second place");
        drafts.push(draft.label("exclude each other").help(help).only(VERSIONS).rejected_by(VERSIONS));
    }
    drafts
}
