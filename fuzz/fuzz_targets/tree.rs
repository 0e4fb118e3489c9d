//! The tokens of a tree tile the file: no byte is lost, none is there twice.
#![no_main]

use haproxy_lint::{source::SourceFile, syntax::Tree};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = SourceFile::new("fuzz.cfg", bytes.to_vec());
    let tree = Tree::new(&file);
    let mut rebuilt = Vec::new();
    for token in tree.tokens() {
        assert_eq!(token.span.start as usize, rebuilt.len());
        rebuilt.extend_from_slice(file.slice(token.span));
    }
    assert_eq!(rebuilt, bytes);
});
