//! What `parse` shows: every byte in the first stages, and what became of it in the later ones.

use haproxy_lint::{
    check::Options,
    source::Sources,
    stages::{Stage, write},
};
use proptest::prelude::*;
use serde_json::Value;

fn shown(stage: Stage, text: &[u8], options: &Options, json: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write(stage, &Sources::single("a.cfg", text), options, json, &mut out).unwrap();
    out
}

fn json(stage: Stage, text: &[u8], options: &Options) -> Value {
    serde_json::from_slice(&shown(stage, text, options, true)).unwrap()
}

/// Bytes in which what matters to HAProxy is frequent.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "\n",
        " ",
        "\t",
        "\r",
        "\0",
        "#",
        "\"",
        "'",
        "\\",
        "\\x4",
        "$",
        "\"${A[*]}\"",
        "\"${A-b}\"",
        "[",
        "]",
        "é",
        "peers p",
        "server",
        "backend b",
        ".if",
        ".endif",
        "defined(A)",
        "word",
    ];
    let piece = (0..=PIECES.len()).prop_map(|at| PIECES.get(at).map_or(&b"\xFF"[..], |piece| piece.as_bytes()));
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_text_is_the_file_and_its_tokens_tile_it(text in bytes()) {
        let options = Options::default();
        prop_assert_eq!(&shown(Stage::Text, &text, &options, false), &text);
        let mut at = 0;
        for token in json(Stage::Tree, &text, &options).as_array().unwrap() {
            prop_assert_eq!(token["start"].as_u64(), Some(at));
            prop_assert!(token["end"].as_u64() > Some(at));
            let feeds = text[..at as usize].iter().filter(|b| **b == b'\n').count() as u64;
            prop_assert_eq!(token["line"].as_u64(), Some(feeds + 1));
            at = token["end"].as_u64().unwrap();
        }
        prop_assert_eq!(at, text.len() as u64);
    }

    #[test]
    fn every_stage_shows_any_bytes(text in bytes()) {
        for stage in [Stage::Text, Stage::Words, Stage::Tree, Stage::Model] {
            shown(stage, &text, &Options::default(), false);
            json(stage, &text, &Options::default());
        }
    }
}

#[test]
fn words_show_what_was_written_and_what_it_became() {
    let text = b"global\n  setenv X \"a${NAME-b}c\" 'd e' \"$OTHER\"\n";
    let mut options = Options::default();
    options.environment.set("OTHER", Some("known".to_owned()));
    let words = &json(Stage::Words, text, &options)[0]["content"][1]["words"];
    assert_eq!(words[2]["raw"], "\"a${NAME-b}c\"");
    assert_eq!((&words[2]["known"], &words[2]["value"]), (&"parts".into(), &"a${NAME}c".into()));
    assert_eq!(words[2]["parts"], serde_json::json!([{ "text": "a" }, { "variable": "NAME" }, { "text": "c" }]));
    assert_eq!(words[2]["variables"], serde_json::json!([{ "name": "NAME", "default": "b", "span": { "start": 20, "end": 29 } }]));
    assert_eq!((&words[3]["raw"], &words[3]["value"]), (&"'d e'".into(), &"d e".into()));
    assert_eq!((&words[4]["value"], &words[4]["variables"][0]["name"]), (&"known".into(), &"OTHER".into()));
}

#[test]
fn the_model_shows_inheritance_and_names() {
    let text = b"defaults d\n  mode http\nfrontend web from d\n  bind :80\n  default_backend app\nbackend app\n  server a 10.0.0.1:80\n";
    let model = &json(Stage::Model, text, &Options::default())[0]["content"];
    assert_eq!(model["proxies"][1]["defaults"], serde_json::json!({ "name": "d", "line": 1 }));
    let used = serde_json::json!([{ "kind": "defaults section", "name": "d", "line": 3 }, { "kind": "backend", "name": "app", "line": 5 }]);
    assert_eq!(model["names"]["used"], used);
    let declared: Vec<_> = model["names"]["declared"].as_array().unwrap().iter().map(|d| (&d["kind"], &d["name"])).collect();
    assert!(declared.contains(&(&"backend".into(), &"app".into())) && declared.contains(&(&"server".into(), &"a".into())), "{declared:?}");
}
