//! Fixes are proven, end, and leave nothing to fix.

mod common;
#[path = "common/cores.rs"]
mod cores;
#[path = "rules/examples.rs"]
#[allow(dead_code, reason = "the rules' own tests use the rest")]
mod examples;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cores::on_all_cores;
use haproxy_lint::{
    check::{Options, Report, check},
    finding::{Applicability, Edit, Finding, Severity, Verdict},
    fix::{Fixed, apply, fix},
    rules::{Look, RULES, Rule},
    source::{SourceFile, Sources, Span},
    syntax::Tree,
    topology,
    version::Version,
};

/// Every so many files of the corpus: the whole takes minutes without optimisation.
const STRIDE: usize = 5;

fn mended(text: &str, level: Applicability) -> String {
    let options = Options::default();
    let sources = Sources::single("haproxy.cfg", text);
    let report = check(&sources, &options);
    let fixed = fix(sources, report, level, |sources| check(sources, &options));
    assert_eq!(fixed.dropped, [], "{text}");
    String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned()
}

#[test]
fn what_is_certain_is_mended_without_asking() {
    let text = "\u{FEFF}global\n    maxconn 10 # old\n    nbproc 2\n    maxconn 20\n    maxconn 20";
    assert_eq!(mended(text, Applicability::Safe), "global\n    maxconn 10 # old\n");
}

/// HAProxy sees no line feed behind it, so that one more would mend nothing.
#[test]
fn a_last_line_with_a_nul_byte_is_left_alone() {
    let text = "global\n    maxconn 10 \0";
    assert_eq!(mended(text, Applicability::Unsafe), text);
}

#[test]
fn what_was_probably_meant_is_mended_on_demand() {
    let text = "global\nfrontend web\n    bind :80\n    default_backend ap\nbackend app\n    balance leastcon\n    server one 192.0.2.1:80 chekc\n";
    assert_eq!(mended(text, Applicability::Safe), text);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("mended", mended(text, Applicability::Unsafe));
    });
}

/// A configuration in any kind of scalar is mended there, and reads as the same text elsewhere.
#[test]
fn scalars_of_every_style_are_mended() {
    let inner = "global\n    maxconn 10\n    maxconn 20\nfrontend web\n    bind :80\n    default_backend app\nbackend app\n    server \"a b\" 192.0.2.1:80\n";
    let right = inner.replace("    maxconn 20\n", "");
    let block: String = inner.lines().map(|l| format!("    {l}\n")).collect();
    let quoted = serde_json::Value::from(inner).to_string();
    let folded = inner.replace('\n', "\n\n").replace("\n\n    ", "\n\n").replace('"', "");
    let texts = [
        format!("  haproxy.cfg: |\n{block}"),
        format!("  haproxy.cfg: |- # kept\n{}", block.trim_end()),
        format!("  haproxy.cfg: {quoted} # kept\n"),
        format!("  other: 1 # kept\n  haproxy.cfg: >\n    {}\n", folded.trim_end().replace("\n\n", "\n\n    ")),
        format!("  haproxy.cfg: '{}'\n", inner.trim_end().replace('\n', "\n\n    ")),
    ];
    let check = |sources: &Sources| {
        let files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec())).collect();
        haproxy_lint::check::nodes::check(&topology::read(files).0, &Options::default()).report
    };
    let read = |text: &[u8]| {
        let documents = topology::yaml::documents(&SourceFile::new("f.yaml", text.to_vec())).unwrap();
        documents.list[0].str_at(&["data", "haproxy.cfg"]).unwrap().to_owned()
    };
    let mut made = 0;
    for text in texts {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{text}");
        let sources = Sources::single("f.yaml", text.as_str());
        let report = check(&sources);
        let fixed = fix(sources, report, Applicability::Safe, check);
        assert_eq!(fixed.dropped, [], "{text}");
        let (before, after) = (read(text.as_bytes()), read(fixed.sources.files()[0].bytes()));
        let lines = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(fixed.applied == 0 || lines(&after) == lines(&right.replace('"', if before.contains('"') { "\"" } else { "" })), "{after}");
        made += fixed.applied;
        let out = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
        assert_eq!(out.contains("# kept"), text.contains("# kept"), "{out}");
    }
    assert!(made >= 3, "{made}");
}

#[test]
fn words_beside_an_edit_keep_their_quotes_and_comments() {
    let text = "backend app\n    server one 192.0.2.1:80 chekc cookie \"a b\" # why\n";
    let out = mended(text, Applicability::Unsafe);
    assert!(out.ends_with("    server one 192.0.2.1:80 check cookie \"a b\" # why\n"), "{out}");
}

/// How many bytes a file of the corpus may have: a long one with hundreds of guesses takes half a minute without optimisation.
const LONGEST: u64 = if cfg!(debug_assertions) { 64 << 10 } else { u64::MAX };

/// The configurations of the corpus, of every so many one.
fn corpus(test: &str, every: usize) -> Vec<PathBuf> {
    let Some(corpus) = common::shared(test) else { return Vec::new() };
    let mut all = Vec::new();
    for folder in ["open", "mutants"] {
        let mut paths: Vec<_> = fs::read_dir(corpus.join("corpus").join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        paths.retain(|p| p.extension().is_some_and(|e| e == "cfg") && p.metadata().unwrap().len() <= LONGEST);
        all.extend(paths.into_iter().step_by(every));
    }
    all
}

fn is_refused(report: &Report) -> bool {
    report.findings.iter().any(|f| f.haproxy == Some(Verdict::Reject))
}

/// Over real configurations: each fix passes its proof, a second run finds nothing to do, and HAProxy is predicted to refuse
/// no file that it took.
#[test]
fn the_corpus_is_mended_without_harm() {
    let options = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    let paths = corpus("fixes", STRIDE);
    let made = on_all_cores(&paths, |path| {
        let sources = Sources::single(path.to_string_lossy(), fs::read(path).unwrap());
        let before = check(&sources, &options);
        let was_refused = is_refused(&before);
        let fixed = fix(sources, before, Applicability::Unsafe, |sources| check(sources, &options));
        let wrong: Vec<_> = fixed.dropped.iter().filter(|d| d.applicability == Applicability::Safe).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
        assert!(!fixed.unfinished, "{}", path.display());
        assert!(was_refused || !is_refused(&fixed.report), "{}", path.display());
        let left = fixed.report.findings.iter().filter(|f| f.fix.is_some()).count();
        assert!(left <= fixed.dropped.len(), "{}", path.display());
        fixed.applied
    });
    let (made, changed) = (made.iter().sum::<usize>(), made.iter().filter(|made| **made > 0).count());
    assert!(paths.is_empty() || changed > 20 && made > changed, "{made} fixes in {changed} files");
}

/// Each fix on its own: what it is for is gone, and nothing else has come.
#[test]
fn each_fix_holds_alone() {
    let options = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    let without = |mut report: Report, but: Option<usize>| {
        report.findings.iter_mut().enumerate().filter(|(at, _)| Some(*at) != but).for_each(|(_, f)| f.fix = None);
        report
    };
    let mut made = 0;
    for path in corpus("fixes alone", 4 * STRIDE) {
        let text = fs::read(&path).unwrap();
        let sources = || Sources::single(path.to_string_lossy(), text.clone());
        let report = check(&sources(), &options);
        let numbers: Vec<usize> = (0..report.findings.len()).filter(|at| report.findings[*at].fix.is_some()).take(12).collect();
        for at in numbers {
            let mended = fix(sources(), without(check(&sources(), &options), Some(at)), Applicability::Unsafe, |sources| {
                without(check(sources, &options), None)
            });
            let wrong: Vec<_> = mended.dropped.iter().filter(|d| d.applicability == Applicability::Safe).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
            assert_eq!(mended.applied + mended.dropped.len(), 1, "{}", path.display());
            made += mended.applied;
        }
    }
    println!("{made} fixes hold alone");
}

/// Configurations with something to mend: the bad examples of all rules, and files of the corpus.
fn with_faults(test: &str) -> Vec<(String, Sources, Options)> {
    let in_files = |rule: &&&Rule| matches!(rule.look, Look::Text(_) | Look::World(_) | Look::Faults(_) | Look::Run);
    let rules = RULES.iter().filter(in_files).flat_map(|rule| examples::examples(rule).into_iter().map(move |e| (rule.name, e)));
    let of_rules = rules.filter(|(_, e)| e.bad && !e.topology && !e.runtime);
    let target = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    let of_corpus = corpus(test, 4 * STRIDE).into_iter().map(|path| {
        let name = path.to_string_lossy().into_owned();
        (name.clone(), Sources::single(name, fs::read(path).unwrap()), target.clone())
    });
    of_rules.map(|(name, e)| (name.to_owned(), Sources::single("haproxy.cfg", e.text), e.options)).chain(of_corpus).collect()
}

/// The words of a file that lie outside of `edits`, made or to be made, and do not touch them either.
fn words_outside(file: &SourceFile, edits: &[Span]) -> Vec<Vec<u8>> {
    let tree = Tree::new(file);
    let lines = 0..tree.lines().len();
    let words = lines.flat_map(|line| tree.words(line).iter().map(|word| word.span()).collect::<Vec<_>>());
    let outside = words.filter(|word| edits.iter().all(|edit| word.end < edit.start || word.start > edit.end));
    outside.map(|word| file.slice(word).to_vec()).collect()
}

/// Whoever takes a fix from the JSON makes it without our proof: what it is for is gone, and every other word is the same.
#[test]
fn each_offered_fix_mends_what_it_is_for_and_nothing_else() {
    let (mut offered, mut suggested) = (0, 0);
    for (name, sources, options) in with_faults("offered fixes") {
        let report = check(&sources, &options);
        let count = |report: &Report, finding: &Finding| {
            report.findings.iter().filter(|f| f.rule.name == finding.rule.name && f.message == finding.message).count()
        };
        for finding in report.findings.iter().filter(|f| f.fix.is_some()).take(12) {
            let edits = &finding.fix.as_ref().unwrap().edits;
            let after = apply(&sources, &edits.iter().collect::<Vec<_>>());
            let what = || format!("{name}: {} {} {edits:?}", finding.rule.name, finding.message);
            assert!(count(&check(&after, &options), finding) < count(&report, finding), "still found: {}", what());
            let mut sorted: Vec<&Edit> = edits.iter().collect();
            sorted.sort_by_key(|edit| edit.location.span.start);
            let mut moved = 0i64;
            let made = sorted.iter().map(|edit| {
                let start = (i64::from(edit.location.span.start) + moved) as u32;
                moved += edit.text.len() as i64 - edit.location.span.len() as i64;
                Span::new(start, start + edit.text.len() as u32)
            });
            let made: Vec<Span> = made.collect();
            let replaced: Vec<Span> = sorted.iter().map(|edit| edit.location.span).collect();
            let (old, new) = (words_outside(&sources.files()[0], &replaced), words_outside(&after.files()[0], &made));
            assert!(old == new, "other words changed: {}", what());
            offered += 1;
            suggested += usize::from(finding.suggestion.is_some());
        }
    }
    assert!(offered > 100 && suggested > 10, "{offered} offered, {suggested} of them suggestions");
    println!("{offered} offered fixes hold, {suggested} of them suggestions");
}

/// A text whose lines end as on DOS.
fn dos(text: &[u8]) -> Vec<u8> {
    let line = |line: &[u8]| line.strip_suffix(b"\n").map_or_else(|| line.to_vec(), |line| [line, b"\r\n"].concat());
    text.split_inclusive(|byte| *byte == b'\n').flat_map(line).collect()
}

fn difference(one: &[u8], other: &[u8]) -> String {
    let [one, other] = [one, other].map(String::from_utf8_lossy);
    similar::TextDiff::from_lines(&*one, &*other).unified_diff().context_radius(1).to_string()
}

/// What was mended of files and of the same ones with other ends of lines.
#[derive(Default)]
struct Compared {
    made: usize,
    wrong: Vec<String>,
}

impl Compared {
    fn add(&mut self, name: &str, unix: Fixed, other: Fixed) {
        let (expected, found) = (dos(unix.sources.files()[0].bytes()), other.sources.files()[0].bytes());
        self.made += unix.applied;
        if expected != found {
            self.wrong.push(format!("{name}: {:?}\n{:?} {:?}", difference(&expected, found), unix.dropped, other.dropped));
        }
    }

    fn are_alike(self, least: usize) {
        let Self { made, wrong } = self;
        println!("{made} fixes");
        assert!(wrong.is_empty() && made > least, "{made}, {} wrong: {}", wrong.len(), wrong.join("\n"));
    }
}

/// The lines that a fix writes end as those of the file: most of them, where they end in several ways.
#[test]
fn lines_that_are_written_end_as_those_of_the_file_do() {
    let level = Applicability::Unsafe;
    // One line as several.
    let long = format!("    acl a src{}\r\n    http-request deny if a\r\n", " 192.0.2.1".repeat(70));
    let written = mended(&format!("frontend f\r\n    mode http\r\n    timeout client 5s\r\n    bind :80\r\n{long}"), level);
    assert!(written.lines().count() == 7 && written.matches('\n').count() == written.matches("\r\n").count(), "{written:?}");
    // At the end of the file, whatever ends there.
    assert_eq!(mended("global\r\n    maxconn 10", level), "global\r\n    maxconn 10\r\n");
    assert_eq!(mended("global\r\n    maxconn 10\r", level), "global\r\n    maxconn 10\r\n");
    assert_eq!(mended("global\n    maxconn 10\r", level), "global\n    maxconn 10\r\n");
    assert_eq!(mended("global", level), "global\n");
    // Between lines that end otherwise than most.
    let text = |ends: [&str; 4]| {
        format!("defaults{}    mode http{}    timeout connect 5s{}    timeout server 5s{}", ends[0], ends[1], ends[2], ends[3])
    };
    for (ends, new) in [(["\n", "\r\n", "\r\n", "\r\n"], "\r\n"), (["\r\n", "\n", "\n", "\n"], "\n"), (["\r\n", "\r\n", "\n", "\n"], "\n")]
    {
        let [head, line] = ["frontend f\n", "    bind :80\n"].map(|line| line.replace('\n', new));
        let written = mended(&format!("{}{head}{line}", text(ends)), level);
        assert_eq!(written, format!("{}{head}    timeout client 5s{new}{line}", text(ends)));
    }
}

/// Whether lines end as on DOS or not, the same is mended, and no line ends otherwise than the others.
#[test]
fn what_ends_as_on_dos_is_mended_alike() {
    let mut compared = Compared::default();
    for (name, sources, options) in with_faults("line ends") {
        let text = sources.files()[0].bytes().to_vec();
        // A carriage return within a line is no end of one, and in an open quote or behind a backslash it is part of a word.
        if text.contains(&b'\r') {
            continue;
        }
        let mend = |text: Vec<u8>| {
            let sources = Sources::single("haproxy.cfg", text);
            let report = check(&sources, &options);
            fix(sources, report, Applicability::Unsafe, |sources| check(sources, &options))
        };
        compared.add(&name, mend(text.clone()), mend(dos(&text)));
    }
    compared.are_alike(100);
}

/// What real HAProxy says: whether it takes the file, and how many places it names.
fn ask(program: &OsStr, path: &Path) -> Option<(bool, usize)> {
    let search = std::env::var_os("PATH").map(|path| ("PATH", path));
    let out = Command::new(program).arg("-c").arg("-f").arg(path).env_clear().envs(search).output().ok()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    let alerts = text.lines().filter(|l| l.starts_with("[ALERT]") && l.contains("parsing [")).count();
    Some((matches!(out.status.code(), Some(0 | 2)), alerts))
}

/// Real HAProxy takes every mended file that it took before, and names no more places than before.
#[test]
fn haproxy_takes_what_is_mended_no_worse() {
    let Some(program) = std::env::var_os("HAPROXY_2_8").filter(|p| Command::new(p).arg("-v").output().is_ok()) else {
        println!("skipped: `HAPROXY_2_8` names no haproxy");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("haproxy.cfg");
    let options = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    let (mut asked, mut wrong, mut accepted) = (0, Vec::new(), 0);
    for path in corpus("haproxy after fixes", 2 * STRIDE) {
        let text = fs::read(&path).unwrap();
        let sources = Sources::single(path.to_string_lossy(), text.clone());
        let report = check(&sources, &options);
        let fixed = fix(sources, report, Applicability::Unsafe, |sources| check(sources, &options));
        if fixed.applied == 0 {
            continue;
        }
        let says = |bytes: &[u8]| {
            fs::write(&place, bytes).unwrap();
            ask(&program, &place)
        };
        let (Some(before), Some(after)) = (says(&text), says(fixed.sources.files()[0].bytes())) else { continue };
        asked += 1;
        accepted += usize::from(!before.0 && after.0);
        // What refused the lines first may have hidden what is wrong with the whole.
        if before.0 && !after.0 || after.1 > before.1 {
            wrong.push(format!("{}: {before:?} became {after:?}", path.display()));
        }
    }
    println!("{asked} mended files: HAProxy takes {accepted} that it refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is found in manifests, and in the configurations inside of them.
fn check_manifests(sources: &Sources) -> Report {
    let files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec())).collect();
    haproxy_lint::check::nodes::check(&topology::read(files).0, &Options::default()).report
}

/// Real manifests, and the examples of the rules.
fn manifests() -> Vec<(String, Vec<u8>)> {
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    for rule in haproxy_lint::rules::RULES {
        let blocks = rule.docs.split("```yaml bad").skip(1).filter_map(|block| block.split_once('\n')?.1.split_once("```"));
        texts.extend(blocks.map(|(text, _)| {
            let text: String = text.lines().map(|l| format!("{}\n", l.strip_prefix(' ').unwrap_or(l))).collect();
            (format!("{}.yaml", rule.name), text.into_bytes())
        }));
    }
    assert!(texts.len() > 30, "{} examples", texts.len());
    let mut waiting: Vec<PathBuf> =
        common::shared("manifests").into_iter().map(|shared| shared.join("manifests")).filter(|p| p.is_dir()).collect();
    while let Some(folder) = waiting.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
            if path.is_dir() {
                waiting.push(path)
            } else if yaml {
                texts.push((path.display().to_string(), fs::read(&path).unwrap()))
            }
        }
    }
    texts
}

/// The same for what is written in YAML.
#[test]
fn manifests_are_mended_without_harm() {
    let (mut made, mut wrong) = (0, Vec::new());
    for (name, text) in manifests() {
        let sources = Sources::single(name.as_str(), text);
        let report = check_manifests(&sources);
        let fixed = fix(sources, report, Applicability::Unsafe, check_manifests);
        wrong.extend(fixed.dropped.iter().filter(|d| d.applicability == Applicability::Safe).map(|d| format!("{name}: {d:?}")));
        if fixed.unfinished || fixed.report.findings.iter().filter(|f| f.fix.is_some()).count() > fixed.dropped.len() {
            wrong.push(format!("{name}: a second run would mend more"));
        }
        made += fixed.applied;
    }
    println!("{made} fixes in manifests");
    assert!(wrong.is_empty() && made > 30, "{made}: {}", wrong.join("\n"));
}

/// A manifest whose lines end as on DOS is mended as the same one is whose lines do not.
#[test]
fn manifests_that_end_as_on_dos_are_mended_alike() {
    let mend = |name: &str, text: Vec<u8>| {
        let sources = Sources::single(name, text);
        let report = check_manifests(&sources);
        fix(sources, report, Applicability::Unsafe, check_manifests)
    };
    let mut compared = Compared::default();
    for (name, text) in manifests().into_iter().filter(|(_, text)| !text.contains(&b'\r')) {
        compared.add(&name, mend(&name, text.clone()), mend(&name, dos(&text)));
    }
    compared.are_alike(30);
}

/// A text with a few mistakes, always the same ones for a number: letters and lines that are lost, doubled or at another place.
fn mistaken(text: &str, number: u64) -> String {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    };
    let mut lines: Vec<Vec<char>> = text.lines().map(|l| l.chars().collect()).collect();
    for _ in 0..1 + below(6) {
        if lines.is_empty() {
            break;
        }
        let at = below(lines.len());
        let (letter, other) = (below(lines[at].len()), below(lines.len()));
        match below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(other, lines[at].clone()),
            2 => lines.swap(at, other),
            3 if !lines[at].is_empty() => drop(lines[at].remove(letter)),
            4 if !lines[at].is_empty() => lines[at].insert(letter, 'e'),
            5 if letter + 1 < lines[at].len() => lines[at].swap(letter, letter + 1),
            _ => {}
        }
    }
    let lines: Vec<String> = lines.into_iter().map(String::from_iter).collect();
    // Some without a last line feed.
    lines.join("\n") + if below(4) == 0 { "" } else { "\n" }
}

/// Guesses, too: a second run finds nothing to do, there are no more errors than before, and no rule is to blame.
#[test]
fn mistakes_are_mended_once_and_never_get_worse() {
    let every = std::env::var("MISTAKES_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (number, path) in corpus("mistakes", every).iter().enumerate() {
        let Ok(text) = fs::read_to_string(path) else { continue };
        for target in [None, Some(Version::new(3, 2, 0))] {
            let options = Options { target, ..Options::default() };
            let text = mistaken(&text, number as u64 * 2 + u64::from(target.is_some()));
            let sources = Sources::single("haproxy.cfg", text.as_str());
            let report = check(&sources, &options);
            let before = report.count(Severity::Error);
            let once = fix(sources, report, Applicability::Unsafe, |sources| check(sources, &options));
            let after = once.report.count(Severity::Error);
            let name = path.display();
            tried += 1;
            if after > before {
                wrong.push(format!("{name} {target:?}: {after} errors instead of {before}"));
            }
            wrong.extend(
                once.dropped.iter().filter(|d| d.applicability == Applicability::Safe).map(|d| format!("{name} {target:?}: {d:?}")),
            );
            if once.unfinished {
                wrong.push(format!("{name} {target:?}: fixes are left"));
                continue;
            }
            let files = |sources: &Sources| sources.files()[0].bytes().to_vec();
            let first = files(&once.sources);
            let twice = fix(once.sources, once.report, Applicability::Unsafe, |sources| check(sources, &options));
            if first != files(&twice.sources) {
                let patch = difference(&first, &files(&twice.sources));
                wrong.push(format!("{name} {target:?}: a second run mends more:\n{patch}"));
            }
        }
    }
    println!("{tried} texts with mistakes");
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong.join("\n"));
}

/// The figures of the whole corpus: `cargo test --release --test fixes -- --ignored --nocapture figures`.
#[test]
#[ignore = "it takes minutes, and judges nothing"]
fn figures() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("haproxy.cfg");
    for (version, program) in [
        ((2, 6, 12), Some("haproxy".into())),
        ((2, 8, 25), std::env::var_os("HAPROXY_2_8")),
        ((3, 0, 0), None),
        ((3, 2, 0), None),
        ((3, 4, 0), None),
    ] {
        let target = Version::new(version.0, version.1, version.2);
        let options = Options { target: Some(target), ..Options::default() };
        let [mut findings, mut fixable, mut safe, mut made, mut dropped] = [0usize; 5];
        let [mut files, mut refused, mut predicted, mut really, mut asked] = [0usize; 5];
        for path in corpus("figures", 1) {
            let text = fs::read(&path).unwrap();
            let sources = Sources::single(path.to_string_lossy(), text.clone());
            let report = check(&sources, &options);
            let was_refused = is_refused(&report);
            findings += report.findings.len();
            fixable += report.findings.iter().filter(|f| f.fix.is_some()).count();
            let is_safe = |f: &&Finding| f.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
            safe += report.findings.iter().filter(is_safe).count();
            let fixed = fix(sources, report, Applicability::Unsafe, |sources| check(sources, &options));
            made += fixed.applied;
            dropped += fixed.dropped.len();
            files += 1;
            refused += usize::from(was_refused);
            predicted += usize::from(was_refused && !is_refused(&fixed.report));
            let Some(program) = program.as_ref().filter(|_| was_refused && fixed.applied > 0) else { continue };
            fs::write(&place, fixed.sources.files()[0].bytes()).unwrap();
            let after = ask(program, &place);
            asked += 1;
            really += usize::from(after.is_some_and(|(takes, _)| takes));
        }
        println!(
            "{target}: {files} files, {findings} findings, {fixable} fixable ({safe} safe), {made} made, {dropped} dropped; {refused} refused, {predicted} predicted to be taken afterwards, really {really} of {asked} asked"
        );
    }
}
