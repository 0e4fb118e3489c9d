//! `table/table-mismatch`.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    config::{DataType, entries, milliseconds},
    rules::prelude::*,
    topology::Table,
};

rule! {
    /// A table that is replicated has another type of key, or other data, on another node.
    ///
    /// ## Why
    ///
    /// Tables are matched by name. If the key has another type or length on the other side, the connection is up (`ESTA`), but not one entry of that
    /// table is taken, and no line in any log says so: `show peers` says `remote_id=0`. Of the data, only what both sides store is exchanged.
    /// A rate that is counted over another period is exchanged, and read wrongly: `http_req_rate(60s)` of one side is taken for
    /// `http_req_rate(10s)` of the other, whose limits then see too much of it or nothing. With another `expire`, entries live longer on one side.
    ///
    /// A `table` inside of a `peers` section is called `SECTION/NAME`, so it is never the same as one of a proxy. A table that is
    /// replicated on one node, and on the other has no `peers` or another name, is shared with nobody.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type string len 32 size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.4.
    "table/table-mismatch", Error, Mesh(check), covers: "table/unattached-table", mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    kept_apart(mesh, out);
    nothing_in_common(mesh, out);
    let mut told = HashSet::new();
    for (a, b, one, two) in mesh.meetings() {
        // Most tables are the same line of the same file.
        let pairs = one.tables.iter().zip(&two.tables).take_while(|(mine, theirs)| Arc::ptr_eq(mine, theirs)).count();
        let others: HashMap<&str, &Arc<Table>> = two.tables[pairs..].iter().map(|t| (t.wire(), t)).collect();
        for mine in &one.tables[pairs..] {
            let Some(theirs) = others.get(mine.wire()) else { continue };
            let place = (mine.at.min(theirs.at), mine.at.max(theirs.at));
            if mine.at == theirs.at || told.contains(&place) {
                continue;
            }
            let found = differences(mine, theirs);
            let Some(severity) = found.iter().map(|d| d.severity).max() else { continue };
            told.insert(place);
            let edits = align(mesh, (a, mine), (b, theirs));
            let (here, there) = (&mesh.node(a).title, &mesh.node(b).title);
            let what: Vec<&str> = found.iter().map(|d| d.what.as_str()).collect();
            let mut words: Vec<String> = found.iter().map(|d| format!("`{}`", d.word)).collect();
            words.dedup();
            out.report(
                Draft::at(mine.at, format!("table `{}` is not the same on `{here}` and `{there}`: {}", mine.name, what.join("; ")))
                    .severity(severity)
                    .offer_if("write the same on both nodes", edits)
                    .help(format!("write the same {} on both nodes", words.join(", ")))
                    .also(theirs.at, format!("the table of `{there}`"))
                    .nodes(mesh.node_names([a, b])),
            );
        }
    }
}

/// Tables of which the other node has one of the same name, and keeps it for itself.
fn kept_apart(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = HashSet::new();
    for (a, b, one, two) in mesh.meetings() {
        for (here, there, mine, theirs) in [(a, b, one, two), (b, a, two, one)] {
            if mesh.summary(there).apart.is_empty() {
                continue;
            }
            let apart: HashMap<&str, Location> = mesh.summary(there).apart.iter().map(|(name, at)| (name.as_str(), *at)).collect();
            let shared: HashSet<&str> = theirs.tables.iter().map(|t| t.name.as_str()).collect();
            for table in mine.tables.iter().filter(|t| !shared.contains(t.name.as_str())) {
                let Some(at) = apart.get(table.name.as_str()).filter(|at| told.insert(**at)) else { continue };
                let (name, with, without) = (&table.name, &mesh.node(here).title, &mesh.node(there).title);
                out.report(
                    Draft::at(*at, format!("table `{name}` is replicated on `{with}` and not on `{without}`: not one entry is exchanged"))
                        .severity(Severity::Warning)
                        .about(Subject::new(SubjectKind::Name, theirs.name.as_str()))
                        .offer_if(
                            "replicate it on both",
                            mesh.line(*at).and_then(|line| line.words_behind(&format!(" peers {}", theirs.name))),
                        )
                        .help(format!("write `peers {}` behind this line, or take `peers` out on `{with}`", theirs.name))
                        .also(table.at, format!("the table of `{with}`"))
                        .nodes(mesh.node_names([here, there])),
                );
            }
        }
    }
}

/// Sections that join two nodes whose tables have no name in common, and that nobody else has.
fn nothing_in_common(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let meetings = mesh.meetings();
    let first = |section: &Section| section.tables.first().map(|t| t.at);
    let joined = meetings.iter().filter(|(.., one, two)| have_a_table_in_common(one, two));
    let joined: HashSet<Option<Location>> = joined.flat_map(|(.., one, two)| [first(one), first(two)]).collect();
    let mut readers: HashMap<usize, usize> = HashMap::new();
    mesh.views.iter().for_each(|view| *readers.entry(view.summary).or_insert(0) += 1);
    for (a, b, one, two) in meetings {
        let sides = [(a, one), (b, two)];
        let certain = sides.iter().all(|(view, section)| {
            let lonely = first(section).is_some() && !joined.contains(&first(section));
            lonely && readers[&view.summary] == 1 && !mesh.summary(view).open
        });
        if !certain {
            continue;
        }
        let kept: HashSet<&str> = [a, b].iter().flat_map(|v| &mesh.summary(v).apart).map(|(name, _)| name.as_str()).collect();
        if sides.iter().any(|(_, section)| section.tables.iter().any(|t| kept.contains(t.name.as_str()))) {
            continue;
        }
        let names = |section: &Section| section.tables.iter().take(3).map(|t| format!("`{}`", t.name)).collect::<Vec<_>>().join(", ");
        let (here, there) = (&mesh.node(a).title, &mesh.node(b).title);
        let what = format!("{} on `{here}` and {} on `{there}`", names(one), names(two));
        out.report(
            Draft::at(one.tables[0].at, format!("`{here}` and `{there}` share no table, as none is called alike: {what}"))
                .severity(Severity::Warning)
                .help("give the proxies that hold them the same name: a table is called as its proxy, and a `table` of a `peers` section is another one")
                .also(two.tables[0].at, format!("the table of `{there}`"))
                .nodes(mesh.node_names([a, b])),
        );
    }
}

fn have_a_table_in_common(one: &Section, two: &Section) -> bool {
    let same_line = one.tables.first().zip(two.tables.first()).is_some_and(|(mine, theirs)| Arc::ptr_eq(mine, theirs));
    let theirs: HashSet<&str> = two.tables.iter().map(|t| t.wire()).collect();
    same_line || one.tables.iter().any(|t| theirs.contains(t.wire()))
}

/// One thing that two tables have otherwise.
struct Difference {
    severity: Severity,
    /// The word of the line that says it.
    word: &'static str,
    what: String,
}

fn differences(mine: &Table, theirs: &Table) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut add = |severity, word, what| all.push(Difference { severity, word, what });
    if has_other_key(mine, theirs) {
        let what = format!("its key is `type {}` here and `type {}` there: not one entry is exchanged", mine.key, theirs.key);
        add(Severity::Error, "type", what);
    }
    let missing: Vec<&str> = lacking(mine, theirs).chain(lacking(theirs, mine)).map(|t| t.name.as_str()).collect();
    if !missing.is_empty() {
        add(Severity::Warning, "store", format!("only one of them stores `{}`, which is then not exchanged", missing.join("`, `")));
    }
    for (here, there) in other_periods(mine, theirs) {
        let what =
            format!("it stores `{here}` here and `{there}` there: each reads what the other has counted as if it were over its own period");
        add(Severity::Warning, "store", what);
    }
    if let Some((here, there)) = other_expire(mine, theirs) {
        add(Severity::Warning, "expire", format!("entries expire after `{here}` here and after `{there}` there"));
    }
    if let Some((here, there)) = other_size(mine, theirs) {
        let entries = if here == "1" { "entry" } else { "entries" };
        let what = format!("it holds {here} {entries} here and {there} there: the smaller one loses what the other keeps");
        add(Severity::Warning, "size", what);
    }
    all
}

/// A key of text or bytes has 32 of them where nothing else is said.
fn has_other_key(mine: &Table, theirs: &Table) -> bool {
    let whole = |key: &str| if matches!(key, "string" | "binary") { format!("{key} len 32") } else { key.to_owned() };
    whole(&mine.key) != whole(&theirs.key)
}

/// What `one` stores and `other` does not.
fn lacking<'t>(one: &'t Table, other: &'t Table) -> impl Iterator<Item = &'t DataType> {
    one.store.iter().filter(|s| !other.store.iter().any(|t| t.name == s.name))
}

/// The rates that both store, and count over other times.
fn other_periods<'t>(one: &'t Table, other: &'t Table) -> impl Iterator<Item = (&'t DataType, &'t DataType)> {
    let length = |stored: &DataType| milliseconds(stored.period()?);
    one.store.iter().filter_map(move |mine| {
        let theirs = other.store.iter().find(|t| t.name == mine.name)?;
        (length(mine)? != length(theirs)?).then_some((mine, theirs))
    })
}

fn other_expire<'t>(one: &'t Table, other: &'t Table) -> Option<(&'t str, &'t str)> {
    other_value(&one.expire, &other.expire, milliseconds)
}

fn other_size<'t>(one: &'t Table, other: &'t Table) -> Option<(&'t str, &'t str)> {
    other_value(&one.size, &other.size, entries)
}

/// Two values that are written otherwise, and are not the same for that: `10m` is `600s`.
fn other_value<'t>(here: &'t Option<String>, there: &'t Option<String>, read: fn(&str) -> Option<u64>) -> Option<(&'t str, &'t str)> {
    let (here, there) = (here.as_deref()?, there.as_deref()?);
    let same = here == there || read(here).is_some_and(|value| Some(value) == read(there));
    (!same).then_some((here, there))
}

/// Both store what either does; of anything else the table counts that more nodes have, or else the first.
fn align(mesh: &Mesh<'_>, mine: (&View, &Arc<Table>), theirs: (&View, &Arc<Table>)) -> Option<Vec<Edit>> {
    let readers = |view: &View| mesh.views.iter().filter(|v| v.summary == view.summary).count();
    let (right, wrong) = if readers(theirs.0) > readers(mine.0) { (theirs.1, mine.1) } else { (mine.1, theirs.1) };
    let line = mesh.line(wrong.at)?;
    let mut edits = Vec::new();
    if has_other_key(right, wrong) {
        edits.push(line.option("type", &right.key)?);
    }
    for (here, there) in other_periods(right, wrong) {
        edits.push(line.argument_of(&there.name, here.argument.as_deref()?)?);
    }
    if let Some((expire, _)) = other_expire(right, wrong) {
        edits.push(line.option("expire", expire)?);
    }
    if let Some((size, _)) = other_size(right, wrong) {
        edits.push(line.option("size", size)?);
    }
    for (table, other) in [(wrong, right), (right, wrong)] {
        let more: Vec<String> = lacking(other, table).map(ToString::to_string).collect();
        let line = mesh.line(table.at)?;
        // A list that is new stands at the end of the line, where another edit may end: then it waits for the next round.
        if !more.is_empty() && (line.has_store() || edits.is_empty()) {
            edits.push(line.store(&more)?);
        }
    }
    Some(edits)
}
