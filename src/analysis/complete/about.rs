//! What is to be told of a proposal, once somebody looks at it.

use crate::expression::{condition_meaning, method_meaning};

use super::{
    super::{
        Cursor, Description, Part, SymbolKind, View, declarations,
        describe::{describe_call, describe_entry, describe_expression, describe_section, describe_word},
    },
    Detail, Item, ItemKind,
};

/// What a proposal is about, in words that can be sent away and come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What it is: `entry`, `word`, `fetch` and the like.
    pub of: String,
    /// The table of its keyword, or the kind of its name.
    pub table: String,
    /// The keyword.
    pub key: String,
    /// The word itself.
    pub word: String,
}

impl Item {
    /// What it is about.
    pub fn about(&self) -> About {
        let (of, table, key) = match (self.kind, self.detail) {
            (_, Detail::Entry(entry)) => ("entry", entry.table().map_or("", |table| table.name), entry.key),
            (_, Detail::Word(entry)) => ("word", entry.table().map_or("", |table| table.name), entry.key),
            (ItemKind::Section, _) => ("section", "", ""),
            (ItemKind::Name(kind), _) => ("name", kind.noun(), ""),
            (ItemKind::Fetch, _) => ("fetch", "", ""),
            (ItemKind::Criterion, _) => ("criterion", "", ""),
            (ItemKind::Converter, _) => ("converter", "", ""),
            (ItemKind::Alias, _) => ("alias", "", ""),
            _ => ("", "", ""),
        };
        let word = self.text.trim_end_matches('(').to_owned();
        About { of: of.to_owned(), table: table.to_owned(), key: key.to_owned(), word }
    }
}

/// What is to be told of a proposal for the cursor. It may come from anywhere: what is not known is not told.
pub fn documented(view: &View<'_>, cursor: Cursor, about: &About) -> Vec<Part> {
    let (versions, section) = (view.versions(), view.section(cursor).map(|section| section.kind));
    let described = |all: Vec<Description>| all.into_iter().map(|one| Part::Description(Box::new(one))).collect();
    let word = about.word.as_str();
    match about.of.as_str() {
        "entry" => described(describe_entry(&about.table, &about.key, section, versions).into_iter().collect()),
        "word" => described(describe_word(&about.table, &about.key, word, section, versions).into_iter().collect()),
        "section" => described(describe_section(word, versions).into_iter().collect()),
        "fetch" | "criterion" => described(describe_call(word, false, versions).into_iter().collect()),
        "converter" => described(describe_call(word, true, versions).into_iter().collect()),
        "alias" => described(describe_expression(&format!("%{word}"), versions)),
        "name" => named(view, about),
        _ => meaning(word).into_iter().collect(),
    }
}

/// The lines that declare a name.
fn named(view: &View<'_>, about: &About) -> Vec<Part> {
    let is_it = |(_, kind, name): &(_, SymbolKind, String)| *name == about.word && kind.noun() == about.table;
    let lines: Vec<_> = declarations(view).into_iter().filter(is_it).map(|(place, ..)| view.whole_line(place)).collect();
    match lines.is_empty() {
        true => meaning(&about.word).into_iter().collect(),
        false => vec![Part::Lines { heading: "declared here".to_owned(), lines, more: 0 }],
    }
}

fn meaning(word: &str) -> Option<Part> {
    let meaning = condition_meaning(word).or_else(|| method_meaning(word))?;
    Some(Part::Text(format!("`{word}`: {meaning}")))
}
