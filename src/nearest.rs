//! "Did you mean": the nearest of some names.

use std::borrow::Cow;

use crate::cut::Cut;

/// The longest name that anything is proposed for.
const LONGEST: usize = 256;

/// The name in `names` that is nearest to `name`, if any is near enough to be meant.
///
/// ```
/// assert_eq!(haproxy_lint::nearest::nearest("bakend", ["backend", "frontend"]), Some("backend"));
/// assert_eq!(haproxy_lint::nearest::nearest("zzz", ["backend", "frontend"]), None);
/// assert_eq!(haproxy_lint::nearest::nearest("app3", ["app1", "app2"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = Written::new(name)?;
    let near: Vec<_> = names.into_iter().filter_map(|other| Some((written.distance(other)?, other))).collect();
    if written.is_one_of_many(near.iter().map(|(_, other)| *other)) {
        return None;
    }
    near.into_iter().min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
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
pub(crate) fn nearest_form<'a>(word: &str, forms: impl Iterator<Item = &'a str>) -> Option<Near> {
    let (name, called) = word.split_once('(').map_or((word, false), |(name, _)| (name, true));
    let digits = name.cut(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..);
    let complete = |form: &'a str| match (form.strip_suffix('('), form.strip_suffix('#')) {
        (Some(name), _) => (Cow::Borrowed(name), called),
        (_, Some(name)) => (Cow::Owned(format!("{name}{digits}")), !called && !digits.is_empty()),
        _ => (Cow::Borrowed(form), !called),
    };
    let written = Written::new(name)?;
    // What fits goes before what is nearer.
    let near: Vec<_> = forms.map(complete).filter_map(|(name, fits)| Some((!fits, written.distance(&name)?, name))).collect();
    if written.is_one_of_many(near.iter().map(|(.., other)| &**other)) {
        return None;
    }
    let (misfit, _, near) = near.into_iter().min_by_key(|(misfit, distance, _)| (*misfit, *distance))?;
    Some(Near { name: near.into_owned(), wrong: name.len(), fits: !misfit })
}

/// A name that is perhaps not written as it was meant.
struct Written<'a> {
    name: &'a str,
    lower: String,
    letters: Letters,
    /// How far what was meant may be from it.
    room: usize,
}

impl<'a> Written<'a> {
    /// `None` for a name so long that nobody mistypes it: the distance costs the product of the lengths.
    fn new(name: &'a str) -> Option<Self> {
        let lower = (name.len() <= LONGEST).then(|| name.to_lowercase())?;
        Some(Self { name, letters: Letters::of(&lower), lower, room: 1 + name.chars().count() / 4 })
    }

    /// How far `other` is from it; `None` if it cannot be what was meant.
    fn distance(&self, other: &str) -> Option<usize> {
        let close = other.len().abs_diff(self.name.len()) <= self.room && self.letters.at_least(other) <= self.room;
        if !close || other.is_empty() || other == self.name {
            return None;
        }
        let other = other.to_lowercase();
        if self.letters.ascii && other.is_ascii() {
            return distance(self.lower.as_bytes(), other.as_bytes(), self.room);
        }
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        distance(&letters(&self.lower), &letters(&other), self.room)
    }

    /// Whether several names differ from it in their numbers alone, as `TLSv1.2` and `TLSv1.3` do from `TLSv1.4`: which of them
    /// was meant cannot be told from how it is written.
    fn is_one_of_many<'b>(&self, near: impl Iterator<Item = &'b str>) -> bool {
        let is_digit = |c: char| c.is_ascii_digit();
        self.name.contains(is_digit) && near.filter(|other| other.split(is_digit).eq(self.name.split(is_digit))).nth(1).is_some()
    }
}

/// How often a name has each letter. Most names differ in more letters than may be wrong, which is found much sooner than
/// their distance. Signs that share their last five bits are one letter here, as a capital and its small letter are.
struct Letters {
    count: [i16; 32],
    /// Which letters it has at all.
    mask: u32,
    /// Whether all letters are counted.
    ascii: bool,
}

impl Letters {
    fn of(name: &str) -> Self {
        let mut count = [0; 32];
        name.bytes().for_each(|letter| count[usize::from(letter & 31)] += 1);
        Self { count, mask: mask(name), ascii: name.is_ascii() }
    }

    /// What the distance to `other` is at least: a step mends no more than one letter too many, or one that is lacking.
    fn at_least(&self, other: &str) -> usize {
        if !self.ascii || !other.is_ascii() {
            return 0;
        }
        let theirs = mask(other);
        let kinds = (theirs & !self.mask).count_ones().max((self.mask & !theirs).count_ones());
        if kinds > 2 {
            return kinds as usize;
        }
        let mut count = self.count;
        other.bytes().for_each(|letter| count[usize::from(letter & 31)] -= 1);
        let missing: i16 = count.iter().map(|left| -left.min(&0)).sum();
        let extra: i16 = count.iter().map(|left| *left.max(&0)).sum();
        missing.max(extra).unsigned_abs().into()
    }
}

/// How many steps lead from one text to another (a letter more, less or another, two letters that change places, also around
/// others), if these are no more than `most`: only what is so near to the diagonal is looked at.
fn distance<L: Copy + PartialEq>(from: &[L], to: &[L], most: usize) -> Option<usize> {
    let width = to.len() + 1;
    let mut steps = vec![most + 1; (from.len() + 1) * width];
    (0..=most.min(to.len())).for_each(|column| steps[column] = column);
    (1..=most.min(from.len())).for_each(|row| steps[row * width] = row);
    for row in 1..=from.len() {
        let columns = row.saturating_sub(most).max(1)..=(row + most).min(to.len());
        for column in columns.clone() {
            let here = row * width + column;
            let (a, b) = (from[row - 1], to[column - 1]);
            let mut least = steps[here - width - 1];
            if a != b {
                least = least.min(steps[here - width]).min(steps[here - 1]) + 1;
                // Nothing that changes places is better than two letters that do.
                if row > 1 && column > 1 && steps[here - 2 * width - 2] + 1 < least {
                    least = least.min(swapped(&from[..row], &to[..column], &steps, width));
                }
            }
            steps[here] = least.min(most + 1);
        }
        if row > most && steps[row * width..][..width].iter().all(|steps| *steps > most) {
            return None;
        }
    }
    steps.last().copied().filter(|steps| *steps <= most)
}

/// The same where the last letter of each stands further to the front of the other, and both change places.
fn swapped<L: Copy + PartialEq>(from: &[L], to: &[L], steps: &[usize], width: usize) -> usize {
    let (Some((a, before)), Some((b, beside))) = (from.split_last(), to.split_last()) else { return usize::MAX };
    let places = before.iter().rposition(|letter| letter == b).zip(beside.iter().rposition(|letter| letter == a));
    places.map_or(usize::MAX, |(row, column)| steps[row * width + column] + (before.len() - row) + (beside.len() - column) - 1)
}

fn mask(name: &str) -> u32 {
    name.bytes().fold(0, |mask, letter| mask | 1 << (letter & 31))
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

        #[test]
        fn the_distance_is_that_of_damerau_and_levenshtein(one in "[a-c]{0,9}", other in "[a-c]{0,9}", most in 0usize..9) {
            let whole = strsim::damerau_levenshtein(&one, &other);
            proptest::prop_assert_eq!(distance(one.as_bytes(), other.as_bytes(), most), Some(whole).filter(|whole| *whole <= most));
        }
    }
}
