//! "Did you mean": the nearest of some names.

/// The help that names what was probably meant; [`meant`] reads it again, so that every such help is a fix, too.
pub(crate) fn did_you_mean(near: &str) -> String {
    format!("{QUESTION}{near}`?")
}

/// What a help of [`did_you_mean`] says was meant.
pub(crate) fn meant(help: &str) -> Option<&str> {
    help.strip_prefix(QUESTION)?.strip_suffix("`?")
}

const QUESTION: &str = "did you mean `";

/// The name in `names` that is nearest to `name`, if any is near enough to be meant.
///
/// ```
/// assert_eq!(haproxy_lint::nearest::nearest("bakend", ["backend", "frontend"]), Some("backend"));
/// assert_eq!(haproxy_lint::nearest::nearest("zzz", ["backend", "frontend"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let letters = Letters::of(&lower);
    let room = 1 + name.chars().count() / 4;
    let close = |other: &str| other.len().abs_diff(name.len()) <= room && letters.at_least(other) <= room;
    let distance = |other: &str| strsim::damerau_levenshtein(&lower, &other.to_lowercase());
    let candidates = names.into_iter().filter(|other| *other != name && !other.is_empty() && close(other));
    candidates.map(|other| (distance(other), other)).filter(|(d, _)| *d <= room).min_by_key(|(d, _)| *d).map(|(_, other)| other)
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
        assert_eq!(nearest(&name, [name.cut(1..)]), Some(name.cut(1..)));
    }

    proptest::proptest! {
        #[test]
        fn letters_never_say_more_than_the_distance(one in "[a-c]{0,8}|[a-z_é]{0,8}", other in "[a-cA-C]{0,8}|[a-z_é]{0,8}") {
            let distance = strsim::damerau_levenshtein(&one, &other.to_lowercase());
            proptest::prop_assert!(Letters::of(&one).at_least(&other) <= distance);
        }
    }
}
