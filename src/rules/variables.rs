//! Variables in words as they are written, and what they are known to hold.

use crate::syntax::{Environment, Lookup};

/// The variables in a word as it is written that are known to be empty, or not to be set.
pub(crate) fn unset<'t>(raw: &'t str, environment: &'t Environment) -> impl Iterator<Item = &'t str> {
    names(raw).filter(|name| match environment.get(name) {
        Lookup::Unset => true,
        Lookup::Set(value) => value.is_empty(),
        Lookup::Unknown => false,
    })
}

/// The names of the variables in a word as it is written.
fn names(raw: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    raw.split('$').skip(1).filter_map(move |rest| {
        let rest = rest.trim_start_matches('{');
        rest.get(..rest.find(|c| !is_name(c)).unwrap_or(rest.len())).filter(|name| !name.is_empty())
    })
}

/// A variable that is set, and called as this one but for its case, its dashes or something before it.
pub(super) fn alike<'e>(name: &str, environment: &'e Environment) -> Option<&'e str> {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let wanted = letters(name);
    let known = || environment.values().filter(|(_, value)| !value.is_empty()).map(|(known, _)| known);
    known().find(|known| letters(known) == wanted).or_else(|| known().find(|known| known.ends_with(&format!("_{name}"))))
}
