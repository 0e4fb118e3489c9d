//! `reference/unknown-filter`.

use std::{cell::LazyCell, collections::hash_map::Entry};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::Proxy,
    rules::{prelude::*, unknown::Hints},
};

rule! {
    /// A rule or a `filter-sequence` names a filter that the proxy does not have.
    ///
    /// ## Why
    ///
    /// `set-bandwidth-limit` sets the limit of a `filter bwlim-in` or `filter bwlim-out` of the same section, `send-spoe-group` sends
    /// with the engine of a `filter spoe` of it, and `filter-sequence` puts the section's filters in order. HAProxy refuses the name
    /// of a filter that the section does not have. Where the last filter of a section limits bandwidth, HAProxy takes that one for
    /// any name it does not know, without a word: that is hardly meant either.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4.0
    /// frontend web
    ///     mode http
    ///     http-response set-bandwidth-limit downloads limit 1m period 1s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4.0
    /// frontend web
    ///     mode http
    ///     filter bwlim-out downloads default-limit 10m default-period 1s
    ///     http-response set-bandwidth-limit downloads limit 1m period 1s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks: `check_bwlim_action()` in flt_bwlim.c since 2.7, `check_send_spoe_group()` in flt_spoe.c,
    /// `compile_filter_sequence_elt()` in filters.c since 3.4; observed with 2.6 to 3.5.
    "reference/unknown-filter", Error, World(check), mentions: ["set-bandwidth-limit", "send-spoe-group", "ot-group", "filter-sequence"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    // A `defaults` section has no filters, so that its rules find none: from 3.4 on even where nobody inherits them.
    let inherited: FxHashSet<usize> = cx.config.proxies.iter().filter(|p| p.runs()).filter_map(|p| p.defaults()).collect();
    let judged = |(_, p): &(usize, &Proxy<'_>)| p.runs() || p.is_defaults() && p.created && !p.name().is_empty();
    let mut hints = Hints::new();
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(judged).filter(|(_, p)| !p.in_force.open) {
        let versions = if proxy.runs() || inherited.contains(&at) { VersionSet::ALL } else { VersionSet::since(3, 4, 0) };
        let filters = LazyCell::new(|| Filters::of(proxy));
        for line in proxy.section.statements() {
            let at = usize::from(line.keyword().starts_with("http-")) + 2 * usize::from(line.keyword().starts_with("tcp-"));
            let draft = match line.str(at) {
                "set-bandwidth-limit" if at > 0 => filters.bandwidth(line, at, &mut hints),
                "send-spoe-group" if at > 0 => filters.engine(line, at, &mut hints),
                "ot-group" if at > 0 => filters.tracer(line, at, &mut hints),
                "filter-sequence" => filters.sequence(line),
                _ => None,
            };
            draft.into_iter().for_each(|draft| out.report(draft.only(versions)));
        }
    }
}

/// The filters of a proxy. Where the name of one is not known, those of its kind are not.
struct Filters<'a, 'r> {
    proxy: &'a Proxy<'r>,
    limits: Option<Named<'r>>,
    limit_is_last: bool,
    engines: Option<Named<'r>>,
    traces: bool,
    /// As `filter-sequence` calls them.
    kinds: Option<Named<'r>>,
}

/// Names in their order, each with the first line that declares it.
#[derive(Default)]
struct Named<'r> {
    names: Vec<&'r str>,
    lines: FxHashMap<&'r str, Statement<'r>>,
}

impl<'r> Named<'r> {
    fn of(lines: impl Iterator<Item = Statement<'r>>, name: impl Fn(&Statement<'r>) -> Option<Word<'r>>) -> Option<Self> {
        let mut named = Self::default();
        for line in lines {
            let name = name(&line)?.known()?;
            if let Entry::Vacant(place) = named.lines.entry(name) {
                named.names.push(name);
                place.insert(line);
            }
        }
        Some(named)
    }
}

impl<'a, 'r> Filters<'a, 'r> {
    fn of(proxy: &'a Proxy<'r>) -> Self {
        let all = || proxy.lines(&["filter"]);
        let is_limit = |filter: &Statement<'_>| matches!(filter.str(1), "bwlim-in" | "bwlim-out");
        Self {
            proxy,
            limits: Named::of(all().filter(is_limit), |filter| filter.word(2)),
            limit_is_last: all().last().is_some_and(|filter| is_limit(&filter)),
            engines: Named::of(all().filter(|filter| filter.str(1) == "spoe"), |filter| filter.after("engine", 2)),
            traces: all().any(|filter| filter.str(1) == "opentracing"),
            kinds: Named::of(all(), |filter| filter.word(1)),
        }
    }

    fn unknown(&self, word: Word<'_>, kind: &str, names: &[&str], example: &str, hints: &mut Hints) -> Option<Draft> {
        let message = format!("{} has no {kind} `{}`", self.proxy.called(), word.known()?);
        let help = hints.help(word.location, word.known()?, names, format!("declare it in this section: `{example}`"));
        Some(Draft::at(word.location, message).label("no such filter").stage(Stage::Whole).help(help))
    }

    /// `set-bandwidth-limit NAME`, and the filter of that name.
    fn bandwidth(&self, line: Statement<'_>, at: usize, hints: &mut Hints) -> Option<Draft> {
        let word = line.word(at + 1)?;
        let (name, limits) = (word.known()?, self.limits.as_ref()?);
        if let Some(filter) = limits.lines.get(name) {
            return shared(line, at, *filter);
        }
        let example = format!("filter bwlim-out {name} default-limit 10m default-period 1s");
        let draft = self.unknown(word, "bandwidth limit", &limits.names, &example, hints)?;
        // HAProxy goes through the filters, and is left with the last one.
        Some(if self.limit_is_last { draft } else { draft.rejected_by(VersionSet::since(2, 7, 0)) })
    }

    /// `send-spoe-group ENGINE GROUP`; without `engine` the filter is called as its file says.
    fn engine(&self, line: Statement<'_>, at: usize, hints: &mut Hints) -> Option<Draft> {
        let word = line.word(at + 1)?;
        let (name, engines) = (word.known()?, self.engines.as_ref()?);
        if engines.lines.contains_key(name) {
            return None;
        }
        let example = format!("filter spoe engine {name} config FILE");
        Some(self.unknown(word, "SPOE engine", &engines.names, &example, hints)?.rejected_by(VersionSet::ALL))
    }

    /// `ot-group FILTER GROUP`; HAProxy calls a filter without `id` by a name of its own.
    fn tracer(&self, line: Statement<'_>, at: usize, hints: &mut Hints) -> Option<Draft> {
        let word = line.word(at + 1).filter(|_| !self.traces)?;
        let example = format!("filter opentracing id {} config FILE", word.known()?);
        Some(self.unknown(word, "OpenTracing filter", &[], &example, hints)?.rejected_by(VersionSet::ALL))
    }

    /// `filter-sequence request NAME,NAME`.
    fn sequence(&self, line: Statement<'_>) -> Option<Draft> {
        let word = line.word(2).filter(|_| matches!(line.str(1), "request" | "response"))?;
        let (list, kinds) = (word.known()?, self.kinds.as_ref()?);
        // HAProxy adds some filters by itself; compression is two.
        let own = |name: &str| name.starts_with("comp") || name.starts_with("cache") || name.starts_with("fcgi");
        let is_right = |name: &str| own(name) || name != "compression" && kinds.lines.contains_key(name);
        let wrong = list.trim_end_matches(',').split(',').find(|name| name.is_empty() || !is_right(name))?;
        let message = format!("{} has no filter `{wrong}`", self.proxy.called());
        let draft = Draft::at(word.location, message).label("no such filter").stage(Stage::Whole);
        let called = kinds.names.iter().map(|name| if *name == "compression" { "comp-req, comp-res" } else { name });
        let help = if kinds.names.is_empty() {
            "declare it in this section, with `filter`".to_owned()
        } else {
            format!("its filters are {}", called.collect::<Vec<_>>().join(", "))
        };
        Some(draft.help(help).rejected_by(VersionSet::since(3, 4, 0)))
    }
}

/// A limit that streams share is not set by a rule.
fn shared(line: Statement<'_>, at: usize, filter: Statement<'_>) -> Option<Draft> {
    filter.after("limit", 3)?;
    let word = (at + 2..line.len()).map_while(|n| line.word(n)).take_while(|w| !w.is("if") && !w.is("unless"));
    let word = word.into_iter().find(|w| w.is("limit") || w.is("period"))?;
    let what = word.known()?;
    let message = format!("the {what} of a bandwidth limit that streams share cannot be set by a rule");
    let draft = Draft::at(word.location, message).label("not for this filter").also(filter.location(), "streams share this limit");
    Some(draft.stage(Stage::Whole).help("delete it").rejected_by(VersionSet::since(2, 7, 0)))
}
