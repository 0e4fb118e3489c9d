//! Where a configuration runs: topologies of the settings, and configurations in manifests.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    client::Client,
    place::Place,
    requests::{coloured, tokens},
    sets::{checked, rules, shown},
};

const CONFIG_MAP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: lb
data:
  haproxy.cfg: |
    frontend web
        bind :80
        mode http
        timeout client 3s
        acl unused path /x
        use_backend app if { path /é }
    backend app
        mode http
        timeout connect 3s
        timeout server 3s
        server a 10.0.0.1:80
  other.txt: |
    nothing
";

const HOSTS: &str = "\
topology: 1
hosts:
  - name: lb1
    addresses: [10.0.0.1/24]
    config: haproxy.cfg
  - name: lb2
    addresses: [10.0.0.2/24]
    config: haproxy.cfg
";
const PEERS: &str = "\
peers cluster
    peer lb1 10.0.0.1:1024
    peer lb2 10.0.0.9:1024
backend app
    mode http
    timeout connect 3s
    timeout server 3s
    server a 10.0.0.1:80
";

/// A client that shows a manifest.
fn manifest(place: &Place, text: &str) -> Client {
    let mut client = Client::start(place);
    client.open("deploy.yaml", text);
    client
}

#[test]
fn configurations_in_manifests_are_checked_where_they_stand() {
    let place = Place::with(&[("deploy.yaml", CONFIG_MAP)]);
    let mut client = manifest(&place, CONFIG_MAP);
    let found = client.found("deploy.yaml", 1);
    assert_eq!(rules(&found), ["dead/unused-acl@10"]);
    let wanted: Vec<Value> = checked(&place, &["--topology", "deploy.yaml"], "deploy.yaml");
    let embedded: Vec<Value> = wanted.into_iter().filter(|finding| finding[0].as_str().unwrap() == "dead/unused-acl").collect();
    assert_eq!(shown(&found), embedded);
    let text = CONFIG_MAP.replace("        acl unused path /x\n", "").replace("use_backend app", "use_backend nope");
    client.write("deploy.yaml", 2, &text);
    assert_eq!(rules(&client.found("deploy.yaml", 2)), ["reference/unknown-backend@10"]);
}

#[test]
fn questions_are_answered_inside_manifests() {
    let place = Place::with(&[("deploy.yaml", CONFIG_MAP)]);
    let mut client = manifest(&place, CONFIG_MAP);
    let there = client.ask("textDocument/definition", client.at("deploy.yaml", 11, 21)).unwrap();
    assert_eq!(there[0]["range"], json!({"start": {"line": 12, "character": 12}, "end": {"line": 12, "character": 15}}));
    let hover = client.ask("textDocument/hover", client.at("deploy.yaml", 7, 9)).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("bind <address>"), "{hover}");
    assert_eq!(hover["range"]["start"], json!({"line": 7, "character": 8}));
    let list = client.ask("textDocument/completion", client.at("deploy.yaml", 11, 22)).unwrap();
    let app = list.as_array().unwrap().iter().find(|item| item["label"] == "app").unwrap();
    assert_eq!(app["textEdit"]["range"], json!({"start": {"line": 11, "character": 20}, "end": {"line": 11, "character": 23}}));
    let mut params = client.at("deploy.yaml", 12, 13);
    params["newName"] = json!("shop");
    let edit = client.ask("textDocument/rename", params).unwrap();
    let edits = edit["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(edits.iter().map(|edit| edit["range"]["start"]["line"].as_u64().unwrap()).collect::<Vec<_>>(), [11, 12]);
    let document = json!({"textDocument": {"uri": client.uri("deploy.yaml")}});
    let symbols = client.ask("textDocument/documentSymbol", document.clone()).unwrap();
    assert_eq!(symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect::<Vec<_>>(), ["web", "app"]);
    assert_eq!(symbols[1]["range"]["start"]["line"], 12);
    // Around it there is YAML.
    assert!(client.ask("textDocument/hover", client.at("deploy.yaml", 1, 1)).unwrap().is_null());
    let range = json!({"start": {"line": 10, "character": 0}, "end": {"line": 10, "character": 0}});
    let params = json!({"textDocument": {"uri": client.uri("deploy.yaml")}, "range": range, "context": {"diagnostics": []}});
    let actions = client.ask("textDocument/codeAction", params).unwrap();
    let delete = actions.as_array().unwrap().iter().find(|action| action["title"] == "Delete the line").unwrap();
    let edit = &delete["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!((&edit["range"]["start"]["line"], &edit["range"]["end"]["line"], &edit["newText"]), (&json!(10), &json!(11), &json!("")));
}

#[test]
fn a_topology_of_the_settings_is_the_place_where_it_runs() {
    let settings = "topology = [\"hosts.yaml\"]\n";
    let place = Place::with(&[("haproxy-lint.toml", settings), ("hosts.yaml", HOSTS), ("haproxy.cfg", PEERS)]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", PEERS);
    let found = client.found("haproxy.cfg", 1);
    let wanted = checked(&place, &["haproxy.cfg"], "haproxy.cfg");
    assert!(!wanted.is_empty());
    assert_eq!(shown(&found), wanted);
    let document = json!({"textDocument": {"uri": client.uri("haproxy.cfg")}});
    let lenses = client.ask("textDocument/codeLens", document.clone()).unwrap();
    assert_eq!(lenses[0]["range"]["start"]["line"], 0);
    assert_eq!(lenses[0]["command"]["title"], "2 nodes: 1 of 2 links do not work");
    client.write("haproxy.cfg", 2, &PEERS.replace("10.0.0.9", "10.0.0.2"));
    let lenses = client.ask("textDocument/codeLens", document.clone()).unwrap();
    assert_eq!(lenses[0]["command"]["title"], "2 nodes: all 2 links work");
}

#[test]
fn a_peers_section_says_which_node_this_is() {
    let place = Place::with(&[("haproxy-lint.toml", "local-name = \"lb2\"\n")]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", PEERS);
    let document = json!({"textDocument": {"uri": client.uri("haproxy.cfg")}});
    let lenses = client.ask("textDocument/codeLens", document).unwrap();
    assert_eq!(lenses[0]["command"]["title"], "the local node is lb2, which connects to lb1");
    let hover = client.ask("textDocument/hover", client.at("haproxy.cfg", 2, 10)).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("the local node: it listens at `10.0.0.9:1024`"), "{hover}");
    let hover = client.ask("textDocument/hover", client.at("haproxy.cfg", 1, 10)).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("another node, which others reach at `10.0.0.1:1024`"), "{hover}");
}

/// Two configurations in one file, and two files of one configuration.
const TWO: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: lb
data:
  edge.cfg: |
    defaults
        mode http
        timeout client 3s
    frontend web
        bind :80
        use_backend app if { path /é }
    # two
    # lines
    backend app
        errorfile 503 /etc/503.http
        server a 10.0.0.1:80
  inner.cfg: |
    defaults
        mode tcp
        timeout connect 3s
    peers mesh
        peer lb1 10.0.0.1:1024
        peer lb2 10.0.0.2:1024
    listen db
        bind :3306
        acl inside src 10.0.0.0/8
        server b 10.0.0.2:3306
";

#[test]
fn every_configuration_of_a_manifest_is_shown() {
    let place = Place::with(&[("deploy.yaml", TWO)]);
    let mut client = manifest(&place, TWO);
    let document = json!({"textDocument": {"uri": client.uri("deploy.yaml")}});
    let mut ask = |method: &str, more: Value| {
        let mut params = document.clone();
        more.as_object().unwrap().iter().for_each(|(key, value)| params[key] = value.clone());
        client.ask(method, params).unwrap()
    };
    let symbols = ask("textDocument/documentSymbol", json!({}));
    let named = |symbol: &Value| format!("{} {}", symbol["name"].as_str().unwrap(), symbol["range"]["start"]["line"]);
    let names: Vec<String> = symbols.as_array().unwrap().iter().map(named).collect();
    assert_eq!(names, ["defaults 6", "web 9", "app 14", "defaults 18", "mesh 21", "db 24"]);
    let folds = ask("textDocument/foldingRange", json!({}));
    let folds: Vec<(u64, u64)> =
        folds.as_array().unwrap().iter().map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap())).collect();
    assert_eq!(folds, [(6, 8), (9, 11), (12, 13), (14, 16), (18, 20), (21, 23), (24, 27)]);
    let links = ask("textDocument/documentLink", json!({}));
    assert_eq!(links[0]["range"]["start"]["line"], 15);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let hints = ask("textDocument/inlayHint", json!({"range": whole}));
    let shown =
        |hint: &Value| format!("{}:{} {}", hint["position"]["line"], hint["position"]["character"], hint["label"].as_str().unwrap());
    let hints: Vec<String> = hints.as_array().unwrap().iter().map(shown).collect();
    assert_eq!(
        hints,
        ["9:16 inherits mode http, timeout client 3s", "14:15 inherits mode http", "24:13 inherits mode tcp, timeout connect 3s"]
    );
    let part = json!({"start": {"line": 20, "character": 0}, "end": {"line": 25, "character": 0}});
    let hints = ask("textDocument/inlayHint", json!({"range": part}));
    assert_eq!(hints.as_array().unwrap().len(), 1, "{hints}");
    let lenses = ask("textDocument/codeLens", json!({}));
    assert!(!lenses.as_array().unwrap().is_empty(), "{lenses}");
    assert_eq!(lenses[0]["range"]["start"], json!({"line": 21, "character": 10}));
}

#[test]
fn every_configuration_of_a_manifest_has_colours() {
    let place = Place::with(&[("deploy.yaml", TWO)]);
    let (mut client, types, modifiers) = coloured(&place, "deploy.yaml", TWO);
    let document = json!({"textDocument": {"uri": client.uri("deploy.yaml")}});
    let all = client.ask("textDocument/semanticTokens/full", document.clone()).unwrap();
    assert_snapshot!("colours_in_a_manifest", tokens(TWO, &types, &modifiers, &all["data"]));
    let range = json!({"start": {"line": 21, "character": 0}, "end": {"line": 21, "character": 99}});
    let part = client.ask("textDocument/semanticTokens/range", json!({"textDocument": document["textDocument"], "range": range})).unwrap();
    assert_eq!(tokens(TWO, &types, &modifiers, &part["data"]), "21:4 class peers\n21:10 namespace.declaration mesh\n");
    let (line, hover) = (26, client.ask("textDocument/hover", client.at("deploy.yaml", 26, 20)).unwrap());
    assert_eq!(hover["range"]["start"], json!({"line": line, "character": 19}), "{hover}");
    let there = client.ask("textDocument/references", {
        let mut params = client.at("deploy.yaml", 11, 21);
        params["context"] = json!({"includeDeclaration": true});
        params
    });
    assert_eq!(there.unwrap().as_array().unwrap().len(), 2);
}

/// The edits of "fix all" in a document, made.
fn mended(client: &mut Client, name: &str, text: &str) -> String {
    let nowhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let context = json!({"diagnostics": [], "only": ["source.fixAll"]});
    let params = json!({"textDocument": {"uri": client.uri(name)}, "range": nowhere, "context": context});
    let actions = client.ask("textDocument/codeAction", params).unwrap();
    assert_eq!(actions.as_array().unwrap().len(), 1, "{actions}");
    let changes = actions[0]["edit"]["documentChanges"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["textDocument"]["uri"] == client.uri(name)), "{actions}");
    let offset = |at: &Value| {
        let before: usize = text.split_inclusive('\n').take(at["line"].as_u64().unwrap() as usize).map(str::len).sum();
        before + at["character"].as_u64().unwrap() as usize
    };
    let mut edits: Vec<&Value> = changes.iter().flat_map(|change| change["edits"].as_array().unwrap()).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
    edits.iter().fold(text.to_owned(), |mut text, edit| {
        text.replace_range(offset(&edit["range"]["start"])..offset(&edit["range"]["end"]), edit["newText"].as_str().unwrap());
        text
    })
}

#[test]
fn all_that_is_certain_is_mended_where_nodes_read_it() {
    let settings = "topology = [\"hosts.yaml\"]\n";
    let text = format!("global\n    maxconn 10\n    maxconn 20\n{PEERS}    server b 10.0.0.2:80 check");
    let place = Place::with(&[("haproxy-lint.toml", settings), ("hosts.yaml", HOSTS), ("haproxy.cfg", &text)]);
    let mut client = Client::start(&place);
    client.open("haproxy.cfg", &text);
    let after = mended(&mut client, "haproxy.cfg", &text);
    assert!(after.ends_with("check\n") && !after.contains("maxconn 20"), "{after}");
    place.run(&["check", "--fix", "haproxy.cfg"]);
    assert_eq!(std::fs::read_to_string(place.path().join("haproxy.cfg")).unwrap(), after, "as the program mends it");
}

#[test]
fn all_that_is_certain_is_mended_in_manifests() {
    let with = |lines: &str| TWO.replace("    listen db\n", &format!("    global\n{lines}    listen db\n")).replace('é', "e");
    let text = with("        maxconn 10\n        maxconn 20\n");
    let place = Place::with(&[("deploy.yaml", &text)]);
    let mut client = manifest(&place, &text);
    assert_eq!(mended(&mut client, "deploy.yaml", &text), with("        maxconn 10\n"));
}

#[test]
fn what_lies_beside_a_topology_is_read_by_its_hosts_in_editors_too() {
    let hosts = HOSTS.replace("    config: haproxy.cfg\n", "");
    let other = PEERS.replace("10.0.0.9:1024", "10.0.0.2:1025");
    let own = PEERS.replace("10.0.0.9:1024", "10.0.0.2:1024") + "    stick-table type ip size 1m expire 1h peers cluster\n";
    let other = other + "    stick-table type ip size 1m expire 1h peers cluster\n";
    let place = Place::with(&[
        ("haproxy-lint.toml", "topology = [\"hosts.yaml\"]\n"),
        ("hosts.yaml", &hosts),
        ("lb1/haproxy.cfg", &own),
        ("lb2/haproxy.cfg", &other),
    ]);
    let mut client = Client::start(&place);
    client.open("lb1/haproxy.cfg", &own);
    let found = client.found("lb1/haproxy.cfg", 1);
    // The other node listens on another port.
    assert_eq!(shown(&found), checked(&place, &[], "lb1/haproxy.cfg"));
    assert_eq!(rules(&found), ["topology/peer-unreachable@2"]);
}
