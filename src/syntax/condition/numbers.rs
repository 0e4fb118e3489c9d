//! Versions and numbers as conditions write them.

use crate::{cut::Cut, version::VersionSet};

/// What C's strtol() reads at the beginning of `text` in base 10, and what is behind it; `None` if it reads nothing.
pub(super) fn strtol(text: &str) -> Option<(i64, &str)> {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\u{0B}', '\u{0C}', '\r']);
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let value = digits.bytes().take(end).fold(0i64, |n, digit| n.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    (end > 0).then(|| (if negative { -value } else { value }, digits.cut(end..)))
}

/// A number of a version as HAProxy keeps it, and what is behind it.
pub(super) fn version_number(text: &str) -> (u64, &str) {
    strtol(text).map_or((0, text), |(value, rest)| (u64::from(value as u32), rest))
}

/// The versions that are `text` or later, compared as `split_version()` and `compare_current_version()` of `src/haproxy.c` do;
/// `None` where it is not a version.
pub(super) fn at_least(text: &str) -> Option<VersionSet> {
    let mut numbers = [0; 4];
    let mut rest = text;
    for (i, number) in numbers.iter_mut().enumerate() {
        (*number, rest) = version_number(rest);
        match rest.bytes().next() {
            Some(b'.') if i < 3 => rest = rest.cut(1..),
            Some(b'-') | None if !text.is_empty() => break,
            _ => return None,
        }
    }
    let behind = match rest.strip_prefix('-') {
        Some(suffix) => is_behind_release(suffix)?,
        None => false,
    };
    let [major, minor, patch, fourth] = numbers;
    // Pre-releases come before their release, which is the first one known to be later.
    Some(since(major, minor, if behind || fourth > 0 { patch + 1 } else { patch }))
}

/// Whether what stands behind the `-` of a version makes it later than the release; `None` where it is none of HAProxy's suffixes.
pub(super) fn is_behind_release(suffix: &str) -> Option<bool> {
    if let Some(number) = ["dev", "rc", "pre"].iter().find_map(|tag| suffix.strip_prefix(tag)) {
        let rest = version_number(number).1;
        let commit = if rest.is_empty() { "0" } else { rest.strip_prefix('-')? };
        return (commit.is_empty() || !commit.ends_with('-')).then_some(false);
    }
    match suffix.rsplit_once('-') {
        Some((_, "")) => None,
        Some((_, commit)) => Some(matches!(strtol(commit), Some((1.., "")))),
        None => Some(matches!(strtol(suffix), Some((1.., "")))),
    }
}

/// [`VersionSet::since`] for numbers of any size.
pub(super) fn since(major: u64, minor: u64, patch: u64) -> VersionSet {
    match (u8::try_from(major), u8::try_from(minor), u8::try_from(patch)) {
        (Err(_), _, _) => VersionSet::NONE,
        (Ok(major), Ok(minor), Ok(patch)) if patch < 64 => VersionSet::since(major, minor, patch),
        (Ok(major), Ok(minor), _) if minor < u8::MAX => VersionSet::since(major, minor + 1, 0),
        (Ok(major), _, _) => VersionSet::since(major.saturating_add(1), 0, 0),
    }
}

/// Whether `openssl_version_parser()` of `src/ssl_utils.c` reads `text`: `1.1.1k`, `3.0.0`, `3.0.0-beta2`.
pub(super) fn is_openssl_version(text: &str) -> bool {
    let number = |text, max, end: &str| match strtol(text) {
        Some((value, rest)) if (0..=max).contains(&value) => rest.strip_prefix(end),
        // Nothing counts as 0.
        None => str::strip_prefix(text, end),
        _ => None,
    };
    let fix = number(text, 15, ".").and_then(|rest| number(rest, 255, ".")).and_then(|rest| number(rest, 255, ""));
    match fix.map(|rest| rest.strip_prefix("-beta")) {
        Some(Some(beta)) => strtol(beta).is_none_or(|(status, _)| (0..=14).contains(&status)),
        Some(None) => true,
        None => false,
    }
}
