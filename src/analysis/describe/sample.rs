//! What is known of the names in expressions and log formats.

use crate::{
    catalog::words,
    expression::{AclKeyword, Signature, aliases, condition_meaning, lookup_acl, lookup_converter, lookup_fetch, method_meaning},
    version::VersionSet,
};

use super::{Description, Form, manual, rows::in_words};

/// The examples that have the name itself; where none has, those of its kin.
fn with_name(examples: &[&'static str], name: &str) -> Vec<&'static str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
    let own: Vec<&str> = examples.iter().copied().filter(|line| line.split(|c| !is_part(c)).any(|word| word == name)).collect();
    if own.is_empty() { examples.to_vec() } else { own }
}

/// What is known of a name in expressions and log formats: a sample fetch, a converter, an ACL criterion, an alias of log formats.
///
/// ```
/// use haproxy_lint::{analysis::describe_expression, version::VersionSet};
/// assert_eq!(describe_expression("path", VersionSet::ALL)[0].forms[0].text, "path");
/// ```
pub fn describe_expression(name: &str, versions: VersionSet) -> Vec<Description> {
    let bare = name.trim_start_matches('%').split('(').next().unwrap_or_default();
    let mut all: Vec<Description> = of_condition(name).into_iter().collect();
    all.extend(of_sample("fetch", bare, lookup_fetch(bare), versions));
    all.extend(of_sample("converter", bare, lookup_converter(bare), versions));
    all.extend(lookup_acl(bare).map(|acl| of_criterion(&acl, versions)));
    if let Some(alias) = aliases().iter().find(|alias| alias.name == bare) {
        let mut description = Description { path: format!("%{bare}"), ..Description::default() };
        description.forms.push(Form { text: format!("%{bare}"), versions: alias.versions });
        description.rows.push(("what", format!("a log-format alias{}", if alias.http { ", about HTTP" } else { "" })));
        description.text = sentence(alias.meaning).into();
        description.manual = manual(words("type", "fmt", ""), "", alias.versions, versions);
        description.rows.push(("versions", in_words(alias.versions)));
        description.add_verdict(alias.versions, versions);
        all.push(description);
    }
    all
}

/// What is known of a fetch, or of a converter.
pub(in crate::analysis) fn describe_call(name: &str, converter: bool, versions: VersionSet) -> Option<Description> {
    if converter {
        return of_sample("converter", name, lookup_converter(name), versions);
    }
    of_sample("fetch", name, lookup_fetch(name), versions).or_else(|| lookup_acl(name).map(|acl| of_criterion(&acl, versions)))
}

/// What is known of a word of conditions or a flag of ACLs: `-m`, `unless`, `TRUE`.
fn of_condition(name: &str) -> Option<Description> {
    let meaning = condition_meaning(name)?;
    let mut description = Description { path: name.to_owned(), text: sentence(meaning).into(), ..Description::default() };
    description.forms.push(Form { text: name.to_owned(), versions: VersionSet::ALL });
    let what = match name.bytes().next() {
        _ if matches!(name, "no" | "default") => "a word before a keyword",
        _ if name == "from" => "a word in the header of a proxy or of another `defaults`",
        Some(b'-') => "a flag of ACLs, before the patterns",
        Some(b'%') => "a flag of log formats, as in `%{+Q}o`",
        Some(b'A'..=b'Z') => "a predefined ACL: no line declares it",
        Some(b'e' | b'g' | b'l') => "an operator before a number, in ACLs",
        _ => "a word of conditions",
    };
    description.rows.push(("what", what.to_owned()));
    Some(description)
}

/// The meaning of an alias, as a sentence.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

/// What is known of a criterion is what is known of its fetch, and what its method asks.
fn of_criterion(acl: &AclKeyword, versions: VersionSet) -> Description {
    let of_fetch = of_sample("fetch", acl.fetch, lookup_fetch(acl.fetch), versions).unwrap_or_default();
    let asks = method_meaning(acl.method).map_or(String::new(), |meaning| format!(" True where {meaning}."));
    let called = |form: &Form| form.text.strip_prefix(acl.fetch).map_or(acl.name.to_owned(), |rest| format!("{}{rest}", acl.name));
    let mut description = Description {
        path: acl.name.to_owned(),
        forms: of_fetch.forms.iter().map(|form| Form { text: called(form), versions: form.versions }).collect(),
        text: format!("{}{asks}", of_fetch.text).trim_start().to_owned().into(),
        manual: of_fetch.manual,
        ..Description::default()
    };
    if description.forms.is_empty() {
        description.forms.push(Form { text: acl.name.to_owned(), versions: VersionSet::ALL });
    }
    description.rows.push(("what", format!("an ACL criterion: short for `{} -m {}`", acl.fetch, acl.method)));
    description.rows.extend(of_fetch.rows.into_iter().filter(|(name, _)| !matches!(*name, "what" | "gives")));
    description
}

fn of_sample(table: &str, name: &str, signatures: &'static [Signature], versions: VersionSet) -> Option<Description> {
    let taken: Vec<&Signature> = signatures.iter().filter(|signature| signature.versions.meets(versions)).collect();
    let shown = if taken.is_empty() { signatures.iter().collect() } else { taken };
    let newest = shown.last()?;
    let known = signatures.iter().fold(VersionSet::NONE, |all, signature| all | signature.versions);
    let said = words(table, name, "");
    // Of what a device detection may bring along, only some are fetches.
    said.map(|_| ()).or_else(|| name.starts_with("lua.").then_some(()))?;
    let form = |s: &&Signature| Form { text: if s.usage.is_empty() { name.to_owned() } else { s.usage.to_owned() }, versions: s.versions };
    let mut description = Description {
        path: name.to_owned(),
        forms: shown.iter().map(form).collect(),
        text: said.map_or("", |said| said.text).into(),
        examples: said.map_or(Vec::new(), |said| with_name(said.examples, name)),
        manual: manual(said, name, known, versions),
        ..Description::default()
    };
    description.forms.dedup_by(|b, a| a.text == b.text);
    let what = match newest.input {
        Some(input) => format!("a converter: {input} => {}", newest.output),
        None => format!("a sample fetch; it reads {}", newest.reads),
    };
    description.rows.push(("what", what));
    if newest.input.is_none() {
        description.rows.push(("gives", newest.output.noun().to_owned()));
    }
    description.rows.push(("versions", in_words(known)));
    description.add_verdict(known, versions);
    Some(description)
}
