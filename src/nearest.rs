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
    let room = 1 + name.chars().count() / 4;
    let close = |other: &str| other.len().abs_diff(name.len()) <= room;
    let distance = |other: &str| strsim::damerau_levenshtein(&lower, &other.to_lowercase());
    let candidates = names.into_iter().filter(|other| *other != name && !other.is_empty() && close(other));
    candidates.map(|other| (distance(other), other)).filter(|(d, _)| *d <= room).min_by_key(|(d, _)| *d).map(|(_, other)| other)
}
