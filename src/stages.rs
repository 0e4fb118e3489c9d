//! Shows what each stage of reading makes of a file: for people who wonder, and for tests.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::{
    check::Options,
    config::{Config, NameKind, Proxy, StickTable},
    source::{Location, SourceFile, Sources, Span},
    syntax::{Part, Piece, Reading, Statement, Text, TokenKind, Tree, Word, World, read},
};

/// The stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The bytes of the file, put together again from the tokens of its tree.
    Text,
    /// The statements of each world with the values of their words.
    Words,
    /// The tokens of the tree, which tile the file.
    Tree,
    /// What each world declares.
    Model,
}

/// Writes a stage of the first file of `sources`, as text or as JSON.
///
/// # Errors
/// Whatever `out` gives.
pub fn write(stage: Stage, sources: &Sources, options: &Options, as_json: bool, out: &mut dyn Write) -> io::Result<()> {
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let value = match stage {
        Stage::Text => {
            let text = rebuilt(sources, &trees);
            if !as_json {
                return out.write_all(&text);
            }
            json!(String::from_utf8_lossy(&text))
        }
        Stage::Tree => tree(sources, &trees),
        Stage::Words => worlds(sources, &trees, options, |reading| {
            Json::Array(reading.statements(0..reading.len()).map(|s| statement(reading, &s)).collect())
        }),
        Stage::Model => worlds(sources, &trees, options, |reading| model(&Config::new(reading))),
    };
    if as_json {
        serde_json::to_writer_pretty(&mut *out, &value)?;
        return out.write_all(b"\n");
    }
    match stage {
        Stage::Tree => text_of_tree(&value, out),
        _ => text_of(&value, 0, out),
    }
}

fn rebuilt(sources: &Sources, trees: &[Tree]) -> Vec<u8> {
    let mut text = Vec::new();
    for (file, tree) in sources.files().iter().zip(trees) {
        tree.tokens().for_each(|token| text.extend_from_slice(file.slice(token.span)));
    }
    text
}

fn span(span: Span) -> Json {
    json!({ "start": span.start, "end": span.end })
}

fn tree(sources: &Sources, trees: &[Tree]) -> Json {
    let mut tokens = Vec::new();
    for (file, tree) in sources.files().iter().zip(trees) {
        for token in tree.tokens() {
            let kind = match token.kind {
                TokenKind::Blank => "blank".to_owned(),
                TokenKind::Word => "word".to_owned(),
                TokenKind::LineFeed => "line-feed".to_owned(),
                TokenKind::Tail(tail) => format!("{tail:?}").to_lowercase(),
            };
            let text = file.text(token.span);
            tokens.push(json!({ "kind": kind, "start": token.span.start, "end": token.span.end, "line": token.line + 1, "text": text }));
        }
    }
    Json::Array(tokens)
}

/// One value for each world, with what the world takes for true.
fn worlds(sources: &Sources, trees: &[Tree], options: &Options, show: impl Fn(&Reading<'_>) -> Json) -> Json {
    let readings = read(sources, trees, &options.read_options());
    Json::Array(readings.iter().map(|r| json!({ "world": world(&r.world), "content": show(r) })).collect())
}

fn world(world: &World) -> Json {
    json!({ "versions": world.versions.to_string(), "assumed": world.assumed })
}

fn statement(reading: &Reading<'_>, statement: &Statement<'_>) -> Json {
    let words = statement.words().map(|w| word(w, written(reading, statement, w)));
    json!({ "line": statement.line() + 1, "words": words.collect::<Vec<_>>() })
}

/// The pieces of the word as it is written; plain words have none.
fn written<'r>(reading: &'r Reading<'_>, statement: &Statement<'_>, word: Word<'_>) -> (&'r SourceFile, &'r [Piece]) {
    let file = word.location.file;
    let tree = &reading.trees[file.0 as usize];
    let index = tree.words(statement.line()).iter().position(|raw| raw.span().start == word.location.span.start);
    (reading.sources.file(file), index.map_or(&[], |index| tree.pieces(statement.line(), index)))
}

fn word(word: Word<'_>, (file, pieces): (&SourceFile, &[Piece])) -> Json {
    let (known, parts) = match word.text {
        Text::Known(_) => ("known", Vec::new()),
        Text::Parts(parts) => ("parts", parts.iter().map(part).collect()),
        Text::Many => ("many", Vec::new()),
    };
    let variables: Vec<Json> = pieces.iter().filter_map(|piece| variable(file, piece)).collect();
    json!({
        "raw": file.text(word.location.span), "span": span(word.location.span),
        "value": word.display(), "known": known, "parts": parts, "variables": variables,
    })
}

fn part(part: &Part) -> Json {
    match part {
        Part::Text(text) => json!({ "text": text }),
        Part::Variable { name, .. } => json!({ "variable": name }),
    }
}

fn variable(file: &SourceFile, piece: &Piece) -> Option<Json> {
    match *piece {
        Piece::Variable { span: at, name, default, .. } => {
            Some(json!({ "name": file.text(name), "default": default.map(|d| file.text(d)), "span": span(at) }))
        }
        _ => None,
    }
}

fn shown(word: Option<Word<'_>>) -> Json {
    word.map_or(Json::Null, |w| json!(w.display()))
}

fn model(config: &Config<'_>) -> Json {
    let sections = config.sections().map(|s| {
        let line = s.header().map(|h| h.line() + 1);
        json!({ "kind": s.kind.keyword(), "name": shown(s.name()), "line": line, "statements": s.body().len() })
    });
    let peers = config.peers.iter().map(|p| {
        let list = p.list.as_slice().iter().map(|peer| json!({ "name": peer.name.display(), "address": shown(peer.statement.word(2)) }));
        json!({
            "name": p.name(), "disabled": p.disabled, "peers": list.collect::<Vec<_>>(),
            "binds": p.binds.iter().map(|b| shown(b.address)).collect::<Vec<_>>(),
            "tables": p.tables.iter().map(table).collect::<Vec<_>>(),
        })
    });
    json!({
        "sections": sections.collect::<Vec<_>>(),
        "proxies": config.proxies.iter().map(|p| proxy(config, p)).collect::<Vec<_>>(),
        "peers": peers.collect::<Vec<_>>(),
        "names": names(config),
        "localpeer": config.localpeer.iter().map(|s| shown(s.word(1))).collect::<Vec<_>>(),
    })
}

/// What is declared and what is used, both in the order of the file.
fn names(config: &Config<'_>) -> Json {
    let sources = config.reading.sources;
    let in_order = |mut names: Vec<(Location, NameKind, &str)>| -> Vec<Json> {
        names.sort_unstable();
        let line = |at: Location| sources.file(at.file).line_of(at.span.start) + 1;
        names.into_iter().map(|(at, kind, name)| json!({ "kind": kind.noun(), "name": name, "line": line(at) })).collect()
    };
    let declared = config.names.declared().flatten().map(|d| (d.location(), d.kind, d.name()));
    let used = config.names.uses().map(|u| (u.location(), u.kind, u.name));
    json!({ "declared": in_order(declared.collect()), "used": in_order(used.collect()) })
}

fn proxy(config: &Config<'_>, proxy: &Proxy<'_>) -> Json {
    let defaults =
        proxy.defaults().map(|d| &config.proxies[d]).map(|d| json!({ "name": d.name(), "line": d.section.header().map(|h| h.line() + 1) }));
    let server = |s: crate::config::Server<'_>| json!({ "name": s.name().display(), "address": shown(s.address()) });
    json!({
        "kind": proxy.section.kind.keyword(), "name": shown(proxy.section.name()), "created": proxy.created,
        "from": shown(proxy.from()), "defaults": defaults, "disabled": proxy.disabled, "mode": shown(proxy.mode()),
        "binds": proxy.binds.iter().map(|b| shown(b.address)).collect::<Vec<_>>(),
        "servers": proxy.servers.iter().map(server).collect::<Vec<_>>(),
        "tables": proxy.tables.iter().map(table).collect::<Vec<_>>(),
    })
}

fn table(table: &StickTable<'_>) -> Json {
    let store: Vec<Json> = table.store.iter().map(|s| json!(s.word.display())).collect();
    json!({
        "name": shown(table.name), "type": format!("{:?}", table.key).to_lowercase(), "len": shown(table.len), "size": shown(table.size),
        "expire": shown(table.expire), "peers": shown(table.peers), "store": store,
    })
}

fn text_of_tree(tokens: &Json, out: &mut dyn Write) -> io::Result<()> {
    for token in tokens.as_array().into_iter().flatten() {
        let field = |name: &str| token[name].as_u64().unwrap_or(0);
        let kind = token["kind"].as_str().unwrap_or("");
        writeln!(
            out,
            "{:>5} {:>8}..{:<8} {kind:<10} {:?}",
            field("line"),
            field("start"),
            field("end"),
            token["text"].as_str().unwrap_or("")
        )?;
    }
    Ok(())
}

/// Writes a value as an indented outline: short lists on one line, nothing for what is empty.
fn text_of(value: &Json, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    match value {
        Json::Array(items) => items.iter().try_for_each(|item| match line_of(item) {
            Some(line) => writeln!(out, "{indent}- {line}"),
            None => {
                writeln!(out, "{indent}-")?;
                text_of(item, depth + 1, out)
            }
        }),
        Json::Object(fields) => fields.iter().filter(|(_, v)| !is_empty(v)).try_for_each(|(name, field)| match line_of(field) {
            Some(line) => writeln!(out, "{indent}{name}: {line}"),
            None => {
                writeln!(out, "{indent}{name}:")?;
                text_of(field, depth + 1, out)
            }
        }),
        other => writeln!(out, "{indent}{other}"),
    }
}

/// `8..15 "maxconn"`: where a word is, what it holds, and which variables it takes that from.
fn text_of_word(word: &Json) -> String {
    let at = |thing: &Json| format!("{}..{}", thing["span"]["start"], thing["span"]["end"]);
    let variables =
        word["variables"].as_array().into_iter().flatten().map(|v| format!(" {{{} {}}}", v["name"].as_str().unwrap_or(""), at(v)));
    let value = if word["known"] == "many" { "any number of words".to_owned() } else { line_of(&word["value"]).unwrap_or_default() };
    format!("{} {value}{}", at(word), variables.collect::<String>())
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The value on one line, where it is flat enough.
fn line_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(format!("{text:?}")),
        Json::Object(fields) if fields.contains_key("words") => {
            let words = fields["words"].as_array().into_iter().flatten().map(text_of_word);
            Some(format!("{}: {}", fields["line"], words.collect::<Vec<_>>().join("  ")))
        }
        Json::Object(fields) => {
            let flat = fields.values().all(|v| !matches!(v, Json::Object(_) | Json::Array(_)) || is_empty(v));
            let parts = || fields.iter().filter(|(_, v)| !is_empty(v)).filter_map(|(name, v)| Some(format!("{name} {}", line_of(v)?)));
            flat.then(|| parts().collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => {
            let flat = items.iter().all(|i| !matches!(i, Json::Object(_) | Json::Array(_)));
            flat.then(|| items.iter().filter_map(line_of).collect::<Vec<_>>().join(" "))
        }
        other => Some(other.to_string()),
    }
}
