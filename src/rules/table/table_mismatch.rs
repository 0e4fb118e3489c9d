//! `table/table-mismatch`.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{rules::prelude::*, topology::Table};

rule! {
    /// A table that is replicated has another type of key, or other data, on another node.
    ///
    /// ## Why
    ///
    /// Tables are matched by name. If the key has another type or length on the other side, the connection is up (`ESTA`), but not one entry of that
    /// table is taken, and no line in any log says so: `show peers` says `remote_id=0`. Of the data, only what both sides store is exchanged.
    /// With another `expire`, entries live longer on one side.
    ///
    /// A `table` inside of a `peers` section is called `SECTION/NAME`, so it is never the same as one of a proxy.
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
    "table/table-mismatch", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told = HashSet::new();
    for (a, b, one, two) in mesh.meetings() {
        // Most tables are the same line of the same file.
        let pairs = one.tables.iter().zip(&two.tables).take_while(|(mine, theirs)| Arc::ptr_eq(mine, theirs)).count();
        let others: HashMap<&str, &Arc<Table>> = two.tables[pairs..].iter().map(|t| (t.name.as_str(), t)).collect();
        for mine in &one.tables[pairs..] {
            let Some(theirs) = others.get(mine.name.as_str()) else { continue };
            let place = (mine.at.min(theirs.at), mine.at.max(theirs.at));
            if told.contains(&place) || mine.at == theirs.at {
                continue;
            }
            let missing: Vec<&str> = difference(mine, theirs).chain(difference(theirs, mine)).collect();
            let (severity, what, help) = if mine.key != theirs.key {
                let what = format!("its key is `type {}` here and `type {}` there: not one entry is exchanged", mine.key, theirs.key);
                (Severity::Error, what, "write the same `type` on both nodes".to_owned())
            } else if !missing.is_empty() {
                let what = format!("only one of them stores `{}`, which is then not exchanged", missing.join("`, `"));
                (Severity::Warning, what, "write the same `store` on both nodes".to_owned())
            } else if mine.expire != theirs.expire && mine.expire.is_some() && theirs.expire.is_some() {
                let expire = |t: &Table| t.expire.clone().unwrap_or_default();
                let what = format!("entries expire after `{}` here and after `{}` there", expire(mine), expire(theirs));
                (Severity::Warning, what, "write the same `expire` on both nodes".to_owned())
            } else if mine.size != theirs.size && mine.size.is_some() && theirs.size.is_some() {
                let size = |t: &Table| t.size.clone().unwrap_or_default();
                let what =
                    format!("it holds {} entries here and {} there: the smaller one loses what the other keeps", size(mine), size(theirs));
                (Severity::Warning, what, "write the same `size` on both nodes".to_owned())
            } else {
                continue;
            };
            told.insert(place);
            let edits = align(mesh, (a, mine), (b, theirs));
            let (here, there) = (&mesh.node(a).title, &mesh.node(b).title);
            out.report(
                Draft::at(mine.at, format!("table `{}` is not the same on `{here}` and `{there}`: {what}", mine.name))
                    .severity(severity)
                    .offer_if("write the same on both nodes", edits)
                    .help(help)
                    .also(theirs.at, format!("the table of `{there}`"))
                    .nodes(mesh.node_names([a, b])),
            );
        }
    }
}

/// What `one` stores and `other` does not.
fn difference<'t>(one: &'t Table, other: &'t Table) -> impl Iterator<Item = &'t str> {
    one.store.iter().filter(|s| !other.store.contains(s)).map(String::as_str)
}

/// Both store what either does; of anything else the table counts that more nodes have, or else the first.
fn align(mesh: &Mesh<'_>, mine: (&View, &Arc<Table>), theirs: (&View, &Arc<Table>)) -> Option<Vec<Edit>> {
    let readers = |view: &View| mesh.views.iter().filter(|v| v.summary == view.summary).count();
    let (right, wrong) = if readers(theirs.0) > readers(mine.0) { (theirs.1, mine.1) } else { (mine.1, theirs.1) };
    let line = mesh.line(wrong.at)?;
    if right.key != wrong.key {
        return Some(vec![line.option("type", &right.key)?]);
    }
    let (more, less): (Vec<&str>, Vec<&str>) = (difference(right, wrong).collect(), difference(wrong, right).collect());
    if !more.is_empty() || !less.is_empty() {
        let edits = [(wrong, more), (right, less)].into_iter().filter(|(_, stores)| !stores.is_empty());
        return edits.map(|(table, stores)| mesh.line(table.at)?.store(&stores)).collect();
    }
    let options = [("expire", &right.expire, &wrong.expire), ("size", &right.size, &wrong.size)];
    let (name, value, _) = options.into_iter().find(|(_, a, b)| a != b)?;
    Some(vec![line.option(name, value.as_deref()?)?])
}
