//! Fixes are proven, end, and leave nothing to fix.

mod common;

use std::fs;

use haproxy_lint::{
    check::{Options, check},
    finding::{Applicability, Verdict},
    fix::fix,
    source::{SourceFile, Sources},
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
        topology::check(&topology::read(files).0, &Options::default()).report
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

/// Over real configurations: each fix passes its proof, a second run finds nothing to do, and HAProxy is predicted to refuse
/// no file that it took.
#[test]
fn the_corpus_is_mended_without_harm() {
    let Some(corpus) = common::shared("fixes") else { return };
    let options = Options { target: Some(Version::new(2, 8, 25)), ..Options::default() };
    let (mut fixable, mut changed) = (0, 0);
    for folder in ["open", "mutants"] {
        let mut paths: Vec<_> = fs::read_dir(corpus.join("corpus").join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "cfg")).step_by(STRIDE) {
            let sources = Sources::single(path.to_string_lossy(), fs::read(path).unwrap());
            let before = check(&sources, &options);
            let refused = |report: &haproxy_lint::check::Report| report.findings.iter().any(|f| f.haproxy == Some(Verdict::Reject));
            let was_refused = refused(&before);
            let fixed = fix(sources, before, Applicability::Unsafe, |sources| check(sources, &options));
            let wrong: Vec<_> = fixed.dropped.iter().filter(|d| d.applicability == Applicability::Safe).collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
            assert!(!fixed.unfinished, "{}", path.display());
            assert!(was_refused || !refused(&fixed.report), "{}", path.display());
            let left = fixed.report.findings.iter().filter(|f| f.fix.is_some()).count();
            assert!(left <= fixed.dropped.len(), "{}", path.display());
            fixable += fixed.applied;
            changed += usize::from(fixed.applied > 0);
        }
    }
    assert!(changed > 20 && fixable > changed, "{fixable} fixes in {changed} files");
}
