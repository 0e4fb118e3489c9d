//! What a real `haproxy -c` said of a configuration, and how it goes together with what was found.

use std::{cell::LazyCell, ops::Range};

use rustc_hash::FxHashMap;

use crate::{
    finding::{Finding, Severity, Verdict},
    rules::{Draft, Rule, haproxy::says},
    source::{FileId, Location, Sources, Span},
    syntax::{Tree, section_kind},
    version::{Version, VersionSet},
};

/// What a HAProxy printed, and how it ended.
///
/// ```
/// use haproxy_lint::heard::Heard;
/// let heard = Heard::parse("[ALERT] 327/101112 (7) : parsing [a.cfg:3] : unknown keyword 'x' in 'global' section\n", true, "2.4.0".parse().unwrap());
/// assert_eq!(heard.messages[0].text, "unknown keyword 'x' in 'global' section");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which HAProxy it is.
    pub version: Version,
    /// Whether it refuses the configuration.
    pub refused: bool,
    /// Whether it stopped early because of too many errors.
    pub gave_up: bool,
    /// Its alerts and warnings, in order.
    pub messages: Vec<Message>,
}

/// One alert or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether it is an alert; a warning otherwise.
    pub alert: bool,
    /// All of it, as it was printed behind the level and the process number.
    pub whole: String,
    /// The same without the place it begins with, and on one line.
    pub text: String,
}

/// What the last alerts of a refused configuration say: they only sum up.
const SUMMARIES: [&str; 4] = [
    "Error(s) found in configuration file",
    "Fatal errors found in configuration",
    "Errors found in configuration",
    "Failed to initialize server(s) addr",
];

/// What it says where it reads no further: nothing is known of the rest.
const GIVES_UP: &str = "too many fatal errors";

impl Heard {
    /// Reads what a HAProxy printed on standard error; any version's from 2.4 on.
    pub fn parse(stderr: &str, refused: bool, version: Version) -> Self {
        let mut messages: Vec<Message> = Vec::new();
        // Whether the lines that follow belong to the last message.
        let mut open = false;
        let mut gave_up = false;
        for line in stderr.lines() {
            if let Some((level, whole)) = begins(line) {
                let alert = level == "ALERT";
                gave_up |= whole.contains(GIVES_UP);
                open = !whole.contains(GIVES_UP) && (alert || level == "WARNING") && !SUMMARIES.iter().any(|s| whole.starts_with(s));
                if open {
                    messages.push(Message { alert, text: without_place(whole).to_owned(), whole: whole.to_owned() });
                }
            } else if let (true, Some(message), Some(more)) = (open, messages.last_mut(), line.trim_start().strip_prefix('|')) {
                // Other lines show the text with a caret below it, as we do better.
                for text in [&mut message.text, &mut message.whole] {
                    text.push(' ');
                    text.push_str(more.trim());
                }
            }
        }
        Self { version, refused, gave_up, messages }
    }

    /// Names a file otherwise than HAProxy was given it.
    pub fn rename(&mut self, given: &str, name: &str) {
        for message in &mut self.messages {
            message.text = message.text.replace(given, name);
            message.whole = message.whole.replace(given, name);
        }
    }

    /// What a message of this level means for the configuration.
    fn verdict(&self, message: &Message) -> Verdict {
        match (message.alert, self.refused) {
            (true, true) => Verdict::Reject,
            (true, false) => Verdict::Alert,
            (false, _) => Verdict::Warning,
        }
    }
}

/// The level of a line that begins a message, and what it says: `[ALERT] 327/101112 (7) : …` up to 2.4,
/// `[ALERT]    (7) : config : …` since.
fn begins(line: &str) -> Option<(&str, &str)> {
    let (level, rest) = line.strip_prefix('[')?.split_once(']')?;
    if !["ALERT", "WARNING", "NOTICE", "DIAG"].contains(&level.split('/').next()?) {
        return None;
    }
    let (_, text) = rest.split_once('(')?.1.split_once(") : ")?;
    let text = text.trim();
    Some((level, text.strip_prefix("config : ").unwrap_or(text)))
}

/// The message behind `parsing [file:line] :`, which may stand there twice.
fn without_place(whole: &str) -> &str {
    let mut text = whole;
    loop {
        let rest = text.strip_prefix("parsing ").unwrap_or(text);
        let behind = rest.strip_prefix('[').and_then(|rest| rest.split_once("]"));
        let Some((place, behind)) = behind else { return text };
        let is_place = place.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
        let Some(behind) = behind.trim_start().strip_prefix(':').filter(|_| is_place) else { return text };
        text = behind.trim_start();
    }
}

/// The first place that the message names: a file of `sources` and a line in it, from 0.
fn place(whole: &str, sources: &Sources) -> Option<(FileId, usize)> {
    let mut first: Option<(usize, (FileId, usize))> = None;
    for (index, file) in sources.files().iter().enumerate() {
        for (at, name) in whole.match_indices(file.name()) {
            let begins = whole[..at].chars().next_back().is_none_or(|c| "[( '".contains(c));
            let Some(behind) = whole[at + name.len()..].strip_prefix(':').filter(|_| begins) else { continue };
            let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Some(line) = behind[..digits].parse::<usize>().ok().and_then(|line| line.checked_sub(1)) else { continue };
            if first.is_none_or(|(known, _)| at < known) {
                first = Some((at, (FileId(index as u32), line)));
            }
            break;
        }
    }
    first.map(|(_, place)| place).filter(|(file, line)| *line < sources.file(*file).line_starts().len())
}

/// The names in quotes, whole and their last words: `'server b/s'` names `b/s` as well.
fn names(text: &str) -> Vec<&str> {
    quoted(text)
        .into_iter()
        .map(|(_, name)| name)
        .flat_map(|name| [Some(name), name.split_whitespace().next_back().filter(|last| *last != name)])
        .flatten()
        .collect()
}

/// How many of the names a finding speaks of.
fn shared(names: &[&str], finding: &Finding) -> usize {
    let text = [finding.message.as_str(), finding.help.as_deref().unwrap_or(""), &finding.label];
    names
        .iter()
        .filter(|name| text.iter().any(|t| t.split('`').skip(1).step_by(2).any(|said| said == **name || said.contains(*name))))
        .count()
}

/// The names in quotes but those of the proxy that the message is about.
fn particular(text: &str) -> Vec<&str> {
    let particular = quoted(text).into_iter().filter(|(before, _)| {
        let kind = before.split_whitespace().next_back().unwrap_or("");
        kind != "Proxy" && section_kind(&kind.to_ascii_lowercase()).is_none()
    });
    particular.map(|(_, name)| name).collect()
}

/// What stands in quotes or angle brackets, each with the text before it. The apostrophe of a word is no quote.
fn quoted(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find(['\'', '<']).map(|at| from + at) {
        let close = if text[open..].starts_with('<') { '>' } else { '\'' };
        let in_word = close == '\'' && text[..open].ends_with(char::is_alphanumeric);
        from = open + 1;
        if let Some(length) = text[from..].find(close).filter(|_| !in_word) {
            if length > 0 {
                found.push((&text[..open], &text[from..from + length]));
            }
            from += length + 1;
        }
    }
    found
}

/// The beginnings of the words that say what a sentence is about.
fn stems(text: &str) -> Vec<String> {
    let words = text.split('\'').step_by(2).flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()));
    let telling = words.filter(|word| word.len() > 4 && section_kind(word).is_none() && !COMMON.contains(word));
    telling.map(|word| word[..5].to_ascii_lowercase()).collect()
}

/// Words that say nothing of what a sentence is about.
const COMMON: [&str; 4] = ["while", "which", "there", "section"];

/// Findings by their lines, and which of them HAProxy has confirmed.
struct Match<'f> {
    findings: &'f mut [Finding],
    lines: Vec<Option<(FileId, usize)>>,
    confirmed: Vec<bool>,
}

/// Marks the findings that `heard` speaks of too, and those that it should and does not; gives what it alone says.
pub(crate) fn merge(heard: &Heard, sources: &Sources, trees: &[Tree], findings: &mut [Finding]) -> Vec<(&'static Rule, Draft)> {
    let words = |(file, line)| Location { file, span: words_of(sources, file, line) };
    let line = |l: Location| (l.file, sources.file(l.file).line_of(l.span.start));
    let lines = findings.iter().map(|f| f.location.map(line)).collect();
    let confirmed = vec![false; findings.len()];
    let mut all = Match { findings, lines, confirmed };
    let mut drafts = Vec::new();
    let sections = LazyCell::new(|| sections(sources, trees));
    for message in &heard.messages {
        let at = place(&message.whole, sources);
        match all.find(message, at) {
            Some(found) => all.confirm(found, heard, message),
            None if all.is_told(message, at) => {}
            None => drafts.push((&says::RULE, alone(heard, message, at.map(words).or_else(|| section(&sections, &message.text)), sources))),
        }
    }
    if heard.refused && heard.messages.is_empty() {
        let message = format!("HAProxy {} refuses the configuration and does not say why", heard.version);
        drafts.push((&says::RULE, Draft::nowhere(message).rejected_by(VersionSet::ALL)));
    }
    for (finding, confirmed) in all.findings.iter_mut().zip(all.confirmed) {
        if finding.haproxy.is_some() && !confirmed && finding.versions.contains(heard.version) {
            finding.haproxy = None;
            let why = if heard.gave_up { "gave up before it came to this" } else { "did not say so when it was asked" };
            finding.notes.push(format!("HAProxy {} {why}", heard.version));
        }
    }
    drafts
}

impl Match<'_> {
    /// The finding that the message is about: the one on its line, or the one that says the same of the same names.
    fn find(&self, message: &Message, at: Option<(FileId, usize)>) -> Option<usize> {
        let names = names(&message.text);
        let same_level = |f: &Finding| f.haproxy.is_some_and(|verdict| (verdict != Verdict::Warning) == message.alert);
        let open = || (0..self.findings.len()).filter(|i| !self.confirmed[*i]);
        let best = |found: &mut dyn Iterator<Item = usize>| {
            // The first of several that are as good.
            found.min_by_key(|i| std::cmp::Reverse((same_level(&self.findings[*i]), shared(&names, &self.findings[*i]))))
        };
        let here = || open().filter(|i| at.is_some() && self.lines[*i] == at);
        let claimed = best(&mut here().filter(|i| self.findings[*i].haproxy.is_some()));
        let unclaimed = || best(&mut here().filter(|i| shared(&names, &self.findings[*i]) > 0));
        // Without a line in common it takes more: a name in it that is not only the section's, or what the sentence is about.
        let words = stems(&message.text);
        let particular = particular(&message.text);
        let says_it = |f: &Finding| {
            let about = || stems(&f.message).iter().any(|stem| words.contains(stem));
            same_level(f) && (shared(&particular, f) > 0 || shared(&names, f) > 0 && about())
        };
        let elsewhere = || best(&mut open().filter(|i| says_it(&self.findings[*i])).filter(|_| at.is_none() || names.len() > 1));
        claimed.or_else(unclaimed).or_else(elsewhere)
    }

    fn confirm(&mut self, index: usize, heard: &Heard, message: &Message) {
        let finding = &mut self.findings[index];
        self.confirmed[index] = true;
        finding.haproxy = Some(heard.verdict(message));
        finding.severity = finding.severity.max(if message.alert { Severity::Error } else { Severity::Warning });
        finding.notes.push(format!("HAProxy {} says so too: {}", heard.version, message.text));
    }

    /// Whether it only says more of what is confirmed on its line.
    fn is_told(&self, message: &Message, at: Option<(FileId, usize)>) -> bool {
        let names = names(&message.text);
        let here = (0..self.findings.len()).filter(|i| at.is_some() && self.confirmed[*i] && self.lines[*i] == at);
        here.into_iter().any(|i| shared(&names, &self.findings[i]) > 0)
    }
}

/// The finding for what HAProxy alone says.
fn alone(heard: &Heard, message: &Message, location: Option<Location>, sources: &Sources) -> Draft {
    let told = format!("HAProxy {} says: {}", heard.version, message.text);
    let mut draft = location.map_or_else(|| Draft::nowhere(&told), |l| Draft::at(l, &told));
    if location.is_some_and(|l| sources.file(l.file).slice(l.span).contains(&b'$')) {
        draft = draft.help("it was asked without the variables that are not named: say them with `--env` or in the settings");
    }
    let version = VersionSet::ALL;
    match heard.verdict(message) {
        Verdict::Reject => draft.rejected_by(version),
        Verdict::Alert => draft.alerted_by(version),
        Verdict::Warning => draft.warned_by(version),
    }
}

/// A line without the blanks around it.
fn words_of(sources: &Sources, file: FileId, line: usize) -> Span {
    let file = sources.file(file);
    let span = file.line_span(line);
    let bytes = file.slice(span);
    let Range { start, end } = (bytes.len() - bytes.trim_ascii_start().len())..bytes.trim_ascii_end().len();
    if start < end { Span::new(span.start + start as u32, span.start + end as u32) } else { span }
}

/// Where each section with a name begins.
type Sections<'s> = FxHashMap<(&'static str, &'s str), Location>;

fn sections<'s>(sources: &'s Sources, trees: &[Tree]) -> Sections<'s> {
    let mut sections = Sections::default();
    for (index, tree) in trees.iter().enumerate() {
        let file = FileId(index as u32);
        for line in 0..tree.lines().len() {
            let [first, name, ..] = tree.words(line) else { continue };
            let (Some(kind), Some(name)) =
                (sources.file(file).str(first.span()).and_then(section_kind), sources.file(file).str(name.span()))
            else {
                continue;
            };
            let location = Location { file, span: words_of(sources, file, line) };
            sections.entry((kind.kind.keyword(), name)).or_insert(location);
        }
    }
    sections
}

/// The section that a message without a line speaks of: `frontend 'f'`, `Proxy 'f'`, `section 'peers p'`.
fn section(sections: &Sections<'_>, text: &str) -> Option<Location> {
    const PROXIES: [&str; 3] = ["listen", "frontend", "backend"];
    for (before, name) in quoted(text) {
        let before = before.split_whitespace().next_back().unwrap_or("");
        let (kind, name) = name.split_once(' ').unwrap_or((before, name));
        let find = |kind: &'static str| sections.get(&(kind, name)).copied();
        let found = match kind {
            // A `listen` goes by both of its halves.
            "frontend" => find("frontend").or_else(|| find("listen")),
            "backend" => find("backend").or_else(|| find("listen")),
            "Proxy" | "proxy" => PROXIES.into_iter().find_map(find),
            other => section_kind(other).and_then(|kind| find(kind.kind.keyword())),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        check::{Options, check},
        report::{Checked, Format, Style, render},
    };

    use super::*;

    fn shown(text: &str, stderr: &str, refused: bool) -> String {
        let sources = Sources::single("a b,c.cfg", text);
        let version: Version = "2.8.25".parse().unwrap();
        let heard = Arc::new(Heard::parse(stderr, refused, version));
        let mut options = Options { target: Some(version), heard: Some(heard), ..Options::default() };
        options.selection.ignore("reliability").unwrap();
        let report = check(&sources, &options);
        let mut out = Vec::new();
        render(Format::Short, &[Checked { sources: &sources, report: &report, target: None }], Style { width: 80, color: false }, &mut out)
            .unwrap();
        let notes: Vec<String> = report.findings.iter().flat_map(|f| f.notes.clone()).collect();
        String::from_utf8(out).unwrap() + &notes.join("\n")
    }

    const TEXT: &str = "frontend f\n    bind :80\n    foo\n    default_backend nope\n    use_backend ${X} if TRUE\n";

    #[test]
    fn what_both_say_is_marked_and_what_one_alone_says_is_told() {
        let alert = "[ALERT]    (7) : config : parsing [a b,c.cfg:3] : unknown keyword 'foo' in 'frontend' section\n";
        let both = shown(
            TEXT,
            &format!("[NOTICE]   (7) : haproxy version is 2.8.25\n{alert}[ALERT]    (7) : config : Fatal errors found in configuration.\n"),
            true,
        );
        assert!(both.contains("HAProxy 2.8.25 says so too: unknown keyword 'foo'") && !both.contains("haproxy/says"), "{both}");
        let alone = shown(TEXT, "[ALERT] 327/101112 (7) : parsing [a b,c.cfg:5]: odd thing\n  here\n  ^\n", true);
        assert!(alone.contains("a b,c.cfg:5:5: error[haproxy/says]: HAProxy 2.8.25 says: odd thing"), "{alone}");
        assert!(alone.contains("HAProxy 2.8.25 did not say so"), "{alone}");
        assert!(!alone.contains("  ^"), "{alone}");
    }

    #[test]
    fn a_message_without_a_line_finds_its_section_or_what_says_the_same() {
        let text = TEXT.replace("    foo\n", "");
        let heard = shown(&text, "[ALERT]    (7) : config : Proxy 'f': unable to find required default_backend: 'nope'.\n", true);
        assert!(heard.contains("says so too: Proxy 'f': unable") && !heard.contains("haproxy/says"), "{heard}");
        let heard = shown("frontend f\n", "[WARNING]  (7) : config : frontend 'f' is odd.\n   | Very odd.\n", false);
        assert!(heard.contains("a b,c.cfg:1:1: warning[haproxy/says]: HAProxy 2.8.25 says: frontend 'f' is odd. Very odd."), "{heard}");
        let heard = shown("frontend f\n", "[WARNING]  (7) : something else\n", false);
        assert!(heard.contains("says: something else"), "{heard}");
    }

    #[test]
    fn what_is_ignored_is_not_told_in_haproxys_words() {
        let heard = shown("frontend f\n    bind :80\n", "[WARNING]  (7) : config : missing timeouts for frontend 'f'.\n", false);
        assert!(!heard.contains("timeouts"), "{heard}");
    }
}
