//! `tls/client-hello-already-read`.

use rustc_hash::FxHashSet;

use crate::{
    config::{Mode, Proxy},
    rules::prelude::*,
};

rule! {
    /// A condition looks for the greeting of TLS where HAProxy has answered it already.
    ///
    /// ## Why
    ///
    /// `req.ssl_sni` and `req.ssl_hello_type` read what a client sends first, as it comes. On a `bind` line with `ssl` HAProxy takes
    /// that itself, and the rules see what was encrypted: the condition never holds, and all go to the `default_backend`. The name
    /// that the client asked for is in `ssl_fc_sni` there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend tls
    ///     mode tcp
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     timeout client 30s
    ///     tcp-request inspect-delay 5s
    ///     use_backend mail if { req.ssl_sni -i mail.example.com }
    ///     default_backend web
    ///
    /// backend mail
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:25
    ///
    /// backend web
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend tls
    ///     mode tcp
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     timeout client 30s
    ///     use_backend mail if { ssl_fc_sni -i mail.example.com }
    ///     default_backend web
    ///
    /// backend mail
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:25
    ///
    /// backend web
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: a client that asked for `a.example.com` was sent to the `default_backend`.
    "tls/client-hello-already-read", Warning, World(check), mentions: ["ssl_sni"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.traffic() == Mode::Tcp && ends_tls(p)) {
        let names: FxHashSet<&str> = proxy.lines(&["acl"]).filter(|acl| reads_name(acl.str(2))).map(|acl| acl.str(1)).collect();
        for line in proxy.section.statements().filter(|line| matches!(line.keyword(), "use_backend" | "tcp-request")) {
            let asked = line.words().skip_while(|w| !w.is("if") && !w.is("unless")).skip(1).find(|word| {
                let text = word.known().unwrap_or("").trim_start_matches('!');
                reads_name(text) || names.contains(text)
            });
            let Some(word) = asked else { continue };
            let message = format!("`{}` matches nothing in {}: HAProxy has ended TLS before", word.display(), proxy.called());
            out.report(
                Draft::at(word.location, message).label("never holds").help("write `ssl_fc_sni`, which has the name that was asked for"),
            );
        }
    }
}

/// Whether all listeners end TLS.
fn ends_tls(proxy: &Proxy<'_>) -> bool {
    !proxy.binds.is_empty() && proxy.binds.iter().all(|bind| bind.options().has("ssl"))
}

fn reads_name(expression: &str) -> bool {
    matches!(expression.split([',', '(']).next().unwrap_or("").trim_end_matches("_end"), "req.ssl_sni" | "req_ssl_sni")
}
