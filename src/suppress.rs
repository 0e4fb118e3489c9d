//! Comments that silence rules: `# haproxy-lint: ignore[rule] reason`.
//!
//! Behind a statement it is about that line, on a line of its own about the next statement. `ignore-section[…]` is about
//! the section it stands in, `ignore-file[…]` about the file. A rule or a group may be named, several between commas.

use crate::{
    check::{Options, runs},
    finding::Finding,
    nearest::nearest,
    rules::{Draft, RULES, Rule},
    source::{FileId, Location, SourceFile, Sources, Span},
    syntax::{Tail, Tree, section_kind},
};

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
    lines: Option<std::ops::Range<usize>>,
    used: bool,
}

/// Drops the findings that comments silence; gives them, and what is to be said of the comments themselves.
pub(crate) fn apply(
    sources: &Sources,
    trees: &[Tree],
    options: &Options,
    findings: &mut Vec<Finding>,
) -> (Vec<Finding>, Vec<(&'static Rule, Draft)>) {
    let mut drafts = Vec::new();
    let mut ignores: Vec<Vec<Ignore>> = Vec::new();
    for (index, tree) in trees.iter().enumerate() {
        let id = FileId(index as u32);
        ignores.push(collect(sources.file(id), id, tree, &mut drafts));
    }
    let mut silenced = Vec::new();
    if ignores.iter().any(|of_file| !of_file.is_empty()) {
        let all = std::mem::take(findings);
        for finding in all {
            let is_silenced = silence(sources, &mut ignores, &finding);
            if is_silenced { silenced.push(finding) } else { findings.push(finding) }
        }
    }
    for ignore in ignores.into_iter().flatten().filter(|i| !i.used) {
        // A rule that did not run may well be silenced for the runs in which it does.
        let ran = RULES.iter().filter(|r| r.name == ignore.name || r.group() == ignore.name).all(|r| runs(r, options));
        if ran {
            let message = format!("nothing is found here for `{}` to ignore", ignore.name);
            drafts
                .push((&crate::rules::style::unused_ignore::RULE, Draft::at(ignore.location, message).help("delete it from the comment")));
        }
    }
    (silenced, drafts)
}

fn silence(sources: &Sources, ignores: &mut [Vec<Ignore>], finding: &Finding) -> bool {
    let Some(location) = finding.location else { return false };
    let line = sources.file(location.file).line_of(location.span.start);
    let mut silenced = false;
    for ignore in &mut ignores[location.file.0 as usize] {
        let named = ignore.name == finding.rule.name || ignore.name == finding.rule.group();
        if named && ignore.lines.as_ref().is_none_or(|lines| lines.contains(&line)) {
            ignore.used = true;
            silenced = true;
        }
    }
    silenced
}

/// The comments of a file.
fn collect(file: &SourceFile, id: FileId, tree: &Tree, drafts: &mut Vec<(&'static Rule, Draft)>) -> Vec<Ignore> {
    let mut ignores = Vec::new();
    for (number, line) in tree.lines().iter().enumerate().filter(|(_, line)| line.tail == Tail::Comment) {
        let comment = Span::new(line.tail_start, line.span.end);
        let text = file.text(comment);
        let Some(rest) = text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
        // Columns in the text are those in the file: comments that are not UTF-8 only lose the exact place.
        let start = comment.start + (text.len() - rest.len()) as u32;
        match parse(rest) {
            Ok((scope, names)) => {
                let lines = lines(scope, file, tree, number);
                for (name, at) in names {
                    let span = Span::new(start + at as u32, start + (at + name.len()) as u32);
                    ignores.push(Ignore { name, location: Location { file: id, span }, lines: lines.clone(), used: false });
                }
            }
            Err((message, help)) => {
                let draft = Draft::at(Location { file: id, span: comment }, message).help(help);
                drafts.push((&crate::rules::style::invalid_ignore::RULE, draft));
            }
        }
    }
    ignores
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Line,
    Section,
    File,
}

/// Rule names, and where in the text each stands.
type Names = Vec<(&'static str, usize)>;

/// Reads what follows the mark: `ignore[a, b] reason`.
fn parse(text: &str) -> Result<(Scope, Names), (String, String)> {
    let form = || "write `# haproxy-lint: ignore[group/rule] reason`, or `ignore-section[…]`, or `ignore-file[…]`".to_owned();
    let trimmed = text.trim_start();
    let Some(open) = trimmed.find('[') else { return Err(("this comment names no rule".to_owned(), form())) };
    let scope = match trimmed[..open].trim_end() {
        "ignore" => Scope::Line,
        "ignore-section" => Scope::Section,
        "ignore-file" => Scope::File,
        other => return Err((format!("`{other}` is no instruction"), form())),
    };
    let Some(close) = trimmed.find(']') else { return Err(("`]` is missing behind the rules".to_owned(), form())) };
    let mut names = Vec::new();
    let mut at = text.len() - trimmed.len() + open + 1;
    for part in trimmed[open + 1..close].split(',') {
        let name = part.trim();
        let offset = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let known = || RULES.iter().flat_map(|r| [r.name, r.group()]);
        match known().find(|n| *n == name) {
            Some(name) => names.push((name, offset)),
            None => {
                let help = nearest(name, known()).map_or_else(form, |near| format!("did you mean `{near}`?"));
                return Err((format!("there is no rule or group `{name}`"), help));
            }
        }
    }
    Ok((scope, names))
}

/// The lines that a comment on line `number` is about.
fn lines(scope: Scope, file: &SourceFile, tree: &Tree, number: usize) -> Option<std::ops::Range<usize>> {
    let opens_section = |line: usize| {
        let first = tree.words(line).first();
        first.and_then(|w| file.str(w.span())).and_then(section_kind).is_some()
    };
    let count = tree.lines().len();
    match scope {
        Scope::File => None,
        Scope::Line if !tree.words(number).is_empty() => Some(number..number + 1),
        Scope::Line => {
            let next = (number + 1..count).find(|line| !tree.words(*line).is_empty()).unwrap_or(number);
            Some(next..next + 1)
        }
        Scope::Section => {
            let start = (0..=number).rev().find(|line| opens_section(*line)).unwrap_or(0);
            let end = (number + 1..count).find(|line| opens_section(*line)).unwrap_or(count);
            Some(start..end)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
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
    fn what_silences_nothing_or_names_nothing_is_told() {
        let unused = rules("# haproxy-lint: ignore-file[reference/unknown-resolvers]\nglobal\n");
        assert!(unused.contains(&"style/unused-ignore@1".to_owned()), "{unused:?}");
        for wrong in ["ignore", "ignore[nonsense]", "ignor[peers]", "ignore[peers"] {
            let found = rules(&format!("# haproxy-lint: {wrong}\nglobal\n"));
            assert!(found.contains(&"style/invalid-ignore@1".to_owned()), "{wrong}: {found:?}");
        }
    }
}
