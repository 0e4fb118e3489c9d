//! Conditions that nobody has to hold against each other: each is one ACL that asks for the same value as those before, and compares
//! all of it with other texts. Long lists of rules are mostly like that: a host for each.

use std::{hash::Hasher, ops::Range};

use rustc_hash::{FxHashSet, FxHasher};
use smallvec::SmallVec;

use crate::{
    config::{Config, NameKind},
    expression::inclusion::{Method, Question},
    syntax::Statement,
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
        let (statement, words) = acl(config, section, line).filter(|_| !config.reading.opaque)?;
        let texts: Vec<&str> = statement.texts_from(words.start).take(words.len()).collect::<Option<_>>()?;
        let (question, first) = Question::begun(&texts)?;
        let is_plain = question.method == Method::Whole && first < texts.len();
        let head = texts.get(..first).filter(|_| is_plain)?.into();
        let mut apart = Self { head, texts: FxHashSet::default(), new: SmallVec::new(), members: 0 };
        apart.is_apart(&statement, words).then(|| apart.join())?;
        Some(apart)
    }

    /// The criterion of all conditions.
    pub(super) fn criterion(&self) -> &'r str {
        self.head[0]
    }

    /// Whether the condition of `line` is apart from all that have joined.
    pub(super) fn takes(&mut self, config: &Config<'r>, section: usize, line: &Statement<'r>) -> bool {
        acl(config, section, line).is_some_and(|(statement, words)| self.is_apart(&statement, words))
    }

    fn is_apart(&mut self, line: &Statement<'r>, words: Range<usize>) -> bool {
        self.new.clear();
        let mut texts = line.bytes_from(words.start).take(words.len());
        if !self.head.iter().all(|own| texts.next() == Some(own.as_bytes())) {
            return false;
        }
        for text in texts {
            // With two closing braces it is more than one ACL.
            let hash = hash(text);
            if matches!(text, [b'-', ..] | b"}") || self.texts.contains(&hash) {
                return false;
            }
            self.new.push(hash);
        }
        !self.new.is_empty()
    }

    /// Takes in the condition that was looked at last.
    pub(super) fn join(&mut self) {
        for text in self.new.drain(..) {
            self.texts.insert(text);
        }
        self.members += 1;
    }
}

/// The words of the one ACL that the condition of a line is, behind `if`, by their numbers in a line: those in braces, or those of the
/// only line of that name. All of them are known.
fn acl<'r>(config: &Config<'r>, section: usize, line: &Statement<'r>) -> Option<(Statement<'r>, Range<usize>)> {
    let mark = line.mark().filter(|mark| line.str(*mark) == "if")?;
    if line.len() == mark + 2 {
        let name = line.word(mark + 1)?.known()?;
        let lines = config.names.find(NameKind::Acl, Some(section), name);
        let own = lines.first().filter(|_| lines.len() == 1)?;
        return own.statement.is_known().then(|| (own.statement, 2..own.statement.len()));
    }
    let is_braced = line.str(mark + 1) == "{" && line.str(line.len() - 1) == "}";
    (is_braced && line.is_known()).then(|| (*line, mark + 2..line.len() - 1))
}

/// A text, whatever its capitals: eight bytes at a time, and a few other signs are not told apart either.
fn hash(text: &[u8]) -> u64 {
    const SMALL: u8 = 0x20;
    let mut hasher = FxHasher::default();
    let (chunks, rest) = text.as_chunks::<8>();
    let mut eight = |chunk: &[u8; 8]| hasher.write_u64(u64::from_le_bytes(*chunk) | u64::from_le_bytes([SMALL; 8]));
    chunks.iter().for_each(&mut eight);
    match text.last_chunk() {
        // Some of them were looked at before, which does no harm.
        Some(last) => eight(last),
        None => rest.iter().for_each(|byte| hasher.write_u8(byte | SMALL)),
    }
    hasher.write_usize(text.len());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
    };

    /// The numbers of the rules, from 1, that never run because of one above them.
    fn shadowed(rules: &[&str]) -> Vec<usize> {
        let head = "frontend f\n mode http\n bind :80\n timeout client 5s\n acl c hdr(host) -i c.example.com\n acl two hdr(host) -i d\n acl two path /\n";
        let rules: String = rules.iter().map(|rule| format!(" {rule}\n")).collect();
        let text = format!("{head}{rules}backend b\n mode http\n timeout connect 5s\n timeout server 5s\n server s 10.0.0.1:80\n");
        let sources = Sources::single("f", text);
        let findings = check(&sources, &Options::default()).findings.into_iter();
        let told = findings.filter(|finding| finding.rule.name == "dead/shadowed-rule").filter_map(|finding| finding.location);
        told.map(|location| sources.file(location.file).line_of(location.span.start) - 6).collect()
    }

    #[test]
    fn rules_for_other_texts_are_apart_and_no_others_are() {
        let host = |text: &str| format!("use_backend b if {{ hdr(host) -i {text} }}");
        let (a, b, c) = (host("a.example.com"), host("b.example.com"), "use_backend b if c");
        assert_eq!(shadowed(&[&a, &b, c, &host("e.example.com")]), [0; 0]);
        assert_eq!(shadowed(&[&a, &b, c, &host("B.EXAMPLE.com")]), [4], "capitals do not count");
        assert_eq!(shadowed(&[&a, &b, c, &host("x c.example.com")]), [0; 0], "another text is left");
        assert_eq!(shadowed(&[&a, c, &b, &host("c.example.com a.example.com")]), [0; 0], "no single rule settles both");
        assert_eq!(shadowed(&[&a, &b, "use_backend b if two", &host("d")]), [4], "an ACL of two lines");
        let wide = "use_backend b if { hdr_end(host) -i .example.com }";
        assert_eq!(shadowed(&[&a, &b, wide, &host("e.example.com"), &host("e.example.org")]), [4], "one that takes in others");
        assert_eq!(shadowed(&[&a, &b, &format!("{a} {{ path /x }}")]), [3], "one that asks for more");
        assert_eq!(shadowed(&[&a, &b, "use_backend b unless { hdr(host) -i a.example.com }", &b]), [4], "the opposite");
        let deny = |text: &str| format!("http-request deny if {{ hdr(host) -i {text} }}");
        let set = "http-request set-header Host b.example.com";
        assert_eq!(shadowed(&[&deny("a"), &deny("b"), &deny("a")]), [3]);
        assert_eq!(shadowed(&[&deny("a"), &deny("b"), set, &deny("a"), &deny("c")]), [0; 0], "what was asked has changed");
    }
}
