//! `reference/duplicate-section`.

use rustc_hash::FxHashMap;

use crate::rules::{prelude::*, reference::unknown_ring::is_built_in};

rule! {
    /// Two sections of one kind have the same name.
    ///
    /// ## Why
    ///
    /// HAProxy refuses a second `peers`, `resolvers`, `mailers`, `cache`, `http-errors`, `ring`, `log-forward`,
    /// `fcgi-app` or `acme` section of one name. A second `userlist` is ignored with a warning, so its users cannot log in.
    /// `stdout`, `stderr` and `buf0` are taken from the start: HAProxy refuses a `ring` of that name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// resolvers dns
    ///     nameserver two 192.0.2.54:53
    /// ```
    ///
    /// ```haproxy bad
    /// ring buf0
    ///     format rfc5424
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///     nameserver two 192.0.2.54:53
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/duplicate-section", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first: FxHashMap<(SectionKind, &str), Location> = FxHashMap::default();
    for section in cx.config.sections().filter(|s| named_once(s.kind)) {
        let Some((word, name)) = section.name().and_then(|w| Some((w, w.known()?))) else { continue };
        if section.kind == SectionKind::Ring && is_built_in(name) {
            out.report(taken_by_haproxy(word, name));
            continue;
        }
        let earlier = *first.entry((section.kind, name)).or_insert(word.location);
        if earlier == word.location {
            continue;
        }
        let keyword = section.kind.keyword();
        let draft = Draft::at(word.location, format!("there is already a `{keyword}` section named `{name}`"))
            .label("this name is taken")
            .help("join the two sections, or give one of them another name")
            .also(earlier, "the earlier section");
        out.report(match section.kind {
            SectionKind::Userlist => draft.severity(Severity::Warning).note("HAProxy ignores this section").warned_by(VersionSet::ALL),
            SectionKind::Program => draft.only(section.kind.spec().versions).stage(Stage::Words).aborts(section.kind.spec().versions),
            SectionKind::Resolvers | SectionKind::Cache => draft.aborts(VersionSet::ALL),
            _ => draft.rejected_by(VersionSet::ALL),
        });
    }
}

/// HAProxy has some sinks before it reads the first line.
fn taken_by_haproxy(word: Word<'_>, name: &str) -> Draft {
    let draft = Draft::at(word.location, format!("HAProxy has a ring named `{name}` already, which is its own"));
    draft.label("this name is taken").help("give it another name").rejected_by(VersionSet::ALL)
}

fn named_once(kind: SectionKind) -> bool {
    use SectionKind as K;
    matches!(
        kind,
        K::Peers
            | K::Resolvers
            | K::Mailers
            | K::Userlist
            | K::Cache
            | K::HttpErrors
            | K::Ring
            | K::LogForward
            | K::FcgiApp
            | K::Program
            | K::LogProfile
            | K::Acme
    )
}
