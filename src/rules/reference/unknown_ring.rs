//! `reference/unknown-ring`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `log ring@…` names a ring that does not exist.
    ///
    /// ## Why
    ///
    /// `haproxy -c` calls such a configuration valid, and HAProxy then refuses to start with it. The rings `buf0`,
    /// `stdout` and `stderr` exist without being declared.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     log ring@buffer local0
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
    /// Observed with HAProxy 2.6.12 and 2.8.25: a start fails, a check does not.
    "reference/unknown-ring", Error, World(check), uses: Ring, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Ring) {
        if matches!(used.name, "buf0" | "stdout" | "stderr") {
            continue;
        }
        let draft = draft.note("`haproxy -c` does not notice; HAProxy does when it starts, and stops");
        out.report(if cx.config.looks_up(used.proxy(cx.config)) { draft } else { unknown::asleep(draft) });
    }
}
