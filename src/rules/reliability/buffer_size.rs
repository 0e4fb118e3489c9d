//! `reliability/buffer-size`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// Buffers are too small or too large for the protocol.
    ///
    /// ## Why
    ///
    /// A frame of HTTP/2 may have 16384 bytes, and must fit into `tune.bufsize`, where a frontend offers `h2`. Proxies in HTTP mode
    /// cannot address buffers from 256 MB on. HAProxy refuses both.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     tune.bufsize 300000000
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     tune.bufsize 32768
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reliability/buffer-size", Error, World(check)
}

/// From here on a buffer is too large for HTTP.
const LIMIT: u64 = 256 << 20;

/// What HTTP/2 needs.
const FRAME: u64 = 16384;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(line) = cx.config.global_line("tune.bufsize").filter(|_| !cx.is_open()) else { return };
    let Some((word, size)) = line.word(1).and_then(|word| Some((word, word.known()?.parse::<u64>().ok()?))) else { return };
    let mut http = cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Http);
    if size >= LIMIT && http.next().is_some() {
        let draft = Draft::at(word.location, "buffers of HTTP must be smaller than 256 MB").label("too large");
        out.report(draft.help("write a number below 268435456").stage(Stage::Whole).rejected_by(VersionSet::ALL));
    } else if size < FRAME {
        let offers = |word: Word<'_>| word.known().is_some_and(|text| text.split(',').any(|name| name == "h2"));
        let offering = |s: &Statement<'_>| {
            s.words().any(|w| w.is("ssl")) && (s.after("alpn", 2).is_some_and(offers) || s.after("npn", 2).is_some_and(offers))
        };
        let Some(bind) = http.filter(|p| p.is_frontend()).flat_map(|p| p.lines(&["bind"])).find(offering) else { return };
        let draft = Draft::at(word.location, format!("buffers of {size} bytes are too small for HTTP/2")).label("too small");
        let draft = draft.also(bind.location(), "offers HTTP/2").help("write at least 16384, or leave the line out");
        out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}
