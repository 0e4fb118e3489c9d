//! `keyword/http-alias-in-tcp`.

use rustc_hash::FxHashSet;

use crate::{
    catalog::{Fact, NoteKind},
    config::Mode,
    expression::{aliases, aliases_in},
    rules::prelude::*,
};

rule! {
    /// A format of the log asks for something of HTTP, in a proxy that does not speak it.
    ///
    /// ## Why
    ///
    /// `%r`, `%HM`, `%Tr` and their kin are filled from an HTTP request. Up to 3.0 HAProxy refuses them in a `log-format` or
    /// `unique-id-format` that a proxy in TCP mode has, be it from its `defaults`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// frontend mail
    ///     mode tcp
    ///     bind :25
    ///     log 192.0.2.9:514 local0
    ///     log-format "%ci:%cp %r"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// frontend mail
    ///     mode tcp
    ///     bind :25
    ///     log 192.0.2.9:514 local0
    ///     log-format "%ci:%cp %B"
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8; its log.c up to 3.0.
    "keyword/http-alias-in-tcp", Error, World(check), about: ["log-format", "log-format-sd", "error-log-format", "unique-id-format"]
}

/// The versions that look at the mode.
const VERSIONS: VersionSet = VersionSet::before(3, 1, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // The formats that are compiled when everything was read.
    let mut formats = Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::LastCounts);
    formats.retain(|fact| fact.takes_format());
    if cx.is_open() {
        return;
    }
    let mut told = FxHashSet::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !matches!(p.traffic(), Mode::Http | Mode::Unknown)) {
        for fact in formats.iter().filter(|fact| proxy.is_frontend() || !fact.has(NoteKind::OfFrontends)) {
            let name = fact.name;
            let Some(line) = proxy.in_force.get(name).filter(|line| line.keyword() == name) else { continue };
            let Some((word, text)) = line.word(1).and_then(|word| Some((word, word.known()?))) else { continue };
            let Some((alias, range)) = aliases_in(text).find(|(name, _)| is_http(name)) else { continue };
            let draft = Draft::at(
                word.part(range),
                format!("`%{alias}` is for HTTP, and {} is in {} mode", proxy.called(), proxy.traffic().word()),
            )
            .help("leave it out, or put the proxy into HTTP mode")
            .stage(Stage::Whole);
            let header = proxy.place().filter(|_| !proxy.holds(line));
            if told.insert((line.file_id(), line.line())) {
                out.report(
                    header.map_or(draft.clone(), |header| draft.also(header, "inherited here")).only(VERSIONS).rejected_by(VERSIONS),
                );
            }
        }
    }
}

fn is_http(name: &str) -> bool {
    aliases().iter().any(|alias| alias.http && alias.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::FirstWords;

    #[test]
    fn it_is_about_each_format_of_which_the_last_line_counts() {
        let formats = Fact::with(SectionKind::Listen, NoteKind::LastCounts).into_iter().filter(|fact| fact.takes_format());
        let others: Vec<_> = formats.map(|fact| fact.name).filter(|name| !RULE.about.meets(&FirstWords::of(&[name]))).collect();
        assert_eq!(others, [""; 0]);
    }
}
