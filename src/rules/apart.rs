//! Conditions that nobody has to hold against each other: each is one ACL that asks for the same value as those before, and compares
//! all of it with other texts. Long lists of rules are mostly like that: a host for each.

use std::hash::Hasher;

use rustc_hash::{FxHashSet, FxHasher};
use smallvec::SmallVec;

use crate::{
    config::{Config, NameKind},
    expression::inclusion::{Method, Question},
    syntax::{Statement, Word},
};

/// The conditions so far.
pub(super) struct Apart<'r> {
    /// The criterion and the flags of all of them.
    head: SmallVec<[&'r str; 4]>,
    /// The texts, in small letters: two that differ in nothing else may well meet.
    texts: FxHashSet<u64>,
    /// Those of the condition that was looked at last.
    new: SmallVec<[u64; 2]>,
    /// How many conditions have joined.
    pub(super) members: usize,
}

impl<'r> Apart<'r> {
    /// Begins with the condition of `line`, if it is one of that kind; `section` is where it stands.
    pub(super) fn begin(config: &Config<'r>, section: usize, line: &Statement<'r>) -> Option<Self> {
        // Where parts of the configuration are not known, an ACL may have more lines.
        let words = acl(config, section, line).filter(|_| !config.reading.opaque)?;
        let (question, first) = Question::begun(&words)?;
        let is_plain = question.method == Method::Whole && first < words.len();
        let head = words.get(..first).filter(|_| is_plain)?.into();
        let mut apart = Self { head, texts: FxHashSet::default(), new: SmallVec::new(), members: 0 };
        apart.is_apart(&words).then(|| apart.join())?;
        Some(apart)
    }

    /// The criterion of all conditions.
    pub(super) fn criterion(&self) -> &'r str {
        self.head[0]
    }

    /// Whether the condition of `line` is apart from all that have joined.
    pub(super) fn takes(&mut self, config: &Config<'r>, section: usize, line: &Statement<'r>) -> bool {
        acl(config, section, line).is_some_and(|words| self.is_apart(&words))
    }

    fn is_apart(&mut self, words: &[&'r str]) -> bool {
        self.new.clear();
        let Some(texts) = words.strip_prefix(&*self.head) else { return false };
        self.new.extend(texts.iter().map(|text| hash(text)));
        !texts.is_empty() && !texts.iter().any(|text| text.starts_with('-')) && !self.new.iter().any(|text| self.texts.contains(text))
    }

    /// Takes in the condition that was looked at last.
    pub(super) fn join(&mut self) {
        self.texts.extend(self.new.drain(..));
        self.members += 1;
    }
}

/// The words of the one ACL that the condition of a line is, behind `if`: those in braces, or those of the only line of that name.
fn acl<'r>(config: &Config<'r>, section: usize, line: &Statement<'r>) -> Option<SmallVec<[&'r str; 6]>> {
    let mark = line.mark().filter(|mark| line.str(*mark) == "if")?;
    let known = |words: &mut dyn Iterator<Item = Word<'r>>| words.map(Word::known).collect::<Option<SmallVec<[&'r str; 6]>>>();
    if line.len() == mark + 2 {
        let name = line.word(mark + 1)?.known()?;
        let [own] = config.names.find(NameKind::Acl, Some(section), name) else { return None };
        return known(&mut own.statement.words_from(2));
    }
    let is_braced = line.str(mark + 1) == "{" && line.str(line.len() - 1) == "}";
    let words = known(&mut line.words_from(mark + 2).take(line.len() - mark - 3)).filter(|_| is_braced)?;
    // With two of them it is more than one ACL.
    (!words.contains(&"}")).then_some(words)
}

/// A text, whatever its capitals: eight bytes at a time, and a few other signs are not told apart either.
fn hash(text: &str) -> u64 {
    const SMALL: u8 = 0x20;
    let mut hasher = FxHasher::default();
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    chunks.iter().for_each(|chunk| hasher.write_u64(u64::from_le_bytes(*chunk) | u64::from_le_bytes([SMALL; 8])));
    rest.iter().for_each(|byte| hasher.write_u8(byte | SMALL));
    hasher.write_usize(text.len());
    hasher.finish()
}
