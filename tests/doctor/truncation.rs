//! Texts that are cut, mixed up or indented otherwise: no panic, and never `healthy` where what is seen shows a fault.

use haproxy_lint::{check::doctor::Health, runtime};
use proptest::prelude::*;

use super::{captures, cores::on_all_cores, diagnose, health};

/// What tells a fault in the lines of a remote peer, by looking at the words alone.
const FAULTS: [&str; 6] = ["CONN", "HSHK", "NAME", "UNKN", "PROT", "VERS"];

/// The remote peers whose faults stand whole in `text`, of processes that do not speak later of the same peer.
fn faults(text: &str) -> usize {
    let mut faults = 0;
    for (at, _) in text.match_indices("(remote") {
        let line = text[at..].lines().next().unwrap_or("");
        let status = line.split("status=").nth(1).and_then(|s| s.split(|c: char| !c.is_ascii_uppercase()).next());
        let ended = line.split("status=").nth(1).is_some_and(|s| s.contains(' '));
        faults += usize::from(ended && status.is_some_and(|s| FAULTS.contains(&s)));
    }
    faults
}

/// One answer: nothing before and behind it.
fn answers(text: &str) -> Vec<String> {
    let dumps = runtime::parse(text).unwrap_or_default();
    dumps.iter().map(|d| text[d.span.start as usize..d.span.end as usize].to_owned()).filter(|t| t.contains("id=")).collect()
}

#[test]
fn a_text_that_is_cut_anywhere_is_never_healthier_than_it_looks() {
    // Every byte takes minutes without optimisation.
    let every = !cfg!(debug_assertions) || std::env::var_os("EVERY_BYTE").is_some();
    let captures = captures("a_text_that_is_cut_anywhere_is_never_healthier_than_it_looks");
    let cuts = on_all_cores(&captures, |(name, text)| {
        let mut cuts = 0;
        let answers = answers(text);
        // Time series repeat themselves.
        for answer in answers.iter().take(if every { 4 } else { 2 }) {
            let ends = (0..=answer.len()).step_by(if every { 1 } else { 397 }).filter(|at| answer.is_char_boundary(*at));
            for end in ends {
                let part = &answer[..end];
                let health = health(part);
                cuts += 1;
                assert!(
                    health.is_none_or(|h| !h.is_well()) || faults(part) == 0,
                    "{name} is {health:?} when cut after {end} bytes:\n{part}"
                );
            }
        }
        // The whole file with all that is around the answers: a byte here and there.
        for end in (0..=text.len()).step_by(if every { 97 } else { 4999 }).filter(|at| text.is_char_boundary(*at)) {
            let _ = diagnose(&[(None, &text[..end])]);
            cuts += 1;
        }
        cuts
    });
    println!("{} cuts", cuts.iter().sum::<usize>());
}

/// The text as people mangle it: other blanks, wrapped lines, something in front of each.
fn mangled(text: &str, prefix: &str, blanks: &str, wrap: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        out += prefix;
        for (at, word) in line.split_whitespace().enumerate() {
            out += if at > 0 && wrap > 0 && at % wrap == 0 { " \\\n" } else { blanks };
            out += word;
        }
        out += "\r\n";
    }
    out
}

#[test]
fn neither_columns_nor_line_breaks_matter() {
    on_all_cores(&captures("neither_columns_nor_line_breaks_matter"), |(name, text)| {
        for answer in answers(text).iter().take(2) {
            let answer = answer.as_str();
            let whole = diagnose(&[(None, answer)]).map(|d| (d.health, super::lines(&d.findings)));
            for (prefix, blanks, wrap) in [
                ("", "\t", 0),
                ("", " ", 1),
                ("", "   ", 3),
                ("Nov 23 06:45:43 lb1 haproxy[77]: ", " ", 0),
                ("2026-11-23T06:45:43Z stdout F ", " ", 0),
            ] {
                let other = mangled(answer, prefix, blanks, wrap);
                let told = diagnose(&[(None, &other)]).map(|d| (d.health, super::lines(&d.findings)));
                assert_eq!(told, whole, "{name}:\n{other}");
            }
        }
    });
}

const HEALTHY: &str = include_str!("healthy.txt");

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 100 } else { 4000 }))]

    #[test]
    fn nothing_panics(text in "(id=|[a-z]{1,3}\\((remote|local),(in)?active\\)|0x[0-9a-f]{0,3}:?|last_status=[A-Z]{0,4}|table:|appctx:0x1|flags=0x[0-9a-f]{0,9}|[ \n\\\\<>=:()#\"]|new_conn=[0-9]{0,24}|show peers|\\PC){0,60}") {
        let _ = diagnose(&[(None, &text), (Some("n"), &text)]);
    }

    #[test]
    fn a_healthy_text_with_something_changed_does_not_panic(at in 0..HEALTHY.len(), length in 0usize..40, put in "\\PC{0,8}") {
        let end = (at + length).min(HEALTHY.len());
        if HEALTHY.is_char_boundary(at) && HEALTHY.is_char_boundary(end) {
            let text = format!("{}{put}{}", &HEALTHY[..at], &HEALTHY[end..]);
            let _ = diagnose(&[(None, &text)]);
        }
    }
}

#[test]
fn what_is_whole_is_healthy() {
    assert_eq!(health(HEALTHY), Some(Health::Healthy));
    assert_eq!(health("\n"), Some(Health::Broken));
    assert_eq!(health(""), None);
    assert_eq!(health("hello"), None);
    for asked in
        ["$ show peers\n\n", "show peers\n\n", "> show peers\n\n", "7517> show peers", "# echo \"show peers web\" | socat stdio /run/s\n"]
    {
        assert_eq!(health(asked), Some(Health::Broken), "{asked}");
    }
    assert_eq!(health("I ran show peers and nothing came"), None);
}
