//! What versions refuse of a condition, and what can be remarked.

use crate::version::VersionSet;

use super::{Condition, ConditionError, Facts, Lookup, Predicate, UNKNOWN_MARK, evaluate::*, numbers::*, predicates::*};

/// What versions refuse of a condition that could be read, each with those that do.
pub fn problems(condition: &Condition) -> Vec<(VersionSet, ConditionError)> {
    let mut found = Vec::new();
    examine(condition, VersionSet::ALL, &mut found);
    found
}

/// Gathers problems, and tells where `condition` is true and false whatever the environment. HAProxy looks at the arguments of
/// the libraries' versions only when it gets there, which is sure in the versions `reached`.
pub(super) fn examine(
    condition: &Condition,
    reached: VersionSet,
    found: &mut Vec<(VersionSet, ConditionError)>,
) -> (VersionSet, VersionSet) {
    match condition {
        Condition::Not(inner) => {
            let (yes, no) = examine(inner, reached, found);
            (no, yes)
        }
        Condition::All(parts) => parts.iter().fold((VersionSet::ALL, VersionSet::NONE), |(yes, no), part| {
            let (part_yes, part_no) = examine(part, reached & yes, found);
            (yes & part_yes, no | part_no)
        }),
        Condition::Any(parts) => parts.iter().fold((VersionSet::NONE, VersionSet::ALL), |(yes, no), part| {
            let (part_yes, part_no) = examine(part, reached & no, found);
            (yes | part_yes, no & part_no)
        }),
        Condition::Predicate(predicate) => {
            refusals(predicate, reached, found);
            let truth = ask(predicate, &NoFacts);
            (truth.yes, truth.no)
        }
        Condition::Empty | Condition::Number(_) | Condition::Opaque => {
            let truth = evaluate(condition, &NoFacts);
            (truth.yes, truth.no)
        }
    }
}

/// Where nothing is known.
pub(super) struct NoFacts;

impl Facts for NoFacts {
    fn variable(&self, _: &str) -> Lookup {
        Lookup::Unknown
    }

    fn assumed(&self, _: &str) -> Option<bool> {
        None
    }
}

pub(super) fn refusals(predicate: &Predicate, reached: VersionSet, found: &mut Vec<(VersionSet, ConditionError)>) {
    let Some(spec) = spec(&predicate.name) else { return };
    let mut refuse = |versions: VersionSet, message: String, help: Option<String>| {
        if !versions.is_empty() {
            found.push((versions, ConditionError::new(predicate.at, message, help)));
        }
    };
    let without = spec.since.complement();
    refuse(without, format!("HAProxy {without} does not know the predicate `{}`", spec.name), None);
    // A predicate without parentheses, or with nothing in them, has one argument that is empty: enough where one is wanted.
    let given = predicate.args.len();
    if given > spec.args || given.max(1) < spec.args {
        let wanted = match spec.args {
            0 => "no argument".to_owned(),
            1 => "one argument".to_owned(),
            n => format!("{n} arguments"),
        };
        refuse(spec.since, format!("`{}` takes {wanted}, not {given}", spec.name), Some(format!("write `{}`", spec.usage)));
        return;
    }
    let text = predicate.args.first().map_or("", String::as_str);
    let readable = match spec.meaning {
        _ if text.contains(UNKNOWN_MARK) => true,
        Meaning::OpensslVersion => is_openssl_version(text),
        Meaning::AwslcApi => matches!(strtol(text), Some((_, ""))),
        _ => true,
    };
    if !readable {
        let message = format!("`{text}` is not a version that `{}` can read", spec.name);
        refuse(spec.since & reached, message, Some(format!("write it as in `{}`; some releases crash on anything else", spec.usage)));
    }
}

/// What no version refuses, but does not do what it says: such as `version_atleast(x)`, which is always true.
pub fn remarks(condition: &Condition) -> Vec<ConditionError> {
    let mut found = Vec::new();
    remark(condition, &mut found);
    found
}

pub(super) fn remark(condition: &Condition, found: &mut Vec<ConditionError>) {
    let predicate = match condition {
        Condition::Not(inner) => return remark(inner, found),
        Condition::All(parts) | Condition::Any(parts) => return parts.iter().for_each(|part| remark(part, found)),
        Condition::Predicate(predicate) => predicate,
        Condition::Empty | Condition::Number(_) | Condition::Opaque => return,
    };
    let text = predicate.args.first().map_or("", String::as_str);
    let (Some(spec), false) = (spec(&predicate.name), text.contains(UNKNOWN_MARK)) else { return };
    let always = if spec.opposite.is_some() { "false" } else { "true" };
    let (message, help) = match spec.meaning {
        Meaning::Version if at_least(text).is_none() => {
            (format!("`{text}` is not a version, so `{}` is always {always}", spec.name), format!("write it as in `{}`", spec.usage))
        }
        Meaning::Enabled if !OPTIONS.contains(&text) => {
            (format!("`enabled` knows no option `{text}`, so it is always false"), format!("it knows {}", OPTIONS.join(", ")))
        }
        _ => return,
    };
    found.push(ConditionError::new(predicate.at, message, Some(help)));
}
