//! `rules`: every rule by group, with its severity, its first sentence, and whether it speaks and can mend.

use std::{io::Write, path::Path};

use haproxy_lint::{
    check::Selection,
    counted,
    finding::summary,
    project::Project,
    report::{Style, Tone},
    rules::{Rule, project::page},
    shown::{self, Form},
};

use super::{Command, Example};
use crate::{
    CLEAN,
    cli::{Shape, When},
    error::Result,
    live::files::disk,
    output,
};
use clap::Args;

/// List all rules
#[derive(Debug, Args)]
#[command(display_order = 8)]
pub(crate) struct Rules {
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
}

impl Command for Rules {
    const EXAMPLES: &[Example] = &[("", "all rules by group"), ("--format json", "for programs")];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

pub(crate) fn run(options: &Rules) -> Result<u8> {
    // Those of the project come last; where its settings cannot be read, `check` says more of it.
    let project = Project::open(disk(), Path::new("."), false).unwrap_or_else(|error| {
        output::note(&format!("rules of the project are not shown: {error}"));
        Project::bare(disk(), false)
    });
    let selection = project.selection(&[])?;
    match options.format {
        Shape::Text => {
            let color = output::is_colored(When::Auto, &std::io::stdout());
            // What reads lines finds a rule on one.
            let style = Style { color, ..Style::plain(output::read_by_people().unwrap_or(usize::MAX)) };
            output::to_stdout(Form::People { color }, |out| list(&selection, style, out))?;
        }
        Shape::Json => output::to_stdout(Form::Json, |out| {
            let rules = selection.rules().map(|rule| {
                serde_json::json!({
                    "name": rule.name, "group": rule.group(), "severity": rule.severity.as_str(), "summary": sentence(rule, &selection),
                    "url": rule.url(), "enabled": selection.enables(rule), "fixable": rule.can_mend(),
                })
            });
            serde_json::to_writer_pretty(&mut *out, &rules.collect::<Vec<_>>())?;
            writeln!(out)
        })?,
    }
    Ok(CLEAN)
}

/// The first sentence of a rule's page on one line.
fn sentence(rule: &Rule, selection: &Selection) -> String {
    summary(&page(rule, selection.declared())).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn list(selection: &Selection, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let rules: Vec<&Rule> = selection.rules().collect();
    let wide = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for group in rules.chunk_by(|a, b| a.group() == b.group()) {
        let name = group.first().map_or("", |rule| rule.group());
        writeln!(out, "{}", style.painted(Tone::Message, &format!("{name}: {}", counted(group.len(), "rule"))))?;
        for rule in group {
            let fix = if rule.can_mend() { "fix" } else { "" };
            let off = if selection.enables(rule) { "" } else { "off" };
            let begin = format!("  {:<wide$}  {:<7}  {fix:<3}  {off:<3}  ", rule.name, rule.severity.as_str());
            let tone = if off.is_empty() { Tone::Of(rule.severity) } else { Tone::Faint };
            write!(out, "{}", row(&begin, tone, &shown::line(&sentence(rule, selection)), style))?;
        }
        writeln!(out)?;
    }
    let legend = "fix: some of its findings can be mended with `--fix` or `--unsafe-fixes`; off: it speaks where it is asked for, by \
                  `--select` (alone) or `--also` (beside all others)";
    let mut off: Vec<&str> = rules.iter().filter(|rule| !selection.enables(rule)).map(|rule| rule.group()).collect();
    off.dedup();
    style.wrapped(legend, 0).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if off.is_empty() { Ok(()) } else { style.wrapped(&asking(&off), 0).iter().try_for_each(|line| writeln!(out, "{line}")) }
}

/// How the rules of these groups that are off are asked for.
fn asking(groups: &[&str]) -> String {
    let named: Vec<String> = groups.iter().map(|group| format!("`{group}`")).collect();
    format!(
        "Groups with rules that are off: {}. `--also hardening` lets those of `security` and `tls` speak, `--select all` every rule.",
        named.join(", ")
    )
}

/// The columns, and the sentence behind them; on a narrow terminal below them.
fn row(begin: &str, tone: Tone, sentence: &str, style: Style) -> String {
    if begin.len() + 30 <= style.width {
        return style.paragraph(begin, tone, sentence);
    }
    let sentence: String = style.wrapped(&format!("      {sentence}"), 6).iter().map(|line| format!("{line}\n")).collect();
    format!("{}\n{sentence}", style.painted(tone, begin.trim_end()))
}
