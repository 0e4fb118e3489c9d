//! "Did you mean": the nearest of some names.

use crate::cut::Cut;

/// The longest name that anything is proposed for.
const LONGEST: usize = 256;

/// The name in `names` that is nearest to `name`, if any is near enough to be meant.
///
/// ```
/// assert_eq!(haproxy_lint::nearest::nearest("bakend", ["backend", "frontend"]), Some("backend"));
/// assert_eq!(haproxy_lint::nearest::nearest("zzz", ["backend", "frontend"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody mistypes such a name, and the distance costs the product of the lengths.
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let letters = Letters::of(&lower);
    let room = 1 + name.chars().count() / 4;
    let close = |other: &str| other.len().abs_diff(name.len()) <= room && letters.at_least(other) <= room;
    let distance = |other: &str| strsim::damerau_levenshtein(&lower, &other.to_lowercase());
    let candidates = names.into_iter().filter(|other| *other != name && !other.is_empty() && close(other));
    candidates.map(|other| (distance(other), other)).filter(|(d, _)| *d <= room).min_by_key(|(d, _)| *d).map(|(_, other)| other)
}

/// What a word was probably meant to be, and how much of it is wrong.
pub(crate) struct Near {
    /// The name to write.
    pub(crate) name: String,
    /// How many bytes from the beginning of the word it takes the place of.
    pub(crate) wrong: usize,
    /// Whether that makes the word right: the name stands alone, ends in the word's number or takes what is in its parentheses.
    pub(crate) fits: bool,
}

/// The nearest of `forms`, words as signatures have them: `set-var(` takes arguments, `track-sc#` ends in a number.
///
/// What the parentheses of `word` hold, and the number at the end of its name, stay as they are.
pub(crate) fn nearest_form<'a>(word: &str, forms: impl Iterator<Item = &'a str> + Clone) -> Option<Near> {
    let (name, called) = word.split_once('(').map_or((word, false), |(name, _)| (name, true));
    let digits = name.cut(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..);
    let written = |form: &str| match (form.strip_suffix('('), form.strip_suffix('#')) {
        (Some(name), _) => (name.to_owned(), called),
        (_, Some(name)) => (format!("{name}{digits}"), !called && !digits.is_empty()),
        _ => (form.to_owned(), !called),
    };
    let near = |fits: bool| {
        let names: Vec<String> = forms.clone().map(written).filter(|(_, fit)| *fit == fits).map(|(name, _)| name).collect();
        nearest(name, names.iter().map(String::as_str)).map(|near| Near { name: near.to_owned(), wrong: name.len(), fits })
    };
    near(true).or_else(|| near(false))
}

/// How often a name has each letter. Most names differ in more letters than may be wrong, which is found much sooner than
/// their distance.
struct Letters {
    count: [i32; 128],
    /// Whether all letters are counted.
    ascii: bool,
}

impl Letters {
    fn of(lower: &str) -> Self {
        let mut count = [0; 128];
        lower.bytes().filter(u8::is_ascii).for_each(|letter| count[usize::from(letter)] += 1);
        Self { count, ascii: lower.is_ascii() }
    }

    /// What the distance to `other` is at least: a step mends no more than one letter too many, or one that is lacking.
    fn at_least(&self, other: &str) -> usize {
        if !self.ascii || !other.is_ascii() {
            return 0;
        }
        let mut count = self.count;
        other.bytes().for_each(|letter| count[usize::from(letter.to_ascii_lowercase())] -= 1);
        let (mut missing, mut extra) = (0u32, 0u32);
        for left in count {
            missing += left.min(0).unsigned_abs();
            extra += left.max(0).unsigned_abs();
        }
        missing.max(extra) as usize
    }
}

#[cfg(test)]
mod tests {
    use crate::cut::Cut;

    use super::*;

    #[test]
    fn a_name_may_have_any_length() {
        let name = "a".repeat(70_000);
        assert_eq!(nearest(&name, ["a"]), None);
        assert_eq!(nearest(&name, [name.cut(1..)]), None);
        assert_eq!(nearest(name.cut(..256), [name.cut(..255)]), Some(name.cut(..255)));
    }

    #[test]
    fn a_near_form_keeps_arguments_and_numbers() {
        let forms = ["track-sc#", "set-var(", "sc-inc-gpc(", "sc-inc-gpc0(", "deny"].into_iter();
        let near = |word: &str| nearest_form(word, forms.clone()).map(|n| (n.name + word.cut(n.wrong..), n.fits));
        assert_eq!(near("track-scc1"), Some(("track-sc1".to_owned(), true)));
        assert_eq!(near("sc-inc-gpcc0(1)"), Some(("sc-inc-gpc0(1)".to_owned(), true)));
        assert_eq!(near("sc-inc-gpcc(0,0)"), Some(("sc-inc-gpc(0,0)".to_owned(), true)));
        assert_eq!(near("set-vaar"), Some(("set-var".to_owned(), false)));
        assert_eq!(near("denyy(1)"), Some(("deny(1)".to_owned(), false)));
        assert_eq!(near("zzzzz"), None);
    }

    proptest::proptest! {
        #[test]
        fn letters_never_say_more_than_the_distance(one in "[a-c]{0,8}|[a-z_é]{0,8}", other in "[a-cA-C]{0,8}|[a-z_é]{0,8}") {
            let distance = strsim::damerau_levenshtein(&one, &other.to_lowercase());
            proptest::prop_assert!(Letters::of(&one).at_least(&other) <= distance);
        }
    }
}
