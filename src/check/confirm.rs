//! What HAProxy said beside what was found: the same thing twice, or one of the two alone.

use std::{cell::LazyCell, cmp::Reverse, ops::Range};

use rustc_hash::FxHashMap;

use crate::{
    cut::Cut,
    finding::{Draft, Finding, Severity, SubjectKind, Verdict},
    heard::{Heard, Message},
    rules::{Rule, haproxy::says},
    source::{FileId, Location, Sources, Span},
    syntax::{Tree, section_kind},
    version::VersionSet,
};

/// The first place that the message names: a file of `sources` and a line in it, from 0.
fn place(whole: &str, sources: &Sources) -> Option<(FileId, usize)> {
    let mut first: Option<(usize, (FileId, usize))> = None;
    for (index, file) in sources.files().iter().enumerate() {
        for (at, name) in whole.match_indices(file.name()) {
            let begins = whole.cut(..at).chars().next_back().is_none_or(|c| "[( '".contains(c));
            let Some(behind) = whole.cut(at + name.len()..).strip_prefix(':').filter(|_| begins) else { continue };
            let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Some(line) = behind.cut(..digits).parse::<usize>().ok().and_then(|line| line.checked_sub(1)) else { continue };
            if first.is_none_or(|(known, _)| at < known) {
                first = Some((at, (FileId(index as u32), line)));
            }
            break;
        }
    }
    first.map(|(_, place)| place).filter(|(file, line)| *line < sources.file(*file).line_starts().len())
}

/// The names in a message: what stands in quotes, whole and its last word, since `'server b/s'` names `b/s` as well, and files.
fn names(text: &str) -> Vec<&str> {
    let quoted = quoted(text).into_iter().map(|(_, name)| name);
    let quoted = quoted.flat_map(|name| [Some(name), name.split_whitespace().next_back().filter(|last| *last != name)]).flatten();
    quoted.chain(files(text)).collect()
}

/// The words that look like a file or an address.
fn files(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !"/_".contains(c)));
    words.filter(|word| word.len() > 3 && word.contains(['/', '.']))
}

/// How many of the names a finding speaks of.
fn shared(names: &[&str], finding: &Finding) -> usize {
    names.iter().filter(|name| finding.speaks_of(name)).count()
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
    while let Some(open) = text.cut(from..).find(['\'', '<']).map(|at| from + at) {
        let close = if text.cut(open..).starts_with('<') { '>' } else { '\'' };
        let in_word = close == '\'' && text.cut(..open).ends_with(char::is_alphanumeric);
        from = open + 1;
        if let Some(length) = text.cut(from..).find(close).filter(|_| !in_word) {
            if length > 0 {
                found.push((text.cut(..open), text.cut(from..from + length)));
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
    telling.map(|word| word.cut(..5).to_ascii_lowercase()).collect()
}

/// Words that say nothing of what a sentence is about.
const COMMON: [&str; 4] = ["while", "which", "there", "section"];

/// Findings by their lines and by the names that they speak of, and which of them HAProxy has confirmed.
struct Match<'f> {
    findings: &'f mut [Finding],
    by_line: FxHashMap<(FileId, usize), Vec<usize>>,
    /// The lines of what findings are about, where these stand elsewhere.
    by_subject: FxHashMap<(FileId, usize), Vec<usize>>,
    by_name: FxHashMap<String, Vec<usize>>,
    confirmed: Vec<bool>,
}

/// Marks the findings that `heard` speaks of too, and those that it should and does not; gives what it alone says.
pub(crate) fn merge(heard: &Heard, sources: &Sources, trees: &[Tree], findings: &mut [Finding]) -> Vec<(&'static Rule, Draft)> {
    let words = |(file, line)| Location { file, span: words_of(sources, file, line) };
    let mut all = Match::new(findings, sources);
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

/// What a finding is about, and the words in it.
fn spoken(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.spoken().flat_map(|name| name.split_whitespace().chain(Some(name).filter(|name| name.contains(char::is_whitespace))))
}

impl<'f> Match<'f> {
    fn new(findings: &'f mut [Finding], sources: &Sources) -> Self {
        let (mut by_line, mut by_subject) = (FxHashMap::<_, Vec<usize>>::default(), FxHashMap::<_, Vec<usize>>::default());
        let mut by_name = FxHashMap::<String, Vec<usize>>::default();
        let line = |l: Location| (l.file, sources.file(l.file).line_of(l.span.start));
        for (index, finding) in findings.iter().enumerate() {
            if let Some(l) = finding.location {
                by_line.entry(line(l)).or_default().push(index);
            }
            for place in finding.said.iter().filter_map(|subject| subject.at) {
                by_subject.entry(line(place)).or_default().push(index);
            }
            for name in spoken(finding) {
                let with_name = by_name.entry(name.to_owned()).or_default();
                if with_name.last() != Some(&index) {
                    with_name.push(index);
                }
            }
        }
        let confirmed = vec![false; findings.len()];
        Self { findings, by_line, by_subject, by_name, confirmed }
    }

    /// The findings on a line.
    fn on(&self, at: Option<(FileId, usize)>) -> impl Iterator<Item = usize> + Clone + '_ {
        at.and_then(|at| self.by_line.get(&at)).into_iter().flatten().copied()
    }

    /// The findings that are about what stands on a line, and name what the message does.
    fn about<'a>(&'a self, at: Option<(FileId, usize)>, message: &'a Message, names: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        let found = at.and_then(|at| self.by_subject.get(&at)).into_iter().flatten().copied();
        // HAProxy calls servers with their backends.
        let bare = |name: &'a str| name.rsplit('/').next().unwrap_or(name);
        let speaks = move |i: usize| names.iter().any(|name| self.findings[i].speaks_of(name) || self.findings[i].speaks_of(bare(name)));
        found.filter(move |i| self.is_alike(*i, message) && speaks(*i))
    }

    /// The finding that the message is about: the one on its line, or the one that says the same of the same names.
    fn find(&self, message: &Message, at: Option<(FileId, usize)>) -> Option<usize> {
        let names = names(&message.text);
        let here = self.on(at).filter(|i| !self.confirmed[*i]);
        // What is an alert is not what was said to be a warning, even on one line.
        let claimed = self.best(here.clone().filter(|i| self.is_alike(*i, message)), message, &names);
        let silent = |i: &usize| self.findings[*i].haproxy.is_none() && shared(&names, &self.findings[*i]) > 0;
        let unclaimed = || self.best(here.filter(silent), message, &names);
        let about = || self.about(at, message, &names).find(|i| !self.confirmed[*i]);
        claimed.or_else(unclaimed).or_else(about).or_else(|| self.elsewhere(message, &names).filter(|_| at.is_none() || names.len() > 1))
    }

    /// The finding in which HAProxy is said to say such a thing, and that shares most names with what it says; the first of
    /// several that are as good.
    fn best(&self, found: impl Iterator<Item = usize>, message: &Message, names: &[&str]) -> Option<usize> {
        let is_server = |(before, _): &&(&str, &str)| before.trim_end().ends_with("server");
        let quoted = quoted(&message.text);
        let servers = |finding: &Finding| {
            let names = |name: &str| finding.said.iter().any(|s| s.kind == SubjectKind::Server && s.name == name);
            quoted.iter().filter(is_server).any(|(_, name)| names(name))
        };
        let score = |finding: &Finding| (shared(names, finding), servers(finding));
        found.min_by_key(|i| Reverse((self.is_alike(*i, message), score(&self.findings[*i]))))
    }

    fn is_alike(&self, index: usize, message: &Message) -> bool {
        self.findings[index].haproxy.is_some_and(|verdict| (verdict != Verdict::Warning) == message.alert)
    }

    /// Without a line in common it takes more: a name that is not only the section's, or what the sentence is about.
    fn elsewhere(&self, message: &Message, names: &[&str]) -> Option<usize> {
        let with = |names: &[&str]| -> Vec<usize> {
            let found = names.iter().filter_map(|name| self.by_name.get(*name)).flatten().copied();
            found.filter(|i| !self.confirmed[*i] && self.is_alike(*i, message)).collect()
        };
        let words = stems(&message.text);
        // Rules are named after what is wrong.
        let about = |i: &usize| stems(self.findings[*i].rule.name).iter().any(|stem| words.contains(stem));
        let by_particular = self.best(with(&particular(&message.text)).into_iter(), message, names);
        by_particular.or_else(|| self.best(with(names).into_iter().filter(about), message, names))
    }

    fn confirm(&mut self, index: usize, heard: &Heard, message: &Message) {
        let finding = &mut self.findings[index];
        self.confirmed[index] = true;
        finding.haproxy = Some(heard.verdict(message));
        finding.severity = finding.severity.max(if message.alert { Severity::Error } else { Severity::Warning });
        finding.notes.push(format!("HAProxy {} says so too: {}", heard.version, message.text));
    }

    /// Whether it only says more of what is confirmed on its line, or of the same file.
    fn is_told(&self, message: &Message, at: Option<(FileId, usize)>) -> bool {
        let names = names(&message.text);
        let of_file = || files(&message.text).filter_map(|name| self.by_name.get(name)).flatten();
        self.on(at).any(|i| self.confirmed[i] && shared(&names, &self.findings[i]) > 0)
            || self.about(at, message, &names).any(|i| self.confirmed[i])
            || at.is_none() && of_file().any(|i| self.confirmed[*i])
    }
}

/// What can be done where it is the machine that something is missing on, by words of the message.
const HELP: [(&str, &str); 3] = [
    (
        "could not resolve address",
        "names are resolved as HAProxy starts: ask it where they exist, or let the server start without with `init-addr none`",
    ),
    ("No such file or directory", "ask it on the machine that has the file; `--env-checks` finds all that are missing"),
    ("error opening file", "ask it on the machine that has the file; `--env-checks` finds all that are missing"),
];

/// The finding for what HAProxy alone says.
fn alone(heard: &Heard, message: &Message, location: Option<Location>, sources: &Sources) -> Draft {
    let told = format!("HAProxy {} says: {}", heard.version, message.text);
    let mut draft = location.map_or_else(|| Draft::nowhere(&told), |l| Draft::at(l, &told));
    let symbolic = location.is_some_and(|l| sources.file(l.file).slice(l.span).contains(&b'$'));
    if symbolic {
        draft = draft.help("it was asked without the variables that are not named: say them with `--env` or in the settings");
    } else if let Some((_, help)) = HELP.iter().find(|(words, _)| message.text.contains(words)) {
        draft = draft.help(*help);
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
            let words = tree.words(line);
            let (Some(first), Some(name)) = (words.get(0), words.get(1)) else { continue };
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
    use crate::source::SourceFile;

    use super::*;

    #[test]
    fn the_file_that_is_named_is_found_whatever_stands_around_it() {
        let text = "a\nb\nc\n".as_bytes();
        let sources = Sources::new(["a.cfg", "lb/a.cfg", "x y,[1].cfg"].map(|name| SourceFile::new(name, text.to_vec())).into());
        let line = |message: &str| place(message, &sources).map(|(file, line)| (file.0, line + 1));
        for (message, expected) in [
            ("parsing [a.cfg:3] : x", Some((0, 3))),
            ("parsing [lb/a.cfg:2]: x", Some((1, 2))),
            ("[x y,[1].cfg:1] : 'server s' : x", Some((2, 1))),
            ("Proxy 'p': no certificate for bind ':1' at [lb/a.cfg:3] (use 'crt').", Some((1, 3))),
            ("parsing [a.cfg:3] : conflicts with lb/a.cfg:1", Some((0, 3))),
            ("x (declared at a.cfg:1)", Some((0, 1))),
            ("parsing [a.cfg:99] : x", None),
            ("missing timeouts for frontend 'f'.", None),
        ] {
            assert_eq!(line(message), expected, "{message}");
        }
    }

    #[test]
    fn names_are_what_is_quoted_and_what_looks_like_a_file() {
        assert_eq!(names("'server b/s' : Couldn't open <x y> in /etc/a.pem."), ["server b/s", "b/s", "x y", "y", "/etc/a.pem"]);
        assert!(names("don't").is_empty() && names("'").is_empty());
    }
}
