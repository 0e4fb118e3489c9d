//! Properties of the lines and words, and the readings of the reference's experiments.

use proptest::prelude::*;

use crate::source::{FileId, SourceFile, Sources, Span};

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
        if tree.lines().len() == 0 {
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
        let line = tree.line(0);
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

/// A file so large that two threads cut it gives the tokens that its lines give one by one.
#[test]
fn halves_are_joined_without_a_seam() {
    let lines =
        ["\tbind \"$ADDRESS\":80 # all\n", "\n", "acl \\x41 path 'a b' \"${B:-c d}\"\n", "server one 192.0.2.1:80 check\n", "x \"broken\n"];
    let text: String = lines.iter().cycle().take(60_000).copied().collect();
    assert!(text.len() > 1 << 20);
    let file = SourceFile::new("f", text.into_bytes());
    let tree = Tree::new(&file);
    assert_eq!(tree.lines().len(), 60_000);
    let single: Vec<Tree> = lines.iter().map(|line| Tree::new(&SourceFile::new("f", line.as_bytes().to_vec()))).collect();
    let mut start = 0;
    for number in 0..tree.lines().len() {
        let alone = &single[number % lines.len()];
        assert_eq!(tree.line(number).span.start, start);
        let words = |tree: &Tree, line: usize, start: u32| -> Vec<_> {
            tree.words(line)
                .iter()
                .enumerate()
                .map(|(i, w)| (w.span().start - start, w.span().end - start, tree.pieces(line, i).len()))
                .collect()
        };
        assert_eq!(words(&tree, number, start), words(alone, 0, 0), "line {number}");
        start = tree.line(number).span.end + 1;
    }
}

/// It is kept of few lines where they begin: the others are found from there, whatever lines are between.
#[test]
fn every_line_is_found_and_knows_its_number() {
    let forms = ["\tbind :80 # all", "", "# all", "acl a path 'a b'", "server one 192.0.2.1:80 check", "log-tag a\r", "[scope]"];
    let long = format!("acl long src {}", "192.0.2.1 ".repeat(40));
    let lines: Vec<&str> = std::iter::once("global").chain(forms.into_iter().chain([&*long]).cycle().take(100)).collect();
    let sources = Sources::single("f", lines.join("\n"));
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let (file, tree) = (&sources.files()[0], &trees[0]);
    assert_eq!(tree.lines().len(), lines.len());
    let texts: Vec<_> = tree.lines().map(|line| file.text(line.span).into_owned()).collect();
    assert_eq!(texts, lines);
    let commented = |tail: Tail| tree.ending_in(tail).map(|(number, line)| (number, line.span)).collect::<Vec<_>>();
    let expected = tree.lines().enumerate().filter(|(_, line)| line.tail == Tail::Comment).map(|(number, line)| (number, line.span));
    assert_eq!(commented(Tail::Comment), expected.collect::<Vec<_>>());
    let readings = read(&sources, &trees, &ReadOptions::default());
    let numbers: Vec<usize> = readings[0].statements(0..readings[0].len()).map(|statement| statement.line()).collect();
    let expected = (0..lines.len()).filter(|number| !matches!(lines[*number], "" | "# all" | "[scope]"));
    assert_eq!(numbers, expected.collect::<Vec<_>>());
}

/// Lines of any length keep their words: those that fit into cells, those that begin beyond, and those that end beyond.
#[test]
fn short_and_long_lines_keep_their_words() {
    for (blanks, length, comment) in
        [(0, 255, ""), (0, 256, ""), (1, 254, " # c"), (252, 1, "# c"), (254, 1, ""), (255, 1, ""), (3, 70_000, " # c")]
    {
        let line = format!("{}{}{comment}", " ".repeat(blanks), "w".repeat(length));
        let sources = Sources::single("f", format!("global\n{line}\n\tb c\n"));
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let (file, tree) = (&sources.files()[0], &trees[0]);
        let found: Vec<&[u8]> = (0..3).flat_map(|line| tree.words(line).iter()).map(|word| file.slice(word.span())).collect();
        assert_eq!(found, [&b"global"[..], "w".repeat(length).as_bytes(), b"b", b"c"], "{blanks} blanks, {length} bytes");
        assert_eq!(file.slice(Span::new(tree.line(1).tail_start, tree.line(1).span.end)), comment.trim_start().as_bytes());
        let readings = read(&sources, &trees, &ReadOptions::default());
        let long = readings[0].statement(1);
        assert_eq!((long.str(0).len(), long.word(1).is_none(), long.line(), long.words().count()), (length, true, 1, 1));
        assert_eq!(long.plain_text().map(<[u8]>::len), Some(length));
    }
}

/// A statement is found in its file, however many there are.
#[test]
fn statements_know_their_file() {
    let files =
        (0..400).map(|n| SourceFile::new(format!("f{n}"), format!("{}backend b{n}\n", "# c\n".repeat(n % 3)).into_bytes())).collect();
    let sources = Sources::new(files);
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let readings = read(&sources, &trees, &ReadOptions::default());
    assert_eq!(readings[0].len(), 400);
    for (n, statement) in readings[0].statements(0..400).enumerate() {
        assert_eq!((statement.file_id(), statement.str(1), statement.line()), (FileId(n as u32), &*format!("b{n}"), n % 3));
    }
}
