//! Passwords, tokens and keys in lines that are shown: the key is told, never the value.
//!
//! What is secret is known by the words around it, in configurations and in manifests; a Secret of Kubernetes hides all of its
//! values. Where that is not sure, too much is hidden and not too little.

use std::{borrow::Cow, sync::LazyLock};

use memchr::memmem::Finder;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    catalog::{Fact, NoteKind, all_words},
    cut::Cut,
    expression::{Signature, converter_names, fetch_names, lookup_converter, lookup_fetch},
    finding::Finding,
    source::{Location, SourceFile, Sources, Span},
    syntax::{Environment, SectionKind},
    yaml::{Value, Yaml, documents},
};

/// So many secrets of a line are looked for in what is said of it.
const MOST: usize = 100;

/// What is shown in the place of a secret.
pub(crate) const HIDDEN: &str = "•••";

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

/// How names of secrets end.
const ENDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "credential",
    "credentials",
    "authorization",
    "_auth",
    "_pwd",
    "_pass",
];
/// What kinds of keys are secret.
const KEYS: [&str; 7] = ["secret", "api", "private", "access", "encryption", "signing", "auth"];

/// Whether a variable, key or header of that name holds a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    // Headers of answers that say what browsers may do.
    if name.ends_with("allow_credentials") {
        return false;
    }
    let key = name.ends_with("_key") || name.ends_with("_keys") || name.ends_with(".key");
    ENDS.iter().any(|end| name.ends_with(end))
        || matches!(name.as_str(), "pass" | "pwd")
        || key && KEYS.iter().any(|kind| name.contains(kind))
}

/// The secret places of a line, in order, none of them empty, none in another.
pub(crate) fn places(file: &SourceFile, line: usize) -> Vec<Span> {
    let span = file.line_span(line);
    let bytes = file.slice(span);
    let mut found: Vec<Span> =
        in_line(bytes).into_iter().map(|(from, to)| Span::new(span.start + from as u32, span.start + to as u32)).collect();
    let values = file.secrets(values);
    let first = values.partition_point(|value| value.end <= span.start);
    let here = values.iter().skip(first).take_while(|value| value.start < span.end);
    found.extend(here.map(|value| indented(file, Span::new(value.start.max(span.start), value.end.min(span.end)))));
    found.retain(|place| !place.is_empty());
    found.sort_unstable();
    let mut places: Vec<Span> = Vec::new();
    for place in found {
        match places.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => places.push(place),
        }
    }
    places
}

/// The text of a line without its secrets.
pub(crate) fn line(file: &SourceFile, line: usize) -> Cow<'_, str> {
    let (span, places) = (file.line_span(line), places(file, line));
    if places.is_empty() { file.text(span) } else { Cow::Owned(part(file, span, &places)) }
}

/// The text of a part of a line without the `secrets` in it.
pub(crate) fn part(file: &SourceFile, part: Span, secrets: &[Span]) -> String {
    let mut shown = String::new();
    let mut done = part.start;
    for secret in secrets.iter().filter(|secret| secret.start < part.end && part.start < secret.end) {
        shown += &file.text(Span::new(done, secret.start.max(done)));
        shown += HIDDEN;
        done = secret.end.min(part.end);
    }
    shown + &file.text(Span::new(done, part.end))
}

/// A text that is not to be told.
#[derive(Clone)]
struct Secret {
    text: String,
    /// Where it stands; `None` for the value of a variable.
    place: Option<Written>,
}

/// Where a secret stands in a line that a finding is about.
#[derive(Clone)]
struct Written {
    location: Location,
    /// The words before and behind it on its line, without quotes.
    before: String,
    behind: String,
}

/// Takes secrets out of what is said: those that stand in the lines it is about, and those of the environment.
pub(crate) fn hide(findings: &mut [Finding], environment: &Environment, sources: &Sources) {
    let variables: Vec<Secret> = environment.values().filter(|(name, _)| is_secret(name)).map(|(_, value)| Secret::value(value)).collect();
    // Many findings may be on one line, and that line as long as its file.
    let mut known: FxHashMap<(u32, usize), Vec<Secret>> = FxHashMap::default();
    for finding in findings {
        let mut secrets = variables.clone();
        for place in finding
            .location
            .iter()
            .chain(finding.related.iter().map(|label| &label.location))
            .chain(finding.cause.iter().map(|cause| &cause.location))
        {
            let line = sources.file(place.file).line_of(place.span.start);
            secrets.extend(known.entry((place.file.0, line)).or_insert_with(|| written(sources, *place)).iter().cloned());
        }
        without(finding, secrets);
    }
}

/// Takes the values of variables out of what a finding says.
pub(crate) fn hide_values(finding: &mut Finding, values: &[&String]) {
    without(finding, values.iter().map(|value| Secret::value(value)).collect());
}

fn without(finding: &mut Finding, mut secrets: Vec<Secret>) {
    secrets.retain(|secret| !secret.text.is_empty());
    // The longest first: it may hold another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.text.len()));
    let about: Vec<Location> = finding.location.iter().copied().chain(finding.related.iter().map(|label| label.location)).collect();
    let texts = [&mut finding.message, &mut finding.label].into_iter().chain(&mut finding.help).chain(&mut finding.notes);
    let texts = texts.chain(finding.related.iter_mut().map(|label| &mut label.message));
    let texts = texts.chain(finding.cause.iter_mut().flat_map(|cause| cause.texts()));
    let texts = texts.chain(finding.fix.iter_mut().map(|fix| &mut fix.title)).map(|text| (text, false));
    for (text, is_name) in texts.chain(finding.said.iter_mut().map(|subject| (&mut subject.name, true))) {
        for secret in &secrets {
            if text.contains(&secret.text) {
                *text = secret.taken_from(text, is_name, &about);
            }
        }
    }
}

impl Secret {
    fn value(text: &str) -> Self {
        Self { text: text.to_owned(), place: None }
    }

    /// `said` without it; a name is quoted as a whole.
    fn taken_from(&self, said: &str, is_name: bool, about: &[Location]) -> String {
        // A short one is found in any word.
        if self.text.len() < 4 {
            return said.replace(&format!("`{}`", self.text), &format!("`{HIDDEN}`"));
        }
        if !is_everyday(&self.text) {
            return said.replace(&self.text, HIDDEN);
        }
        // What is quoted of a file stands between backquotes.
        let parts = said.split('`').enumerate().map(|(at, part)| match is_name || at % 2 == 1 {
            true => self.taken_from_quote(part, about),
            false => self.taken_from_sentence(part),
        });
        parts.collect::<Vec<_>>().join("`")
    }

    /// A word that is secret and everyday tells nothing in a sentence, but where HAProxy quotes it.
    fn taken_from_sentence(&self, sentence: &str) -> String {
        replaced(sentence, &self.text, |before, _| before.ends_with(['\'', '"', '<', '[', ':', '=', '@', '/']))
    }

    /// In a quote it may be a keyword; it is the secret if the finding is about that, or if the same words stand beside it.
    fn taken_from_quote(&self, quote: &str, about: &[Location]) -> String {
        let Some(place) = &self.place else {
            let is_ours = quote != self.text && quote.split_whitespace().all(is_everyday);
            return if is_ours { quote.to_owned() } else { replaced(quote, &self.text, |_, _| true) };
        };
        if quote == self.text {
            let touches = |at: &Location| {
                at.file == place.location.file && at.span.start < place.location.span.end && place.location.span.start < at.span.end
            };
            return if about.iter().any(touches) { HIDDEN.to_owned() } else { quote.to_owned() };
        }
        replaced(quote, &self.text, |before, behind| match last_word(before) {
            "" => first_word(behind) == place.behind,
            before => before == place.before,
        })
    }
}

/// Whether a secret is a word of our own sentences and of the language of HAProxy, such as `admin`.
fn is_everyday(word: &str) -> bool {
    static OURS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
        let texts = all_words().iter().flat_map(|known| [known.word, known.text]);
        texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic())).map(str::to_ascii_lowercase).collect()
    });
    word.bytes().all(|b| b.is_ascii_alphabetic()) && OURS.contains(&word.to_ascii_lowercase())
}

/// `text` without the whole words `word` of which `is` holds, given what stands before and behind them.
fn replaced(text: &str, word: &str, is: impl Fn(&str, &str) -> bool) -> String {
    let mut shown = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(word) {
        let (before, behind) = (text.cut(..at), text.cut(at + word.len()..));
        let whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !behind.starts_with(|c: char| c.is_ascii_alphanumeric());
        if whole && is(before, behind) {
            shown += text.cut(done..at);
            shown += HIDDEN;
            done = at + word.len();
        }
    }
    shown + text.cut(done..)
}

fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// The secrets of a line, as they are written and as they are meant.
fn written(sources: &Sources, place: Location) -> Vec<Secret> {
    let file = sources.file(place.file);
    let line = file.line_of(place.span.start);
    let mut found = Vec::new();
    for span in places(file, line).into_iter().take(MOST) {
        let whole = file.line_span(line);
        let bare = |span: Span| file.text(span).replace(['"', '\'', '\\'], "");
        let (before, behind) = (bare(Span::new(whole.start, span.start)), bare(Span::new(span.end, whole.end)));
        let place = Written {
            location: Location { file: place.file, span },
            before: last_word(&before).to_owned(),
            behind: first_word(&behind).to_owned(),
        };
        found.push(Secret { text: bare(span), place: Some(place.clone()) });
        found.push(Secret { text: file.text(span).into_owned(), place: Some(place) });
    }
    found
}

/// The part of a value behind the blanks that a line of a block begins with.
fn indented(file: &SourceFile, span: Span) -> Span {
    let blanks = file.slice(span).iter().take_while(|b| b.is_ascii_whitespace()).count();
    let end = span.end - u32::from(file.slice(span).ends_with(b"\r"));
    Span::new((span.start + blanks as u32).min(end), end)
}

/// A part of a line.
type Place = (usize, usize);

/// Secrets that the words of one line tell of.
fn in_line(bytes: &[u8]) -> Vec<Place> {
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
    // How a part begins of each of them, in small letters.
    let begins =
        |at: &[u8]| matches!([at[0] | 32, at[1] | 32, at[2] | 32].as_slice(), b"pas" | b"pwd" | b"sec" | b"tok" | b"key" | b"cre" | b"aut");
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

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn is_reference(value: &[u8]) -> bool {
    let inner = text(value);
    let inner = inner.trim_matches(['"', '\'']);
    let name = inner
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| inner.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')));
    name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// Whether a text is a value of its own: it is not empty, and names no variable that has it.
pub(crate) fn is_value(text: &str) -> bool {
    !text.is_empty() && !is_reference(text.as_bytes())
}

/// Whether a text as it is written stands for a value that something else puts there: `${PW}`, `$PW`, `<password>`, `{{ pw }}`,
/// `@PW@`, `%PW%`.
pub(crate) fn is_placeholder(written: &str) -> bool {
    let inner = written.trim_matches(['"', '\'']);
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '));
    let between = |open: &str, close: &str| inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name);
    let pairs = [("${", "}"), ("$(", ")"), ("<", ">"), ("{{", "}}"), ("@", "@"), ("%", "%"), ("$", "")];
    pairs.iter().any(|(open, close)| between(open, close))
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

/// The secret values of a manifest, in order; of what is no manifest, none.
fn values(file: &SourceFile) -> Vec<Span> {
    let known = [".yaml", ".yml", ".json"].iter().any(|end| file.name().ends_with(end));
    if !known && memchr::memmem::find(file.bytes(), b"apiVersion").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let documents = documents(file).map(|documents| documents.list).unwrap_or_default();
    documents.iter().for_each(|document| of_node(document, &mut found));
    found.sort_unstable();
    found
}

fn of_node(node: &Yaml, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(..) => {}
        Value::List(list) => list.iter().for_each(|item| of_node(item, found)),
        Value::Map(pairs) => {
            let secret = node.get("kind").and_then(Yaml::text) == Some("Secret");
            let named = node.get("name").and_then(Yaml::text).is_some_and(is_secret);
            for (key, value) in pairs {
                let name = key.text().unwrap_or_default();
                match (&value.value, name) {
                    (_, "data" | "stringData") if secret => all(value, found),
                    // It holds the whole object once more.
                    (_, "kubectl.kubernetes.io/last-applied-configuration") => all(value, found),
                    (Value::Scalar(..), "value") if named => all(value, found),
                    (Value::Scalar(..), name) if is_secret(name) => all(value, found),
                    _ => of_node(value, found),
                }
            }
        }
    }
}

/// All texts in a value; the names of its keys may be known.
fn all(node: &Yaml, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(text, _) if is_reference(text.as_bytes()) => {}
        Value::Scalar(..) => found.push(node.span),
        Value::List(list) => list.iter().for_each(|item| all(item, found)),
        Value::Map(pairs) => pairs.iter().for_each(|(_, value)| all(value, found)),
    }
}

/// Whether a line tells a secret.
pub(crate) fn is_in(line: &str) -> bool {
    !in_line(line.as_bytes()).is_empty()
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;

    use super::*;

    fn shown(name: &str, text: &str) -> String {
        let file = SourceFile::new(name, text.as_bytes().to_vec());
        (0..file.line_starts().len()).map(|at| line(&file, at).into_owned()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn no_word_that_tells_of_a_secret_is_overlooked() {
        let key = ["_key", ".key"];
        for word in KEYWORDS.iter().chain(&ENDS).chain(&key).chain(&["pass", "pwd", "AUTH x", "PASS x"]) {
            assert!(may_name(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn the_value_is_hidden_and_the_key_is_told() {
        for (text, expected) in [
            ("stats auth admin:hunter2", "stats auth admin:•••"),
            ("user joe password $5$abc groups a", "user joe password ••• groups a"),
            ("  user joe insecure-password \"a b\"", "  user joe insecure-password •••"),
            ("http-check send hdr Authorization \"Basic YWJj\" hdr Host a", "http-check send hdr Authorization ••• hdr Host a"),
            (r"http-request set-header authorization Bearer\ abc if TRUE", "http-request set-header authorization ••• if TRUE"),
            ("http-request replace-header X-Api-Key old new if TRUE", "http-request replace-header X-Api-Key ••• ••• if TRUE"),
            (
                r"option httpchk GET / HTTP/1.1\r\nHost:\ a\r\nAuthorization:\ Basic\ YWJj",
                r"option httpchk GET / HTTP/1.1\r\nHost:\ a\r\nAuthorization:\ •••",
            ),
            (r"tcp-check send AUTH\ hunter2\r\n", r"tcp-check send AUTH\ •••\r\n"),
            ("tcp-check send \"AUTH hunter2\\r\\n\"", "tcp-check send \"AUTH •••\\r\\n\""),
            ("tcp-check send \"USER a\\r\\nPASS hunter2\\r\\n\"", "tcp-check send \"USER a\\r\\nPASS •••\\r\\n\""),
            ("setenv DB_PASSWORD hunter2", "setenv DB_PASSWORD •••"),
            ("acl ok req.hdr(Authorization) -m str \"Basic YWJj\"", "acl ok req.hdr(Authorization) -m ••• •••"),
            ("dynamic-cookie-key hunter2", "dynamic-cookie-key •••"),
            ("http-request set-var(txn.a) req.hdr(h),hmac(sha256,aHVudGVy)", "http-request set-var(txn.a) req.hdr(h),hmac(sha256,•••)"),
            ("redirect location https://u:hunter2@example.com/", "redirect location https://u:•••@example.com/"),
            ("API_TOKEN=hunter2 x", "API_TOKEN=••• x"),
            ("    auth_pass hunter2", "    auth_pass •••"),
            ("password: 'hunter2'", "password: •••"),
            ("{\"token\": \"hunter2\", \"a\": 1}", "{\"token\": •••, \"a\": 1}"),
            (r#"cfg: "global\n  stats auth a:hunter2\n  maxconn 10\n""#, r#"cfg: "global\n  stats auth a:•••\n  maxconn 10\n""#),
        ] {
            assert_eq!(shown("a.cfg", text), expected);
        }
    }

    #[test]
    fn a_placeholder_is_no_value() {
        for text in ["${PW}", "\"${PW}\"", "$PW", "<your password>", "{{ pw }}", "@PW@", "%PW%", "$(PW)"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "geheim", "$5$abc$d", "a<b>", "$", "%%", "<>"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "user joe password ${PASSWORD}",
            "http-request set-header X-Forwarded-For %[src]",
            "stats uri /stats",
            "bind :443 ssl crt /etc/key.pem",
            "secretName: haproxy-tls",
            "http-request auth realm x if TRUE",
            "server a 10.0.0.1:80 check",
            "email-alert to joe@example.com",
            "acl bypass path /pass",
            "http-response set-header Access-Control-Allow-Credentials true",
        ] {
            assert_eq!(shown("a.cfg", text), text);
        }
    }

    /// What a finding about `part` of `line` says, without its secrets.
    fn said(line: &str, part: &str, message: &str) -> String {
        let sources = Sources::single("a.cfg", line.to_owned());
        let start = line.find(part).unwrap() as u32;
        let location = Location { file: FileId(0), span: Span::new(start, start + part.len() as u32) };
        let mut secrets = written(&sources, location);
        secrets.push(Secret::value("admin"));
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.text.len()));
        secrets.iter().fold(message.to_owned(), |said, secret| secret.taken_from(&said, false, &[location]))
    }

    #[test]
    fn a_password_that_is_a_word_of_ours_is_hidden_where_it_is_quoted() {
        let line = "user joe password stats groups admin";
        for (part, message, expected) in [
            ("joe", "`stats` is no keyword, and `stats auth` asks for stats", "`stats` is no keyword, and `stats auth` asks for stats"),
            ("password stats", "`stats` is weak", "`•••` is weak"),
            ("joe", "write `user x password stats`", "write `user x password •••`"),
            ("joe", "HAProxy says: unknown 'stats' of stats", "HAProxy says: unknown '•••' of stats"),
            ("joe", "`level admin` is administration", "`level admin` is administration"),
            ("joe", "`admin`, `tcp://u:admin@db`", "`•••`, `tcp://u:•••@db`"),
        ] {
            assert_eq!(said(line, part, message), expected);
        }
        assert_eq!(said("stats auth joe:stats", "auth", "`stats auth joe:stats`"), "`stats auth joe:•••`");
        assert_eq!(
            said("stats auth admin:hunter2", "auth", "hunter2, `xhunter2y`"),
            "•••, `x•••y`",
            "a word of nobody's is hidden everywhere"
        );
    }

    #[test]
    fn a_secret_object_and_variables_show_their_keys() {
        let text = "kind: Secret\nmetadata:\n  name: a\ndata:\n  tls.key: aGVsbG8=\nstringData:\n  cfg: |\n    hello\n      world\n---\nkind: Pod\nspec:\n  env:\n  - name: DB_PASSWORD\n    value: hunter2\n  - {name: PLAIN, value: seen}\n";
        let expected = "kind: Secret\nmetadata:\n  name: a\ndata:\n  tls.key: •••\nstringData:\n  cfg: •••\n    •••\n      •••\n---\nkind: Pod\nspec:\n  env:\n  - name: DB_PASSWORD\n    value: •••\n  - {name: PLAIN, value: seen}\n";
        let shown = shown("a.yaml", text);
        assert!(!["aGVs", "hello", "world", "hunter2"].iter().any(|secret| shown.contains(secret)), "{shown}");
        assert_eq!(shown.replace("cfg: |", "cfg: •••"), expected);
    }
}
