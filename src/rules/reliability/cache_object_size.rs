//! `reliability/cache-object-size`.

use crate::rules::prelude::*;

rule! {
    /// A cache is to keep objects that are larger than half of it.
    ///
    /// ## Why
    ///
    /// `max-object-size` is a number of bytes, `total-max-size` one of megabytes. HAProxy refuses a cache of which a single object may
    /// take more than half.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// cache pictures
    ///     total-max-size 4
    ///     max-object-size 4000000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// cache pictures
    ///     total-max-size 64
    ///     max-object-size 4000000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reliability/cache-object-size", Error, World(check), about: ["cache"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Cache && !cx.is_open()) {
        let number = |keyword: &str| {
            let line = section.statements().rfind(|s| s.keyword() == keyword)?;
            let word = line.word(1)?;
            Some((word, unsigned(word.known()?)?))
        };
        let Some(((_, megabytes), (word, bytes))) = number("total-max-size").zip(number("max-object-size")) else { continue };
        let limit = (megabytes << 20) / 2;
        if megabytes > 0 && bytes > limit {
            let message = format!("an object of {bytes} bytes is more than half of the cache `{}`", section.name_str());
            let draft =
                Draft::at(word.location, message).label("too large").help(format!("write at most {limit}, or make the cache larger"));
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// What HAProxy keeps of a number: 32 bits, without a sign.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "this is what C does")]
fn unsigned(text: &str) -> Option<u64> {
    text.trim().parse::<i64>().ok().map(|number| u64::from(number as u32))
}
