//! `reference/table-name-taken`.

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// Two stick tables have the same name.
    ///
    /// ## Why
    ///
    /// A proxy has one stick table, which bears its name; a second `stick-table` line is refused. So is a `table` line of a
    /// `peers` section with the name of a proxy above that has a table, and, since 2.8, a second `table` line of that name in
    /// the `peers` sections of one name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend limits
    ///     stick-table type ip size 100k expire 30s store http_req_rate(10s)
    ///     stick-table type ip size 100k expire 30s store conn_rate(10s)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend limits
    ///     stick-table type ip size 100k expire 30s store http_req_rate(10s),conn_rate(10s)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.2.
    "reference/table-name-taken", Error, World(check), about: ["stick-table", "table"]
}

/// The versions that look at the tables of peers sections of one name.
const WITHIN_PEERS: VersionSet = VersionSet::since(2, 8, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Tables of proxies are known by their bare names, those of peers by `peers/table`.
    let mut seen: FxHashMap<String, Location> = FxHashMap::default();
    for section in cx.config.sections() {
        let Some(name) = section.name().and_then(Word::known) else { continue };
        let keyword = if section.kind == SectionKind::Peers { "table" } else { "stick-table" };
        let proxy = matches!(section.kind, SectionKind::Frontend | SectionKind::Backend | SectionKind::Listen);
        if !proxy && section.kind != SectionKind::Peers {
            continue;
        }
        for line in section.statements().filter(|s| s.keyword() == keyword) {
            let table = if proxy { name } else { line.str(1) };
            let full = if proxy { name.to_owned() } else { format!("{name}/{table}") };
            let (earlier, versions) = match (seen.get(table), seen.get(&full)) {
                (Some(earlier), _) => (*earlier, VersionSet::ALL),
                (None, Some(earlier)) => (*earlier, WITHIN_PEERS),
                (None, None) => {
                    seen.insert(full, line.location());
                    continue;
                }
            };
            let draft = Draft::at(line.location(), format!("there is a stick table named `{table}` already"))
                .label("a second table of this name")
                .help("keep one of them, and store everything there")
                .also(earlier, "the first one");
            out.report(draft.only(versions).rejected_by(versions));
        }
    }
}
