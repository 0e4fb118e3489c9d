//! `table/expires-before-period`.

use crate::{
    config::{StickTable, milliseconds},
    rules::prelude::*,
};

rule! {
    /// Entries of a stick table go before the period of a rate in it is over.
    ///
    /// ## Why
    ///
    /// `http_req_rate(1m)` counts the requests of a minute. An entry that nothing touches for the time of `expire` goes, and its
    /// counters with it. With `expire 10s` a client that sends a request every eleven seconds begins at zero each time.
    ///
    /// ```text
    /// expire 10s, http_req_rate(1m)    0s: 1    11s: gone, 1    22s: gone, 1    33s: gone, 1
    /// expire 1m,  http_req_rate(1m)    0s: 1    11s: 2          22s: 3          33s: 4
    /// ```
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 10s store http_req_rate(1m)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 5 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(1m)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 5 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: a limit of 3 in a minute and 8 requests in ten seconds. With `expire 1s` all were let
    /// through, with `expire 1m` 3.
    "table/expires-before-period", Warning, World(check), about: ["stick-table", "table"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    out.report_all(cx.config.tables().filter_map(too_short));
}

fn too_short(table: &StickTable<'_>) -> Option<Draft> {
    let expire = table.expire?;
    let kept = milliseconds(expire.known()?).filter(|kept| *kept > 0)?;
    let types = || table.store.iter().flat_map(|s| s.types.iter().map(move |t| (s, t)));
    let rates = types();
    let (stored, name, period, _) = rates
        .filter_map(|(stored, t)| {
            let period = t.period()?.to_owned();
            let length = milliseconds(&period)?;
            Some((stored, t.name.clone(), period, length))
        })
        .max_by_key(|(_, _, _, length)| *length)
        .filter(|(_, _, _, length)| *length > kept)?;
    let draft = Draft::at(
        expire.location,
        format!("entries go after {} without traffic, before the {period} of `{name}` are over", expire.known()?),
    )
    .label("slow clients begin at zero again")
    .also(stored.word.location, format!("counts {period}"))
    .offer(format!("write `expire {period}`"), vec![Edit::replace(expire.location, &period)]);
    Some(draft.help(format!("write `expire {period}` or more")))
}
