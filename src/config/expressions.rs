//! Which proxies and tables the sample expressions of a statement ask for: those that the arguments of a fetch or converter
//! name, and the section's own, where an argument for one is left out.

use std::ops::Range;

use crate::{
    catalog::{Mark, Role},
    cut::Cut,
    expression::{ArgumentType, Signature, acl_names, converter_names, fetch_names, lookup_acl, lookup_converter, lookup_fetch},
    syntax::{Reading, Statement, Word},
};

use super::NameKind;

/// An argument that names a proxy, a table, a server or a userlist. All ranges are bytes of the text of `word`.
#[derive(Clone, Debug)]
pub struct Argument<'r> {
    /// What it names.
    pub kind: NameKind,
    /// The word that the expression stands in.
    pub word: Word<'r>,
    /// The name of the fetch or converter.
    pub call: Range<usize>,
    /// The name; `None` where there is none, so that the section itself is meant.
    pub name: Option<Range<usize>>,
}

/// Whether an expression may ask for something by its name: of large files that is soon known, and most have none. What no file may
/// hold is not taken apart.
pub(super) fn some_may_name(reading: &Reading<'_>) -> bool {
    let may_be = |name: &&'static str| reading.may_be_written(name);
    let fetches = fetch_names().filter(may_be).map(|name| (name, lookup_fetch(name)));
    let converters = converter_names().filter(may_be).map(|name| (name, lookup_converter(name)));
    let acls = acl_names().filter(may_be).map(|name| (name, lookup_acl(name).map_or(&[][..], |acl| lookup_fetch(acl.fetch))));
    let names = |forms: &[Signature]| {
        let arguments = forms.last().and_then(|form| form.arguments.as_deref());
        arguments.is_some_and(|kinds| kinds.iter().any(|kind| of_argument(*kind).is_some()))
    };
    !reading.is_large() || fetches.chain(converters).chain(acls).any(|(name, forms)| names(forms) && reading.may_mention(name))
}

/// Finds the proxies and tables that the expressions of `statement` ask for which begin at `mark`.
pub(super) fn arguments<'r>(statement: Statement<'r>, mark: &Mark, found: &mut impl FnMut(Argument<'r>)) {
    let at = usize::from(mark.word);
    let with = |look: &mut dyn FnMut(Word<'r>, &'r str)| {
        statement.word(at).into_iter().for_each(|word| look(word, word.known().unwrap_or("")));
    };
    match mark.role {
        Role::Sample | Role::Acl => with(&mut |word, text| expression(word, text, mark.start as usize, found)),
        Role::Format => with(&mut |word, text| {
            text.match_indices("%[").for_each(|(start, _)| expression(word, text, start + 2, found));
        }),
        Role::Condition => {
            let mut before = "";
            for word in statement.words_from(at + 1) {
                let text = word.known().unwrap_or("");
                if matches!(before, "{" | "!{") {
                    expression(word, text, 0, found);
                }
                before = text;
            }
        }
        _ => {}
    }
}

/// What the fetch that begins at `start` and the converters behind it ask for.
fn expression<'r>(word: Word<'r>, text: &str, start: usize, found: &mut impl FnMut(Argument<'r>)) {
    let mut from = start;
    loop {
        let rest = text.cut(from..);
        let end = rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || b"_.-+:".contains(&b))).unwrap_or(rest.len());
        let call = from..from + end;
        let name = text.cut(call.clone());
        let forms = match from == start {
            true => lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch)),
            false => lookup_converter(name),
        };
        let given = match rest.cut(end..).strip_prefix('(').map(|inside| inside.find(')')) {
            Some(Some(length)) => Some(call.end + 1..call.end + 1 + length),
            // Without a closing parenthesis nothing behind it can be told apart.
            Some(None) => return,
            None => None,
        };
        // What is an argument is the same in all versions.
        if let Some(form) = forms.last() {
            named(form, text, given.clone(), &mut |kind, name| found(Argument { kind, word, call: call.clone(), name }));
        }
        let next = given.map_or(call.end, |inside| inside.end + 1);
        if !text.cut(next..).starts_with(',') {
            return;
        }
        from = next + 1;
    }
}

/// The names among the arguments that are `given` in parentheses.
fn named(form: &Signature, text: &str, given: Option<Range<usize>>, found: &mut impl FnMut(NameKind, Option<Range<usize>>)) {
    let kinds = form.arguments.as_deref().unwrap_or(&[]).iter().enumerate();
    for (number, kind) in kinds.filter_map(|(number, kind)| Some((number, of_argument(*kind)?))) {
        match &given {
            Some(inside) => match argument(text, inside, number) {
                Some(name) if name.is_empty() => found(kind, None),
                // A server alone is another fault.
                Some(name) if kind != NameKind::Server || text.cut(name.clone()).contains('/') => found(kind, Some(name)),
                _ => {}
            },
            None if number < form.required => found(kind, None),
            None => {}
        }
    }
}

/// Where among the arguments, which stand `inside`, number `number` is, without its quotes.
fn argument(text: &str, inside: &Range<usize>, number: usize) -> Option<Range<usize>> {
    let mut start = inside.start;
    for _ in 0..number {
        start += text.cut(start..inside.end).find(',')? + 1;
    }
    let end = text.cut(start..inside.end).find(',').map_or(inside.end, |comma| start + comma);
    let quoted = |q: char| end - start > 1 && text.cut(start..end).starts_with(q) && text.cut(start..end).ends_with(q);
    let inner = usize::from(quoted('"') || quoted('\''));
    Some(start + inner..end - inner)
}

/// What an argument of this type names.
fn of_argument(kind: ArgumentType) -> Option<NameKind> {
    Some(match kind {
        ArgumentType::Backend => NameKind::Backend,
        ArgumentType::Frontend => NameKind::Frontend,
        ArgumentType::Server => NameKind::Server,
        ArgumentType::Table => NameKind::Table,
        ArgumentType::Userlist => NameKind::Userlist,
        _ => return None,
    })
}
