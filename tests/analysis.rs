//! Completion over real configurations: what was written is what is offered.

use haproxy_lint::{
    analysis::{Cursor, Snapshot, View, complete, words},
    catalog::Role,
    check::{Options, check},
    finding::Edit,
    fix::apply,
    source::{FileId, Location, SourceFile, Sources},
    syntax::ReadOptions,
    version::{Version, VersionSet},
};

mod common;

/// So many files are looked at, and so many lines of each, far from each other.
const FILES: usize = 100;
const LINES: usize = 25;
/// So many are when there is time.
const ALL_FILES: usize = 300;

/// The first files that HAProxy 2.6 accepts as they are.
fn accepted(most: usize) -> Vec<SourceFile> {
    let Some(shared) = common::shared("what_was_written_is_offered") else { return Vec::new() };
    let corpus = shared.join("corpus");
    let oracle = std::fs::read_to_string(corpus.join("oracle-2.6.jsonl")).expect("the verdicts can be read");
    let records = oracle.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let names = records.filter(|record| record["verdict"] == "ok").filter_map(|record| Some(record["file"].as_str()?.to_owned()));
    let open = names.filter(|name| name.starts_with("open/") && !name.contains("regtests"));
    open.take(most).map(|name| SourceFile::new(name.as_str(), std::fs::read(corpus.join(&name)).expect("the file can be read"))).collect()
}

/// The keywords and names of a configuration.
fn keywords_and_names(view: &View<'_>, lines: usize) -> Vec<Location> {
    let config = view.config();
    let mut found: Vec<Location> = config.names.uses().map(|used| used.location()).collect();
    let reading = config.reading;
    let step = (reading.len() / lines).max(1);
    for number in (0..reading.len()).step_by(step) {
        let line = reading.statement(number).location();
        let all = words(view, Cursor { file: line.file, offset: line.span.start });
        found.extend(all.iter().filter(|word| word.role == Some(Role::Keyword)).map(|word| word.location));
    }
    let step = (found.len() / lines.saturating_mul(4)).max(1);
    found.into_iter().step_by(step).collect()
}

/// Whether the word is offered when two letters of it are typed.
fn is_offered(view: &View<'_>, word: Location, text: &str) -> bool {
    let typed = text.chars().take(2).map(char::len_utf8).sum::<usize>() as u32;
    let cursor = Cursor { file: word.file, offset: word.span.start + typed };
    complete(view, cursor).iter().any(|item| item.text.trim_end_matches('(') == text && item.replaces.span.start == word.span.start)
}

#[test]
fn what_was_written_is_offered() {
    offers_what_was_written(FILES, LINES);
}

#[test]
#[ignore = "minutes: every word of 300 files, `cargo test --release --test analysis -- --ignored --nocapture`"]
fn every_word_that_was_written_is_offered() {
    offers_what_was_written(ALL_FILES, usize::MAX / 8);
}

fn offers_what_was_written(files: usize, lines: usize) {
    let (mut all, mut missed) = (0, Vec::new());
    for file in accepted(files) {
        let sources = Sources::new(vec![file]);
        let snapshot = Snapshot::new(sources, ReadOptions { versions: VersionSet::branch(2, 6), ..ReadOptions::default() });
        snapshot.with(|view| {
            for word in keywords_and_names(view, lines) {
                let file = snapshot.sources().file(word.file);
                let Some(text) = file.str(word.span).map(|text| text.trim_matches(['"', '\''])) else { continue };
                let start = file.text(word.span).find(text).unwrap_or(0) as u32;
                let bare = Location { span: haproxy_lint::source::Span::new(word.span.start + start, word.span.end), ..word };
                all += 1;
                if !is_offered(view, bare, text) {
                    let line = file.line_span(file.line_of(word.span.start));
                    missed.push(format!("{text}: {}", file.text(line).trim()));
                }
            }
        });
    }
    if all == 0 {
        return;
    }
    let share = 100.0 - 100.0 * missed.len() as f64 / all as f64;
    println!("{share:.2} % of {all}");
    assert!(share >= 97.0, "{share:.2} % of {all}; not offered:\n{}", missed.join("\n"));
}

/// The rules that say that a word cannot stand where it stands, whatever comes behind it.
const UNKNOWN: [&str; 9] = [
    "keyword/unknown-keyword",
    "keyword/unknown-argument",
    "keyword/unknown-option",
    "keyword/unknown-fetch",
    "keyword/unknown-converter",
    "keyword/misplaced-keyword",
    "version/removed-keyword",
    "version/too-new-keyword",
    "syntax/keyword-out-of-section",
];

/// Every `step`th of what is offered in some places is put there: the catalog must know it at the target.
#[test]
#[ignore = "minutes: what is offered is written, and checked, `cargo test --release --test analysis -- --ignored --nocapture`"]
fn what_is_offered_is_accepted() {
    let (mut all, mut refused) = (0, Vec::new());
    let options = Options { target: Some(Version::new(2, 6, 12)), ..Options::default() };
    for file in accepted(ALL_FILES).into_iter().filter(|file| file.bytes().len() < 8_000) {
        let snapshot = Snapshot::new(Sources::new(vec![file]), options.read_options());
        let tried: Vec<(Location, String)> = snapshot.with(|view| {
            let places = keywords_and_names(view, 2);
            let offered = places.into_iter().flat_map(|word| {
                let cursor = Cursor { file: word.file, offset: word.span.start + 1 };
                let items = complete(view, cursor);
                let step = (items.len() / 6).max(1);
                items.into_iter().step_by(step).map(|item| (item.replaces, item.text.into_owned())).collect::<Vec<_>>()
            });
            offered.collect()
        });
        // In the place of a call its arguments would stay.
        let calls = |place: &Location| snapshot.sources().file(place.file).bytes().get(place.span.end as usize) == Some(&b'(');
        for (replaced, text) in tried.into_iter().filter(|(place, _)| !calls(place)) {
            let edit = Edit::replace(replaced, text.as_str());
            let after = apply(snapshot.sources(), &[&edit]);
            let here =
                |place: Location| place.span.start <= replaced.span.start && replaced.span.start < place.span.end.max(place.span.start + 1);
            let found = check(&after, &options).findings.into_iter().filter(|f| f.location.is_some_and(here));
            all += 1;
            let name = after.files()[0].name().to_owned();
            refused.extend(found.filter(|f| UNKNOWN.contains(&f.rule.name)).map(|f| format!("{name}: {text}: {}", f.message)));
        }
    }
    println!("{} of {all} are refused:\n{}", refused.len(), refused.join("\n"));
    // `lua.` is known once a script is loaded, and `redirect` wants another word before its condition.
    assert!(refused.len() * 1000 <= all, "{} of {all}", refused.len());
}

/// What is offered at the end of a line in a frontend.
fn offered(line: &str) -> Vec<String> {
    let text = format!("resolvers dns\nbackend app\nfrontend web\n acl inside src 10.0.0.0/8\n {line}");
    let cursor = Cursor { file: FileId(0), offset: text.len() as u32 };
    let snapshot = Snapshot::new(Sources::single("haproxy.cfg", text), ReadOptions::default());
    snapshot.with(|view| complete(view, cursor).into_iter().map(|item| item.text.into_owned()).collect())
}

/// The keyword of `tests/made-up.sig`, which `tests/made_up.rs` is about, needs no other row to be completed.
#[test]
fn a_keyword_is_completed_from_its_line_alone() {
    if haproxy_lint::catalog::keywords("made-up").is_empty() {
        println!("skipped: the library was built without tests/made-up.sig; set HAPROXY_LINT_EXTRA_SIG to it");
        return;
    }
    for (line, wanted) in [
        ("ma", "made-up"),
        ("made-up a", "app"),
        ("made-up app d", "dns"),
        ("made-up app dns /etc/x sr", "src"),
        ("made-up app dns /etc/x src slow i", "if"),
        ("made-up app dns /etc/x src if in", "inside"),
    ] {
        assert!(offered(line).iter().any(|text| text == wanted), "{wanted} behind {line}");
    }
}
