//! Any text is read as settings and as a baseline; a baseline that is read is written as it was meant.
#![no_main]

use haproxy_lint::{
    baseline::Baseline,
    check::{Options, check},
    settings::Settings,
    source::Sources,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(settings) = Settings::parse(&text) {
        drop(settings.over(Settings::default()));
    }
    if let Ok(baseline) = Baseline::parse(&text) {
        let written = baseline.to_text();
        let again = Baseline::parse(&written).expect("a baseline that was written is read");
        assert_eq!(again.to_text(), written);
    }
    // What a baseline knows is never said again.
    let sources = Sources::single("fuzz.cfg", bytes);
    let mut report = check(&sources, &Options::default());
    let known = Baseline::of([(&sources, &report)], str::to_owned);
    let known = Baseline::parse(&known.to_text()).expect("a baseline that was written is read");
    assert_eq!(known.filter([(&sources, &mut report)]), 0, "every entry was found");
    assert!(report.findings.is_empty());
});
