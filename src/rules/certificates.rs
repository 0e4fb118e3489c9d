//! The certificates that `crt-store` sections load, under the names that `bind` and `server` lines know them by.

use crate::{
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
