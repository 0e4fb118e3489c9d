//! `dead/unused-table`.

use rustc_hash::FxHashSet;

use crate::{
    config::{Ancestors, NameKind, Proxy},
    rules::{mentions, prelude::*},
};

rule! {
    /// No rule writes to this stick table, or reads it.
    ///
    /// ## Why
    ///
    /// A `stick-table` line reserves memory and does nothing by itself. `stick on`, `stick store-…`, `http-request track-sc0`
    /// and the like fill a table; `table NAME` behind them says that it is another section's. A table that nobody fills
    /// limits nothing and keeps nobody on a server. That a backend is used does not fill its table. Tables with `peers` are left
    /// alone: another node may fill them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     stick-table type ip size 100k expire 30m
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     stick-table type ip size 100k expire 30m
    ///     stick on src
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `stick-table`.
    "dead/unused-table", Warning, World(check), about: ["stick-table"], mends: true
}

/// What uses the table of its own section where none is named.
const OWN: [&str; 9] = ["track-sc", "sc_", "sc0_", "sc1_", "sc2_", "sc-", "src_", "table_", "in_table"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || mentions::has_lua(cx.config) {
        return;
    }
    let Some(meant) = mentions::meant(cx.config, NameKind::Table) else { return };
    let named: FxHashSet<&str> = cx.config.names.uses_of(NameKind::Table).map(|u| u.name).collect();
    let users = Ancestors::of(cx.config, uses_own);
    let is_used = |p: &Proxy<'_>| named.contains(p.name()) || uses_own(p) || users.by(p, cx.config).next().is_some();
    let idle = |p: &&Proxy<'_>| p.runs() && p.tables.iter().any(|t| t.peers.is_none()) && !is_used(p);
    let mut idle: Vec<&Proxy<'_>> = cx.config.proxies.iter().filter(idle).collect();
    // Where nothing goes through it, this is a part of a configuration.
    if idle.is_empty() || !cx.config.proxies.iter().any(|p| p.is_frontend() || p.has_servers()) {
        return;
    }
    let mentioned = as_table(cx.config);
    idle.retain(|p| !mentioned.contains(p.name()) && !meant.contains(p.name()));
    for proxy in idle {
        let table = &proxy.tables[0];
        let draft = Draft::at(table.statement.location(), format!("no rule uses the stick table of {}", proxy.called()))
            .label("stays empty")
            .help(format!(
                "remove it, or use it: `stick on src` in this section, or `http-request track-sc0 src table {}` elsewhere",
                proxy.name()
            ));
        out.report(draft);
    }
}

/// Every name that may be that of a table: what follows the word `table`, and what stands in the parentheses of a word that has to
/// do with one. That traffic goes to a backend says nothing of its table.
fn as_table<'r>(config: &Config<'r>) -> FxHashSet<&'r str> {
    let mut names = FxHashSet::default();
    for line in config.sections().flat_map(|s| s.statements()) {
        let mut behind = false;
        for word in line.words() {
            let Some(text) = word.known() else { continue };
            if behind {
                names.insert(text);
            }
            behind = text == "table";
            if text.contains('(') && OWN.iter().any(|name| text.contains(name)) {
                names.extend(text.split(|c: char| !crate::syntax::is_name_char(c)).filter(|name| !name.is_empty()));
            }
        }
    }
    names
}

/// Whether a line of the section itself may use the section's own table.
fn uses_own(proxy: &Proxy<'_>) -> bool {
    proxy.section.statements().any(|s| {
        let words = || s.words().map(|w| w.known());
        s.keyword() == "stick" || words().any(|w| w.is_none_or(|text| OWN.iter().any(|name| text.contains(name))))
    })
}
