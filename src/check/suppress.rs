//! Comments that silence rules: `# haproxy-lint: ignore[rule] reason`.
//!
//! Behind a statement it is about that line, on a line of its own about the next statement. `ignore-section[…]` is about
//! the section it stands in, `ignore-file[…]` about the file. A rule or a group may be named, several between commas.

use std::{cell::LazyCell, collections::BTreeMap, ops::Range};

use rustc_hash::FxHashMap;

use crate::{
    cut::Cut,
    finding::{Draft, Finding, RuleInfo},
    rules::{
        Rule, project,
        style::{invalid_ignore, unused_ignore},
    },
    source::{FileId, Location, SourceFile, Sources, Span, template},
    syntax::{Tail, Tree, section_kind},
};

use super::{Options, Selection, runs, selection::wider};

/// What a comment begins with to be one of these.
const MARK: &str = "haproxy-lint:";

/// What a comment silences.
#[derive(Debug)]
struct Ignore {
    /// The name in the comment.
    name: &'static str,
    /// Where it stands.
    location: Location,
    /// The lines it is about, from 0; none: the whole file, and findings without a place in it.
    lines: Option<Range<usize>>,
}

/// Drops the findings that comments silence; gives them, and what is to be said of the comments themselves.
pub(crate) fn apply(
    sources: &Sources,
    trees: &[Tree],
    options: &Options,
    findings: &mut Vec<Finding>,
) -> (Vec<Finding>, Vec<(&'static Rule, Draft)>) {
    let mut drafts = Vec::new();
    let mut comments = Comments::read(sources, trees, &options.selection, &mut drafts);
    let mut silenced = Vec::new();
    if !comments.is_empty() {
        let all = std::mem::take(findings);
        for finding in all {
            let is_silenced = comments.silence(sources, &finding);
            if is_silenced { silenced.push(finding) } else { findings.push(finding) }
        }
    }
    for ignore in comments.files.iter().flat_map(Ignores::unused) {
        // A rule that did not run may well be silenced for the runs in which it does.
        let ran = options.selection.rules().filter(|r| names(r).any(|name| name == ignore.name)).all(|r| runs(r, options));
        if ran {
            let message = format!("nothing is found here for `{}` to ignore", ignore.name);
            drafts.push((&unused_ignore::RULE, Draft::at(ignore.location, message).help("delete it from the comment")));
        }
    }
    (silenced, drafts)
}

/// The comments of all files of a configuration.
pub(super) struct Comments {
    files: Vec<Ignores>,
}

impl Comments {
    /// Reads them. `drafts` gets what is wrong with some.
    pub(super) fn read(sources: &Sources, trees: &[Tree], selection: &Selection, drafts: &mut Vec<(&'static Rule, Draft)>) -> Self {
        let of_file = |(index, tree): (usize, &Tree)| {
            let id = FileId(index as u32);
            Ignores::new(collect(sources.file(id), id, tree, selection, drafts))
        };
        Self { files: trees.iter().enumerate().map(of_file).collect() }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.files.iter().all(|of_file| of_file.all.is_empty())
    }

    /// Whether one of them silences a finding; who does is no longer unused.
    pub(super) fn silence(&mut self, sources: &Sources, finding: &Finding) -> bool {
        // People are shown what findings have in common at the place of their cause.
        let places = [finding.location, finding.cause.as_ref().map(|cause| cause.location)];
        self.silence_at(sources, finding.rule, places.into_iter().flatten())
    }

    /// Whether one of them silences what a rule says at some places.
    pub(super) fn silence_at(&mut self, sources: &Sources, rule: &RuleInfo, places: impl Iterator<Item = Location>) -> bool {
        // All places count, so that no comment is said to be for nothing.
        places.filter(|place| is_ignored(sources, &mut self.files, rule, *place)).count() > 0
    }

    /// Whether the name in a comment that begins at this place silenced something.
    pub(super) fn is_used(&self, at: Location) -> bool {
        let Some(of_file) = self.files.get(at.file.0 as usize) else { return false };
        let is_there = |ignore: &Ignore| ignore.location.span.start == at.span.start;
        of_file.all.iter().any(is_there) && !of_file.unused().any(is_there)
    }
}

/// The comments of a file, found by their name and the lines that they are about: comments that say the same are used together.
#[derive(Default)]
struct Ignores {
    all: Vec<Ignore>,
    by_name: FxHashMap<&'static str, Scopes>,
}

/// Where a name is ignored, and whether something was found there.
#[derive(Default)]
struct Scopes {
    file: bool,
    file_used: bool,
    lines: FxHashMap<usize, bool>,
    /// By the line they begin with; sections do not overlap.
    sections: BTreeMap<usize, (usize, bool)>,
}

impl Ignores {
    fn new(all: Vec<Ignore>) -> Self {
        let mut by_name: FxHashMap<&'static str, Scopes> = FxHashMap::default();
        for ignore in &all {
            let scopes = by_name.entry(ignore.name).or_default();
            match &ignore.lines {
                None => scopes.file = true,
                Some(lines) if lines.len() == 1 => _ = scopes.lines.insert(lines.start, false),
                Some(lines) => _ = scopes.sections.insert(lines.start, (lines.end, false)),
            }
        }
        Self { all, by_name }
    }

    fn unused(&self) -> impl Iterator<Item = &Ignore> {
        self.all.iter().filter(|ignore| {
            let scopes = &self.by_name[ignore.name];
            !match &ignore.lines {
                None => scopes.file_used,
                Some(lines) if lines.len() == 1 => scopes.lines[&lines.start],
                Some(lines) => scopes.sections[&lines.start].1,
            }
        })
    }
}

impl Scopes {
    /// Whether this name is ignored on a line.
    fn takes(&mut self, line: usize) -> bool {
        let mut taken = self.file;
        self.file_used |= self.file;
        if let Some(used) = self.lines.get_mut(&line) {
            (*used, taken) = (true, true);
        }
        if let Some((_, (end, used))) = self.sections.range_mut(..=line).next_back()
            && line < *end
        {
            (*used, taken) = (true, true);
        }
        taken
    }
}

/// All names that a rule is ignored by.
fn names(rule: &RuleInfo) -> impl Iterator<Item = &'static str> {
    std::iter::once(rule.name).chain(wider(rule))
}

fn is_ignored(sources: &Sources, ignores: &mut [Ignores], rule: &RuleInfo, location: Location) -> bool {
    let of_file = &mut ignores[location.file.0 as usize];
    if of_file.all.is_empty() {
        return false;
    }
    let line = sources.file(location.file).line_of(location.span.start);
    // Both count, so that neither is said to be for nothing.
    let mut is_taken = false;
    for name in names(rule) {
        is_taken |= of_file.by_name.get_mut(name).is_some_and(|scopes| scopes.takes(line));
    }
    is_taken
}

/// The comments of a file.
fn collect(file: &SourceFile, id: FileId, tree: &Tree, selection: &Selection, drafts: &mut Vec<(&'static Rule, Draft)>) -> Vec<Ignore> {
    let mut ignores = Vec::new();
    if !file.holds(MARK) {
        return ignores;
    }
    let layout = LazyCell::new(|| Layout::new(file, tree));
    for (number, line) in tree.ending_in(Tail::Comment) {
        let comment = Span::new(line.tail_start, line.span.end);
        let text = file.text(comment);
        let Some(rest) = text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
        // Columns in the text are those in the file: comments that are not UTF-8 only lose the exact place.
        let start = comment.start + (text.len() - rest.len()) as u32;
        match parse(rest, selection) {
            Ok((scope, names)) => {
                let lines = layout.lines(scope, number);
                for (name, at) in names {
                    let span = Span::new(start + at as u32, start + (at + name.len()) as u32);
                    ignores.push(Ignore { name, location: Location { file: id, span }, lines: lines.clone() });
                }
            }
            Err((message, help)) => {
                let draft = Draft::at(Location { file: id, span: comment }, message).help(help);
                drafts.push((&invalid_ignore::RULE, draft));
            }
        }
    }
    ignores
}

/// How far a comment reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The next line with words.
    Line,
    /// The section that it stands in.
    Section,
    /// All of the file.
    File,
}

impl Scope {
    /// The word in the comment.
    fn word(self) -> &'static str {
        match self {
            Self::Line => "ignore",
            Self::Section => "ignore-section",
            Self::File => "ignore-file",
        }
    }
}

/// Rule names, and where in the text each stands.
type Names = Vec<(&'static str, usize)>;

/// Reads what follows the mark: `ignore[a, b] reason`.
fn parse(text: &str, selection: &Selection) -> Result<(Scope, Names), (String, String)> {
    let form = || "write `# haproxy-lint: ignore[group/rule] reason`, or `ignore-section[…]`, or `ignore-file[…]`".to_owned();
    let trimmed = text.trim_start();
    let Some(open) = trimmed.find('[') else { return Err(("this comment names no rule".to_owned(), form())) };
    let word = trimmed.cut(..open).trim_end();
    let Some(scope) = [Scope::Line, Scope::Section, Scope::File].into_iter().find(|scope| scope.word() == word) else {
        return Err((format!("`{word}` is no instruction"), form()));
    };
    let Some(close) = trimmed.find(']') else { return Err(("`]` is missing behind the rules".to_owned(), form())) };
    let mut names = Vec::new();
    let mut at = text.len() - trimmed.len() + open + 1;
    for part in trimmed.cut(open + 1..close).split(',') {
        let name = part.trim();
        let offset = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        match selection.resolve(name) {
            Ok(name) => names.push((name, offset)),
            // Without its settings the rules of a project are not known.
            Err(_) if name.starts_with(project::GROUP) && name.cut(project::GROUP.len()..).starts_with('/') => {}
            Err(unknown) => return Err((unknown.to_string(), unknown.nearest.map_or_else(form, |_| unknown.help()))),
        }
    }
    Ok((scope, names))
}

/// Which lines hold something, and which open a section.
struct Layout {
    statements: Vec<usize>,
    sections: Vec<usize>,
    count: usize,
}

impl Layout {
    fn new(file: &SourceFile, tree: &Tree) -> Self {
        let count = tree.lines().len();
        let opens_section = |line: &usize| {
            let first = tree.words(*line).first();
            first.and_then(|w| file.str(w.span())).and_then(section_kind).is_some()
        };
        let statements: Vec<usize> = (0..count).filter(|line| !tree.words(*line).is_empty()).collect();
        let sections = statements.iter().copied().filter(opens_section).collect();
        Self { statements, sections, count }
    }

    /// The lines that a comment on line `number` is about.
    fn lines(&self, scope: Scope, number: usize) -> Option<Range<usize>> {
        match scope {
            Scope::File => None,
            Scope::Line => {
                let next = self.statements.get(self.statements.partition_point(|line| *line < number)).copied().unwrap_or(number);
                Some(next..next + 1)
            }
            Scope::Section => {
                let behind = self.sections.partition_point(|line| *line <= number);
                let start = behind.checked_sub(1).map_or(0, |at| self.sections[at]);
                Some(start..self.sections.get(behind).copied().unwrap_or(self.count))
            }
        }
    }
}

/// A comment to be written so that a finding is silenced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The file.
    pub file: FileId,
    /// Where the line begins that it is to stand before.
    pub at: u32,
    /// What stands before the comment.
    indent: String,
    /// How far it reaches.
    scope: Scope,
    /// The rules that it silences, sorted.
    pub rules: Vec<&'static str>,
    /// How lines of the file end.
    line_end: &'static str,
}

impl Comment {
    /// The line, with its end.
    pub fn text(&self, reason: &str) -> String {
        let line = format!("{}# {MARK} {}[{}] {reason}", self.indent, self.scope.word(), self.rules.join(", "));
        line.trim_end().to_owned() + self.line_end
    }
}

/// Whether the finding is that a comment silences nothing.
pub fn says_unused(finding: &Finding) -> bool {
    finding.rule.name == unused_ignore::RULE.name
}

/// The comments that would silence the findings of a report, in the order of their places: one before each line that has some.
/// What stands in no line, or in a comment, cannot be silenced.
pub fn comments(sources: &Sources, findings: &[Finding]) -> Vec<Comment> {
    let mut trees: FxHashMap<FileId, Tree> = FxHashMap::default();
    let mut templates: FxHashMap<FileId, bool> = FxHashMap::default();
    let mut lines: BTreeMap<(u32, usize), Comment> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !says_unused(f) && f.rule.name != invalid_ignore::RULE.name) {
        // Nothing is written into a Secret.
        let Some(location) = finding.location.filter(|_| finding.embedded.as_ref().is_none_or(|e| e.kind != "Secret")) else { continue };
        let file = sources.file(location.file);
        let line = file.line_of(location.span.start);
        // In a manifest the line is text of the configuration with the indentation of the YAML around it.
        let has_words = finding.embedded.is_some() || {
            let tree = trees.entry(location.file).or_insert_with(|| Tree::new(file));
            line < tree.lines().len() && !tree.words(line).is_empty()
        };
        let span = file.line_span(line);
        let bytes = file.slice(span);
        // Before a byte order mark there is no line.
        if bytes.starts_with(b"\xef\xbb\xbf") || *templates.entry(location.file).or_insert_with(|| template(file).is_some()) {
            continue;
        }
        let blanks = bytes.len() - bytes.trim_ascii_start().len();
        let comment = lines.entry((location.file.0, line)).or_insert_with(|| Comment {
            file: location.file,
            at: span.start,
            indent: if bytes.len() > blanks { String::from_utf8_lossy(&bytes[..blanks]).into_owned() } else { String::new() },
            scope: if has_words { Scope::Line } else { Scope::File },
            rules: Vec::new(),
            line_end: file.line_end(),
        });
        if let Err(at) = comment.rules.binary_search(&finding.rule.name) {
            comment.rules.insert(at, finding.rule.name);
        }
    }
    lines.into_values().collect()
}

/// The comment that would silence one finding in as much of a file as is wanted; `None` where no comment can.
pub fn comment(sources: &Sources, finding: &Finding, scope: Scope) -> Option<Comment> {
    let mut comment = comments(sources, std::slice::from_ref(finding)).pop()?;
    let file = sources.file(comment.file);
    if scope == Scope::Line || finding.embedded.is_some() {
        return (scope == comment.scope).then_some(comment);
    }
    let line = file.line_of(comment.at);
    let tree = Tree::new(file);
    let at = match scope {
        Scope::Section => {
            let header = Layout::new(file, &tree).sections.into_iter().rfind(|header| *header <= line)?;
            let inner = (header + 1..tree.lines().len()).find(|line| !tree.words(*line).is_empty());
            let span = file.line_span(inner.unwrap_or(header));
            let bytes = file.slice(span);
            let blanks = bytes.len() - bytes.trim_ascii_start().len();
            comment.indent = inner.map_or_else(String::new, |_| String::from_utf8_lossy(&bytes[..blanks]).into_owned());
            file.line_starts().get(header + 1).copied()?
        }
        _ => {
            // What programs write into the first line is the first line for good.
            comment.indent.clear();
            let first = if file.bytes().starts_with(b"# _") { file.line_starts().get(1).copied()? } else { 0 };
            if file.bytes().starts_with(b"\xef\xbb\xbf") {
                return None;
            }
            first
        }
    };
    Some(Comment { at, scope, ..comment })
}

#[cfg(test)]
mod tests {
    use super::{Scope, comment};
    use crate::{
        check::{Options, check},
        finding::Edit,
        fix::apply,
        source::{Location, Sources, Span},
    };

    fn rules(text: &str) -> Vec<String> {
        let sources = Sources::single("haproxy.cfg", text);
        let report = check(&sources, &Options::default());
        report
            .findings
            .iter()
            .map(|f| format!("{}@{}", f.rule.name, sources.file(f.location.unwrap().file).line_of(f.location.unwrap().span.start) + 1))
            .collect()
    }

    const FAULT: &str = "reference/unknown-resolvers";

    fn backend(before: &str, behind: &str) -> String {
        format!("backend b\n{before}  timeout connect 1s\n  timeout server 1s\n  server s s.example:80 resolvers r {behind}\n")
    }

    #[test]
    fn a_comment_silences_its_line_the_next_one_its_section_or_its_file() {
        assert!(rules(&backend("", "")).contains(&format!("{FAULT}@4")));
        let silent = [
            backend("", &format!("# haproxy-lint: ignore[{FAULT}] set later")),
            backend("", "# haproxy-lint: ignore[style, reference]").replace("style, ", ""),
            backend(&format!("# haproxy-lint: ignore-section[{FAULT}]\n"), ""),
            format!("# haproxy-lint: ignore-file[{FAULT}]\n{}", backend("", "")),
            backend("", "").replace("  server", &format!("  # haproxy-lint: ignore[{FAULT}]\n\n  server")),
        ];
        for text in silent {
            assert!(!rules(&text).iter().any(|r| r.starts_with(FAULT) || r.starts_with("style")), "{text}");
        }
    }

    #[test]
    fn a_comment_is_made_as_far_as_it_shall_reach() {
        let text = "# _md5hash=0\nbackend a\n  timeout connect 1s\n  timeout server 1s\n  server s s.example:80 resolvers r\n";
        let sources = Sources::single("haproxy.cfg", text);
        let report = check(&sources, &Options::default());
        let finding = report.findings.iter().find(|finding| finding.rule.name == FAULT).unwrap();
        for (scope, wanted) in [
            (Scope::Line, "1s\n  # haproxy-lint: ignore[reference/unknown-resolvers] why\n  server"),
            (Scope::Section, "backend a\n  # haproxy-lint: ignore-section[reference/unknown-resolvers] why\n  timeout"),
            (Scope::File, "hash=0\n# haproxy-lint: ignore-file[reference/unknown-resolvers] why\nbackend"),
        ] {
            let comment = comment(&sources, finding, scope).unwrap();
            let at = Location { file: comment.file, span: Span::new(comment.at, comment.at) };
            let silent = apply(&sources, &[&Edit::replace(at, comment.text("why"))]);
            let text = String::from_utf8_lossy(silent.files()[0].bytes()).into_owned();
            assert!(text.contains(wanted), "{text}");
            assert!(!rules(&text).iter().any(|rule| rule.starts_with(FAULT) || rule.starts_with("style")), "{text}");
        }
    }

    #[test]
    fn what_silences_nothing_or_names_nothing_is_told() {
        let unused = rules("# haproxy-lint: ignore-file[reference/unknown-resolvers]\nglobal\n");
        assert!(unused.contains(&"style/unused-ignore@1".to_owned()), "{unused:?}");
        for wrong in ["ignore", "ignore[nonsense]", "ignor[peers]", "ignore[peers"] {
            let found = rules(&format!("# haproxy-lint: {wrong}\nglobal\n"));
            assert!(found.contains(&"style/invalid-ignore@1".to_owned()), "{wrong}: {found:?}");
        }
    }
}
