//! The text of a word taken apart by `grammar/expression.pest`.

use crate::cut::Cut;

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
    /// All of it, from the `%` on.
    pub(super) range: Range<usize>,
}

fn range(pair: &Pair<'_, Rule>) -> Range<usize> {
    let span = pair.as_span();
    span.start()..span.end()
}

/// The chain that a whole word begins with; `None` if it begins with none.
pub(super) fn sample(text: &str) -> Option<Chain<'_>> {
    // Nearly every expression is plain. The grammar, which says the same, takes several times as long.
    if text.bytes().any(|b| matches!(b, b'"' | b'\'' | b'\\')) { by_grammar(text) } else { by_hand(text) }
}

/// What the grammar says of a text without quotes and backslashes; a property test holds both to the same result.
fn by_hand(text: &str) -> Option<Chain<'_>> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_-.+:".contains(&b);
    let bytes = text.as_bytes();
    let count = |from: usize, fits: &dyn Fn(u8) -> bool| bytes[from..].iter().take_while(|b| fits(**b)).count();
    let (mut calls, mut at, mut comma) = (Vec::new(), 0, false);
    loop {
        let end = at + count(at, &is_name);
        if end == at {
            break;
        }
        let arguments = (bytes.get(end) == Some(&b'(')).then(|| plain_arguments(text, end));
        let next = arguments.as_ref().map_or(end, |a| a.range.end);
        calls.push(Call { name: text.cut(at..end), at: at..end, arguments, range: at..next });
        at = next + count(next, &|b| b == b',');
        comma = at > next;
        if !comma {
            break;
        }
    }
    (!calls.is_empty()).then_some(Chain { calls, comma, end: at })
}

/// The arguments from the `(` at `open` on; without a `)` they go to the end.
fn plain_arguments(text: &str, open: usize) -> Arguments {
    let close = text.cut(open..).find(')').map(|at| open + at);
    let end = close.unwrap_or(text.len());
    let mut start = open + 1;
    let list = text.cut(start..end).split(',').map(|value| {
        let range = start..start + value.len();
        start = range.end + 1;
        Argument { value: value.to_owned(), range, dangling: false }
    });
    Arguments { list: list.collect(), closed: close.is_some(), range: open..close.map_or(end, |at| at + 1) }
}

fn by_grammar(text: &str) -> Option<Chain<'_>> {
    let pair = ExpressionParser::parse(Rule::sample, text).ok()?.next()?;
    let inner = pair.into_inner().find(|pair| pair.as_rule() == Rule::chain)?;
    Some(chain(inner))
}

fn chain(pair: Pair<'_, Rule>) -> Chain<'_> {
    let end = range(&pair).end;
    let (mut calls, mut comma) = (Vec::new(), false);
    for part in pair.into_inner() {
        comma = part.as_rule() == Rule::commas;
        if !comma {
            calls.push(call(part));
        }
    }
    Chain { calls, comma, end }
}

fn call(pair: Pair<'_, Rule>) -> Call<'_> {
    let whole = range(&pair);
    let mut call = Call { name: "", at: whole.clone(), arguments: None, range: whole };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::name => {
                call.at = range(&part);
                call.name = part.as_str();
            }
            _ => call.arguments = Some(arguments(part)),
        }
    }
    call
}

fn arguments(pair: Pair<'_, Rule>) -> Arguments {
    let mut arguments = Arguments { list: Vec::new(), closed: false, range: range(&pair) };
    for part in pair.into_inner() {
        if part.as_rule() == Rule::close {
            arguments.closed = true;
        } else {
            let mut argument = Argument { value: String::new(), range: range(&part), dangling: false };
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

/// What the `%` of a log-format string begin. Labels are what `labels` says.
pub(super) fn items(text: &str, labels: bool) -> impl Iterator<Item = Item<'_>> {
    let rule = if labels { Rule::log_format } else { Rule::plain_log_format };
    // Most of them are plain text, and need no parser.
    let parsed = text.contains('%').then(|| ExpressionParser::parse(rule, text));
    let whole = parsed.and_then(Result::ok).and_then(|mut pairs| pairs.next());
    let parts = whole.into_iter().flat_map(Pair::into_inner);
    parts.filter(|part| matches!(part.as_rule(), Rule::item | Rule::plain_item)).map(item)
}

fn item(pair: Pair<'_, Rule>) -> Item<'_> {
    let mut item = Item { cast: None, flags: None, target: Target::Text, range: range(&pair) };
    for part in pair.into_inner() {
        let place = range(&part);
        match part.as_rule() {
            Rule::label => {
                item.cast = part.into_inner().find(|p| p.as_rule() == Rule::label_type).map(|p| (p.as_str(), range(&p)));
            }
            Rule::flags => item.flags = part.into_inner().next().map(|p| (p.as_str(), range(&p))),
            Rule::alias | Rule::flagged => item.target = Target::Alias(part.as_str(), place),
            Rule::bracket => item.target = bracket(part),
            Rule::open_label => {
                let rest = part.into_inner().next().map_or(place.end, |rest| range(&rest).start);
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

fn bracket(pair: Pair<'_, Rule>) -> Target<'_> {
    let place = range(&pair);
    let (mut found, mut closed) = (None, false);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::chain => found = Some(chain(part)),
            Rule::close_bracket => closed = true,
            _ => {}
        }
    }
    Target::Expression(found, place, closed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn plain_expressions_are_what_the_grammar_says(text in "[a-c.,()_ %é\\]]{0,12}") {
            prop_assert_eq!(by_hand(&text), by_grammar(&text), "{}", text);
        }
    }
}
