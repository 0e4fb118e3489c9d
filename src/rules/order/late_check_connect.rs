use crate::rules::prelude::*;

rule! {
    /// A `connect` step of a health check stands behind a step that needs a connection.
    ///
    /// ## Why
    ///
    /// Without any `connect` HAProxy connects by itself; with one, the first step must be one, with nothing but comments
    /// and variables before it. HAProxy refuses anything else.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend db
    ///     option tcp-check
    ///     tcp-check send PING\r\n
    ///     tcp-check connect port 6379
    ///     server s1 127.0.0.1:6379 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend db
    ///     option tcp-check
    ///     tcp-check connect port 6379
    ///     tcp-check send PING\r\n
    ///     server s1 127.0.0.1:6379 check
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's tcpcheck.c; observed with 2.6 to 3.4.
    "order/late-check-connect", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !cx.config.reading.may_have(&["tcp-check", "http-check"]) {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        for kind in ["tcp-check", "http-check"] {
            let mut first: Option<Statement<'_>> = None;
            for line in proxy.section.statements().filter(|s| s.keyword() == kind) {
                let step = line.str(1);
                let connects = step == "connect";
                if let Some(first) = first.filter(|f| connects && f.str(1) != "connect") {
                    let message = format!("`{kind} connect` comes behind a step that needs a connection");
                    let draft = Draft::at(line.location(), message)
                        .also(first.location(), "the first step")
                        .help(format!("make `{kind} connect` the first step"));
                    out.report(draft.rejected_by(VersionSet::ALL));
                }
                let is_step = !matches!(step, "" | "comment" | "disable-on-404" | "send-state") && !step.contains("set-var");
                if is_step && first.is_none() {
                    first = Some(line);
                }
            }
        }
    }
}
