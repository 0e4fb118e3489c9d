//! `reference/unknown-log-profile`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// A log profile is named that no section declares.
    ///
    /// ## Why
    ///
    /// `log … profile NAME` logs in the formats of the `log-profile` section of that name. Without one HAProxy says nothing and logs
    /// as if no profile was asked for. The action `do-log profile NAME`, which 3.3 knows, is refused.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4
    /// log-profile audit
    ///     on any format "%ci %HM %HP"
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request do-log profile audits
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     log 192.0.2.5:514 profile audit local0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4
    /// log-profile audit
    ///     on any format "%ci %HM %HP"
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request do-log profile audit
    /// ```
    ///
    /// ## Source
    ///
    /// The check of the action `do-log` in log.c; observed with HAProxy 3.2 to 3.5.
    "reference/unknown-log-profile", Error, World(check), uses: LogProfile, mends: true
}

/// The versions whose `do-log` takes a profile.
const ACTION: VersionSet = VersionSet::since(3, 3, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::LogProfile) {
        let words: Vec<Word<'_>> = used.statement.words().collect();
        if words.iter().all(|word| word.known() != Some("do-log")) {
            out.report(draft.severity(Severity::Warning).note("HAProxy says nothing, and logs as if no profile were asked for"));
            continue;
        }
        // Of several profiles of one action the last counts.
        let last = words.windows(2).rfind(|pair| pair[0].known() == Some("profile")).and_then(|pair| pair[1].known());
        if last.is_some_and(|name| cx.config.names.find(NameKind::LogProfile, None, name).is_empty()) {
            out.report(draft.stage(Stage::Whole).only(ACTION).rejected_by(ACTION));
        }
    }
}
