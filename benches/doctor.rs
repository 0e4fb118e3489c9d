//! How fast the doctor reads what large meshes print, and judges it.
//!
//! `cargo bench --bench doctor`.

#[path = "../tests/common/dump.rs"]
mod dump;

use divan::Bencher;
use dump::{diagnose, dump};

fn main() {
    divan::main();
}

/// One node with so many peers.
#[divan::bench(args = [50, 200, 800])]
fn one_node(bencher: Bencher<'_, '_>, peers: usize) {
    let text = dump(0, peers);
    bencher.bench_local(|| diagnose(&[(None, &text)]).map(|found| found.health));
}

/// So many nodes, each with all others as peers: lines grow with the square.
#[divan::bench(args = [10, 50])]
fn whole_mesh(bencher: Bencher<'_, '_>, nodes: usize) {
    let texts: Vec<(String, String)> = (0..nodes).map(|own| (format!("n{own}"), dump(own, nodes))).collect();
    let texts: Vec<(Option<&str>, &str)> = texts.iter().map(|(name, text)| (Some(name.as_str()), text.as_str())).collect();
    bencher.bench_local(|| diagnose(&texts).map(|found| found.health));
}
