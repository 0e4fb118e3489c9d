//! `reference/unknown-ring`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `log ring@…`, or `sink` of a `trace` line, names a ring that does not exist.
    ///
    /// ## Why
    ///
    /// `haproxy -c` calls such a configuration valid, and HAProxy then refuses to start with it. The rings `buf0`,
    /// `stdout` and `stderr` exist without being declared. A `trace` line in `global` is refused at once.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     log ring@buffer local0
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// traces
    ///     trace h1 sink buffer level developer start now
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     log ring@buffer local0
    ///
    /// ring buffer
    ///     size 1048576
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6.12, 2.8.25, 3.2 and 3.4: a start fails, a check does not.
    "reference/unknown-ring", Error, World(check), uses: Ring, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Ring) {
        if is_built_in(used.name) {
            continue;
        }
        let at_once = if used.statement.keyword() == "trace" { VersionSet::before(3, 1, 0) } else { VersionSet::NONE };
        let draft = if at_once.covers(cx.config.reading.world.versions) {
            draft.rejected_by(at_once)
        } else {
            draft.note("`haproxy -c` does not notice; HAProxy does when it starts, and stops")
        };
        out.report(if cx.config.looks_up(used.proxy(cx.config)) { draft } else { unknown::asleep(draft) });
    }
}

/// Whether HAProxy has a sink of this name without a `ring` section.
pub(in crate::rules) fn is_built_in(name: &str) -> bool {
    matches!(name, "buf0" | "stdout" | "stderr")
}
