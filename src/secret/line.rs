//! The secrets that the words of one line tell of.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::{
    catalog::{Fact, NoteKind},
    expression::{Signature, converter_names, fetch_names, lookup_converter, lookup_fetch},
    syntax::SectionKind,
};

use super::{is_reference, is_secret, text};

/// Keywords before a password or a key.
const KEYWORDS: [&str; 7] =
    ["password", "insecure-password", "dynamic-cookie-key", "set-dynamic-cookie-key", "auth_pass", "requirepass", "masterauth"];

/// Keywords before the name of a header: those of the catalog, and that of checks and answers.
static HEADERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let actions = Fact::with(SectionKind::Frontend, NoteKind::NamesHeader).into_iter();
    actions.filter_map(|action| action.name.split(' ').next_back()).chain(["hdr"]).collect()
});

/// Converters and fetches whose arguments hold a key, up to the parenthesis.
static CONVERTERS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let keyed = |forms: &[Signature]| forms.iter().any(|form| form.has("key"));
    let converters = converter_names().filter(|name| keyed(lookup_converter(name)));
    converters
        .chain(fetch_names().filter(|name| keyed(lookup_fetch(name))))
        .map(|name| Finder::new(&format!("{name}(")).into_owned())
        .collect()
});

/// A part of a line.
type Place = (usize, usize);

/// Secrets that the words of one line tell of.
pub(super) fn in_line(bytes: &[u8]) -> Vec<Place> {
    let mut found = Vec::new();
    if may_name(bytes) {
        named(bytes, &mut found);
        pairs(bytes, &mut found);
        commands(bytes, &mut found);
    }
    converters(bytes, &mut found);
    addresses(bytes, &mut found);
    // What only names a variable is a key and no value.
    found.retain(|(from, to)| from < to && !is_reference(&bytes[*from..*to]));
    found
}

/// Whether a word that tells of a secret can be in a line: most lines have none, and what costs more need not look at them.
fn may_name(bytes: &[u8]) -> bool {
    // How a part begins of each of them, in small letters; most letters begin none.
    let begins = |at: &[u8]| {
        matches!(at[0] | 32, b'a' | b'c' | b'k' | b'p' | b's' | b't')
            && matches!([at[0] | 32, at[1] | 32, at[2] | 32].as_slice(), b"pas" | b"pwd" | b"sec" | b"tok" | b"key" | b"cre" | b"aut")
    };
    bytes.windows(3).any(begins)
}

/// What stands behind keywords and names of secrets.
fn named(bytes: &[u8], found: &mut Vec<Place>) {
    let words = words(bytes);
    let word = |at: usize| words.get(at).map(|(from, to)| &bytes[*from..*to]).unwrap_or_default();
    // Words up to here are hidden already.
    let mut hidden = 0;
    for (at, &(from, to)) in words.iter().enumerate() {
        if at < hidden {
            continue;
        }
        let is = |names: &[&str]| names.iter().any(|name| bytes[from..to].eq_ignore_ascii_case(name.as_bytes()));
        let next = words.get(at + 1).copied();
        if is(&KEYWORDS) {
            found.extend(next);
        } else if is(&["auth"]) && at > 0 && word(at - 1).eq_ignore_ascii_case(b"stats") {
            // The name may be known.
            found.extend(
                next.map(|(from, to)| (bytes[from..to].iter().position(|b| *b == b':').map_or(from, |colon| from + colon + 1), to)),
            );
        } else if is(&HEADERS) || is(&["setenv", "presetenv"]) {
            let value = words.get(at + 2).copied().filter(|_| is_secret(&text(word(at + 1))));
            found.extend(value);
            found.extend(words.get(at + 3).copied().filter(|_| value.is_some() && is(&["replace-header", "replace-value"])));
        } else if asks_for_secret(&bytes[from..to]) {
            let values = words.iter().skip(at + 1).take_while(|(from, to)| !matches!(&bytes[*from..*to], b"}" | b"if" | b"unless"));
            let before = found.len();
            found.extend(values.filter(|(from, _)| bytes[*from] != b'-'));
            hidden = at + 1 + found.len() - before;
        }
    }
}

/// `hdr(authorization)` and its kin, before what they are compared with.
fn asks_for_secret(word: &[u8]) -> bool {
    let word = text(word).to_ascii_lowercase();
    let name = word.split_once("hdr(").and_then(|(_, rest)| rest.split([')', ',']).next().map(str::to_owned));
    name.is_some_and(|name| is_secret(&name))
}

/// The words of a line: quotes and escaped blanks hold them together, also where all of it stands in a text with escapes.
fn words(bytes: &[u8]) -> Vec<Place> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
        } else if bytes[at..].starts_with(br"\n") || bytes[at..].starts_with(br"\t") {
            at += 2;
        } else {
            let end = word_end(bytes, at);
            found.push((at, end));
            at = end;
        }
    }
    found
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut quote: Option<&[u8]> = None;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match quote {
            Some(mark) if rest.starts_with(mark) => (quote, at) = (None, at + mark.len()),
            Some(_) => at += if rest[0] == b'\\' && rest.len() > 1 { 2 } else { 1 },
            None if rest[0].is_ascii_whitespace() || rest.starts_with(br"\n") => break,
            None if rest.starts_with(br#"\""#) => (quote, at) = (Some(&br#"\""#[..]), at + 2),
            // A quote that nothing closes is one that the text around the line closes elsewhere.
            None if matches!(rest[0], b'"' | b'\'') && rest[1..].contains(&rest[0]) && !holds_lines(rest) => {
                (quote, at) = (Some(&rest[..1]), at + 1)
            }
            None => at += if rest[0] == b'\\' && rest.len() > 1 { 2 } else { 1 },
        }
    }
    at.min(bytes.len())
}

/// Whether a quote holds lines: it is one of YAML or JSON and none of HAProxy.
fn holds_lines(rest: &[u8]) -> bool {
    let inner = rest[1..].split(|b| *b == rest[0]).next().unwrap_or_default();
    memchr::memmem::find(inner, br"\n ").is_some()
}

/// Where the first of some signs stands, or the end.
fn first(bytes: &[u8], signs: &[&[u8]]) -> usize {
    (0..bytes.len()).find(|at| signs.iter().any(|sign| bytes[*at..].starts_with(sign))).unwrap_or(bytes.len())
}

/// `KEY=value`, `key: value`, `"key": "value"`, and headers in a request that is written out.
fn pairs(bytes: &[u8], found: &mut Vec<Place>) {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    // What is hidden already is not looked at again: a line may be as long as its file.
    let mut done = 0;
    for at in memchr::memchr2_iter(b'=', b':', bytes) {
        if at < done {
            continue;
        }
        let behind = bytes[..at].iter().rposition(|b| !matches!(b, b' ' | b'\t' | b'"' | b'\'')).map_or(0, |last| last + 1);
        let start = bytes[..behind].iter().rposition(|b| !is_name(*b)).map_or(0, |before| before + 1);
        let assigns = bytes[at] == b'=';
        // `key = value`, as TOML and ini files have it.
        let apart = behind != at && !matches!(bytes.get(at + 1), Some(b' ' | b'\t'));
        if assigns && apart || !is_secret(&text(&bytes[start.max(behind.saturating_sub(LONGEST))..behind])) {
            continue;
        }
        let header = bytes[at + 1..].starts_with(br"\ ");
        let blanks = bytes[at + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let from = at + 1 + if header { 2 } else { blanks };
        let rest = &bytes[from..];
        let quote = rest.first().copied().filter(|b| matches!(b, b'"' | b'\''));
        // `key:value` is no pair of YAML, and a value of several lines begins with its mark.
        if !assigns && !header && blanks == 0 && quote.is_none() || matches!(rest, b"|" | b">" | b"|-" | b">-" | b"|+" | b">+") {
            continue;
        }
        let end = match quote {
            Some(quote) => rest[1..].iter().position(|b| *b == quote).map_or(rest.len(), |end| end + 2),
            None if assigns || header => word_end(rest, 0),
            None => first(rest, &[br"\r", br"\n", b"\"", b", ", b"}"]),
        };
        done = from + end;
        found.push((from, from + rest[..end].trim_ascii_end().len()));
    }
}

/// The longest name that is looked at.
const LONGEST: usize = 256;

/// `AUTH secret` and `PASS secret`, which checks send.
fn commands(bytes: &[u8], found: &mut Vec<Place>) {
    let lower = bytes.to_ascii_lowercase();
    if memchr::memmem::find(&lower, b"send").is_none() {
        return;
    }
    for command in [&b"auth"[..], b"pass"] {
        let mut done = 0;
        for at in memchr::memmem::find_iter(&lower, command) {
            let begins =
                at == 0 || !bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes.get(at.wrapping_sub(2)..at), Some(br"\n" | br"\r"));
            let from = at + command.len();
            let blank = if bytes[from..].starts_with(br"\ ") { 2 } else { usize::from(bytes.get(from) == Some(&b' ')) };
            if begins && blank > 0 && at >= done {
                done = from + blank + first(&bytes[from + blank..], &[br"\r", br"\n", b"\"", b"'"]);
                found.push((from + blank, done));
            }
        }
    }
}

/// The keys of converters: all arguments behind the first.
fn converters(bytes: &[u8], found: &mut Vec<Place>) {
    if !bytes.contains(&b'(') {
        return;
    }
    for name in CONVERTERS.iter() {
        let mut done = 0;
        for at in name.find_iter(bytes) {
            if at < done {
                continue;
            }
            let from = at + name.needle().len();
            let end = bytes[from..].iter().position(|b| *b == b')').map_or(bytes.len(), |end| from + end);
            done = end;
            found.extend(bytes[from..end].iter().position(|b| *b == b',').map(|comma| (from + comma + 1, end)));
        }
    }
}

/// `scheme://user:password@host`.
fn addresses(bytes: &[u8], found: &mut Vec<Place>) {
    if !bytes.contains(&b'@') {
        return;
    }
    for at in memchr::memmem::find_iter(bytes, b"://") {
        let from = at + 3;
        let end = bytes[from..]
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\''))
            .map_or(bytes.len(), |end| from + end);
        let Some(sign) = bytes[from..end].iter().rposition(|b| *b == b'@') else { continue };
        found.extend(bytes[from..from + sign].iter().position(|b| *b == b':').map(|colon| (from + colon + 1, from + sign)));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::ENDS, *};

    #[test]
    fn no_word_that_tells_of_a_secret_is_overlooked() {
        let key = ["_key", ".key"];
        for word in KEYWORDS.iter().chain(&ENDS).chain(&key).chain(&["pass", "pwd", "AUTH x", "PASS x"]) {
            assert!(may_name(word.as_bytes()), "{word}");
        }
    }
}
