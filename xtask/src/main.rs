//! Work on the project itself.
//!
//! `cargo xtask catalog import HAPROXY…` asks real binaries for the words they know (`-dKcfg`, `-vv`) and reports what
//! the catalog lacks for their versions, and what it has too much.

mod catalog;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["catalog", "import", binaries @ ..] if !binaries.is_empty() => catalog::import(binaries),
        _ => {
            eprintln!(
                "usage: cargo xtask catalog import HAPROXY…\n\nHAPROXY is the path of a binary, or a folder with its recorded lists (V-cfg.txt, V-vv.txt) as PATH/V"
            );
            ExitCode::from(2)
        }
    }
}
