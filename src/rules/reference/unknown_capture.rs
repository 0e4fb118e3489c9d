//! `reference/unknown-capture`.

use std::cell::LazyCell;

use memchr::memmem::Finder;

use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// Something is captured into a slot that is not declared.
    ///
    /// ## Why
    ///
    /// `http-request capture … id N` and `http-response capture … id N` write into slot N of the frontend, counted from 0. Slots are
    /// made by `declare capture`, by `capture request header` and `capture response header`, and by captures with a `len`. HAProxy
    /// refuses a number that has no slot.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     declare capture request len 32
    ///     http-request capture req.hdr(host) id 1
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-after-response capture res.hdr(Server) id 0
    /// ```
    ///
    /// Who asks for the content of a slot that is not there gets nothing, and HAProxy does not refuse it:
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     capture request header Host len 32
    ///     http-request set-header X-Host %[capture.req.hdr(1)]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     declare capture request len 32
    ///     http-request capture req.hdr(host) id 0
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reference/unknown-capture", Error, World(check), mentions: ["capture"]
}

/// The two sides that captures are made for, and the rules that fill them.
const SIDES: [(&str, &str); 2] = [("request", "http-request"), ("response", "http-response")];

/// What asks for the content of a slot, for each side.
const FETCHES: [&str; 2] = ["capture.req.hdr(", "capture.res.hdr("];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    // Who asks for the content of a slot; most do not.
    let asks = FETCHES.map(|fetch| cx.config.reading.may_mention(fetch).then(|| Finder::new(fetch)));
    // Which frontends use a backend is not looked at.
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && !p.in_force.open) {
        for ((side, rule), (fetch, asks)) in SIDES.into_iter().zip(FETCHES.into_iter().zip(&asks)) {
            let slots = LazyCell::new(|| slots(proxy, side) + cx.config.ancestors(proxy).map(|parent| slots(parent, side)).sum::<usize>());
            // Responses are captured by two lists of rules.
            let after = (side == "response").then(|| proxy.lines(&["http-after-response", "capture"]));
            for word in proxy.lines(&[rule, "capture"]).chain(after.into_iter().flatten()).filter_map(|line| line.after("id", 3)) {
                let number = word.known().and_then(|text| text.parse::<usize>().ok());
                if number.is_some_and(|number| number >= *slots) {
                    let message = format!("{} has {} for captures of the {side}", proxy.called(), counted(*slots, "slot"));
                    let draft = Draft::at(word.location, message).label("no such slot").stage(Stage::Whole);
                    let help = format!("the first slot is 0; `declare capture {side} len NUMBER` makes another one");
                    out.report(draft.help(help).rejected_by(VersionSet::ALL));
                }
            }
            for (word, number) in asks.iter().flat_map(|asks| fetched(proxy, asks, fetch)).filter(|(_, number)| *number >= *slots) {
                let message = format!(
                    "`{fetch}{number})` is always empty: {} has {} for captures of the {side}",
                    proxy.called(),
                    counted(*slots, "slot")
                );
                let help = format!("`capture {side} header NAME len NUMBER` fills a slot; the first one is 0");
                out.report(Draft::at(word.location, message).label("no such slot").severity(Severity::Warning).help(help));
            }
        }
    }
}

/// The words of a proxy that ask for the content of a slot by `fetch`, which `asks` finds, with its number.
fn fetched<'r>(proxy: &Proxy<'r>, asks: &Finder<'_>, fetch: &'static str) -> impl Iterator<Item = (Word<'r>, usize)> {
    let holds = |line: &Statement<'_>| line.plain_text().is_none_or(|text| asks.find(text).is_some());
    let words = proxy.section.statements().filter(holds).flat_map(|line| line.words());
    words.filter_map(move |word| {
        let (_, rest) = word.known()?.split_once(fetch)?;
        Some((word, rest.split_once(')')?.0.trim().parse().ok()?))
    })
}

/// How many slots a frontend has.
fn slots(proxy: &Proxy<'_>, side: &str) -> usize {
    let makes = |line: &Statement<'_>| match (line.keyword(), line.str(1)) {
        ("declare", "capture") => line.str(2) == side,
        ("capture", kind) => kind == side,
        ("http-request", "capture") => side == "request" && line.after("len", 3).is_some(),
        ("tcp-request", _) => side == "request" && line.str(2) == "capture",
        _ => false,
    };
    proxy.section.statements().filter(makes).count()
}
