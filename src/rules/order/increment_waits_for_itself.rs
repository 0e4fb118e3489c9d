//! `order/increment-waits-for-itself`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{
        Counters, Guard,
        counters::{Deed, Read, Source},
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
    let waits = Waits::of(counters);
    let raises = counters.reads.iter().filter(|r| r.call.deed == Deed::Raise);
    let raises: Vec<_> = raises.map(|raise| (raise, waits.before(raise, cx))).collect();
    let rise: FxHashSet<&str> = raises.iter().filter(|(_, waiting)| waiting.is_none()).map(|(raise, _)| name(raise)).collect();
    let mut told = FxHashSet::default();
    for (raise, waiting) in raises {
        let counter = name(raise);
        let Some(waiting) = waiting.filter(|_| !rise.contains(counter) && told.insert(raise.asked)) else { continue };
        let draft = Draft::at(raise.asked, format!("`{counter}` is raised only where it has risen already, so it stays at zero"))
            .label("never evaluated")
            .also(waiting.asked, format!("holds only once `{counter}` has risen"));
        out.report(draft.help(match limits::place(raise) {
            Some(_) => "write this term before the one that waits for it: terms are evaluated from left to right, and the first that does not hold is the last",
            None => "raise the counter on a condition that does not depend on it",
        }));
    }
}

fn name<'a>(read: &'a Read<'_>) -> &'a str {
    limits::base(read.call.counter.as_deref().unwrap_or_default())
}

/// What reads of one counter of one entry have in common that stand on the same line of a proxy.
type Key<'a> = (usize, Location, &'a Source, &'a Option<String>, &'a str);

fn key<'a>(read: &'a Read<'_>) -> Key<'a> {
    (read.proxy, read.statement.location(), &read.call.source, &read.call.table, name(read))
}

/// The reads that must have found something for their terms to hold, each place where one is written once.
struct Waits<'a, 'r> {
    counters: &'a Counters<'r>,
    reads: FxHashMap<Key<'a>, Vec<Waiting<'a, 'r>>>,
}

/// A read, and where it stands: the number of its term and of the literal there.
type Waiting<'a, 'r> = (&'a Read<'r>, usize, usize);

impl<'a, 'r> Waits<'a, 'r> {
    fn of(counters: &'a Counters<'r>) -> Self {
        let (mut reads, mut seen) = (FxHashMap::<_, Vec<_>>::default(), FxHashSet::default());
        let waits = |read: &&Read<'_>| read.call.deed == Deed::Get && limits::wants_more_than_nothing(&read.compared);
        for read in counters.reads.iter().filter(waits).filter(|read| seen.insert((key(read), read.asked))) {
            if let Some((term, at, true)) = limits::place(read) {
                reads.entry(key(read)).or_default().push((read, term, at));
            }
        }
        Self { counters, reads }
    }

    /// The read of the same counter that must have found something before `raise` happens.
    fn before(&self, raise: &'a Read<'r>, cx: &Context<'_>) -> Option<&'a Read<'r>> {
        let Guard::Condition(condition) = Guard::of(&raise.statement) else { return None };
        let of_line = self.reads.get(&key(raise))?;
        let tables = self.counters.looks_into(raise, cx.config)?;
        if condition.unless || tables.is_empty() || tables.iter().any(|table| self.counters.tables[*table].shared) {
            return None;
        }
        let within = limits::place(raise);
        let earlier = |(_, term, at): &&Waiting<'_, '_>| within.is_none_or(|(t, a, _)| *term == t && *at < a);
        let (read, ..) = of_line.iter().find(earlier)?;
        // An action happens if any of the terms holds.
        (within.is_some() || condition.terms.len() == 1).then_some(*read)
    }
}
