//! `dead/ring-maxlen-ignored`.

use crate::rules::{dead::ring_size_ignored::BEGIN, prelude::*};

rule! {
    /// Events of a ring may be longer than the ring itself.
    ///
    /// ## Why
    ///
    /// HAProxy takes the size of the ring for `maxlen` then, and warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// ring events
    ///     format raw
    ///     maxlen 70000
    ///     size 32768
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// ring events
    ///     format raw
    ///     maxlen 1200
    ///     size 32768
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6, 2.8, 3.0, 3.2 and 3.4.
    "dead/ring-maxlen-ignored", Warning, World(check), about: ["maxlen"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        let last = |keyword: &str| section.statements().rfind(|line| line.keyword() == keyword).and_then(|line| line.word(1));
        let number = |word: Word<'_>| word.known()?.parse::<u64>().ok();
        let Some((word, length)) = last("maxlen").and_then(|word| Some((word, number(word)?))) else { continue };
        // Units are read by some versions only, and a ring never shrinks.
        let Some(size) = last("size").map_or(Some(BEGIN), number).map(|size| size.max(BEGIN)) else { continue };
        if length > size {
            let draft = Draft::at(word.location, format!("`maxlen {length}` is ignored: the ring has {size} bytes"))
                .label("longer than the ring")
                .help("write a smaller number, or a larger `size`");
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}
