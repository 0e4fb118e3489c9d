//! What a configuration can mean: one reading for each way in which machines may read it.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use crate::syntax::{Reading, World, directive::Fork};

/// How many worlds one configuration may have.
pub const MAX_WORLDS: usize = 16;

/// How many worlds a configuration of any size may have.
const FEW: usize = 4;

/// How many lines all worlds of a configuration may have together, unless they are [`FEW`].
const MANY_LINES: usize = 1 << 18;

/// What is done where machines may read on in several ways.
#[derive(Clone, Copy)]
pub(super) enum Unsettled {
    /// The reading ends: each way is a world of its own.
    Split,
    /// What nobody knows is taken for true, or for false; versions that read on in another way may have worlds of their own.
    Take { truth: bool, may_split: bool },
    /// The lines in question are left out.
    LeaveOut,
}

impl Unsettled {
    /// Whether versions that read on in another way may have worlds of their own.
    pub(super) fn may_split(self) -> bool {
        matches!(self, Self::Split | Self::Take { may_split: true, .. })
    }
}

/// A way to read a configuration, which may end at a fork.
pub(super) trait Read<'a>: Fn(World, Unsettled) -> Result<Reading<'a>, Fork> {}

impl<'a, F: Fn(World, Unsettled) -> Result<Reading<'a>, Fork>> Read<'a> for F {}

/// All readings of a configuration of so many lines: every answer to each question together with every answer to all others, where
/// that gives few worlds; otherwise the questions [in turn](in_turn).
pub(super) fn all<'a>(world: &World, lines: usize, read: &impl Read<'a>) -> Vec<Reading<'a>> {
    let most = (MANY_LINES / lines.max(1)).clamp(FEW, MAX_WORLDS);
    let yes = alike([world.clone()], true, MAX_WORLDS, read);
    let questions = yes.iter().map(|reading| asked(reading, world).count()).max().unwrap_or(0);
    match questions {
        0 => yes,
        // Each question has one world more, at least.
        _ if yes.len() * (questions + 1) > most => in_turn(world, most, yes, read),
        _ => combined(world, most, read).unwrap_or_else(|| in_turn(world, most, yes, read)),
    }
}

/// What a reading had to ask that its world did not say.
fn asked<'r>(reading: &'r Reading<'_>, world: &'r World) -> impl Iterator<Item = &'r String> {
    reading.world.assumed.keys().filter(|atom| !world.assumed.contains_key(*atom))
}

/// One reading for each set of versions that read alike where all answers are `truth`.
fn alike<'a>(worlds: impl IntoIterator<Item = World>, truth: bool, most: usize, read: &impl Read<'a>) -> Vec<Reading<'a>> {
    let mut waiting: VecDeque<World> = worlds.into_iter().collect();
    let mut readings = Vec::new();
    while let Some(world) = waiting.pop_front() {
        let may_split = readings.len() + waiting.len() + 2 <= most;
        match read(world.clone(), Unsettled::Take { truth, may_split }) {
            Err(fork) => waiting.extend(split(&world, &fork)),
            Ok(reading) => readings.push(reading),
        }
    }
    readings
}

/// Every combination of answers; `None` where there are more than `most`.
fn combined<'a>(world: &World, most: usize, read: &impl Read<'a>) -> Option<Vec<Reading<'a>>> {
    let mut waiting = VecDeque::from([world.clone()]);
    let mut readings = Vec::new();
    while let Some(world) = waiting.pop_front() {
        match read(world.clone(), Unsettled::Split) {
            Ok(reading) => readings.push(reading),
            Err(_) if readings.len() + waiting.len() + 2 > most => return None,
            Err(fork) => waiting.extend(split(&world, &fork)),
        }
    }
    Some(readings)
}

fn split(world: &World, fork: &Fork) -> [World; 2] {
    match fork {
        Fork::Versions(set) => [world.versions & *set, world.versions.minus(*set)].map(|versions| World { versions, ..world.clone() }),
        Fork::Atom(atom) => [true, false].map(|truth| assuming(world, atom, truth)),
    }
}

fn assuming(world: &World, atom: &str, truth: bool) -> World {
    let mut world = world.clone();
    world.assumed.insert(atom.to_owned(), truth);
    world
}

/// All answers yes, all no, and each answer alone: one no among yes. With these each answer to a question meets each answer to every
/// other one. Where there is room, one yes among no, too: then all answers to any three questions meet. Where there is no room for
/// each question, some are answered as all others only: what stands below them is read among yes or among no, unless they stand
/// below others, and then what is missing is not known.
fn in_turn<'a>(world: &World, most: usize, yes: Vec<Reading<'a>>, read: &impl Read<'a>) -> Vec<Reading<'a>> {
    let of = |readings: &[Reading<'a>]| -> Vec<World> {
        readings.iter().map(|reading| World { versions: reading.world.versions, ..world.clone() }).collect()
    };
    let yes = if yes.len() > most / 2 { alike([world.clone()], true, most / 2, read) } else { yes };
    let no = alike(of(&yes), false, most / 2, read);
    let yes = if yes.len() < no.len() { alike(of(&no), true, 0, read) } else { yes };
    let everywhere = |atom: &&String| yes.iter().chain(&no).all(|reading| reading.world.assumed.contains_key(*atom));
    let everywhere: FxHashSet<String> = asked(&no[0], world).filter(everywhere).cloned().collect();
    let mut turns = Turns { read, room: most / no.len() - 2, parts: of(&no), known: Vec::new(), readings: Vec::new() };
    turns.all(world, yes, true);
    let again: Vec<String> = asked(&no[0], world).filter(|atom| turns.known.contains(atom)).cloned().collect();
    turns.all(world, no, false);
    if turns.readings.len() + again.len() * turns.parts.len() <= most {
        for atom in again {
            let readings = turns.read(&assuming(world, &atom, true), false);
            turns.readings.extend(readings);
        }
    }
    for reading in &mut turns.readings {
        let all_known = asked(reading, world).all(|atom| turns.known.contains(atom) || everywhere.contains(atom));
        reading.opaque |= !all_known;
    }
    turns.readings
}

/// Questions that get an answer of their own, one after the other.
struct Turns<'r, 'a, R> {
    read: &'r R,
    /// The worlds that each set of versions begins with.
    parts: Vec<World>,
    /// How many questions may have an answer of their own.
    room: usize,
    /// Those that have one.
    known: Vec<String>,
    readings: Vec<Reading<'a>>,
}

impl<'a, R: Read<'a>> Turns<'_, 'a, R> {
    /// Takes what was read with all answers `truth`; then each question that is met for the first time is answered otherwise, where it
    /// was met.
    fn all(&mut self, world: &World, readings: Vec<Reading<'a>>, truth: bool) {
        let mut waiting = VecDeque::from(self.met(world, &readings, truth));
        self.readings.extend(readings);
        while let Some(world) = waiting.pop_front() {
            let readings = self.read(&world, truth);
            waiting.extend(self.met(&world, &readings, truth));
            self.readings.extend(readings);
        }
    }

    /// The worlds in which the questions that are met for the first time are answered otherwise.
    fn met(&mut self, world: &World, readings: &[Reading<'a>], truth: bool) -> Vec<World> {
        let before = self.known.len();
        for atom in readings.iter().flat_map(|reading| asked(reading, world)) {
            if self.known.len() < self.room && !self.known.contains(atom) {
                self.known.push(atom.clone());
            }
        }
        self.known[before..].iter().map(|atom| assuming(world, atom, !truth)).collect()
    }

    /// Reads what is not assumed as `truth`.
    fn read(&self, world: &World, truth: bool) -> Vec<Reading<'a>> {
        let parts = self.parts.iter().map(|part| World { versions: part.versions, ..world.clone() });
        alike(parts, truth, 0, self.read)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{
        source::Sources,
        syntax::{ReadOptions, Tree, read},
        version::{Version, VersionSet},
    };

    /// The answers of each world as letters, in the order of the questions; with the words of the statements that are read.
    fn worlds(text: &str, options: &ReadOptions) -> Vec<(String, Vec<String>, bool)> {
        let sources = Sources::single("a.cfg", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let told = |reading: super::Reading<'_>| {
            let answers = reading.world.assumed.values().map(|truth| if *truth { 'y' } else { 'n' }).collect();
            let words = reading.statements(0..reading.len()).map(|line| line.str(1).to_owned()).collect();
            (answers, words, reading.opaque)
        };
        read(&sources, &trees, options).into_iter().map(told).collect()
    }

    fn one_version() -> ReadOptions {
        ReadOptions { versions: VersionSet::only(Version::new(2, 8, 25)), ..ReadOptions::default() }
    }

    fn toggles(count: usize) -> String {
        (0..count).fold("global\n".to_owned(), |text, n| format!("{text}.if defined(V{n:02})\nlog yes{n}\n.else\nlog no{n}\n.endif\n"))
    }

    #[test]
    fn few_questions_are_answered_in_every_way() {
        let answers: BTreeSet<String> = worlds(&toggles(4), &one_version()).into_iter().map(|world| world.0).collect();
        assert_eq!(answers.len(), 16);
    }

    #[test]
    fn answers_to_any_two_of_many_questions_meet() {
        for (count, most) in [(5, 12), (7, 16), (8, 10), (14, 16)] {
            let worlds = worlds(&toggles(count), &one_version());
            assert_eq!(worlds.len(), most, "{count}");
            let has = |at: usize, answer: char| worlds.iter().filter(move |world| world.0.as_bytes()[at] == answer as u8);
            for (a, b) in (0..count).flat_map(|a| (0..count).map(move |b| (a, b))).filter(|(a, b)| a != b) {
                for (this, other) in [('y', 'y'), ('y', 'n'), ('n', 'y'), ('n', 'n')] {
                    assert!(has(a, this).any(|world| world.0.as_bytes()[b] == other as u8), "{count}: {a} {this} {b} {other}");
                }
            }
            assert!(worlds.iter().all(|world| !world.2), "all is known");
        }
    }

    #[test]
    fn all_lines_below_any_number_of_questions_are_read() {
        let worlds = worlds(&toggles(40), &one_version());
        assert!(worlds.len() <= super::MAX_WORLDS && !worlds.iter().any(|world| world.2));
        for word in (0..40).flat_map(|n| [format!("yes{n}"), format!("no{n}")]) {
            assert!(worlds.iter().any(|world| world.1.contains(&word)), "{word}");
        }
    }

    #[test]
    fn below_too_many_questions_of_one_chain_names_may_be_missing() {
        let chain: String = (0..40).map(|n| format!(".elif streq(\"$MODE\",v{n})\nlog v{n}\n")).collect();
        let worlds = worlds(&format!("global\n.if 0\n{chain}.endif\n"), &one_version());
        assert!(worlds.len() <= super::MAX_WORLDS && worlds.iter().any(|world| world.2));
    }

    #[test]
    fn a_long_configuration_has_few_worlds() {
        let text = format!("{}{}", toggles(9), "log same\n".repeat(super::MANY_LINES / 2));
        let worlds = worlds(&text, &one_version());
        assert_eq!(worlds.len(), super::FEW);
        assert!(worlds.iter().any(|world| world.0 == "y".repeat(9)) && worlds.iter().any(|world| world.0 == "n".repeat(9)));
    }

    #[test]
    fn questions_below_others_and_those_of_versions_are_asked_too() {
        let mut text = toggles(5);
        text += ".if streq(\"$MODE\",a)\nlog a\n.elif streq(\"$MODE\",b)\nlog b\n.elif version_atleast(3.0)\nlog c\n.else\nlog d\n.endif\n";
        let worlds = worlds(&text, &ReadOptions::default());
        for word in ["a", "b", "c", "d"] {
            assert!(worlds.iter().any(|world| world.1.iter().any(|read| read == word)), "{word}");
        }
        let one_of = ["a", "b", "c", "d"];
        assert!(worlds.iter().all(|world| world.1.iter().filter(|read| one_of.contains(&read.as_str())).count() == 1));
    }
}
