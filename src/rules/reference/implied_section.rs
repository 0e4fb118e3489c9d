//! `reference/implied-section`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Argument, NameKind, Proxy},
    rules::prelude::*,
};

rule! {
    /// A sample fetch without a name asks its own section for what it has not.
    ///
    /// ## Why
    ///
    /// `be_conn`, `nbsrv` and `queue` mean the section they stand in if they name no other, and a `frontend` has no servers
    /// and no queue. In the same way `fe_conn` means nothing in a `backend`, and `src_conn_rate` or `table_conn_cnt` nothing in
    /// a section without a `stick-table`. HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     acl abuse src_conn_rate gt 20
    ///     http-request deny if abuse
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     tcp-request connection track-sc0 src table clients
    ///     acl abuse src_conn_rate(clients) gt 20
    ///     http-request deny if abuse
    ///
    /// backend clients
    ///     stick-table type ip size 100k expire 1m store conn_rate(10s)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check (`smp_resolve_args()` of sample.c), observed with 2.6 and 2.8.
    "reference/implied-section", Error, World(check), mentions: ["src_", "sc_", "sc0_", "sc1_", "sc2_", "table_", "in_table", "be_conn", "be_sess", "fe_conn", "fe_req", "fe_sess", "nbsrv", "connslots", "queue"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let heirs = heirs(cx);
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(|(_, p)| (p.runs() || p.is_defaults()) && !p.in_force.open) {
        let Some(sides) = (if proxy.is_defaults() { heirs.get(&at).copied() } else { Some(Sides::of(proxy)) }) else { continue };
        let lines = proxy.section.body().zip(proxy.section.statements()).filter(|(_, line)| is_resolved(proxy, line));
        lines.for_each(|(number, line)| {
            cx.config.arguments(number, &mut |argument| {
                if let Some(draft) = lacking(proxy, sides, &line, &argument) {
                    out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
                }
            });
        });
    }
}

/// What a section has, or those that inherit from a defaults section.
#[derive(Clone, Copy)]
struct Sides {
    frontend: bool,
    backend: bool,
}

impl Sides {
    fn of(proxy: &Proxy<'_>) -> Self {
        Self { frontend: proxy.is_frontend(), backend: proxy.is_backend() }
    }
}

/// What those have that inherit from each `defaults` section. The rules of one that nothing inherits from are looked at by nobody,
/// and it is not among them.
fn heirs(cx: &Context<'_>) -> FxHashMap<usize, Sides> {
    let mut heirs: FxHashMap<usize, Sides> = FxHashMap::default();
    for (defaults, own) in cx.config.proxies.iter().filter(|p| p.runs()).filter_map(|p| Some((p.defaults()?, Sides::of(p)))) {
        let all = heirs.entry(defaults).or_insert(own);
        *all = Sides { frontend: all.frontend || own.frontend, backend: all.backend || own.backend };
    }
    heirs
}

/// Whether HAProxy looks for what the expressions of this line ask for.
fn is_resolved(proxy: &Proxy<'_>, line: &Statement<'_>) -> bool {
    match line.keyword() {
        "http-request" | "http-response" | "http-after-response" | "tcp-request" | "tcp-response" if proxy.is_defaults() => true,
        _ if proxy.is_defaults() => false,
        "acl"
        | "balance"
        | "http-request"
        | "http-response"
        | "http-after-response"
        | "tcp-request"
        | "tcp-response"
        | "tcp-check"
        | "http-check" => true,
        "bind" | "server" | "server-template" | "default-server" | "option" | "timeout" | "redirect" => line.may_contain(b'{'),
        // A frontend takes no `stick`, a backend compiles no format of the log.
        "stick" => proxy.is_backend(),
        "log-format" | "log-format-sd" | "error-log-format" => proxy.is_frontend(),
        _ => line.may_contain(b'{') || line.may_contain(b'%'),
    }
}

/// What is wrong if an argument that is left out stands for the section.
fn lacking(proxy: &Proxy<'_>, sides: Sides, line: &Statement<'_>, argument: &Argument<'_>) -> Option<Draft> {
    let Argument { kind, word, call, name: None } = argument else { return None };
    // The others stand in braces, or are words of their own.
    let in_format = call.start > 0;
    if in_format && line.keyword() == "redirect" {
        return None;
    }
    let sent = in_format && line.words().any(sends_file);
    let (lacks, help) = match kind {
        NameKind::Table if proxy.tables.is_empty() => ("no `stick-table`", "the proxy that has the table"),
        NameKind::Backend if !sides.backend && proxy.is_defaults() => ("no servers: only frontends inherit it", "a backend"),
        NameKind::Backend if !sides.backend => ("no servers: it is a frontend", "a backend"),
        NameKind::Frontend if !sides.frontend && !sent && proxy.is_defaults() => ("no clients: only backends inherit it", "a frontend"),
        NameKind::Frontend if !sides.frontend && !sent => ("no clients of its own: it is a backend", "a frontend"),
        _ => return None,
    };
    let name = word.known()?.get(call.clone())?;
    let message = format!("`{name}` without a name means {}, which has {lacks}", proxy.called());
    Some(Draft::at(word.part(call.clone()), message).label("asks this section").help(format!("name {help}: `{name}(NAME)`")))
}

/// Whether a format stands behind this word that is compiled before it is known where it is used.
fn sends_file(word: Word<'_>) -> bool {
    word.is("lf-string") || word.is("lf-file")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::expression::{ArgumentType, converter_names, fetch_names, lookup_converter, lookup_fetch};

    #[test]
    fn every_name_that_asks_for_a_section_has_a_sign() {
        let asks = |kind: &ArgumentType| matches!(kind, ArgumentType::Backend | ArgumentType::Frontend | ArgumentType::Table);
        let forms = fetch_names().flat_map(lookup_fetch).chain(converter_names().flat_map(lookup_converter));
        let names: Vec<&str> = forms.filter(|form| form.arguments.iter().flatten().any(asks)).map(|form| form.name).collect();
        assert!(names.len() > 100);
        let without: Vec<_> = names.iter().filter(|name| !RULE.mentions.iter().any(|sign| name.contains(sign))).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
