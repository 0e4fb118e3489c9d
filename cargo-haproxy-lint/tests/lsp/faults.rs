//! What nobody should say: each is answered, and the server lives.

use serde_json::{Value, json};

use crate::{
    client::{Client, able},
    place::Place,
};

#[test]
fn what_comes_before_initialize_is_too_early() {
    let place = Place::with(&[]);
    let mut client = Client::silent(place.path());
    assert_eq!(client.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32002);
    client.tell("textDocument/didOpen", json!({"textDocument": {"uri": "file:///x", "languageId": "", "version": 1, "text": ""}}));
    assert!(client.ask("initialize", json!({"capabilities": {}})).is_ok());
    assert_eq!(client.ask("initialize", json!({"capabilities": {}})).unwrap_err()["code"], -32600);
    assert_eq!(client.end(), 0);
}

#[test]
fn what_is_no_message_is_told() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.raw(b"Content-Length: 5\r\n\r\n{\"a\":");
    assert_eq!(client.answer(&Value::Null).unwrap_err()["code"], -32700);
    client.raw(b"Content-Length: 9\r\n\r\n{\"id\": 7}");
    assert_eq!(client.answer(&json!(7)).unwrap_err()["code"], -32600);
    client.raw(b"what\r\nContent-Type: x\r\nContent-Length: nine\r\n\r\n");
    assert_eq!(client.ask("nobody/knows", json!([1])).unwrap_err()["code"], -32601);
    client.tell("nobody/knows", json!([1]));
    client.tell("textDocument/didChange", json!({"nonsense": true}));
    assert_eq!(client.ask("textDocument/hover", json!({"nonsense": true})).unwrap_err()["code"], -32602);
    assert_eq!(client.end(), 0);
}

#[test]
fn odd_words_of_a_client_keep_nobody_from_working() {
    let place = Place::with(&[]);
    let mut client = Client::silent(place.path());
    let odd = json!({"processId": "none", "rootUri": 7, "workspaceFolders": "all", "capabilities": {"general": 1, "textDocument": []}});
    assert_eq!(client.ask("initialize", odd).unwrap()["capabilities"]["positionEncoding"], "utf-16");
    client.open("a.cfg", "frontend web\n");
    assert!(!client.found("a.cfg", 1).is_empty());
}

#[test]
fn the_end_is_in_order_where_shutdown_came_before() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.tell("exit", Value::Null);
    assert_eq!(client.gone(), 1);
    let client = Client::start(&place);
    assert_eq!(client.gone(), 1, "nobody speaks any more");
    let mut client = Client::start(&place);
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(client.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32600);
    client.tell("exit", Value::Null);
    assert_eq!(client.gone(), 0);
}

#[test]
fn a_panic_is_an_error_of_one_request() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.open("a.cfg", "backend app\n");
    let document = json!({"uri": client.uri("a.cfg")});
    for _ in 0..2 {
        let error = client.ask("test/panic", document.clone()).unwrap_err();
        assert_eq!(error["code"], -32603);
        assert!(error["message"].as_str().unwrap().contains("a test wants it"), "{error}");
        assert!(client.ask("textDocument/definition", client.at("a.cfg", 0, 9)).unwrap().is_array());
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn what_is_canceled_is_answered_once() {
    let place = Place::with(&[]);
    let mut client = Client::start(&place);
    client.open("a.cfg", "backend app\n");
    let id = client.begin("textDocument/definition", client.at("a.cfg", 0, 9));
    client.tell("$/cancelRequest", json!({"id": id}));
    client.tell("$/cancelRequest", json!({"id": "unknown"}));
    // It may have been faster.
    if let Err(error) = client.answer(&json!(id)) {
        assert_eq!(error["code"], -32800);
    }
    client.settle();
    assert!(client.heard.iter().all(|message| message["id"] != id));
}

#[test]
fn the_encoding_is_one_that_the_client_has() {
    let place = Place::with(&[]);
    for (wanted, given) in
        [(json!(["utf-32", "utf-16"]), "utf-32"), (json!(["utf-16", "utf-8"]), "utf-8"), (json!(["x"]), "utf-16"), (json!(null), "utf-16")]
    {
        let mut client = Client::silent(place.path());
        let capabilities = json!({"general": {"positionEncodings": wanted}});
        let answer = client.ask("initialize", json!({"capabilities": capabilities})).unwrap();
        assert_eq!(answer["capabilities"]["positionEncoding"], given);
    }
    let mut client = Client::silent(place.path());
    assert_eq!(client.ask("initialize", json!({"capabilities": able()})).unwrap()["serverInfo"]["name"], "haproxy-lint");
}
