//! Where something is so that some worlds have and others have not: which answers to conditions those that have it share.

use std::collections::BTreeSet;

use crate::syntax::{World, condition::Asked};

/// How many conditions may be said to count together.
const MANY: usize = 4;

/// Why what HAProxy refuses is only a warning where its build decides whether it does.
pub(super) const OF_BUILD: &str = ", which the build decides: HAProxy refuses it there alone, so it is a warning";

/// The answers that count.
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
    worlds: Vec<Vec<Option<bool>>>,
}

impl<'w> Answers<'w> {
    pub(super) fn of(worlds: &'w [World]) -> Self {
        let all: BTreeSet<&str> = worlds.iter().flat_map(|world| world.assumed.keys().map(String::as_str)).collect();
        let atoms: Vec<_> = all.into_iter().map(|atom| (atom, Asked::new(atom))).collect();
        let answers = |world: &World| {
            let assumed = |atom: &str| world.assumed.get(atom).copied();
            let known: Vec<(usize, bool)> = atoms.iter().enumerate().filter_map(|(at, (atom, _))| Some((at, assumed(atom)?))).collect();
            atoms.iter().enumerate().map(|(at, (atom, _))| assumed(atom).or_else(|| follows(&atoms, at, &known))).collect()
        };
        Self { worlds: worlds.iter().map(answers).collect(), atoms }
    }

    /// What is so in all the worlds numbered `present`, and not in every other one too.
    pub(super) fn common(&self, present: &[usize]) -> Where {
        let is_shared = |at: usize| {
            let truth = self.worlds[*present.first()?][at]?;
            let all = present.iter().all(|world| self.worlds[*world][at] == Some(truth));
            (all && self.worlds.iter().any(|world| world[at] != Some(truth))).then_some((at, truth))
        };
        let mut shared: Vec<(usize, bool)> = (0..self.atoms.len()).filter_map(is_shared).collect();
        // What follows from the rest goes without saying.
        for at in (0..shared.len()).rev() {
            let (atom, truth) = shared.remove(at);
            if follows(&self.atoms, atom, &shared) != Some(truth) {
                shared.insert(at, (atom, truth));
            }
        }
        // Where most conditions are alike by chance, which of them count is not known.
        shared.truncate(if shared.len() > MANY { 0 } else { MANY });
        Where(shared.into_iter().map(|(at, truth)| (self.atoms[at].0.to_owned(), truth)).collect())
    }
}

/// Whether the atom of that number is true, where one of these decides it.
fn follows(atoms: &[(&str, Option<Asked>)], at: usize, known: &[(usize, bool)]) -> Option<bool> {
    let asked = atoms[at].1.as_ref()?;
    known.iter().find_map(|(other, truth)| asked.follows(atoms[*other].1.as_ref()?, *truth))
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
