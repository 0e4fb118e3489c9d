//! What a user sees, frozen; and the JSON held against its schema.

use haproxy_lint::{
    check::{Options, Report, check},
    report::{Checked, Format, Style, render},
    source::{SourceFile, Sources},
};

const PAIR: &str = include_str!("../examples/haproxy.cfg");
const MISTAKES: &str = include_str!("../examples/mistakes.cfg");

/// Everything the formats have to bear.
fn inputs() -> Vec<(&'static str, Sources)> {
    let long = format!("frontend web\n    bind :80\n    use_backend {}é if TRUE\n", "x".repeat(3000));
    let lines = "backend a b\n".to_owned() + &"    server s 10.0.0.1:80\n".repeat(14);
    vec![
        ("clean", Sources::single("haproxy.cfg", "frontend web\n    bind :80\n    default_backend app\nbackend app\n")),
        ("pair", Sources::single("examples/haproxy.cfg", PAIR)),
        ("mistakes", Sources::single("examples/mistakes.cfg", MISTAKES)),
        ("several_files", {
            let first = SourceFile::new("conf.d/10-web.cfg", b"frontend web\n    bind :80\n    default_backend app\n".to_vec());
            let second = SourceFile::new("conf.d/20-app.cfg", b"frontend web\n    bind :81\nbackend ap\n".to_vec());
            Sources::new(vec![first, second])
        }),
        ("tabs_and_crlf", Sources::single("haproxy.cfg", "frontend web\r\n\tbind :80\r\n\tuse_backend\tnope if TRUE\r\n")),
        ("long_line", Sources::single("haproxy.cfg", long)),
        ("not_utf8", Sources::single("haproxy.cfg", b"frontend web\n    # caf\xe9\n    use_backend caf\xe9\x1b[31m if TRUE\n".to_vec())),
        ("no_place", Sources::single("haproxy.cfg", "frontend web\n    bind :80\n")),
        ("folded", Sources::single("haproxy.cfg", lines)),
        ("no_final_line_feed", Sources::single("haproxy.cfg", "global\n    maxconn 10")),
        ("worlds", Sources::single("haproxy.cfg", ".if defined(BIG)\nfrontend web\n    default_backend big\n.endif\n")),
    ]
}

/// These inputs are short: they leave out what makes a configuration complete.
fn brief() -> Options {
    let mut options = Options::default();
    options.selection.ignore("reliability").expect("there is such a group");
    options
}

fn options(name: &str) -> Options {
    Options { local_name: (name == "pair").then(|| "haproxy-1".to_owned()), require_local_peer: name == "no_place", ..brief() }
}

fn shown(format: Format, sources: &Sources, report: &Report, style: Style) -> String {
    let mut out = Vec::new();
    render(format, &[Checked { sources, report, target: None }], style, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("all output is UTF-8")
}

#[test]
fn what_a_user_sees() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, sources) in inputs() {
            let report = check(&sources, &options(name));
            // SARIF holds the pages of all rules and HTML its style: tests/formats.rs looks into both.
            for (format_name, format) in Format::ALL.into_iter().filter(|(_, f)| !matches!(f, Format::Sarif | Format::Html)) {
                let text = shown(format, &sources, &report, Style::plain(80));
                insta::assert_snapshot!(format!("{name}__{format_name}"), text);
            }
        }
        let (name, sources) = inputs().swap_remove(1);
        let report = check(&sources, &options(name));
        insta::assert_snapshot!("pair__fancy_160", shown(Format::Fancy, &sources, &report, Style::plain(160)));
        insta::assert_snapshot!("pair__fancy_color", shown(Format::Fancy, &sources, &report, Style { color: true, ..Style::plain(80) }));
        insta::assert_snapshot!("pair__classic_color", shown(Format::Classic, &sources, &report, Style { color: true, ..Style::plain(80) }));
    });
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = serde_json::from_str(include_str!("../docs/schema/report-v1.schema.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for (name, sources) in inputs() {
        let report = check(&sources, &options(name));
        let text = shown(Format::Json, &sources, &report, Style::plain(80));
        let value = serde_json::from_str(&text).expect("the output is JSON");
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    let broken = serde_json::json!({ "version": 2, "findings": [] });
    assert!(!validator.is_valid(&broken), "the schema refuses something");
}

#[test]
fn no_output_for_people_has_control_characters() {
    for (name, sources) in inputs() {
        let report = check(&sources, &options(name));
        for format in [Format::Fancy, Format::Classic, Format::Short] {
            let text = shown(format, &sources, &report, Style::plain(80));
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}");
        }
    }
}

#[test]
fn a_fingerprint_survives_moved_lines() {
    let prints = |text: &str| -> Vec<String> {
        let sources = Sources::single("haproxy.cfg", text);
        let json = shown(Format::Json, &sources, &check(&sources, &brief()), Style::plain(80));
        let value: serde_json::Value = serde_json::from_str(&json).expect("the output is JSON");
        let findings = value["findings"].as_array().cloned().unwrap_or_default();
        let unknown = findings.iter().filter(|f| f["rule"] == "reference/unknown-backend");
        unknown.map(|f| f["fingerprint"].as_str().unwrap_or("").to_owned()).collect()
    };
    let text = "global\nfrontend web\n    use_backend one if TRUE\n    use_backend two if TRUE\n    use_backend one if TRUE\n";
    let before = prints(text);
    let after = prints(&format!("# a new line\n\n{}", text.replace("    use", "\tuse")));
    assert_eq!(before, after);
    assert_eq!(before.len(), 3);
    assert!(before[0] != before[2] && before[0].split(':').next() == before[2].split(':').next());
}

#[test]
fn where_the_program_itself_fails_it_says_what_to_report() {
    let sources = Sources::single("haproxy.cfg", "global\n");
    let report = Report::internal_error("index out of bounds (src/x.rs:1)", &sources);
    let text = shown(Format::Short, &sources, &report, Style::plain(80));
    assert!(text.starts_with("haproxy.cfg:1:1: error[syntax/internal-error]: haproxy-lint itself failed here: index out of"), "{text}");
    assert!(text.contains("please report it"), "{text}");
}

/// One is not several, whatever is counted.
#[test]
fn one_is_said_as_one() {
    let cases = [
        ("global\n    nbthread 1\nfrontend f\n    bind :80 thread 2\n", "there is one thread, and this listener is not for that"),
        ("global\n    nbthread 1\n    thread-groups 3\n", "3 groups of threads are to be filled, and only 1 thread is left for them"),
        ("global\n    tune.http.maxhdr 1\n", "HAProxy's own error pages have more than 1 header"),
        ("global\n    tune.bufsize 1\n", "buffers of 1 byte are too small for HAProxy's own error pages"),
        ("peers p\n    shards 1\n    peer a 10.0.0.1:1024 shard 2\n", "there is 1 shard, so that `shard 2` is ignored"),
    ];
    for (text, wanted) in cases {
        let report = check(&Sources::single("haproxy.cfg", text), &Options::default());
        let messages: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(messages.contains(&wanted), "{wanted}: {messages:?}");
    }
}
