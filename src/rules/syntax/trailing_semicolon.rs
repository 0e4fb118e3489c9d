//! `syntax/trailing-semicolon`.

use crate::rules::prelude::*;

rule! {
    /// A line ends in a semicolon, which becomes part of its last word.
    ///
    /// ## Why
    ///
    /// Lines of nginx end in `;`, those of HAProxy end where they end. `http-request set-header X-Real-IP 127.0.0.1;` sets the header
    /// to `127.0.0.1;`, and `path_beg /api;` matches no path that begins with `/api/`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-header X-Real-IP 127.0.0.1;
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-header X-Real-IP 127.0.0.1
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8.
    "syntax/trailing-semicolon", Warning, World(check), mentions: [";"], mends: true
}

/// Where a value may well end in a semicolon: lists of attributes, texts, patterns of cookies.
const MAY: [&str; 9] = [
    "log-format",
    "log-format-sd",
    "error-log-format",
    "unique-id-format",
    "description",
    "node",
    "http-send-name-header",
    "tcp-check",
    "setenv",
];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for line in cx.config.proxies.iter().flat_map(|p| p.section.statements()).filter(|line| line.may_contain(b';')) {
        let Some(word) = line.words().next_back().filter(|_| line.len() > 1 && !MAY.contains(&line.keyword())) else { continue };
        let Some(text) = word.known().filter(|text| text.ends_with(';') && text.len() > 1) else { continue };
        // Who quotes or escapes it means it, and so does who writes several.
        let plain = line.file().str(word.location.span) == Some(text);
        let several = line.words().filter_map(Word::known).map(|t| t.matches(';').count()).sum::<usize>() > 1;
        if !plain || several || text.contains('=') || is_list(&line) {
            continue;
        }
        let semicolon = word.part(text.len() - 1..text.len());
        let draft = Draft::at(semicolon, format!("the semicolon belongs to the value: it is `{}`", word.display()))
            .label("HAProxy's lines have none at their end")
            .help("delete it, or quote the word if it is meant")
            .offer("delete the semicolon", vec![Edit::replace(word.location, text.trim_end_matches(';'))]);
        out.report(draft);
    }
}

/// Whether the value is about something that is written with semicolons.
fn is_list(line: &Statement<'_>) -> bool {
    let of = [
        "cookie",
        "policy",
        "content-type",
        "content-disposition",
        "transport-security",
        "alt-svc",
        "keep-alive",
        "p3p",
        "link",
        "forwarded",
        "xss",
        "accept",
    ];
    let mut words = line.words().filter_map(Word::known).map(str::to_ascii_lowercase);
    words.any(|word| of.iter().any(|name| word.contains(name)) || word == "reg" || word.ends_with("_reg"))
}
