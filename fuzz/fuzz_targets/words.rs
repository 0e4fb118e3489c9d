//! Any bytes can be read, in every world they mean, and every word can be asked for.
#![no_main]

use haproxy_lint::{
    source::Sources,
    syntax::{ReadOptions, Tree, read},
    version::VersionSet,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let sources = Sources::single("fuzz.cfg", bytes);
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let options = ReadOptions { versions: VersionSet::ALL, ..ReadOptions::default() };
    for reading in read(&sources, &trees, &options) {
        for statement in reading.statements(0..reading.len()) {
            statement.words().for_each(|word| drop((word.display(), word.marked())));
        }
    }
});
