//! YAML and JSON as other readers take them, where the parser here is stricter: pairs of surrogates in JSON, and flow
//! collections whose lines are not indented, as libyaml takes them.

use crate::cut::Cut;

use std::borrow::Cow;

/// A text that the parser takes, and from its characters to those of the file.
pub(crate) struct Relaxed<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Behind each of these characters two of the file are missing.
    shifts: Vec<usize>,
}

/// How much shorter `\U0001f600` is than `\ud83d\ude00`.
const SAVED: usize = 2;

impl<'t> Relaxed<'t> {
    /// The text as it is, but for surrogates in JSON.
    pub(crate) fn new(text: &'t str) -> Self {
        let json = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '[']);
        if !json || !text.contains("\\u") {
            return Self { text: Cow::Borrowed(text), shifts: Vec::new() };
        }
        let (mut out, mut shifts, mut chars, mut rest) = (String::with_capacity(text.len()), Vec::new(), 0, text);
        while let Some(at) = rest.find('\\') {
            let (before, behind) = rest.split_at(at);
            let (new, taken) = match (code(behind), behind.get(6..).and_then(code)) {
                (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                    (format!("\\U{:08x}", 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
                }
                (Some(0xd800..=0xdfff), _) => ("\\ufffd".to_owned(), 6),
                // The character behind a backslash begins nothing.
                _ => {
                    let taken = 1 + behind.cut(1..).chars().next().map_or(0, char::len_utf8);
                    (behind.cut(..taken).to_owned(), taken)
                }
            };
            out += before;
            out += &new;
            chars += before.chars().count() + new.chars().count();
            if taken == 12 {
                shifts.push(chars);
            }
            rest = behind.cut(taken..);
        }
        Self { text: Cow::Owned(out + rest), shifts }
    }

    /// The same with every flow collection on one line; `None` where there is none over several lines.
    pub(crate) fn flat(&self) -> Option<Self> {
        let text = flatten(&self.text)?;
        Some(Self { text: Cow::Owned(text), shifts: self.shifts.clone() })
    }

    /// The number of a character in the file.
    pub(crate) fn char(&self, at: usize) -> usize {
        at + SAVED * self.shifts.partition_point(|shift| *shift <= at)
    }
}

/// The number in `\uXXXX` at the beginning of a text.
pub(crate) fn code(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

fn flatten(text: &str) -> Option<String> {
    let mut flow = Flow { out: String::with_capacity(text.len()), depth: 0, quote: None };
    let mut block: Option<usize> = None;
    let mut changed = false;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if flow.depth > 0 {
            changed = true;
            flow.take(line);
            continue;
        }
        if block.is_some_and(|b| line.trim().is_empty() || indent > b) {
            flow.out += line;
            continue;
        }
        let (start, value) = value_of(line);
        let is_block = value.starts_with(['|', '>']);
        block = is_block.then_some(indent);
        if value.starts_with(['[', '{']) {
            flow.out += line.cut(..start);
            flow.take(line.cut(start..));
        } else {
            flow.out += line;
        }
    }
    changed.then_some(flow.out)
}

/// Where the value of a line begins, behind dashes, a key, and an anchor or a tag.
fn value_of(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    if !rest.starts_with(['[', '{', '#'])
        && let Some((_, value)) = rest.split_once(": ")
    {
        rest = value.trim_start();
    }
    while rest.starts_with(['&', '!']) {
        rest = rest.split_once(' ').map_or("", |(_, behind)| behind.trim_start());
    }
    (line.len() - rest.len(), rest)
}

/// A flow collection that is being put on one line, letter for letter.
struct Flow {
    out: String,
    depth: usize,
    quote: Option<char>,
}

impl Flow {
    fn take(&mut self, line: &str) {
        let mut last = ' ';
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (self.quote, c) {
                (Some('"'), '\\') => {
                    self.out.push(c);
                    self.out.extend(chars.next());
                    continue;
                }
                (Some(quote), c) if c == quote => self.quote = None,
                (None, '"' | '\'') if last.is_whitespace() || "[{,:".contains(last) => self.quote = Some(c),
                (None, '[' | '{') => self.depth += 1,
                (None, ']' | '}') => self.depth = self.depth.saturating_sub(1),
                (None, '#') if last.is_whitespace() => {
                    let blank = std::iter::once(c).chain(chars.by_ref()).map(|c| if c == '\n' && self.depth == 0 { c } else { ' ' });
                    return self.out.extend(blank);
                }
                (None, '\n' | '\r') if self.depth > 0 => {
                    self.out.push(' ');
                    last = ' ';
                    continue;
                }
                _ => {}
            }
            self.out.push(c);
            last = c;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_one_character() {
        let json = "{\"a\": \"\\ud83d\\ude00x\", \"b\": \"\\\\ud83d \\ud83d\"}";
        let relaxed = Relaxed::new(json);
        assert_eq!(relaxed.text, "{\"a\": \"\\U0001f600x\", \"b\": \"\\\\ud83d \\ufffd\"}");
        let at = relaxed.text.find('x').unwrap();
        assert_eq!(json.chars().nth(relaxed.char(at)), Some('x'));
        assert_eq!(relaxed.char(0), 0);
        assert_eq!(Relaxed::new("a: \"\\ud83d\"").text, "a: \"\\ud83d\"");
    }

    #[test]
    fn flow_collections_come_onto_one_line() {
        let text = "a:\n  b: [ # a [\n  'x', {\n}, \"y\n z\"\n]\n  c: |\n    [\n    x\n  d: 1\n";
        let flat = Relaxed::new(text).flat().unwrap();
        assert_eq!(flat.text.chars().count(), text.chars().count());
        assert_eq!(flat.text.lines().count(), 7, "{}", flat.text);
        assert!(Relaxed::new("a: [b]\nc: |\n  [\n").flat().is_none());
    }
}
