//! Where a line can be cut apart so that it is right.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr},
    ops::Range,
    sync::LazyLock,
};

use rustc_hash::FxHashSet;

use crate::{
    catalog,
    cut::Cut as _,
    expression::{fetch_names, lookup_acl},
    finding::Severity,
    rules::reference::unknown_acl,
    source::{SourceFile, Sources, Span},
    syntax::{SECTIONS, section_kind},
};

use super::super::{Options, Selection, plain};

/// Of so many ways to cut a line at most it is asked whether they make it right.
const TRIES: usize = 24;

/// Longer lines are not taken apart: nobody typed them, and each place of each word is looked at.
const LONGEST: usize = 1024;

/// What is missing between two words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Missing {
    /// A blank between two words.
    Blank,
    /// Blanks around the signs of a condition.
    Signs,
    /// Nothing: there is a blank too many.
    Nothing,
    /// The end of a line, and the blank between the words is there.
    LineEnd,
}

/// How a line is cut apart.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    missing: Missing,
    /// The bytes of the file that are replaced, and by what.
    pub(super) edits: Vec<(Bytes, String)>,
    /// The bytes of the file that the finding is about.
    pub(super) word: Bytes,
    left: String,
    right: String,
}

/// A start and an end.
type Bytes = (usize, usize);

impl Cut {
    /// The message, the label and the help.
    pub(super) fn texts(&self) -> (String, String, String) {
        let Self { left, right, .. } = self;
        match self.missing {
            Missing::Blank => (
                format!("a blank is missing in `{left}{right}`"),
                format!("`{left}` and `{right}` are two words"),
                format!("write `{left} {right}`"),
            ),
            Missing::Signs => (
                format!("blanks are missing in `{left}`"),
                "`{`, `}` and `||` are words of their own".to_owned(),
                format!("write `{right}`"),
            ),
            Missing::Nothing => {
                (format!("a blank cuts `{left}{right}` in two"), format!("`{left}{right}` is one word"), format!("write `{left}{right}`"))
            }
            Missing::LineEnd => (
                format!("two lines have become one: a line break is missing before `{right}`"),
                format!("`{right}` begins a line"),
                format!("put `{right}` on a line of its own"),
            ),
        }
    }

    /// Whether two lines have become one.
    pub(super) fn joins_lines(&self) -> bool {
        self.missing == Missing::LineEnd
    }

    /// What the fix does.
    pub(super) fn title(&self) -> String {
        match self.missing {
            Missing::Blank => format!("write `{} {}`", self.left, self.right),
            Missing::Signs => format!("write `{}`", self.right),
            Missing::Nothing => format!("write `{}{}`", self.left, self.right),
            Missing::LineEnd => format!("begin a new line before `{}`", self.right),
        }
    }
}

/// Words that stand for themselves somewhere in the language.
static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let names = catalog::names().chain(fetch_names()).chain(SECTIONS.iter().map(|s| s.keyword)).chain(["if", "unless"]);
    names.filter(|name| name.len() > 1).collect()
});

/// Words that begin a line.
static FIRST: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let tables = SECTIONS.iter().filter_map(|section| catalog::section_table(section.kind));
    let keywords = tables.flat_map(|table| table.entries).map(|entry| entry.key);
    keywords.chain(SECTIONS.iter().map(|s| s.keyword)).filter(|word| word.len() > 1).collect()
});

/// The rules that say whether the words of a line are right: no others are asked.
static OF_WORDS: LazyLock<Selection> = LazyLock::new(|| {
    Selection::within(|rule| matches!(rule.group(), "keyword" | "syntax" | "version") || rule.name == unknown_acl::RULE.name)
});

/// What is looked at in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// The signs of its condition.
    Condition,
    /// Whether another line begins in it, too.
    Lines,
    /// All of its words.
    Words,
}

/// Looks for the cut of one line.
pub(super) struct Cutter<'a> {
    file: &'a SourceFile,
    options: &'a Options,
    /// The header of the section that the line is in.
    header: String,
    line: Bytes,
    text: &'a str,
    /// The words as they are written, as places in `text`.
    words: Vec<Range<usize>>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(file: &'a SourceFile, line: usize, options: &'a Options) -> Self {
        let span = file.line_span(line);
        let text = file.str(span).unwrap_or("");
        let words = if text.len() > LONGEST { Vec::new() } else { words(text) };
        Self { file, options, header: header(file, line), line: (span.start as usize, span.end as usize), text, words }
    }

    fn word(&self, number: usize) -> &'a str {
        self.words.get(number).map_or("", |range| self.text.cut(range.clone()))
    }

    /// The first way to cut the line that makes it right.
    pub(super) fn cut(&self, extent: Extent) -> Option<Cut> {
        if self.words.is_empty() {
            return None;
        }
        let mut all: Vec<Cut> = self.signs().into_iter().collect();
        if extent == Extent::Words {
            all.extend(self.first_word());
        }
        if extent >= Extent::Lines {
            all.extend(self.line_ends());
        }
        if extent == Extent::Words {
            all.extend(self.inside().into_iter().chain(self.cut_in_two()));
        }
        all.into_iter().take(TRIES).take_while(|_| !self.options.cancel.is_over()).find(|cut| self.is_right(cut))
    }

    /// Blanks around all braces and `||` that are meant to stand for themselves.
    fn signs(&self) -> Option<Cut> {
        let begin = self.words.iter().position(|range| matches!(self.text.cut(range.clone()), "if" | "unless"))? + 1;
        let words = || self.words[begin..].iter().cloned();
        let broken: Vec<Range<usize>> = words().filter(|range| is_stuck(self.text.cut(range.clone()))).collect();
        let whole = broken.first()?.start..broken.last()?.end;
        let edits = broken.iter().map(|range| (self.in_file(range), apart(self.text.cut(range.clone())))).collect();
        let right = words().filter(|r| r.start >= whole.start && r.end <= whole.end).map(|range| match self.text.cut(range) {
            word if is_stuck(word) => apart(word),
            word => word.to_owned(),
        });
        let right = right.collect::<Vec<_>>().join(" ");
        Some(Cut { missing: Missing::Signs, edits, word: self.in_file(&whole), left: self.text.cut(whole.clone()).to_owned(), right })
    }

    /// A blank in the first word, behind a keyword.
    fn first_word(&self) -> Vec<Cut> {
        let word = self.word(0);
        let ends = (2..word.len())
            .rev()
            .filter(|end| word.is_char_boundary(*end) && !is_slip(word.cut(*end..)) && !word.cut(*end..).starts_with(['_', '-', '.']));
        ends.filter(|end| FIRST.contains(word.cut(..*end))).map(|end| self.blank(0, end)).collect()
    }

    /// The ends of lines: before words that begin one, or inside a word that ends in such a word.
    fn line_ends(&self) -> Vec<Cut> {
        let mut found = Vec::new();
        for number in 0..self.words.len() {
            let word = self.word(number);
            if number > 0 && self.begins_line(word) {
                found.push(self.line_end(number, 0));
            }
            let starts = (1..word.len().saturating_sub(2)).filter(|start| word.is_char_boundary(*start));
            found.extend(starts.filter(|start| self.begins_line(word.cut(*start..))).map(|start| self.line_end(number, start)));
        }
        // All of them at once, where more than two lines are one.
        let mut all = found.iter().filter(|cut| cut.edits[0].0.0 < cut.edits[0].0.1);
        if let Some(first) = all.next() {
            let edits: Vec<_> = std::iter::once(first).chain(all).flat_map(|cut| cut.edits.clone()).collect();
            found.extend((edits.len() > 1).then(|| Cut { edits, ..first.clone() }));
        }
        found
    }

    /// Whether a word begins lines, and is none that belongs into this one.
    fn begins_line(&self, word: &str) -> bool {
        FIRST.contains(word) && catalog::keywords(&format!("{} {word}", self.word(0))).is_empty()
    }

    /// Blanks inside other words than the first: beside known words, and between letters, digits and signs.
    fn inside(&self) -> Vec<Cut> {
        let mut found = Vec::new();
        for number in 1..self.words.len() {
            let word = self.word(number);
            let mut places: Vec<(u8, usize)> = (1..word.len()).filter_map(|at| Some((boundary(word, at)?, at))).collect();
            places.retain(|(_, at)| !is_slip(word.cut(*at..)));
            // What an ACL asks for is there: its name is whole.
            if number == 1 && self.word(0) == "acl" && is_known(self.word(2)) {
                continue;
            }
            if self.is_criterion(number) {
                // Behind it anything may stand, so that a cut in a name that is wrong would always do.
                places.retain(|(_, at)| {
                    word.cut(..*at).ends_with(')') || word.cut(*at..).starts_with(|c: char| c == '/' || c.is_ascii_digit())
                });
            }
            places.sort_unstable();
            found.extend(places.into_iter().map(|(_, at)| self.blank(number, at)));
        }
        found
    }

    /// Whether a word is what an ACL asks for.
    fn is_criterion(&self, number: usize) -> bool {
        self.word(number - 1).ends_with('{') || number == 2 && self.word(0) == "acl"
    }

    /// Words that a blank cuts in two: beside a sign, before a unit, and where both together are a known word.
    fn cut_in_two(&self) -> Vec<Cut> {
        let mut found = Vec::new();
        for number in 1..self.words.len().saturating_sub(1) {
            let (left, right) = (self.word(number), self.word(number + 1));
            let port = right.strip_prefix(':').is_some_and(is_number) && left.parse::<IpAddr>().is_ok();
            let signs = right.starts_with(['(', ')', ',']) || left.ends_with(['(', ',']);
            let unit = is_number(left) && matches!(right, "us" | "ms" | "s" | "m" | "h" | "d" | "k" | "g");
            if port || signs || unit || is_known(&format!("{left}{right}")) {
                let (first, second) = (self.words[number].clone(), self.words[number + 1].clone());
                let edits = vec![(self.in_file(&(first.end..second.start)), String::new())];
                let word = self.in_file(&(first.start..second.end));
                found.push(Cut { missing: Missing::Nothing, edits, word, left: left.to_owned(), right: right.to_owned() });
            }
        }
        found
    }

    fn blank(&self, number: usize, at: usize) -> Cut {
        let range = self.words[number].clone();
        let (left, right) = self.word(number).split_at(at);
        let place = self.line.0 + range.start + at;
        let edits = vec![((place, place), " ".to_owned())];
        Cut { missing: Missing::Blank, edits, word: self.in_file(&range), left: left.to_owned(), right: right.to_owned() }
    }

    /// The end of a line before the word of that number, or inside of it.
    fn line_end(&self, number: usize, at: usize) -> Cut {
        let range = self.words[number].clone();
        let right = self.word(number).cut(at..).to_owned();
        let indent = self.text.cut(..self.words[0].start);
        let indent = if section_kind(&right).is_some() {
            ""
        } else if indent.is_empty() {
            "  "
        } else {
            indent
        };
        let begins = if at == 0 { self.words[number - 1].end } else { range.start + at };
        let edits = vec![((self.line.0 + begins, self.line.0 + range.start + at), format!("\n{indent}"))];
        Cut { missing: Missing::LineEnd, edits, word: self.in_file(&(range.start + at..range.end)), left: String::new(), right }
    }

    fn in_file(&self, range: &Range<usize>) -> Bytes {
        (self.line.0 + range.start, self.line.0 + range.end)
    }

    fn between(&self, start: usize, end: usize) -> Cow<'a, str> {
        self.file.text(Span::new(start as u32, end as u32))
    }

    /// Whether the line is right when it is cut: nothing is said of its words, below the header of its section.
    fn is_right(&self, cut: &Cut) -> bool {
        let mut line = String::new();
        let mut done = self.line.0;
        for ((start, end), text) in &cut.edits {
            line.push_str(&self.between(done, *start));
            line.push_str(text);
            done = *end;
        }
        line.push_str(&self.between(done, self.line.1));
        let first = self.header.matches('\n').count();
        let sources = Sources::single("joined", format!("{}{line}\n", self.header));
        let mut options = Options { heard: None, selection: OF_WORDS.clone(), surroundings: None, ..self.options.clone() };
        // What nothing changes on the way to a later version is no less wrong.
        options.target = options.upgrade_to.take().or(options.target);
        plain(&sources, &options).iter().all(|f| {
            let here = f.location.is_some_and(|at| sources.file(at.file).line_of(at.span.start) >= first);
            let words = match f.rule.group() {
                "keyword" | "syntax" => f.severity > Severity::Info,
                group => group == "version" && f.severity == Severity::Error,
            };
            let brace = f.rule.name == unknown_acl::RULE.name && f.message.contains(['{', '}']);
            !here || !(words || brace)
        })
    }
}

fn is_known(word: &str) -> bool {
    KNOWN.contains(word) || lookup_acl(word).is_some()
}

/// Whether what is left of a word is one letter too many, and no word: `httpchkk`, `iff`, `servers`.
fn is_slip(rest: &str) -> bool {
    rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word is an IPv4 address, perhaps with a port.
fn begins_with_address(word: &str) -> bool {
    word.split(':').next().is_some_and(|host| host.parse::<Ipv4Addr>().is_ok())
}

/// Whether a sign of a condition is stuck to a word.
fn is_stuck(word: &str) -> bool {
    let bare = word.strip_prefix('!').unwrap_or(word);
    let braces = bare.len() > 1 && (bare.starts_with(['{', '}']) || bare.ends_with(['{', '}']));
    (braces || bare.len() > 2 && bare.contains("||")) && !word.contains(['"', '\'', '\\', '$', '[', '('])
}

/// The same with blanks.
fn apart(word: &str) -> String {
    let spaced = word.replace('{', " { ").replace('}', " } ").replace("||", " || ").replace("! {", "!{");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How likely two words meet at this place of a word, the least number first; `None` where they hardly do.
fn boundary(word: &str, at: usize) -> Option<u8> {
    let (left, right) = (word.get(..at)?, word.get(at..)?);
    let (before, after) = (left.as_bytes().last()?, right.as_bytes().first()?);
    // Nor do they where converters and arguments go on.
    if matches!(after, b'_' | b'-' | b'.' | b',' | b'(' | b')') {
        return None;
    }
    let rank = match (is_known(left), is_known(right)) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) if right.len() > 2 => 2,
        _ if before.is_ascii_alphabetic() && begins_with_address(right) => 3,
        _ if before.is_ascii_digit() && after.is_ascii_alphabetic() && right.len() > 2 => 4,
        _ => return None,
    };
    Some(rank)
}

/// The words of a line, as they are written.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split([' ', '\t', '\r', '\n']) {
        if part.starts_with('#') {
            break;
        }
        if !part.is_empty() {
            found.push(at..at + part.len());
        }
        at += part.len() + 1;
    }
    found
}

/// The header of the section that a line stands in, with the mode in which a proxy takes most.
fn header(file: &SourceFile, line: usize) -> String {
    let above = (0..line).rev().filter_map(|above| file.str(file.line_span(above)));
    let mut headers = above.filter_map(|text| Some((text, section_kind(text.split_ascii_whitespace().next()?)?)));
    let Some((text, spec)) = headers.next() else { return String::new() };
    let mode = if spec.kind.is_proxy() { "  mode http\n" } else { "" };
    format!("{}\n{mode}", text.trim_end())
}
