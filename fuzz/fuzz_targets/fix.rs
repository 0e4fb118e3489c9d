//! Fixes of every level end, make no file worse, leave nothing to fix, and each safe one that was found by itself holds.
#![no_main]

use haproxy_lint::{
    check::{Options, Report, check},
    finding::{Applicability, Verdict},
    fix::fix,
    source::Sources,
};

fn refused(report: &Report) -> bool {
    report.findings.iter().any(|f| f.haproxy >= Some(Verdict::Alert))
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let options = Options { target: "2.8.10".parse().ok(), ..Options::default() };
    let again = |sources: &Sources| check(sources, &options);
    for level in [Applicability::Safe, Applicability::Unsafe] {
        let sources = Sources::single("fuzz.cfg", bytes);
        let report = again(&sources);
        let was_refused = refused(&report);
        let fixed = fix(sources, report, level, again);
        // A guess may be wrong; what is made without asking may not.
        let wrong = fixed.dropped.iter().find(|d| d.applicability == Applicability::Safe);
        assert!(wrong.is_none(), "a safe fix does not hold: {wrong:?}");
        assert!(!fixed.unfinished, "fixes undo each other");
        assert!(was_refused || !refused(&fixed.report), "it was taken, and is refused now");
        let text = fixed.sources.files()[0].bytes().to_vec();
        let second = Sources::single("fuzz.cfg", text.clone());
        let report = again(&second);
        let second = fix(second, report, level, again);
        assert_eq!(String::from_utf8_lossy(second.sources.files()[0].bytes()), String::from_utf8_lossy(&text), "a second run changes more");
    }
});
