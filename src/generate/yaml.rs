//! YAML that is written: maps in their order, texts as blocks where they have several lines.

use std::fmt;

use crate::topology::yaml::{Style, Value, Yaml};

/// A node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Map(Vec<(String, Node)>),
    List(Vec<Node>),
    /// A text, quoted where it would be taken for something else.
    Text(String),
    /// A number or a truth value.
    Plain(String),
}

/// A map of these entries.
pub(super) fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Self {
        Self::Plain(truth.to_string())
    }
}

impl From<u16> for Node {
    fn from(number: u16) -> Self {
        Self::Plain(number.to_string())
    }
}

impl<T: Into<Node>, const N: usize> From<[T; N]> for Node {
    fn from(list: [T; N]) -> Self {
        Self::List(list.map(Into::into).into())
    }
}

impl From<&crate::topology::Labels> for Node {
    fn from(labels: &crate::topology::Labels) -> Self {
        Self::Map(labels.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect())
    }
}

impl From<&Yaml> for Node {
    fn from(yaml: &Yaml) -> Self {
        match &yaml.value {
            Value::Scalar(text, Style::Plain) if !text.contains('\n') => Self::Plain(text.clone()),
            Value::Scalar(text, _) => Self::Text(text.clone()),
            Value::List(list) => Self::List(list.iter().map(|node| Self::from(&**node)).collect()),
            Value::Map(_) => Self::Map(yaml.entries().into_iter().map(|(k, v)| (k.text().unwrap_or("").to_owned(), v.into())).collect()),
        }
    }
}

impl Node {
    /// The value of `key`, where this is a map that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at the end of `path`.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, where it is a list.
    pub(super) fn list(&self) -> &[Node] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// Puts an entry at the end of a map, or in the place of the one that is there.
    pub(super) fn set(&mut self, key: &str, value: Node) {
        let Self::Map(entries) = self else { return };
        match entries.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key.to_owned(), value)),
        }
    }

    /// The same map with one more entry.
    pub(super) fn with(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.set(key, value.into());
        self
    }

    /// The same map with the entries of another one.
    pub(super) fn with_all(mut self, other: Node) -> Self {
        self.merge(&other);
        self
    }

    /// Takes entries out of a map.
    pub(super) fn remove(&mut self, keys: &[&str]) {
        if let Self::Map(entries) = self {
            entries.retain(|(key, _)| !keys.contains(&key.as_str()));
        }
    }

    /// Lays `patch` over it as Kubernetes does: maps are joined, so are lists whose elements have a name, and what else
    /// there is takes the place of what was there.
    pub(super) fn merge(&mut self, patch: &Node) {
        let (Self::Map(_), Self::Map(entries)) = (&*self, patch) else {
            *self = patch.clone();
            return;
        };
        for (key, value) in entries {
            let Self::Map(own) = self else { return };
            match own.iter_mut().find(|(k, _)| k == key) {
                None => own.push((key.clone(), value.clone())),
                Some((_, old)) => match (element_name(key), &mut *old, value) {
                    (Some(name), Self::List(list), Self::List(more)) => more.iter().for_each(|element| join(list, element, name)),
                    _ => old.merge(value),
                },
            }
        }
    }
}

/// The key by which the elements of a list are known.
fn element_name(list: &str) -> Option<&'static str> {
    match list {
        "containers" | "initContainers" | "env" | "volumes" => Some("name"),
        "ports" => Some("containerPort"),
        "volumeMounts" => Some("mountPath"),
        _ => None,
    }
}

fn join(list: &mut Vec<Node>, element: &Node, name: &str) {
    let wanted = element.get(name).and_then(Node::text);
    match list.iter_mut().find(|old| old.get(name).and_then(Node::text) == wanted) {
        Some(old) => old.merge(element),
        None => list.push(element.clone()),
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        block(self, 0, f)
    }
}

/// A node on lines of its own, the first of which is begun already.
fn block(node: &Node, indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let pad = " ".repeat(indent);
    match node {
        Node::Map(entries) if !entries.is_empty() => {
            for (at, (key, value)) in entries.iter().enumerate() {
                write!(f, "{}{}:", if at == 0 { "" } else { &pad }, quoted(key))?;
                match value {
                    Node::Map(inner) if !inner.is_empty() => {
                        write!(f, "\n{}", " ".repeat(indent + 2))?;
                        block(value, indent + 2, f)?;
                    }
                    Node::List(list) if !list.is_empty() => {
                        write!(f, "\n{pad}")?;
                        block(value, indent, f)?;
                    }
                    _ => scalar(value, indent + 2, f)?,
                }
            }
            Ok(())
        }
        Node::List(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                write!(f, "{}-", if at == 0 { "" } else { &pad })?;
                match value {
                    Node::Map(inner) if !inner.is_empty() => {
                        f.write_str(" ")?;
                        block(value, indent + 2, f)?;
                    }
                    Node::List(inner) if !inner.is_empty() => {
                        f.write_str(" ")?;
                        block(value, indent + 2, f)?;
                    }
                    _ => scalar(value, indent + 2, f)?,
                }
            }
            Ok(())
        }
        _ => scalar(node, indent, f),
    }
}

/// What stands behind a `:` or `-`, with the line feed.
fn scalar(node: &Node, indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match node {
        Node::Map(_) => writeln!(f, " {{}}"),
        Node::List(_) => writeln!(f, " []"),
        Node::Plain(text) if text.is_empty() => writeln!(f),
        Node::Plain(text) => writeln!(f, " {text}"),
        Node::Text(text) if is_literal(text) => {
            let chomp = if text.ends_with("\n\n") { "+" } else { ["-", ""][usize::from(text.ends_with('\n'))] };
            writeln!(f, " |{chomp}")?;
            let pad = " ".repeat(indent);
            text.strip_suffix('\n').unwrap_or(text).split('\n').try_for_each(|line| match line {
                "" => writeln!(f),
                line => writeln!(f, "{pad}{line}"),
            })
        }
        Node::Text(text) => writeln!(f, " {}", quoted(text)),
    }
}

/// Whether a text can stand in a block as it is.
fn is_literal(text: &str) -> bool {
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    text.trim_end_matches('\n').contains('\n') && !text.starts_with([' ', '\n', '\t']) && !text.contains(odd)
}

/// A text on one line, in quotes where it could be taken for something else.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./$()".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '$' || c == '_');
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if begins && text.chars().all(plain) && !words.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    // What JSON writes, YAML reads.
    serde_json::Value::from(text).to_string()
}
