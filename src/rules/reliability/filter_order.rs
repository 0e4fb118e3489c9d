//! `reliability/filter-order`.

use rustc_hash::FxHashMap;

use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// Filters stand in an order that HAProxy refuses, or one of them must be written down.
    ///
    /// ## Why
    ///
    /// What is cached must not be compressed before, so that `filter cache` comes first and `filter compression` after it. As
    /// soon as a proxy has another filter, HAProxy does not guess any more where the cache and the compression belong: both need
    /// a `filter` line of their own.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     filter trace
    ///     compression algo gzip
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     filter trace
    ///     filter compression
    ///     compression algo gzip
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks in cache.c and flt_http_comp.c, observed with 2.6 and 2.8, and the same in 2.4 to 3.4.
    "reliability/filter-order", Error, World(check), about: ["filter"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let defaults = proxy.defaults().map(|at| &cx.config.proxies[at]);
        if let Some(draft) = fault(proxy, defaults) {
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// What a proxy filters with, in order.
#[derive(Default)]
struct Filters<'r> {
    compression: Option<Statement<'r>>,
    /// The first one that is neither a cache nor the compression nor FastCGI.
    other: Option<Statement<'r>>,
    /// By the name of the cache: the line that it gets its place from, and whether that is a `filter` line.
    caches: FxHashMap<&'r str, (Statement<'r>, bool)>,
}

fn filters<'r>(proxy: &Proxy<'r>) -> Filters<'r> {
    let mut found = Filters::default();
    for line in proxy.section.statements() {
        match (line.keyword(), line.str(1)) {
            ("filter", "compression") => found.compression = found.compression.or(Some(line)),
            // It takes the place of one that a rule above brought.
            ("filter", "cache") => drop(found.caches.insert(line.str(2), (line, true))),
            ("filter", "fcgi-app") => {}
            ("filter", name) if !name.is_empty() => found.other = found.other.or(Some(line)),
            ("http-request", "cache-use") | ("http-response", "cache-store") => {
                found.caches.entry(line.str(2)).or_insert((line, false));
            }
            _ => {}
        }
    }
    found
}

fn fault(proxy: &Proxy<'_>, defaults: Option<&Proxy<'_>>) -> Option<Draft> {
    let Filters { compression, other, caches } = filters(proxy);
    let place = |line: &Statement<'_>| (line.file_id(), line.line());
    let compresses = || {
        let inherited = defaults.into_iter().flat_map(|d| d.lines(&["compression"]));
        proxy.lines(&["compression"]).chain(inherited).next()
    };
    if let Some((cache, _)) =
        compression.and_then(|line| caches.values().filter(|(cache, _)| place(&line) < place(cache)).min_by_key(|(c, _)| place(c)))
    {
        let draft = Draft::at(compression?.location(), "what is compressed here cannot be cached behind it".to_owned());
        return Some(
            draft.label("before the cache").also(cache.location(), "the cache comes here").help("write `filter cache NAME` above it"),
        );
    }
    let other = other?;
    let draft = |line: Statement<'_>, filter: String| {
        let message = format!("beside another filter HAProxy does not know where the filter `{filter}` belongs");
        let help = format!("write `filter {filter}` where it belongs among the filters");
        Draft::at(line.location(), message).label("needs a line of its own").also(other.location(), "another filter").help(help)
    };
    if let Some((name, (line, _))) = caches.iter().filter(|(_, (_, explicit))| !explicit).min_by_key(|(_, (line, _))| place(line)) {
        return Some(draft(*line, format!("cache {name}")));
    }
    compresses().filter(|_| compression.is_none()).map(|line| draft(line, "compression".to_owned()))
}
