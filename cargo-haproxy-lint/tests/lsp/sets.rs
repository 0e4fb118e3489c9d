//! Which files are one configuration, and what is said of each.

use serde_json::{Value, json};

use crate::{
    client::{Client, able},
    place::Place,
};

const WEB: &str = "frontend web\n    bind :80\n    mode http\n    timeout client 3s\n    default_backend app\n";
const BARE: &str = "frontend web\n    bind :80\n    mode tcp\n    default_backend app\nbackend app\n    mode tcp\n    timeout connect 3s\n    timeout server 3s\n";
const APP: &str = "backend app\n    mode http\n    timeout connect 3s\n    timeout server 3s\n    server a 10.0.0.1:80\n";

/// The rules of what was found, with their lines.
pub(crate) fn rules(found: &[Value]) -> Vec<String> {
    found.iter().map(|d| format!("{}@{}", d["code"].as_str().unwrap(), d["range"]["start"]["line"])).collect()
}

/// What the program finds in a file, as diagnostics have it: rule, severity, place, message.
pub(crate) fn checked(place: &Place, arguments: &[&str], file: &str) -> Vec<Value> {
    let output = place.run(&[&["check", "--format", "json"], arguments].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let level = |name: &str| ["error", "warning", "info"].iter().position(|known| *known == name).unwrap() + 1;
    let of =
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["file"].as_str().is_none_or(|name| name.ends_with(file)));
    let found = of.map(|finding| {
        let help = finding["help"].as_str().map(|help| format!("\n{help}")).unwrap_or_default();
        let message = format!("{}{help}", finding["message"].as_str().unwrap());
        // What people read is inert.
        let message: Vec<_> = message.split('\n').map(haproxy_lint::shown::line).collect();
        let message = message.join("\n");
        let at = |end: &str| {
            (finding["range"][end]["line"].as_u64().unwrap_or(1) - 1, finding["range"][end]["column"].as_u64().unwrap_or(1) - 1)
        };
        json!([finding["rule"], level(finding["severity"].as_str().unwrap()), at("start"), at("end"), message])
    });
    found.collect()
}

/// The same of diagnostics.
pub(crate) fn shown(found: &[Value]) -> Vec<Value> {
    let at = |d: &Value, end: &str| json!([d["range"][end]["line"], d["range"][end]["character"]]);
    found.iter().map(|d| json!([d["code"], d["severity"], at(d, "start"), at(d, "end"), d["message"]])).collect()
}

#[test]
fn diagnostics_are_those_of_a_check() {
    let text = WEB.to_owned() + APP + "backend app\n    acl 😀é path /x\n    nonsense \"é\" x\n    server a b:99999";
    let place = Place::with(&[("haproxy.cfg", &text)]);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut client = Client::with(place.path(), capabilities);
        client.open("haproxy.cfg", &text);
        let found = shown(&client.found("haproxy.cfg", 1));
        let wanted = checked(&place, &["haproxy.cfg"], "haproxy.cfg");
        assert!(wanted.len() > 4);
        if encoding == "utf-32" {
            // People count letters as this encoding does.
            assert_eq!(found, wanted);
        } else {
            let without_columns = |all: &[Value]| all.iter().map(|d| json!([d[0], d[1], d[2][0], d[3][0], d[4]])).collect::<Vec<_>>();
            assert_eq!(without_columns(&found), without_columns(&wanted));
        }
    }
}

#[test]
fn unsaved_files_of_a_set_are_read_together_in_their_order() {
    let settings = "[[config]]\nfiles = [\"lb\"]\ntarget = \"2.8\"\n";
    let place = Place::with(&[("haproxy-lint.toml", settings), ("lb/10-web.cfg", WEB), ("lb/20-app.cfg", APP)]);
    let mut client = Client::start(&place);
    client.open("lb/10-web.cfg", WEB);
    assert_eq!(rules(&client.found("lb/10-web.cfg", 1)), Vec::<String>::new());
    client.open("lb/20-app.cfg", APP);
    assert_eq!(rules(&client.found("lb/20-app.cfg", 1)), Vec::<String>::new());
    client.heard.clear();
    client.write("lb/20-app.cfg", 2, &APP.replace("backend app", "backend other").replace("    timeout server 3s\n", ""));
    assert_eq!(rules(&client.found("lb/20-app.cfg", 2)), ["reliability/missing-timeouts@0"]);
    assert_eq!(rules(&client.found("lb/10-web.cfg", 1)), ["reference/unknown-backend@4"]);
    let there = client.ask("textDocument/definition", client.at("lb/10-web.cfg", 4, 22)).unwrap();
    assert!(there.is_null());
    // What is not saved is gone with its document.
    let uri = client.uri("lb/20-app.cfg");
    client.heard.clear();
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    assert_eq!(rules(&client.found("lb/10-web.cfg", 1)), Vec::<String>::new());
    let there = client.ask("textDocument/definition", client.at("lb/10-web.cfg", 4, 22)).unwrap();
    assert_eq!(there[0]["uri"], uri);
    // A new file that is on no disk is a part, too.
    client.open("lb/30-new.cfg", &APP.replace("backend app", "backend new"));
    client.found("lb/30-new.cfg", 1);
    client.write("lb/10-web.cfg", 2, &WEB.replace("app", "new"));
    assert_eq!(rules(&client.found("lb/10-web.cfg", 2)), Vec::<String>::new());
}

#[test]
fn usual_layouts_are_one_configuration() {
    let place = Place::with(&[("haproxy.cfg", WEB), ("conf.d/app.cfg", APP), ("conf.d/README", "x"), ("sites.d/x.conf", "x")]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", WEB);
    assert_eq!(rules(&client.found("haproxy.cfg", 1)), Vec::<String>::new());
    client.open("conf.d/app.cfg", APP);
    assert_eq!(rules(&client.found("conf.d/app.cfg", 1)), Vec::<String>::new());
    // Two folders may be anything.
    let place = Place::with(&[("haproxy.cfg", WEB), ("a.d/app.cfg", APP), ("b.d/app.cfg", APP)]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", WEB);
    assert_eq!(rules(&client.found("haproxy.cfg", 1)), ["reference/unknown-backend@4"]);
}

#[test]
fn closing_a_file_clears_what_only_it_showed() {
    let place = Place::with(&[("a.cfg", "frontend a\n"), ("b.cfg", "frontend b\n")]);
    let mut client = Client::start(&place);
    client.open("a.cfg", "frontend a\n");
    assert!(!client.found("a.cfg", 1).is_empty());
    client.open("b.cfg", "frontend b\n");
    assert!(!client.found("b.cfg", 1).is_empty());
    let uri = client.uri("a.cfg");
    client.settle();
    client.heard.clear();
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    client.wait(|message| message["params"]["uri"] == *uri && message["params"]["diagnostics"] == json!([]));
    assert_eq!(client.ask("textDocument/hover", client.at("a.cfg", 0, 0)).unwrap_err()["code"], -32602);
}

#[test]
fn settings_are_read_again_when_they_are_saved() {
    let place = Place::with(&[("haproxy-lint.toml", "ignore = [\"reliability\"]\n"), ("a.cfg", BARE)]);
    let mut client = Client::start(&place);
    client.open("a.cfg", BARE);
    assert_eq!(rules(&client.found("a.cfg", 1)), Vec::<String>::new());
    let uri = client.uri("haproxy-lint.toml");
    let changed = json!({"changes": [{"uri": uri, "type": 2}]});
    std::fs::write(place.path().join("haproxy-lint.toml"), "").unwrap();
    client.tell("workspace/didChangeWatchedFiles", changed.clone());
    assert_eq!(rules(&client.found("a.cfg", 1)), ["reliability/missing-timeouts@0", "reliability/no-destination@4"]);
    client.heard.clear();
    std::fs::write(place.path().join("haproxy-lint.toml"), "tarjet = 1\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", changed);
    let told = client.wait(|message| message["method"] == "window/showMessage");
    assert!(told["params"]["message"].as_str().unwrap().contains("did you mean `target`"), "{told}");
    // A client that watches nothing tells of what it saves.
    std::fs::write(place.path().join("haproxy-lint.toml"), "severity = { \"reliability\" = \"error\" }\n").unwrap();
    let uri = client.uri("a.cfg");
    client.tell("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    client.wait(|message| message["params"]["uri"] == *uri && message["params"]["diagnostics"][0]["severity"] == 1);
}

#[test]
fn a_client_that_asks_is_not_told() {
    let place = Place::with(&[
        ("haproxy-lint.toml", "[[config]]\nfiles = [\"lb\"]\n"),
        ("lb/a.cfg", WEB),
        ("lb/b.cfg", &APP.replace("app", "b").replace("    timeout server 3s\n", "")),
    ]);
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({"relatedDocumentSupport": true});
    let mut client = Client::with(place.path(), capabilities);
    client.open("lb/a.cfg", WEB);
    let document = json!({"uri": client.uri("lb/a.cfg")});
    let report = client.ask("textDocument/diagnostic", json!({"textDocument": document})).unwrap();
    assert_eq!(report["kind"], "full");
    assert_eq!(rules(report["items"].as_array().unwrap()), ["reference/unknown-backend@4"]);
    let related = &report["relatedDocuments"][client.uri("lb/b.cfg")];
    assert!(rules(related["items"].as_array().unwrap()).contains(&"reliability/missing-timeouts@0".to_owned()), "{related}");
    let same = json!({"textDocument": document, "previousResultId": report["resultId"]});
    assert_eq!(client.ask("textDocument/diagnostic", same).unwrap()["kind"], "unchanged");
    client.write("lb/a.cfg", 2, &WEB.replace("app", "b"));
    let report = client.ask("textDocument/diagnostic", json!({"textDocument": document})).unwrap();
    assert_eq!(report["items"], json!([]));
    assert!(client.heard.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
}

#[test]
fn a_text_on_no_disk_is_a_configuration() {
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.4\"\n")]);
    let mut client = Client::start(&place);
    let document = json!({"uri": "untitled:Untitled-1", "languageId": "haproxy", "version": 1, "text": "frontend a\n"});
    client.tell("textDocument/didOpen", json!({"textDocument": document}));
    let shown = client.wait(|message| message["params"]["uri"] == "untitled:Untitled-1");
    assert!(!shown["params"]["diagnostics"].as_array().unwrap().is_empty());
}
