//! A client that means harm, or has gone mad: whatever it says, it is answered, the server lives, and its memory is bounded.

use std::fs;

use serde_json::{Value, json};

use crate::{
    client::{Client, able},
    place::Place,
};

const TEXT: &str = "frontend web\n    bind :80\n    use_backend app if { path /é }\nbackend app\n    server a 10.0.0.1:80 check\n";

/// All that is answered.
const METHODS: [&str; 25] = [
    "textDocument/hover",
    "textDocument/completion",
    "completionItem/resolve",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/codeAction",
    "codeAction/resolve",
    "textDocument/codeLens",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/documentLink",
    "textDocument/signatureHelp",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "textDocument/inlayHint",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/diagnostic",
    "workspace/symbol",
    "nobody/knows",
];

/// How much memory the process has, in MiB.
fn memory(client: &Client) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", client.process())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() >> 10
}

/// Whether it still does what it is for.
fn lives(client: &mut Client) {
    client.open("alive.cfg", TEXT);
    let there = client.ask("textDocument/definition", client.at("alive.cfg", 2, 17)).unwrap();
    assert_eq!(there[0]["range"]["start"]["line"], 3, "{there}");
    let uri = client.uri("alive.cfg");
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    client.heard.clear();
}

#[test]
fn bytes_that_are_no_message() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    let bodies =
        ["", "{", "[]", "null", "\"", "{\"jsonrpc\":\"2.0\"}", "{\"id\":{},\"method\":1}", "\u{feff}{}", "\u{0}\u{0}", "[{\"id\":1}]"];
    for body in bodies {
        client.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }
    client.raw(b"Content-Length: -5\r\n\r\nContent-Length: 99999999999999999999\r\n\r\n");
    client.raw(b"\xff\xfe\x00Content-Length\r\n\r\n\n\n\r\r");
    // A header that does not end, and a thousand of them.
    client.raw(&[b"X-Long: ".as_slice(), &vec![b'a'; 1 << 20], b"\r\n"].concat());
    client.raw(&b"X: y\r\n".repeat(1000));
    client.raw(b"\r\n");
    let deep = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"textDocument/hover\",\"params\":{}", "[".repeat(200_000));
    client.raw(format!("Content-Length: {}\r\n\r\n{deep}", deep.len()).as_bytes());
    lives(&mut client);
    assert!(memory(&client) < 100, "{} MiB", memory(&client));
    assert_eq!(client.end(), 0);
}

#[test]
fn parameters_of_any_shape() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.open("a.cfg", TEXT);
    let uri = client.uri("a.cfg");
    let far = json!({"line": u32::MAX, "character": u32::MAX});
    let range = json!({"start": far, "end": {"line": 0, "character": 0}});
    let odd = [
        Value::Null,
        json!([]),
        json!("x"),
        json!(-1),
        json!({"textDocument": uri}),
        json!({"textDocument": {"uri": 7}, "position": {"line": -1, "character": 1.5}}),
        json!({"textDocument": {"uri": uri}, "position": {"line": 1u64 << 40, "character": 0}}),
        json!({"textDocument": {"uri": "file:///nobody/has/opened.cfg"}, "position": far}),
        json!({"data": {"uri": uri, "position": far, "about": ["entry", "server", "x(", "y"]}, "label": "x", "title": "x"}),
    ];
    let whole = json!({
        "textDocument": {"uri": uri}, "position": far, "positions": [far, far], "range": range, "newName": "\u{0}\n", "query": "\u{202e}(",
        "context": {"diagnostics": [], "includeDeclaration": true}, "options": {"tabSize": 0, "insertSpaces": true},
        "previousResultId": "\u{0}",
    });
    for method in METHODS {
        for params in odd.iter().chain([&whole]) {
            // An answer or an error: this waits for one of them.
            if let Err(error) = client.ask(method, params.clone()) {
                assert_ne!(error["code"], -32603, "{method} {params}: {error}");
            }
        }
    }
    client.heard.clear();
    lives(&mut client);
    assert_eq!(client.end(), 0);
}

#[test]
fn edits_that_nobody_could_have_made() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    let (known, unknown) = (client.uri("a.cfg"), client.uri("b.cfg"));
    let at = |line: u64, character: u64| json!({"line": line, "character": character});
    let change = |from: Value, to: Value, text: &str| json!([{"range": {"start": from, "end": to}, "text": text}]);
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": known}}));
    client.tell("textDocument/didChange", json!({"textDocument": {"uri": known, "version": 1}, "contentChanges": [{"text": "x"}]}));
    client.open("a.cfg", TEXT);
    client.open("a.cfg", TEXT);
    for (version, changes) in [
        (9, change(at(9, 9), at(0, 0), "# ")),
        (3, change(at(u64::from(u32::MAX), 7), at(u64::from(u32::MAX), u64::from(u32::MAX)), "x\r\n")),
        (-7, change(at(0, 1), at(0, 0), "é😀")),
        (3, json!([])),
        (3, json!([{"range": null, "text": "frontend web\n"}])),
        (4, json!([{"text": TEXT}, {"range": {"start": at(1, 0), "end": at(1, 0)}, "text": "\u{0}"}])),
        (5, json!([{"text": 7}])),
        (6, json!({"text": "no list"})),
    ] {
        let document = json!({"uri": known, "version": version});
        client.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }
    client.tell("textDocument/didChange", json!({"textDocument": {"uri": unknown, "version": 1}, "contentChanges": [{"text": "x"}]}));
    client.tell("textDocument/didSave", json!({"textDocument": {"uri": unknown}}));
    let kept = client.ask("test/text", json!({"uri": known})).unwrap();
    assert_eq!(kept, json!(TEXT.replacen("    bind", "\u{0}    bind", 1)), "what cannot be understood changes nothing");
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": known}}));
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": known}}));
    client.heard.clear();
    lives(&mut client);
    assert_eq!(client.end(), 0);
}

#[test]
fn names_of_documents_of_any_kind() {
    let place = Place::with(&[("sub/haproxy.cfg", TEXT)]);
    let mut client = Client::start(&place);
    let long = format!("file:///{}", "a/".repeat(50_000));
    let deep = format!("file:///{}x.cfg", "a/".repeat(2_000));
    let base = client.uri("");
    let names = [
        "",
        " ",
        "file:",
        "file://",
        "file:///",
        "file://elsewhere",
        "file:///%00.cfg",
        "file:///%ff%fe/%2e%2e/x.cfg",
        "file:///%zz.cfg",
        "FILE:///a.cfg",
        "untitled:Untitled-1",
        "http://example.com/haproxy.cfg",
        "vscode-notebook-cell:/x#y",
        "haproxy.cfg",
        "file:///dev/zero",
        "file:///proc/self/mem.cfg",
        "file:///😀\u{202e}.cfg",
        "x.yaml",
        "file:///%00.yaml",
        &long,
        &deep,
        &format!("{base}a%20b%3f%23.cfg"),
        &format!("{base}sub/../sub/./haproxy.cfg"),
        &format!("{base}sub"),
        &format!("{base}haproxy.cfg?query#part"),
    ];
    for name in names {
        let document = json!({"uri": name, "languageId": "haproxy", "version": 1, "text": TEXT});
        client.tell("textDocument/didOpen", json!({"textDocument": document}));
        for method in ["textDocument/hover", "textDocument/documentSymbol", "textDocument/codeLens", "textDocument/documentLink"] {
            let params = json!({"textDocument": {"uri": name}, "position": {"line": 1, "character": 6}});
            if let Err(error) = client.ask(method, params) {
                assert_ne!(error["code"], -32603, "{method} {name}: {error}");
            }
        }
    }
    for name in names {
        client.tell("textDocument/didClose", json!({"textDocument": {"uri": name}}));
    }
    client.settle();
    client.heard.clear();
    lives(&mut client);
    assert_eq!(client.end(), 0);
}

#[test]
fn folders_that_are_gone_while_their_files_are_open() {
    let place = Place::with(&[
        ("lb/haproxy-lint.toml", "[[config]]\nfiles = [\"conf.d\"]\n"),
        ("lb/conf.d/a.cfg", "frontend web\n    bind :80\n"),
        ("lb/conf.d/b.cfg", TEXT),
    ]);
    let mut client = Client::start(&place);
    client.open("lb/conf.d/b.cfg", TEXT);
    client.found("lb/conf.d/b.cfg", 1);
    fs::remove_dir_all(place.path().join("lb")).unwrap();
    let uri = client.uri("lb/conf.d/b.cfg");
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": client.uri("lb"), "type": 3}, {"uri": uri, "type": 3}]}));
    client.write("lb/conf.d/b.cfg", 2, &TEXT.replace("use_backend app", "use_backend nope"));
    let found = client.found("lb/conf.d/b.cfg", 2);
    assert!(found.iter().any(|one| one["code"] == "reference/unknown-backend"), "{found:?}");
    client.tell("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    let symbols = client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).unwrap();
    assert_eq!(symbols.as_array().unwrap().len(), 2);
    fs::remove_dir_all(place.path()).unwrap();
    client.settle();
    client.heard.clear();
    lives(&mut client);
    assert_eq!(client.end(), 0);
}

/// So many documents at once.
const MANY: usize = 1000;

#[test]
fn a_thousand_documents() {
    let place = Place::with(&[]);
    let mut client = Client::with(place.path(), able());
    let name = |number: usize| format!("{}/{number}.cfg", number % 50);
    for number in 0..MANY {
        client.open(&name(number), TEXT);
    }
    let there = client.ask("textDocument/definition", client.at(&name(MANY - 1), 2, 17)).unwrap();
    assert_eq!(there[0]["uri"], client.uri(&name(MANY - 1)));
    client.found(&name(0), 1);
    client.found(&name(MANY - 1), 1);
    assert!(memory(&client) < 400, "{} MiB", memory(&client));
    for number in 0..MANY {
        let uri = client.uri(&name(number));
        client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }
    client.settle();
    client.heard.clear();
    lives(&mut client);
    assert!(memory(&client) < 200, "{} MiB", memory(&client));
    assert_eq!(client.end(), 0);
}
