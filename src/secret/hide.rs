//! Secrets in what is said of a configuration: each is taken out of the sentences that quote it.

use std::{borrow::Cow, sync::LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    catalog::all_words,
    cut::Cut,
    finding::{
        Finding,
        sentence::{LEFT_OUT, QUOTE},
    },
    source::{Location, Sources, Span},
    syntax::Environment,
};

use super::{HIDDEN, is_secret, places};

/// So many secrets of a line are looked for in what is said of it.
const MOST: usize = 100;

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
    if secrets.is_empty() {
        return;
    }
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
            if text.contains(LEFT_OUT) {
                *text = secret.begun(text);
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

    /// `said` without its beginning where a quote was cut within it.
    fn begun(&self, said: &str) -> String {
        let mut shown = String::new();
        for part in said.split_inclusive(LEFT_OUT) {
            let kept = part.strip_suffix(LEFT_OUT).unwrap_or_default();
            let ends = (1..self.text.len().min(QUOTE + 1)).rev().filter(|end| self.text.is_char_boundary(*end));
            match ends.map(|end| self.text.cut(..end)).find(|begun| kept.ends_with(begun)) {
                Some(begun) => shown.extend([kept.cut(..kept.len() - begun.len()), HIDDEN, LEFT_OUT]),
                None => shown += part,
            }
        }
        shown
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
    static OURS: LazyLock<FxHashSet<Cow<'static, str>>> = LazyLock::new(|| {
        let texts = all_words().iter().flat_map(|known| [known.word, known.text]);
        let small = |word: &'static str| match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(word.to_ascii_lowercase()),
            false => Cow::Borrowed(word),
        };
        texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic())).map(small).collect()
    });
    word.bytes().all(|b| b.is_ascii_alphabetic()) && OURS.contains(word.to_ascii_lowercase().as_str())
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

#[cfg(test)]
mod tests {
    use crate::source::FileId;

    use super::*;

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
    fn what_is_left_of_a_secret_where_a_quote_was_cut_is_hidden() {
        let secret = Secret::value("hunter2-and-more");
        for (said, expected) in [
            ("`user x password hunter2…` is odd", "`user x password •••…` is odd"),
            ("`hunter2-and-mor…`, and `h…` too", "`•••…`, and `•••…` too"),
            ("`user x…`, and then hunter", "`user x…`, and then hunter"),
        ] {
            assert_eq!(secret.begun(said), expected);
        }
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
}
