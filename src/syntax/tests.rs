//! Properties of the lines and words, and the readings of the reference's experiments.

use proptest::prelude::*;

use crate::source::{SourceFile, Sources};

use super::{ReadOptions, Tail, TokenKind, Tree, grammar, read};

/// Bytes that make trouble, more often than chance would bring them.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => prop::sample::select(b" \t\"'\\#$x{}[]*-\r.A_0a,".to_vec()),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    /// The splitter of plain words and the grammar agree on any line.
    #[test]
    fn the_splitter_equals_the_grammar(mut bytes in lines()) {
        bytes.retain(|b| !matches!(b, b'\n' | 0));
        let file = SourceFile::new("f", bytes.clone());
        let tree = Tree::new(&file);
        let expected = grammar::line(&bytes);
        if tree.lines().is_empty() {
            prop_assert!(expected.words.is_empty());
            return Ok(());
        }
        let ours: Vec<_> = tree.words(0).iter().map(|w| w.span()).collect();
        let theirs: Vec<_> = expected.words.iter().map(|w| w.span).collect();
        prop_assert_eq!(ours, theirs);
        for (index, word) in expected.words.iter().enumerate() {
            prop_assert_eq!(tree.pieces(0, index), word.pieces.as_deref().unwrap_or(&[]));
        }
        let tail = expected.tail.map(|(at, tail)| (at, if tail == Tail::Cut && at as usize + 1 == bytes.len() { Tail::CrLf } else { tail }));
        let line = tree.lines()[0];
        prop_assert_eq!(tail.unwrap_or((line.tail_start, Tail::End)), (line.tail_start, line.tail));
    }

    /// The tokens of a tree tile its file, whatever is in it.
    #[test]
    fn tokens_tile_the_file(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = SourceFile::new("f", bytes.clone());
        let tree = Tree::new(&file);
        let mut at = 0;
        for token in tree.tokens() {
            prop_assert_eq!(token.span.start, at);
            prop_assert!(!token.span.is_empty());
            prop_assert!(token.kind != TokenKind::LineFeed || file.slice(token.span) == b"\n");
            at = token.span.end;
        }
        prop_assert_eq!(at as usize, bytes.len());
    }

    /// Reading never panics.
    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(lines(), 0..6)) {
        let sources = Sources::single("f", bytes.join(&b'\n'));
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        prop_assert!(!read(&sources, &trees, &ReadOptions::default()).is_empty());
    }
}
