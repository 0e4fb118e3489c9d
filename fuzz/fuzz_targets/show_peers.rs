//! Any text is read and judged, in every format, without a panic.
#![no_main]

use haproxy_lint::{
    check::Options,
    report::doctor::{Format, Shown, render},
    runtime::{self, Answers, Cluster},
    source::{FileId, Sources},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let Some(dumps) = runtime::parse(&text) else { return };
    let sources = Sources::single("dump.txt", text);
    let answers = Answers { name: None, source: "dump.txt".to_owned(), file: FileId(0), dumps, seconds: None };
    let cluster = Cluster::new(runtime::nodes(vec![answers]), None, Vec::new());
    let diagnosis = haproxy_lint::check::doctor::diagnose(&cluster, &Options::default(), &sources);
    let ladders = runtime::ladder(&cluster);
    let shown = Shown {
        cluster: &cluster,
        diagnosis: &diagnosis,
        ladders: &ladders,
        sources: &sources,
        target: None,
        style: haproxy_lint::report::Style::plain(80),
        verbose: false,
    };
    for (_, format) in Format::ALL {
        render(&shown, format, &mut Vec::new()).expect("a vector takes everything");
    }
});
