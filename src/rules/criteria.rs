//! What rules about ACLs share: the criteria of a configuration, in `acl` lines and in braces.

use memchr::memmem::Finder;

use crate::{
    config::SectionView,
    syntax::{Statement, Word},
};

/// A criterion, with the flags and patterns behind it.
pub(super) struct Criterion<'r> {
    /// The line.
    pub(super) line: Statement<'r>,
    /// The criterion.
    pub(super) word: Word<'r>,
    /// What stands behind it.
    pub(super) rest: Vec<Word<'r>>,
    /// Whether a `!` stands before the brace.
    pub(super) negated: bool,
}

/// The criteria of the lines of a section that hold `mark`.
pub(super) fn criteria<'r>(section: &SectionView<'r>, mark: &Finder<'_>) -> Vec<Criterion<'r>> {
    let mut found = Vec::new();
    let holds = |line: &Statement<'_>| line.plain_text().is_none_or(|text| mark.find(text).is_some());
    for line in section.statements().filter(holds) {
        if line.keyword() == "acl" {
            let mut words = line.words().skip(2);
            found.extend(words.next().map(|word| Criterion { line, word, rest: words.collect(), negated: false }));
        } else if line.may_contain(b'}') {
            in_braces(line, &mut found);
        }
    }
    found
}

fn in_braces<'r>(line: Statement<'r>, found: &mut Vec<Criterion<'r>>) {
    let mut open: Option<(bool, Vec<Word<'r>>)> = None;
    for word in line.words() {
        match (word.known(), &mut open) {
            (Some(brace @ ("{" | "!{")), _) => open = Some((brace == "!{", Vec::new())),
            (Some("}"), Some((negated, words))) if !words.is_empty() => {
                let mut words = std::mem::take(words).into_iter();
                let negated = *negated;
                found.extend(words.next().map(|word| Criterion { line, word, rest: words.collect(), negated }));
                open = None;
            }
            (_, Some((_, words))) => words.push(word),
            _ => {}
        }
    }
}
