//! What follows from what is assumed: a text that is `a` is not `b`, and what is at least 3.0 is at least 1.1. No world believes
//! what cannot be.

use rustc_hash::FxHashMap;

use super::{
    Condition, Predicate, UNKNOWN_MARK, parse,
    predicates::{Meaning, spec},
};

/// So many answers that are about one thing are looked at, those that are true first: nobody writes more, and a chain of a thousand
/// would be looked at a million times.
pub(crate) const MANY: usize = 64;

/// What is assumed, by what it is about.
#[derive(Debug, Default)]
pub(crate) struct Known(FxHashMap<String, Vec<(Asked, bool)>>);

impl Known {
    /// What is known where these atoms are assumed.
    pub(crate) fn of<'a>(assumed: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let mut known = Self::default();
        assumed.into_iter().for_each(|(atom, truth)| known.add(atom, truth));
        known
    }

    /// Assumes one more.
    pub(crate) fn add(&mut self, atom: &str, truth: bool) {
        let Some(asked) = Asked::new(atom) else { return };
        let Some(subject) = asked.subject() else { return };
        let about = self.0.entry(subject).or_default();
        if truth {
            about.insert(0, (asked, truth));
        } else if about.len() < MANY {
            about.push((asked, truth));
        }
        about.truncate(MANY);
    }

    /// Whether an atom is true, where one of those that are assumed decides it.
    pub(crate) fn follows(&self, atom: &str) -> Option<bool> {
        if self.0.is_empty() {
            return None;
        }
        let asked = Asked::new(atom)?;
        self.0.get(&asked.subject()?)?.iter().find_map(|(other, truth)| asked.follows(other, *truth))
    }
}

/// An atom, taken apart: it is written as one would write the condition.
#[derive(Debug)]
pub(crate) struct Asked {
    predicate: Predicate,
    meaning: Meaning,
}

impl Asked {
    pub(crate) fn new(atom: &str) -> Option<Self> {
        let Ok(Condition::Predicate(predicate)) = parse(atom) else { return None };
        Some(Self { meaning: spec(&predicate.name)?.meaning, predicate })
    }

    /// What it is about: nothing follows from what is about something else. `None` where nothing follows at all.
    pub(crate) fn subject(&self) -> Option<String> {
        match self.meaning {
            Meaning::Equal => compared(&self.predicate).map(|(open, _)| open.to_owned()),
            Meaning::Contains => searched(&self.predicate).map(|(within, _)| within.to_owned()),
            Meaning::Defined => variable(&self.predicate).map(|name| format!("${{{name}}}")),
            Meaning::OpensslVersion | Meaning::AwslcApi | Meaning::Build => Some(self.predicate.name.clone()),
            Meaning::Version | Meaning::Enabled => None,
        }
    }

    /// Whether it is true where another one is true, or is not.
    pub(crate) fn follows(&self, other: &Self, truth: bool) -> Option<bool> {
        let (asked, known) = (&self.predicate, &other.predicate);
        match self.meaning {
            Meaning::Equal => equal(asked, known, truth),
            Meaning::Contains => contains(asked, known, truth),
            Meaning::OpensslVersion | Meaning::AwslcApi => at_least(asked, known, truth),
            Meaning::Build => begins(asked, known, truth),
            Meaning::Defined => defined(asked, known, truth),
            Meaning::Version | Meaning::Enabled => None,
        }
    }
}

/// A text that nothing has to be filled in.
fn literal(text: &str) -> Option<&str> {
    (!text.contains("${") && !text.contains(UNKNOWN_MARK)).then_some(text)
}

/// What `streq` holds against each other: what is not known, and the text that it is or is not.
fn compared(predicate: &Predicate) -> Option<(&str, &str)> {
    let [a, b] = predicate.args.as_slice() else { return None };
    let sides = [(a, b), (b, a)].into_iter().filter(|_| predicate.name == "streq");
    sides.into_iter().find_map(|(open, text)| Some((open.as_str(), literal(text)?)))
}

/// What `strstr` looks in, and the text that it looks for.
fn searched(predicate: &Predicate) -> Option<(&str, &str)> {
    let [text, part] = predicate.args.as_slice() else { return None };
    literal(part).filter(|_| predicate.name == "strstr").map(|part| (text.as_str(), part))
}

fn equal(asked: &Predicate, known: &Predicate, truth: bool) -> Option<bool> {
    let (open, text) = compared(asked)?;
    // The sides may be the other way round.
    if compared(known) == Some((open, text)) {
        return Some(truth);
    }
    let is_other = |(other, value): (&str, &str)| truth && other == open && value != text;
    let lacks = |(within, part): (&str, &str)| within == open && text.contains(part) != truth;
    let is_unset = !truth && !text.is_empty() && variable(known).is_some_and(|name| is_only(open, name));
    (compared(known).is_some_and(is_other) || searched(known).is_some_and(lacks) || is_unset).then_some(false)
}

/// The variable that `defined` asks for.
fn variable(predicate: &Predicate) -> Option<&str> {
    predicate.args.first().map(String::as_str).filter(|_| predicate.name == "defined")
}

/// Whether a text is this variable and nothing else.
fn is_only(text: &str, name: &str) -> bool {
    text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) == Some(name)
}

/// What holds a text exists.
fn defined(asked: &Predicate, known: &Predicate, truth: bool) -> Option<bool> {
    let name = variable(asked)?;
    let (open, text) = compared(known)?;
    (truth && !text.is_empty() && is_only(open, name)).then_some(true)
}

fn contains(asked: &Predicate, known: &Predicate, truth: bool) -> Option<bool> {
    let (open, part) = searched(asked)?;
    let (other, value) = compared(known)?;
    (truth && other == open).then(|| value.contains(part))
}

fn at_least(asked: &Predicate, known: &Predicate, truth: bool) -> Option<bool> {
    let numbers =
        |predicate: &Predicate| predicate.args.first()?.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>();
    let (wanted, other) = (numbers(asked)?, numbers(known).filter(|_| asked.name == known.name)?);
    (if truth { wanted <= other } else { wanted >= other }).then_some(truth)
}

/// `ssllib_name_startswith`: two beginnings of one name.
fn begins(asked: &Predicate, known: &Predicate, truth: bool) -> Option<bool> {
    let name = |predicate: &Predicate| predicate.args.first().cloned().filter(|_| predicate.name == "ssllib_name_startswith");
    let (wanted, other) = (name(asked)?, name(known)?);
    match (truth, other.starts_with(&wanted), wanted.starts_with(&other)) {
        (true, true, _) => Some(true),
        (true, false, false) | (false, _, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, Known, Lookup, tests::say};

    struct Assumed<'a>(&'a [(&'a str, bool)]);

    impl Facts for Assumed<'_> {
        fn variable(&self, _: &str) -> Lookup {
            Lookup::Unknown
        }

        fn assumed(&self, atom: &str) -> Option<bool> {
            self.0.iter().find(|(name, _)| *name == atom).map(|(_, truth)| *truth)
        }

        fn follows(&self, atom: &str) -> Option<bool> {
            Known::of(self.0.iter().copied()).follows(atom)
        }
    }

    #[test]
    fn what_cannot_be_is_not_asked() {
        for (text, assumed, expected) in [
            ("streq(<X>,b)", ("streq(${X},a)", true), 'n'),
            ("streq(b,<X>)", ("streq(${X},a)", true), 'n'),
            ("strneq(<X>,b)", ("streq(a,${X})", true), 'y'),
            ("streq(<X>,\"b,c\")", ("streq(${X},\"b,d\")", true), 'n'),
            ("streq(<X>,b)", ("streq(${X},a)", false), '?'),
            ("streq(<Y>,b)", ("streq(${X},a)", true), '?'),
            ("streq(<X>,<Y>)", ("streq(${X},a)", true), '?'),
            ("streq(<X>-<Y>,b-c)", ("streq(${X}-${Y},a-c)", true), 'n'),
            ("strstr(<X>,ro)", ("streq(${X},prod)", true), 'y'),
            ("strstr(<X>,dev)", ("streq(${X},prod)", true), 'n'),
            ("strstr(<X>,dev)", ("streq(${X},prod)", false), '?'),
            ("streq(<X>,prod)", ("strstr(${X},dev)", true), 'n'),
            ("streq(<X>,prod)", ("strstr(${X},ro)", true), '?'),
            ("streq(<X>,prod)", ("strstr(${X},ro)", false), 'n'),
            ("openssl_version_atleast(1.1.1)", ("openssl_version_atleast(3.0.0)", true), 'y'),
            ("openssl_version_atleast(3.5.0)", ("openssl_version_atleast(3.0.0)", true), '?'),
            ("openssl_version_atleast(3.10.0)", ("openssl_version_atleast(3.9.0)", false), 'n'),
            ("openssl_version_before(3.5.0)", ("openssl_version_atleast(3.0.0)", false), 'y'),
            ("openssl_version_atleast(1.1.1k)", ("openssl_version_atleast(3.0.0)", true), '?'),
            ("awslc_api_atleast(30)", ("awslc_api_atleast(35)", true), 'y'),
            ("awslc_api_atleast(30)", ("openssl_version_atleast(3.0.0)", true), '?'),
            ("ssllib_name_startswith(LibreSSL)", ("ssllib_name_startswith(OpenSSL)", true), 'n'),
            ("ssllib_name_startswith(OpenSSL)", ("ssllib_name_startswith(OpenSSL 3)", true), 'y'),
            ("ssllib_name_startswith(OpenSSL 3)", ("ssllib_name_startswith(OpenSSL)", true), '?'),
            ("ssllib_name_startswith(OpenSSL 3)", ("ssllib_name_startswith(OpenSSL)", false), 'n'),
            ("ssllib_name_startswith(OpenSSL)", ("ssllib_name_startswith(LibreSSL)", false), '?'),
            ("feature(QUIC)", ("feature(OPENSSL)", false), '?'),
            ("defined(X)", ("streq(${X},a)", true), 'y'),
            ("defined(X)", ("streq(${X},)", true), '?'),
            ("defined(Y)", ("streq(${X},a)", true), '?'),
            ("streq(<X>,a)", ("defined(X)", false), 'n'),
            ("streq(<X>,)", ("defined(X)", false), '?'),
            ("streq(<X>b,ab)", ("defined(X)", false), '?'),
            ("streq(a,<X>)", ("streq(${X},a)", false), 'n'),
        ] {
            assert_eq!(say(text, &Assumed(&[assumed])), expected, "{text} where {assumed:?}");
        }
        let both = [("streq(${X},b)", true), ("streq(${X},a)", true)];
        assert_eq!(say("streq(<X>,a)", &Assumed(&both)), 'y', "what is assumed counts first");
    }
}
