//! `syntax/too-many-words`.

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
    source::SourceFile,
    syntax::Tree,
};

rule! {
    /// A line has more words than HAProxy takes.
    ///
    /// ## Why
    ///
    /// HAProxy reads at most 64 words of a line, the keyword included, and refuses a line with more. Up to 3.1 it
    /// also refuses a line of exactly 64 words that ends in blanks.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     acl many src 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8 10.0.0.9 10.0.0.10 10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14 10.0.0.15 10.0.0.16 10.0.0.17 10.0.0.18 10.0.0.19 10.0.0.20 10.0.0.21 10.0.0.22 10.0.0.23 10.0.0.24 10.0.0.25 10.0.0.26 10.0.0.27 10.0.0.28 10.0.0.29 10.0.0.30 10.0.0.31 10.0.0.32 10.0.0.33 10.0.0.34 10.0.0.35 10.0.0.36 10.0.0.37 10.0.0.38 10.0.0.39 10.0.0.40 10.0.0.41 10.0.0.42 10.0.0.43 10.0.0.44 10.0.0.45 10.0.0.46 10.0.0.47 10.0.0.48 10.0.0.49 10.0.0.50 10.0.0.51 10.0.0.52 10.0.0.53 10.0.0.54 10.0.0.55 10.0.0.56 10.0.0.57 10.0.0.58 10.0.0.59 10.0.0.60 10.0.0.61 10.0.0.62
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     acl many src 10.0.0.0/26
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/too-many-words", Error, World(check), about: [PROBLEM], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::TooManyWords { count } = problem.kind else { continue };
        let draft = if count > 64 {
            Draft::at(problem.location, format!("this line has {count} words, and HAProxy reads at most 64"))
                .label("HAProxy refuses the whole line")
                .help("split it over several lines; patterns of one ACL may stand on several `acl` lines of the same name, or in a file behind `-f`")
        } else {
            Draft::at(problem.location, "the blanks behind the 64th word count as one word too many")
                .label("blanks follow this word")
                .help("delete the blanks at the end of the line")
        };
        let draft = match count > 64 {
            true => draft.fix_if("split it into several lines", split(cx, problem.location)),
            false => draft.fix_if("delete the blanks", blanks(cx, problem.location)),
        };
        out.report(draft.only(problem.versions).stage(Stage::Words).rejected_by(problem.versions));
    }
}

/// The most words of a line.
const MOST: usize = 64;
/// How many words each line gets where one is split: there is room for more.
const ROOM: usize = 40;

/// The places of all words of the line that `at` is on.
fn words<'a>(cx: &Context<'a>, at: Location) -> (&'a SourceFile, Vec<Span>) {
    let file = cx.config.reading.sources.file(at.file);
    let line = file.line_span(file.line_of(at.span.start));
    let tree = Tree::new(&SourceFile::new("", file.slice(line).to_vec()));
    let place = |span: Span| Span::new(span.start + line.start, span.end + line.start);
    (file, tree.words(0).iter().map(|w| place(w.span())).collect())
}

fn blanks(cx: &Context<'_>, at: Location) -> Option<Vec<Edit>> {
    let (file, words) = words(cx, at);
    let (last, end) = (words.get(MOST - 1)?.end, file.line_span(file.line_of(at.span.start)).end);
    let rest = Span::new(last, end - u32::from(file.slice(Span::new(last, end)).ends_with(b"\r")));
    file.slice(rest).iter().all(|b| matches!(b, b' ' | b'\t')).then(|| vec![Edit::delete(Location { span: rest, ..at })])
}

/// The line as several ones that mean the same together: each begins with what the first one begins with.
fn split(cx: &Context<'_>, at: Location) -> Option<Vec<Edit>> {
    let (file, words) = words(cx, at);
    let texts: Vec<&str> = words.iter().map(|span| file.str(*span)).collect::<Option<_>>()?;
    let (head, ends) = if texts[0] == "acl" { patterns(&texts)? } else { alternatives(&texts)? };
    let line = file.line_span(file.line_of(at.span.start));
    let indent = file.str(Span::new(line.start, words[0].start))?;
    let repeated = head.join(" ");
    // `ends` says where a line may end, and how many words stand between that and the next one.
    let (mut edits, mut first, mut lead) = (Vec::new(), 0, 0);
    for (number, (end, skipped)) in ends.iter().enumerate() {
        let next = ends.get(number + 1).map_or(texts.len(), |(next, _)| *next);
        if lead + next - first > ROOM && end > &first {
            let gap = Span::new(words[end - 1].end, words.get(end + skipped)?.start);
            edits.push(Edit::replace(Location { span: gap, ..at }, format!("\n{indent}{repeated} ")));
            (first, lead) = (end + skipped, head.len());
            if lead + next - first > MOST {
                return None;
            }
        }
    }
    (!edits.is_empty()).then_some(edits)
}

/// What each line begins with, and where one may end: behind so many words, of which some are left out.
type Cuts<'t> = (Vec<&'t str>, Vec<(usize, usize)>);

/// `acl NAME FETCH FLAGS`, and that a line may end behind each pattern: what lines of one name say counts together.
fn patterns<'t>(texts: &[&'t str]) -> Option<Cuts<'t>> {
    let mut at = 3;
    while texts.get(at)?.starts_with('-') {
        at += match texts[at] {
            "-i" | "-n" | "--" => 1,
            "-m" => 2,
            _ => return None,
        };
    }
    let number = |word: &&str| matches!(*word, "eq" | "ge" | "gt" | "le" | "lt");
    (!texts[at..].iter().any(number)).then(|| (texts[..at].to_vec(), (at + 1..texts.len()).map(|end| (end, 0)).collect()))
}

/// What comes before the condition of a rule that ends all others, and that a line may end before each `||`.
fn alternatives<'t>(texts: &[&'t str]) -> Option<Cuts<'t>> {
    let fact = Fact::of_words(SectionKind::Listen, |at| texts.get(at).copied().unwrap_or(""));
    let last = fact.is_some_and(|fact| fact.path().any(|fact| fact.has(NoteKind::Final)));
    let condition = texts.iter().position(|w| *w == "if").filter(|_| last)? + 1;
    let mut depth = 0;
    let mut ends = Vec::new();
    for (at, word) in texts.iter().enumerate().skip(condition) {
        match *word {
            "{" | "!{" => depth += 1,
            "}" => depth -= 1,
            "||" | "or" if depth == 0 => ends.push((at, 1)),
            _ => {}
        }
    }
    Some((texts[..condition].to_vec(), ends))
}
