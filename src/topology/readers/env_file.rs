//! Files of variables that compose files name by `env_file`.

use std::collections::HashMap;

use super::{Reader, Text, file_name};
use crate::topology::model::{Topology, normal};

pub(super) static READER: Reader = Reader {
    rank: 75,
    about: &[("`*.env` files that compose files name", "the variables of their containers")],
    // Their texts are taken by those that name them.
    text: Some(Text { is: |file, plain| plain && is_one(file.name()), read: |_, _, _| {} }),
    ..Reader::NEW
};

/// Whether a path is that of a file of variables.
pub(super) fn is_one(path: &str) -> bool {
    let name = file_name(path);
    name.ends_with(".env") || name.starts_with(".env")
}

/// All that are at hand, by their paths.
pub(super) fn all(topology: &Topology) -> HashMap<String, Vec<(String, Option<String>)>> {
    let files = topology.sources.files().iter().filter(|file| is_one(file.name()));
    files.map(|file| (normal(file.name()), of(&String::from_utf8_lossy(file.bytes())))).collect()
}

/// The variables of a text, in its order; without a value where that is not known.
fn of(text: &str) -> Vec<(String, Option<String>)> {
    let line = |line: &str| {
        let line = line.trim().strip_prefix("export ").unwrap_or(line.trim());
        let (name, value) = line.split_once('=').map_or((line, None), |(name, value)| (name.trim_end(), Some(value.trim())));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        is_name.then(|| (name.to_owned(), value.and_then(plain)))
    };
    text.lines().filter_map(line).collect()
}

/// A value without its quotes; `None` where Compose makes another one of it.
fn plain(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = match quote {
        // What stands behind it is a comment.
        Some(quote) => value.strip_prefix(quote)?.split_once(quote)?.0,
        None => value.split(" #").next().unwrap_or("").trim_end(),
    };
    let is_plain = quote == Some('\'') || !inner.contains(['$', '\\']);
    is_plain.then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_that_compose_gives() {
        let known = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let text = "# x\nA=1 # one\nexport B=\"two words\" # 2\nC='$X'\nD=a#b\n\nE=\n";
        assert_eq!(of(text), [known("A", "1"), known("B", "two words"), known("C", "$X"), known("D", "a#b"), known("E", "")]);
        assert_eq!(of("A=$B\nC\nD=\"a\n"), [("A".to_owned(), None), ("C".to_owned(), None), ("D".to_owned(), None)]);
    }
}
