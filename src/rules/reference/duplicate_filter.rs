//! `reference/duplicate-filter`.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// A section has a filter twice of which it takes one, or two bandwidth limits of one name.
    ///
    /// ## Why
    ///
    /// HAProxy compresses once, and looks into a cache once, so it refuses the second line.
    /// `set-bandwidth-limit` knows a limit by its name, which no other limit of the section can have.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     filter bwlim-out slow default-limit 1m default-period 1s
    ///     filter bwlim-in slow default-limit 1m default-period 1s
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     compression algo gzip
    ///     filter compression
    ///     filter compression
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// frontend web
    ///     mode http
    ///     filter bwlim-out slow-downloads default-limit 1m default-period 1s
    ///     filter bwlim-in slow-uploads default-limit 1m default-period 1s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.5.
    "reference/duplicate-filter", Error, World(check), about: ["filter"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults()) {
        let mut first: FxHashMap<(&str, Option<&str>), Location> = FxHashMap::default();
        for line in proxy.section.with("filter") {
            let Some(fact) = Fact::of(proxy.section.kind, &line, 0) else { continue };
            let refused = fact.versions(NoteKind::Twice, "refusal");
            // Filters of one kind may have names that tell them apart.
            let name = line.word(2);
            let unknown = name.is_some_and(|word| word.known().is_none());
            if refused.is_empty() || unknown {
                continue;
            }
            // Limits of both directions share their names.
            let is_limit = matches!(line.str(1), "bwlim-in" | "bwlim-out");
            let kind = if is_limit { "" } else { fact.name };
            let place = name.map_or(line.location(), |word| word.location);
            let earlier = *first.entry((kind, name.and_then(Word::known))).or_insert(place);
            if earlier != place {
                out.report(draft(line, name.filter(|_| is_limit), earlier).rejected_by(refused));
            }
        }
    }
}

/// What is to be said of a line behind that at `earlier`; `name` is what they have in common.
fn draft(line: Statement<'_>, name: Option<Word<'_>>, earlier: Location) -> Draft {
    match name {
        Some(name) => Draft::at(name.location, format!("there is a bandwidth limit named `{}` already", name.display()))
            .label("this name is taken")
            .also(earlier, "the other one")
            .help("give it another name"),
        None => {
            let called: Vec<&str> = line.words().take(3).filter_map(Word::known).collect();
            Draft::at(line.location(), format!("a section takes one `{}`, and this is the second", called.join(" ")))
                .label("refused")
                .also(earlier, "the first one")
                .help("keep one of the two lines")
        }
    }
}
