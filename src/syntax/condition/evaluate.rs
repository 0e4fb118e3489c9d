//! Where a condition is true and where it is false.

use std::collections::HashSet;

use crate::version::VersionSet;

use super::{Condition, Facts, Predicate, Truth, gaps::*, numbers::*, predicates::*};

impl Truth {
    /// True in the versions `yes`, false in all others.
    fn known(yes: VersionSet) -> Self {
        Self { yes, no: yes.complement(), unknown: Vec::new() }
    }

    fn always(value: bool) -> Self {
        Self::known(if value { VersionSet::ALL } else { VersionSet::NONE })
    }

    fn unknown() -> Self {
        Self { yes: VersionSet::NONE, no: VersionSet::NONE, unknown: Vec::new() }
    }

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, unknown: self.unknown }
    }

    fn undecided(&self) -> VersionSet {
        (self.yes | self.no).complement()
    }
}

/// Where `condition` is true and false, by Kleene's logic: what is decided by its known part is known.
pub fn evaluate(condition: &Condition, facts: &dyn Facts) -> Truth {
    let mut truth = weigh(condition, facts);
    let mut seen = HashSet::new();
    let fresh: Vec<bool> = truth.unknown.iter().map(|atom| seen.insert(atom.as_str())).collect();
    let mut fresh = fresh.into_iter();
    truth.unknown.retain(|_| fresh.next().unwrap_or(false));
    truth
}

pub(super) fn weigh(condition: &Condition, facts: &dyn Facts) -> Truth {
    match condition {
        Condition::Empty => Truth::always(false),
        Condition::Number(value) => Truth::always(*value),
        Condition::Opaque => Truth::unknown(),
        Condition::Not(inner) => weigh(inner, facts).not(),
        Condition::All(parts) => all(parts.iter().map(|part| weigh(part, facts))),
        Condition::Any(parts) => all(parts.iter().map(|part| weigh(part, facts).not())).not(),
        Condition::Predicate(predicate) => ask(predicate, facts),
    }
}

/// The conjunction, with the atoms of those parts alone that it still depends on.
pub(super) fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let parts: Vec<Truth> = parts.collect();
    let mut result = Truth::always(true);
    for part in &parts {
        result.yes = result.yes & part.yes;
        result.no = result.no | part.no;
    }
    let undecided = result.undecided();
    for mut part in parts {
        if part.undecided().meets(undecided) {
            result.unknown.append(&mut part.unknown);
        }
    }
    result
}

pub(super) fn ask(predicate: &Predicate, facts: &dyn Facts) -> Truth {
    let Some(spec) = spec(&predicate.name) else { return Truth::unknown() };
    let arg = |i: usize| predicate.args.get(i).map_or("", String::as_str);
    let known = match spec.meaning {
        Meaning::Defined => is_defined(arg(0), facts).map(Truth::always),
        Meaning::Equal => equal(&pieces(arg(0), facts), &pieces(arg(1), facts)).map(Truth::always),
        Meaning::Contains => contains(&pieces(arg(0), facts), &pieces(arg(1), facts)).map(Truth::always),
        // What cannot be read counts as a version before all others.
        Meaning::Version => whole(arg(0), facts).map(|text| Truth::known(at_least(&text).unwrap_or(VersionSet::ALL))),
        Meaning::Enabled => whole(arg(0), facts).filter(|text| !OPTIONS.contains(&text.as_str())).map(|_| Truth::always(false)),
        Meaning::OpensslVersion | Meaning::AwslcApi | Meaning::Build => None,
    };
    let positive = spec.opposite.unwrap_or(spec.name);
    let truth = known.unwrap_or_else(|| {
        let atom = atom(positive, spec.args, &predicate.args);
        let follows = || facts.follows(&atom);
        match facts.assumed(&atom).or((atom == USUAL).then_some(true)).or_else(follows) {
            Some(value) => Truth::always(value),
            None => Truth { unknown: vec![atom], ..Truth::unknown() },
        }
    });
    if spec.opposite.is_some() { truth.not() } else { truth }
}

/// The one spelling of a predicate.
pub(super) fn atom(name: &str, wanted: usize, args: &[String]) -> String {
    let args: Vec<String> = args.iter().map(|arg| shown(arg)).collect();
    if wanted == 0 { name.to_owned() } else { format!("{name}({})", args.join(",")) }
}

/// An argument as one would write it: marked variables as `${X}`, and quotes where it needs them.
pub(super) fn shown(arg: &str) -> String {
    let needs_quotes = arg.contains([',', ')', '"', '\'', '\\']);
    let mut out = String::new();
    for piece in gaps(arg) {
        match piece {
            Piece::Gap(name) => out.extend(["${", name, "}"]),
            Piece::Text(text) if needs_quotes => out.push_str(&text.replace('\\', "\\\\").replace('"', "\\\"")),
            Piece::Text(text) => out.push_str(text),
        }
    }
    if needs_quotes { format!("\"{out}\"") } else { out }
}
