//! Names that are declared, and variables.

use crate::catalog::NameKind;

use super::{super::variable, Detail, ItemKind, Maker, Weight};

impl Maker<'_, '_> {
    /// The names of a kind that can be used here; they take the place of the word from byte `from` on.
    pub(super) fn names(&mut self, kind: NameKind, from: usize) {
        let config = self.view.config();
        let mut names: Vec<String> = config.names.list(kind).iter().map(|name| (*name).to_owned()).collect();
        match kind {
            NameKind::Acl => names.extend(self.local(kind)),
            NameKind::Server => {
                names.extend(self.local(kind));
                names.extend(self.servers_elsewhere());
            }
            NameKind::Table => names.extend(self.tables_of_peers()),
            _ => {}
        }
        for name in names {
            let weight = if kind == NameKind::Backend && self.is_only_a_table(&name) { Weight::Unlikely } else { Weight::Possible };
            self.weighed(ItemKind::Name(kind), name, from, Detail::Text(kind.noun()), weight);
        }
    }

    /// Whether a backend has a table, and nobody who would answer: other sections count there.
    fn is_only_a_table(&self, name: &str) -> bool {
        let config = self.view.config();
        let Some(proxy) = config.proxies.iter().find(|proxy| proxy.is_backend() && proxy.name() == name) else { return false };
        let answers = |line: crate::syntax::Statement<'_>| {
            let fact = crate::catalog::Fact::of(proxy.section.kind, &line, 0);
            fact.is_some_and(|fact| fact.path().any(|fact| fact.has(crate::catalog::NoteKind::Answers)))
        };
        let has_table = proxy.section.statements().any(|line| line.keyword() == "stick-table");
        proxy.servers.is_empty() && has_table && !proxy.section.statements().any(answers)
    }

    fn local(&self, kind: NameKind) -> Vec<String> {
        let Some(section) = self.section else { return Vec::new() };
        self.view.config().names.list_in(kind, section.index()).into_iter().map(str::to_owned).collect()
    }

    /// Servers as other sections name them: `backend/server`.
    fn servers_elsewhere(&self) -> Vec<String> {
        let proxies = self.view.config().proxies.iter().filter(|proxy| proxy.is_backend());
        let named = |name: Option<crate::syntax::Word<'_>>| name.and_then(|word| word.known()).map(str::to_owned);
        proxies
            .flat_map(|proxy| proxy.servers.iter().filter(|server| !server.template).map(move |server| (proxy.name(), server)))
            .filter_map(|(backend, server)| Some(format!("{backend}/{}", named(Some(server.name()))?)))
            .collect()
    }

    /// Tables of peers sections: `peers/table`.
    fn tables_of_peers(&self) -> Vec<String> {
        let peers = self.view.config().peers.iter();
        let tables = peers.flat_map(|peers| peers.tables.iter().map(move |table| (peers.name(), table)));
        tables.filter_map(|(peers, table)| Some(format!("{peers}/{}", table.name?.known()?))).collect()
    }

    /// Variables that are set or read somewhere.
    pub(super) fn variables(&mut self, from: usize) {
        for name in variable::names(self.view) {
            self.add(ItemKind::Variable, name.to_owned(), from, Detail::None);
        }
    }
}
