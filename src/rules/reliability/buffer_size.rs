//! `reliability/buffer-size`.

use crate::{
    config::{Bind, Mode},
    rules::prelude::*,
};

rule! {
    /// Buffers are too small or too large for the protocol.
    ///
    /// ## Why
    ///
    /// A frame of HTTP/2 may have 16384 bytes, and must fit into `tune.bufsize`, where a frontend offers `h2`. Proxies in HTTP mode
    /// cannot address buffers from 256 MB on. HAProxy refuses both, and limits that its own error pages do not fit into: up to
    /// 3.0 it does not know `k`, so that `16k` are 16 bytes.
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
    /// HAProxy's own checks, observed with 2.6 to 3.5.
    "reliability/buffer-size", Error, World(check), about: ["tune.bufsize", "tune.http.maxhdr"]
}

/// From here on a buffer is too large for HTTP.
const LIMIT: u64 = 256 << 20;

/// HAProxy's own error pages need more than this.
const PAGES: u64 = 336;

/// So many headers have HAProxy's own error pages.
const HEADERS: u64 = 5;

/// What HTTP/2 needs.
const FRAME: u64 = 16384;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    few_headers(cx, out);
    let Some(line) = cx.config.global_line("tune.bufsize").filter(|_| !cx.is_open()) else { return };
    too_small(line, out);
    let Some((word, size)) = line.word(1).and_then(|word| Some((word, word.known()?.parse::<u64>().ok()?))) else { return };
    let mut http = cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Http);
    if size >= LIMIT && http.next().is_some() {
        let draft = Draft::at(word.location, "buffers of HTTP must be smaller than 256 MB").label("too large");
        out.report(draft.help("write a number below 268435456").stage(Stage::Whole).rejected_by(VersionSet::ALL));
    } else if size < FRAME {
        let offers = |word: Word<'_>| word.known().is_some_and(|text| text.split(',').any(|name| name == "h2"));
        let offering = |bind: &&Bind<'_>| {
            let options = bind.options();
            options.has("ssl") && (options.value("alpn").is_some_and(offers) || options.value("npn").is_some_and(offers))
        };
        let Some(bind) = http.filter(|p| p.is_frontend()).flat_map(|p| &p.binds).find(offering) else { return };
        let draft = Draft::at(word.location, format!("buffers of {} are too small for HTTP/2", counted(size, "byte"))).label("too small");
        let draft = draft.also(bind.statement.location(), "offers HTTP/2").help("write at least 16384, or leave the line out");
        out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}

/// Buffers that HAProxy's own error pages do not fit into.
fn too_small(line: Statement<'_>, out: &mut Sink<'_>) {
    let Some((word, text)) = line.word(1).and_then(|word| Some((word, word.known()?))) else { return };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (Some(number), unit) = (text.get(..digits).and_then(|n| n.parse::<u64>().ok()), text.get(digits..).unwrap_or("")) else { return };
    // Units came with 3.1; before that a number ends where its digits end.
    let versions = match unit {
        _ if number > PAGES || number == 0 => return,
        "" => VersionSet::ALL,
        _ => VersionSet::before(3, 1, 0),
    };
    let draft = Draft::at(word.location, format!("buffers of {} are too small for HAProxy's own error pages", counted(number, "byte")))
        .label("too small");
    let draft = if unit.is_empty() { draft } else { draft.note(format!("HAProxy 3.0 and earlier make {number} of `{text}`")) };
    out.report(draft.help("write 16384, or leave the line out").stage(Stage::Whole).only(versions).rejected_by(versions));
}

/// Room for fewer headers than HAProxy's own error pages have.
fn few_headers(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(word) = cx.config.global_line("tune.http.maxhdr").filter(|_| !cx.is_open()).and_then(|line| line.word(1)) else { return };
    let Some(text) = word.known() else { return };
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if let Some(number) = digits.parse::<u64>().ok().filter(|n| (1..HEADERS).contains(n)) {
        let draft =
            Draft::at(word.location, format!("HAProxy's own error pages have more than {}", counted(number, "header"))).label("too few");
        out.report(draft.help("write 101, or leave the line out").stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}
