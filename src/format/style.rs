//! What may be chosen of a layout.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

/// By what the lines of a section are indented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Indent {
    /// As most lines of the file are that are indented; 4 spaces where none is.
    #[default]
    Auto,
    /// By so many spaces: 2, 4 or 8.
    Spaces(u8),
    /// By a tab.
    Tab,
}

impl Indent {
    /// All that can be chosen, by name.
    pub const ALL: [(&'static str, Self); 5] =
        [("auto", Self::Auto), ("2", Self::Spaces(2)), ("4", Self::Spaces(4)), ("8", Self::Spaces(8)), ("tab", Self::Tab)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("auto", |(name, _)| name)
    }
}

/// What stands between the words of a line, and before a comment behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spacing {
    /// One blank.
    #[default]
    Single,
    /// What stands there.
    Keep,
}

impl Spacing {
    /// All that can be chosen, by name.
    pub const ALL: [(&'static str, Self); 2] = [("single", Self::Single), ("keep", Self::Keep)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("single", |(name, _)| name)
    }
}

/// A layout.
///
/// ```
/// use haproxy_lint::{FormatStyle, Indent, Spacing};
/// assert_eq!(FormatStyle::default(), FormatStyle { indent: Indent::Auto, spacing: Spacing::Single });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// By what lines are indented.
    pub indent: Indent,
    /// What stands between words.
    pub spacing: Spacing,
}

/// The layouts of the files of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// Of those that have none of their own.
    pub usual: Style,
    /// Of files by their names.
    pub own: BTreeMap<String, Style>,
}

impl Styles {
    /// The layout of the file `name`.
    pub fn of(&self, name: &str) -> Style {
        self.own.get(name).copied().unwrap_or(self.usual)
    }
}

/// Reads a name, or a number that is one.
struct Named<T: 'static>(&'static str, &'static [(&'static str, T)]);

impl<T: Copy> Named<T> {
    fn find<E: de::Error>(&self, wanted: &str) -> Result<T, E> {
        let found = self.1.iter().find(|(name, _)| *name == wanted).map(|(_, it)| *it);
        let names = || self.1.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        // The second line is the help.
        found.ok_or_else(|| E::custom(format_args!("`{wanted}` is no {}\nit is one of {}", self.0, names())))
    }
}

impl<T: Copy> Visitor<'_> for Named<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.find(text)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.find(&number.to_string())
    }
}

impl<'de> Deserialize<'de> for Indent {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Named("indentation", &Self::ALL))
    }
}

impl<'de> Deserialize<'de> for Spacing {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Named("spacing", &Self::ALL))
    }
}
