//! Where a variable is to be set that a configuration needs, and that nothing sets.

use crate::{
    finding::{Finding, Verdict},
    rules::variables::unset,
    source::Sources,
    syntax::Environment,
    topology::{Group, Platform},
};

/// Says of a finding whose line has variables that are not set which these are, and where `group` sets them.
pub(super) fn tell(finding: &mut Finding, sources: &Sources, environment: &Environment, group: &Group) {
    let Some(location) = finding.location else { return };
    let file = sources.file(location.file);
    // What is refused may be so for a word that is no longer there.
    let span = match finding.haproxy {
        Some(Verdict::Reject) => file.line_span(file.line_of(location.span.start)),
        _ => location.span,
    };
    let text = file.text(span);
    let mut names: Vec<&str> = if text.contains('$') { unset(&text, environment).collect() } else { Vec::new() };
    names.dedup();
    if names.is_empty() {
        return;
    }
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let (names, are) = (names.join(" and "), if names.len() == 1 { "is" } else { "are" });
    let place = match group.platform {
        Platform::Kubernetes if !group.container.is_empty() => format!("`env` of container `{}` in {}", group.container, group.title()),
        Platform::Kubernetes => format!("`env` of its container in {}", group.title()),
        Platform::Compose => format!("`environment` of {}", group.title()),
        Platform::Host => "`Environment=` of its unit".to_owned(),
    };
    finding.notes.push(format!("{names} {are} not set there: the place for it is {place}"));
}
