//! `reference/defaults-with-rules`.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    config::Proxy,
    rules::prelude::*,
};

rule! {
    /// A section inherits rules that it cannot have.
    ///
    /// ## Why
    ///
    /// A named `defaults` section may hold `http-request`, `tcp-request` and other rules. Then only sections of one kind may
    /// inherit from it: frontends or backends, no `listen` and no other `defaults`; backends not if it has `tcp-request connection` or
    /// `tcp-request session` rules, frontends not if it has `tcp-response content` rules. HAProxy refuses the configuration,
    /// and stops reading there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults web
    ///     mode http
    ///     http-request set-header X-Proxy one
    ///
    /// listen app from web
    ///     bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults web
    ///     mode http
    ///     http-request set-header X-Proxy one
    ///
    /// frontend app from web
    ///     bind :80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "reference/defaults-with-rules", Error, World(check), about: ["defaults"]
}

/// The rules of a `defaults` section.
#[derive(Default)]
struct Rules<'a> {
    any: Option<Statement<'a>>,
    early: Option<Statement<'a>>,
    response: Option<Statement<'a>>,
    /// Who inherited first: a frontend or not.
    heir: Option<(bool, Location)>,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut known: FxHashMap<usize, Rules<'_>> = FxHashMap::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !cx.is_open()) {
        let Some((at, header)) = proxy.defaults().zip(proxy.place()) else { continue };
        let defaults = &cx.config.proxies[at];
        // Without a name it takes no rules at all.
        if defaults.name().is_empty() {
            continue;
        }
        let rules = known.entry(at).or_insert_with(|| rules(defaults));
        let Some(first) = rules.any else { continue };
        let name = defaults.name();
        let fault = if proxy.is_defaults() {
            Some((first, format!("a `defaults` section cannot inherit from `{name}`, which has rules")))
        } else if proxy.is_frontend() && proxy.is_backend() {
            Some((first, format!("a `listen` section cannot inherit from `{name}`, which has rules")))
        } else if rules.heir.is_some_and(|(frontend, _)| frontend != proxy.is_frontend()) {
            Some((first, format!("frontends and backends cannot both inherit from `{name}`, which has rules")))
        } else if proxy.is_backend() {
            rules.early.map(|rule| (rule, format!("a `backend` cannot inherit from `{name}`, which has `{}` rules", two(rule))))
        } else {
            rules.response.map(|rule| (rule, format!("a `frontend` cannot inherit from `{name}`, which has `{}` rules", two(rule))))
        };
        match fault {
            Some((rule, message)) => {
                let draft = Draft::at(header, message).label("refused").also(rule.location(), "such a rule");
                let draft = draft.help("move the rules into the sections that need them, or give these another `defaults` section");
                out.report(draft.aborts(VersionSet::since(2, 5, 0)));
            }
            None => {
                rules.heir.get_or_insert((proxy.is_frontend(), header));
            }
        }
    }
}

fn rules<'a>(defaults: &'a Proxy<'a>) -> Rules<'a> {
    let mut rules = Rules::default();
    for line in defaults.section.statements() {
        let Some(list) = Fact::of(SectionKind::Defaults, &line, 0).and_then(Fact::list) else { continue };
        let slot = match list.name {
            "tcp-request connection" | "tcp-request session" => Some(&mut rules.early),
            "tcp-response content" => Some(&mut rules.response),
            "quic-initial" => continue,
            _ if list.has(NoteKind::Final) => continue,
            _ => None,
        };
        slot.map(|slot| slot.get_or_insert(line));
        rules.any.get_or_insert(line);
    }
    rules
}

fn two(rule: Statement<'_>) -> String {
    format!("{} {}", rule.keyword(), rule.str(1))
}
