//! `.if` and its kin: which lines a world sees.

use std::ops::Range;

use crate::{
    finding::Help,
    source::Location,
    version::{Version, VersionSet},
};

use super::{
    Environment, Lookup, ProblemKind, Statement, World,
    condition::{self, ConditionError, Facts, Known},
};

/// Why a configuration cannot be read in one go: it means several things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fork {
    /// These versions read it in another way than the rest.
    Versions(VersionSet),
    /// Nobody knows whether this is true.
    Atom(String),
}

/// What the lines of a branch are to HAProxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Branch {
    /// They are read.
    Taken,
    /// Not yet: an earlier condition was false.
    Waiting,
    /// An earlier branch was read, or the block stands in one that is not.
    Passed,
    /// Nobody knows, and there are too many worlds to ask.
    Opaque,
}

#[derive(Debug)]
struct Block {
    opened: Location,
    branch: Branch,
    else_at: Option<Location>,
}

/// A directive with what stands behind it.
pub(super) struct Asked<'r> {
    statement: Statement<'r>,
    /// The words behind it, joined by blanks; unknown variables are marked.
    pub(super) words: Vec<String>,
}

impl<'r> Asked<'r> {
    pub(super) fn new(statement: Statement<'r>) -> Self {
        Self { statement, words: statement.words().skip(1).map(|w| w.marked().into_owned()).collect() }
    }

    fn condition(&self) -> String {
        self.words.join(" ")
    }

    /// Where these bytes of the condition stand; all of the directive where they are more than a part of one word.
    fn part(&self, bytes: &Range<usize>) -> Location {
        let mut start = 0;
        for (word, text) in self.statement.words().skip(1).zip(&self.words) {
            let end = start + text.len();
            if bytes.start >= start && bytes.end <= end && word.known().is_some() {
                return word.part(bytes.start - start..bytes.end - start);
            }
            start = end + 1;
        }
        self.statement.location()
    }

    /// What to do about an error in the condition.
    fn help(&self, condition: &str, error: ConditionError) -> Option<Help> {
        match error.meant {
            Some((bytes, near)) => Some(Help::meant(self.part(&bytes), condition.get(bytes)?, near)),
            None => error.help.map(Help::from),
        }
    }
}

/// The open `.if` blocks of one file.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

/// What a directive led to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) problems: Vec<(Location, VersionSet, ProblemKind)>,
    /// The condition is beyond what is known, and its lines are left out.
    pub(super) opaque: bool,
}

const V2_4: VersionSet = VersionSet::branch(2, 4);
/// From this depth on HAProxy gives up: `too many nested '.if', max is 100.`
const MAX_DEPTH: usize = 99;

/// What is known where a directive stands.
pub(super) struct WorldFacts<'a> {
    pub(super) world: &'a World,
    /// What follows from the answers of that world.
    pub(super) known: &'a Known,
    pub(super) environment: &'a Environment,
}

impl Facts for WorldFacts<'_> {
    fn variable(&self, name: &str) -> Lookup {
        self.environment.get(name)
    }

    fn assumed(&self, atom: &str) -> Option<bool> {
        let exists = atom.strip_prefix("defined(").and_then(|rest| rest.strip_suffix(')'));
        exists.and_then(|name| self.environment.exists(name)).or_else(|| self.world.assumed.get(atom).copied())
    }

    fn follows(&self, atom: &str) -> Option<bool> {
        self.known.follows(atom)
    }
}

impl Blocks {
    /// Whether the current line is read.
    pub(super) fn active(&self) -> bool {
        self.0.last().is_none_or(|b| b.branch == Branch::Taken)
    }

    /// The blocks that the file leaves open.
    pub(super) fn unterminated(&self) -> impl Iterator<Item = Location> + '_ {
        self.0.iter().map(|b| b.opened)
    }

    /// Handles `.if`, `.elif`, `.else` and `.endif`; `None` for any other word.
    pub(super) fn handle(
        &mut self,
        directive: &str,
        asked: &Asked<'_>,
        at: Location,
        facts: &WorldFacts<'_>,
        may_fork: bool,
    ) -> Option<Result<Outcome, Fork>> {
        let mut outcome = Outcome::default();
        let judge = |outcome: &mut Outcome| judge(asked, at, facts, may_fork, outcome);
        match directive {
            ".if" => {
                let branch = if !self.active() {
                    Branch::Passed
                } else {
                    match judge(&mut outcome) {
                        Ok(branch) => branch,
                        Err(fork) => return Some(Err(fork)),
                    }
                };
                if self.0.len() >= MAX_DEPTH {
                    outcome.problems.push((at, VersionSet::ALL, ProblemKind::TooDeep));
                }
                self.0.push(Block { opened: at, branch, else_at: None });
            }
            ".elif" => match self.0.last_mut() {
                None => outcome.problems.push((at, VersionSet::ALL, ProblemKind::LoneDirective { directive: ".elif" })),
                Some(block) => {
                    if let Some(earlier) = block.else_at {
                        outcome.problems.push((at, VersionSet::ALL, ProblemKind::AfterElse { directive: ".elif", earlier }));
                    }
                    if block.branch == Branch::Waiting {
                        block.branch = match judge(&mut outcome) {
                            Ok(branch) => branch,
                            Err(fork) => return Some(Err(fork)),
                        };
                    } else if block.branch == Branch::Taken {
                        block.branch = Branch::Passed;
                    }
                }
            },
            ".else" => self.otherwise(at, &mut outcome),
            ".endif" => {
                if self.0.pop().is_none() {
                    outcome.problems.push((at, VersionSet::ALL, ProblemKind::LoneDirective { directive: ".endif" }));
                }
            }
            _ => return None,
        }
        if matches!(directive, ".else" | ".endif") && !asked.condition().is_empty() {
            let kind = ProblemKind::UnexpectedDirectiveArgument { directive: directive.to_owned() };
            outcome.problems.push((at, V2_4.complement(), kind));
        }
        Some(Ok(outcome))
    }

    fn otherwise(&mut self, at: Location, outcome: &mut Outcome) {
        let Some(block) = self.0.last_mut() else {
            outcome.problems.push((at, VersionSet::ALL, ProblemKind::LoneDirective { directive: ".else" }));
            return;
        };
        if let Some(earlier) = block.else_at {
            outcome.problems.push((at, VersionSet::ALL, ProblemKind::AfterElse { directive: ".else", earlier }));
        }
        block.else_at = Some(at);
        block.branch = match block.branch {
            Branch::Waiting => Branch::Taken,
            Branch::Opaque => Branch::Opaque,
            Branch::Taken | Branch::Passed => Branch::Passed,
        };
    }
}

fn judge(asked: &Asked<'_>, at: Location, facts: &WorldFacts<'_>, may_fork: bool, outcome: &mut Outcome) -> Result<Branch, Fork> {
    let world = facts.world;
    let text = &asked.condition();
    let only_2_4 = V2_4.covers(world.versions);
    if !only_2_4 && world.versions.contains(Version::new(2, 4, 0)) && may_fork {
        return Err(Fork::Versions(V2_4));
    }
    let parsed = if only_2_4 { condition::parse_2_4(text) } else { condition::parse(text) };
    let refuse = |outcome: &mut Outcome, versions, error: ConditionError| {
        outcome.problems.push((at, versions, {
            let message = error.message.clone();
            ProblemKind::InvalidCondition { message, help: asked.help(text, error) }
        }));
    };
    let condition = match parsed {
        Ok(condition) => condition,
        Err(error) => {
            refuse(outcome, VersionSet::ALL, error);
            outcome.opaque = true;
            return Ok(Branch::Opaque);
        }
    };
    for (versions, error) in condition::problems(&condition) {
        refuse(outcome, versions, error);
    }
    let truth = condition::evaluate(&condition, facts);
    if truth.yes.covers(world.versions) {
        return Ok(Branch::Taken);
    }
    if truth.no.covers(world.versions) {
        return Ok(Branch::Waiting);
    }
    if may_fork {
        // Versions first: they are few, and each may settle the condition.
        for set in [truth.yes, truth.no] {
            if set.meets(world.versions) {
                return Err(Fork::Versions(set));
            }
        }
        if let Some(atom) = truth.unknown.into_iter().next() {
            return Err(Fork::Atom(atom));
        }
    }
    outcome.opaque = true;
    Ok(Branch::Opaque)
}
