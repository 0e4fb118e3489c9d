//! The JSON Schema of the settings, by which editors complete and check them.

use serde_json::{Value, json};

use crate::{
    check::Selection,
    finding::Severity,
    format::{Indent, Spacing},
    syntax::SECTIONS,
};

/// Where the schema can be had.
pub const URL: &str = "https://raw.githubusercontent.com/haproxy-lint/haproxy-lint/main/docs/schema/haproxy-lint.schema.json";

/// The JSON Schema of a settings file.
pub fn schema() -> Value {
    let mut names: Vec<&str> = Selection::default().names().collect();
    names.sort_unstable();
    names.dedup();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": URL,
        "title": "haproxy-lint.toml",
        "description": "The settings of haproxy-lint",
        "type": "object",
        "additionalProperties": false,
        "definitions": {
            "version": {
                "type": "string",
                "pattern": "^[0-9]+\\.[0-9]+(\\.[0-9]+)?$",
                "description": "A version of HAProxy: X.Y (its newest patch known) or X.Y.Z, from 2.4 on",
                "examples": ["2.8", "3.0.5"]
            },
            "environment": { "type": "object", "additionalProperties": { "type": "string" } },
            "severity": { "enum": Severity::ALL.map(Severity::as_str) },
            "rule": {
                "anyOf": [{ "enum": names }, { "type": "string", "pattern": "^project/[a-z][a-z0-9-]*$" }],
                "description": "A rule, or a group for all of its rules"
            },
            "section": { "enum": SECTIONS.iter().map(|s| s.keyword).collect::<Vec<_>>() },
            "severities": {
                "type": "object",
                "propertyNames": { "$ref": "#/definitions/rule" },
                "additionalProperties": { "$ref": "#/definitions/severity" }
            },
            "rules": { "type": "array", "items": { "$ref": "#/definitions/rule" } },
            "layout": layout(),
            "strings": { "type": "array", "items": { "type": "string" } }
        },
        "properties": {
            "extend": { "type": "string", "description": "Another settings file, relative to this one, that this one adds to and overrides" },
            "target": { "$ref": "#/definitions/version" },
            "local-name": { "type": "string", "description": "What -L or the host name will be: the local peer's name" },
            "topology": {
                "$ref": "#/definitions/strings",
                "description": "Where it is deployed: manifests, compose files, facts of hosts, or directories of them, relative to this file"
            },
            "node": { "$ref": "#/definitions/strings", "description": "Only these nodes of the topology" },
            "require-local-peer": { "type": "boolean", "description": "A local name that is unknown or in no peers section is an error" },
            "env": { "$ref": "#/definitions/environment", "description": "Environment variables that HAProxy will have" },
            "env-closed": { "type": "boolean", "description": "Variables that are not in `env` are not set; without this they are unknown" },
            "select": { "$ref": "#/definitions/rules", "description": "Only these rules and groups speak" },
            "also": { "$ref": "#/definitions/rules", "description": "These rules and groups speak beside the others" },
            "ignore": { "$ref": "#/definitions/rules", "description": "These rules and groups do not speak" },
            "severity": { "$ref": "#/definitions/severities", "description": "Other severities for rules and groups" },
            "fail-on": { "$ref": "#/definitions/severity", "description": "The severity from which on the exit status is 1" },
            "baseline": { "type": "string", "description": "The file, relative to this one, of the findings that are known and left out" },
            "exclude": {
                "$ref": "#/definitions/strings",
                "description": "Files that are not looked for in directories, as patterns of a .gitignore; with --force-exclude not even when they are named"
            },
            "config": { "type": "array", "items": set(), "description": "Files that make one configuration together" },
            "rule": { "type": "array", "items": rule(), "description": "Rules of the project, which find `project/NAME`" },
            "override": { "type": "array", "items": part(), "description": "What is otherwise for some files" },
            "format": { "$ref": "#/definitions/layout", "description": "How `fmt` lays files out" }
        }
    })
}

fn layout() -> Value {
    let indents = Indent::ALL.iter().flat_map(|(name, _)| [Some(json!(name)), name.parse::<u8>().ok().map(|number| json!(number))]);
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "indent": {
                "enum": indents.flatten().collect::<Vec<_>>(),
                "description": "By what the lines of a section are indented; `auto`: as most of the file's are"
            },
            "spacing": {
                "enum": Spacing::ALL.map(|(name, _)| name),
                "description": "What stands between words: one blank, or what stands there"
            }
        }
    })
}

fn set() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["files"],
        "properties": {
            "files": {
                "$ref": "#/definitions/strings",
                "description": "Files and directories, relative to the settings file, in the order that HAProxy is given them"
            },
            "target": { "$ref": "#/definitions/version", "description": "The HAProxy that reads this set, where it is another than the rest's" },
            "local-name": { "type": "string", "description": "The local name of this set" },
            "env": { "$ref": "#/definitions/environment", "description": "Further environment variables of this set" }
        }
    })
}

fn rule() -> Value {
    let patterns =
        |what: &str| json!({ "$ref": "#/definitions/strings", "description": format!("{what}; `*` is any text, `?` any character") });
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "line", "message"],
        "properties": {
            "name": { "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "description": "The name behind `project/`" },
            "section": { "type": "array", "items": { "$ref": "#/definitions/section" }, "description": "Only in these kinds of sections" },
            "section-name": patterns("Only in sections with a name that fits one of these patterns"),
            "line": { "type": "string", "pattern": "\\S", "description": "Patterns for the first words of a line" },
            "with": patterns("Each of these patterns fits one of the other words"),
            "without": patterns("None of these patterns fits one of the other words"),
            "required": { "type": "boolean", "description": "Such a line must be in each of the sections, or in its defaults; without this it must not" },
            "message": { "type": "string", "description": "What is told" },
            "help": { "type": "string", "description": "What to write instead" },
            "severity": { "$ref": "#/definitions/severity" }
        }
    })
}

fn part() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["files"],
        "properties": {
            "files": { "$ref": "#/definitions/strings", "description": "The files, as patterns of a .gitignore" },
            "target": { "$ref": "#/definitions/version", "description": "The HAProxy that reads them, where it is another than the rest's" },
            "ignore": { "$ref": "#/definitions/rules", "description": "Rules and groups that do not speak of them" },
            "severity": { "$ref": "#/definitions/severities", "description": "Severities of rules and groups for them" },
            "format": { "$ref": "#/definitions/layout", "description": "How `fmt` lays them out" }
        }
    })
}
