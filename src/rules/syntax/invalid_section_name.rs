//! `syntax/invalid-section-name`.

use crate::{
    rules::prelude::*,
    syntax::{Naming, is_name, is_name_char},
};

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

/// Sections whose names nobody looks at. Those of `defaults` count where they are referred to.
const FREE: [SectionKind; 6] =
    [SectionKind::Defaults, SectionKind::Cache, SectionKind::NamespaceList, SectionKind::Program, SectionKind::CrtStore, SectionKind::Acme];

/// Sections of whose name HAProxy stops.
const STOPS: [SectionKind; 6] = [
    SectionKind::Peers,
    SectionKind::Resolvers,
    SectionKind::Mailers,
    SectionKind::LogForward,
    SectionKind::LogProfile,
    SectionKind::HealthCheck,
];

/// Here the error is lost for proxies, and the configuration accepted.
const LOST: VersionSet = VersionSet::since(3, 4, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind.spec().naming != Naming::None && !FREE.contains(&s.kind)) {
        let label = || format!("the name of this `{}`", section.kind.keyword());
        let Some(draft) = section.name().and_then(|name| wrong(name, label)) else { continue };
        out.report(if section.kind.is_proxy() {
            lost(draft)
        } else if STOPS.contains(&section.kind) {
            draft.aborts(section.kind.spec().versions)
        } else {
            draft.rejected_by(section.kind.spec().versions)
        });
    }
    // `defaults a/b` is fine until somebody says `from a/b`.
    for from in cx.config.proxies.iter().filter(|p| p.created && p.defaults().is_some()).filter_map(|p| p.from()) {
        if let Some(draft) = wrong(from, || "the name of a `defaults` section".to_owned()) {
            out.report(lost(draft));
        }
    }
}

fn lost(draft: Draft) -> Draft {
    draft.rejected_by(LOST.complement()).alerted_by(LOST)
}

fn wrong(name: Word<'_>, label: impl FnOnce() -> String) -> Option<Draft> {
    let bad = name.known().filter(|name| !is_name(name))?.chars().find(|c| !is_name_char(*c))?;
    let draft = Draft::at(name.location, format!("`{bad}` cannot stand in the name of a section")).label(label());
    Some(draft.help(if bad == '$' {
        format!("variables are expanded between double quotes only: write `\"{}\"`", name.display())
    } else {
        "use ASCII letters, digits, `.`, `:`, `_` and `-`".to_owned()
    }))
}
