//! `explain`: a text on how something works, the page of a rule, what is known of a keyword, or the page for a message of HAProxy.

use std::{borrow::Cow, io::Write, path::Path};

use haproxy_lint::{
    catalog::{self, Keyword, NoteKind},
    expression::{self, AclKeyword, Alias, Signature, lookup_acl, lookup_converter, lookup_fetch},
    nearest::nearest,
    project::Project,
    rules::{RULES, Rule},
    settings::ProjectRule,
    topics,
    version::{Version, VersionSet},
};

use crate::{
    CLEAN,
    cli::Explain,
    error::{Error, Result},
    live::files::disk,
    output,
};

pub(crate) fn run(options: &Explain) -> Result<u8> {
    let asked = options.word.iter().chain(&options.words).map(String::as_str).collect::<Vec<_>>().join(" ");
    if asked.trim().is_empty() {
        output::to_stdout(output::TEXT, overview)?;
        return Ok(CLEAN);
    }
    let words = topics::of_word(&asked).map_or_else(|| asked.clone(), str::to_owned);
    let topic = topics::topic(&words);
    if let Some(topic) = topic {
        output::to_stdout(output::TEXT, |out| out.write_all(topic.text.as_bytes()))?;
        // A topic may have the name of a section, but not that of a rule.
        if words != asked || catalog::keywords(&words).is_empty() {
            return Ok(CLEAN);
        }
        output::to_stdout(output::TEXT, |out| out.write_all(b"\n"))?;
    } else if let Some((rule, text)) = rule(&words)? {
        output::to_stdout(output::TEXT, |out| page(out, rule, &text))?;
        return Ok(CLEAN);
    }
    let mut keywords = catalog::keywords(&words);
    if let Some(target) = options.target
        && keywords.iter().any(|k| k.entry.versions.contains(target))
    {
        keywords.retain(|k| k.entry.versions.contains(target));
    }
    let expressions = Expressions::find(words.trim_start_matches('%'));
    if keywords.is_empty() && expressions.is_empty() {
        let page = topics::of_message(&words).ok_or_else(|| unknown(&words))?;
        let rule = rule(page)?;
        output::to_stdout(output::TEXT, |out| match (topics::topic(page), rule) {
            (Some(topic), _) => out.write_all(topic.text.as_bytes()),
            (None, Some((rule, text))) => self::page(out, rule, &text),
            (None, None) => Ok(()),
        })?;
        return Ok(CLEAN);
    }
    output::to_stdout(output::TEXT, |out| {
        keywords.iter().try_for_each(|k| keyword(out, k, options.target))?;
        expressions.write(out)
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
        ("KEYWORD", "where a keyword stands, such as `http-request deny`, and which versions have it"),
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

/// What a name stands for in expressions and log formats.
struct Expressions {
    fetches: &'static [Signature],
    converters: &'static [Signature],
    acl: Option<AclKeyword>,
    alias: Option<&'static Alias>,
}

impl Expressions {
    fn find(name: &str) -> Self {
        let alias = expression::aliases().iter().find(|a| a.name == name);
        Self { fetches: lookup_fetch(name), converters: lookup_converter(name), acl: lookup_acl(name), alias }
    }

    fn is_empty(&self) -> bool {
        self.fetches.is_empty() && self.converters.is_empty() && self.acl.is_none() && self.alias.is_none()
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        for fetch in self.fetches {
            writeln!(out, "{}\n\n  what        a sample fetch; it reads {}", fetch.usage, fetch.reads)?;
            writeln!(out, "  gives       {}\n  versions    {}\n", fetch.output, known(fetch.versions))?;
        }
        for converter in self.converters {
            let input = converter.input.map(|i| i.to_string()).unwrap_or_default();
            writeln!(
                out,
                "{}\n\n  what        a converter: {input} => {}\n  versions    {}\n",
                converter.usage,
                converter.output,
                known(converter.versions)
            )?;
        }
        if let Some(acl) = &self.acl {
            writeln!(out, "{}\n\n  what        an ACL criterion: short for `{} -m {}`\n", acl.name, acl.fetch, acl.method)?;
        }
        if let Some(alias) = self.alias {
            writeln!(out, "%{}\n\n  what        a log-format alias{}", alias.name, if alias.http { ", about HTTP" } else { "" })?;
            writeln!(out, "  value       {}\n  versions    {}\n", alias.meaning, known(alias.versions))?;
        }
        Ok(())
    }
}

fn unknown(name: &str) -> Error {
    let last = name.split_whitespace().next_back().unwrap_or(name);
    let near = nearest(name, RULES.iter().map(|r| r.name).chain(topics::TOPICS.iter().map(|t| t.names[0])))
        .or_else(|| nearest(last, catalog::names().chain(expression::fetch_names()).chain(expression::converter_names())));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`haproxy-lint rules` lists the rules; a keyword is written as in a configuration: `http-request deny`".to_owned(),
    };
    Error::new(format!("there is no rule and no keyword `{name}`"), help)
}

fn page(out: &mut dyn Write, rule: &Rule, text: &str) -> std::io::Result<()> {
    writeln!(out, "# {} ({})\n", rule.name, rule.severity)?;
    for line in text.trim_end().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The words behind `haproxy` are for the tests of the examples.
        writeln!(out, "{}", if line.starts_with("```haproxy") { "```haproxy" } else { line })?;
    }
    Ok(())
}

fn keyword(out: &mut dyn Write, keyword: &Keyword, target: Option<Version>) -> std::io::Result<()> {
    let entry = keyword.entry;
    let arguments = entry.arguments.to_string();
    writeln!(out, "{}\n", format!("{} {arguments}", keyword.path).trim_end())?;
    let mut row = |name: &str, text: &str| writeln!(out, "  {name:<11} {text}");
    row("where", &places(keyword))?;
    row("versions", &known(entry.taken_by()))?;
    for note in entry.notes {
        let set = if note.versions == VersionSet::ALL { String::new() } else { format!("HAProxy {}: ", note.versions) };
        let (name, text) = match note.kind {
            NoteKind::Removed => ("removed", note.advice.to_string()),
            NoteKind::Deprecated => ("deprecated", note.advice.to_string()),
            NoteKind::Discouraged => ("successor", note.advice.to_string()),
            NoteKind::Experimental => ("experimental", "wants `expose-experimental-directives` in `global`".to_owned()),
            NoteKind::Exposed => ("exposed", "wants `expose-deprecated-directives` in `global`".to_owned()),
            NoteKind::Warns => ("warning", note.advice.to_string()),
            NoteKind::Aborts => ("errors", "stop HAProxy's reading at once: what comes later is not looked at".to_owned()),
            NoteKind::NoDefaultServer => ("but not", "in `default-server` lines".to_owned()),
            NoteKind::NoNegation => ("but not", "with `no` or `default` before it".to_owned()),
            NoteKind::NoDefault => ("but not", "with `default` before it".to_owned()),
            NoteKind::Prefix => ("beware", "HAProxy takes any word that begins so for this one".to_owned()),
            NoteKind::Needs | NoteKind::Rare => ("needs", note.feature.to_owned()),
            NoteKind::LastCounts => ("repeated", "the last line counts".to_owned()),
            NoteKind::FirstCounts => ("repeated", "the first line counts".to_owned()),
            NoteKind::HttpOnly => ("mode", "does something in HTTP mode only".to_owned()),
            NoteKind::Final => ("ends", "the list of rules that it stands in".to_owned()),
            // What only rules ask for.
            _ => continue,
        };
        row(name, format!("{set}{text}").trim_end())?;
    }
    if let Some(target) = target {
        let taken = entry.taken_by().contains(target);
        row("target", &format!("HAProxy {target} {}", if taken { "takes it" } else { "refuses it" }))?;
    }
    row("source", &format!("{}:{}, from HAProxy's sources and manual", entry.file, entry.line))?;
    writeln!(out)
}

/// Where a keyword stands: the sections that take it, or the keyword it belongs to.
fn places(keyword: &Keyword) -> String {
    let sections = keyword.entry.sections;
    let names = |bits: u8| -> Vec<&str> {
        ["defaults", "frontend", "listen", "backend"]
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| bits >> bit & 1 == 1)
            .map(|(_, name)| name)
            .collect()
    };
    let section = haproxy_lint::syntax::SECTIONS.iter().any(|s| s.keyword == keyword.table.name);
    if section {
        return format!("{} sections", keyword.table.name);
    }
    let mut text = names(sections.taken).join(", ");
    if sections.named_defaults_only {
        text = text.replace("defaults", "defaults with a name");
    }
    let ignored = names(sections.ignored);
    if !ignored.is_empty() {
        text += &format!("; without effect, and with a warning, in {}", ignored.join(", "));
    }
    if keyword.table.name == "proxy" { text } else { format!("`{}` ({text})", keyword.table.name) }
}

/// The versions in words; a set that is all of them is not worth a range.
fn known(versions: VersionSet) -> String {
    match versions {
        VersionSet::ALL => "2.4 and later".to_owned(),
        VersionSet::NONE => "none from 2.4 on".to_owned(),
        some => some.to_string(),
    }
}
