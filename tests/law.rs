//! What a keyword means is said at its line of the catalog: no table beside it lists keywords.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    catalog::{Fact, Node, TABLES, Table, section_table, table},
    syntax::{SECTIONS, SectionKind},
};

/// How many keywords make a list of them a table.
const TABLE: usize = 3;

/// Lists of keywords that are no second table: the file, the constant or function that the list is in, and the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("catalog/matcher/expected.rs", "is_options", "tables whose words are options, by the names of the tables"),
    ("catalog/special/http_reply.rs", "judge", "what one action asks of its own arguments"),
    ("catalog/successor.rs", "line", "lines that become other lines: each is written by hand"),
    ("catalog/types/address.rs", "FORMS", "the forms of addresses, which are called as the keywords are"),
    ("catalog/types/address.rs", "TYPE", "the same"),
    ("catalog/types/file.rs", "TYPE", "which settings say where files are: the parameters of the type"),
    ("catalog/types/mod.rs", "scope", "what an expression is compiled as, where the place alone does not say it"),
    ("config/lines.rs", "broken_acls", "the lines of which HAProxy looks at ACLs late"),
    ("config/counters/call.rs", "action", "how the actions that change counters are spelled"),
    ("config/counters/mod.rs", "track_all", "lists of rules in the order of their phases, which no note says yet"),
    ("config/counters/moment.rs", "of", "the same"),
    ("config/server.rs", "ASKED", "options of servers, some of which are called as keywords are"),
    ("generate/cluster.rs", "kept", "the lines that the generator writes itself"),
    ("rules/dead/shadowed_rule.rs", "check", "lists of rules in which every request has a path"),
    ("rules/dead/unused_section.rs", "all_known", "words before names of sections, which any line may have"),
    ("rules/reference/implied_section.rs", "is_resolved", "when HAProxy looks for what an expression leaves out"),
    ("rules/reliability/log_mode.rs", "IGNORED", "what the rule is about: what a proxy in log mode ignores"),
    ("rules/rewriting.rs", "of", "what actions make of a value: each does something else with it"),
    ("rules/security/invalid_http.rs", "DOORS", "what the rule is about: options that let wrong requests in"),
    ("rules/security/old_tls.rs", "check", "what the rule is about: options that name old versions"),
    ("rules/security/stats_admin_open.rs", "check", "what closes a page of statistics"),
    ("rules/syntax/trailing_semicolon.rs", "MAY", "words behind which a semicolon is at home, which no type says yet"),
    ("rules/syntax/trailing_semicolon.rs", "is_list", "the same"),
    ("rules/table/sticks_to_backup.rs", "sticks", "the ways to stick, all of which the rule is about"),
    ("topics.rs", "TOPICS", "the names of pages, some of which are called as keywords are"),
];

/// A piece of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Name(String),
    Sign(char),
}

impl Token {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A piece of Rust, and its line from 1.
type Placed = (Token, usize);

/// Takes Rust apart; comments and characters are left out.
fn tokens(text: &str) -> Vec<Placed> {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < bytes.len() {
        let (end, token) = token(bytes, at);
        found.extend(token.map(|token| (token, line)));
        line += bytes[at..end].iter().filter(|b| **b == b'\n').count();
        at = end;
    }
    found
}

/// The piece at `at`, and where it ends.
fn token(bytes: &[u8], at: usize) -> (usize, Option<Token>) {
    let rest = &bytes[at..];
    let until = |found: Option<usize>| found.map_or(bytes.len(), |length| at + length);
    let text = |range: &[u8]| String::from_utf8_lossy(range).into_owned();
    match rest {
        [b'/', b'/', ..] => (until(rest.iter().position(|b| *b == b'\n')), None),
        [b'/', b'*', ..] => (until(rest.windows(2).position(|w| w == b"*/").map(|n| n + 2)), None),
        [b'r', b'"' | b'#', ..] if rest.iter().find(|b| !matches!(b, b'r' | b'#')) == Some(&b'"') => raw(bytes, at),
        [b'"', ..] => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end.min(bytes.len() - 1) + 1, Some(Token::Text(text(&bytes[at + 1..end.min(bytes.len())]))))
        }
        [b'\'', b'\\', ..] => (until(rest.iter().skip(3).position(|b| *b == b'\'').map(|n| n + 4)), None),
        [b'\'', _, b'\'', ..] => (at + 3, None),
        [first, ..] if first.is_ascii_alphanumeric() || *first == b'_' => {
            let end = until(rest.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_'));
            (end, Some(Token::Name(text(&bytes[at..end]))))
        }
        [first, ..] if first.is_ascii_punctuation() => (at + 1, Some(Token::Sign(char::from(*first)))),
        _ => (at + 1, None),
    }
}

/// A text like `r#"…"#`.
fn raw(bytes: &[u8], at: usize) -> (usize, Option<Token>) {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    let (first, close) = (at + 2 + hashes, [&b"\""[..], &b"#".repeat(hashes)].concat());
    let length = bytes[first..].windows(close.len()).position(|w| w == close).unwrap_or(bytes.len() - first - close.len());
    let text = String::from_utf8_lossy(&bytes[first..first + length]).into_owned();
    (first + length + close.len(), Some(Token::Text(text)))
}

/// The keywords of the sections, and what may follow those that have tables of their own.
struct Keywords(BTreeSet<String>);

impl Keywords {
    fn new() -> Self {
        let mut all = BTreeSet::new();
        let sections: BTreeSet<&str> = SECTIONS.iter().filter_map(|s| section_table(s.kind)).map(|t| t.name).collect();
        for entry in sections.iter().filter_map(|name| table(name)).flat_map(|t| t.entries) {
            all.insert(entry.key.to_owned());
            for inner in actions(&entry.arguments) {
                for action in inner.entries {
                    all.insert(format!("{} {}", entry.key, action.key.trim_end_matches(['(', '#'])));
                    all.insert(action.key.trim_end_matches(['(', '#']).to_owned());
                    let further = actions(&action.arguments).flat_map(|t| t.entries);
                    all.extend(further.map(|e| e.key.trim_end_matches(['(', '#']).to_owned()));
                }
            }
        }
        all.retain(|word| word.len() > 1);
        Self(all)
    }

    /// How many keywords there are among these texts. Words that lead to one keyword are one: `["tcp-request", "content"]`.
    fn count(&self, texts: &[&Placed]) -> usize {
        let mut found = BTreeSet::new();
        for group in texts.split(|(token, _)| matches!(token, Token::Sign('[' | ']' | '(' | ')' | '|'))) {
            let words: Vec<&str> = group.iter().filter_map(|(token, _)| token.text()).collect();
            let joined = words.join(" ");
            let path = words.len() > 1 && (SECTIONS.iter()).any(|s| fact(s.kind, &words).is_some_and(|fact| fact.name == joined));
            let words = if path { vec![joined] } else { words.into_iter().map(str::to_owned).collect() };
            found.extend(words.into_iter().filter(|word| path || self.0.contains(word)));
        }
        found.len()
    }
}

/// The keyword that these words lead to.
fn fact(kind: SectionKind, words: &[&str]) -> Option<&'static Fact> {
    Fact::of_words(kind, |at| words.get(at).copied().unwrap_or(""))
}

/// The table that comes right behind a keyword: that of its actions, its options, its timeouts.
fn actions(node: &Node) -> impl Iterator<Item = &'static Table> + use<> {
    let table = match node {
        Node::Table(index) => Some(&TABLES[*index]),
        _ => None,
    };
    table.into_iter()
}

/// A list of keywords.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: String,
    name: String,
    line: usize,
    keywords: usize,
}

/// Where a constant ends whose name is at `at`: behind its `;`.
fn constant(tokens: &[Placed], at: usize) -> usize {
    let mut depth = 0i32;
    for (number, (token, _)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            Token::Sign(';') if depth == 0 => return number,
            _ => {}
        }
    }
    tokens.len()
}

/// Where a list of texts ends that begins at `at`: what joins them is no more than brackets, commas and `|`.
fn list(tokens: &[Placed], at: usize) -> usize {
    let joins = |token: &Token| matches!(token, Token::Text(_) | Token::Sign('|' | ',' | '(' | ')' | '[' | ']' | '&' | '_' | '.'));
    tokens[at..].iter().position(|(token, _)| !joins(token)).map_or(tokens.len(), |length| at + length)
}

/// The lists of keywords in a file.
fn places(file: &str, text: &str, keywords: &Keywords) -> Vec<Place> {
    let tokens = tokens(text);
    let (mut found, mut name, mut at) = (Vec::new(), String::new(), 0);
    while at < tokens.len() {
        let (token, line) = &tokens[at];
        let next = match tokens.get(at + 1) {
            Some((Token::Name(next), _)) => next.as_str(),
            _ => "",
        };
        let end = match token {
            // What tests say is no table.
            Token::Name(word) if word == "mod" && next == "tests" => return found,
            // What a rule is about says nothing of keywords: the rule does, and builds for tests hold the one against the other.
            Token::Name(word)
                if matches!(word.as_str(), "about" | "mentions") && matches!(tokens.get(at + 1), Some((Token::Sign(':'), _))) =>
            {
                at = list(&tokens, at + 2);
                continue;
            }
            Token::Name(word) if word == "fn" => {
                next.clone_into(&mut name);
                at + 1
            }
            Token::Name(word) if matches!(word.as_str(), "const" | "static") && next.to_uppercase() == next && !next.is_empty() => {
                next.clone_into(&mut name);
                constant(&tokens, at)
            }
            Token::Text(_) => list(&tokens, at),
            _ => at + 1,
        };
        let count = keywords.count(&tokens[at..end].iter().collect::<Vec<_>>());
        if count >= TABLE {
            found.push(Place { file: file.to_owned(), name: name.clone(), line: *line, keywords: count });
        }
        at = end;
    }
    found
}

/// The files of Rust below a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|name| name != "tests.rs") {
            into.push(path);
        }
    }
}

/// All lists of keywords in the library.
fn all() -> Vec<Place> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let keywords = Keywords::new();
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let inner = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("it is below").display().to_string();
        places(&name, &fs::read_to_string(path).expect("the file can be read"), &keywords)
    };
    files.iter().flat_map(inner).collect()
}

#[test]
fn no_table_beside_the_catalog_lists_keywords() {
    let places = all();
    let mut excepted: BTreeMap<(&str, &str), bool> = EXCEPTIONS.iter().map(|(file, name, _)| ((*file, *name), false)).collect();
    let mut wrong = Vec::new();
    for place in &places {
        match excepted.get_mut(&(place.file.as_str(), place.name.as_str())) {
            Some(met) => *met = true,
            None => wrong.push(format!("src/{}:{}: `{}` lists {} keywords", place.file, place.line, place.name, place.keywords)),
        }
    }
    wrong.extend(
        excepted.iter().filter(|(_, met)| !**met).map(|((file, name), _)| format!("src/{file}: `{name}` is no exception any more")),
    );
    assert!(wrong.is_empty(), "{} of {}, say it at their lines of the catalog:\n{}", wrong.len(), places.len(), wrong.join("\n"));
}

#[test]
fn a_table_is_found() {
    let keywords = Keywords::new();
    let lists = |text: &str| places("x.rs", text, &keywords).iter().map(|p| (p.name.clone(), p.line, p.keywords)).collect::<Vec<_>>();
    let found = |name: &str, line, count| vec![(name.to_owned(), line, count)];
    assert_eq!(lists("const A: [&str; 3] = [\"bind\", \"acl\", \"server\"];"), found("A", 1, 3));
    assert_eq!(lists("fn f(x: &str) -> bool {\n    matches!(x, \"bind\" | \"acl\" | r#\"server\"#)\n}"), found("f", 2, 3));
    assert_eq!(lists("// \"bind\"\nfn f() { [\"option httplog\", \"timeout client\", \"deny\"] }"), found("f", 2, 3));
    assert_eq!(lists("const A: [&str; 3] = [\"bind\", \"bind\", \"nothing\"];"), []);
    assert_eq!(lists("fn f() { lines(&[\"tcp-request\", \"content\", \"switch-mode\"]) }"), []);
    assert_eq!(lists("rule! { \"a/b\", World(check), about: [\"bind\", \"acl\", \"server\"], mends: true }"), []);
    assert_eq!(lists("mod tests { const A: [&str; 3] = [\"bind\", \"acl\", \"server\"]; }"), []);
}
