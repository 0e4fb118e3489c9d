//! The formats for programs, held against what their readers ask for.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use haproxy_lint::{
    check::{Options, Report, check},
    report::{Checked, Format, Style, render},
    source::{SourceFile, Sources},
    topology,
};
use serde_json::Value;

/// Clean, one finding, several files, non-ASCII and a control character, a path with a blank and a comma, line ends of Windows,
/// lines that are broken, a configuration in a manifest.
fn inputs() -> Vec<(&'static str, Sources)> {
    let good = "frontend web\n    bind :80\n    default_backend app\nbackend app\n";
    let bad = "frontend web\n    bind :80\n    default_backend nope\n";
    vec![
        ("clean", Sources::single("haproxy.cfg", good)),
        ("one", Sources::single("./haproxy.cfg", bad)),
        ("files", {
            let file = |name: &str, text: &str| SourceFile::new(name, text.as_bytes().to_vec());
            Sources::new(vec![
                file("conf.d/10-web.cfg", bad),
                file("conf.d/20-api.cfg", "frontend api\n    bind :81\n    default_backend <a&b>\n"),
                file("conf.d/30-end.cfg", "backend rest\n"),
            ])
        }),
        (
            "non_ascii",
            Sources::single("größe/日本.cfg", "frontend web\n    use_backend größe\u{1b}%0A if TRUE # 🦀\n    use_backend 日本 if TRUE\n"),
        ),
        ("odd_path", Sources::single("my sites/a,b:c%20.cfg", bad)),
        (
            "crlf",
            Sources::single(
                "haproxy.cfg",
                "frontend web\r\n\tbind :80\r\n\tuse_backend  nope if TRUE\r\n\r\nbackend b\r\n\tserver s 10.0.0.1:80 resolvers r",
            ),
        ),
        (
            "broken",
            Sources::single("haproxy.cfg", "frontend web\n    bind :80\n    log-format \"open\n    use_backend \\xz if TRUE\n.if\n"),
        ),
        ("embedded", Sources::single("deploy/lb.yaml", MANIFEST)),
    ]
}

const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lb\n  namespace: edge\ndata:\n  haproxy.cfg: |\n    frontend web\n      \
                        bind :80\n      default_backend größe\n  one.cfg: \"frontend a\\n  default_backend \\u00e9\\n\"\n";

fn report(sources: &Sources) -> Report {
    let mut options = Options::default();
    for group in ["reference", "syntax"] {
        options.selection.select(group).expect("there is such a group");
    }
    if sources.files().iter().all(|file| file.name().ends_with(".yaml")) {
        let files = sources.files().iter().map(|file| SourceFile::new(file.name(), file.bytes().to_vec()));
        return haproxy_lint::check::nodes::check(&topology::read(files.collect()).0, &options).report;
    }
    check(sources, &options)
}

fn shown(format: Format, sources: &Sources) -> String {
    let report = report(sources);
    let mut out = Vec::new();
    render(format, &[Checked { sources, report: &report, target: None }], Style::plain(80), &mut out).expect("memory takes it");
    String::from_utf8(out).expect("all output is UTF-8")
}

fn json(format: Format, sources: &Sources) -> Value {
    serde_json::from_str(&shown(format, sources)).expect("the output is JSON")
}

#[test]
fn what_programs_get() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, sources) in inputs() {
            for (format_name, format) in Format::ALL.into_iter().filter(|(_, f)| !matches!(f, Format::Sarif | Format::Fancy | Format::Classic | Format::Html)) {
                insta::assert_snapshot!(format!("programs_{name}__{format_name}"), shown(format, &sources));
            }
            // The pages of the rules have their own tests.
            let mut log = json(Format::Sarif, &sources);
            log["runs"][0]["tool"]["driver"]["rules"] = Value::Null;
            log["runs"][0]["results"].as_array_mut().into_iter().flatten().for_each(|r| r["ruleIndex"] = Value::Null);
            insta::assert_snapshot!(format!("programs_{name}__sarif"), serde_json::to_string_pretty(&log).expect("it was JSON"));
        }
    });
}

/// What GitHub's code scanning asks for: fields that must be there and not empty, and how long they may be.
#[test]
fn github_takes_the_sarif() {
    let text = |value: &Value, most: usize| value.as_str().is_some_and(|t| !t.trim().is_empty() && t.chars().count() <= most);
    for (name, sources) in inputs() {
        let log = json(Format::Sarif, &sources);
        assert!(text(&log["$schema"], 255) && log["version"] == "2.1.0", "{name}");
        let run = &log["runs"][0];
        let driver = &run["tool"]["driver"];
        assert!(text(&driver["name"], 255) && text(&driver["semanticVersion"], 255), "{name}");
        let rules = driver["rules"].as_array().expect("rules are an array");
        let found: std::collections::BTreeSet<&str> = report(&sources).findings.iter().map(|f| f.rule.name).collect();
        assert_eq!(rules.len(), found.len());
        for rule in rules {
            let id = rule["id"].as_str().unwrap_or("?");
            assert!(text(&rule["id"], 255) && text(&rule["name"], 255), "{id}");
            assert!(text(&rule["shortDescription"]["text"], 1024) && text(&rule["fullDescription"]["text"], 1024), "{id}");
            assert!(text(&rule["help"]["text"], 100_000) && text(&rule["help"]["markdown"], 100_000), "{id}");
            assert!(["note", "warning", "error"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap_or("")), "{id}");
            assert!(rule["properties"]["tags"].as_array().is_some_and(|t| !t.is_empty() && t.len() <= 10), "{id}");
        }
        let results = run["results"].as_array().expect("results are an array");
        assert_eq!(results.len(), report(&sources).findings.len(), "{name}");
        for result in results {
            assert!(text(&result["message"]["text"], 10_000), "{name}");
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
            assert!(text(&result["partialFingerprints"]["primaryLocationLineHash"], 255), "{name}");
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
            assert!(uri.bytes().all(|b| b.is_ascii_graphic()) && !uri.starts_with(['.', '/']) && !uri.contains(':'), "{name}: {uri}");
            for field in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(place["region"][field].as_u64().is_some_and(|n| n >= 1), "{name}: {field}");
            }
        }
    }
}

/// A finding of the whole configuration still needs a place for GitHub to show it at all.
#[test]
fn a_sarif_result_without_a_place_stands_at_the_first_line() {
    let sources = Sources::single("haproxy.cfg", "frontend web\n    bind :80\n");
    let options = Options { require_local_peer: true, ..Options::default() };
    let report = check(&sources, &options);
    assert!(report.findings.iter().any(|f| f.location.is_none()));
    let mut out = Vec::new();
    render(Format::Sarif, &[Checked { sources: &sources, report: &report, target: None }], Style::plain(80), &mut out)
        .expect("memory takes it");
    let log: Value = serde_json::from_slice(&out).expect("the output is JSON");
    for result in log["runs"][0]["results"].as_array().expect("results are an array") {
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "haproxy.cfg");
    }
}

/// The published schema is not ours to hand on: `SARIF_SCHEMA=FILE` names a copy of it.
#[test]
fn the_sarif_is_what_its_schema_says() {
    let Some(path) = std::env::var_os("SARIF_SCHEMA") else { return };
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("it can be read")).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for (name, sources) in inputs() {
        let log = json(Format::Sarif, &sources);
        let errors: Vec<String> = validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn gitlab_takes_the_report() {
    for (name, sources) in inputs() {
        let report = json(Format::Gitlab, &sources);
        let issues = report.as_array().expect("an array");
        let mut prints: Vec<&str> = issues.iter().map(|i| i["fingerprint"].as_str().expect("a text")).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), issues.len(), "{name}: GitLab shows only one of equal fingerprints");
        for issue in issues {
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap_or("")), "{name}");
            assert!(issue["location"]["path"].as_str().is_some_and(|p| !p.is_empty() && !p.starts_with(['.', '/'])), "{name}");
            assert!(issue["location"]["positions"]["begin"]["line"].as_u64().is_some_and(|n| n >= 1), "{name}");
            assert!(issue["description"].as_str().is_some_and(|d| d.starts_with(issue["check_name"].as_str().unwrap_or("?"))), "{name}");
        }
    }
}

/// Read back as GitHub's runner does, each command gives the text that went in.
#[test]
fn github_commands_can_be_read_back() {
    for (name, sources) in inputs() {
        let (text, report) = (shown(Format::Github, &sources), report(&sources));
        let commands: Vec<&str> = text.lines().filter(|l| l.starts_with("::")).collect();
        assert_eq!(commands.len(), report.findings.len(), "{name}");
        for (command, finding) in commands.iter().zip(&report.findings) {
            let (head, data) = command[2..].split_once("::").expect("a command has two parts");
            let (kind, properties) = head.split_once(' ').expect("properties follow the kind");
            assert!(["error", "warning", "notice"].contains(&kind), "{name}");
            let properties: Vec<(&str, String)> =
                properties.split(',').map(|p| p.split_once('=').expect("name=value")).map(|(n, v)| (n, unescaped(v))).collect();
            let file = properties.iter().find(|(n, _)| *n == "file").map(|(_, v)| v.as_str());
            assert_eq!(file, Some(sources.files()[finding.location.expect("a place").file.0 as usize].name().trim_start_matches("./")));
            assert!(unescaped(data).starts_with(&finding.message), "{name}: {data}");
        }
    }
}

fn unescaped(text: &str) -> String {
    [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")].iter().fold(text.to_owned(), |t, (code, c)| t.replace(code, c))
}

#[test]
fn the_xml_is_well_formed() {
    for (name, sources) in inputs() {
        for format in [Format::Checkstyle, Format::Junit] {
            let text = shown(format, &sources);
            well_formed(&text).unwrap_or_else(|why| panic!("{name}: {why}\n{text}"));
            xmllint(&text).unwrap_or_else(|why| panic!("{name}: {why}\n{text}"));
        }
    }
}

/// Every tag is closed in its order, every `&` begins a known escape, and no character is one that XML forbids.
fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>").ok_or("no declaration")?;
    while let Some((before, after)) = rest.split_once('<') {
        characters(before)?;
        let (tag, after) = after.split_once('>').ok_or("a tag without an end")?;
        characters(tag)?;
        let name = tag.trim_matches('/').split(' ').next().unwrap_or_default();
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Err(format!("`{name}` closes what is not open"));
            }
        } else {
            roots += usize::from(open.is_empty());
            if tag.matches('"').count() % 2 == 1 {
                return Err(format!("a quote is missing in `{tag}`"));
            }
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = after;
    }
    if open.is_empty() && roots == 1 { Ok(()) } else { Err(format!("{roots} roots, {open:?} open")) }
}

fn characters(text: &str) -> Result<(), String> {
    let bare =
        ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#10;", "&#9;"].iter().fold(text.to_owned(), |t, escape| t.replace(escape, ""));
    match bare.chars().find(|c| matches!(c, '&' | '<') || (c.is_control() && *c != '\n')) {
        Some(wrong) => Err(format!("{wrong:?} in {text:?}")),
        None => Ok(()),
    }
}

/// The schema of Jenkins is not ours to hand on: `JUNIT_XSD=FILE` names a copy of it.
#[test]
fn the_junit_report_is_what_its_schema_says() {
    let Some(path) = std::env::var_os("JUNIT_XSD") else { return };
    for (name, sources) in inputs() {
        let folder = tempfile::tempdir().expect("there is room");
        let report = folder.path().join("report.xml");
        std::fs::write(&report, shown(Format::Junit, &sources)).expect("it can be written");
        let output = Command::new("xmllint").args(["--noout", "--schema"]).args([path.as_ref(), report.as_os_str()]).output();
        let output = output.expect("xmllint is installed");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What libxml2 says, where it is installed.
fn xmllint(text: &str) -> Result<(), String> {
    let command = Command::new("xmllint").args(["--noout", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = command else { return Ok(()) };
    child.stdin.take().ok_or("no input")?.write_all(text.as_bytes()).map_err(|e| e.to_string())?;
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Reviewdog counts columns in bytes from 1, and knows three severities.
#[test]
fn reviewdog_takes_the_report() {
    for (name, sources) in inputs() {
        let report = json(Format::Rdjson, &sources);
        assert_eq!(report["source"]["name"], "haproxy-lint", "{name}");
        for diagnostic in report["diagnostics"].as_array().expect("an array") {
            assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().unwrap_or("")), "{name}");
            let place = &diagnostic["location"];
            let file = sources.files().iter().find(|f| f.name().trim_start_matches("./") == place["path"]).expect("the file");
            let (start, end) = (&place["range"]["start"], &place["range"]["end"]);
            let text = String::from_utf8_lossy(file.bytes());
            let line = text.lines().nth(start["line"].as_u64().expect("a line") as usize - 1).expect("the line");
            let at = |p: &Value| p["column"].as_u64().expect("a column") as usize - 1;
            let word = &line.as_bytes()[at(start)..at(end)];
            assert!(line.is_char_boundary(at(start)) && !word.is_empty() && !word.contains(&b' '), "{name}: {line}");
        }
    }
}

/// GitHub shows ten of a severity in a step: the rest is counted.
#[test]
fn github_says_what_it_leaves_out() {
    let uses = (0..25).map(|n| format!("    use_backend b{n} if TRUE\n")).collect::<String>();
    let text = shown(Format::Github, &Sources::single("haproxy.cfg", format!("global\nfrontend web\n{uses}")));
    assert_eq!(text.lines().filter(|l| l.starts_with("::error ")).count(), 10);
    assert!(text.contains("15 more of severity error"), "{text}");
}

/// What of the page is not the same for all.
fn page(sources: &Sources) -> String {
    let page = shown(Format::Html, sources);
    let (head, rest) = page.split_once("<style>").expect("the page has a style");
    let (body, end) = rest.split_once("</style>").expect("it ends").1.split_once("<script>").expect("it has a script");
    assert!(end.ends_with("</script>\n</body>\n</html>\n"));
    format!("{head}{body}")
}

#[test]
fn the_page_needs_nothing_but_itself() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, sources) in inputs() {
            let page = page(&sources);
            // Links to the pages of the rules are all that leads elsewhere; nothing is loaded.
            let mut addresses = page.match_indices("http").filter(|(at, _)| !page[*at..].starts_with("http-equiv"));
            assert!(addresses.all(|(at, _)| page[..at].ends_with(" href=\"")), "{name}");
            assert!(!page.contains(" src=") && !page.contains("<link"), "{name}");
            let report = report(&sources);
            assert_eq!(page.matches("<article").count(), report.findings.len(), "{name}");
            for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(page.contains(&format!("id=\"{link}\"")), "{name}: {link}");
            }
            insta::assert_snapshot!(format!("page_{name}"), page);
        }
    });
}
