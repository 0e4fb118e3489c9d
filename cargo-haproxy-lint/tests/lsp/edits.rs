//! Somebody types: the text of the server stays that of the client, and what is found is what a fresh check finds.

use serde_json::{Value, json};

use crate::{
    client::{Client, able},
    place::Place,
    sets::{checked, shown},
};

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

const TEXT: &str = "defaults\r\n    mode http\n    timeout client 3s\nfrontend 😀é\n    bind :80\n    use_backend app if { path /é }\nbackend app\n    server a 10.0.0.1:80\n";

/// What is typed.
const TYPED: [&str; 16] = [
    "x",
    "é",
    "😀",
    "\n",
    "\r\n",
    "backend b\n",
    "\n    server s 10.0.0.2:80 check\n",
    "  ",
    "\t",
    "acl a path /x\n",
    "\"",
    "#",
    "\\ ",
    "maxconn",
    "a\nb\r\nc\n",
    "",
];

/// How many units a letter takes.
type Units = fn(char) -> usize;

/// A place of a text as a client counts it: the line and what is before it there, in units of the encoding. Now and then it is past
/// the end of the line, or of the text.
fn place_of(dice: &mut Dice, text: &str, units: Units) -> (usize, Value) {
    let lines: Vec<&str> = text.split('\n').collect();
    if dice.roll(40) == 0 {
        return (text.len(), json!({"line": lines.len() + dice.roll(9), "character": dice.roll(9)}));
    }
    let number = dice.roll(lines.len());
    let start: usize = lines[..number].iter().map(|line| line.len() + 1).sum();
    let line = lines[number].strip_suffix('\r').filter(|_| number + 1 < lines.len()).unwrap_or(lines[number].trim_end_matches('\r'));
    let letters: Vec<char> = line.chars().collect();
    let before = dice.roll(letters.len() + 1);
    let bytes: usize = letters[..before].iter().map(|letter| letter.len_utf8()).sum();
    let mut column: usize = letters[..before].iter().map(|letter| units(*letter)).sum();
    if before == letters.len() {
        column += dice.roll(3) * dice.roll(50);
    }
    (start + bytes, json!({"line": number, "character": column}))
}

/// Some edits, made by the client and by us: the text that there must be then.
fn edited(dice: &mut Dice, mut text: String, units: Units) -> (String, Vec<Value>) {
    let mut changes = Vec::new();
    for _ in 0..=dice.roll(4) {
        let new = dice.pick(&TYPED);
        if dice.roll(30) == 0 {
            text = TEXT.to_owned();
            changes.push(json!({"text": text}));
            continue;
        }
        let (mut a, mut b) = (place_of(dice, &text, units), place_of(dice, &text, units));
        if a.0 > b.0 {
            std::mem::swap(&mut a, &mut b);
        }
        // Most edits are small.
        if dice.roll(3) > 0 {
            b = a.clone();
        }
        changes.push(json!({"range": {"start": a.1, "end": b.1}, "text": new}));
        text.replace_range(a.0..b.0, new);
    }
    (text, changes)
}

fn edits(sequences: usize, steps: usize) {
    let counts: [(&str, Units); 3] = [("utf-8", char::len_utf8), ("utf-16", char::len_utf16), ("utf-32", |_| 1)];
    for (encoding, units) in counts {
        let place = Place::with(&[]);
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut client = Client::with(place.path(), capabilities);
        for sequence in 0..sequences {
            let name = format!("{sequence}.cfg");
            let mut dice = Dice(sequence as u64);
            let mut text = TEXT.to_owned();
            client.open(&name, &text);
            let uri = client.uri(&name);
            let mut version = 1;
            for _ in 0..=dice.roll(steps) {
                let (new, changes) = edited(&mut dice, text, units);
                text = new;
                version += 1;
                client.tell("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}));
            }
            let kept = client.ask("test/text", json!({"uri": uri})).unwrap();
            assert_eq!(kept, json!(text), "{encoding}, sequence {sequence}");
            let found = client.found(&name, version);
            std::fs::write(place.path().join(&name), &text).unwrap();
            let wanted = checked(&place, &[&name], &name);
            let told = shown(&found);
            let words = |all: &[Value]| all.iter().map(|d| json!([d[0], d[1], d[2][0], d[3][0], d[4]])).collect::<Vec<_>>();
            assert_eq!(words(&told), words(&wanted), "{encoding}, sequence {sequence}: {text:?}");
            if encoding == "utf-32" {
                assert_eq!(told, wanted, "{encoding}, sequence {sequence}: {text:?}");
            }
            client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
            client.heard.clear();
        }
        assert_eq!(client.end(), 0);
    }
}

#[test]
fn edits_of_any_kind_are_kept() {
    edits(40, 12);
}

#[test]
#[ignore = "minutes: `cargo test -p cargo-haproxy-lint --test lsp thousands -- --ignored`"]
fn thousands_of_edits_of_any_kind_are_kept() {
    edits(2000, 12);
}
