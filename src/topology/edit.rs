//! Edits of manifests: one key more, another value, one element less, and every other byte as it was.
//!
//! Block style, flow style and JSON are written as the text around is. Where a place is not plain to see (an alias, a merged
//! map, a block scalar at the end of a map) there is no edit, and the rule only tells.

use std::rc::Rc;

use crate::{
    cut::Cut,
    finding::Edit,
    source::{FileId, Location, SourceFile, Span},
};

use super::yaml::{self, Style, Value, Yaml};

/// A value to be written.
#[derive(Clone, Debug)]
pub(crate) enum New {
    /// A text, in quotes where it needs them.
    Text(String),
    /// A number or truth value.
    Plain(String),
    /// Keys and values.
    Map(Vec<(String, New)>),
    /// Elements.
    List(Vec<New>),
}

impl New {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    pub(crate) fn map<const N: usize>(pairs: [(&str, New); N]) -> Self {
        Self::Map(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    }

    /// On one line. In JSON every text has quotes.
    fn flow(&self, json: bool) -> String {
        let text = |text: &str| if json { quoted(text) } else { scalar(text, true) };
        match self {
            Self::Text(value) => text(value),
            Self::Plain(value) => value.clone(),
            Self::Map(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("{}: {}", text(k), v.flow(json))).collect();
                format!("{{{}}}", pairs.join(", "))
            }
            Self::List(list) => format!("[{}]", list.iter().map(|v| v.flow(json)).collect::<Vec<_>>().join(", ")),
        }
    }

    /// On lines of its own behind `key:` or `-`, of which the first begins there and the others at the column `indent`.
    fn block(&self, indent: usize) -> String {
        let blank = " ".repeat(indent);
        match self {
            Self::Text(value) => scalar(value, false),
            Self::Plain(value) => value.clone(),
            Self::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
            Self::Map(pairs) => pairs.iter().map(|(k, v)| entry(k, v, indent)).collect::<Vec<_>>().join(&format!("\n{blank}")),
            Self::List(list) => list.iter().map(|v| format!("- {}", v.block(indent + 2))).collect::<Vec<_>>().join(&format!("\n{blank}")),
        }
    }
}

/// `key: value` at the column `indent`; what is inside of it is indented by two.
fn entry(key: &str, value: &New, indent: usize) -> String {
    let key = scalar(key, false);
    match value {
        New::Map(pairs) if !pairs.is_empty() => format!("{key}:\n{}{}", " ".repeat(indent + 2), value.block(indent + 2)),
        New::List(list) if !list.is_empty() => format!("{key}:\n{}{}", " ".repeat(indent), value.block(indent)),
        New::List(_) => format!("{key}: []"),
        _ => format!("{key}: {}", value.block(indent)),
    }
}

/// A text without quotes where it means itself.
fn scalar(text: &str, flow: bool) -> String {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | '$' | '(' | ')') || (c == ':' && !flow);
    let lower = text.to_ascii_lowercase();
    let word = matches!(lower.as_str(), "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$'));
    let option = text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let plain = (first || option) && !word && text.chars().all(inner) && !text.ends_with(':') && !text.contains(": ");
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A map or list of a manifest, and the file that it is in.
#[derive(Clone, Copy)]
pub(crate) struct Part<'m> {
    file: FileId,
    source: &'m SourceFile,
    pub(crate) node: &'m Yaml,
}

impl<'m> Part<'m> {
    pub(crate) fn new(file: FileId, source: &'m SourceFile, node: &'m Yaml) -> Self {
        Self { file, source, node }
    }

    fn with(self, node: &'m Yaml) -> Self {
        Self { node, ..self }
    }

    fn bytes(&self) -> &'m [u8] {
        self.source.bytes()
    }

    fn edit(&self, span: Span, text: impl Into<String>) -> Edit {
        Edit::replace(Location { file: self.file, span }, text)
    }

    /// The own key of that name and its value, neither merged nor an alias.
    fn own(self, key: &str) -> Option<(Self, Self)> {
        let Value::Map(pairs) = &self.node.value else { return None };
        let (key, value) = pairs.iter().rev().find(|(k, _)| k.text() == Some(key))?;
        let here = value.span.start >= key.span.end || is_nothing(value);
        here.then_some((self.with(key), self.with(value)))
    }

    /// The value at the end of `path`.
    pub(crate) fn at(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |part, key| part.own(key).map(|(_, value)| value))
    }

    /// The elements of a list.
    pub(crate) fn items(self) -> Vec<Self> {
        self.node.list().iter().map(|item| self.with(item)).collect()
    }

    /// `value` at the end of `path`: in the place of what is there, or as a new key behind the key `after`.
    pub(crate) fn set(self, path: &[&str], value: New, after: &str) -> Option<Edit> {
        let (last, parents) = path.split_last()?;
        let mut part = self;
        for (depth, key) in parents.iter().enumerate() {
            match part.own(key) {
                Some((_, value)) if matches!(value.node.value, Value::Map(_)) => part = value,
                Some(_) => return None,
                None if part.node.get(key).is_some() => return None,
                None => {
                    let inner = path[depth + 1..].iter().rev().fold(value, |v, k| New::Map(vec![((*k).to_owned(), v)]));
                    return part.insert(key, inner, after);
                }
            }
        }
        match part.own(last) {
            Some((_, old)) => old.replace(value),
            None if part.node.get(last).is_some() => None,
            None => part.insert(last, value, after),
        }
    }

    /// `new` at the end of the list at `path`, which is made where it is missing.
    pub(crate) fn push(self, path: &[&str], new: Vec<New>) -> Option<Edit> {
        let list = match self.at(path) {
            Some(list) if matches!(list.node.value, Value::List(_)) => list,
            Some(other) if !is_nothing(other.node) => return None,
            _ => return self.set(path, New::List(new), ""),
        };
        let items = list.items();
        let Some(last) = items.last() else { return list.replace(New::List(new)) };
        if list.is_flow() {
            let end = last.end()?;
            let text: String = new.iter().map(|item| format!(", {}", item.flow(self.is_json()))).collect();
            return Some(self.edit(Span::new(end, end), text));
        }
        let column = list.column(items[0].node.span.start)?.checked_sub(2)?;
        let end = last.line_end()?;
        let text: String = new.iter().map(|item| format!("\n{}- {}", " ".repeat(column), item.block(column + 2))).collect();
        Some(self.edit(Span::new(end, end), text))
    }

    /// A new element before this one of a list.
    pub(crate) fn before(self, value: New) -> Option<Edit> {
        let start = self.node.span.start;
        let dashed = start.checked_sub(2).is_some_and(|from| &self.bytes()[from as usize..start as usize] == b"- ");
        let text = match self.column(start).filter(|_| dashed) {
            Some(column) => format!("{}\n{}- ", value.block(column), " ".repeat(column - 2)),
            None => format!("{}, ", value.flow(self.is_json())),
        };
        Some(self.edit(Span::new(start, start), text))
    }

    /// Another value in the place of this one.
    pub(crate) fn replace(self, value: New) -> Option<Edit> {
        let collection = matches!(self.node.value, Value::Map(_) | Value::List(_));
        let span = Span::new(self.node.span.start, self.end()?);
        if !collection || self.is_flow() {
            let flow = self.is_flow() || matches!(value, New::Text(_) | New::Plain(_));
            return flow.then(|| self.edit(span, value.flow(self.is_json())));
        }
        let column = self.column(span.start)?;
        // A list cannot stand where a map stood without its indentation being right for both: it begins where the map did.
        Some(self.edit(span, value.block(column)))
    }

    /// The map without the key `key`.
    pub(crate) fn remove(self, key: &str) -> Option<Edit> {
        let Value::Map(pairs) = &self.node.value else { return None };
        let at = pairs.iter().position(|(k, _)| k.text() == Some(key))?;
        let span = |(k, v): &(Rc<Yaml>, Rc<Yaml>)| {
            let end = if is_nothing(v) { Some(k.span.end) } else { self.with(v).end().filter(|end| *end > k.span.end) };
            Some(Span::new(k.span.start, end?))
        };
        // What the others are does not matter in block style.
        let spans: Vec<Span> = pairs.iter().map(|pair| span(pair).unwrap_or(Span::new(0, 0))).collect();
        span(&pairs[at])?;
        self.without(&spans, at, 0)
    }

    /// The list without the element number `at`.
    pub(crate) fn remove_item(self, at: usize) -> Option<Edit> {
        let items = self.items();
        let spans: Option<Vec<Span>> = items.iter().map(|i| Some(Span::new(i.node.span.start, i.end()?))).collect();
        self.without(&spans?, at, 2)
    }

    /// What is left without one of several; `lead` are the bytes of `- ` before each.
    fn without(self, spans: &[Span], at: usize, lead: u32) -> Option<Edit> {
        let span = *spans.get(at)?;
        if spans.len() < 2 {
            return None;
        }
        if self.is_flow() {
            let cut = match spans.get(at + 1) {
                Some(next) => Span::new(span.start, next.start),
                None => Span::new(spans[at - 1].end, span.end),
            };
            return Some(self.edit(cut, ""));
        }
        let start = span.start.checked_sub(lead)?;
        let line = line_start(self.bytes(), start);
        let end = line_end(self.bytes(), span.end)?;
        let blank = self.bytes()[line as usize..start as usize].iter().all(|b| *b == b' ');
        let rest = &self.bytes()[end as usize..];
        let cut = Span::new(line, end + rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |feed| feed + 1) as u32);
        blank.then(|| self.edit(cut, ""))
    }

    /// A new key behind `after`, or behind the last one, or before the first.
    fn insert(self, key: &str, value: New, after: &str) -> Option<Edit> {
        let Value::Map(pairs) = &self.node.value else { return None };
        if self.is_flow() {
            let json = self.is_json();
            let pair = New::Map(vec![(key.to_owned(), value)]).flow(json);
            let pair = pair.cut(1..pair.len() - 1);
            let Some((k, v)) = pairs.last() else {
                return Some(self.edit(Span::new(self.node.span.start, self.end()?), format!("{{{pair}}}")));
            };
            let end = self.with(v).end().unwrap_or(k.span.end);
            return Some(self.edit(Span::new(end, end), format!(", {pair}")));
        }
        let first = pairs.first()?;
        let column = self.column(first.0.span.start)?;
        let ends = |(k, v): &(Rc<Yaml>, Rc<Yaml>)| {
            let end = if is_nothing(v) { k.span.end } else { self.with(v).end()? };
            line_end(self.bytes(), end).filter(|_| v.span.start >= k.span.end || is_nothing(v))
        };
        let named = pairs.iter().find(|(k, _)| k.text() == Some(after)).and_then(ends);
        let text = entry(key, &value, column);
        let blank = " ".repeat(column);
        Some(match named.or_else(|| pairs.iter().rev().find_map(ends)) {
            Some(end) => self.edit(Span::new(end, end), format!("\n{blank}{text}")),
            None => self.edit(Span::new(first.0.span.start, first.0.span.start), format!("{text}\n{blank}")),
        })
    }

    fn is_flow(&self) -> bool {
        let opens = match self.node.value {
            Value::Map(_) => b'{',
            Value::List(_) => b'[',
            Value::Scalar(..) => return false,
        };
        self.bytes().get(self.node.span.start as usize) == Some(&opens)
    }

    fn is_json(&self) -> bool {
        let text = self.bytes();
        matches!(text.iter().find(|b| !b.is_ascii_whitespace()), Some(b'{' | b'['))
    }

    /// Where the text of the node ends; `None` where that is not certain.
    fn end(&self) -> Option<u32> {
        let (span, bytes) = (self.node.span, self.bytes());
        let closes = |with: u8| (bytes.get((span.end as usize).checked_sub(1)?) == Some(&with)).then_some(span.end);
        match &self.node.value {
            Value::Scalar(_, Style::Literal | Style::Folded) => None,
            Value::Scalar(_, Style::Plain) if is_nothing(self.node) && span.is_empty() => None,
            Value::Scalar(_, Style::Plain) => {
                let text = &bytes[span.start as usize..span.end as usize];
                Some(span.start + text.trim_ascii_end().len() as u32)
            }
            Value::Scalar(_, Style::Single) => closes(b'\''),
            Value::Scalar(_, Style::Double) => closes(b'"'),
            Value::Map(pairs) if self.is_flow() => {
                let last =
                    pairs.last().map_or(Some(span.start + 1), |(k, v)| if is_nothing(v) { Some(k.span.end) } else { self.with(v).end() });
                closing(bytes, last?, b'}')
            }
            Value::List(list) if self.is_flow() => {
                let last = list.last().map_or(Some(span.start + 1), |item| self.with(item).end());
                closing(bytes, last?, b']')
            }
            Value::Map(pairs) => {
                let (key, value) = pairs.last()?;
                if is_nothing(value) { Some(key.span.end + 1) } else { self.with(value).end().filter(|end| *end > key.span.end) }
            }
            Value::List(list) => self.with(list.last()?).end(),
        }
    }

    /// Where the line ends that the node ends on, if nothing but a comment stands behind it.
    fn line_end(&self) -> Option<u32> {
        line_end(self.bytes(), self.end()?)
    }

    /// The column of a place that only blanks and dashes stand before.
    fn column(&self, at: u32) -> Option<usize> {
        let line = line_start(self.bytes(), at);
        let before = &self.bytes()[line as usize..at as usize];
        before.iter().all(|b| matches!(b, b' ' | b'-')).then_some(before.len())
    }
}

/// A key without a value.
fn is_nothing(node: &Yaml) -> bool {
    matches!(&node.value, Value::Scalar(text, Style::Plain) if text.is_empty())
}

fn line_start(bytes: &[u8], at: u32) -> u32 {
    bytes[..at as usize].iter().rposition(|b| *b == b'\n').map_or(0, |feed| feed as u32 + 1)
}

/// Where the line ends that `at` is on, before its line feed, if nothing but blanks and a comment stands behind `at`.
fn line_end(bytes: &[u8], at: u32) -> Option<u32> {
    let rest = bytes.get(at as usize..)?;
    let line = rest.split(|b| *b == b'\n').next().unwrap_or(rest);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let behind = line.trim_ascii_start();
    let comment = behind.is_empty() || (behind[0] == b'#' && behind.len() < line.len());
    (comment || behind == b":").then_some(at + line.len() as u32)
}

/// Where a flow collection ends whose last element ends at `from`: behind its bracket.
fn closing(bytes: &[u8], from: u32, with: u8) -> Option<u32> {
    let mut at = from as usize;
    loop {
        match bytes.get(at)? {
            byte if *byte == with => return Some(at as u32 + 1),
            b'#' => at += bytes[at..].iter().position(|b| *b == b'\n')?,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => at += 1,
            _ => return None,
        }
    }
}

/// How many elements are looked at one by one where they are not in order.
const FEW: usize = 100;

/// The nodes that stand around a place, the whole document first.
pub(crate) fn around(documents: &[Rc<Yaml>], place: Span) -> Vec<&Yaml> {
    let holds = |node: &Yaml| node.span.start <= place.start && place.end <= node.span.end;
    let mut found = Vec::new();
    // Elements are in the order of their places, but for what an alias stands for.
    let among = |list: &'_ [Rc<Yaml>]| -> Option<usize> {
        let near = list.partition_point(|n| n.span.start <= place.start).checked_sub(1).filter(|at| holds(&list[*at]));
        near.or_else(|| list.iter().take(FEW).position(|n| holds(n)))
    };
    let mut next = among(documents).map(|at| &*documents[at]);
    while let Some(node) = next {
        found.push(node);
        next = match &node.value {
            Value::Map(pairs) => pairs.iter().flat_map(|(k, v)| [&**k, &**v]).find(|n| holds(n) && !(n.span.is_empty() && n.span != place)),
            Value::List(list) => among(list).map(|at| &*list[at]),
            Value::Scalar(..) => None,
        };
    }
    found
}

/// The documents of a file; none where it is no YAML.
pub(crate) fn documents(file: &SourceFile) -> Vec<Rc<Yaml>> {
    if file.name().ends_with(".toml") { Vec::new() } else { yaml::documents(file).map(|d| d.list).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edit: impl Fn(Part<'_>) -> Option<Edit>) -> String {
        let file = SourceFile::new("f.yaml", text.as_bytes().to_vec());
        let documents = documents(&file);
        let Some(mut edit) = edit(Part::new(FileId(0), &file, &documents[0])) else { return "told".to_owned() };
        edit.end_lines(&file);
        let (start, end) = (edit.location.span.start as usize, edit.location.span.end as usize);
        format!("{}{}{}", text.cut(..start), edit.text, text.cut(end..))
    }

    #[test]
    fn keys_are_put_where_they_belong() {
        let set = |text: &str, path: &[&str], after: &str| edited(text, |p| p.set(path, New::plain(15), after));
        assert_eq!(set("a: 1\nspec:\n  x: 1 # one\n  y: 2\n", &["spec", "k"], "x"), "a: 1\nspec:\n  x: 1 # one\n  k: 15\n  y: 2\n");
        assert_eq!(set("spec:\n    x: {a: b}\n\n# end\nz: 1\n", &["spec", "k"], ""), "spec:\n    x: {a: b}\n    k: 15\n\n# end\nz: 1\n");
        assert_eq!(set("spec: {x: 1}\n", &["spec", "k"], ""), "spec: {x: 1, k: 15}\n");
        assert_eq!(set("spec: {}\n", &["spec", "k"], ""), "spec: {k: 15}\n");
        assert_eq!(set("{\"spec\": {\"x\": \"1\"}}", &["spec", "k"], ""), "{\"spec\": {\"x\": \"1\", \"k\": 15}}");
        assert_eq!(set("spec:\n  k: 3 # few\n", &["spec", "k"], ""), "spec:\n  k: 15 # few\n");
        assert_eq!(set("a: 1\n", &["b", "c", "k"], ""), "a: 1\nb:\n  c:\n    k: 15\n");
        assert_eq!(set("spec:\n  t: |\n    text\n", &["spec", "k"], ""), "spec:\n  k: 15\n  t: |\n    text\n");
        assert_eq!(
            set("a: 1\nspec:\n  x:\n  - 1\n  - b: 2\n    c:\n", &["spec", "k"], ""),
            "a: 1\nspec:\n  x:\n  - 1\n  - b: 2\n    c:\n  k: 15\n"
        );
        assert_eq!(set("x: &x {k: 1}\nspec: *x\n", &["spec", "k"], ""), "told");
        assert_eq!(set("x: &x {k: 1}\nspec:\n  <<: *x\n  y: 1\n", &["spec", "k"], ""), "told");
        assert_eq!(set("spec:\r\n  x: 1\r\n", &["spec", "k"], ""), "spec:\r\n  x: 1\r\n  k: 15\r\n");
    }

    #[test]
    fn lists_grow_and_shrink() {
        let item = || New::map([("name", New::text("peers")), ("port", New::plain(1024))]);
        let push = |text: &str| edited(text, |p| p.push(&["ports"], vec![item()]));
        assert_eq!(
            push("ports:\n- port: 80\n  name: web # x\nz: 1\n"),
            "ports:\n- port: 80\n  name: web # x\n- name: peers\n  port: 1024\nz: 1\n"
        );
        assert_eq!(push("ports: [{port: 80}]\n"), "ports: [{port: 80}, {name: peers, port: 1024}]\n");
        assert_eq!(push("ports: []\n"), "ports: [{name: peers, port: 1024}]\n");
        assert_eq!(push("a: 1\n"), "a: 1\nports:\n- name: peers\n  port: 1024\n");
        let less = |text: &str, at| edited(text, |p| p.at(&["l"])?.remove_item(at));
        assert_eq!(less("l: [a, b, c]\n", 1), "l: [a, c]\n");
        assert_eq!(less("l: [a, b, c]\n", 2), "l: [a, b]\n");
        assert_eq!(less("l:\n- {a: [1]} # x\n- {b: 2}\n", 0), "l:\n- {b: 2}\n");
        assert_eq!(edited("a: 1\nl:\n- {a: [1]}\n", |p| p.remove("l")), "a: 1\n");
        assert_eq!(less("l:\n  - a: 1\n    b: 2\n  - c\nz: 1\n", 0), "l:\n  - c\nz: 1\n");
        let gone = |text: &str| edited(text, |p| p.remove("b"));
        assert_eq!(gone("a: 1\nb:\n  c: [1,\n    2]\nd: 1\n"), "a: 1\nd: 1\n");
        assert_eq!(gone("a: 1\r\nb:\r\n  c: 2\r\nd: 1\r\n"), "a: 1\r\nd: 1\r\n");
        assert_eq!(gone("a: 1\r\nb: 2"), "a: 1\r\n");
        assert_eq!(gone("{a: 1, b: 2}\n"), "{a: 1}\n");
        assert_eq!(gone("b: 2\n"), "told");
    }

    #[test]
    fn texts_have_quotes_where_they_need_them() {
        let texts = ["peers", "$(POD_NAME)", "-L", "{{.Task.Slot}}", "no", "12", "a:1", "lb-{{x}}", "- x", ""];
        let written: Vec<String> = texts.iter().map(|t| scalar(t, true)).collect();
        assert_eq!(written.join(" "), "peers $(POD_NAME) -L \"{{.Task.Slot}}\" \"no\" \"12\" \"a:1\" \"lb-{{x}}\" \"- x\" \"\"");
    }
}
