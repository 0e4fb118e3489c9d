//! A request that fails, so that tests see what becomes of the others.

use gen_lsp_types as lsp;

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

enum Panic {}

impl lsp::Request for Panic {
    const METHOD: lsp::LspRequestMethod<'static> = lsp::LspRequestMethod::Custom("test/panic");
    const MESSAGE_DIRECTION: lsp::MessageDirection = lsp::MessageDirection::ClientToServer;
    type Params = lsp::TextDocumentIdentifier;
    type Result = ();
}

/// `test/panic`.
pub(super) fn handler() -> Handler {
    Handler::read::<Panic>(|document| document.uri.as_ref(), answer)
}

fn answer(_: &Read<'_>, _: lsp::TextDocumentIdentifier) -> Answer<()> {
    panic!("a test wants it")
}
