//! `dead/pseudo-header`.

use crate::rules::prelude::*;

rule! {
    /// A header is called as the fields of HTTP/2 are: `:authority`, `:path`.
    ///
    /// ## Why
    ///
    /// HTTP/2 has no request line: what stands in it are fields whose names begin with a colon. HAProxy makes them itself. A header of
    /// such a name that a line adds goes nowhere: towards HTTP/1 servers it is left out without a word, so the server sees the old path
    /// and the old host.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     option httpchk
    ///     http-check send meth GET uri /alive ver HTTP/1.1 hdr :authority app.example.com hdr Host app.example.com
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     option httpchk
    ///     http-check send meth GET uri /alive ver HTTP/1.1 hdr Host app.example.com
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: what a server was sent.
    "dead/pseudo-header", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // By the number of the keyword: lines have few of them.
    let is_http: Vec<bool> = cx.config.reading.keywords().map(|keyword| keyword.starts_with("http-")).collect();
    let lines = cx.config.sections().flat_map(|section| section.statements());
    for line in lines.filter(|line| is_http[line.keyword_number() as usize]) {
        let of_header = line.str(1).ends_with("-header");
        let may_name = if of_header { is_pseudo(line.str(2)) } else { line.may_contain(b':') };
        if !may_name {
            continue;
        }
        let names_header = |at: usize| if of_header { at == 2 } else { at > 2 && line.str(at - 1) == "hdr" };
        let named = line.words().enumerate().find(|(at, word)| names_header(*at) && word.known().is_some_and(is_pseudo));
        let Some(word) = named.and_then(|(_, word)| Some((word, word.known()?))) else { continue };
        let (word, name) = word;
        let draft = Draft::at(word.location, format!("no header is called `{name}`: HAProxy leaves it out towards HTTP/1 servers"))
            .label("a field of HTTP/2")
            .help(instead(name));
        out.report(draft);
    }
}

/// Whether a name is that of a field that HTTP/2 has for a request line.
fn is_pseudo(name: &str) -> bool {
    name.strip_prefix(':').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase()))
}

fn instead(name: &str) -> &'static str {
    match name {
        ":authority" => "set the header `Host`, which HTTP/2 calls so",
        ":path" => "use `http-request set-path` and `set-query`; a check has `uri`",
        ":method" => "use `http-request set-method`; a check has `meth`",
        _ => "leave it out: HAProxy makes these fields itself",
    }
}
