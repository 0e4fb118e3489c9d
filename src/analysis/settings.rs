//! Which settings of a proxy are in force, its own and those of its `defaults`.

use crate::{
    config::{Config, Proxy},
    syntax::Statement,
};

use super::{Cursor, View};

/// A setting in force.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Setting<'r> {
    /// The line that says it.
    pub statement: Statement<'r>,
    /// The section that it stands in: a place among all sections.
    pub section: usize,
    /// Whether that is a `defaults` section that the proxy inherits from.
    pub inherited: bool,
}

/// The settings in force for the proxy at the cursor, in the order in which they were said.
pub fn settings<'r>(view: &View<'r>, cursor: Cursor) -> Vec<Setting<'r>> {
    let config = view.config();
    let Some(proxy) = view.section(cursor).and_then(|section| config.proxy(section.index())) else { return Vec::new() };
    let mut found: Vec<Setting<'r>> = Vec::new();
    let sections = std::iter::once(proxy).chain(config.ancestors(proxy));
    let lines = sections.flat_map(|of| of.section.statements().filter_map(|line| in_force(proxy, line)));
    for statement in lines.chain(mode(config, proxy)) {
        let place = |line: Statement<'_>| (line.file_id(), line.line());
        if found.iter().any(|known| place(known.statement) == place(statement)) {
            continue;
        }
        let section = section_of(config, proxy, statement);
        found.push(Setting { statement, section, inherited: section != proxy.section.index() });
    }
    found.sort_by_key(|setting| (setting.statement.file_id(), setting.statement.line()));
    found
}

/// The line in force for what `line` sets, if it sets anything of which one line counts.
fn in_force<'r>(proxy: &Proxy<'r>, line: Statement<'r>) -> Option<Statement<'r>> {
    let (first, second) = (line.keyword(), line.str(1));
    let names = [first.to_owned(), format!("{first} {second}"), "log-format".to_owned(), "check".to_owned()];
    let place = |line: Statement<'_>| (line.file_id(), line.line());
    names.iter().filter_map(|name| proxy.in_force.get(name)).find(|found| place(*found) == place(line))
}

/// The `mode` line in force.
fn mode<'r>(config: &Config<'r>, proxy: &Proxy<'r>) -> Option<Statement<'r>> {
    let word = proxy.mode()?;
    let all = std::iter::once(proxy).chain(config.ancestors(proxy)).flat_map(|of| of.section.statements());
    all.into_iter().find(|line| line.word(1).is_some_and(|other| other.location == word.location))
}

fn section_of(config: &Config<'_>, proxy: &Proxy<'_>, line: Statement<'_>) -> usize {
    let place = |line: Statement<'_>| (line.file_id(), line.line());
    let holds = |of: &&Proxy<'_>| of.section.statements().any(|own| place(own) == place(line));
    std::iter::once(proxy).chain(config.ancestors(proxy)).find(holds).map_or(proxy.section.index(), |of| of.section.index())
}
