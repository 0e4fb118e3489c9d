//! A text inside a YAML or JSON scalar: where each of its bytes stands in the file.
//!
//! The scalar is decoded here a second time, only to see which bytes of the file become which bytes of the text; where the
//! result is not what the parser read, every place is the scalar as a whole.

use crate::source::Span;

use crate::yaml::{Style, relaxed::code};

/// A run of the text and the bytes it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// Where it begins in the text.
    text: u32,
    /// How long it is there.
    len: u32,
    /// The bytes in the file: as many, or the whole of an escape.
    from: Span,
}

/// A part of a text that is made of another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// How long it is.
    pub(super) len: u32,
    /// What it comes from.
    pub(super) from: Span,
    /// Whether it is that, byte for byte.
    pub(super) same: bool,
}

/// Maps offsets of a text to the bytes of the file it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentMap {
    whole: Span,
    /// By their place in the text, without gaps. Empty where nothing is known but the whole.
    segments: Vec<Segment>,
}

impl SegmentMap {
    /// Every place is `whole`.
    pub fn opaque(whole: Span) -> Self {
        Self { whole, segments: Vec::new() }
    }

    /// The map of the scalar at `span` of `file`, which holds `text`.
    pub fn new(file: &[u8], span: Span, style: Style, text: &str) -> Self {
        let mut decoder = Decoder { file, text: text.as_bytes(), done: 0, segments: Vec::new() };
        let right = match style {
            Style::Literal | Style::Folded => decoder.block(span, style),
            _ => decoder.flow(span, style),
        };
        let segments = if right && decoder.done == text.len() { decoder.segments } else { Vec::new() };
        Self { whole: span, segments }
    }

    /// The map of a text that is made of parts of this one.
    pub(super) fn of_runs(&self, runs: &[Piece]) -> Self {
        let ends = runs.first().zip(runs.last()).map(|(first, last)| Span::new(first.from.start, last.from.end));
        let (whole, mut segments, mut done) = (ends.map_or(self.whole, |ends| self.map(ends)), Vec::new(), 0);
        for run in runs.iter().filter(|run| run.len > 0 && self.is_exact()) {
            if run.same {
                segments.extend(self.within(run.from).map(|part| Segment { text: part.text - run.from.start + done, ..part }));
            } else {
                segments.push(Segment { text: done, len: run.len, from: self.map(run.from) });
            }
            done += run.len;
        }
        Self { whole, segments }
    }

    /// The segments of a part of the text, as far as they are in it.
    fn within(&self, part: Span) -> impl Iterator<Item = Segment> + '_ {
        let first = self.segments.partition_point(|s| s.text + s.len <= part.start);
        let inside = self.segments[first..].iter().take_while(move |s| s.text < part.end);
        inside.map(move |s| {
            let (start, end) = (s.text.max(part.start), (s.text + s.len).min(part.end));
            let plain = s.len == s.from.len() as u32;
            let from = if plain { Span::new(s.from.start + start - s.text, s.from.start + end - s.text) } else { s.from };
            Segment { text: start, len: end - start, from }
        })
    }

    /// Whether each byte of the text has a place of its own.
    pub fn is_exact(&self) -> bool {
        !self.segments.is_empty()
    }

    /// The scalar as a whole.
    pub fn whole(&self) -> Span {
        self.whole
    }

    /// Whether the text stands between `"`, where everything can be written with escapes.
    pub fn has_escapes(&self, file: &[u8]) -> bool {
        file.get(self.whole.start as usize) == Some(&b'"')
    }

    /// The bytes of the file that `span` of the text comes from.
    pub fn map(&self, span: Span) -> Span {
        if self.segments.is_empty() {
            return self.whole;
        }
        let start = self.start(span.start);
        if span.is_empty() {
            return Span::new(start, start);
        }
        let end = self.end(span.end);
        Span::new(start, end.max(start))
    }

    /// The byte of the text that stands at `at` of the file, if one does.
    pub fn text_of(&self, at: u32) -> Option<u32> {
        if self.segments.is_empty() {
            return (self.whole.start <= at && at < self.whole.end).then_some(0);
        }
        let found = self.segments.partition_point(|s| s.from.start <= at).checked_sub(1)?;
        let segment = self.segments[found];
        (at < segment.from.end).then(|| segment.text + (at - segment.from.start).min(segment.len - 1))
    }

    /// Where the byte `at` of the text begins in the file.
    fn start(&self, at: u32) -> u32 {
        let found = self.segments.partition_point(|s| s.text <= at).saturating_sub(1);
        let segment = self.segments[found];
        if at >= segment.text + segment.len { segment.from.end } else { segment.from.start + segment.inner(at) }
    }

    /// Where the byte before `at` of the text ends in the file.
    fn end(&self, at: u32) -> u32 {
        let found = self.segments.partition_point(|s| s.text < at).saturating_sub(1);
        let segment = self.segments[found];
        let inner = (at - segment.text).min(segment.len);
        if segment.len == segment.from.len() as u32 { segment.from.start + inner } else { segment.from.end }
    }
}

impl Segment {
    fn inner(&self, at: u32) -> u32 {
        if self.len == self.from.len() as u32 { at - self.text } else { 0 }
    }
}

struct Decoder<'a> {
    file: &'a [u8],
    text: &'a [u8],
    /// How much of the text was found again.
    done: usize,
    segments: Vec<Segment>,
}

impl Decoder<'_> {
    /// The bytes `from` of the file become the next `len` bytes of the text.
    fn push(&mut self, len: usize, from: Span) {
        if len == 0 {
            return;
        }
        let (text, len) = (self.done as u32, len as u32);
        self.done += len as usize;
        if let Some(last) = self.segments.last_mut() {
            let plain = |len: u32, from: Span| len == from.len() as u32;
            if last.from.end == from.start && plain(last.len, last.from) && plain(len, from) {
                last.len += len;
                last.from.end = from.end;
                return;
            }
        }
        self.segments.push(Segment { text, len, from });
    }

    /// Takes bytes that mean themselves.
    fn same(&mut self, from: Span) -> bool {
        let bytes = &self.file[from.start as usize..from.end as usize];
        let fits = self.text[self.done..].starts_with(bytes);
        if fits {
            self.push(bytes.len(), from);
        }
        fits
    }

    /// Takes something that stands for `bytes`.
    fn stands_for(&mut self, bytes: &[u8], from: Span) -> bool {
        let fits = self.text[self.done..].starts_with(bytes);
        if fits {
            self.push(bytes.len(), from);
        }
        fits
    }

    /// A block: whole lines of the file, each without its indentation.
    fn block(&mut self, span: Span, style: Style) -> bool {
        let Some(first) = self.first_line(span) else { return false };
        let mut lines = Vec::new();
        let mut at = first;
        // The last line may lie a little behind the end that the parser gives.
        while at < self.file.len() && at <= span.end as usize {
            let end = self.file[at..].iter().position(|b| *b == b'\n').map_or(self.file.len(), |i| at + i);
            let trimmed = if end > at && self.file[end - 1] == b'\r' { end - 1 } else { end };
            lines.push((at, trimmed));
            at = end + 1;
        }
        let indent = indentation(self.file, &lines);
        if style == Style::Literal { self.literal(&lines) } else { self.folded(&lines, indent) }
    }

    /// Where the line behind `|` or `>` begins.
    fn first_line(&self, span: Span) -> Option<usize> {
        let start = span.start as usize;
        let header = matches!(self.file.get(start), Some(b'|' | b'>'));
        if header {
            return self.file[start..].iter().position(|b| *b == b'\n').map(|i| start + i + 1);
        }
        // The span begins at the content, possibly behind blank lines: go back to the end of the header's line.
        let before = &self.file[..start];
        let mut line = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        while line > 0 {
            let previous = self.file[..line - 1].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
            if !self.file[previous..line].iter().all(u8::is_ascii_whitespace) {
                return Some(line);
            }
            line = previous;
        }
        Some(line)
    }

    fn literal(&mut self, lines: &[(usize, usize)]) -> bool {
        let mut lines = lines.iter();
        while self.done < self.text.len() {
            let rest = &self.text[self.done..];
            let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            let Some(&(start, end)) = lines.next() else { return false };
            if end - start < len && len > 0 {
                return false;
            }
            let from = end.max(start + len) - len;
            let blank = self.file[start..from.min(end)].iter().all(|b| *b == b' ' || *b == b'\t');
            if !blank || !self.same(Span::new(from as u32, (from + len) as u32)) {
                return false;
            }
            if self.done < self.text.len() && !self.stands_for(b"\n", self.line_end(end)) {
                return false;
            }
        }
        true
    }

    /// What ends the line whose content ends at `end`: a line feed, with the carriage return before it if there is one.
    fn line_end(&self, end: usize) -> Span {
        let feed = self.file[end..].iter().position(|b| *b == b'\n').map_or(end, |i| end + i);
        Span::new(end as u32, (feed + 1).min(self.file.len()) as u32)
    }

    fn folded(&mut self, lines: &[(usize, usize)], indent: usize) -> bool {
        // Line ends that are not spent yet: each break of the text takes one.
        let mut feeds: Vec<usize> = Vec::new();
        for &(start, end) in lines {
            let content = (start + indent).min(end);
            if content < end {
                self.breaks(&mut feeds);
                if !self.same(Span::new(content as u32, end as u32)) {
                    return self.done == self.text.len();
                }
            }
            feeds.push(end);
        }
        self.breaks(&mut feeds);
        true
    }

    /// Line ends become one blank, or line feeds; a blank behind a line feed belongs to the next line.
    fn breaks(&mut self, feeds: &mut Vec<usize>) {
        let run = self.text[self.done..].iter().take_while(|b| **b == b'\n').count();
        let blank = run == 0 && self.text.get(self.done) == Some(&b' ');
        for at in 0..run.max(usize::from(blank)) {
            let Some(end) = feeds.get(at).or(feeds.last()) else { break };
            self.push(1, self.line_end(*end));
        }
        feeds.clear();
    }

    /// A scalar in quotes, or plain: breaks fold, and escapes stand for something else.
    fn flow(&mut self, span: Span, style: Style) -> bool {
        let (mut at, mut end) = (span.start as usize, (span.end as usize).min(self.file.len()));
        let quote = match style {
            Style::Single => Some(b'\''),
            Style::Double => Some(b'"'),
            _ => None,
        };
        if let Some(quote) = quote {
            if end < at + 2 || self.file[at] != quote || self.file[end - 1] != quote {
                return false;
            }
            (at, end) = (at + 1, end - 1);
        }
        while at < end {
            let byte = self.file[at];
            let next = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.space(at, end),
                b'\'' if style == Style::Single => self.stands_for(b"'", Span::new(at as u32, at as u32 + 2)).then_some(at + 2),
                b'\\' if style == Style::Double => self.escape(at, end),
                _ => {
                    let special = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\'' | b'\\');
                    let len = self.file[at + 1..end].iter().position(special).map_or(end - at, |i| i + 1);
                    self.same(Span::new(at as u32, (at + len) as u32)).then_some(at + len)
                }
            };
            match next {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    /// Blanks, which count, or blanks around line ends, which fold.
    fn space(&mut self, at: usize, end: usize) -> Option<usize> {
        let is_space = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
        let until = at + self.file[at..end].iter().take_while(is_space).count();
        let run = &self.file[at..until];
        let feeds = run.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| at + i);
        let ends: Vec<Span> = feeds.map(|feed| self.line_end(feed - usize::from(self.file[at..feed].ends_with(b"\r")))).collect();
        let fits = match ends[..] {
            [] => self.same(Span::new(at as u32, until as u32)),
            [end] => self.stands_for(b" ", end),
            [_, ref more @ ..] => more.iter().all(|end| self.stands_for(b"\n", *end)),
        };
        fits.then_some(until)
    }

    fn escape(&mut self, at: usize, end: usize) -> Option<usize> {
        let letter = *self.file[..end].get(at + 1)?;
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        if matches!(letter, b'\n' | b'\r') {
            // The line goes on; the blanks that the next one begins with do not count.
            let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
            return Some(at + 1 + self.file[at + 1..end].iter().take_while(blank).count());
        }
        if let Some((high @ 0xd800..=0xdfff, rest)) = self.code(at, end) {
            return self.surrogate(high, Span::new(at as u32, at as u32 + 6), rest);
        }
        let until = at + 2 + digits;
        let code = self.file.get(at + 2..until.min(end)).and_then(|d| std::str::from_utf8(d).ok());
        let char = match letter {
            _ if digits > 0 => char::from_u32(u32::from_str_radix(code?, 16).ok()?)?,
            b'0' => '\0',
            b'a' => '\x07',
            b'b' => '\x08',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\x0b',
            b'f' => '\x0c',
            b'r' => '\r',
            b'e' => '\x1b',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            other => other as char,
        };
        let mut buffer = [0; 4];
        self.stands_for(char.encode_utf8(&mut buffer).as_bytes(), Span::new(at as u32, until as u32)).then_some(until)
    }
}

impl Decoder<'_> {
    /// The number in `\\uXXXX`, and that of the escape behind it.
    fn code(&self, at: usize, end: usize) -> Option<(u32, Option<u32>)> {
        let text = |at: usize| self.file.get(at..(at + 6).min(end)).and_then(|t| std::str::from_utf8(t).ok());
        Some((code(text(at)?)?, text(at + 6).and_then(code)))
    }

    /// Half a character of JSON, which needs the other half.
    fn surrogate(&mut self, high: u32, from: Span, low: Option<u32>) -> Option<usize> {
        let (char, until) = match (high, low) {
            (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                (char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, from.start + 12)
            }
            _ => ('\u{fffd}', from.end),
        };
        let mut buffer = [0; 4];
        self.stands_for(char.encode_utf8(&mut buffer).as_bytes(), Span::new(from.start, until)).then_some(until as usize)
    }
}

/// How far the lines of a block are indented: as far as the first that is not blank.
fn indentation(file: &[u8], lines: &[(usize, usize)]) -> usize {
    let indent = |(start, end): &(usize, usize)| file[*start..*end].iter().take_while(|b| **b == b' ').count();
    lines.iter().find(|line| indent(line) < line.1 - line.0).map_or(0, indent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{
        source::SourceFile,
        topology::yaml::{Value, documents},
    };

    use crate::cut::Cut;

    use super::*;

    /// The text at `key:` of a document, and its map.
    fn embedded(yaml: &str) -> (String, SegmentMap) {
        let file = SourceFile::new("f", yaml.as_bytes().to_vec());
        let documents = documents(&file).unwrap().list;
        let node = documents[0].at(&["data", "key"]).unwrap();
        let Value::Scalar(text, style) = &node.value else { panic!("no text") };
        (text.clone(), SegmentMap::new(file.bytes(), node.span, *style, text))
    }

    /// Every byte maps back to itself, or into an escape.
    fn maps_back(yaml: &str, wanted: Option<&str>) {
        let (text, map) = embedded(yaml);
        if let Some(wanted) = wanted {
            assert_eq!(text, wanted, "{yaml:?}");
        }
        assert!(text.is_empty() || map.is_exact(), "no map for {text:?} in {yaml:?}");
        for (at, byte) in text.bytes().enumerate() {
            let place = map.map(Span::new(at as u32, at as u32 + 1));
            let there = &yaml.as_bytes()[place.start as usize..place.end as usize];
            let end = there == b"\n" && !yaml.contains('\r') || there == b"\r\n";
            let escape = there.first() == Some(&b'\\') || there == b"''";
            let same = there == [byte] && byte != b'\n';
            assert!(same || escape || end && matches!(byte, b' ' | b'\n'), "byte {at} of {text:?} is {there:?} of {yaml:?}");
        }
    }

    fn indented(text: &str) -> String {
        text.split_inclusive('\n').map(|l| if l == "\n" { l.to_owned() } else { format!("    {l}") }).collect()
    }

    #[test]
    fn each_style_maps_back() {
        maps_back(
            "data:\n  key: |\n    global\n      daemon\n\n    # é\n    defaults\n  other: 1\n",
            Some("global\n  daemon\n\n# é\ndefaults\n"),
        );
        maps_back("data:\n  key: |-\n\n    a\n    b", Some("\na\nb"));
        maps_back("data:\n  key: |2\n      a\n    b\n", Some("  a\nb\n"));
        maps_back("data:\n  key: |+\n    a\n\n\n", Some("a\n\n\n"));
        maps_back("data:\n  key: | # text\r\n    a\r\n    b\r\n", Some("a\nb\n"));
        maps_back("data:\n  key: >\n    a\n    b\n\n    c\n      d\n    e\n", Some("a b\nc\n  d\ne\n"));
        maps_back("data:\n  key: 'it''s\n    folded\n\n    here'\n", Some("it's folded\nhere"));
        maps_back("data:\n  key: \"a\\n\\tb \\u00e9\\\n     c d\\\"\"\n", Some("a\n\tb éc d\""));
        maps_back("{\"data\": {\"key\": \"global\\n\\tlog \\u003c\\/dev\\n\"}}", Some("global\n\tlog </dev\n"));
        maps_back("data:\n  key: plain text\n   folded\n", Some("plain text folded"));
        maps_back("data:\r\n  key: >\r\n    a\r\n    b\r\n\r\n    c\r\n", Some("a b\nc\n"));
        maps_back("data:\r\n  key: 'it''s\r\n    folded\r\n\r\n    here'\r\n", Some("it's folded\nhere"));
    }

    #[test]
    fn what_ends_a_line_belongs_to_it() {
        let yaml = "data:\r\n  key: |\r\n    a\r\n    b\r\n";
        let (_, map) = embedded(yaml);
        let end = yaml.find("a\r").unwrap() as u32 + 1;
        assert_eq!(map.map(Span::new(1, 1)), Span::new(end, end), "what is put there stands before the end of the line");
        assert_eq!(map.map(Span::new(1, 2)), Span::new(end, end + 2));
        assert_eq!((map.text_of(end), map.text_of(end + 1)), (Some(1), Some(1)));
    }

    #[test]
    fn surrogates_map_back() {
        maps_back("{\"data\": {\"key\": \"a\\ud83d\\ude00b\\ud83dc\"}}", Some("a\u{1f600}b\u{fffd}c"));
    }

    #[test]
    fn a_span_over_escapes_takes_them_whole() {
        let yaml = "data:\n  key: \"a\\tbc\"\n";
        let (_, map) = embedded(yaml);
        let place = map.map(Span::new(0, 3));
        assert_eq!(yaml.cut(place.start as usize..place.end as usize), "a\\tb");
        assert_eq!(map.map(Span::new(4, 4)).start as usize, yaml.len() - 2, "the end is the end");
    }

    proptest! {
        #[test]
        fn random_text_maps_back(text in "([a-zé#:'\"\\\\$ \\t-]{0,12}\n){0,8}") {
            let quoted = serde_json::to_string(&text).unwrap();
            maps_back(&format!("data:\n  key: {quoted}\n"), Some(&text));
            // The first line decides the indentation, so it must not be blank.
            let text = format!("first\n{text}");
            maps_back(&format!("data:\n  key: |+\n{}", indented(&text)), None);
            maps_back(&format!("data:\n  key: >+\n{}", indented(&text)), None);
            maps_back(&format!("data:\n  key: |+\n{}", indented(&text)).replace('\n', "\r\n"), None);
            maps_back(&format!("data:\n  key: >+\n{}", indented(&text)).replace('\n', "\r\n"), None);
            let single = text.replace('\'', "''").replace('\t', " ").lines().map(|l| format!("    {}\n", l.trim())).collect::<String>();
            maps_back(&format!("data:\n  key: 'x\n{single}    y'\n"), None);
        }
    }
}
