//! `reference/unknown-filter`.

use rustc_hash::FxHashSet;

use crate::{config::Proxy, finding::Help, nearest::nearest, rules::prelude::*};

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
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(judged).filter(|(_, p)| !p.in_force.open) {
        let versions = if proxy.runs() || inherited.contains(&at) { VersionSet::ALL } else { VersionSet::since(3, 4, 0) };
        let filters: Vec<Statement<'_>> = proxy.lines(&["filter"]).collect();
        for line in proxy.section.statements() {
            let at = usize::from(line.keyword().starts_with("http-")) + 2 * usize::from(line.keyword().starts_with("tcp-"));
            let draft = match line.str(at) {
                "set-bandwidth-limit" if at > 0 => bandwidth(proxy, line, at, &filters),
                "send-spoe-group" if at > 0 => engine(proxy, line, at, &filters),
                "ot-group" if at > 0 => tracer(proxy, line, at, &filters),
                "filter-sequence" => sequence(proxy, line, &filters),
                _ => None,
            };
            draft.into_iter().for_each(|draft| out.report(draft.only(versions)));
        }
    }
}

/// What is said of a word that names no filter.
fn unknown(proxy: &Proxy<'_>, word: Word<'_>, kind: &str, names: &[&str], example: &str) -> Option<Draft> {
    let name = word.known()?;
    let message = format!("{} has no {kind} `{name}`", proxy.called());
    let near = nearest(name, names.iter().copied());
    let help = Help::near(word.location, name, near, || format!("declare it in this section: `{example}`"));
    Some(Draft::at(word.location, message).label("no such filter").stage(Stage::Whole).help(help))
}

/// `set-bandwidth-limit NAME`, and the filter of that name.
fn bandwidth(proxy: &Proxy<'_>, line: Statement<'_>, at: usize, filters: &[Statement<'_>]) -> Option<Draft> {
    let word = line.word(at + 1)?;
    let name = word.known()?;
    let limits = |filter: &&Statement<'_>| matches!(filter.str(1), "bwlim-in" | "bwlim-out");
    if filters.iter().filter(limits).any(|f| f.word(2).is_none_or(|w| w.known().is_none())) {
        return None;
    }
    if let Some(filter) = filters.iter().filter(limits).find(|f| f.str(2) == name) {
        return shared(line, at, *filter);
    }
    let names: Vec<&str> = filters.iter().filter(limits).map(|f| f.str(2)).collect();
    let example = format!("filter bwlim-out {name} default-limit 10m default-period 1s");
    let draft = unknown(proxy, word, "bandwidth limit", &names, &example)?;
    // HAProxy goes through the filters, and is left with the last one.
    Some(if filters.last().is_some_and(|f| limits(&f)) { draft } else { draft.rejected_by(VersionSet::since(2, 7, 0)) })
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

/// `send-spoe-group ENGINE GROUP`; without `engine` the filter is called as its file says.
fn engine(proxy: &Proxy<'_>, line: Statement<'_>, at: usize, filters: &[Statement<'_>]) -> Option<Draft> {
    let word = line.word(at + 1)?;
    let name = word.known()?;
    let mut engines = Vec::new();
    for filter in filters.iter().filter(|f| f.str(1) == "spoe") {
        engines.push(filter.after("engine", 2)?.known()?);
    }
    if engines.contains(&name) {
        return None;
    }
    let example = format!("filter spoe engine {name} config FILE");
    Some(unknown(proxy, word, "SPOE engine", &engines, &example)?.rejected_by(VersionSet::ALL))
}

/// `ot-group FILTER GROUP`; HAProxy calls a filter without `id` by a name of its own.
fn tracer(proxy: &Proxy<'_>, line: Statement<'_>, at: usize, filters: &[Statement<'_>]) -> Option<Draft> {
    let word = line.word(at + 1).filter(|_| filters.iter().all(|f| f.str(1) != "opentracing"))?;
    let example = format!("filter opentracing id {} config FILE", word.known()?);
    Some(unknown(proxy, word, "OpenTracing filter", &[], &example)?.rejected_by(VersionSet::ALL))
}

/// `filter-sequence request NAME,NAME`.
fn sequence(proxy: &Proxy<'_>, line: Statement<'_>, filters: &[Statement<'_>]) -> Option<Draft> {
    let word = line.word(2).filter(|_| matches!(line.str(1), "request" | "response"))?;
    let list = word.known()?;
    let mut names: Vec<&str> = Vec::new();
    for filter in filters {
        match filter.word(1)?.known()? {
            "compression" => names.extend(["comp-req", "comp-res"]),
            name => names.push(name),
        }
    }
    // HAProxy adds some filters by itself.
    let own = |name: &str| name.starts_with("comp") || name.starts_with("cache") || name.starts_with("fcgi");
    let wrong = list.trim_end_matches(',').split(',').find(|name| !names.contains(name) && !own(name) || name.is_empty())?;
    let message = format!("{} has no filter `{wrong}`", proxy.called());
    let draft = Draft::at(word.location, message).label("no such filter").stage(Stage::Whole);
    let help = if names.is_empty() {
        "declare it in this section, with `filter`".to_owned()
    } else {
        format!("its filters are {}", names.join(", "))
    };
    Some(draft.help(help).rejected_by(VersionSet::since(3, 4, 0)))
}
