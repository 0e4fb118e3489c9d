//! `rules`: every rule with its severity and first sentence.

use haproxy_lint::rules::RULES;

use crate::{
    CLEAN,
    cli::{Rules, Shape},
    error::Result,
    output,
};

pub(crate) fn run(options: &Rules) -> Result<u8> {
    output::to_stdout(|out| match options.format {
        Shape::Text => RULES.iter().try_for_each(|rule| {
            let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "{:<38} {:<8} {summary}", rule.name, rule.severity.as_str())
        }),
        Shape::Json => {
            let rule = |rule: &&haproxy_lint::rules::Rule| {
                let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
                serde_json::json!({ "name": rule.name, "group": rule.group(), "severity": rule.severity.as_str(), "summary": summary, "url": rule.url() })
            };
            serde_json::to_writer_pretty(&mut *out, &RULES.iter().map(rule).collect::<Vec<_>>())?;
            writeln!(out)
        }
    })?;
    Ok(CLEAN)
}
