//! `check --show-settings`: what counts, as a settings file that says the same.

use std::fmt::Write as _;

use haproxy_lint::{
    finding::Severity,
    project::Project,
    settings::{Formatting, ProjectRule},
    shown,
    version::Version,
};
use toml::Value;

use super::Check;
use crate::{CLEAN, error::Result, output};

/// Prints the settings with what the command line puts on top of them.
pub(crate) fn show(options: &Check, project: &Project) -> Result<u8> {
    let files: Vec<String> = project.files.iter().map(|file| file.display().to_string()).collect();
    let from = match files.as_slice() {
        [] if options.reading.no_config => "# No settings file is read.\n".to_owned(),
        [] => "# There is no haproxy-lint.toml here or above.\n".to_owned(),
        [file] => format!("# From `{file}`, with the options of the command line.\n"),
        [file, others @ ..] => {
            let others = others.iter().map(|f| format!("`{f}`")).collect::<Vec<_>>().join(", ");
            format!("# From `{file}`, which extends {others}, with the options of the command line.\n")
        }
    };
    let text = from + &lines(options, project) + &tables(options, project);
    output::to_stdout(output::TEXT, |out| out.write_all(text.as_bytes()))?;
    Ok(CLEAN)
}

fn lines(options: &Check, project: &Project) -> String {
    let settings = &project.settings;
    let machine = &options.machine;
    let select = if options.select.is_empty() { names(&settings.select) } else { options.select.clone() };
    let fail_on = options.fail_on.or(settings.fail_on.map(|level| level.0)).unwrap_or(Severity::Error);
    let mut text = String::new();
    match machine.version().or(settings.target) {
        Some(target) => text += &line("target", &value(target)),
        None => text += "# target: every supported HAProxy is asked\n",
    }
    match machine.local_name.as_ref().or(settings.local_name.as_ref()) {
        Some(name) => text += &line("local-name", &value(name)),
        None => text += "# local-name is not known\n",
    }
    let named = |words: &[String]| (!words.is_empty()).then(|| words.to_vec());
    let topology: Vec<String> = match options.topology.is_empty() {
        true => project.topology_paths().iter().map(|path| path.display().to_string()).collect(),
        false => options.topology.iter().map(|path| path.display().to_string()).collect(),
    };
    let node = if options.node.is_empty() { &settings.node } else { &options.node };
    text += &named(&topology).map(|paths| line("topology", &list(paths))).unwrap_or_default();
    text += &named(node).map(|names| line("node", &list(names))).unwrap_or_default();
    text += &line("require-local-peer", &Value::Boolean(options.require_local_peer || settings.require_local_peer == Some(true)));
    text += &line("env-closed", &Value::Boolean(machine.env_closed || settings.env_closed == Some(true)));
    match select.is_empty() {
        true => text += "# select: all rules speak\n",
        false => text += &line("select", &list(select)),
    }
    let also = if options.select.is_empty() { names(&settings.also) } else { Vec::new() };
    text += &named(&[also, options.also.clone()].concat()).map(|rules| line("also", &list(rules))).unwrap_or_default();
    text += &line("ignore", &list([names(&settings.ignore), options.ignore.clone()].concat()));
    text += &line("fail-on", &value(fail_on));
    let known = settings.baseline.as_ref().map(|file| project.path(file));
    text += &options.baseline.clone().or(known).map(|file| line("baseline", &value(file.display()))).unwrap_or_default();
    text + &line("exclude", &list(settings.exclude.clone()))
}

fn tables(options: &Check, project: &Project) -> String {
    let settings = &project.settings;
    let mut severity: Vec<(String, Severity)> = settings.severity.iter().map(|(rule, level)| (rule.name.clone(), level.0)).collect();
    severity.retain(|(rule, _)| !options.severity.iter().any(|(own, _)| own == rule));
    severity.extend(options.severity.iter().cloned());
    let mut env = settings.env.clone();
    env.extend(options.machine.env.iter().cloned());
    let mut text = table("severity", severity.into_iter().map(|(rule, level)| (rule, level.as_str().to_owned())));
    text += &table("env", env.into_iter().map(|(name, text)| (name.clone(), shown::value(&name, &text).to_owned())));
    text += &table("format", layout(settings.format));
    for set in &settings.config {
        text += "\n[[config]]\n";
        text += &line("files", &list(set.files.iter().map(|file| project.path(file).display().to_string()).collect()));
        text += &set.target.map(|target: Version| line("target", &value(target))).unwrap_or_default();
        text += &set.local_name.as_ref().map(|name| line("local-name", &value(name))).unwrap_or_default();
        if !set.env.is_empty() {
            let env = set.env.iter().map(|(name, text)| (name.clone(), value(shown::value(name, text))));
            text += &line("env", &Value::Table(env.collect()));
        }
    }
    for part in &settings.overrides {
        text += "\n[[override]]\n";
        text += &line("files", &list(part.files.clone()));
        text += &part.target.map(|target| line("target", &value(target))).unwrap_or_default();
        text += &line("ignore", &list(names(&part.ignore)));
        let severity = part.severity.iter().map(|(rule, level)| (rule.name.clone(), value(level.0)));
        text += &line("severity", &Value::Table(severity.collect()));
        if part.format != Formatting::default() {
            text += &line("format", &Value::Table(layout(part.format).map(|(key, name)| (key, value(name))).collect()));
        }
    }
    text + &settings.rule.iter().map(rule).collect::<String>()
}

fn rule(rule: &ProjectRule) -> String {
    let mut text = "\n[[rule]]\n".to_owned() + &line("name", &value(&rule.name));
    let mut words = |key: &str, words: &[String]| {
        if !words.is_empty() {
            text += &line(key, &list(words.to_vec()));
        }
    };
    words("section", &rule.section.iter().map(|kind| kind.0.keyword().to_owned()).collect::<Vec<_>>());
    words("section-name", &rule.section_name);
    words("with", &rule.with);
    words("without", &rule.without);
    text += &line("line", &value(rule.line.join(" ")));
    text += &line("required", &Value::Boolean(rule.required));
    text += &line("message", &value(&rule.message));
    text += &rule.help.as_ref().map(|help| line("help", &value(help))).unwrap_or_default();
    text + &rule.severity.map(|level| line("severity", &value(level.0))).unwrap_or_default()
}

fn layout(layout: Formatting) -> impl Iterator<Item = (String, String)> {
    let indent = layout.indent.map(|indent| ("indent".to_owned(), indent.name().to_owned()));
    let spacing = layout.spacing.map(|spacing| ("spacing".to_owned(), spacing.name().to_owned()));
    indent.into_iter().chain(spacing)
}

fn table(name: &str, rows: impl Iterator<Item = (String, String)>) -> String {
    let rows: String = rows.map(|(key, text)| line(&value(key).to_string(), &value(text))).collect();
    if rows.is_empty() { rows } else { format!("\n[{name}]\n{rows}") }
}

fn names(rules: &[haproxy_lint::settings::RuleName]) -> Vec<String> {
    rules.iter().map(|rule| rule.name.clone()).collect()
}

fn value(text: impl ToString) -> Value {
    Value::String(text.to_string())
}

fn list(items: Vec<String>) -> Value {
    Value::Array(items.into_iter().map(Value::String).collect())
}

fn line(key: &str, value: &Value) -> String {
    let mut line = String::new();
    // Text takes everything.
    let _ = writeln!(line, "{key} = {value}");
    line
}
