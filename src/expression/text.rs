//! The text of a word taken apart by `grammar/expression.pest`.

use std::ops::Range;

use pest::{Parser, iterators::Pair};

use grammar::{ExpressionParser, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/expression.pest"]
    pub(super) struct ExpressionParser;
}

/// A fetch or converter with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call<'t> {
    pub(super) name: &'t str,
    pub(super) at: Range<usize>,
    pub(super) arguments: Option<Arguments>,
    /// The name and its arguments.
    pub(super) range: Range<usize>,
}

/// What stands in parentheses; there is at least one argument, which may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) list: Vec<Argument>,
    /// Whether the `)` is there.
    pub(super) closed: bool,
    /// Where they are, parentheses included.
    pub(super) range: Range<usize>,
}

/// An argument, its quotes and escapes gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    pub(super) value: String,
    pub(super) range: Range<usize>,
    /// It ends in a backslash that is the end of the text.
    pub(super) dangling: bool,
}

/// A fetch with the converters behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain<'t> {
    pub(super) calls: Vec<Call<'t>>,
    /// Whether commas follow the last call.
    pub(super) comma: bool,
    /// The place behind all of it.
    pub(super) end: usize,
}

/// What a `%` begins in a log-format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target<'t> {
    /// A character that stands for itself.
    Text,
    /// `%ci`
    Alias(&'t str, Range<usize>),
    /// `%[…]`; `None` where nothing that looks like a name follows. The last is whether the `]` is there.
    Expression(Option<Chain<'t>>, Range<usize>, bool),
    /// `%(` without its `)`, or with a character that no name has, which is here.
    OpenLabel(Range<usize>),
    /// `%{` without its `}`
    OpenFlags(Range<usize>),
    /// `%{…}` and then neither an alias nor `[`
    Bare(Range<usize>),
    /// A blank, a digit or nothing.
    Misplaced(Range<usize>),
}

/// `%` and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item<'t> {
    /// `type` of `%(name:type)`.
    pub(super) cast: Option<(&'t str, Range<usize>)>,
    /// `+Q` of `%{+Q}`
    pub(super) flags: Option<(&'t str, Range<usize>)>,
    pub(super) target: Target<'t>,
    /// The place behind it.
    pub(super) end: usize,
}

fn range(pair: &Pair<'_, Rule>, base: usize) -> Range<usize> {
    let span = pair.as_span();
    base + span.start()..base + span.end()
}

/// The chain that a whole word begins with, and where it ends: 0 if there is none.
pub(super) fn sample(text: &str) -> Option<Chain<'_>> {
    let pair = ExpressionParser::parse(Rule::sample, text).ok()?.next()?;
    let inner = pair.into_inner().find(|pair| pair.as_rule() == Rule::chain)?;
    Some(chain(inner, 0))
}

fn chain(pair: Pair<'_, Rule>, base: usize) -> Chain<'_> {
    let end = range(&pair, base).end;
    let (mut calls, mut comma) = (Vec::new(), false);
    for part in pair.into_inner() {
        comma = part.as_rule() == Rule::commas;
        if !comma {
            calls.push(call(part, base));
        }
    }
    Chain { calls, comma, end }
}

fn call(pair: Pair<'_, Rule>, base: usize) -> Call<'_> {
    let whole = range(&pair, base);
    let mut call = Call { name: "", at: whole.clone(), arguments: None, range: whole };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::name => {
                call.at = range(&part, base);
                call.name = part.as_str();
            }
            _ => call.arguments = Some(arguments(part, base)),
        }
    }
    call
}

fn arguments(pair: Pair<'_, Rule>, base: usize) -> Arguments {
    let mut arguments = Arguments { list: Vec::new(), closed: false, range: range(&pair, base) };
    for part in pair.into_inner() {
        if part.as_rule() == Rule::close {
            arguments.closed = true;
        } else {
            let mut argument = Argument { value: String::new(), range: range(&part, base), dangling: false };
            part.into_inner().for_each(|piece| argument.push(&piece));
            arguments.list.push(argument);
        }
    }
    arguments
}

impl Argument {
    fn push(&mut self, piece: &Pair<'_, Rule>) {
        match piece.as_rule() {
            Rule::strong | Rule::weak => piece.clone().into_inner().for_each(|inner| self.push(&inner)),
            Rule::escape => self.value.push(match piece.as_str().as_bytes() {
                [_, b'r'] => '\r',
                [_, b'n'] => '\n',
                [_, b't'] => '\t',
                [_, other] => char::from(*other),
                _ => '\\',
            }),
            Rule::dangling => self.dangling = true,
            _ => self.value.push_str(piece.as_str()),
        }
    }
}

/// What the `%` at `at` begins. Labels are what `labels` says.
pub(super) fn item(text: &str, at: usize, labels: bool) -> Item<'_> {
    let behind = &text[at + 1..];
    let mut item = Item { cast: None, flags: None, target: Target::Text, end: at + 1 };
    if !labels && behind.starts_with('(') {
        return item;
    }
    let Some(pair) = ExpressionParser::parse(Rule::item, &text[at..]).ok().and_then(|mut pairs| pairs.next()) else { return item };
    item.end = range(&pair, at).end;
    for part in pair.into_inner() {
        let place = range(&part, at);
        match part.as_rule() {
            Rule::label => {
                item.cast = part.into_inner().find(|p| p.as_rule() == Rule::label_type).map(|p| (p.as_str(), range(&p, at)));
            }
            Rule::flags => item.flags = part.into_inner().next().map(|p| (p.as_str(), range(&p, at))),
            Rule::alias | Rule::flagged => item.target = Target::Alias(part.as_str(), place),
            Rule::bracket => item.target = bracket(part, at),
            Rule::open_label => {
                let rest = part.into_inner().next().map_or(place.end, |rest| range(&rest, at).start);
                item.target = Target::OpenLabel(rest..place.end);
            }
            Rule::open_flags => item.target = Target::OpenFlags(place),
            Rule::no_target => item.target = Target::Bare(place),
            Rule::misplaced => item.target = Target::Misplaced(place),
            _ => {}
        }
    }
    item
}

fn bracket(pair: Pair<'_, Rule>, base: usize) -> Target<'_> {
    let place = range(&pair, base);
    let (mut found, mut closed) = (None, false);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::chain => found = Some(chain(part, base)),
            Rule::close_bracket => closed = true,
            _ => {}
        }
    }
    Target::Expression(found, place, closed)
}
