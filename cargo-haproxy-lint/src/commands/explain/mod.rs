//! `explain`: a text on how something works, the page of a rule, what is known of a keyword, or the page for a message of HAProxy.

mod fit;
mod near;
mod text;

use std::{borrow::Cow, io::Write, path::Path};

use haproxy_lint::{
    analysis::{Description, describe, describe_expression, describe_section},
    catalog,
    config::sizes,
    project::Project,
    rules::{RULES, Rule},
    settings::ProjectRule,
    shown,
    topics::{self, Topic},
    version::{Version, VersionSet},
};

use super::{Command, Example};
use crate::{CLEAN, cli::values::version, error::Result, live::files::disk, output};
use clap::Args;

/// Explain a rule, a keyword, a sample fetch or a converter, or how peers work
#[derive(Debug, Args)]
#[command(display_order = 9)]
pub(crate) struct Explain {
    /// A rule (`peers/local-name-missing`), a keyword (`http-request deny`, `maxconn`), a topic (`peers`, `ip_nonlocal_bind`,
    /// `local-inactive`), a state of `show peers` (`CONN`), or a message of HAProxy about peers; without one, the topics
    #[arg(value_name = "RULE|KEYWORD|TOPIC|MESSAGE", allow_hyphen_values = true)]
    pub(crate) word: Option<String>,
    /// More words of a keyword or a message
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// Show keywords as this HAProxy knows them
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// Show topics in this language, where they have it, such as `zh`
    #[arg(long, value_name = "LANGUAGE", default_value = "en", hide_default_value = true, value_parser = language)]
    pub(crate) lang: String,
}

fn language(text: &str) -> std::result::Result<String, String> {
    let known = topics::TOPICS.iter().any(|topic| topic.text_in(text).is_some());
    let mut languages: Vec<&str> = topics::TOPICS.iter().flat_map(|topic| topic.languages()).chain(["en"]).collect();
    languages.sort_unstable();
    languages.dedup();
    if known { Ok(text.to_owned()) } else { Err(format!("there are no texts in this language; there are {}", languages.join(" and "))) }
}

impl Command for Explain {
    const EXAMPLES: &[Example] = &[
        ("", "the topics: how things work"),
        ("peers/local-name-missing", "a rule"),
        ("'http-request deny'", "a keyword"),
        ("local-inactive", "what `show peers` says of the node itself"),
        ("local-inactive --lang zh", "the same in Chinese"),
    ];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

/// With more options of one name than this, they are listed only.
const FEW: usize = 4;

pub(crate) fn run(options: &Explain) -> Result<u8> {
    let asked = options.word.iter().chain(&options.words).map(String::as_str).collect::<Vec<_>>().join(" ");
    if asked.trim().is_empty() {
        output::to_stdout(output::TEXT, overview)?;
        return Ok(CLEAN);
    }
    explain(&asked, options.target.map_or(VersionSet::ALL, VersionSet::only), &options.lang)
}

fn explain(asked: &str, versions: VersionSet, language: &str) -> Result<u8> {
    if let Some(sentences) = sizes(asked, versions) {
        output::to_stdout(output::TEXT, |out| table(out, asked, &sentences))?;
        return Ok(CLEAN);
    }
    let words = topics::of_word(asked).map_or_else(|| asked.to_owned(), str::to_owned);
    let topic = topics::topic(&words);
    if let Some(topic) = topic {
        print(&in_language(topic, language))?;
        // A topic may have the name of a section, but not that of a rule.
        if words != asked || catalog::keywords(&words).is_empty() {
            return Ok(CLEAN);
        }
        output::to_stdout(output::TEXT, |out| out.write_all(b"\n"))?;
    } else if let Some((rule, text)) = rule(&words)? {
        print(&page(rule, &text))?;
        return Ok(CLEAN);
    }
    let mut found: Vec<Description> = describe_section(&words, versions).into_iter().collect();
    found.extend(describe(&words, None, versions));
    found.extend(describe_expression(&words, versions));
    if found.is_empty() {
        return elsewhere(&words, versions, language);
    }
    output::to_stdout(output::TEXT, |out| descriptions(out, &words, &found, versions))?;
    Ok(CLEAN)
}

/// The text of a topic in the language that was asked for, or else in English, which says what other languages there are.
fn in_language(topic: &Topic, language: &str) -> Cow<'static, str> {
    let text = topic.text_in(language).unwrap_or(topic.text);
    let others =
        topic.languages().map(|language| format!("`haproxy-lint explain {} --lang {language}`", topic.names[0])).collect::<Vec<_>>();
    match text == topic.text && !others.is_empty() {
        true => Cow::Owned(format!("{text}\nIn other languages: {}\n", others.join(", "))),
        false => Cow::Borrowed(text),
    }
}

/// What a stick table takes whose line was asked for.
fn table(out: &mut dyn Write, line: &str, sentences: &[String]) -> std::io::Result<()> {
    writeln!(out, "{}\n", shown::line(line.trim()))?;
    sentences.iter().try_for_each(|sentence| writeln!(out, "- {sentence}"))?;
    writeln!(out, "\nSee also: explain stick-table")
}

/// What is meant first, then what has the same name elsewhere.
fn descriptions(out: &mut dyn Write, asked: &str, found: &[Description], versions: VersionSet) -> std::io::Result<()> {
    let bare = asked.split('(').next().unwrap_or(asked);
    let (meant, also): (Vec<_>, Vec<_>) = found.iter().partition(|description| description.path.split('(').next() == Some(bare));
    let (shown, also) = if meant.is_empty() && also.len() <= FEW { (also, Vec::new()) } else { (meant, also) };
    shown.iter().try_for_each(|description| text::description(out, description, versions))?;
    if !also.is_empty() {
        writeln!(out, "{}:\n", if shown.is_empty() { "There are several" } else { "Besides" })?;
        let first = |text: &str| text::cut(text.split(". ").next().unwrap_or(text).trim_end_matches('.'), text::LISTED);
        let all: Vec<(String, String)> = also.iter().map(|also| (also.path.clone(), first(&also.text))).collect();
        text::list(out, "  explain ", &all)?;
    }
    Ok(())
}

/// A message, or the beginning of something.
fn elsewhere(words: &str, versions: VersionSet, language: &str) -> Result<u8> {
    if let Some(page) = topics::of_message(words) {
        let rule = rule(page)?;
        match (topics::topic(page), rule) {
            (Some(topic), _) => print(&in_language(topic, language))?,
            (None, Some((rule, text))) => print(&self::page(rule, &text))?,
            (None, None) => {}
        }
        return Ok(CLEAN);
    }
    let found = near::beginning(words, versions);
    match &found[..] {
        [] => return Err(near::unknown(words)),
        [(one, _)] if *one != words => return explain(one, versions, language),
        _ => {}
    }
    output::to_stdout(output::TEXT, |out| {
        writeln!(out, "What begins with `{}`:\n", haproxy_lint::shown::line(words))?;
        text::list(out, "  explain ", &found)
    })?;
    Ok(CLEAN)
}

/// What can be asked for.
fn overview(out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "How things work:\n")?;
    topics::TOPICS.iter().try_for_each(|topic| writeln!(out, "  explain {:<18} {}", topic.names[0], topic.title()))?;
    writeln!(out, "\nBesides:\n")?;
    let rows = [
        ("RULE", "the page of a rule, such as `peers/local-name-missing`; `rules` lists them"),
        ("KEYWORD", "what a keyword does, such as `http-request deny`, how it is written, and which versions have it"),
        ("PART", "what begins so, such as `tune.ssl` or `timeout`"),
        ("STATE", "what `show peers` says of a peer: CONN, HSHK, ESTA, NAME, UNKN, RETR, VERS, PROT"),
        ("'MESSAGE'", "a message of HAProxy about peers or addresses, such as 'cannot bind socket'"),
    ];
    rows.iter().try_for_each(|(name, what)| writeln!(out, "  explain {name:<18} {what}"))
}

/// The rule of that name, or of that last part of a name, with its page.
fn rule(name: &str) -> Result<Option<(&'static Rule, Cow<'static, str>)>> {
    let short = |rule: &&&'static Rule| rule.name.split('/').next_back() == Some(name);
    let known = Rule::by_name(name).or_else(|| RULES.iter().find(short).copied());
    known.map_or_else(|| of_project(name), |rule| Ok(Some((rule, Cow::Borrowed(rule.docs)))))
}

/// The rule of that name in the settings of the project.
fn of_project(name: &str) -> Result<Option<(&'static Rule, Cow<'static, str>)>> {
    let Some(name) = name.strip_prefix("project/") else { return Ok(None) };
    let project = Project::open(disk(), Path::new("."), false)?;
    let declared = project.settings.rule.iter().rev().find(|rule| rule.name == name).map(ProjectRule::declared);
    Ok(declared.map(|declared| (declared.rule(), Cow::Owned(declared.page()))))
}

/// Prints a page; people get it as wide as their terminal is.
fn print(text: &str) -> Result<()> {
    let text = fit::fit(&output::as_called(text), output::read_by_people());
    output::to_stdout(output::TEXT, |out| out.write_all(text.as_bytes()))
}

/// The page of a rule with its name above.
fn page(rule: &Rule, text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)));
    format!("# {} ({})\n\n{}", rule.name, rule.severity, lines.collect::<String>())
}
