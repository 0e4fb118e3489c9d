//! Every real configuration of the corpus goes through every stage and comes back unchanged.

mod common;

use std::path::Path;

use haproxy_lint::{
    check::{Options, check},
    source::{Disk, FileReader, SourceFile, Sources},
    syntax::Tree,
};

fn corpus(test: &str) -> Vec<std::path::PathBuf> {
    let Some(shared) = common::shared(test) else { return Vec::new() };
    let files = Disk.walk(&shared.join("corpus")).expect("the corpus can be read");
    assert!(files.len() > 1500, "the corpus has {} files", files.len());
    files
}

fn read(path: &Path) -> SourceFile {
    SourceFile::read(&Disk, path).expect("the file can be read")
}

#[test]
fn the_tree_of_each_file_tiles_it() {
    for path in corpus("the_tree_of_each_file_tiles_it") {
        let file = read(&path);
        let tree = Tree::new(&file);
        let mut rebuilt = Vec::with_capacity(file.bytes().len());
        for token in tree.tokens() {
            assert_eq!(token.span.start as usize, rebuilt.len(), "{}", path.display());
            rebuilt.extend_from_slice(file.slice(token.span));
        }
        assert!(rebuilt == file.bytes(), "{}", path.display());
    }
}

#[test]
fn each_file_can_be_checked() {
    for path in corpus("each_file_can_be_checked") {
        let sources = Sources::new(vec![read(&path)]);
        for finding in check(&sources, &Options::default()).findings {
            let inside = finding.location.is_none_or(|l| l.span.end as usize <= sources.file(l.file).bytes().len());
            assert!(inside, "{}: {finding:?}", path.display());
        }
    }
}
