//! The program of the page, as the page calls it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

fn run(words: &[&str], text: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haproxy-lint-playground"));
    let mut child = command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever is wrong about the words is told before the text is read to its end.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_typed_is_checked_and_laid_out() {
    let text = "frontend web\n  bind :80\n  use_backend nope\n";
    let found = run(&["check", "2.8"], text);
    let json = String::from_utf8(found.stdout).unwrap();
    assert!(found.status.success() && json.contains("reference/unknown-backend") && json.contains("\"target\": \"2.8"), "{json}");
    assert!(String::from_utf8(run(&["check"], text).stdout).unwrap().contains("\"target\": null"));
    assert_eq!(run(&["format"], "global\n maxconn   10").stdout, b"global\n maxconn 10\n");
}

#[test]
fn what_cannot_be_done_is_told() {
    for words in [&["check", "x"][..], &["what"], &[]] {
        let said = run(words, "");
        assert!(!said.status.success() && !said.stderr.is_empty());
    }
    let refused = run(&["format"], "global\n  {% if x %}\n  maxconn {{ n }}\n");
    assert!(String::from_utf8(refused.stderr).unwrap().contains("template"));
}
