//! Each request, as snapshots.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{client::Client, place::Place};

/// What most are asked about.
const TEXT: &str = "\
global
    maxconn 100000
defaults base
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
frontend web from base
    bind :80
    acl inside src 10.0.0.0/8
    acl unused path /x
    http-request set-var(txn.who) src if inside
    http-request deny if !inside { var(txn.who) -m found }
    use_backend app if inside
    default_backend nope
backend app from base
    balance roundrobin
    default-server inter 5s
    server one 10.0.0.1:80 check
";

/// A client that shows a text.
fn shown(place: &Place, text: &str) -> Client {
    let mut client = Client::start(place);
    client.open("haproxy.cfg", text);
    client
}

/// JSON without the folder of the test.
fn plain(place: &Place, value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap();
    text.replace(&place.path().display().to_string(), "/place")
}

#[test]
fn diagnostics() {
    let place = Place::with(&[]);
    let mut client = shown(&place, TEXT);
    let found = client.found("haproxy.cfg", 1);
    assert_snapshot!(plain(&place, &json!(found)));
}

/// Asks at the first place of `near` in the text, `behind` letters on.
fn ask(client: &mut Client, method: &str, near: &str, behind: usize, more: &Value) -> Result<Value, Value> {
    let offset = TEXT.find(near).unwrap() + behind;
    let before = &TEXT[..offset];
    let (line, start) = (before.matches('\n').count(), before.rfind('\n').map_or(0, |at| at + 1));
    let mut params = client.at("haproxy.cfg", line as u32, (offset - start) as u32);
    more.as_object().unwrap().iter().for_each(|(key, value)| params[key] = value.clone());
    client.ask(method, params)
}

/// The beginnings of ranges, as `line:column-column`.
fn ranges(list: &Value) -> String {
    let shown = |place: &Value| {
        let range = &place["range"];
        let kind = place.get("kind").map(|kind| format!(" {kind}")).unwrap_or_default();
        format!("{}:{}-{}{kind}", range["start"]["line"], range["start"]["character"], range["end"]["character"])
    };
    list.as_array().unwrap().iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn names() {
    let place = Place::with(&[]);
    let mut client = shown(&place, TEXT);
    assert_snapshot!("definition", ranges(&ask(&mut client, "textDocument/definition", "app if", 1, &json!({})).unwrap()));
    assert_snapshot!(
        "definition_of_variable",
        ranges(&ask(&mut client, "textDocument/definition", "var(txn.who) -m", 6, &json!({})).unwrap())
    );
    assert!(ask(&mut client, "textDocument/definition", "balance", 1, &json!({})).unwrap().is_null());
    let context = json!({"context": {"includeDeclaration": true}});
    assert_snapshot!("references", ranges(&ask(&mut client, "textDocument/references", "inside src", 1, &context).unwrap()));
    let context = json!({"context": {"includeDeclaration": false}});
    assert_snapshot!(
        "references_without_declaration",
        ranges(&ask(&mut client, "textDocument/references", "inside src", 1, &context).unwrap())
    );
    assert_snapshot!("highlight", ranges(&ask(&mut client, "textDocument/documentHighlight", "inside src", 1, &json!({})).unwrap()));
}

#[test]
fn renaming() {
    let place = Place::with(&[]);
    let mut client = shown(&place, TEXT);
    assert_snapshot!(
        "prepare_rename",
        plain(&place, &ask(&mut client, "textDocument/prepareRename", "inside src", 1, &json!({})).unwrap())
    );
    let edit = ask(&mut client, "textDocument/rename", "inside src", 1, &json!({"newName": "trusted"})).unwrap();
    assert_snapshot!("rename", plain(&place, &edit));
    let mut refused = String::new();
    for (near, behind, new) in
        [("balance", 1, "x"), ("inside src", 1, "not a name"), ("inside src", 1, "unused"), ("txn.who", 1, "req.who"), ("nope", 1, "x")]
    {
        let error = ask(&mut client, "textDocument/rename", near, behind, &json!({"newName": new})).unwrap_err();
        refused += &format!("{near} as {new}: {} {}\n", error["code"], error["message"].as_str().unwrap());
    }
    assert_snapshot!("rename_refused", refused);
}

#[test]
fn hovering() {
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.8\"\n")]);
    let mut client = shown(&place, TEXT);
    let mut told = String::new();
    for (near, behind) in [
        ("maxconn", 1),
        ("inside src", 1),
        ("src 10", 1),
        ("txn.who", 1),
        ("deny if", 1),
        ("-m found", 1),
        ("var(txn.who) -m", 1),
        ("one 10", 1),
        ("app from", 1),
        ("backend app", 1),
        ("roundrobin", 1),
        ("check\n", 1),
        ("30s", 1),
        ("base\n    mode", 1),
    ] {
        let hover = ask(&mut client, "textDocument/hover", near, behind, &json!({})).unwrap();
        let range = &hover["range"];
        told += &format!("== {near:?} {}:{}-{}\n", range["start"]["line"], range["start"]["character"], range["end"]["character"]);
        told += &format!("{}\n", hover["contents"]["value"].as_str().unwrap_or("nothing"));
    }
    assert_snapshot!(told.replace(&place.path().display().to_string(), "/place"));
}

#[test]
fn completing() {
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.8\"\n")]);
    let mut client = shown(&place, TEXT);
    let list = ask(&mut client, "textDocument/completion", "app if", 1, &json!({})).unwrap();
    assert_snapshot!("completion_of_names", plain(&place, &list));
    let list = ask(&mut client, "textDocument/completion", "set-var(", 5, &json!({})).unwrap();
    let called = list.as_array().unwrap().iter().find(|item| item["label"] == "set-src").unwrap();
    assert_snapshot!("completion_of_a_keyword", plain(&place, called));
    let var = list.as_array().unwrap().iter().find(|item| item["label"] == "set-var").unwrap();
    assert_eq!((&var["textEdit"]["newText"], &var["insertTextFormat"]), (&json!("set-var"), &json!(1)), "the parenthesis is there");
    let log = list.as_array().unwrap().iter().find(|item| item["label"] == "set-map").unwrap();
    assert_eq!((&log["textEdit"]["newText"], &log["insertTextFormat"]), (&json!("set-map"), &json!(1)));
    let list = ask(&mut client, "textDocument/completion", "src if", 0, &json!({})).unwrap();
    let fetch = list.as_array().unwrap().iter().find(|item| item["label"] == "req.cook_cnt").unwrap();
    assert_eq!(fetch["kind"], 3);
    let mut labels: Vec<&str> = list.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    labels.sort_unstable();
    assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?}");
    let told = client.ask("completionItem/resolve", fetch.clone()).unwrap();
    let text = told["documentation"]["value"].as_str().unwrap();
    assert!(text.contains("req.cook_cnt(") && told["label"] == fetch["label"], "{told}");
    // What comes back may be anything.
    for data in [json!(null), json!({"uri": client.uri("haproxy.cfg")}), json!({"uri": client.uri("haproxy.cfg"), "about": [1, 2]})] {
        let _ = client.ask("completionItem/resolve", json!({"label": "x", "data": data}));
    }
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.6\"\n")]);
    let mut client = shown(&place, TEXT);
    let list = client.ask("textDocument/completion", client.at("haproxy.cfg", 8, 4)).unwrap();
    let old = list.as_array().unwrap().iter().find(|item| item["tags"] == json!([1])).expect("something is old");
    assert_eq!((&old["label"], &old["sortText"]), (&json!("bind-process"), &json!("32bind-process")));
}

#[test]
fn actions() {
    let place = Place::with(&[]);
    let text = TEXT.trim_end().replace("    acl unused path /x\n", "    acl unused path /x\n    option httpclose\n");
    let mut client = shown(&place, &text);
    let document = json!({"uri": client.uri("haproxy.cfg")});
    let lines = |from: u32, to: u32| json!({"start": {"line": from, "character": 0}, "end": {"line": to, "character": 0}});
    let mut ask = |range: Value, context: Value| {
        let answer = client.ask("textDocument/codeAction", json!({"textDocument": document, "range": range, "context": context})).unwrap();
        let mut answer = answer.as_array().unwrap().clone();
        answer.iter_mut().for_each(|action| _ = action.as_object_mut().unwrap().remove("diagnostics"));
        plain(&place, &json!(answer))
    };
    assert_snapshot!("actions_in_a_line", ask(lines(10, 10), json!({"diagnostics": []})));
    assert_snapshot!("actions_that_fix_all", ask(lines(0, 0), json!({"diagnostics": [], "only": ["source.fixAll"]})));
    assert_eq!(ask(lines(0, 0), json!({"diagnostics": [], "only": ["refactor"]})), "[]");
    assert_eq!(ask(lines(0, 0), json!({"diagnostics": [], "triggerKind": 2})), "[]", "nobody waits for fixes that nobody wants");
}

/// Every new text of the actions for a document, opened with lines that end as on DOS.
fn texts_on_dos(name: &str, text: &str) -> Vec<String> {
    fn texts(value: &Value, all: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                all.extend(map.get("newText").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| texts(value, all));
            }
            Value::Array(list) => list.iter().for_each(|value| texts(value, all)),
            _ => {}
        }
    }
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.open(name, &text.replace('\n', "\r\n"));
    client.found(name, 1);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let params = json!({"textDocument": {"uri": client.uri(name)}, "range": range, "context": {"diagnostics": [], "triggerKind": 1}});
    let mut all = Vec::new();
    texts(&client.ask("textDocument/codeAction", params).unwrap(), &mut all);
    all
}

#[test]
fn actions_write_lines_that_end_as_those_of_the_document() {
    let text =
        "frontend web\n    mode http\n    bind :80\n    default_backend app\nbackend app\n    server one app.example:80 resolvers none";
    let map: String = text.lines().map(|line| format!("    {line}\n")).collect();
    let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: lb}}\ndata:\n  haproxy.cfg: |\n{map}");
    for (name, text) in [("haproxy.cfg", text), ("deploy.yaml", map.as_str())] {
        let texts: Vec<String> = texts_on_dos(name, text).into_iter().filter(|text| text.contains('\n')).collect();
        assert!(texts.len() > 4, "{name}: {texts:?}");
        assert!(texts.iter().all(|text| text.matches('\n').count() == text.matches("\r\n").count()), "{name}: {texts:?}");
    }
}

/// A request about a whole document.
fn of_document(client: &mut Client, method: &str, more: &Value) -> Value {
    let mut params = json!({"textDocument": {"uri": client.uri("haproxy.cfg")}});
    more.as_object().unwrap().iter().for_each(|(key, value)| params[key] = value.clone());
    client.ask(method, params).unwrap()
}

const MORE: &str = "\
# A file
# with a long comment.
global
    localpeer lb1
    crt-base /etc/ssl
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
    balance leastconn

peers cluster
    peer lb1 10.0.0.1:1024
    peer lb2 10.0.0.2:1024
.if defined(X)
frontend web
    bind :443 ssl crt site.pem
    errorfile 503 /etc/haproxy/503.http
    http-request set-header X-Who \"é %[src,ipmask(24)]\" if { path -m reg ^/a } !inside
    acl inside src -f trusted.lst
.else
listen web
    bind :80
.endif
    default_backend app
backend app
    server one 10.0.0.1:80 check inter 2s
userlist people
    group staff
    user joe password x groups staff
";

#[test]
fn outlines() {
    let place = Place::with(&[]);
    let mut client = shown(&place, MORE);
    let symbols = of_document(&mut client, "textDocument/documentSymbol", &json!({}));
    fn tree(symbols: &Value, depth: usize, out: &mut String) {
        for symbol in symbols.as_array().unwrap() {
            let at = |range: &Value| {
                format!("{}:{}-{}:{}", range["start"]["line"], range["start"]["character"], range["end"]["line"], range["end"]["character"])
            };
            let shown = format!(
                "{} ({}) kind {} {} own {}",
                symbol["name"],
                symbol["detail"],
                symbol["kind"],
                at(&symbol["range"]),
                at(&symbol["selectionRange"])
            );
            *out += &format!("{:depth$}{shown}\n", "");
            if symbol.get("children").is_some() {
                tree(&symbol["children"], depth + 2, out);
            }
        }
    }
    let mut out = String::new();
    tree(&symbols, 0, &mut out);
    assert_snapshot!("document_symbols", out);
    assert_snapshot!(
        "folding_ranges",
        of_document(&mut client, "textDocument/foldingRange", &json!({}))
            .as_array()
            .unwrap()
            .iter()
            .map(|fold| { format!("{}-{} {}", fold["startLine"], fold["endLine"], fold["kind"]) })
            .collect::<Vec<_>>()
            .join("\n")
    );
    let found = client.ask("workspace/symbol", json!({"query": "lb"})).unwrap();
    assert_snapshot!("workspace_symbols", plain(&place, &found));
    let mut capabilities = crate::client::able();
    capabilities["textDocument"]["documentSymbol"] = json!({});
    let mut old = Client::with(place.path(), capabilities);
    old.open("haproxy.cfg", MORE);
    let flat = of_document(&mut old, "textDocument/documentSymbol", &json!({}));
    assert!(flat.as_array().unwrap().iter().any(|symbol| symbol["name"] == "one" && symbol["containerName"] == "app"), "{flat}");
}

#[test]
fn what_a_document_shows() {
    let place = Place::with(&[("trusted.lst", "10.0.0.1\n")]);
    let mut client = shown(&place, MORE);
    assert_snapshot!("document_links", plain(&place, &of_document(&mut client, "textDocument/documentLink", &json!({}))));
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let hints = of_document(&mut client, "textDocument/inlayHint", &json!({"range": range}));
    assert_snapshot!("inlay_hints", plain(&place, &hints));
    let positions = json!({"positions": [{"line": 19, "character": 43}, {"line": 11, "character": 0}]});
    let selections = of_document(&mut client, "textDocument/selectionRange", &positions);
    let mut out = String::new();
    for mut selection in selections.as_array().unwrap() {
        loop {
            let range = &selection["range"];
            out += &format!(
                "{}:{}-{}:{} ",
                range["start"]["line"], range["start"]["character"], range["end"]["line"], range["end"]["character"]
            );
            match selection.get("parent") {
                Some(parent) => selection = parent,
                None => break,
            }
        }
        out += "\n";
    }
    assert_snapshot!("selection_ranges", out);
}

#[test]
fn signatures() {
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.8\"\n")]);
    let mut client = shown(&place, MORE);
    let mut out = String::new();
    for (line, character) in [(17, 10), (18, 18), (19, 54), (27, 16), (2, 3), (10, 14)] {
        let help = client.ask("textDocument/signatureHelp", client.at("haproxy.cfg", line, character)).unwrap();
        let signature = &help["signatures"][0];
        let part = help["activeParameter"].as_u64().map(|active| &signature["parameters"][active as usize]["label"]);
        let part = part.map(|part| (part[0].as_u64().unwrap() as usize, part[1].as_u64().unwrap() as usize));
        let label = signature["label"].as_str().unwrap_or("none");
        out += &format!("{line}:{character} {label} | {}\n", part.map_or("", |(from, to)| &label[from..to]));
    }
    assert_snapshot!(out);
}

/// A client that shows a text, and the types and modifiers of its tokens.
pub(crate) fn coloured(place: &Place, name: &str, text: &str) -> (Client, Vec<String>, Vec<String>) {
    let mut client = Client::silent(place.path());
    let server = client.ask("initialize", json!({"capabilities": crate::client::able()})).unwrap();
    client.tell("initialized", json!({}));
    client.open(name, text);
    let legend = &server["capabilities"]["semanticTokensProvider"]["legend"];
    let names = |of: &str| legend[of].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    (client, names("tokenTypes"), names("tokenModifiers"))
}

/// Tokens in words: place, type with its modifiers, text.
pub(crate) fn tokens(text: &str, types: &[String], modifiers: &[String], data: &Value) -> String {
    let lines: Vec<Vec<u16>> = text.lines().map(|line| line.encode_utf16().collect()).collect();
    let (mut line, mut start, mut out) = (0, 0, String::new());
    for token in data.as_array().unwrap().chunks(5) {
        let number = |at: usize| token[at].as_u64().unwrap() as usize;
        start = if number(0) == 0 { start + number(1) } else { number(1) };
        line += number(0);
        let text = String::from_utf16(&lines[line][start..start + number(2)]).unwrap();
        let set = modifiers.iter().enumerate().filter(|(bit, _)| number(4) >> bit & 1 == 1);
        let set: String = set.map(|(_, name)| format!(".{name}")).collect();
        out += &format!("{line}:{start} {}{set} {text}\n", types[number(3)]);
    }
    out
}

/// Has each kind of token.
const COLOURS: &str = "\
global
    stats socket /run/h.sock mode 660 level admin
    nbproc 1
defaults
    mode http
    log-format \"%{+Q}ci %[capture.req.hdr(0),lower]\"
frontend web
    bind 10.0.0.1:443 ssl crt \"site.pem\" alpn h2
    stick-table type ip size 100k expire 30s store http_req_rate(10s),gpc0
    acl big req.hdr_cnt(x) gt 3
    acl big -m found # no criterion
    http-request set-var(txn.a) str(x),regsub(a+,b,g)
    http-request track-sc0 src table web if !big or LOCALHOST
    http-request deny deny_status 403 unless { var(txn.a) -m reg -i ^/a }
    use_backend app if METH_GET
backend app
    balance roundrobin
    no option httpclose
    option httpchk GET /x
    option forceclose
    server-template s 1-3 app.local:80 check inter 2s resolvers dns
    reqadd x
";

#[test]
fn colours() {
    let place = Place::with(&[]);
    let (mut client, types, modifiers) = coloured(&place, "haproxy.cfg", MORE);
    let all = of_document(&mut client, "textDocument/semanticTokens/full", &json!({}));
    assert_snapshot!(tokens(MORE, &types, &modifiers, &all["data"]));
    let range = json!({"start": {"line": 13, "character": 0}, "end": {"line": 13, "character": 99}});
    let part = of_document(&mut client, "textDocument/semanticTokens/range", &json!({"range": range}));
    assert_eq!(part["data"].as_array().unwrap().len(), 15, "{part}");
    let place = Place::with(&[("haproxy-lint.toml", "target = \"2.8\"\n")]);
    let (mut client, types, modifiers) = coloured(&place, "haproxy.cfg", COLOURS);
    let all = of_document(&mut client, "textDocument/semanticTokens/full", &json!({}));
    assert_snapshot!("colours_of_each_kind", tokens(COLOURS, &types, &modifiers, &all["data"]));
}

#[test]
fn changes_of_colours() {
    let place = Place::with(&[]);
    let (mut client, ..) = coloured(&place, "haproxy.cfg", COLOURS);
    let all = of_document(&mut client, "textDocument/semanticTokens/full", &json!({}));
    let mut data = all["data"].as_array().unwrap().clone();
    let mut before = all["resultId"].clone();
    let texts = [
        COLOURS.replace("balance roundrobin", "# none"),
        COLOURS.replace("    mode http\n", ""),
        COLOURS.to_owned(),
        String::new(),
        COLOURS.to_owned(),
    ];
    for (number, text) in texts.iter().enumerate() {
        client.write("haproxy.cfg", number as i32 + 2, text);
        let delta = of_document(&mut client, "textDocument/semanticTokens/full/delta", &json!({"previousResultId": before}));
        for edit in delta["edits"].as_array().unwrap() {
            let (start, gone) = (edit["start"].as_u64().unwrap() as usize, edit["deleteCount"].as_u64().unwrap() as usize);
            let came = edit["data"].as_array().cloned().unwrap_or_default();
            data.splice(start..start + gone, came);
        }
        before = delta["resultId"].clone();
        let whole = of_document(&mut client, "textDocument/semanticTokens/full", &json!({}));
        assert_eq!(json!(data), whole["data"], "{number}");
        before = whole["resultId"].as_str().map_or(before, |id| json!(id));
    }
    let same = of_document(&mut client, "textDocument/semanticTokens/full/delta", &json!({"previousResultId": before}));
    assert_eq!(same["edits"], json!([]), "nothing has changed");
    let unknown = of_document(&mut client, "textDocument/semanticTokens/full/delta", &json!({"previousResultId": "from another life"}));
    assert_eq!(json!(data), unknown["data"], "all of it, where nobody knows what was told before");
}

#[test]
fn capabilities() {
    let place = Place::with(&[]);
    let mut client = Client::silent(place.path());
    let mut able = crate::client::able();
    able["textDocument"]["diagnostic"] = json!({});
    let server = client.ask("initialize", json!({"capabilities": able})).unwrap();
    let text = serde_json::to_string_pretty(&server).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_snapshot!(text);
}

#[test]
fn files_are_completed() {
    let place =
        Place::with(&[("errors/503.http", ""), ("errors/502.http", ""), ("errors/.hidden", ""), ("lists/a.lst", ""), ("haproxy.cfg", "")]);
    let base = place.path().display();
    let text = format!(
        "global\n    crt-base {base}/errors\nfrontend web\n    errorfile 503 errors/5\n    bind :443 ssl crt 5\n    errorfile 502 {base}/li\n"
    );
    let mut client = shown(&place, &text);
    let mut at = |line: u32, column: usize| {
        let list = client.ask("textDocument/completion", client.at("haproxy.cfg", line, column as u32)).unwrap();
        let paths = list.as_array().unwrap().iter().filter(|item| item["kind"] == 17 || item["kind"] == 19);
        let mut labels: Vec<String> = paths.map(|item| item["label"].as_str().unwrap().to_owned()).collect();
        labels.sort();
        labels
    };
    assert_eq!(at(3, 26), ["502.http", "503.http"]);
    assert_eq!(at(4, 23), ["502.http", "503.http"]);
    assert_eq!(at(5, 18 + base.to_string().len() + 3), ["errors", "haproxy.cfg", "lists"]);
    assert!(at(3, 18).contains(&"errors".to_owned()));
}

#[test]
fn what_people_read_is_inert() {
    let place = Place::with(&[]);
    let text = "backend a\u{202e}b`c![x](http://x/y.png)\n    server s 10.0.0.1:80\n    acl x\u{200b}y src ::1\n";
    let mut client = shown(&place, text);
    let found = client.found("haproxy.cfg", 1);
    let symbols = client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": client.uri("haproxy.cfg")}})).unwrap();
    let hover = client.ask("textDocument/hover", client.at("haproxy.cfg", 0, 9)).unwrap();
    for value in [json!(found), symbols, hover.clone()] {
        assert!(!value.to_string().contains(['\u{202e}', '\u{200b}']), "{value}");
    }
    let told = hover["contents"]["value"].as_str().unwrap();
    assert!(told.starts_with("backend `a\\u{202e}b'c![x](http://x/y.png)`"), "{told}");
}

#[test]
fn laying_out() {
    let place = Place::with(&[("haproxy-lint.toml", "[format]\nindent = 2\n")]);
    let text = "global\n    maxconn   10\ndefaults\n      mode   http";
    let mut client = shown(&place, text);
    let options = json!({"options": {"tabSize": 8, "insertSpaces": false}});
    let edits = of_document(&mut client, "textDocument/formatting", &options);
    assert_snapshot!("formatting", plain(&place, &edits));
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}});
    let edits = of_document(&mut client, "textDocument/rangeFormatting", &json!({"options": options["options"], "range": range}));
    assert!(edits.as_array().unwrap().iter().all(|edit| edit["range"]["start"]["line"] == 1), "{edits}");
    assert!(!edits.as_array().unwrap().is_empty());
    client.open(
        "deploy.yaml",
        "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata:\n  haproxy.cfg: |\n    global\n     maxconn   10\n",
    );
    let params = json!({"textDocument": {"uri": client.uri("deploy.yaml")}, "options": options["options"]});
    let edits = client.ask("textDocument/formatting", params).unwrap();
    assert!(
        edits.as_array().unwrap().iter().all(|edit| edit["range"]["start"]["line"] == 6) && !edits.as_array().unwrap().is_empty(),
        "{edits}"
    );
    let other =
        json!({"uri": client.uri("t.cfg"), "languageId": "haproxy", "version": 1, "text": "global\n  {% if x %}\n  maxconn {{ n }}\n"});
    client.tell("textDocument/didOpen", json!({"textDocument": other}));
    let params = json!({"textDocument": {"uri": client.uri("t.cfg")}, "options": options["options"]});
    assert!(client.ask("textDocument/formatting", params).unwrap_err()["message"].as_str().unwrap().contains("it is a template"));
}
