//! What the rules about counters of stick tables share.

use crate::{
    config::{
        Counters, Guard, NameKind,
        counters::{Deed, Read, Source, Track},
    },
    finding::Severity,
};

use super::{Context, mentions};

/// The counters of a configuration of which all is known that matters; `None` where some other thing may track or count.
pub(super) fn counters<'a>(cx: &Context<'a>) -> Option<&'a Counters<'a>> {
    let counters = &cx.config.counters;
    let nothing = counters.reads.is_empty() && counters.tracks.is_empty();
    let closed = || !cx.is_open() && !counters.open && !mentions::has_lua(cx.config) && !mentions::some_unknown(cx.config, NameKind::Table);
    (!nothing && closed()).then_some(counters)
}

/// The reads of slots that streams come to, each place where one is written once.
pub(super) fn of_slots<'a>(cx: &Context<'a>, counters: &'a Counters<'a>) -> Vec<(&'a Read<'a>, u32)> {
    let slot = |read: &'a Read<'a>| match read.call.source {
        Source::Slot(slot) if read.call.counter.is_some() && read.call.deed != Deed::Clear => Some((read, slot)),
        _ => None,
    };
    let reached = |(read, _): &(&Read<'_>, u32)| counters.is_reached(cx.config, read.proxy);
    counters.reads.iter().filter_map(slot).filter(reached).collect()
}

/// Advice where only a log is poorer for it.
pub(super) fn severity(read: &Read<'_>) -> Severity {
    if read.phase.is_of_log() { Severity::Info } else { Severity::Warning }
}

/// The action of a track: `track-sc0`.
pub(super) fn action(track: &Track<'_>) -> String {
    format!("track-sc{}", track.slot)
}

/// What follows for a rule that reads nothing.
pub(super) fn consequence(read: &Read<'_>) -> &'static str {
    match read.call.deed {
        Deed::Raise => "raises nothing",
        _ if read.phase.is_of_log() => "always empty",
        _ => "finds nothing",
    }
}

/// A counter without what makes a rate of it: `gpc0`.
pub(super) fn base(counter: &str) -> &str {
    counter.strip_suffix("_rate").filter(|base| base.starts_with("gpc")).unwrap_or(counter)
}

/// Whether a comparison holds only once the counter has risen from nothing.
pub(super) fn wants_more_than_nothing(compared: &[&str]) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    match compared {
        ["gt", least] => number(least).is_some(),
        ["ge" | "eq", least] | [least] => number(least).is_some_and(|least| least > 0),
        _ => false,
    }
}

/// Where in the condition of its line a read stands: the number of the term and of the literal, and whether what it asks must
/// hold for the term to hold.
pub(super) fn place(read: &Read<'_>) -> Option<(usize, usize, bool)> {
    let Guard::Condition(condition) = Guard::of(&read.statement) else { return None };
    condition.terms.iter().enumerate().find_map(|(term, literals)| {
        let at = literals.iter().position(|literal| literal.location == read.asked)?;
        Some((term, at, literals[at].negated == condition.unless))
    })
}
