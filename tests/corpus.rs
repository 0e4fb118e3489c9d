//! Every real configuration of the corpus goes through every stage and comes back unchanged.

mod common;
#[path = "common/cores.rs"]
mod cores;

use std::{fs, path::Path};

use cores::on_all_cores;
use haproxy_lint::{
    check::{Options, check},
    source::{SourceFile, Sources},
    syntax::Tree,
};

fn corpus(test: &str) -> Vec<std::path::PathBuf> {
    let Some(shared) = common::shared(test) else { return Vec::new() };
    let mut files = Vec::new();
    below(&shared.join("corpus"), &mut files);
    files.sort();
    assert!(files.len() > 1500, "the corpus has {} files", files.len());
    files
}

/// Every `*.cfg` file below a folder that is not hidden.
fn below(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the corpus can be read") {
        let path = entry.expect("it can be read").path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && !path.is_symlink() {
            below(&path, files);
        } else if !hidden && path.is_file() && path.extension().is_some_and(|e| e == "cfg") {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> SourceFile {
    SourceFile::new(path.to_string_lossy(), fs::read(path).expect("the file can be read"))
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
    // All rules, those that are quiet by themselves included: in builds for tests none may speak of what it is not about.
    let mut options = Options::default();
    options.selection.also("all").expect("there is such a group");
    on_all_cores(&corpus("each_file_can_be_checked"), |path| {
        let sources = Sources::new(vec![read(path)]);
        for finding in check(&sources, &options).findings {
            let inside = finding.location.is_none_or(|l| l.span.end as usize <= sources.file(l.file).bytes().len());
            assert!(inside, "{}: {finding:?}", path.display());
        }
    });
}
