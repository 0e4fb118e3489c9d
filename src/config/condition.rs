//! Conditions of ACLs: what stands behind `if` or `unless`, taken apart.

use smallvec::{SmallVec, smallvec};

use crate::{
    catalog::takes_condition,
    source::Location,
    syntax::{self, Statement, Word},
};

/// A condition: it holds if all literals of one of its terms do, or, behind `unless`, if none of the terms holds.
#[derive(Clone, Debug)]
pub struct Condition<'r> {
    /// Whether it stands behind `unless`.
    pub unless: bool,
    /// The word `if` or `unless`.
    pub mark: Word<'r>,
    /// What `or` separates.
    pub terms: Terms<'r>,
}

/// What `or` separates: most conditions are one ACL.
pub type Terms<'r> = SmallVec<[Term<'r>; 1]>;

/// ACLs that must hold together.
pub type Term<'r> = SmallVec<[Literal<'r>; 1]>;

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
    Anonymous(SmallVec<[&'r str; 4]>),
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
    /// Takes the condition of `statement` apart.
    pub fn of(statement: &Statement<'r>) -> Self {
        if statement.is_open() || !takes_condition(statement) {
            return Self::Unknown;
        }
        let Some(at) = statement.mark() else { return Self::None };
        let mut all = statement.words_from(at);
        let Some(mark) = all.next() else { return Self::None };
        let mut words = SmallVec::<[(&str, Location); 12]>::new();
        for word in all {
            match word.known() {
                // HAProxy takes an empty word for the end of the line.
                Some("") => break,
                // With two of them, which one begins the condition depends on the arguments before it.
                Some("if" | "unless") | None => return Self::Unknown,
                Some(text) => words.push((text, word.location)),
            }
        }
        let terms = terms(&words).filter(|terms| terms.iter().all(|t| !t.is_empty()));
        terms.map_or(Self::Unknown, |terms| Self::Condition(Condition { unless: mark.is("unless"), mark, terms }))
    }
}

/// Whether a condition begins behind this word.
pub(crate) fn is_mark(word: Word<'_>) -> bool {
    word.known().is_some_and(|text| syntax::is_mark(text.as_bytes()))
}

/// The terms that `or` separates; `None` where a brace is not closed.
fn terms<'r>(words: &[(&'r str, Location)]) -> Option<Terms<'r>> {
    let mut terms: Terms<'r> = smallvec![Term::new()];
    let mut negated = false;
    let mut at = 0;
    while let Some(&(text, location)) = words.get(at) {
        at += 1;
        if text.eq_ignore_ascii_case("or") || text == "||" {
            terms.push(Term::new());
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
    pub fn positive(self) -> Option<Terms<'r>> {
        let not = |l: Literal<'r>| Literal { negated: !l.negated, ..l };
        let mut terms = self.terms;
        if !self.unless {
            return Some(terms);
        }
        if terms.len() == 1 {
            return terms.pop().map(|term| term.into_iter().map(|l| smallvec![not(l)]).collect());
        }
        terms.iter().all(|t| t.len() == 1).then(|| smallvec![terms.into_iter().flatten().map(not).collect()])
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    use super::*;

    /// The terms behind `if`, as text.
    fn terms(line: &str) -> Option<String> {
        let sources = Sources::single("f", format!("backend b\n{line}\n"));
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let config = Config::new(&readings[0]);
        let statement = config.proxies[0].section.statements().next()?;
        let Guard::Condition(condition) = Guard::of(&statement) else { return None };
        let literal = |l: &Literal<'_>| format!("{}{}", if l.negated { "!" } else { "" }, l.atom);
        let term = |t: &Term<'_>| t.iter().map(literal).collect::<Vec<_>>().join(" ");
        Some(condition.positive()?.iter().map(term).collect::<Vec<_>>().join(" or "))
    }

    #[test]
    fn conditions_are_taken_apart() {
        for (line, expected) in [
            ("http-request deny if a", "a"),
            ("http-request deny if a !b or ! c || { path /x }", "a !b or !c or { path /x }"),
            ("http-request deny if !{ src 10.0.0.1 } OR a", "!{ src 10.0.0.1 } or a"),
            ("http-request deny unless a b", "!a or !b"),
            ("http-request deny unless a or !b", "!a b"),
        ] {
            assert_eq!(terms(line).as_deref(), Some(expected), "{line}");
        }
        for line in [
            "http-request deny",
            "http-request deny if",
            "http-request deny if a or",
            "http-request deny if { path /x",
            "http-request deny unless a b or c",
        ] {
            assert_eq!(terms(line), None, "{line}");
        }
    }
}
