//! The words of expressions, log formats, ACLs and conditions one by one, with what each of them is: for editors.

use std::ops::Range;

use crate::{
    source::Location,
    syntax::{Statement, Word},
};

use super::{
    Signature, lookup_acl, lookup_converter, output,
    pattern::Method,
    text::{self, Call, Chain, Target},
};

/// How a word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A sample expression; words behind it that are converters belong to it.
    Sample,
    /// A log-format string, which is one word.
    Format,
    /// `if` or `unless`, and a condition to the end of the line.
    Condition,
    /// The criterion of an ACL, with flags and patterns to the end of the line.
    Acl,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning<'r> {
    /// The name of a sample fetch.
    Fetch(&'r str),
    /// The name of an ACL criterion, which stands for a fetch and a method.
    Criterion(&'r str),
    /// The name of a converter.
    Converter(&'r str),
    /// An argument of one of them.
    Argument {
        /// The name of what takes it.
        call: &'r str,
        /// Whether that is a converter.
        converter: bool,
        /// Its number, from 0.
        number: usize,
    },
    /// The name of an alias of log formats, without the `%`.
    Alias(&'r str),
    /// What stands in `%{…}`.
    FormatFlags(&'r str),
    /// The name of an ACL.
    Named(&'r str),
    /// `if`, `unless`, `or`, `!`, a brace: what holds a condition together.
    Joint(&'r str),
    /// A flag of an ACL: `-i`.
    Flag(&'r str),
    /// A way to compare, behind `-m`.
    Method(&'r str),
    /// The file behind `-f`.
    File,
    /// `gt` and its kin, before a number.
    Operator(&'r str),
    /// The number behind `-u`.
    Number,
    /// A pattern.
    Pattern {
        /// What is compared with it.
        criterion: &'r str,
        /// The method, where it is known.
        method: Option<&'r str>,
    },
}

/// A part of a statement.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Part<'r> {
    /// Its bytes; the whole word where quotes or escapes have moved them.
    pub location: Location,
    /// What it is.
    pub meaning: Meaning<'r>,
}

/// The parts of what begins at the bytes `within` of word number `index`, in their order.
pub fn parts<'r>(statement: Statement<'r>, index: usize, within: Range<usize>, language: Language) -> Vec<Part<'r>> {
    let mut finder = Finder { statement, found: Vec::new() };
    match language {
        Language::Sample => finder.sample(index, within),
        Language::Format => finder.format(index, within),
        Language::Condition => finder.condition(index),
        Language::Acl => finder.acl(index, statement.len()),
    }
    finder.found
}

/// The word of the statement, and its known text.
fn text_of<'r>(statement: Statement<'r>, index: usize) -> Option<(Word<'r>, &'r str)> {
    statement.word(index).and_then(|word| Some((word, word.known()?)))
}

struct Finder<'r> {
    statement: Statement<'r>,
    found: Vec<Part<'r>>,
}

impl<'r> Finder<'r> {
    fn add(&mut self, word: Word<'r>, range: Range<usize>, meaning: Meaning<'r>) {
        if !range.is_empty() {
            self.found.push(Part { location: word.part(range), meaning });
        }
    }

    /// A word that is one part as a whole.
    fn whole(&mut self, word: Word<'r>, meaning: Meaning<'r>) {
        self.found.push(Part { location: word.location, meaning });
    }

    fn sample(&mut self, index: usize, within: Range<usize>) {
        let Some((word, text)) = text_of(self.statement, index) else { return };
        let Some(inner) = text.get(within.clone()) else { return };
        let Some(chain) = text::sample(inner) else { return };
        self.chain(word, within.start, &chain, true);
        if within.end == text.len() {
            self.further(index + 1, self.statement.len());
        }
    }

    /// Words that are converters; gives the number of the first that is none.
    fn further(&mut self, from: usize, end: usize) -> usize {
        for index in from..end {
            let Some((word, text)) = text_of(self.statement, index) else { return index };
            let chain = text::sample(text).filter(|chain| !lookup_converter(chain.calls[0].name).is_empty());
            let Some(chain) = chain else { return index };
            self.chain(word, 0, &chain, false);
        }
        end
    }

    /// The calls of a chain, which begins at byte `start` of a word; the first is a fetch where `fetches`.
    fn chain(&mut self, word: Word<'r>, start: usize, chain: &Chain<'r>, fetches: bool) {
        for (number, call) in chain.calls.iter().enumerate() {
            let meaning = match number {
                0 if fetches && lookup_acl(call.name).is_some_and(|acl| acl.fetch != call.name) => Meaning::Criterion(call.name),
                0 if fetches => Meaning::Fetch(call.name),
                _ => Meaning::Converter(call.name),
            };
            self.call(word, start, call, meaning);
        }
    }

    fn call(&mut self, word: Word<'r>, start: usize, call: &Call<'r>, meaning: Meaning<'r>) {
        let moved = |range: &Range<usize>| range.start + start..range.end + start;
        self.add(word, moved(&call.at), meaning);
        let converter = matches!(meaning, Meaning::Converter(_));
        let arguments = call.arguments.iter().flat_map(|arguments| &arguments.list);
        for (number, argument) in arguments.enumerate() {
            self.add(word, moved(&argument.range), Meaning::Argument { call: call.name, converter, number });
        }
    }

    fn format(&mut self, index: usize, within: Range<usize>) {
        let Some((word, text)) = text_of(self.statement, index) else { return };
        let Some(inner) = text.get(within.clone()) else { return };
        let start = within.start;
        for item in text::items(inner, true) {
            if let Some((flags, range)) = item.flags {
                self.add(word, range.start + start..range.end + start, Meaning::FormatFlags(flags));
            }
            match item.target {
                Target::Alias(name, range) => self.add(word, range.start + start..range.end + start, Meaning::Alias(name)),
                Target::Expression(Some(chain), ..) => self.chain(word, start, &chain, true),
                _ => {}
            }
        }
    }

    /// What stands behind `if` or `unless`, which is word `index`, and this word itself.
    fn condition(&mut self, index: usize) {
        let Some((word, mark)) = text_of(self.statement, index) else { return };
        self.whole(word, Meaning::Joint(mark));
        let mut at = index + 1;
        while let Some(word) = self.statement.word(at).filter(|word| !word.is("")) {
            at += 1;
            let Some(text) = word.known() else { continue };
            let name = text.trim_start_matches('!');
            let signs = text.len() - name.len();
            (0..signs).for_each(|sign| self.add(word, sign..sign + 1, Meaning::Joint("!")));
            match name {
                "" => {}
                "||" => self.add(word, signs..text.len(), Meaning::Joint("||")),
                name if name.eq_ignore_ascii_case("or") => self.add(word, signs..text.len(), Meaning::Joint("or")),
                "{" => {
                    self.add(word, signs..text.len(), Meaning::Joint("{"));
                    at = self.braces(at);
                }
                name => self.add(word, signs..text.len(), Meaning::Named(name)),
            }
        }
    }

    /// An ACL without a name from word `open` on; gives the number of the word behind its brace.
    fn braces(&mut self, open: usize) -> usize {
        let close = (open..self.statement.len()).find(|at| self.statement.word(*at).is_some_and(|word| word.is("}")));
        let end = close.unwrap_or(self.statement.len());
        self.acl(open, end);
        if let Some(word) = close.and_then(|close| self.statement.word(close)) {
            self.whole(word, Meaning::Joint("}"));
        }
        end + 1
    }

    /// An ACL from word `index` on, which ends before word `end`.
    fn acl(&mut self, index: usize, end: usize) {
        let Some((word, text)) = text_of(self.statement, index).filter(|_| index < end) else { return };
        let Some(chain) = text::sample(text) else { return };
        self.chain(word, 0, &chain, true);
        let keyword = lookup_acl(chain.calls[0].name).filter(|_| chain.calls.len() == 1);
        let behind = if keyword.is_some() { index + 1 } else { self.further(index + 1, end) };
        let (at, method) = self.flags(behind, end);
        let given = || output(self.statement, index).first().and_then(|(_, gives)| Method::of(*gives)?.name());
        let method = method.or(keyword.map(|keyword| keyword.method)).or_else(given);
        let operators = method.and_then(Method::from_name).is_some_and(Method::takes_operators);
        for at in at..end {
            let Some(word) = self.statement.word(at).filter(|word| !word.is("")) else { break };
            match word.known() {
                Some(operator @ ("eq" | "ge" | "gt" | "le" | "lt")) if operators => self.whole(word, Meaning::Operator(operator)),
                _ => self.whole(word, Meaning::Pattern { criterion: text, method }),
            }
        }
    }

    /// The flags from word `at` on; gives where they end, and what `-m` named.
    fn flags(&mut self, mut at: usize, end: usize) -> (usize, Option<&'r str>) {
        let mut method = None;
        while let Some((word, flag)) = text_of(self.statement, at).filter(|(_, text)| at < end && text.starts_with('-')) {
            let value = self.statement.word(at + 1).filter(|_| at + 1 < end);
            let meaning = match flag {
                "-f" => Some(Meaning::File),
                "-u" => Some(Meaning::Number),
                "-m" => value.and_then(Word::known).map(Meaning::Method),
                "-i" | "-n" | "-M" | "--" => None,
                // What is no flag is refused, and nobody knows what is behind it.
                _ => return (end, method),
            };
            self.whole(word, Meaning::Flag(flag));
            at += 1;
            if let (Some(word), Some(meaning)) = (value, meaning) {
                self.whole(word, meaning);
                at += 1;
            }
            match meaning {
                Some(Meaning::Method(name)) => method = Some(name),
                None if flag == "--" => break,
                _ => {}
            }
        }
        (at, method)
    }
}

/// The forms of what a call is: of a fetch, of the fetch that a criterion stands for, or of a converter.
pub fn forms(call: &str, converter: bool) -> &'static [Signature] {
    if converter { lookup_converter(call) } else { super::lookup_fetch(lookup_acl(call).map_or(call, |acl| acl.fetch)) }
}
