//! Writes what the documentation says of the rules and the formats: `docs/rules/`, the lists in `docs/ci.md` and
//! `docs/topology.md`, what `docs/SUMMARY.md`, the contents of the book, has of rules and topics, and the schema of the settings,
//! which names rules and sections.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use haproxy_lint::{
    report::Format,
    rules::{RULES, Rule},
    settings::schema,
    topics::{TOPICS, title},
    topology,
};

/// Every file that is written, with its text, by its path below `docs`.
fn pages(docs: &Path) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = RULES.iter().map(|rule| (format!("rules/{}.md", rule.name), page(rule))).collect();
    pages.insert("rules/README.md".to_owned(), index());
    pages.insert("schema/haproxy-lint.schema.json".to_owned(), format!("{:#}\n", schema()));
    let text = |name: &str| fs::read_to_string(docs.join(name)).unwrap_or_default();
    pages.insert("ci.md".to_owned(), with_formats(&text("ci.md")));
    pages.insert("topology.md".to_owned(), with_readers(&text("topology.md")));
    pages.insert("SUMMARY.md".to_owned(), with_contents(&text("SUMMARY.md")));
    pages
}

/// The contents of the book with its topics and rules.
fn with_contents(text: &str) -> String {
    between(&between(text, "topics", &contents_of_topics()), "rules", &contents_of_rules())
}

/// A line for each topic, and below it one for each other language.
fn contents_of_topics() -> String {
    let mut text = String::new();
    for topic in TOPICS {
        let name = topic.names[0];
        text += &format!("- [{}](topics/{name}.md)\n", topic.title());
        for (language, other) in topic.languages().filter_map(|language| Some((language, topic.text_in(language)?))) {
            text += &format!("  - [{}](topics/{language}/{name}.md)\n", title(other));
        }
    }
    text
}

/// The list of the rules, and below it a line for each rule in its group.
fn contents_of_rules() -> String {
    let mut text = "- [Rules](rules/README.md)\n".to_owned();
    let mut group = "";
    for rule in RULES {
        if rule.group() != group {
            group = rule.group();
            text += &format!("  - [{group}]()\n");
        }
        text += &format!("    - [{0}](rules/{0}.md)\n", rule.name);
    }
    text
}

/// The text with the list of the output formats between its marks.
fn with_formats(text: &str) -> String {
    let row = |(name, format): (&str, Format)| format!("| `{name}` | {} |\n", format.about());
    between(text, "formats", &format!("| Format | For |\n| --- | --- |\n{}", Format::ALL.map(row).concat()))
}

/// The text with the list of what a topology is read from.
fn with_readers(text: &str) -> String {
    let rows: String = topology::formats().map(|(what, taken)| format!("| {what} | {taken} |\n")).collect();
    between(text, "readers", &format!("| what | what is taken from it |\n| --- | --- |\n{rows}"))
}

/// The text with this between the marks of a name.
fn between(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: written by `cargo xtask docs` -->\n"), format!("<!-- /{name} -->"));
    let Some((before, (_, after))) = text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?))) else {
        return text.to_owned();
    };
    format!("{before}{begin}{table}{end}{after}")
}

fn page(rule: &Rule) -> String {
    let mut text = format!("# {}\n\nSeverity: {}.\n\n", rule.name, rule.severity);
    for line in rule.docs.trim_end().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The words behind `haproxy` are for the tests of the examples.
        text += match line {
            _ if line.starts_with("```haproxy") => "```haproxy",
            _ if line.starts_with("```show-peers") => "```text",
            _ => line,
        };
        text.push('\n');
    }
    text
}

fn index() -> String {
    let mut text = "# Rules\n\nMade from the rules by `cargo xtask docs`.\n".to_owned();
    let mut group = "";
    for rule in RULES {
        if rule.group() != group {
            group = rule.group();
            text += &format!("\n## {group}\n\n| Rule | Severity | |\n| --- | --- | --- |\n");
        }
        let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
        text += &format!("| [{0}]({0}.md) | {1} | {2} |\n", rule.name, rule.severity, summary.replace('|', "\\|"));
    }
    text
}

/// Writes the pages, or with `check` only says which are not as they should be.
pub(crate) fn run(check: bool) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let pages = pages(&root);
    let mut stale: Vec<String> = Vec::new();
    for (path, text) in &pages {
        if fs::read_to_string(root.join(path)).ok().as_deref() != Some(text) {
            stale.push(path.clone());
        }
    }
    let files = walk(&root.join("rules")).into_iter().map(|path| format!("rules/{path}")).collect::<Vec<_>>();
    let gone: Vec<&String> = files.iter().filter(|path| !pages.contains_key(*path)).collect();
    if check {
        stale
            .iter()
            .chain(gone.iter().copied())
            .for_each(|path| eprintln!("docs/{path} is not what the program says: run `cargo xtask docs`"));
        return ExitCode::from(u8::from(!stale.is_empty() || !gone.is_empty()));
    }
    for path in stale {
        let file = root.join(&path);
        let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, &pages[&path]));
        if let Err(error) = written {
            eprintln!("cannot write {}: {error}", file.display());
            return ExitCode::from(2);
        }
    }
    for path in gone {
        let _ = fs::remove_file(root.join(path));
    }
    ExitCode::SUCCESS
}

/// The Markdown files below a folder, one folder deep.
fn walk(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            files.extend(
                fs::read_dir(entry.path()).into_iter().flatten().flatten().map(|f| format!("{name}/{}", f.file_name().to_string_lossy())),
            );
        } else {
            files.push(name);
        }
    }
    files.retain(|f| f.ends_with(".md"));
    files
}
