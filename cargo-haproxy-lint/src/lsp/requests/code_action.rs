//! What can be done about what was found: fixes, and comments that silence it.

use gen_lsp_types as lsp;
use haproxy_lint::{
    check::suppress::{Scope, comment},
    finding::{Applicability, Edit, Finding},
    fix::fix,
    shown::line,
    source::{Location, Span},
};
use serde_json::json;

use crate::lsp::{
    client::Client,
    diagnostics,
    handler::{Checked, Handler},
    text::Text,
    wire::{Answer, Fail},
};

/// What stands in a comment where its reason belongs.
const REASON: &str = "say why";

/// `textDocument/codeAction`.
pub(super) fn handler() -> Handler {
    Handler::checked::<lsp::CodeActionRequest>(|params| params.text_document.uri.as_ref(), answer).announced(|client, server| {
        let kinds = vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::SourceFixAll];
        let resolve_provider = resolves(client).then_some(true);
        let options = lsp::CodeActionOptions { code_action_kinds: Some(kinds), resolve_provider, ..Default::default() };
        server.code_action_provider = Some(if client.knows(LITERALS) { options.into() } else { false.into() });
    })
}

/// Where a client says that it knows actions that are no commands.
const LITERALS: &str = "/textDocument/codeAction/codeActionLiteralSupport";

fn answer(checked: &Checked<'_>, params: lsp::CodeActionParams) -> Answer<Option<Vec<lsp::CodeActionResponse>>> {
    if !checked.current {
        return Err(Fail::outdated());
    }
    let text = checked.text;
    let here = text.locations(&params.text_document.uri, params.range)?;
    let wanted = |kind: &str| {
        let within = |only: &lsp::CodeActionKind| {
            let only = only.to_string();
            only.is_empty() || kind.strip_prefix(only.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        params.context.only.as_ref().is_none_or(|only| only.iter().any(within))
    };
    let touched = |finding: &&Finding| finding.location.is_some_and(|place| here.iter().any(|here| is_near(text, place, *here)));
    let found: Vec<&Finding> = checked.report.findings.iter().filter(touched).collect();
    let mut actions = Vec::new();
    if wanted("quickfix") {
        actions.extend(found.iter().filter_map(|finding| mend(text, finding)));
        let scopes = [Scope::Line, Scope::Section, Scope::File];
        actions.extend(scopes.iter().flat_map(|scope| found.iter().filter_map(|finding| silence(text, finding, *scope))));
    }
    if wanted("source.fixAll") {
        let invoked = params.context.trigger_kind != Some(lsp::CodeActionTriggerKind::Automatic);
        actions.extend(offer_all(checked, &params.text_document.uri, invoked));
    }
    let mut known: Vec<lsp::CodeAction> = Vec::new();
    for action in actions {
        // Two findings of a rule in one line are silenced by one comment.
        if !known.iter().any(|same| (&same.title, &same.edit) == (&action.title, &action.edit)) {
            known.push(action);
        }
    }
    Ok(Some(known.into_iter().map(Into::into).collect()))
}

/// Whether a finding is where the client asks: in the same lines, as a light bulb stands beside a line.
fn is_near(text: &Text, place: Location, asked: Location) -> bool {
    let file = text.sources.file(asked.file);
    let lines = |span: Span| (file.line_of(span.start), file.line_of(span.end));
    place.file == asked.file && {
        let ((first, last), (from, to)) = (lines(place.span), lines(asked.span));
        first <= to && from <= last
    }
}

fn action(text: &Text, title: String, finding: &Finding, edits: &[Edit]) -> Option<lsp::CodeAction> {
    let diagnostics = finding.location.map(|place| vec![diagnostics::diagnostic(text, finding, place)]);
    let kind = Some(lsp::CodeActionKind::QuickFix);
    Some(lsp::CodeAction { title, kind, diagnostics, edit: Some(text.edits(edits)?), ..Default::default() })
}

/// The fix of a finding.
fn mend(text: &Text, finding: &Finding) -> Option<lsp::CodeAction> {
    let fix = finding.fix.as_ref()?;
    let mut title = line(&fix.title).into_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let preferred = supports_preferred(text.client()).then_some(fix.applicability == Applicability::Safe);
    Some(lsp::CodeAction { is_preferred: preferred, ..action(text, title, finding, &fix.edits)? })
}

fn supports_preferred(client: &Client) -> bool {
    client.can("/textDocument/codeAction/isPreferredSupport")
}

/// A comment that silences the rule of a finding.
fn silence(text: &Text, finding: &Finding, scope: Scope) -> Option<lsp::CodeAction> {
    let comment = comment(&text.sources, finding, scope)?;
    let place = Location { file: comment.file, span: Span::new(comment.at, comment.at) };
    let reach = match scope {
        Scope::Line => "in this line",
        Scope::Section => "in this section",
        Scope::File => "in this file",
    };
    let title = format!("Ignore `{}` {reach}", finding.rule.name);
    action(text, title, finding, &[Edit::replace(place, comment.text(REASON))])
}

/// Whether the client asks for the edit of an action once somebody wants it.
fn resolves(client: &Client) -> bool {
    client.can("/textDocument/codeAction/dataSupport") && client.lists("/textDocument/codeAction/resolveSupport/properties", "edit")
}

/// All that may be mended without asking. What that is takes further checks, so it is found out once somebody wants it.
fn offer_all(checked: &Checked<'_>, uri: &lsp::Uri, invoked: bool) -> Option<lsp::CodeAction> {
    let safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
    if !checked.report.findings.iter().any(safe) {
        return None;
    }
    let title = "Fix all that is certain".to_owned();
    let action = lsp::CodeAction { title, kind: Some(lsp::CodeActionKind::SourceFixAll), ..Default::default() };
    if resolves(checked.text.client()) {
        return Some(lsp::CodeAction { data: Some(json!({"uri": uri.0})), ..action });
    }
    let edit = invoked.then(|| mend_all(checked)).flatten()?;
    Some(lsp::CodeAction { edit: Some(edit), ..action })
}

/// The edits that mend all that may be mended without asking, each round of them proven by another check.
pub(super) fn mend_all(checked: &Checked<'_>) -> Option<lsp::WorkspaceEdit> {
    let text = checked.text;
    let fixed = fix(text.copy(), checked.report.clone(), Applicability::Safe, |sources| checked.outcome.with(sources));
    (fixed.applied > 0).then(|| text.edits(&text.differences(&fixed.sources))).flatten()
}
