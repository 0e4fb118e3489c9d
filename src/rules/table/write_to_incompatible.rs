//! `table/write-to-incompatible`.

use rustc_hash::FxHashMap;

use crate::{
    config::{KeyType, Proxy, StickTable},
    rules::prelude::*,
};

rule! {
    /// A stick table writes to a table that cannot take its entries.
    ///
    /// ## Why
    ///
    /// `write-to` copies what other nodes send about one table into another one. Both need the same `type`, and keys of the same
    /// length, and the other table must not write to a third one itself. HAProxy refuses the configuration otherwise.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.0 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     table sums type ipv6 size 100k expire 30m store gpc0
    ///     table seen type ip size 100k expire 30m store gpc0 write-to cluster/sums
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.0 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     table sums type ip size 100k expire 30m store gpc0
    ///     table seen type ip size 100k expire 30m store gpc0 write-to cluster/sums
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.0, 3.2 and 3.4.
    "table/write-to-incompatible", Error, World(check), about: ["stick-table", "table"]
}

/// The versions that know `write-to`.
const VERSIONS: VersionSet = VersionSet::since(2, 9, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.config.tables().all(|table| table.write_to.is_none()) {
        return;
    }
    let own = |proxy: &'_ Proxy<'_>| proxy.name().to_owned();
    let proxies = cx.config.proxies.iter().filter(|p| p.created).flat_map(|p| p.tables.iter().take(1).map(move |table| (own(p), table)));
    let shared = cx.config.peers.iter().flat_map(|peers| {
        let named = peers.tables.iter().filter_map(|table| Some((table.name?.known()?, table)));
        named.map(|(name, table)| (format!("{}/{name}", peers.section.name_str()), table))
    });
    let all: Vec<(String, &StickTable<'_>)> = proxies.chain(shared).collect();
    let by_name: FxHashMap<&str, &StickTable<'_>> = all.iter().map(|(name, table)| (name.as_str(), *table)).collect();
    for (name, table) in &all {
        let Some((word, target)) = table.write_to.and_then(|word| Some((word, word.known()?))) else { continue };
        // A table that writes to itself is not held against itself.
        let Some(other) = by_name.get(target).filter(|_| target != name) else { continue };
        let Some((message, help)) = differs(name, table, target, other) else { continue };
        let draft = Draft::at(word.location, message).label("cannot take these entries").help(help);
        out.report(draft.also(other.statement.location(), "the other table").stage(Stage::Whole).only(VERSIONS).rejected_by(VERSIONS));
    }
}

/// Why `other` cannot take the entries of `table`, and what to do.
fn differs(name: &str, table: &StickTable<'_>, target: &str, other: &StickTable<'_>) -> Option<(String, &'static str)> {
    if other.write_to.is_some() {
        return Some((format!("table `{target}` writes to another table itself"), "let both write to the last of them"));
    }
    if [table.key, other.key].contains(&KeyType::Unknown) {
        return None;
    }
    if table.key != other.key {
        let message = format!("the keys of `{target}` are of type `{}`, and those of `{name}` of type `{}`", kind(other), kind(table));
        return Some((message, "give both tables the same `type`"));
    }
    let long = matches!(table.key, KeyType::String | KeyType::Binary);
    let (own, its) = (table.key_length()?, other.key_length()?);
    let message = || format!("the keys of `{target}` are {its} bytes long, and those of `{name}` {own} bytes");
    (long && own != its).then(|| (message(), "give both tables the same `len`"))
}

/// The type of a table's keys as it is written.
fn kind<'r>(table: &StickTable<'r>) -> &'r str {
    table.statement.after("type", 1).and_then(Word::known).unwrap_or("")
}
