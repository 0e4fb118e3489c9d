//! Where a configuration runs: topologies of the settings, and configurations in manifests.

use serde_json::{Value, json};

use crate::{
    client::Client,
    place::Place,
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
