//! Things of one kind by their namespaces: the same names are in each of many.

use std::collections::HashMap;

use crate::topology::model::{RENDER, rendered};

/// The numbers of things, in order, by the namespaces that they are in.
#[derive(Debug, Default)]
pub(super) struct Namespaced {
    all: Vec<usize>,
    exact: HashMap<String, Vec<usize>>,
    /// All of those that one folder was rendered to, or of what was rendered nowhere.
    renders: HashMap<Option<String>, Vec<usize>>,
}

impl Namespaced {
    /// Adds a thing behind all others, unless it is the last one.
    pub(super) fn add(&mut self, namespace: &str, number: usize) {
        if self.all.last() == Some(&number) {
            return;
        }
        self.all.push(number);
        self.exact.entry(namespace.to_owned()).or_default().push(number);
        self.renders.entry(rendered(namespace).1.map(str::to_owned)).or_default().push(number);
    }

    /// Wherever they are.
    pub(super) fn all(&self) -> &[usize] {
        &self.all
    }

    /// Those of this namespace, as it is written.
    pub(super) fn within(&self, namespace: &str) -> &[usize] {
        self.exact.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// Those that may be in this namespace, as [`same_namespace`](crate::topology::model::same_namespace) says.
    pub(super) fn meeting(&self, namespace: &str) -> Vec<usize> {
        let (name, render) = rendered(namespace);
        if name.is_empty() {
            return self.renders.get(&render.map(str::to_owned)).cloned().unwrap_or_default();
        }
        let unnamed = render.map(|folder| format!("{RENDER}{folder}")).unwrap_or_default();
        let mut found = [self.within(namespace), self.within(&unnamed)].concat();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::model::same_namespace;

    #[test]
    fn an_index_finds_what_a_look_at_all_does() {
        let folder = |name: &str, folder: &str| format!("{name}{RENDER}{folder}");
        let places = ["", "a", "b", "a", "", "a.b"].map(str::to_owned).into_iter();
        let places: Vec<String> = places.chain([folder("", "x"), folder("a", "x"), folder("a", "y"), folder("b", "x")]).collect();
        let mut index = Namespaced::default();
        places.iter().enumerate().for_each(|(at, namespace)| index.add(namespace, at));
        for asked in places.iter().map(String::as_str).chain(["c", &folder("c", "x"), &folder("", "z")]) {
            let of = |is: &dyn Fn(&str) -> bool| (0..places.len()).filter(|at| is(&places[*at])).collect::<Vec<_>>();
            assert_eq!(index.meeting(asked), of(&|namespace| same_namespace(namespace, asked)), "{asked:?}");
            assert_eq!(index.within(asked), of(&|namespace| namespace == asked), "{asked:?}");
        }
    }
}
