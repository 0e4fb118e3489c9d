//! `dead/capture-truncated`.

use crate::rules::prelude::*;

rule! {
    /// A cookie is captured up to more characters than are kept.
    ///
    /// ## Why
    ///
    /// HAProxy keeps `tune.http.cookielen` characters of a captured cookie, 63 if that is not set, and cuts off the rest, its name
    /// counted in. It warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     capture cookie SESSION= len 128
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     tune.http.cookielen 128
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     capture cookie SESSION= len 128
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "dead/capture-truncated", Warning, World(check), about: ["capture"]
}

/// What is kept if `tune.http.cookielen` is not set.
const KEPT: usize = 63;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let kept = match cx.config.global_line("tune.http.cookielen").map(|line| line.str(1).parse()) {
        None => KEPT,
        Some(Ok(kept)) => kept,
        Some(Err(_)) => return,
    };
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        let inherited = proxy.defaults().and_then(|at| cx.config.proxies[at].lines(&["capture", "cookie"]).last());
        let Some(line) = proxy.lines(&["capture", "cookie"]).last().or(inherited) else { continue };
        let Some((length, number)) = line.word(4).and_then(|word| Some((word, word.known()?.parse::<usize>().ok()?))) else { continue };
        if number > kept {
            let message = format!("only {kept} of {number} characters are kept for {}", proxy.called());
            let help = format!("write `tune.http.cookielen {number}` in `global`, or a shorter length");
            out.report(Draft::at(length.location, message).label("cut off").help(help).stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}
