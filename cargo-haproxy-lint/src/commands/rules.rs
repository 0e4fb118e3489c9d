//! `rules`: every rule with its severity and first sentence.

use std::path::Path;

use haproxy_lint::{
    check::Selection,
    finding::summary,
    project::Project,
    rules::{Rule, project::page},
    settings::ProjectRule,
    shown::{self, Form},
};

use crate::{
    CLEAN,
    cli::{Rules, Shape},
    error::Result,
    live::files::disk,
    output,
};

pub(crate) fn run(options: &Rules) -> Result<u8> {
    // Those of the project come last; where its settings cannot be read, `check` says more of it.
    let mut selection = Selection::default();
    let project = Project::open(disk(), Path::new("."), false).unwrap_or_else(|error| {
        output::note(&format!("rules of the project are not shown: {error}"));
        Project::bare(disk(), false)
    });
    selection.declare(project.settings.rule.iter().map(ProjectRule::declared));
    let summary = |rule: &Rule| summary(&page(rule, selection.declared())).split_whitespace().collect::<Vec<_>>().join(" ");
    let form = if matches!(options.format, Shape::Json) { Form::Json } else { output::TEXT };
    output::to_stdout(form, |out| match options.format {
        Shape::Text => selection
            .rules()
            .try_for_each(|rule| writeln!(out, "{:<38} {:<8} {}", rule.name, rule.severity.as_str(), shown::line(&summary(rule)))),
        Shape::Json => {
            let rule = |rule: &Rule| serde_json::json!({ "name": rule.name, "group": rule.group(), "severity": rule.severity.as_str(), "summary": summary(rule), "url": rule.url() });
            serde_json::to_writer_pretty(&mut *out, &selection.rules().map(rule).collect::<Vec<_>>())?;
            writeln!(out)
        }
    })?;
    Ok(CLEAN)
}
