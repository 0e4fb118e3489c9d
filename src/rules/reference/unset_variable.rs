//! `reference/unset-variable`.

use crate::rules::{
    prelude::*,
    variables::{alike, unset},
};

rule! {
    /// The host of a server or of a log is a variable, and the variable is known not to be set.
    ///
    /// ## Why
    ///
    /// HAProxy reads a variable that is not set as nothing at all, and says nothing. Of `"${APP_HOST}:80"` only `:80` is left: a server
    /// without a host is whatever address the client connected to, which is HAProxy itself, and a log without one goes to this machine.
    ///
    /// It is known where a topology says all that the container or unit sets, or with `--env-closed`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad env-closed
    /// global
    ///     log "${LOG_HOST}:514" local0
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one "${APP_HOST}:80"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good env-closed env=APP_HOST=192.0.2.1
    /// global
    ///     log 192.0.2.9:514 local0
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one "${APP_HOST}:80"
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, "Quoting and escaping" and `server`; observed with 2.6 to 3.4.
    "reference/unset-variable", Warning, World(check), mentions: ["$"], moot: InTemplate
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements());
    let of_proxies = cx.config.proxies.iter().flat_map(|p| p.section.statements());
    for line in globals.chain(of_proxies).filter(|line| line.keyword() == "log") {
        let to = line.word(1).and_then(|word| hostless(cx, word));
        out.report_all(to.map(|(word, names)| draft(cx, word, &names, "the log goes to this machine")));
    }
    for server in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()).flat_map(|p| &p.servers) {
        let to = server.address().and_then(|word| hostless(cx, word));
        let what = || format!("server `{}` is the address that the client connected to", server.name().display());
        out.report_all(to.map(|(word, names)| draft(cx, word, &names, &what())));
    }
}

/// A word of which only the port is left, and the variables that left it so.
fn hostless<'r>(cx: &Context<'_>, word: Word<'r>) -> Option<(Word<'r>, Vec<String>)> {
    let is_left = word.known().is_some_and(|text| text.starts_with(':'));
    let raw = is_left.then(|| cx.text(word.location))?;
    let host = raw.rsplit_once(':')?.0;
    let names: Vec<String> = unset(host, &cx.config.reading.environment).map(str::to_owned).collect();
    (!names.is_empty()).then_some((word, names))
}

fn draft(cx: &Context<'_>, word: Word<'_>, names: &[String], what: &str) -> Draft {
    let shown = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let are = if names.len() == 1 { "is" } else { "are" };
    let near = names.iter().find_map(|name| Some((name, alike(name, &cx.config.reading.environment)?)));
    let help = match near {
        Some((name, other)) => format!("`{other}` is set: write `${{{other}}}`, or call that variable `{name}`"),
        None => "set the variable for HAProxy, or write the host itself".to_owned(),
    };
    Draft::at(word.location, format!("{shown} {are} not set here, so {what}"))
        .label("without a host")
        .help(help)
        .note(format!("the address is `{}`", word.display()))
}
