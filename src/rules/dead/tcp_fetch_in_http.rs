//! `dead/tcp-fetch-in-http`.

use rustc_hash::FxHashSet;

use crate::{
    catalog::{Fact, NoteKind},
    config::{Mode, Proxy},
    expression::{lookup_acl, lookup_fetch},
    rules::{
        prelude::*,
        reference::unknown_acl::{predefined, predefined_in},
    },
};

rule! {
    /// A condition or a header of an HTTP proxy looks at raw bytes that are not there.
    ///
    /// ## Why
    ///
    /// `req.ssl_sni`, `req.len`, `req.payload` and their kin look into the buffer of a TCP connection. In HTTP mode it holds a
    /// parsed request: they match nothing, and a header that is made of them is empty. HAProxy warns. The name that a client asked for is in `ssl_fc_sni` where HAProxy
    /// ends TLS.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     use_backend app if { req.ssl_sni -i app.example }
    ///
    /// backend app
    ///     mode http
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     http-request set-header X-SNI %[req.ssl_sni]
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request deny unless REQ_CONTENT
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     use_backend app if { req.hdr(host) -i app.example }
    ///
    /// backend app
    ///     mode http
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/tcp-fetch-in-http", Warning, World(check), mentions: ["RDP_COOKIE", "REQ_CONTENT", "payload", "rdp_cookie", "distcc", "req.len", "req_len", "res.len", ".ssl_", "_ssl_"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let of_all = predefined_in(VersionSet::ALL).filter(|name| predefined(name).is_some_and(|(fetch, _)| raw(fetch)));
    let of_all: Vec<&str> = of_all.filter(|name| cx.config.reading.may_mention(name)).collect();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Http) {
        let formats = proxy.section.statements().filter(|line| line.may_contain(b'[') && is_asked(line));
        formats.for_each(|line| format(&line, proxy, out));
        let mut acls: FxHashSet<&str> = proxy.lines(&["acl"]).filter(|acl| raw_criterion(acl.str(2))).map(|acl| acl.str(1)).collect();
        let redefined = |name: &str| proxy.lines(&["acl"]).any(|acl| acl.str(1) == name);
        acls.extend(of_all.iter().filter(|name| !redefined(name)));
        let may_ask = |line: &Statement<'_>| !acls.is_empty() || line.may_contain(b'{');
        for line in proxy.section.statements().filter(|line| may_ask(line) && is_told(line)) {
            // What is made for each request HAProxy leaves out.
            if matches!(line.keyword(), "use_backend" | "use-server") && line.str(1).contains('%') {
                continue;
            }
            let mut before = "";
            let found = line.words().skip_while(|w| !w.is("if") && !w.is("unless")).skip(1).find(|word| {
                let text = word.known().unwrap_or("");
                let criterion = matches!(std::mem::replace(&mut before, text), "{" | "!{");
                if criterion { raw_criterion(text) } else { acls.contains(text.trim_start_matches('!')) }
            });
            let Some(word) = found else { continue };
            let message = format!("`{}` matches nothing in {}: it is in http mode", word.display(), proxy.called());
            let draft = Draft::at(word.location, message).label("looks at raw bytes").stage(Stage::Whole);
            let draft = draft.help("compare something of the request, such as `req.hdr(host)`, or put the proxy into TCP mode");
            out.report(draft.warned_by(VersionSet::ALL));
        }
    }
}

/// Whether HAProxy looks at what the format of this line is made of.
fn is_asked(line: &Statement<'_>) -> bool {
    has(line, NoteKind::RawFormat)
}

/// Tells of a fetch of raw bytes in a format: it gives nothing.
fn format(line: &Statement<'_>, proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    let sample = |text: &str| text.split("%[").skip(1).any(|sample| raw(sample.split(']').next().unwrap_or_default()));
    let Some(word) = line.words_from(1).find(|word| word.known().is_some_and(sample)) else { return };
    let message = format!("a sample of `{}` gives nothing in {}: it is in http mode", word.display(), proxy.called());
    let draft = Draft::at(word.location, message).label("looks at raw bytes");
    out.report(draft.help("take something of the request, or `ssl_fc_sni` where HAProxy ends TLS").warned_by(VersionSet::ALL));
}

/// Whether HAProxy looks at the condition of this rule.
fn is_told(line: &Statement<'_>) -> bool {
    has(line, NoteKind::RawTold)
}

fn has(line: &Statement<'_>, note: NoteKind) -> bool {
    Fact::noted(SectionKind::Listen, line, 0, &[note]).is_some_and(|fact| fact.path().any(|fact| fact.has(note)))
}

/// Whether the expression begins with a fetch of raw bytes.
pub(in crate::rules) fn raw(expression: &str) -> bool {
    lookup_fetch(expression.split(['(', ',']).next().unwrap_or("")).iter().any(|form| form.has("raw"))
}

/// Whether a criterion of an ACL does, by its own name or by that of the fetch that it stands for.
fn raw_criterion(text: &str) -> bool {
    raw(text) || lookup_acl(text.split(['(', ',']).next().unwrap_or("")).is_some_and(|acl| raw(acl.fetch))
}

#[cfg(test)]
mod tests {
    use crate::expression::fetch_names;

    #[test]
    fn every_fetch_has_a_sign() {
        let raw = fetch_names().filter(|name| super::raw(name));
        assert_eq!(raw.filter(|name| !super::RULE.mentions.iter().any(|sign| name.contains(sign))).collect::<Vec<_>>(), [""; 0]);
    }
}
