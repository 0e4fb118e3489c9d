use crate::{
    cut::Cut,
    expression::{ArgumentType, lookup_fetch},
    rules::prelude::*,
};

rule! {
    /// A sample fetch names a server where no backend is at hand.
    ///
    /// ## Why
    ///
    /// In a backend `srv_conn(s1)` means its own server `s1`. A frontend and a `defaults` section have no servers, so there
    /// the backend must be said too. HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Load %[srv_conn(s1)]
    ///     default_backend app
    /// backend app
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Load %[srv_conn(app/s1)]
    ///     default_backend app
    /// backend app
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's sample.c (`smp_resolve_args()`); observed with 2.6 to 3.4.
    "reference/server-without-backend", Error, World(check), mentions: ["srv_"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !p.is_backend()) {
        for line in proxy.section.statements() {
            for word in line.words() {
                let Some(text) = word.known().filter(|text| text.contains("srv_")) else { continue };
                for (at, _) in text.match_indices("srv_") {
                    if let Some(end) = names_a_server(text.cut(at..)) {
                        let call = text.cut(at..at + end);
                        let message = format!("`{call}` names a server and no backend, and this section has no servers");
                        let help = "write `BACKEND/SERVER` in the parentheses";
                        out.report(Draft::at(word.part(at..at + end), message).help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL));
                    }
                }
            }
        }
    }
}

/// Where the call ends that `text` begins with, if it is a fetch whose first argument is a server without a backend.
fn names_a_server(text: &str) -> Option<usize> {
    let open = text.find('(')?;
    let end = open + text.cut(open..).find(')')? + 1;
    let argument = text.cut(open + 1..end - 1).split(',').next()?;
    let takes =
        lookup_fetch(text.cut(..open)).iter().any(|form| form.arguments.as_ref().is_some_and(|a| a.first() == Some(&ArgumentType::Server)));
    (takes && !argument.is_empty() && !argument.contains('/')).then_some(end)
}
