//! `reference/missing-table`.

use rustc_hash::FxHashSet;

use crate::{catalog::Fact, config::Proxy, rules::prelude::*};

rule! {
    /// A rule uses the stick table of its section, which has none.
    ///
    /// ## Why
    ///
    /// `stick` and `track-sc0` without a `table` use the `stick-table` of the section they stand in. HAProxy refuses the
    /// configuration if there is none.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     stick on src
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     stick-table type ip size 100k expire 30m
    ///     stick on src
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "reference/missing-table", Error, World(check), mentions: ["stick", "track-sc", "bwlim-"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    // A `defaults` section never has a table, and its rules run in whatever inherits them.
    let heirs = cx.config.proxies.iter().filter(|p| p.runs());
    let inherited: FxHashSet<usize> = heirs.filter_map(|p| p.defaults()).collect();
    let proxies = cx.config.proxies.iter().enumerate();
    for (_, proxy) in proxies.filter(|(at, p)| p.tables.is_empty() && (p.runs() || inherited.contains(at))) {
        for line in proxy.section.statements().filter(|line| uses_own_table(proxy, line)) {
            let draft = Draft::at(line.location(), format!("{} has no `stick-table` for this rule", proxy.called()))
                .label("uses the table of this section")
                .help("add a `stick-table` line to this section, or name another one with `table`");
            // Limits of bandwidth came with 2.7.
            let versions = if line.keyword() == "filter" { VersionSet::since(2, 7, 0) } else { VersionSet::ALL };
            out.report(draft.stage(Stage::Whole).rejected_by(versions));
        }
    }
}

/// Whether this rule wants the table of the section it stands in.
fn uses_own_table(proxy: &Proxy<'_>, line: &Statement<'_>) -> bool {
    if line.keyword() == "stick" {
        return proxy.is_backend() && line.len() > 2 && names_no_table(line);
    }
    if line.keyword() == "filter" {
        // A limit that streams share counts in a table.
        return matches!(line.str(1), "bwlim-in" | "bwlim-out") && line.after("key", 3).is_some() && names_no_table(line);
    }
    let Some(list) = Fact::of(SectionKind::Listen, line, 0).and_then(Fact::list) else { return false };
    let action = list.words;
    let counter = line.str(action).strip_prefix("track-sc");
    counter.is_some_and(|n| n.parse::<u8>().is_ok()) && line.len() > action + 1 && names_no_table(line)
}

fn names_no_table(line: &Statement<'_>) -> bool {
    line.words().all(|word| word.known().is_some_and(|text| text != "table"))
}
