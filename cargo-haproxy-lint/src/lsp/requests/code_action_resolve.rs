//! What an action does that was offered without saying so.

use gen_lsp_types as lsp;
use serde_json::Value;

use super::code_action;
use crate::lsp::{
    handler::{Checked, Handler},
    wire::Answer,
};

/// `codeAction/resolve`.
pub(super) fn handler() -> Handler {
    Handler::checked::<lsp::CodeActionResolveRequest>(document, answer)
}

/// The document that it was offered in.
fn document(action: &lsp::CodeAction) -> &str {
    action.data.as_ref().and_then(|data| data.get("uri")).and_then(Value::as_str).unwrap_or("")
}

fn answer(checked: &Checked<'_>, action: lsp::CodeAction) -> Answer<lsp::CodeAction> {
    Ok(lsp::CodeAction { edit: code_action::mend_all(checked), ..action })
}
