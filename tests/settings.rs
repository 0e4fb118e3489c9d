//! The settings file: its schema, and what it means to extend another.

use std::{fs, path::Path};

use haproxy_lint::{finding::Severity, settings::Settings, settings::schema};
use serde_json::Value;

const FULL: &str = r#"
extend = "base.toml"
target = "2.8"
local-name = "lb-1"
topology = ["deploy", "hosts.json"]
node = ["haproxy-0"]
require-local-peer = true
env-closed = true
select = ["peers"]
also = ["hardening"]
baseline = "known.json"
ignore = ["style", "peers/no-tls"]
fail-on = "warning"
exclude = ["old/", "*.bak.cfg"]

[env]
DOMAIN = "example.org"

[severity]
tls = "error"

[[config]]
files = ["global.cfg", "conf.d"]
target = "2.6"
local-name = "lb-2"
env = { PORT = "80" }

[[rule]]
name = "no-plain-http"
section = ["frontend", "listen"]
section-name = ["public-*"]
line = "bind *:80"
with = ["name"]
without = ["ssl"]
required = false
message = "plain HTTP is not offered to the public"
help = "use port 443"
severity = "error"

[[override]]
files = ["legacy/"]
target = "2.4"
ignore = ["tls"]
severity = { dead = "info" }
format = { indent = 4, spacing = "keep" }

[format]
indent = "auto"
spacing = "single"
"#;

/// The settings as JSON, if the schema takes them.
fn valid(text: &str) -> Option<Value> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let value = serde_json::to_value(table).unwrap();
    jsonschema::validator_for(&schema()).unwrap().is_valid(&value).then_some(value)
}

#[test]
fn the_published_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/haproxy-lint.schema.json");
    let made = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), made, "run `cargo xtask docs` to write it");
}

#[test]
fn the_schema_takes_what_the_program_takes() {
    let value = valid(FULL).expect("the schema takes all settings");
    assert!(Settings::parse(FULL).is_ok());
    // All settings there are stand in FULL, and all of them in the schema: serde lists them where it meets another.
    for (text, known, given) in [
        ("zzzzzzzz = 1", &schema()["properties"], &value),
        ("[[override]]\nzzzzzzzz = 1", &schema()["properties"]["override"]["items"]["properties"], &value["override"][0]),
        ("[format]\nzzzzzzzz = 1", &schema()["definitions"]["layout"]["properties"], &value["format"]),
        ("[[rule]]\nzzzzzzzz = 1", &schema()["properties"]["rule"]["items"]["properties"], &value["rule"][0]),
        ("[[config]]\nzzzzzzzz = 1", &schema()["properties"]["config"]["items"]["properties"], &value["config"][0]),
    ] {
        let help = Settings::parse(text).unwrap_err().help.unwrap();
        let mut listed: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
        listed.sort_unstable();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(listed, keys(known));
        assert_eq!(listed, keys(given));
    }
    for wrong in [
        "target = \"two\"",
        "select = [\"nope\"]",
        "severity = { tls = \"bad\" }",
        "severity = { nope = \"error\" }",
        "[[config]]",
        "format = { indent = 3 }",
    ] {
        assert!(valid(wrong).is_none(), "{wrong}");
        assert!(Settings::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn settings_on_top_of_others() {
    let base = "target = \"2.6\"\nenv-closed = true\nselect = [\"tls\"]\nignore = [\"style\"]\nseverity = { tls = \"info\", dead = \"info\" }\n\
                [[config]]\nfiles = [\"a.cfg\"]\n";
    let over = Settings::parse(FULL.replace("env-closed = true", "env-closed = false").as_str()).unwrap();
    let all = over.clone().over(Settings::parse(base).unwrap());
    assert_eq!((all.target, all.env_closed), (over.target, Some(false)));
    assert_eq!(all.select, over.select);
    let names = |s: &Settings| s.ignore.iter().map(|r| r.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&all), ["style", "style", "peers/no-tls"]);
    let severity: Vec<_> = all.severity.iter().map(|(rule, level)| (rule.name.as_str(), level.0)).collect();
    assert_eq!(severity, [("dead", Severity::Info), ("tls", Severity::Error)]);
    assert_eq!(all.config.iter().map(|c| c.files[0].as_str()).collect::<Vec<_>>(), ["a.cfg", "global.cfg"]);
    let alone = Settings::default().over(Settings::parse(base).unwrap());
    assert_eq!((alone.target.map(|v| (v.major, v.minor)), alone.select.len()), (Some((2, 6)), 1));
}
