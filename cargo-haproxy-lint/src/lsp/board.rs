//! Which diagnostics the client shows. Each document is one configuration's matter, so that none takes away what another says.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use gen_lsp_types as lsp;
use haproxy_lint::{check::Report, source::FileId};

use super::{diagnostics, text::Text, wire::Outbox};

/// What is shown where.
#[derive(Default)]
pub(super) struct Board(Mutex<State>);

#[derive(Default)]
struct State {
    /// The configuration that speaks for a document.
    owners: HashMap<String, u64>,
    /// The documents that something is shown in.
    shown: HashMap<String, u64>,
}

impl Board {
    /// From now on these configurations speak for these documents; what nobody speaks for any more is cleared.
    pub(super) fn assign(&self, owners: HashMap<String, u64>, outbox: &Outbox) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<String> = state.shown.keys().filter(|uri| !owners.contains_key(*uri)).cloned().collect();
        for uri in gone {
            state.shown.remove(&uri);
            outbox.notify::<lsp::PublishDiagnosticsNotification>(publish(uri, None, Vec::new()));
        }
        state.owners = owners;
    }

    /// Shows what was found in the documents of a configuration.
    pub(super) fn show(&self, set: u64, text: &Text, report: &Report, outbox: &Outbox) {
        if text.client().pulls() {
            return;
        }
        let mut all = diagnostics::all(text, report);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, name) in text.documents.iter().enumerate() {
            if state.owners.get(&name.uri) != Some(&set) {
                continue;
            }
            let found = all.remove(&FileId(index as u32)).unwrap_or_default();
            // Of what is not open nobody needs to hear that nothing is wrong, unless something was.
            if found.is_empty() && name.version.is_none() && !state.shown.contains_key(&name.uri) {
                continue;
            }
            state.shown.insert(name.uri.clone(), set);
            outbox.notify::<lsp::PublishDiagnosticsNotification>(publish(name.uri.clone(), name.version, found));
        }
    }
}

fn publish(uri: String, version: Option<i32>, diagnostics: Vec<lsp::Diagnostic>) -> lsp::PublishDiagnosticsParams {
    lsp::PublishDiagnosticsParams { uri: lsp::Uri(uri), version, diagnostics }
}
