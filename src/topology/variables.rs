//! The environment of a node. What all pods of a workload are given alike is kept once: with links to Services that is much.

use std::{collections::BTreeMap, sync::Arc};

use super::Variable;

/// Variables by their names.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// What others are given, too.
    shared: Arc<BTreeMap<String, Variable>>,
    /// What counts before that.
    own: BTreeMap<String, Variable>,
}

impl Variables {
    /// Those that are shared, and none of its own yet.
    pub(super) fn of(shared: Arc<BTreeMap<String, Variable>>) -> Self {
        Self { shared, own: BTreeMap::new() }
    }

    /// The variable of this name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.own.get(name).or_else(|| self.shared.get(name))
    }

    /// Sets a variable; an earlier value is forgotten.
    pub fn insert(&mut self, name: String, variable: Variable) {
        self.own.insert(name, variable);
    }

    /// All of them, each once.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Variable)> {
        self.shared.iter().filter(|(name, _)| !self.own.contains_key(*name)).chain(&self.own)
    }
}

impl FromIterator<(String, Variable)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, Variable)>>(variables: I) -> Self {
        Self { shared: Arc::default(), own: variables.into_iter().collect() }
    }
}
