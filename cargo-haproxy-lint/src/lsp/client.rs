//! What the client can do, as `initialize` says it. Only what is asked for is looked at, so that odd words of a client keep
//! nobody from working.

use std::path::PathBuf;

use gen_lsp_types as lsp;
use haproxy_lint::analysis::Encoding;
use serde_json::Value;

use super::place;

/// What the client can do.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    capabilities: Value,
    /// What a column counts.
    pub(super) encoding: Columns,
    /// The first folder that is open.
    pub(super) folder: Option<PathBuf>,
}

/// An [`Encoding`] that is UTF-16 where nobody says anything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns(pub(super) Encoding);

impl Default for Columns {
    fn default() -> Self {
        Self(Encoding::Utf16)
    }
}

impl Columns {
    /// Its name in the protocol.
    pub(super) fn kind(self) -> lsp::PositionEncodingKind {
        match self.0 {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }
    }
}

impl Client {
    /// What the parameters of `initialize` say.
    pub(super) fn new(params: &Value) -> Self {
        let capabilities = params.get("capabilities").cloned().unwrap_or_default();
        let encoding = columns(&capabilities);
        let uri = |value: Option<&Value>| value.and_then(Value::as_str).and_then(place::path);
        let folder = uri(params.pointer("/workspaceFolders/0/uri")).or_else(|| uri(params.get("rootUri")));
        let folder = folder.or_else(|| params.get("rootPath").and_then(Value::as_str).map(PathBuf::from));
        Self { capabilities, encoding, folder }
    }

    /// Whether it says that it can do something.
    pub(super) fn can(&self, pointer: &str) -> bool {
        self.capabilities.pointer(pointer) == Some(&Value::Bool(true))
    }

    /// Whether it says anything of something.
    pub(super) fn knows(&self, pointer: &str) -> bool {
        self.capabilities.pointer(pointer).is_some_and(|value| !value.is_null())
    }

    /// Whether a list of what it can do has this word.
    pub(super) fn lists(&self, pointer: &str, word: &str) -> bool {
        let list = self.capabilities.pointer(pointer).and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|known| known.as_str() == Some(word)))
    }

    /// Whether it asks for diagnostics itself.
    pub(super) fn pulls(&self) -> bool {
        self.knows("/textDocument/diagnostic")
    }
}

/// UTF-8, in which nothing is counted anew, where the client has it; otherwise what it likes best.
fn columns(capabilities: &Value) -> Columns {
    let wanted = capabilities.pointer("/general/positionEncodings").and_then(Value::as_array);
    let known = |name: &Value| match name.as_str()? {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    };
    let wanted: Vec<Encoding> = wanted.into_iter().flatten().filter_map(known).collect();
    if wanted.contains(&Encoding::Utf8) { Columns(Encoding::Utf8) } else { wanted.first().copied().map(Columns).unwrap_or_default() }
}
