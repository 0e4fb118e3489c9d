//! What is said of words, in sentences: `build/words.rs` makes the tables of `data/words/*.txt`.

use crate::version::{Version, VersionSet};

/// Short, for the generated tables.
const ALL: VersionSet = VersionSet::ALL;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What is said of a word.
#[derive(Debug)]
pub struct Words {
    /// The table that the word is in; `section`, `type`, `fetch` and `converter` beside those of the catalog.
    pub table: &'static str,
    /// The word, without parentheses and numbers.
    pub word: &'static str,
    /// The words of its signature that the text is about; empty where it is about all of it.
    pub argument: &'static str,
    /// What it does, and what holds where nothing is written.
    pub text: &'static str,
    /// Lines that use it.
    pub examples: &'static [&'static str],
    /// Whether the manual has an entry with this name.
    listed: bool,
    /// The chapter of the manual, by version, and how it calls the entry.
    chapters: &'static [(VersionSet, &'static str)],
}

/// What is said of a word of a table, or of an argument of it.
///
/// ```
/// let said = haproxy_lint::catalog::words("proxy", "mode", "").unwrap();
/// assert!(said.text.contains("traffic"));
/// ```
pub fn words(table: &str, word: &str, argument: &str) -> Option<&'static Words> {
    let word = word.trim_end_matches(['(', '#']);
    WORDS.binary_search_by(|w| (w.table, w.word, w.argument).cmp(&(table, word, argument))).ok().map(|at| &WORDS[at])
}

/// What is said of the arguments of a word.
pub fn arguments(table: &str, word: &str) -> impl Iterator<Item = &'static Words> {
    let word = word.trim_end_matches(['(', '#']);
    let start = WORDS.partition_point(|w| (w.table, w.word) < (table, word));
    let end = WORDS.partition_point(|w| (w.table, w.word) <= (table, word));
    WORDS[start..end].iter().filter(|w| !w.argument.is_empty())
}

/// Every sentence.
pub fn all_words() -> &'static [Words] {
    &WORDS
}

/// What one of a table is called: an `option`, an `action`.
pub fn noun(table: &str) -> &'static str {
    NOUNS.iter().find(|(name, _)| *name == table).map_or("word", |(_, noun)| noun)
}

/// With fewer letters than this a beginning says nothing.
const FEW: usize = 20;

impl Words {
    /// The beginning of the text, for a line in a list.
    pub fn short(&self) -> &'static str {
        let ends = [". ", "; ", ": "].into_iter().filter_map(|end| self.text.find(end)).filter(|end| *end > FEW);
        let end = ends.min().unwrap_or(self.text.len());
        self.text.get(..end).unwrap_or(self.text).trim_end_matches('.')
    }

    /// The address of what HAProxy's manual of this version says of `path`, the words that lead to it.
    pub fn manual(&self, path: &str, version: Version) -> Option<String> {
        let (_, chapter) = self.chapters.iter().find(|(versions, _)| versions.contains(version))?;
        let (number, name) = chapter.split_once('-').unwrap_or((chapter, ""));
        let name = match name {
            _ if !self.listed => "",
            "PATH" => path,
            "ABOVE" => path.rsplit_once(' ').map_or(path, |(above, _)| above),
            "WORD" => path.rsplit(' ').next().unwrap_or(path),
            name => name,
        };
        let name = name.split('(').next().unwrap_or(name).replace(' ', "%20");
        let sign = if name.is_empty() { "" } else { "-" };
        Some(format!("https://docs.haproxy.org/{}/configuration.html#{number}{sign}{name}", version.manual()))
    }
}
