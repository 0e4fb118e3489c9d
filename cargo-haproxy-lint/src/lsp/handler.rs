//! What a file in `requests/` says of itself: which request it answers, and whom that request is put to.

use gen_lsp_types as lsp;
use haproxy_lint::{analysis::View, check::Report};
use serde_json::Value;

use super::{
    client::Client,
    colours::Colours,
    outcome::Outcome,
    text::Text,
    wire::{Answer, Fail},
};

/// A configuration that was read: what most requests are about.
pub(super) struct Read<'a> {
    /// Its texts.
    pub(super) text: &'a Text,
    /// What they mean.
    pub(super) view: &'a View<'a>,
}

/// A configuration that was checked.
pub(super) struct Checked<'a> {
    /// The texts that places are in.
    pub(super) text: &'a Text,
    /// What was found.
    pub(super) report: &'a Report,
    /// The same, with what else came of it.
    pub(super) outcome: &'a Outcome,
    /// Whether the text is the one that was asked about.
    pub(super) current: bool,
}

/// Answers a request about a configuration that was read.
pub(super) type OfRead = dyn Fn(&Read<'_>, Value) -> Answer + Send + Sync;
/// Answers a request about a configuration that was checked.
pub(super) type OfChecked = dyn Fn(&Checked<'_>, Value) -> Answer + Send + Sync;
/// Makes one answer of those of several configurations, with the parameters of the request.
pub(super) type Together = fn(&Colours, &Value, Vec<Value>) -> Answer;
/// The document that a request is about.
type Document = dyn Fn(&Value) -> Result<String, Fail> + Send + Sync;

/// Whom a request is put to.
pub(super) enum Ask {
    /// The configuration of a document, as it is now.
    Read(Box<Document>, Box<OfRead>),
    /// The configuration of a document, once it is checked.
    Checked(Box<Document>, Box<OfChecked>),
    /// All configurations, whose lists are put together.
    Everywhere(Box<OfRead>),
}

/// A request that is answered.
pub(super) struct Handler {
    /// Its name.
    pub(super) method: &'static str,
    /// Whom it is put to.
    pub(super) ask: Ask,
    /// Makes one answer of several; where nothing is said, their lists are put together.
    pub(super) together: Option<Together>,
    /// Tells the client that it is answered.
    pub(super) announce: fn(&Client, &mut lsp::ServerCapabilities),
}

/// Reads the parameters of a request.
fn params<R: lsp::Request>(value: Value) -> Result<R::Params, Fail> {
    serde_json::from_value(value).map_err(|error| Fail::invalid(format!("these are no parameters of `{}`: {error}", R::METHOD.as_str())))
}

fn document<R: lsp::Request>(of: fn(&R::Params) -> &str) -> Box<Document> {
    Box::new(move |value| Ok(of(&params::<R>(value.clone())?).to_owned()))
}

/// Makes JSON of an answer.
fn json<R: lsp::Request>(answer: R::Result) -> Answer {
    serde_json::to_value(answer).map_err(|error| Fail::internal(&error.to_string()))
}

impl Handler {
    fn new<R: lsp::Request>(ask: Ask) -> Self {
        Self { method: R::METHOD.as_str(), ask, together: None, announce: |_, _| {} }
    }

    /// A request about a configuration as it is now.
    pub(super) fn read<R: lsp::Request>(of: fn(&R::Params) -> &str, answer: fn(&Read<'_>, R::Params) -> Answer<R::Result>) -> Self {
        let answer = move |read: &Read<'_>, value| json::<R>(answer(read, params::<R>(value)?)?);
        Self::new::<R>(Ask::Read(document::<R>(of), Box::new(answer)))
    }

    /// A request about a configuration that was checked.
    pub(super) fn checked<R: lsp::Request>(of: fn(&R::Params) -> &str, answer: fn(&Checked<'_>, R::Params) -> Answer<R::Result>) -> Self {
        let answer = move |checked: &Checked<'_>, value| json::<R>(answer(checked, params::<R>(value)?)?);
        Self::new::<R>(Ask::Checked(document::<R>(of), Box::new(answer)))
    }

    /// A request about all configurations, each of which answers with a list.
    pub(super) fn everywhere<R: lsp::Request>(answer: fn(&Read<'_>, R::Params) -> Answer<R::Result>) -> Self {
        let answer = move |read: &Read<'_>, value| json::<R>(answer(read, params::<R>(value)?)?);
        Self::new::<R>(Ask::Everywhere(Box::new(answer)))
    }

    /// The same with something to be done with the answers of all.
    pub(super) fn then(self, together: Together) -> Self {
        Self { together: Some(together), ..self }
    }

    /// What is said of it in the answer to `initialize`.
    pub(super) fn announced(self, announce: fn(&Client, &mut lsp::ServerCapabilities)) -> Self {
        Self { announce, ..self }
    }
}
