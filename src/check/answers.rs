//! Where something is so that some worlds have and others have not: which answers to conditions those that have it share.

use std::{cell::RefCell, collections::BTreeSet};

use rustc_hash::FxHashMap;

use crate::syntax::{
    World,
    condition::{self, Asked},
};

/// How many conditions may be said to count together.
const MANY: usize = 4;

/// Why what HAProxy refuses is only a warning where its build decides whether it does.
pub(super) const OF_BUILD: &str = ", which the build decides: HAProxy refuses it there alone, so it is a warning";

/// The answers that count.
#[derive(Clone)]
pub(super) struct Where(Vec<(String, bool)>);

impl Where {
    /// Whether it is how HAProxy was built that counts, and nothing else.
    pub(super) fn is_of_build(&self) -> bool {
        let of_build = |atom: &str| ["feature(", "openssl_version_", "ssllib_name_"].iter().any(|asks| atom.starts_with(asks));
        !self.0.is_empty() && self.0.iter().all(|(atom, _)| of_build(atom))
    }
}

impl std::fmt::Display for Where {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<String> = self.0.iter().map(|(atom, truth)| format!("`{atom}` is {truth}")).collect();
        f.write_str(if words.is_empty() { "some of the conditions here hold" } else { "" })?;
        f.write_str(&words.join(" and "))
    }
}

/// Every question, and how each world answers it: as it assumes, or as follows from that.
pub(super) struct Answers<'w> {
    atoms: Vec<(&'w str, Option<Asked>)>,
    /// The questions that are about one thing, by their numbers: an answer follows from others of these alone.
    about: FxHashMap<String, Vec<usize>>,
    worlds: Vec<Vec<Option<bool>>>,
    /// What was found out of worlds: many findings are those of the same ones.
    found: RefCell<FxHashMap<Vec<usize>, Where>>,
}

impl<'w> Answers<'w> {
    pub(super) fn of(worlds: &'w [World]) -> Self {
        let all: BTreeSet<&str> = worlds.iter().flat_map(|world| world.assumed.keys().map(String::as_str)).collect();
        let atoms: Vec<_> = all.into_iter().map(|atom| (atom, Asked::new(atom))).collect();
        let mut about: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, (_, asked)) in atoms.iter().enumerate() {
            asked.as_ref().and_then(Asked::subject).into_iter().for_each(|subject| about.entry(subject).or_default().push(at));
        }
        let mut answers = Self { atoms, about, worlds: Vec::new(), found: RefCell::default() };
        answers.worlds = worlds.iter().map(|world| answers.in_world(world)).collect();
        answers
    }

    fn in_world(&self, world: &World) -> Vec<Option<bool>> {
        let assumed: Vec<Option<bool>> = self.atoms.iter().map(|(atom, _)| world.assumed.get(*atom).copied()).collect();
        (0..assumed.len()).map(|at| assumed[at].or_else(|| self.follows(at, &assumed))).collect()
    }

    /// What is so in all the worlds numbered `present`, and not in every other one too.
    pub(super) fn common(&self, present: &[usize]) -> Where {
        if let Some(found) = self.found.borrow().get(present) {
            return found.clone();
        }
        let found = self.shared(present);
        self.found.borrow_mut().insert(present.to_vec(), found.clone());
        found
    }

    fn shared(&self, present: &[usize]) -> Where {
        let is_shared = |at: usize| {
            let truth = self.worlds[*present.first()?][at]?;
            let all = present.iter().all(|world| self.worlds[*world][at] == Some(truth));
            (all && self.worlds.iter().any(|world| world[at] != Some(truth))).then_some(truth)
        };
        let mut shared: Vec<Option<bool>> = (0..self.atoms.len()).map(is_shared).collect();
        // What follows from the rest goes without saying.
        for at in (0..shared.len()).rev() {
            let truth = shared[at].take();
            if truth.is_some() && self.follows(at, &shared) != truth {
                shared[at] = truth;
            }
        }
        let mut shared: Vec<_> =
            shared.into_iter().enumerate().filter_map(|(at, truth)| Some((self.atoms[at].0.to_owned(), truth?))).collect();
        // Where most conditions are alike by chance, which of them count is not known.
        shared.truncate(if shared.len() > MANY { 0 } else { MANY });
        Where(shared)
    }

    /// Whether the atom of that number is true, where one of those that are `known` decides it.
    fn follows(&self, at: usize, known: &[Option<bool>]) -> Option<bool> {
        let asked = self.atoms[at].1.as_ref()?;
        let about = self.about.get(&asked.subject()?)?;
        let given = |truth: bool| about.iter().filter(move |other| known[**other] == Some(truth)).map(move |other| (*other, truth));
        let mut given = given(true).chain(given(false)).take(condition::MANY);
        given.find_map(|(other, truth)| asked.follows(self.atoms[other].1.as_ref()?, truth))
    }
}

#[cfg(test)]
mod tests {
    use crate::version::VersionSet;

    use super::*;

    /// Where something is so that those of these worlds have that are numbered `present`.
    fn said(worlds: &[&[(&str, bool)]], present: &[usize]) -> String {
        let world = |assumed: &&[(&str, bool)]| World {
            versions: VersionSet::ALL,
            assumed: assumed.iter().map(|(atom, truth)| ((*atom).to_owned(), *truth)).collect(),
        };
        let worlds: Vec<World> = worlds.iter().map(world).collect();
        Answers::of(&worlds).common(present).to_string()
    }

    #[test]
    fn what_follows_is_an_answer_and_goes_without_saying() {
        let (dev, prod, b) = ("streq(${MODE},dev)", "streq(${MODE},prod)", "defined(B)");
        // Where the mode is `dev`, nobody asks whether it is `prod`.
        let worlds: &[&[(&str, bool)]] = &[
            &[(dev, true), (b, true)],
            &[(dev, true), (b, false)],
            &[(dev, false), (prod, true), (b, true)],
            &[(dev, false), (prod, true), (b, false)],
            &[(dev, false), (prod, false), (b, true)],
            &[(dev, false), (prod, false), (b, false)],
        ];
        assert_eq!(said(worlds, &[0, 4]), "`defined(B)` is true and `streq(${MODE},prod)` is false");
        assert_eq!(said(worlds, &[0, 1, 4, 5]), "`streq(${MODE},prod)` is false");
        assert_eq!(said(worlds, &[0, 1]), "`streq(${MODE},dev)` is true");
        assert_eq!(said(worlds, &[2]), "`defined(B)` is true and `streq(${MODE},prod)` is true");
        assert_eq!(said(worlds, &[0, 2, 4]), "`defined(B)` is true");
        assert_eq!(said(worlds, &[0, 3]), "some of the conditions here hold");
    }
}
