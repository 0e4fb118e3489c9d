//! Paths and the names of documents; bytes and the lines and columns of the protocol.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use gen_lsp_types as lsp;
use haproxy_lint::{
    analysis::{Encoding, LineColumn, line_column, offset},
    source::{SourceFile, Span},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What stands as it is in the name of a file.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// No disk has a path of so many bytes.
const LONGEST: usize = 4096;

/// The path that a name of a document means; `None` where it is on no disk.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host, if one is named, is this one.
    let path = rest.find('/').and_then(|at| rest.get(at..))?;
    let path = path.split(['?', '#']).next()?;
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    (bytes.len() < LONGEST).then(|| PathBuf::from(OsStr::from_bytes(&bytes)))
}

/// The name of the document at a path.
pub(super) fn uri(path: &Path) -> String {
    format!("file://{}", percent_encode(path.as_os_str().as_bytes(), PLAIN))
}

/// The place of a byte.
pub(super) fn position(file: &SourceFile, at: u32, encoding: Encoding) -> lsp::Position {
    let LineColumn { line, column } = line_column(file, at, encoding);
    lsp::Position { line, character: column }
}

/// The places of a span.
pub(super) fn range(file: &SourceFile, span: Span, encoding: Encoding) -> lsp::Range {
    lsp::Range { start: position(file, span.start, encoding), end: position(file, span.end, encoding) }
}

/// The byte at a place.
pub(super) fn byte(file: &SourceFile, at: lsp::Position, encoding: Encoding) -> u32 {
    offset(file, LineColumn { line: at.line, column: at.character }, encoding)
}

/// The bytes between two places.
pub(super) fn span(file: &SourceFile, range: lsp::Range, encoding: Encoding) -> Span {
    let (a, b) = (byte(file, range.start, encoding), byte(file, range.end, encoding));
    Span::new(a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_there_and_back() {
        for name in ["/etc/haproxy/haproxy.cfg", "/a b/ü%25#?.cfg", "/c:/x"] {
            assert_eq!(path(&uri(Path::new(name))).unwrap(), Path::new(name));
        }
        assert_eq!(path("file:///c%3A/a%20b"), Some(PathBuf::from("/c:/a b")));
        assert_eq!(path("file://localhost/x"), Some(PathBuf::from("/x")));
        assert_eq!((path("untitled:1"), path("file:")), (None, None));
        assert_eq!(path(&format!("file:///{}", "a/".repeat(LONGEST))), None);
    }
}
