//! How many there are of something, in a sentence.

use std::fmt::Display;

/// `1 place`, `2 places`; of an `entry` there are `2 entries`.
///
/// ```
/// use haproxy_lint::counted;
/// assert_eq!([0, 1, 2].map(|n| counted(n, "place")), ["0 places", "1 place", "2 places"]);
/// assert_eq!(counted(3u64, "entry"), "3 entries");
/// ```
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    match noun.strip_suffix("ry") {
        _ if count == N::from(1) => format!("{count} {noun}"),
        Some(stem) => format!("{count} {stem}ries"),
        None => format!("{count} {noun}s"),
    }
}
