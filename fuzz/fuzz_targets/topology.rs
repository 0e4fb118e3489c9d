//! Any file of a topology is read under each name that decides its form, checked, and generated from.
//!
//! The first byte chooses the name, the rest is the file; a second file may follow behind a NUL.
#![no_main]

use haproxy_lint::{
    check::Options,
    generate::{self, Form, Request, Style},
    source::SourceFile,
    topology,
};

const NAMES: [&str; 9] = [
    "manifests.yaml",
    "facts.json",
    "topology.toml",
    "hosts.ini",
    "keepalived.conf",
    "compose.yaml",
    "inventory",
    "haproxy.service",
    "haproxy.cfg",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let files = rest.splitn(2, |b| *b == 0).enumerate();
    let file = |(at, text): (usize, &[u8])| SourceFile::new(NAMES[(usize::from(*choice) + at) % NAMES.len()], text.to_vec());
    let (topology, problems) = topology::read(files.map(file).collect());
    for problem in problems {
        assert!(problem.offset as usize <= topology.sources.file(problem.file).bytes().len(), "{problem:?}");
    }
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    for finding in &checked.report.findings {
        if let Some(at) = finding.location {
            assert!(at.span.end as usize <= topology.sources.file(at.file).bytes().len(), "{finding:?}");
        }
    }
    for style in std::iter::once(None).chain(Style::ALL.map(|(_, style)| Some(style))) {
        let request = Request { style, form: Form::ALL[usize::from(*choice) % Form::ALL.len()].1, ..Request::default() };
        for make in [generate::peers, generate::config, generate::manifests, generate::sysctl] {
            let Ok(made) = make(&checked.mesh, &request) else { continue };
            let written = |name: &str| made.files.iter().filter(|f| f.name.ends_with(name)).collect::<Vec<_>>();
            for file in written(".yaml") {
                let read = topology::yaml::documents(&SourceFile::new("made.yaml", file.text.clone().into_bytes()));
                assert!(read.is_ok(), "what is generated is no YAML: {}", file.text);
            }
        }
    }
});
