//! Conditions of ACLs: what stands behind `if` or `unless`, taken apart.

use crate::{
    source::Location,
    syntax::{Statement, Text, Word},
};

use super::names::CONDITIONAL;

/// A condition: it holds if all literals of one of its terms do, or, behind `unless`, if none of the terms holds.
#[derive(Clone, Debug)]
pub struct Condition<'r> {
    /// Whether it stands behind `unless`.
    pub unless: bool,
    /// The word `if` or `unless`.
    pub mark: Word<'r>,
    /// What `or` separates.
    pub terms: Vec<Vec<Literal<'r>>>,
}

/// An ACL in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal<'r> {
    /// Whether a `!` stands before it.
    pub negated: bool,
    /// The ACL.
    pub atom: Atom<'r>,
    /// Where it stands, without its `!`.
    pub location: Location,
}

/// An ACL: by name, or written out in braces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom<'r> {
    /// The name of an `acl` line, or one that HAProxy predefines.
    Name(&'r str),
    /// The words between `{` and `}`.
    Anonymous(Vec<&'r str>),
}

impl std::fmt::Display for Atom<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Anonymous(words) => write!(f, "{{ {} }}", words.join(" ")),
        }
    }
}

/// What is known of the condition of a rule.
#[derive(Clone, Debug)]
pub enum Guard<'r> {
    /// The rule has none: it always applies.
    None,
    /// It has this one.
    Condition(Condition<'r>),
    /// It depends on what is not known, or HAProxy refuses it.
    Unknown,
}

impl<'r> Guard<'r> {
    /// Takes the condition of `statement` apart (language.md §4.5).
    pub fn of(statement: &Statement<'r>) -> Self {
        let marks = |at: &usize| matches!(statement.str(*at), "if" | "unless");
        let mut starts = (1..statement.len()).filter(marks);
        let (start, more) = (starts.next(), starts.next());
        if more.is_some() || statement.words().any(|w| w.text == Text::Many) || !CONDITIONAL.contains(&statement.keyword()) {
            return Self::Unknown;
        }
        let Some(start) = start else { return Self::None };
        let mut words = Vec::with_capacity(statement.len() - start);
        for word in statement.words().skip(start + 1) {
            match word.known() {
                // HAProxy takes an empty word for the end of the line.
                Some("") => break,
                Some(text) => words.push((text, word.location)),
                None => return Self::Unknown,
            }
        }
        let terms = terms(&words).filter(|terms| terms.iter().all(|t| !t.is_empty()));
        match (terms, statement.word(start)) {
            (Some(terms), Some(mark)) => Self::Condition(Condition { unless: mark.is("unless"), mark, terms }),
            _ => Self::Unknown,
        }
    }
}

/// The terms that `or` separates; `None` where a brace is not closed.
fn terms<'r>(words: &[(&'r str, Location)]) -> Option<Vec<Vec<Literal<'r>>>> {
    let mut terms = vec![Vec::new()];
    let mut negated = false;
    let mut at = 0;
    while let Some(&(text, location)) = words.get(at) {
        at += 1;
        if text.eq_ignore_ascii_case("or") || text == "||" {
            terms.push(Vec::new());
            negated = false;
            continue;
        }
        let name = text.trim_start_matches('!');
        negated ^= (text.len() - name.len()) % 2 == 1;
        let (atom, location) = match name {
            "" => continue,
            "{" => {
                let close = at + words[at..].iter().position(|(w, _)| *w == "}")?;
                let inside = words[at..close].iter().map(|(w, _)| *w).collect();
                let span = location.span.to(words[close].1.span);
                at = close + 1;
                (Atom::Anonymous(inside), Location { span, ..location })
            }
            _ => (Atom::Name(name), location),
        };
        terms.last_mut()?.push(Literal { negated, atom, location });
        negated = false;
    }
    Some(terms)
}

impl<'r> Condition<'r> {
    /// The same as terms that stand behind `if`; `None` where that takes more than turning one row of literals round.
    pub fn positive(&self) -> Option<Vec<Vec<Literal<'r>>>> {
        let not = |l: &Literal<'r>| Literal { negated: !l.negated, ..l.clone() };
        match self.terms.as_slice() {
            _ if !self.unless => Some(self.terms.clone()),
            [term] => Some(term.iter().map(|l| vec![not(l)]).collect()),
            terms if terms.iter().all(|t| t.len() == 1) => Some(vec![terms.iter().flatten().map(not).collect()]),
            _ => None,
        }
    }
}
