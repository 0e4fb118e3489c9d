//! `security/credentials-captured`.

use crate::{
    rules::{clients, prelude::*},
    secret,
};

rule! {
    /// Passwords, tokens or session cookies go into the log.
    ///
    /// ## Why
    ///
    /// What `capture` takes is written by `option httplog` and by `%hr`: who reads the log, or its copy at a collector, can send
    /// requests in the name of the others. `Authorization` holds the password itself, in base64.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/credentials-captured
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     option httplog
    ///     capture request header Authorization len 64
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/credentials-captured
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     option httplog
    ///     capture request header User-Agent len 64
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `capture request header` and `option httplog`; CWE-532.
    "security/credentials-captured", Info, World(check), mentions: ["capture"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for line in proxy.section.statements() {
            let captures = line.keyword() == "http-request" && line.str(1) == "capture";
            let word = match line.keyword() {
                "capture" if matches!((line.str(1), line.str(2)), ("request" | "response", "header")) => line.word(3),
                _ if captures && !line.words().any(|word| word.is("id")) => line.word(2),
                _ => None,
            };
            let Some((word, text)) = word.and_then(|word| Some((word, word.known()?))) else { continue };
            // A digest of it is no secret any more.
            let name = if captures { header(text) } else { Some(text) };
            let Some(name) = name.filter(|name| is_credential(name)) else { continue };
            let draft = Draft::at(word.location, format!("`{name}` goes into the log, where it can be read and used"))
                .label("kept for the log")
                .help("take it out, or capture a part that tells the user and not the secret");
            out.report(draft);
        }
    }
}

/// The header that an expression is, all of it.
fn header(text: &str) -> Option<&str> {
    let fetch = clients::written(text).filter(|fetch| *fetch == text)?;
    fetch.split_once("hdr(")?.1.split([',', ')']).next()
}

fn is_credential(name: &str) -> bool {
    ["cookie", "set-cookie"].iter().any(|known| name.eq_ignore_ascii_case(known)) || secret::is_secret(name)
}
