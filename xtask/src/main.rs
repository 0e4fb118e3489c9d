//! Work on the project itself.
//!
//! `cargo xtask catalog import HAPROXY…` asks real binaries for the words they know (`-dKcfg`, `-vv`) and reports what
//! the catalog lacks for their versions, and what it has too much.
//!
//! `cargo xtask docs [--check]` writes what the documentation says of rules, formats and settings, or says what in it is out of date.
//!
//! `cargo xtask count [--write] PROGRAM` counts the instructions of the built program for fixed inputs.
//!
//! `cargo xtask dist` makes what is given to people, in `target/dist`, and tries it.
//!
//! `cargo xtask fuzz [--minutes N] [TARGET…]` runs the fuzz targets, with seeds from the shared folder.
//!
//! `cargo xtask catalog try HAPROXY… [--lines N] [--seed N] [--table NAME]` makes lines of the catalog, right ones and
//! nearly right ones, and reports where a binary and the library do not agree.

mod catalog;
mod count;
mod dist;
mod docs;
mod fuzz;
mod generate;
mod judge;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["catalog", "import", binaries @ ..] if !binaries.is_empty() => catalog::import(binaries),
        ["docs"] => docs::run(false),
        ["docs", "--check"] => docs::run(true),
        ["count", program] => count::run(program, false),
        ["count", "--write", program] => count::run(program, true),
        ["dist"] => dist::run(),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["catalog", "try", rest @ ..] if !rest.is_empty() => judge::run(rest),
        _ => {
            eprintln!(
                "usage: cargo xtask catalog import HAPROXY…\n       cargo xtask catalog try HAPROXY… [--lines N] [--seed N] [--table NAME]\n       cargo xtask docs [--check]\n       cargo xtask dist\n       cargo xtask count [--write] PROGRAM\n       cargo xtask fuzz [--minutes N] [TARGET…]\n\nHAPROXY is the path of a binary, or a folder with its recorded lists (V-cfg.txt, V-vv.txt) as PATH/V"
            );
            ExitCode::from(2)
        }
    }
}
