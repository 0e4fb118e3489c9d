//! Sentences that stay short. A name may be as long as its file, and findings of each of its lines may quote it: told whole, a
//! megabyte of configuration became gigabytes.

use std::borrow::Cow;

use crate::cut::Cut;

/// A sentence of so many bytes is told as it is.
const LONG: usize = 1_000;

/// So many bytes of a longer sentence are told, where no quote is what makes it long.
const MOST: usize = 4_000;

/// So many bytes are kept of each quote in a long sentence.
pub(crate) const QUOTE: usize = 200;

/// What stands where something was left out.
pub(crate) const LEFT_OUT: &str = "…";

/// The sentence with short quotes. What stands between backquotes is one, as in all sentences here.
pub(super) fn short(sentence: impl Into<String>) -> String {
    let sentence = sentence.into();
    if sentence.len() <= LONG { sentence } else { shortened(&sentence) }
}

fn shortened(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate().map(|(at, part)| if at % 2 == 1 { kept(part, QUOTE) } else { part.into() });
    let mut told = String::with_capacity(LONG);
    for (at, part) in parts.enumerate() {
        if told.len() > MOST {
            break;
        }
        told += if at > 0 { "`" } else { "" };
        told += &part;
    }
    kept(&told, MOST).into_owned()
}

/// A name that is told alone.
pub(crate) fn short_name(name: impl Into<String>) -> String {
    let name = name.into();
    if name.len() > LONG { kept(&name, QUOTE).into_owned() } else { name }
}

/// The first bytes of a text, and a mark if that is not all.
fn kept(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most { text.into() } else { (text.cut(..most).to_owned() + LEFT_OUT).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_cut_where_it_makes_a_sentence_long() {
        let name = "é".repeat(40_000);
        let told = short(format!("no backend is named `{name}`, and `short` is one"));
        assert_eq!(told, format!("no backend is named `{}…`, and `short` is one", "é".repeat(100)));
        assert_eq!(short_name(name.as_str()).len(), QUOTE + LEFT_OUT.len());
        let readable = format!("no backend is named `{}`", "a".repeat(300));
        assert_eq!(short(readable.as_str()), readable);
    }

    #[test]
    fn nothing_stays_long() {
        for text in
            ["a".repeat(50_000), "`".repeat(50_000), format!("`{}", "a".repeat(50_000)), "`a".repeat(50_000), "x `y` ".repeat(9_000)]
        {
            let told = short(text.as_str());
            assert!(told.len() <= MOST + LEFT_OUT.len() && told.ends_with(LEFT_OUT), "{} bytes of {}", told.len(), text.cut(..9));
        }
    }
}
