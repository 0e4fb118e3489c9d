//! `table/incompatible-key`.

use rustc_hash::FxHashMap;

use crate::{
    catalog::Fact,
    config::{KeyType, Proxy},
    expression::{self, SampleType},
    rules::prelude::*,
};

rule! {
    /// What a rule looks up in a stick table cannot be a key of that table.
    ///
    /// ## Why
    ///
    /// A sample becomes the key of a table if its type can be turned into the table's: a text into an address, an address into a
    /// text, a number into both. A truth value is no address. HAProxy refuses such a rule.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443
    ///     stick-table type ip size 1k store gpc0
    ///     http-request track-sc0 ssl_c_used
    /// ```
    ///
    /// A text is read as an address where it is one. A path never is, so this table stays empty:
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     stick-table type ip size 100k expire 30s store http_req_rate(10s)
    ///     http-request track-sc0 path
    ///     http-request deny if { sc_http_req_rate(0) gt 100 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443
    ///     stick-table type ip size 1k store gpc0
    ///     http-request track-sc0 src
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "table/incompatible-key", Error, World(check), about: ["stick-table", "table"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let tables = keys(cx);
    if cx.is_open() || tables.is_empty() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for (line, at) in proxy.section.statements().filter_map(|line| Some((line, key_expression(proxy, &line)?))) {
            let table = line.after("table", at + 1).map_or(Some(proxy.name()), |word| word.known());
            let Some((name, key)) = table.and_then(|name| Some((name, tables.get(name)?))) else { continue };
            let mut wrong =
                expression::output(line, at).into_iter().map(|(versions, output)| (versions.minus(output.casts_to(*key)), output));
            let Some(word) = line.word(at) else { continue };
            let Some((versions, output)) = wrong.rfind(|(versions, _)| !versions.is_empty()) else {
                out.report_all(never_an_address(word, name, *key));
                continue;
            };
            let message = format!("the keys of table `{name}` are {}, and this gives {}", plural(*key), output.noun());
            let draft = Draft::at(word.location, message).label("cannot be such a key").stage(Stage::Whole);
            out.report(draft.help("fetch something else, or give the table another `type`").only(versions).rejected_by(versions));
        }
    }
}

/// Texts that HAProxy would read as addresses, if they could be any.
const NO_ADDRESSES: [&str; 8] = ["path", "pathq", "url", "base", "method", "req.ver", "capture.req.uri", "capture.req.method"];

/// A text is read as an address, and where it is none there is no key.
fn never_an_address(word: Word<'_>, table: &str, key: SampleType) -> Option<Draft> {
    let mut parts = word.known()?.split(',');
    let fetch = parts.next().filter(|fetch| NO_ADDRESSES.contains(fetch))?;
    if !matches!(key, SampleType::Ipv4 | SampleType::Ipv6) || !parts.all(|converter| matches!(converter, "lower" | "upper")) {
        return None;
    }
    let message = format!("the keys of table `{table}` are {}, and `{fetch}` is never one: no entry is made", plural(key));
    let draft = Draft::at(word.location, message).label("no address").severity(Severity::Warning);
    Some(draft.help("track `src`, or give the table `type string`"))
}

/// The types of the keys of all tables, by name.
fn keys<'r>(cx: &Context<'r>) -> FxHashMap<std::borrow::Cow<'r, str>, SampleType> {
    let mut found = FxHashMap::default();
    for proxy in &cx.config.proxies {
        for table in &proxy.tables {
            found.extend(sample_type(table.key).map(|key| (proxy.name().into(), key)));
        }
    }
    for peers in &cx.config.peers {
        for table in &peers.tables {
            let name = table.name.and_then(Word::known).map(|table| format!("{}/{table}", peers.section.name_str()));
            found.extend(name.zip(sample_type(table.key)).map(|(name, key)| (name.into(), key)));
        }
    }
    found
}

fn sample_type(key: KeyType) -> Option<SampleType> {
    Some(match key {
        KeyType::Integer => SampleType::Sint,
        KeyType::Ip => SampleType::Ipv4,
        KeyType::Ipv6 => SampleType::Ipv6,
        KeyType::String => SampleType::Str,
        KeyType::Binary => SampleType::Bin,
        KeyType::Unknown => return None,
    })
}

fn plural(key: SampleType) -> &'static str {
    match key {
        SampleType::Sint => "numbers",
        SampleType::Ipv4 => "IPv4 addresses",
        SampleType::Ipv6 => "IPv6 addresses",
        SampleType::Str => "texts",
        _ => "bytes",
    }
}

/// Which word of a rule fetches the key.
fn key_expression(proxy: &Proxy<'_>, line: &Statement<'_>) -> Option<usize> {
    if line.keyword() == "stick" {
        return proxy.is_backend().then_some(2);
    }
    let action = Fact::of(SectionKind::Listen, line, 0)?.list()?.words;
    line.str(action).starts_with("track-sc").then_some(action + 1)
}
