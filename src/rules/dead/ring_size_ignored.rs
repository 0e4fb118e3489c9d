//! `dead/ring-size-ignored`.

use crate::cut::Cut;

use crate::rules::prelude::*;

rule! {
    /// The size of a ring is smaller than what it has already, and is ignored.
    ///
    /// ## Why
    ///
    /// A ring begins with 16384 bytes and can only grow. Up to 2.9 HAProxy reads the digits of `size` and nothing behind them:
    /// `size 1m` is one byte, which it ignores with a warning; 2.6 and 2.8.0 do not start with it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// ring events
    ///     format raw
    ///     size 1m
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// ring events
    ///     format raw
    ///     size 1048576
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "dead/ring-size-ignored", Warning, World(check), about: ["ring"]
}

/// The size that a ring begins with.
pub(in crate::rules) const BEGIN: u64 = 16384;

/// The versions that refuse what they call ignored.
const REFUSES: VersionSet = VersionSet::before(2, 8, 1);

/// The versions that compare sizes; later ones compare with what is in the ring.
const VERSIONS: VersionSet = VersionSet::before(3, 0, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        let mut size = BEGIN;
        for line in section.statements().filter(|s| s.keyword() == "size") {
            let Some((word, text)) = line.word(1).and_then(|w| Some((w, w.known()?))) else { continue };
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Ok(new) = text.cut(..digits).parse::<u64>() else { continue };
            if new == 0 || new >= size {
                size = size.max(new);
                continue;
            }
            let draft = Draft::at(word.location, format!("`size {text}` is ignored: the ring has {size} bytes already, and this is {new}"))
                .label(if digits < text.len() { "no unit is read here" } else { "smaller than it is" })
                .help("write a number of bytes that is larger");
            out.report(draft.only(VERSIONS).rejected_by(REFUSES).warned_by(VERSIONS.minus(REFUSES)));
        }
    }
}
