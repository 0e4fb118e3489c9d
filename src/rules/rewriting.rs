//! What the `dead` and `order` rules share: what an action changes of that which later conditions see.

use crate::{
    catalog::{Fact, NoteKind},
    cut::Cut,
    expression::inclusion::{Method, Pattern, Question},
    syntax::{Statement, Word},
};

use super::implication::{Acls, Literally};

/// What an action changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes<'r> {
    /// Nothing that a condition asks for.
    Nothing,
    /// The path.
    Path,
    /// The query.
    Query,
    /// Both.
    Request,
    /// The method.
    Method,
    /// A header of the request.
    Header(&'r str),
    /// Where the connection comes from.
    Source,
    /// A variable.
    Variable(&'r str),
    /// Nobody knows.
    Anything,
}

impl<'r> Changes<'r> {
    /// What a rule changes whose action, which ends nothing, is `action`.
    pub(super) fn of(line: &Statement<'r>, action: &Fact) -> Self {
        let word = line.str(action.words - 1);
        match action.note(NoteKind::Changes).map(|note| note.word) {
            Some("nothing") => Self::Nothing,
            Some("path") => Self::Path,
            Some("query") => Self::Query,
            Some("request") => Self::Request,
            Some("method") => Self::Method,
            Some("source") => Self::Source,
            Some("header") => match line.word(action.words).and_then(Word::known) {
                Some(name) if line.str(action.words + 1) != "-m" && !name.is_empty() => Self::Header(name),
                _ => Self::Anything,
            },
            Some("variable") => Self::Variable(word.split_once('(').map_or("", |(_, rest)| rest.split([',', ')']).next().unwrap_or(""))),
            _ => Self::Anything,
        }
    }

    /// Whether `value`, as [`Question::value`] has it, may be another one afterwards.
    pub(super) fn touches(self, value: &str) -> bool {
        let fetch = value.split(['(', ',']).next().unwrap_or("");
        let begins = |all: &[&str]| all.iter().any(|start| fetch.starts_with(start));
        let of_query = begins(&["query", "url", "pathq", "baseq"]);
        match self {
            Self::Nothing => false,
            Self::Path => begins(&["path", "url", "base"]) && fetch != "urlp",
            Self::Query => of_query,
            Self::Request => of_query || begins(&["path", "base"]),
            Self::Method => fetch == "method",
            Self::Source => begins(&["src", "sc", "fc_", "bc_"]),
            Self::Variable(name) => value.contains(name.split('.').next_back().unwrap_or(name)),
            Self::Header(name) => of_header(&name.to_ascii_lowercase(), fetch, value),
            Self::Anything => !matches!(fetch, "always_true" | "always_false" | "ssl_fc"),
        }
    }

    /// Whether an ACL may answer otherwise afterwards.
    pub(super) fn touches_literal(self, literal: &Literally<'r>, acls: &Acls<'_, 'r>) -> bool {
        if self == Self::Nothing {
            return false;
        }
        let asked = acls.asked(&literal.0);
        asked.values().is_none_or(|values| values.iter().any(|value| self.touches(value)))
    }
}

/// Whether a value depends on the header `name`.
fn of_header(name: &str, fetch: &str, value: &str) -> bool {
    if matches!(name, "content-length" | "transfer-encoding" | "content-type") && fetch.starts_with("req.") {
        return true;
    }
    let special = match name {
        "host" => fetch.starts_with("base") || fetch.starts_with("url"),
        "cookie" => fetch.contains("cook"),
        "authorization" => fetch.starts_with("http_auth"),
        "connection" => true,
        _ => false,
    };
    let headers = fetch.contains("hdr");
    let asked = value.split_once('(').map(|(_, rest)| rest.split([',', ')']).next().unwrap_or(""));
    special || headers && asked.is_none_or(|asked| asked.eq_ignore_ascii_case(name))
}

/// What a value is after a rule has rewritten it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// It is not there any more.
    Gone,
    /// It begins so, or is it.
    Text { start: String, whole: bool },
    /// What this regular expression finds is replaced: all of the value becomes, or the place becomes, what begins so.
    Replaced { regex: String, by: String },
}

impl Output {
    /// What the rule `line` makes of `value`, as far as it is known.
    pub(super) fn of(line: &Statement<'_>, value: &str) -> Option<Self> {
        let text = |at: usize| line.word(at).and_then(Word::known);
        let path = matches!(value, "path" | "pathq" | "url");
        match line.str(1) {
            "set-path" | "set-pathq" if path => Self::format(text(2)?, value == "path" && line.str(1) == "set-path"),
            "set-uri" if path && text(2)?.starts_with('/') => Self::format(text(2)?, false),
            "replace-path" | "replace-pathq" | "replace-uri" if path => {
                Some(Self::Replaced { regex: text(2)?.to_owned(), by: text(3)?.to_owned() })
            }
            "set-method" if value == "method" => Self::format(text(2)?, true),
            "set-header" if value == format!("req.hdr({})", text(2)?.to_ascii_lowercase()) => Self::format(text(3)?, true),
            "replace-header" if value == format!("req.hdr({})", text(2)?.to_ascii_lowercase()) => {
                Some(Self::Replaced { regex: text(3)?.to_owned(), by: text(4)?.to_owned() })
            }
            "del-header" if value == format!("req.hdr({})", text(2)?.to_ascii_lowercase()) => Some(Self::Gone),
            _ => None,
        }
    }

    fn format(text: &str, exact: bool) -> Option<Self> {
        if let Some((regex, by)) = regsub(text) {
            return Some(Self::Replaced { regex, by });
        }
        let end = text.find('%').unwrap_or(text.len());
        let start = text.cut(..end);
        (!start.is_empty()).then(|| Self::Text { start: start.to_owned(), whole: exact && end == text.len() })
    }

    /// Whether what `question` fits before never fits it afterwards.
    pub(super) fn loses(&self, question: &Question<'_>) -> bool {
        match self {
            Self::Gone => true,
            Self::Text { start, whole } => question.fits(start, *whole) == Some(false),
            Self::Replaced { regex, by } => {
                let end = by.find(['\\', '%']).unwrap_or(by.len());
                let start = by.cut(..end);
                let start = if start.is_empty() && by.is_empty() { "/" } else { start };
                let fits = if start.is_empty() { None } else { question.fits(start, end == by.len() && !by.is_empty()) };
                let gone = || question.patterns.iter().all(|pattern| takes_out(question, pattern, regex, by));
                fits != Some(true) && gone()
            }
        }
    }
}

/// The regular expression and the text of `%[path,regsub(REGEX,TEXT)]`, where that is all.
fn regsub(text: &str) -> Option<(String, String)> {
    let inner = text.strip_prefix("%[")?.strip_suffix(")]")?;
    let inner = ["path,regsub(", "pathq,regsub(", "url,regsub("].iter().find_map(|start| inner.strip_prefix(start))?;
    let mut parts = inner.splitn(3, ',').map(|part| part.trim_matches(['"', '\'']).to_owned());
    let regex = parts.next()?;
    // Parentheses and commas inside need quotes that are not looked through here.
    (!regex.contains(['(', ')', '"', '\''])).then(|| (regex, parts.next().unwrap_or_default()))
}

/// Whether a replacement takes out the very thing that a pattern asks for.
fn takes_out(question: &Question<'_>, pattern: &Pattern<'_>, regex: &str, by: &str) -> bool {
    let Pattern::Text(text) = pattern else { return false };
    if question.fetch() == "req.hdr" {
        // A host or another word that the expression names and the new text does not.
        let plain: String = regex.chars().filter(|c| *c != '\\').collect();
        return question.method.is_text() && text.len() > 3 && plain.contains(text) && !by.contains(text);
    }
    let literal = question.literal(text).filter(|(method, _)| matches!(method, Method::Whole | Method::Begin | Method::Dir));
    let Some((method, literal)) = literal else { return false };
    let word = literal.trim_matches('/');
    let plain: String = regex.chars().filter(|c| *c != '\\').collect();
    let plain = plain.strip_prefix('^').unwrap_or(&plain);
    if word.is_empty() || by.contains(word) {
        return false;
    }
    let Some(at) = plain.find(word) else { return false };
    let before = plain.cut(..at).trim_start_matches(['(', '.', '*', ')', '?']);
    let behind = plain.cut(at + word.len()..);
    // What is asked for at the beginning must be taken out there, and all of it: `/api/old/(.*)` is less than `/api`.
    let begins = before == "/" || method == Method::Dir && before.ends_with('/');
    let rest = behind.trim_start_matches(['(', '/', '|', '?', ':']);
    begins && (rest.is_empty() || rest.starts_with(['$', '.', '[', ')']))
}
