//! Whatever is found, every format is read back by the kind of program that it is for.
//!
//! The first line is the name of the file: names are as foreign as texts.
#![no_main]

use haproxy_lint::{
    check::{Options, check},
    report::{Checked, Format, Style, render},
    source::Sources,
};
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|b| *b == b'\n').unwrap_or(0);
    let name = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let sources = Sources::single(name, &bytes[end..]);
    let report = check(&sources, &Options::default());
    let found = report.findings.len();
    let checked = [Checked { sources: &sources, report: &report, target: None }];
    for (name, format) in Format::ALL {
        let mut out = Vec::new();
        render(format, &checked, Style::plain(80), &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("what is shown is UTF-8");
        match format {
            Format::Json => assert_eq!(list(&json(&text)["findings"]), found),
            Format::Jsonl => assert_eq!(text.lines().map(json).count(), found),
            Format::Sarif => assert_eq!(list(&json(&text)["runs"][0]["results"]), found.min(25_000)),
            Format::Gitlab => assert_eq!(list(&json(&text)), found),
            Format::Rdjson => assert_eq!(list(&json(&text)["diagnostics"]), found),
            Format::Checkstyle => assert_eq!(elements(&text, "error"), found),
            Format::Junit => drop(elements(&text, "testcase")),
            Format::Html => page(&text),
            _ => plain(name, &text),
        }
    }
});

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn list(value: &Value) -> usize {
    value.as_array().expect("it is a list").len()
}

/// How many elements of that name an XML reader finds.
fn elements(text: &str, name: &str) -> usize {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    document.descendants().filter(|node| node.has_tag_name(name)).count()
}

/// No text of the file opens an element that runs: there is our own script alone.
fn page(text: &str) {
    assert!(text.matches("<script").count() == 1 && !text.contains("<img") && !text.contains("<iframe"), "{text}");
}

/// Text for people and logs: no control character, and no line that a CI system obeys, but for GitHub's own commands.
fn plain(name: &str, text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{name}: {text:?}");
    for line in text.lines().filter(|l| l.trim_start().starts_with("::")) {
        let ours = ["::error ", "::warning ", "::notice ", "::error::", "::warning::", "::notice::"];
        assert!(name == "github" && ours.iter().any(|command| line.starts_with(command)), "{name}: {line}");
    }
}
