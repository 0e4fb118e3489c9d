//! `order/increment-waits-for-itself`.

use rustc_hash::FxHashSet;

use crate::{
    config::{
        Counters, Guard,
        counters::{Deed, Read},
    },
    rules::{limits, prelude::*},
};

rule! {
    /// A counter is raised only once it has risen already, so that it never does.
    ///
    /// ## Why
    ///
    /// The terms of a condition are evaluated from left to right, and the first that does not hold ends it. `sc_inc_gpc0(0)` raises
    /// the counter when it is evaluated: behind a term that waits for the same counter it never is.
    ///
    /// ```text
    /// gpc0 = 0   too_many (gpc0 gt 3): no   mark (raises gpc0): not asked   gpc0 = 0
    /// gpc0 = 0   mark (raises gpc0): yes    too_many (gpc0 gt 3): no        gpc0 = 1
    /// ```
    ///
    /// The same holds of `http-request sc-inc-gpc0(0) if too_many`. Nothing is said where the two stand on both sides of `or`, where
    /// another rule raises the counter, of a table that peers may fill, and where Lua runs.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store gpc0
    ///     acl too_many sc_get_gpc0(0) gt 3
    ///     acl mark sc_inc_gpc0(0) gt 0
    ///     http-request track-sc0 src
    ///     http-request deny if too_many mark
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store gpc0
    ///     acl too_many sc_get_gpc0(0) gt 3
    ///     acl mark sc_inc_gpc0(0) gt 0
    ///     http-request track-sc0 src
    ///     http-request deny if mark too_many
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: of 8 requests all were let through and `show table` said `gpc0=0`; with the terms the
    /// other way round 3 were, and `gpc0=8`; with `or` between them 4.
    "order/increment-waits-for-itself", Warning, World(check), about: ["stick-table", "table"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    let raises: Vec<&Read<'_>> = counters.reads.iter().filter(|r| r.call.deed == Deed::Raise).collect();
    let mut told = FxHashSet::default();
    for raise in &raises {
        let Some(waiting) = waits_for(raise, cx, counters) else { continue };
        let same = |other: &&&Read<'_>| name(other) == name(raise);
        if raises.iter().filter(same).all(|other| waits_for(other, cx, counters).is_some()) && told.insert(raise.asked) {
            let counter = name(raise);
            let draft = Draft::at(raise.asked, format!("`{counter}` is raised only where it has risen already, so it stays at zero"))
                .label("never evaluated")
                .also(waiting.asked, format!("holds only once `{counter}` has risen"));
            out.report(draft.help(match limits::place(raise) {
                Some(_) => "write this term before the one that waits for it: terms are evaluated from left to right, and the first that does not hold is the last",
                None => "raise the counter on a condition that does not depend on it",
            }));
        }
    }
}

fn name<'a>(read: &'a Read<'_>) -> &'a str {
    limits::base(read.call.counter.as_deref().unwrap_or_default())
}

/// The read of the same counter that must have found something before `raise` happens.
fn waits_for<'a>(raise: &Read<'a>, cx: &Context<'_>, counters: &'a Counters<'a>) -> Option<&'a Read<'a>> {
    let Guard::Condition(condition) = Guard::of(&raise.statement) else { return None };
    let tables = counters.looks_into(raise, cx.config)?;
    if condition.unless || tables.is_empty() || tables.iter().any(|table| counters.tables[*table].shared) {
        return None;
    }
    let line = raise.statement.location();
    let waits = |read: &&Read<'_>| {
        let entry = (&read.call.source, &read.call.table) == (&raise.call.source, &raise.call.table);
        entry && read.call.deed == Deed::Get && name(read) == name(raise) && limits::wants_more_than_nothing(&read.compared)
    };
    let of_line = || counters.reads_in(raise.proxy).iter().filter(|r| r.statement.location() == line).filter(waits);
    let within = limits::place(raise);
    let earlier = |(term, at, holds): (usize, usize, bool)| holds && within.is_none_or(|(t, a, _)| term == t && at < a);
    let found = of_line().find(|read| limits::place(read).is_some_and(earlier))?;
    // An action happens if any of the terms holds.
    (within.is_some() || condition.terms.len() == 1).then_some(found)
}
