//! `syntax/invalid-section-name`.

use crate::rules::prelude::*;

rule! {
    /// The name of a section holds a character that HAProxy does not take.
    ///
    /// ## Why
    ///
    /// Names are made of ASCII letters, digits, `.`, `:`, `_` and `-`. Bytes above 127 are refused as well, so a name cannot be
    /// written in most of the world's alphabets.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend api/v1
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend api_v1
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5; 3.4.0 and 3.5-dev5 only print the alert for proxies and run.
    "syntax/invalid-section-name", Error, World(check)
}

/// Sections whose names are looked at, and whether HAProxy stops there.
const LOOKED_AT: [(SectionKind, bool); 10] = [
    (SectionKind::Frontend, false),
    (SectionKind::Backend, false),
    (SectionKind::Listen, false),
    (SectionKind::Peers, true),
    (SectionKind::Resolvers, false),
    (SectionKind::Mailers, false),
    (SectionKind::Userlist, false),
    (SectionKind::HttpErrors, false),
    (SectionKind::LogForward, false),
    (SectionKind::FcgiApp, false),
];

/// Here the error is lost for proxies, and the configuration accepted (language.md §11.3).
const LOST: VersionSet = VersionSet::since(3, 4, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections() {
        let Some((_, stops)) = LOOKED_AT.iter().find(|(kind, _)| *kind == section.kind) else { continue };
        let (Some(word), name) = (section.name, section.name_str()) else { continue };
        let Some(bad) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !".:_-".contains(*c)) else { continue };
        let draft = Draft::at(word.location, format!("`{bad}` cannot stand in the name of a section"))
            .label(format!("the name of this `{}`", section.kind.keyword()))
            .help("use ASCII letters, digits, `.`, `:`, `_` and `-`");
        out.report(match (stops, section.kind.is_proxy()) {
            (true, _) => draft.aborts(VersionSet::ALL),
            (false, true) => draft.rejected_by(LOST.complement()).alerted_by(LOST),
            (false, false) => draft.rejected_by(VersionSet::ALL),
        });
    }
}
