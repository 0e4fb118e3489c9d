//! The certificates that `crt-store` sections load, under the names that `bind` and `server` lines know them by.

use crate::{
    catalog::Role,
    config::{SectionView, Wanted},
    source::Location,
    syntax::{SectionKind, Statement, Word},
};

use super::Context;

/// A certificate of a store.
pub(super) struct Stored {
    /// `@STORE/NAME`; without an alias in a store without a name it is the path.
    pub(super) name: String,
    /// The line that loads it.
    pub(super) location: Location,
}

/// All of them; `None` where some are not known.
pub(super) fn stored(cx: &Context<'_>) -> Option<Vec<Stored>> {
    let base = cx.config.global_line("crt-base").map(|line| line.word(1).and_then(Word::known));
    let mut all = Vec::new();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::CrtStore) {
        let store = section.name().map_or(Some(""), Word::known)?;
        for line in section.statements() {
            if line.word(0).and_then(Word::known)? == "load" {
                all.push(Stored { name: name(line, store, base)?, location: line.location() });
            }
        }
    }
    Some(all)
}

/// What a `load` line calls its certificate.
fn name(line: Statement<'_>, store: &str, base: Option<Option<&str>>) -> Option<String> {
    if let Some(alias) = line.after("alias", 1) {
        return Some(format!("@{store}/{}", alias.known()?));
    }
    let path = line.after("crt", 1).map_or(Some(""), Word::known)?;
    let rooted = path.starts_with('/');
    Some(match base {
        _ if !store.is_empty() => format!("@{store}{}{path}", if rooted { "" } else { "/" }),
        Some(base) if !rooted => format!("{}/{path}", base?),
        _ => path.to_owned(),
    })
}

/// The certificates of stores that lines name and HAProxy looks up: the line, the word, and what it says. Those of `bind` lines are
/// loaded at once, whatever becomes of the section; those of servers at the end, where the proxy runs.
pub(super) fn wanted<'a>(cx: &'a Context<'_>) -> impl Iterator<Item = (Statement<'a>, Word<'a>, &'a str)> {
    let proxies = cx.config.proxies.iter().filter(|p| p.created).map(|p| (p.section, p.runs()));
    let listens = |s: &SectionView<'_>| matches!(s.kind, SectionKind::Peers | SectionKind::LogForward);
    let others = cx.config.sections().filter(listens).map(|section| (section, false));
    proxies.chain(others).flat_map(move |(section, runs)| {
        cx.config.shapes.within(section.body()).flat_map(move |(number, marks)| {
            let line = cx.config.reading.statement(number);
            let is_read = runs || line.keyword() == "bind";
            let certificates = marks.iter().filter(move |mark| is_read && mark.role == Role::Outside(Wanted::Certificate));
            let of_store = certificates.filter(|mark| mark.place.is_some_and(|place| place.parameter == "crt-base"));
            of_store.filter_map(move |mark| {
                let word = line.word(mark.word.into())?;
                Some((line, word, word.known().filter(|name| name.starts_with('@'))?))
            })
        })
    })
}
