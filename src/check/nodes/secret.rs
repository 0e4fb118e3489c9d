//! Findings in a Secret: they are told without a word of it, and point at no line near one.

use crate::{
    finding::{Finding, InManifest, PROJECT},
    source::Location,
    topology::{Embedded, Place, mesh::Mesh},
};

/// The kind of objects whose values are not shown.
pub(super) const SECRET: &str = "Secret";

/// The finding without any word of the configuration, and without a place that would show one.
pub(super) fn redacted(mut finding: Finding) -> Finding {
    // A rule of the project says what the settings say.
    let words = if finding.rule.group() == PROJECT { finding.message.as_str() } else { finding.rule.summary() };
    finding.message = words.trim_end_matches('.').to_owned();
    finding.location = None;
    finding.label.clear();
    finding.said.clear();
    finding.related.clear();
    finding.fix = None;
    finding.cause = None;
    let place = finding.embedded.as_ref().map(|e| format!("line {} of `{}` in Secret `{}`", e.line, e.key, e.name));
    finding.help = Some(format!("`haproxy-lint explain {}` says what to do", finding.rule.name));
    finding.notes = vec![format!("it is {}, whose words are not shown", place.unwrap_or_else(|| "in a Secret".to_owned()))];
    finding
}

/// Where a Secret says its kind, if none of its values is near.
pub(super) fn place_of_secret(mesh: &Mesh<'_>, there: &InManifest) -> Option<Location> {
    let is_it = |e: &Embedded| (&e.kind, &e.namespace, &e.name, &e.key) == (&there.kind, &there.namespace, &there.name, &there.key);
    let mut files = mesh.topology.configurations.iter().flat_map(|c| &c.files);
    let embedded = files.find_map(|file| match &file.place {
        Place::Embedded(embedded) if is_it(embedded) => Some(embedded),
        _ => None,
    })?;
    let object = mesh.object(Location { file: embedded.file, span: embedded.map.whole() })?;
    let kind = object.at(&["kind"])?.node.span;
    let source = mesh.topology.sources.file(embedded.file);
    let line = source.line_of(kind.start);
    let near = line.saturating_sub(1)..=(line + 1).min(source.line_starts().len().saturating_sub(1));
    let is_safe = near.into_iter().all(|line| says_nothing(&source.text(source.line_span(line))));
    (there.kind == SECRET && is_safe).then_some(Location { file: embedded.file, span: kind })
}

/// Whether a line of a manifest can hold no value of a Secret: reports quote the lines around a place.
fn says_nothing(line: &str) -> bool {
    let line = line.trim().trim_start_matches("- ");
    let plain = |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || " -_./\"'".contains(c));
    let of_metadata = |value: &str| value.starts_with('{') && !value.contains("annotations");
    match line.split_once(':') {
        None => matches!(line, "" | "---"),
        Some(("metadata", value)) => value.is_empty() || of_metadata(value.trim()),
        Some(("data" | "stringData", value)) => value.is_empty(),
        Some((key, value)) => matches!(key, "apiVersion" | "kind") && plain(value),
    }
}
