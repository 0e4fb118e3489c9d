//! A configuration that a script writes out of a text of its own, as HAProxy will find it: what the shell replaces in it stands there as a
//! variable of HAProxy's, of which the nodes know what it will be.

use std::{ops::Range, rc::Rc};

use crate::{cut::Cut, source::Span};

use super::{
    embedded::{Piece as Run, SegmentMap},
    words::{Document, Piece, Word, quoted_text},
};

/// The variables that a script has set.
pub(super) type Assigned = Rc<[(String, Word)]>;

/// What a script writes.
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// Where each byte of it stands.
    pub(super) map: SegmentMap,
    /// The variables in it that stand for what the shell puts there.
    pub(super) filled: Vec<(String, Word)>,
}

/// What a file of these `documents` holds once the script has run; `map` knows where the script stands. Where the shell does not look into the text, `outer`
/// says whether something before it replaces `$(NAME)`. `None` where it cannot be told: HAProxy sees no variable between `'`.
pub(super) fn text(script: &str, documents: &[Document], map: &SegmentMap, outer: &dyn Fn(&str) -> bool) -> Option<Text> {
    let mut writer =
        Writer { script, bytes: Vec::new(), runs: Vec::new(), filled: Vec::new(), quote: None, comment: false, escaped: false };
    for document in documents {
        let inside = script.cut(document.span.clone());
        if outer("") && inside.contains("$$") {
            return None;
        }
        let parts = if document.expands { quoted_text(inside) } else { outer_text(inside, outer) };
        for (range, piece) in parts {
            writer.part(document.span.start + range.start..document.span.start + range.end, piece)?;
        }
    }
    let map = map.of_runs(&writer.runs);
    Some(Text { bytes: writer.bytes, map, filled: writer.filled })
}

/// The parts of a text in which only `$(NAME)` is replaced.
fn outer_text(text: &str, outer: &dyn Fn(&str) -> bool) -> Vec<(Range<usize>, Option<Piece>)> {
    let (mut parts, mut plain) = (Vec::new(), 0);
    for (at, _) in text.match_indices("$(") {
        let Some(len) = text.cut(at..).find(')').map(|end| end + 1) else { continue };
        if at >= plain && outer(text.cut(at + 2..at + len - 1)) {
            parts.extend((plain < at).then_some((plain..at, None)));
            parts.push((at..at + len, Some(Piece::Shell(text.cut(at..at + len).to_owned()))));
            plain = at + len;
        }
    }
    parts.extend((plain < text.len()).then_some((plain..text.len(), None)));
    parts
}

struct Writer<'t> {
    script: &'t str,
    bytes: Vec<u8>,
    runs: Vec<Run>,
    filled: Vec<(String, Word)>,
    /// What HAProxy has opened at this place.
    quote: Option<char>,
    comment: bool,
    escaped: bool,
}

impl Writer<'_> {
    fn part(&mut self, range: Range<usize>, piece: Option<Piece>) -> Option<()> {
        let from = Span::new(range.start as u32, range.end as u32);
        let text = match piece {
            None => self.script.cut(range).to_owned(),
            Some(Piece::Text(text)) => {
                self.put(&text, from, false);
                return Some(());
            }
            // What a comment says does not matter.
            Some(Piece::Shell(text)) if self.comment => text,
            Some(Piece::Shell(text)) => {
                let name = self.name(&text);
                let variable = match self.quote {
                    None => format!("\"${{{name}}}\""),
                    Some('"') => format!("${{{name}}}"),
                    Some(_) => return None,
                };
                self.bytes.extend(variable.as_bytes());
                self.runs.push(Run { len: variable.len() as u32, from, same: false });
                self.escaped = false;
                return Some(());
            }
        };
        self.put(&text, from, true);
        Some(())
    }

    /// Adds what HAProxy reads as it stands.
    fn put(&mut self, text: &str, from: Span, same: bool) {
        for c in text.chars() {
            (self.quote, self.comment, self.escaped) = match (self.quote, c) {
                _ if c == '\n' => (None, false, false),
                _ if self.comment => (None, true, false),
                _ if self.escaped => (self.quote, false, false),
                (Some('\''), '\'') | (Some('"'), '"') => (None, false, false),
                (Some('\''), _) => (Some('\''), false, false),
                (quote, '\\') => (quote, false, true),
                (None, '#') => (None, true, false),
                (None, '"' | '\'') => (Some(c), false, false),
                (quote, _) => (quote, false, false),
            };
        }
        self.bytes.extend(text.as_bytes());
        self.runs.push(Run { len: text.len() as u32, from, same });
    }

    /// A variable for what stands there: that of the shell itself where it is one, and else one that is called like it.
    fn name(&mut self, text: &str) -> String {
        let word = vec![Piece::Shell(text.to_owned())];
        let mut name: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').skip_while(char::is_ascii_digit).collect();
        // HAProxy may have one of its own that is called so.
        let own = |name: &str| [format!("\\${name}"), format!("\\${{{name}")].iter().any(|text| self.script.contains(text.as_str()));
        let taken = |name: &str| self.filled.iter().any(|(known, other)| known == name && *other != word);
        while name.is_empty() || own(&name) || taken(&name) {
            name.push('_');
        }
        if !self.filled.iter().any(|(known, _)| *known == name) {
            self.filled.push((name.clone(), word));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{words::written_files, yaml::Style};

    fn of(script: &str) -> Option<(String, Vec<String>, SegmentMap)> {
        let file = format!("|\n{script}");
        let map = SegmentMap::new(file.as_bytes(), Span::new(0, file.len() as u32), Style::Literal, script);
        let found = text(script, &written_files(script)[0].texts()?, &map, &|_| false)?;
        Some((String::from_utf8(found.bytes).unwrap(), found.filled.into_iter().map(|(name, _)| name).collect(), found.map))
    }

    #[test]
    fn what_a_shell_puts_in_is_a_variable() {
        let text = |body: &str| of(&format!("cat > /x <<E\n{body}\nE\n")).map(|(text, filled, _)| (text, filled));
        let known = |text: &str, filled: &[&str]| Some((format!("{text}\n"), filled.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(text("bind $IP:80"), known("bind \"${IP}\":80", &["IP"]));
        assert_eq!(text("log \"a $(hostname) b\" # $X it's"), known("log \"a ${hostname} b\" # $X it's", &["hostname"]));
        assert_eq!(text("a \\$IP \\\\ $IP ${IP:-1}"), known("a $IP \\ \"${IP_}\" \"${IP1}\"", &["IP_", "IP1"]));
        assert_eq!(text("a 'it is $X'"), None);
        assert_eq!(text("^/a$ \\.x"), known("^/a$ \\.x", &[]));
    }

    #[test]
    fn each_byte_is_known_where_it_stands() {
        let script = "cat > /x <<E\nbind $IP:80 \\$HOME\nE\ncat >> /x <<'E'\nlog é $X\nE\n";
        let (text, _, map) = of(script).unwrap();
        let place = |part: &str| {
            let at = text.find(part).unwrap() as u32;
            let there = map.map(Span::new(at, at + part.len() as u32));
            format!("|\n{script}").cut(there.start as usize..there.end as usize).to_owned()
        };
        assert_eq!(
            (place(":80"), place("\"${IP}\""), place("IP"), place("$HOME")),
            (":80".into(), "$IP".into(), "$IP".into(), "\\$HOME".into())
        );
        assert_eq!(place("é $X"), "é $X");
    }
}
