use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// The steps of a health check stand in an order in which they cannot be taken.
    ///
    /// ## Why
    ///
    /// Without any `connect` HAProxy connects by itself; with one, the first step must be one, with nothing but comments
    /// and variables before it. Behind `option httpchk` a `send` needs a `connect` before it unless it is the first one, an
    /// `expect` a `send`, and another `connect` an `expect`. HAProxy refuses anything else.
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
    "order/late-check-connect", Error, World(check), about: ["http-check", "tcp-check"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        for kind in ["tcp-check", "http-check"] {
            // Up to `option httpchk` HAProxy does not know what it is reading.
            let inherited = proxy.defaults().and_then(|at| cx.config.proxies[at].in_force.get("check"));
            let mut http = inherited.is_some_and(|line| line.str(1) == "httpchk");
            let (mut first, mut last): (Option<Statement<'_>>, Option<Statement<'_>>) = (None, None);
            for line in proxy.section.statements() {
                let step = line.str(1);
                if line.keyword() != kind || !is_step(&line) {
                    // With more words than that it is refused, and has no effect.
                    http |= line.keyword() == "option" && step == "httpchk" && line.len() <= 5;
                    continue;
                }
                let late = first.filter(|f| step == "connect" && f.str(1) != "connect");
                if let Some(first) = late {
                    let message = format!("`{kind} connect` comes behind a step that needs a connection");
                    let draft = Draft::at(line.location(), message).also(first.location(), "the first step");
                    out.report(draft.help(format!("make `{kind} connect` the first step")).rejected_by(VersionSet::ALL));
                }
                let before = last.filter(|_| http && kind == "http-check").and_then(|last| Some((last, needs(last.str(1), step)?)));
                match before {
                    Some((last, missing)) if late.is_none() => {
                        let message = format!("`http-check {step}` cannot follow `http-check {}`", last.str(1));
                        let draft = Draft::at(line.location(), message).also(last.location(), "the step before");
                        out.report(draft.help(format!("write `http-check {missing}` between them")).rejected_by(VersionSet::ALL));
                    }
                    _ if late.is_none() => last = Some(line),
                    _ => {}
                }
                first = first.or(Some(line));
            }
        }
    }
}

/// Whether this is a step of a check, and not something beside it.
fn is_step(line: &Statement<'_>) -> bool {
    Fact::of(SectionKind::Listen, line, 0).is_some_and(|fact| fact.has(NoteKind::Step))
}

/// What must stand between two steps of an `http-check`.
fn needs(last: &str, step: &str) -> Option<&'static str> {
    match (last, step) {
        ("send" | "expect", "send") => Some("connect"),
        ("connect", "expect") => Some("send"),
        ("connect" | "send", "connect") => Some("expect"),
        _ => None,
    }
}
