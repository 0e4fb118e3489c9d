//! Text that goes to a person or a log, made inert: whatever a name holds, nobody obeys it.
//!
//! There are two steps, and each catches what the other cannot see. [`line()`] takes a name or a sentence and keeps it on its
//! line. [`inert`] stands before the place where text leaves: whoever forgot the first step has still written no control
//! character, nothing that turns text around or hides in it, and no command to the CI system that reads the log.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::{eight, secret};

/// Who reads what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// People, and logs that CI systems read; with the colours of our own, or without any.
    People {
        /// Whether colours pass.
        color: bool,
    },
    /// Commands of our own to a CI system: each line is one, and what stands behind its beginning is data.
    Commands,
    /// A page for browsers, whose names and sentences are on their lines.
    Html,
    /// Programs that read JSON: the text is whole, and escaped as JSON does it.
    Json,
    /// Programs that read XML: the text is whole, and escaped as XML does it.
    Xml,
    /// Bytes as they are: a file for somebody to read on.
    Raw,
}

/// Whether a character does something to the text around it, or cannot be seen.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Adds a character, or what stands for it: the pictures of control characters, and numbers for the others.
pub(crate) fn push(text: &mut String, c: char) {
    match c {
        '\0'..='\u{1F}' => text.extend(char::from_u32(0x2400 + u32::from(c))),
        '\u{7F}' => text.push('␡'),
        c if is_hidden(c) => text.extend(c.escape_unicode()),
        c => text.push(c),
    }
}

/// Whether a name or a sentence is on one line, with everything in it to be seen.
pub(crate) fn is_line(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~')) || !text.contains(is_hidden)
}

/// A name or a sentence on one line, with everything in it to be seen.
pub fn line(text: &str) -> Cow<'_, str> {
    if is_line(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(&mut shown, c));
    Cow::Owned(shown)
}

/// The value of a variable of that name, as far as it may be shown: of a password the name alone.
pub fn value<'v>(name: &str, value: &'v str) -> &'v str {
    if secret::is_secret(name) && secret::is_value(value) { secret::HIDDEN } else { value }
}

/// Whether a line of a file tells a secret, so that it is better not quoted.
pub fn tells_secret(line: &str) -> bool {
    secret::is_in(line)
}

/// Gives `write` a place to write to, from which nothing gets to `out` that its readers would obey.
///
/// # Errors
/// Whatever `write` and `out` give.
pub fn inert(form: Form, out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if form == Form::Raw {
        return write(out);
    }
    let mut guard = Guard { form, out, text: Vec::new(), room: ROOM };
    write(&mut guard)?;
    let rest = guard.text.len();
    guard.put(rest)
}

/// What a byte means to the guard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It goes out as it is.
    Plain,
    /// With another one of its kind behind it, it may begin a command.
    Sign,
    /// It has to be looked at.
    Odd,
}

/// What bytes mean where these are signs.
const fn kinds(signs: &[u8]) -> [Kind; 256] {
    let mut kinds = [Kind::Odd; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        kinds[byte as usize] = Kind::Plain;
        byte += 1;
    }
    kinds[b'\n' as usize] = Kind::Plain;
    let mut at = 0;
    while at < signs.len() {
        kinds[signs[at] as usize] = Kind::Sign;
        at += 1;
    }
    kinds
}

/// What is for people is for logs, too, in which lines that begin with `::` are commands.
static OF_PEOPLE: [Kind; 256] = kinds(b"#:");
static OF_PROGRAMS: [Kind; 256] = kinds(b"#");

/// How many bytes are plain, as far as eight at a time are: of what is written most are.
fn plain(text: &[u8], of_people: bool) -> usize {
    let is_plain = |bytes: &&[u8; 8]| {
        let eight = u64::from_le_bytes(**bytes);
        let control = eight::below(eight, b' ') & !eight::equal(eight, b'\n');
        let sign = eight::equal(eight, b'#') | if of_people { eight::equal(eight, b':') } else { 0 };
        control | sign | eight::equal(eight, 0x7F) | eight::beyond_ascii(eight) == 0
    };
    8 * text.as_chunks().0.iter().take_while(is_plain).count()
}

/// How much text is collected before it is looked at.
const ROOM: usize = 16 << 10;

/// Collects text, and lets its lines out.
struct Guard<'o> {
    form: Form,
    out: &'o mut dyn Write,
    text: Vec<u8>,
    /// How much text may wait: half a line waits for its other half, as only the whole shows how it begins.
    room: usize,
}

impl Write for Guard<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if self.text.len() >= self.room {
            self.put_lines()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.put_lines()?;
        self.out.flush()
    }
}

impl Guard<'_> {
    /// Lets all whole lines out.
    fn put_lines(&mut self) -> io::Result<()> {
        let end = memchr::memrchr(b'\n', &self.text).map_or(0, |end| end + 1);
        self.put(end)?;
        // A long line is not gone through for each piece of it.
        self.room = ROOM.max(2 * self.text.len());
        Ok(())
    }

    /// Lets the text before `end` out. Most is inert, and goes as it is, many lines at once.
    fn put(&mut self, end: usize) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        let mut rest = &text[..end];
        while let Some(at) = self.suspicious(rest) {
            let start = memchr::memrchr(b'\n', &rest[..at]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &rest[at..]).map_or(rest.len(), |end| at + end + 1);
            self.out.write_all(&rest[..start])?;
            self.put_shown(&rest[start..end])?;
            rest = &rest[end..];
        }
        self.out.write_all(rest)?;
        // The room is for what comes next.
        self.text = text;
        self.text.drain(..end);
        Ok(())
    }

    /// Where the first byte is that its line may have to be written otherwise for.
    fn suspicious(&self, text: &[u8]) -> Option<usize> {
        let people = matches!(self.form, Form::People { .. });
        let kinds = if people { &OF_PEOPLE } else { &OF_PROGRAMS };
        let mut from = 0;
        loop {
            from += plain(&text[from..], people);
            let at = from + text[from..].iter().position(|byte| kinds[usize::from(*byte)] != Kind::Plain)?;
            // Commands begin with one sign twice.
            if kinds[usize::from(text[at])] == Kind::Odd || text.get(at + 1) == Some(&text[at]) {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn put_shown(&mut self, line: &[u8]) -> io::Result<()> {
        let (text, end) = match line.strip_suffix(b"\n") {
            Some(text) => text.strip_suffix(b"\r").map_or((text, &b"\n"[..]), |text| (text, b"\r\n")),
            None => (line, &b""[..]),
        };
        let mut shown = Vec::with_capacity(line.len() + 16);
        for chunk in text.utf8_chunks() {
            self.text(chunk.valid(), &mut shown);
            // Letters of other encodings pass: a patch of such a file is to fit it. Control characters of theirs do not.
            for byte in chunk.invalid() {
                match byte {
                    0xA0.. => shown.push(*byte),
                    _ => shown.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
                }
            }
        }
        if matches!(self.form, Form::People { .. }) {
            shown = without_commands(shown);
        }
        // Programs and browsers read the sign all the same; a log that what is for them stands in knows no such escapes.
        match self.form {
            Form::People { .. } => without_marks(&mut shown, br"\u{23}"),
            Form::Json => without_marks(&mut shown, br"\u0023"),
            Form::Xml | Form::Html => without_marks(&mut shown, b"&#35;"),
            Form::Commands | Form::Raw => {}
        }
        shown.extend_from_slice(end);
        self.out.write_all(&shown)
    }

    fn text(&self, text: &str, shown: &mut Vec<u8>) {
        if !text.contains(is_hidden) {
            return shown.extend_from_slice(text.as_bytes());
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let own = if self.form == (Form::People { color: true }) { color(rest) } else { 0 };
            let (here, behind) = rest.split_at_checked(own.max(c.len_utf8())).unwrap_or((rest, ""));
            rest = behind;
            if own > 0 || c == '\t' || !is_hidden(c) {
                shown.extend_from_slice(here.as_bytes());
                continue;
            }
            let escaped: String = match self.form {
                Form::Json => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
                Form::Xml => format!("&#x{:X};", u32::from(c)),
                _ => line(here).into_owned(),
            };
            shown.extend_from_slice(escaped.as_bytes());
        }
    }
}

/// How long the colour is that `text` begins with.
fn color(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\x1b[") else { return 0 };
    let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b';').count();
    if rest.as_bytes().get(digits) == Some(&b'm') { digits + 3 } else { 0 }
}

/// What a CI system would take for a command at the beginning of a line, with its sign written otherwise.
fn without_commands(mut shown: Vec<u8>) -> Vec<u8> {
    let blank = |text: &str| text.len() - text.trim_start().len();
    let mut at = 0;
    while let Ok(rest) =
        std::str::from_utf8(shown.get(at..).unwrap_or_default()).or_else(|e| std::str::from_utf8(&shown[at..at + e.valid_up_to()]))
    {
        match blank(rest).max(color(rest)) {
            0 => break,
            more => at += more,
        }
    }
    let rest = shown.get(at..).unwrap_or_default();
    if rest.starts_with(b"::") && rest.get(2).is_some_and(u8::is_ascii_alphabetic) {
        shown.splice(at..at + 1, *br"\u{3a}");
    }
    shown
}

/// The same for what is a command anywhere in a line.
fn without_marks(shown: &mut Vec<u8>, sign: &[u8]) {
    if !shown.windows(2).any(|pair| pair == b"##") {
        return;
    }
    for mark in ["##[", "##vso[", "##teamcity["] {
        if memchr::memmem::find(shown, mark.as_bytes()).is_none() {
            continue;
        }
        let mut done = 0;
        let mut whole = Vec::with_capacity(shown.len() + 64);
        for at in memchr::memmem::find_iter(shown, mark.as_bytes()) {
            whole.extend_from_slice(&shown[done..at]);
            whole.extend_from_slice(sign);
            done = at + 1;
        }
        whole.extend_from_slice(&shown[done..]);
        *shown = whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        // One byte after the other: neither letters nor lines are cut.
        inert(form, &mut out, |out| text.iter().try_for_each(|byte| out.write_all(&[*byte]))).unwrap();
        out
    }

    fn shown(form: Form, text: &str) -> String {
        String::from_utf8(written(form, text.as_bytes())).unwrap()
    }

    const PLAIN: Form = Form::People { color: false };

    #[test]
    fn eight_bytes_are_plain_where_each_is() {
        for (kinds, of_people) in [(&OF_PEOPLE, true), (&OF_PROGRAMS, false)] {
            for (byte, at) in (0..=255).flat_map(|byte| (0..8).map(move |at| (byte, at))) {
                let mut bytes = *b"eight !~";
                bytes[at] = byte;
                let expected = if kinds[usize::from(byte)] == Kind::Plain { 8 } else { 0 };
                assert_eq!(plain(&bytes, of_people), expected, "{byte}");
            }
        }
    }

    #[test]
    fn many_lines_at_once_are_seen_as_each_alone() {
        let odd = ["::error::x", " ::1", "##[a]", "# #", "\u{1b}[31m", "a\u{202e}b", "é", "\r", "::", "##"];
        for form in [PLAIN, Form::People { color: true }, Form::Commands, Form::Html, Form::Json, Form::Xml] {
            for (at, odd) in odd.iter().cycle().take(600).enumerate() {
                // Wherever it stands in what is looked at together: in its line, and among lines.
                let lines = [
                    "b".repeat(at % 70),
                    format!("{}{odd}", "a".repeat(at)),
                    "c: d".repeat(at),
                    String::new(),
                    "::e#".to_owned(),
                    odd.to_string(),
                ];
                let alone: String = lines.iter().map(|line| shown(form, &format!("{line}\n"))).collect();
                let mut out = Vec::new();
                inert(form, &mut out, |out| out.write_all((lines.join("\n") + "\n").as_bytes())).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), alone, "{form:?} {at}");
            }
        }
    }

    #[test]
    fn half_a_line_waits_for_its_other_half() {
        let mut out = Vec::new();
        let long = "x".repeat(5 * ROOM);
        inert(PLAIN, &mut out, |out| {
            write!(out, "a\n:")?;
            out.flush()?;
            write!(out, ":error::b\n{long}")?;
            out.flush()?;
            write!(out, "##[error]{long}")
        })
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("a\n\\u{{3a}}:error::b\n{long}\\u{{23}}#[error]{long}"));
    }

    #[test]
    fn a_name_stays_on_its_line_and_all_of_it_is_seen() {
        assert_eq!(line("a\nb\x1b[2Jc\u{9b}d\u{202e}e\u{200b}f\u{2028}g\u{e0041}"), r"a␊b␛[2Jc\u{9b}d\u{202e}e\u{200b}f\u{2028}g\u{e0041}");
        assert!(matches!(line("grüße 日本 ✗ ⚠️"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_leaves_is_harmless_and_lines_tabs_and_own_colours_stay() {
        assert_eq!(shown(PLAIN, "a\tb\r\nc\x1b[31md\x07\u{85}\rx"), "a\tb\r\nc␛[31md␇\\u{85}␍x");
        assert_eq!(shown(Form::People { color: true }, "\x1b[1;31ma\x1b[0m\x1b]0;t\x07\x1b[2J"), "\x1b[1;31ma\x1b[0m␛]0;t␇␛[2J");
        assert_eq!(written(PLAIN, b"h\xe9llo \x9b1m\n"), b"h\xe9llo \\x9b1m\n", "letters of Latin-1 stay");
    }

    #[test]
    fn a_log_holds_no_commands() {
        assert_eq!(
            shown(PLAIN, "::error::x\n \u{3000}::stop-commands::y\na ::error::z\n::1 ::\n"),
            "\\u{3a}:error::x\n \u{3000}\\u{3a}:stop-commands::y\na ::error::z\n::1 ::\n"
        );
        assert_eq!(shown(PLAIN, "a ##[error]b ##vso[task]c ## d\n"), "a \\u{23}#[error]b \\u{23}#vso[task]c ## d\n");
        assert_eq!(shown(Form::People { color: true }, "\x1b[1m  ::debug::\n"), "\x1b[1m  \\u{3a}:debug::\n");
        assert_eq!(shown(Form::Commands, "::error::ours ##[a]\n"), "::error::ours ##[a]\n");
        assert_eq!(shown(Form::Html, "::1 ##[a]\u{202e}\n"), "::1 &#35;#[a]\\u{202e}\n");
        assert_eq!(shown(Form::Xml, "<a b=\"##vso[a]\"/>\n"), "<a b=\"&#35;#vso[a]\"/>\n");
        assert_eq!(written(PLAIN, b"  ::error::\xff\n"), b"  \\u{3a}:error::\xff\n");
    }

    #[test]
    fn data_stays_whole() {
        let text = "{\n  \"a\": \"\u{202e}\u{e0041}\u{9b}é##[b]\"\n}\n";
        let json = shown(Form::Json, text);
        assert!(!json.contains(|c: char| is_hidden(c) && c != '\n') && !json.contains("##"), "{json}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["a"], "\u{202e}\u{e0041}\u{9b}é##[b]");
        assert_eq!(shown(Form::Xml, "<a b=\"\u{9b}\u{200b}\"/>\n"), "<a b=\"&#x9B;&#x200B;\"/>\n");
        assert_eq!(written(Form::Raw, b"\x1b\x9b"), b"\x1b\x9b");
    }
}
