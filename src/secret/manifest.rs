//! The secret values of manifests: a Secret of Kubernetes hides all of its values.

use crate::{
    source::{SourceFile, Span},
    yaml::{Value, Yaml, documents},
};

use super::{is_reference, is_secret};

/// The secret values of a manifest, in order; of what is no manifest, none.
pub(super) fn values(file: &SourceFile) -> Vec<Span> {
    let known = [".yaml", ".yml", ".json"].iter().any(|end| file.name().ends_with(end));
    if !known && memchr::memmem::find(file.bytes(), b"apiVersion").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let documents = documents(file).map(|documents| documents.list).unwrap_or_default();
    documents.iter().for_each(|document| of_node(document, &mut found));
    found.sort_unstable();
    found
}

fn of_node(node: &Yaml, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(..) => {}
        Value::List(list) => list.iter().for_each(|item| of_node(item, found)),
        Value::Map(pairs) => {
            let secret = node.get("kind").and_then(Yaml::text) == Some("Secret");
            let named = node.get("name").and_then(Yaml::text).is_some_and(is_secret);
            for (key, value) in pairs {
                let name = key.text().unwrap_or_default();
                match (&value.value, name) {
                    (_, "data" | "stringData") if secret => all(value, found),
                    // It holds the whole object once more.
                    (_, "kubectl.kubernetes.io/last-applied-configuration") => all(value, found),
                    (Value::Scalar(..), "value") if named => all(value, found),
                    (Value::Scalar(..), name) if is_secret(name) => all(value, found),
                    _ => of_node(value, found),
                }
            }
        }
    }
}

/// All texts in a value; the names of its keys may be known.
fn all(node: &Yaml, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(text, _) if is_reference(text.as_bytes()) => {}
        Value::Scalar(..) => found.push(node.span),
        Value::List(list) => list.iter().for_each(|item| all(item, found)),
        Value::Map(pairs) => pairs.iter().for_each(|(_, value)| all(value, found)),
    }
}
