//! `syntax/broken-default-prefix`.

use crate::{
    catalog::{Fact, table},
    rules::prelude::*,
};

rule! {
    /// `default` stands before a keyword, and this HAProxy cannot read it.
    ///
    /// ## Why
    ///
    /// `default option NAME` sets an option back to HAProxy's own default. A fault in HAProxy leaves the last word of the line
    /// there twice, so that `default option dontlognull` is refused for its second `dontlognull`. It was mended in 2.8.25 and 3.4.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.6.12
    /// frontend web
    ///     mode http
    ///     default option dontlognull
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.6.12
    /// frontend web
    ///     mode http
    ///     no option dontlognull
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4.0, 2.6.12, 3.0.0 and 3.2.0; not with 2.8.25, 3.4.0 and 3.5-dev5.
    "syntax/broken-default-prefix", Warning, World(check), about: ["default"]
}

/// The patch levels it was observed with, and those before 2.6.12. Where later ones mended it is not known.
const BROKEN: VersionSet = VersionSet::branch(2, 6)
    .minus(VersionSet::branch_since(2, 6, 13))
    .or(VersionSet::only(Version::new(2, 4, 0)))
    .or(VersionSet::only(Version::new(3, 0, 0)))
    .or(VersionSet::only(Version::new(3, 2, 0)));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let reading = cx.config.reading;
    // This one takes a word more, and makes nothing of it.
    let lenient = |s: &Statement<'_>| s.str(2) == "redispatch" || s.str(1) == "log" && has_room(s);
    let refuses = |keyword: &str| Fact::negatable(keyword).is_some_and(Fact::is_strict);
    let strict = |s: &Statement<'_>| s.keyword() == "default" && refuses(s.str(1)) && !lenient(s);
    for statement in reading.statements(0..reading.len()).filter(strict) {
        let message = format!("`default {}` is read with its last word twice", statement.str(1));
        let draft = Draft::at(statement.location(), message).label("refused for a word that is not there");
        let draft = draft.help("write `no` in front of it or nothing at all, whichever is meant; or use a later patch level");
        out.report(draft.only(BROKEN).rejected_by(BROKEN));
    }
}

/// Whether the last word of a `log` line is its greatest level, so that the least level may follow.
fn has_room(statement: &Statement<'_>) -> bool {
    let level = |at: usize| table("log-level").is_some_and(|levels| !levels.find(statement.str(at)).is_empty());
    let last = statement.len() - 1;
    level(last) && !level(last - 1)
}
