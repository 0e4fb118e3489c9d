//! Fixes are proven, end, and leave nothing to fix.

mod common;

use std::fs;

use haproxy_lint::{
    check::{Options, check},
    finding::{Applicability, Verdict},
    fix::fix,
    source::Sources,
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
