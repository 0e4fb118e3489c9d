//! What is told of the words in expressions, log formats, ACLs and conditions.

use crate::{
    catalog::Role,
    expression::{self, Language, Meaning, aliases, condition_meaning, forms, lookup_acl, method_meaning},
    syntax::Statement,
    version::VersionSet,
};

use super::{
    super::{Cursor, Spoken, View, at::touches, describe::describe_call, describe_expression, signature::arguments_in, words},
    Part, Told, described, known, quoted,
};

/// All parts of the expressions, formats and conditions of a line.
pub(in crate::analysis) fn parts<'r>(statement: Statement<'r>, words: &[Spoken]) -> Vec<expression::Part<'r>> {
    let of = |spoken: &Spoken| {
        let language = match spoken.role? {
            Role::Sample => Language::Sample,
            Role::Format => Language::Format,
            Role::Condition => Language::Condition,
            Role::Acl => Language::Acl,
            _ => return None,
        };
        Some(expression::parts(statement, spoken.number, spoken.bytes.clone(), language))
    };
    words.iter().filter_map(of).flatten().collect()
}

/// What is told of the part of an expression at the cursor.
pub(super) fn told(view: &View<'_>, cursor: Cursor) -> Option<Told> {
    let statement = view.statement(cursor)?;
    let all = parts(statement, &words(view, cursor));
    let here = all.iter().filter(|part| touches(part.location.span, cursor.offset));
    // Where two parts meet, the one behind the cursor is meant.
    let part = here.min_by_key(|part| (part.location.span.end == cursor.offset, part.location.span.len()))?;
    let parts = told_of(&part.meaning, view.versions());
    (!parts.is_empty()).then_some(Told { location: part.location, parts })
}

fn told_of(meaning: &Meaning<'_>, versions: VersionSet) -> Vec<Part> {
    match *meaning {
        Meaning::Fetch(name) => described(describe_call(name, false, versions)).collect(),
        Meaning::Converter(name) => described(describe_call(name, true, versions)).collect(),
        Meaning::Criterion(name) => criterion(name, versions),
        Meaning::Argument { call, converter, number } => argument(call, converter, number, versions),
        Meaning::Alias(name) => alias(name),
        Meaning::FormatFlags(flags) => flags.split(',').flat_map(flag).collect(),
        Meaning::Joint(word) | Meaning::Operator(word) => said(word),
        Meaning::Flag(flag) => described(describe_expression(flag, versions)).collect(),
        Meaning::Method(name) => method(name),
        Meaning::File => vec![Part::Text("a file of patterns, one a line".to_owned())],
        Meaning::Pattern { criterion, method } => pattern(criterion, method),
        _ => Vec::new(),
    }
}

pub(super) fn said(word: &str) -> Vec<Part> {
    condition_meaning(word).map(|meaning| Part::Text(format!("`{word}`: {meaning}"))).into_iter().collect()
}

/// A flag of a log format, with the sign before it.
fn flag(flag: &str) -> Option<Part> {
    let meaning = condition_meaning(&format!("%{}", flag.trim_start_matches(['+', '-'])))?;
    let off = if flag.starts_with('-') { "no longer: " } else { "" };
    Some(Part::Text(format!("`{flag}`: {off}{meaning}")))
}

fn criterion(name: &str, versions: VersionSet) -> Vec<Part> {
    let Some(acl) = lookup_acl(name) else { return Vec::new() };
    let meaning = method_meaning(acl.method).map_or(String::new(), |meaning| format!(": true where {meaning}"));
    let short = Part::Text(format!("`{name}` is short for `{} -m {}`{meaning}", acl.fetch, acl.method));
    [short].into_iter().chain(described(describe_call(acl.fetch, false, versions))).collect()
}

fn method(name: &str) -> Vec<Part> {
    let Some(meaning) = method_meaning(name) else { return Vec::new() };
    vec![Part::Code(format!("-m {name}")), Part::Text(format!("true where {meaning}"))]
}

fn pattern(criterion: &str, method: Option<&str>) -> Vec<Part> {
    let how = method.and_then(|name| Some((name, method_meaning(name)?)));
    let how = how.map_or(String::new(), |(name, meaning)| format!(", by `-m {name}`: true where {meaning}"));
    vec![Part::Text(format!("a pattern that `{}` is compared with{how}", quoted(criterion)))]
}

/// An argument of a call: which one it is, and what it has to be.
fn argument(call: &str, converter: bool, number: usize, versions: VersionSet) -> Vec<Part> {
    let Some(mut description) = describe_call(call, converter, versions) else { return Vec::new() };
    let form = forms(call, converter).iter().rfind(|form| form.versions.meets(versions));
    let Some(form) = form.filter(|form| !form.usage.is_empty()) else { return described([description]).collect() };
    // A criterion is written as its fetch is, but for the name.
    let usage = description.forms.last().map_or(form.usage, |form| form.text.as_str());
    description.marked = arguments_in(usage).get(number).cloned();
    description.forms.drain(..description.forms.len() - 1);
    let kind = form.arguments.as_ref().and_then(|all| all.get(number)).map(|kind| format!(": {}", kind.noun()));
    let place = ("argument", format!("number {} of `{call}`{}", number + 1, kind.unwrap_or_default()));
    description.rows.retain(|(name, _)| matches!(*name, "versions" | "target"));
    description.rows.insert(0, place);
    description.examples.clear();
    described([description]).collect()
}

fn alias(name: &str) -> Vec<Part> {
    let Some(alias) = aliases().iter().find(|alias| alias.name == name) else { return Vec::new() };
    let http = if alias.http { ", about HTTP" } else { "" };
    let text = format!("{}: a log-format alias{http}", alias.meaning);
    vec![Part::Code(format!("%{name}")), Part::Text(text), Part::Text(known(alias.versions))]
}
