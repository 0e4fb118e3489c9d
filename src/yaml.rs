//! YAML and JSON as trees whose every node knows its bytes, built from the events of `saphyr-parser`.
//!
//! Aliases share the node they name, so a "bomb" of nested aliases costs nothing to read; what it would unfold to is
//! counted, and too much is refused.

pub(crate) mod relaxed;

use crate::cut::Cut;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marked};

use crate::source::{SourceFile, Span};

use relaxed::Relaxed;

/// How deep a document may nest.
const MAX_DEPTH: usize = 128;
/// How many nodes a document may have, with each alias counted as what it stands for.
const MAX_NODES: u64 = 20_000_000;

/// A node of a document.
#[derive(Debug)]
pub struct Yaml {
    /// Its bytes. A block scalar begins at its `|` or `>`, or at its content.
    pub span: Span,
    /// What it is.
    pub value: Value,
    weight: u64,
}

/// What a node is.
#[derive(Debug)]
pub enum Value {
    /// A text: numbers and truth values are texts too.
    Scalar(String, Style),
    /// `[a, b]`
    List(Vec<Rc<Yaml>>),
    /// `{a: b}`, in order.
    Map(Vec<(Rc<Yaml>, Rc<Yaml>)>),
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`, as in JSON.
    Double,
    /// A block behind `|`.
    Literal,
    /// A block behind `>`.
    Folded,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The place, as a byte offset.
    pub offset: u32,
    /// In plain words.
    pub message: String,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents.
    pub list: Vec<Rc<Yaml>>,
    /// Keys that stand twice in one map; of each the last value counts.
    pub twice: Vec<Broken>,
}

/// The documents of a file.
///
/// # Errors
/// Where it is not YAML, or more of it than can be meant.
pub fn documents(file: &SourceFile) -> Result<Documents, Broken> {
    let text = std::str::from_utf8(file.bytes())
        .map_err(|error| Broken { offset: error.valid_up_to() as u32, message: "the file is not UTF-8 here".to_owned() })?;
    let offsets = Offsets::new(text);
    let relaxed = Relaxed::new(text);
    parse(&relaxed, &offsets).or_else(|broken| match relaxed.flat() {
        Some(flat) => parse(&flat, &offsets).map_err(|_| broken),
        None => Err(broken),
    })
}

fn parse(relaxed: &Relaxed<'_>, offsets: &Offsets<'_>) -> Result<Documents, Broken> {
    let mut builder = Builder { relaxed, offsets, anchors: HashMap::new(), open: Vec::new(), documents: Documents::default() };
    let mut parser = Parser::new_from_str(&relaxed.text);
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => builder.event(event, span)?,
            Some(Err(error)) => {
                let offset = offsets.byte(relaxed.char(error.marker().index()));
                return Err(Broken { offset, message: format!("this is no YAML: {}", error.info()) });
            }
        }
    }
    Ok(builder.documents)
}

/// A TOML file as the same kind of tree.
///
/// # Errors
/// Where it is no TOML.
pub fn toml(file: &SourceFile) -> Result<Rc<Yaml>, Broken> {
    let text = std::str::from_utf8(file.bytes())
        .map_err(|error| Broken { offset: error.valid_up_to() as u32, message: "the file is not UTF-8 here".to_owned() })?;
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start as u32);
        Broken { offset, message: format!("this is no TOML: {}", error.message()) }
    })?;
    let span = Span::new(0, text.len() as u32);
    Ok(Rc::new(of_table(span, table.get_ref())))
}

fn of_table(span: Span, table: &toml::de::DeTable<'_>) -> Yaml {
    let place = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
    let pair = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<toml::de::DeValue<'_>>)| {
        let scalar = Value::Scalar(key.get_ref().to_string(), Style::Double);
        (Rc::new(Yaml { span: place(key.span()), value: scalar, weight: 1 }), Rc::new(of_value(place(value.span()), value.get_ref())))
    };
    Yaml { span, value: Value::Map(table.iter().map(pair).collect()), weight: 1 }
}

fn of_value(span: Span, value: &toml::de::DeValue<'_>) -> Yaml {
    use toml::de::DeValue;
    let plain = |text: String| Value::Scalar(text, Style::Plain);
    let value = match value {
        DeValue::String(text) => Value::Scalar(text.to_string(), Style::Double),
        DeValue::Integer(number) => plain(number.as_str().to_owned()),
        DeValue::Float(number) => plain(number.as_str().to_owned()),
        DeValue::Boolean(truth) => plain(truth.to_string()),
        DeValue::Datetime(time) => plain(time.to_string()),
        DeValue::Array(list) => {
            let place = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
            Value::List(list.iter().map(|v| Rc::new(of_value(place(v.span()), v.get_ref()))).collect())
        }
        DeValue::Table(table) => return of_table(span, table),
    };
    Yaml { span, value, weight: 1 }
}

/// From characters, which the parser counts, to bytes.
struct Offsets<'t> {
    text: &'t str,
    /// The byte offset of every character whose number divides by [`STEP`]; empty where both are the same.
    steps: Vec<u32>,
}

const STEP: usize = 64;

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        let steps = if text.is_ascii() { Vec::new() } else { text.char_indices().step_by(STEP).map(|(at, _)| at as u32).collect() };
        Self { text, steps }
    }

    fn byte(&self, index: usize) -> u32 {
        let end = self.text.len() as u32;
        if self.steps.is_empty() {
            return (index as u32).min(end);
        }
        let Some(start) = self.steps.get(index / STEP) else { return end };
        let rest = self.text.cut(*start as usize..);
        rest.char_indices().nth(index % STEP).map_or(end, |(at, _)| start + at as u32)
    }
}

/// A list or map that is not closed yet.
struct Open {
    start: u32,
    anchor: usize,
    is_map: bool,
    children: Vec<Rc<Yaml>>,
}

struct Builder<'t> {
    relaxed: &'t Relaxed<'t>,
    offsets: &'t Offsets<'t>,
    anchors: HashMap<usize, Rc<Yaml>>,
    open: Vec<Open>,
    documents: Documents,
}

impl Builder<'_> {
    fn span(&self, span: Marked) -> Span {
        let byte = |index| self.offsets.byte(self.relaxed.char(index));
        let (start, end) = (byte(span.start.index()), byte(span.end.index()));
        Span::new(start, end.max(start))
    }

    fn event(&mut self, event: Event<'_>, marked: Marked) -> Result<(), Broken> {
        let span = self.span(marked);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = Value::Scalar(text.into_owned(), style_of(style));
                self.add(Rc::new(Yaml { span, value, weight: 1 }), anchor)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(Broken { offset: span.start, message: "this alias stands inside of what it names".to_owned() });
                };
                self.add(node, 0)
            }
            Event::SequenceStart(anchor, _) => self.begin(span.start, anchor, false),
            Event::MappingStart(anchor, _) => self.begin(span.start, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end),
            // Anchors are known in their own document alone.
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, start: u32, anchor: usize, is_map: bool) -> Result<(), Broken> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Broken { offset: start, message: format!("this nests more than {MAX_DEPTH} levels deep") });
        }
        self.open.push(Open { start, anchor, is_map, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, end: u32) -> Result<(), Broken> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let weight = open.children.iter().fold(1u64, |all, child| all.saturating_add(child.weight));
        if weight > MAX_NODES {
            return Err(Broken { offset: open.start, message: "the aliases in this stand for more than 20 million values".to_owned() });
        }
        let span = Span::new(open.start, end.max(open.start));
        if open.is_map {
            self.documents.twice.extend(twice(&open.children));
        }
        let value = if open.is_map { Value::Map(pairs(open.children)) } else { Value::List(open.children) };
        self.add(Rc::new(Yaml { span, value, weight }), open.anchor)
    }

    fn add(&mut self, node: Rc<Yaml>, anchor: usize) -> Result<(), Broken> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.list.push(node);
            return Ok(());
        };
        open.children.push(node);
        Ok(())
    }
}

fn pairs(children: Vec<Rc<Yaml>>) -> Vec<(Rc<Yaml>, Rc<Yaml>)> {
    let mut children = children.into_iter();
    let mut pairs = Vec::new();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        pairs.push((key, value));
    }
    pairs
}

/// The keys among the keys and values of a map that were there before.
fn twice(children: &[Rc<Yaml>]) -> impl Iterator<Item = Broken> + '_ {
    let mut known = HashSet::new();
    let scalar = |key: &'_ Rc<Yaml>| match &key.value {
        Value::Scalar(text, _) if text != "<<" => Some((text.clone(), key.span.start)),
        _ => None,
    };
    children.iter().step_by(2).filter_map(scalar).filter_map(move |(text, offset)| {
        let message = format!("the key `{text}` stands twice in this map, and only its last value counts");
        (!known.insert(text)).then_some(Broken { offset, message })
    })
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// Lists of Compose that take the place of others, where others of one name are joined.
const REPLACED: [&str; 2] = ["command", "entrypoint"];

impl Yaml {
    /// The text, where it is one; `null`, `~` and nothing are none.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text, Style::Plain) if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") => None,
            Value::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Whether a block of text stands at a place of the file.
    pub(super) fn has_block(&self, at: u32) -> bool {
        let here = self.span.start <= at && at < self.span.end;
        match &self.value {
            Value::Scalar(_, style) => here && matches!(style, Style::Literal | Style::Folded),
            Value::List(list) => here && list.iter().any(|item| item.has_block(at)),
            Value::Map(pairs) => pairs.iter().any(|(_, value)| value.has_block(at)),
        }
    }

    /// The number, where it is a whole one.
    pub fn number(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// A node that holds nothing.
    pub(super) fn nothing() -> Self {
        Self { span: Span::new(0, 0), value: Value::Map(Vec::new()), weight: 1 }
    }

    /// What a node says where it stands over another one, as services of compose files do that extend others: maps are joined,
    /// lists follow on each other, and of texts the upper one counts.
    pub(crate) fn over(upper: &Rc<Self>, lower: &Rc<Self>) -> Rc<Self> {
        let weight = upper.weight.saturating_add(lower.weight);
        let value = match (&upper.value, &lower.value) {
            (Value::Map(upper), Value::Map(below)) => {
                let joined = |(key, value): &(Rc<Self>, Rc<Self>)| {
                    let other = below.iter().find(|(k, _)| key.text().is_some() && k.text() == key.text());
                    let other = other.filter(|_| !REPLACED.iter().any(|replaced| key.text() == Some(replaced)));
                    (Rc::clone(key), other.map_or_else(|| Rc::clone(value), |(_, other)| Self::over(value, other)))
                };
                let merge = Self { span: lower.span, value: Value::Scalar("<<".to_owned(), Style::Plain), weight: 1 };
                let rest = (Rc::new(merge), Rc::clone(lower));
                Value::Map(upper.iter().map(joined).chain([rest]).collect())
            }
            (Value::List(upper), Value::List(below)) => Value::List(below.iter().chain(upper).cloned().collect()),
            _ => return Rc::clone(upper),
        };
        // What is larger than a document may be is left as it is.
        if weight > MAX_NODES { Rc::clone(upper) } else { Rc::new(Self { span: upper.span, value, weight }) }
    }

    /// A map of other pairs in the place of this one.
    pub(crate) fn with(&self, span: Span, pairs: Vec<(Rc<Self>, Rc<Self>)>) -> Rc<Self> {
        Rc::new(Self { span, value: Value::Map(pairs), weight: self.weight })
    }

    /// A copy of which everything stands at `span` of another file; `say` gives each text below a key of the map, or what stands for it.
    pub(crate) fn copied(&self, span: Span, say: &dyn Fn(&str, &str) -> Option<String>) -> Rc<Self> {
        self.copy(span, None, say)
    }

    fn copy(&self, span: Span, below: Option<&str>, say: &dyn Fn(&str, &str) -> Option<String>) -> Rc<Self> {
        let value = match &self.value {
            Value::Scalar(text, style) => Value::Scalar(below.and_then(|key| say(key, text)).unwrap_or_else(|| text.clone()), *style),
            Value::List(list) => Value::List(list.iter().map(|node| node.copy(span, below, say)).collect()),
            Value::Map(pairs) => {
                let pair = |(key, value): &(Rc<Self>, Rc<Self>)| {
                    let below = below.or(key.text().filter(|key| *key != "<<"));
                    (key.copy(span, None, say), value.copy(span, below, say))
                };
                Value::Map(pairs.iter().map(pair).collect())
            }
        };
        Rc::new(Self { span, value, weight: self.weight })
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        matches!(self.text(), Some("true" | "True" | "TRUE"))
    }

    /// Whether it is `false`.
    pub fn is_false(&self) -> bool {
        matches!(self.text(), Some("false" | "False" | "FALSE"))
    }

    /// The elements, where it is a list.
    pub fn list(&self) -> &[Rc<Yaml>] {
        match &self.value {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The keys and values, where it is a map; `<<` is unfolded.
    pub fn entries(&self) -> Vec<(&Yaml, &Yaml)> {
        let (mut entries, mut seen) = (Vec::new(), HashSet::new());
        self.unfold(&mut entries, &mut seen, true);
        entries
    }

    /// Adds the keys and values, those of `<<` behind the others; of what is merged, those whose key was not `seen`.
    fn unfold<'y>(&'y self, entries: &mut Vec<(&'y Yaml, &'y Yaml)>, seen: &mut HashSet<Option<&'y str>>, own: bool) {
        let Value::Map(pairs) = &self.value else { return };
        let is_merge = |key: &Yaml| key.text() == Some("<<");
        for (key, value) in pairs.iter().filter(|(key, _)| !is_merge(key)) {
            if seen.insert(key.text()) || own {
                entries.push((key, value));
            }
        }
        for (_, merged) in pairs.iter().filter(|(key, _)| is_merge(key)) {
            let all = if merged.list().is_empty() { std::slice::from_ref(merged) } else { merged.list() };
            all.iter().for_each(|map| map.unfold(entries, seen, false));
        }
    }

    /// The value of `key`, where this is a map that has it; the last one counts.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and value named `key`.
    pub fn entry(&self, key: &str) -> Option<(&Yaml, &Yaml)> {
        let Value::Map(pairs) = &self.value else { return None };
        let own = pairs.iter().rev().find(|(k, _)| k.text() == Some(key)).map(|(k, v)| (&**k, &**v));
        own.or_else(|| {
            let merged = pairs.iter().filter(|(k, _)| k.text() == Some("<<"));
            merged.flat_map(|(_, m)| if m.list().is_empty() { std::slice::from_ref(m) } else { m.list() }).find_map(|m| m.entry(key))
        })
    }

    /// The value at the end of `path`.
    pub fn at(&self, path: &[&str]) -> Option<&Yaml> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text at the end of `path`.
    pub fn str_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).and_then(Yaml::text)
    }

    /// The elements of the list at the end of `path`.
    pub fn list_at(&self, path: &[&str]) -> &[Rc<Yaml>] {
        self.at(path).map_or(&[], Yaml::list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Rc<Yaml>>, Broken> {
        documents(&SourceFile::new("f", text.as_bytes().to_vec())).map(|d| d.list)
    }

    #[test]
    fn nodes_know_their_bytes() {
        let text = "é: 1\nkey:\n  - \"x\"\n  - |\n    lines\n    of text\n";
        let docs = parse(text).unwrap();
        let list = docs[0].list_at(&["key"]);
        assert_eq!(text.cut(list[0].span.start as usize..list[0].span.end as usize), "\"x\"");
        assert_eq!(list[1].text(), Some("lines\nof text\n"));
    }

    #[test]
    fn aliases_and_merges_are_followed() {
        let docs = parse("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n").unwrap();
        assert_eq!(docs[0].str_at(&["more", "x"]), Some("1"));
        assert_eq!(docs[0].str_at(&["more", "y"]), Some("3"));
        assert_eq!(docs[0].get("more").unwrap().entries().len(), 2);
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let file = SourceFile::new("f", b"a: 1\nb: {x: 1, y: 2, x: 3}\na: 2\n".to_vec());
        let documents = documents(&file).unwrap();
        let places: Vec<u32> = documents.twice.iter().map(|t| t.offset).collect();
        assert_eq!(places, [21, 27]);
        assert_eq!(documents.list[0].str_at(&["b", "x"]), Some("3"));
    }

    #[test]
    fn bombs_and_rubbish_are_errors() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for i in 1..12 {
            bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(","));
        }
        assert!(parse(&bomb).unwrap_err().message.contains("aliases"));
        assert!(parse(&"[".repeat(500)).is_err());
        assert!(parse("a: [1\nb: 2").is_err());
        assert!(parse("a:\n\t- b\n").is_err() || parse("a:\n\t- b\n").is_ok());
        assert_eq!(documents(&SourceFile::new("f", vec![b'a', 0xff])).unwrap_err().offset, 1);
    }
}
