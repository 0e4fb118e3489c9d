//! `syntax/unexpected-section-argument`.

use crate::rules::prelude::*;

rule! {
    /// The header of a section has more words than it takes.
    ///
    /// ## Why
    ///
    /// `global` and `traces` take no word, and `peers`, `userlist`, `cache`, `log-forward`, `log-profile`, `fcgi-app`,
    /// `crt-store`, `acme` and `program` take their name alone. HAProxy refuses what is too much. Other sections pass over
    /// it without a word.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global settings
    ///     maxconn 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/unexpected-section-argument", Error, World(check)
}

/// Sections that refuse further words, and how many words they take with their keyword.
const STRICT: [(SectionKind, usize); 11] = [
    (SectionKind::Global, 1),
    (SectionKind::Peers, 2),
    (SectionKind::Userlist, 2),
    (SectionKind::Cache, 2),
    (SectionKind::LogForward, 2),
    (SectionKind::FcgiApp, 2),
    (SectionKind::Program, 2),
    (SectionKind::Traces, 1),
    (SectionKind::LogProfile, 2),
    (SectionKind::CrtStore, 2),
    (SectionKind::Acme, 2),
];

/// Where HAProxy stops at a peers section that it cannot open.
const PEERS_STOP: VersionSet = VersionSet::since(3, 2, 0).or(VersionSet::branch_since(2, 8, 25));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections() {
        let Some((_, words)) = STRICT.iter().find(|(kind, _)| *kind == section.kind) else { continue };
        let Some(extra) = section.header().and_then(|h| h.word(*words)) else { continue };
        if extra.known() == Some("") {
            continue; // It ends the line.
        }
        let keyword = section.kind.keyword();
        let message = format!("`{}` is one word too many behind `{keyword}`", extra.display());
        let takes = if *words == 1 { "takes no name" } else { "takes a name and nothing else" };
        let draft = Draft::at(extra.location, message).label("refused").help(format!("delete it; `{keyword}` {takes}"));
        let versions = section.kind.spec().versions;
        let draft = draft.only(versions).rejected_by(versions);
        out.report(match section.kind {
            // From 3.1 on HAProxy opens `global` sections in its first pass.
            SectionKind::Global => draft.stage(Stage::Words),
            SectionKind::Peers => draft.aborts(PEERS_STOP),
            SectionKind::Cache | SectionKind::CrtStore | SectionKind::Program => draft.aborts(versions),
            _ => draft,
        });
    }
}
