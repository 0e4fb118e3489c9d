//! Every real configuration of the corpus is laid out: the same words, at once, and few lines otherwise.

mod common;
#[path = "common/cores.rs"]
mod cores;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cores::on_all_cores;
use haproxy_lint::{
    FileId, FormatStyle, Indent, SourceFile, Spacing, format,
    format::{Refused, applied},
    syntax::{Piece, Tail, Tree},
};

/// The files of the corpus that somebody wrote, those of HAProxy's own tests, and mutants of them.
fn corpus(test: &str) -> Vec<SourceFile> {
    let Some(shared) = common::shared(test) else { return Vec::new() };
    let read = |path: PathBuf| SourceFile::new(path.to_string_lossy(), fs::read(&path).expect("the file can be read"));
    let files: Vec<SourceFile> = ["corpus/open", "corpus/open/regtests", "corpus/mutants"]
        .iter()
        .flat_map(|folder| below(&shared.join(folder), "cfg"))
        .map(read)
        .collect();
    assert!(files.len() > 1500, "the corpus has {} files", files.len());
    // All mutants take a minute without optimisation.
    let every = if cfg!(debug_assertions) { 4 } else { 1 };
    let (mutants, mut others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.name().contains("mutants"));
    others.extend(mutants.into_iter().step_by(every));
    others
}

/// Those of the corpus that do not take many seconds without optimisation.
fn short(mut files: Vec<SourceFile>) -> Vec<SourceFile> {
    files.retain(|file| !cfg!(debug_assertions) || file.bytes().len() <= 64 << 10);
    files
}

/// The files of a folder with that ending, in order.
fn below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the corpus can be read").map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    files.sort();
    files
}

/// Whether a program had a hand in it.
fn is_made(file: &SourceFile) -> bool {
    ["regtests", "mutants"].iter().any(|folder| file.name().contains(folder))
}

fn styles() -> Vec<FormatStyle> {
    let spacings = |indent| Spacing::ALL.map(|(_, spacing)| FormatStyle { indent, spacing });
    Indent::ALL.iter().flat_map(|(_, indent)| spacings(*indent)).collect()
}

/// The file as it is laid out; `None` for a template.
fn laid_out(file: &SourceFile, style: FormatStyle) -> Option<SourceFile> {
    match format(FileId(0), file, style, None) {
        Ok(edits) => Some(SourceFile::new(file.name(), applied(file.bytes(), &edits))),
        Err(Refused::Template(_)) => None,
        Err(error) => panic!("{}: {error}", file.name()),
    }
}

/// What is written, line by line: the words with their pieces, and what stands behind them.
fn words(file: &SourceFile) -> Vec<(Vec<String>, Vec<usize>, String)> {
    let tree = Tree::new(file);
    let line = |number: usize| {
        let line = tree.line(number);
        let words: Vec<String> = tree.words(number).iter().map(|word| file.text(word.span()).into_owned()).collect();
        let kinds = (0..words.len()).flat_map(|index| tree.pieces(number, index).iter().map(kind)).collect();
        let tail = String::from_utf8_lossy(&file.bytes()[line.tail_start as usize..line.span.end as usize]).into_owned();
        (words, kinds, if matches!(line.tail, Tail::End | Tail::CrLf) { String::new() } else { tail.trim_end().to_owned() })
    };
    (0..tree.lines().len()).map(line).filter(|(words, _, tail)| !words.is_empty() || !tail.is_empty()).collect()
}

fn kind(piece: &Piece) -> usize {
    match piece {
        Piece::Text(_) => 0,
        Piece::Escape(..) => 1,
        Piece::Variable { .. } => 2,
        _ => 3,
    }
}

#[test]
fn every_style_keeps_the_words_of_each_file_and_is_done_at_once() {
    on_all_cores(&short(corpus("every_style_keeps_the_words_of_each_file_and_is_done_at_once")), |file| {
        let before = words(file);
        for style in styles() {
            let Some(new) = laid_out(file, style) else { continue };
            assert!(words(&new) == before, "{} {style:?}", file.name());
            let again = laid_out(&new, style).expect("it is no template");
            assert!(again.bytes() == new.bytes(), "{} {style:?}", file.name());
        }
    });
}

#[test]
fn templates_are_left_alone() {
    let Some(shared) = common::shared("templates_are_left_alone") else { return };
    let (mut all, mut left) = (0, 0);
    for path in below(&shared.join("corpus/templates"), "tpl") {
        let file = SourceFile::new(path.to_string_lossy(), fs::read(&path).expect("the file can be read"));
        let new = laid_out(&file, FormatStyle::default());
        assert!(new.as_ref().is_none_or(|new| words(new) == words(&file)), "{}", path.display());
        (all, left) = (all + 1, left + usize::from(new.is_none()));
    }
    println!("{left} of {all} templates are left alone");
    assert!(left * 10 >= all * 9, "{left} of {all}");
}

#[test]
fn few_lines_change_where_nothing_is_chosen() {
    let (mut all, mut changed, mut files, mut untouched) = (0, 0, 0, 0);
    for file in corpus("few_lines_change_where_nothing_is_chosen").iter().filter(|file| !is_made(file)) {
        let Ok(edits) = format(FileId(0), file, FormatStyle::default(), None) else { continue };
        // A blank line that loses its blanks looks as before.
        let is_seen = |line: &usize| !file.slice(file.line_span(*line)).trim_ascii().is_empty();
        let lines: BTreeSet<usize> = edits.iter().map(|edit| file.line_of(edit.location.span.start)).collect();
        let removed = edits.iter().filter(|edit| edit.text.is_empty()).map(|edit| file.line_of(edit.location.span.start));
        let removed: BTreeSet<usize> = removed.collect();
        let lines: Vec<&usize> = lines.iter().filter(|line| is_seen(line) || removed.contains(line)).collect();
        (all, changed) = (all + Tree::new(file).lines().len(), changed + lines.len());
        (files, untouched) = (files + 1, untouched + usize::from(edits.is_empty()));
    }
    println!("{changed} of {all} lines change, and nothing in {untouched} of {files} files");
    assert!(changed * 100 <= all * 8, "{changed} of {all} lines change");
}

#[test]
fn each_line_alone_changes_that_line_alone() {
    let mut files = short(corpus("each_line_alone_changes_that_line_alone"));
    files.retain(|file| !file.name().contains("mutants"));
    on_all_cores(&files, |file| {
        let Ok(whole) = format(FileId(0), file, FormatStyle::default(), None) else { return };
        let touched: BTreeSet<usize> = whole.iter().map(|edit| file.line_of(edit.location.span.start)).collect();
        // Some of a file, and those between them for which nothing is to be done.
        let often = touched.len() / if cfg!(debug_assertions) { 30 } else { 100 } + 1;
        let asked = |line: &usize| touched.contains(line) && line.is_multiple_of(often) || line.is_multiple_of(97);
        for line in (0..file.line_starts().len()).filter(asked) {
            let edits = format(FileId(0), file, FormatStyle::default(), Some(line + 1..=line + 1)).expect("it is no template");
            let new = applied(file.bytes(), &edits);
            let (start, behind) = (file.line_span(line).start as usize, file.line_span(line + 1).start as usize);
            assert!(new.starts_with(&file.bytes()[..start]), "{}:{}", file.name(), line + 1);
            assert!(new.ends_with(&file.bytes()[behind..]), "{}:{}", file.name(), line + 1);
            assert_eq!(edits.is_empty(), !touched.contains(&line), "{}:{}", file.name(), line + 1);
            let own: Vec<_> = whole.iter().filter(|edit| file.line_of(edit.location.span.start) == line).cloned().collect();
            assert_eq!(edits, own, "{}:{}", file.name(), line + 1);
        }
    });
}

/// `HAPROXY_BINARIES=/usr/sbin/haproxy:… cargo test --release --test format real -- --ignored`
#[test]
#[ignore = "needs HAPROXY_BINARIES, and runs them for minutes"]
fn real_haproxy_says_the_same() {
    let binaries = std::env::var("HAPROXY_BINARIES").expect("HAPROXY_BINARIES names the programs, with `:` between them");
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("haproxy.cfg");
    let says = |binary: &str, bytes: &[u8]| {
        fs::write(&path, bytes).expect("it can be written");
        Command::new(binary).arg("-c").arg("-f").arg(&path).output().expect("it can be run").status.code()
    };
    for binary in binaries.split(':') {
        let (mut asked, mut accepted, mut otherwise) = (0, 0, Vec::new());
        for file in corpus("real_haproxy_says_the_same").iter().filter(|file| !file.name().contains("mutants")) {
            // A line feed that is missing at the end is an error of its own.
            let mut ended = file.bytes().to_vec();
            if !ended.ends_with(b"\n") {
                ended.push(b'\n');
            }
            let before = says(binary, &ended);
            asked += 1;
            accepted += usize::from(before == Some(0));
            for style in [FormatStyle::default(), FormatStyle { indent: Indent::Tab, ..FormatStyle::default() }] {
                let Some(new) = laid_out(file, style) else { continue };
                if new.bytes() != file.bytes() && says(binary, new.bytes()) != before {
                    otherwise.push(format!("{} {style:?}", file.name()));
                }
            }
        }
        println!("{binary}: asked of {asked} files, which it accepts {accepted} of");
        assert!(otherwise.is_empty(), "{binary} says otherwise:\n{}", otherwise.join("\n"));
    }
}
