//! The text of a document as it is kept, so that tests can hold it against theirs.

use gen_lsp_types as lsp;

use crate::lsp::{
    handler::{Handler, Read},
    wire::Answer,
};

enum Text {}

impl lsp::Request for Text {
    const METHOD: lsp::LspRequestMethod<'static> = lsp::LspRequestMethod::Custom("test/text");
    const MESSAGE_DIRECTION: lsp::MessageDirection = lsp::MessageDirection::ClientToServer;
    type Params = lsp::TextDocumentIdentifier;
    type Result = String;
}

/// `test/text`.
pub(super) fn handler() -> Handler {
    Handler::read::<Text>(|document| document.uri.as_ref(), answer)
}

fn answer(read: &Read<'_>, document: lsp::TextDocumentIdentifier) -> Answer<String> {
    let file = read.text.file(&document.uri)?;
    Ok(String::from_utf8_lossy(read.text.sources.file(file).bytes()).into_owned())
}
