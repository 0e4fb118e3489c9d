//! Patterns of ACLs, as `src/pattern.c` reads them.

use crate::cut::Cut;

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use super::SampleType;

/// How a sample is compared with patterns: what may follow `-m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Found,
    Bool,
    Int,
    /// Integers written as `3.1`: TLS versions.
    Dotted,
    Ip,
    Bin,
    Len,
    /// Regular expressions, as a whole or for each word.
    Reg,
    /// Strings in one way or another.
    Text,
}

/// How patterns are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// An operator other than `eq` stands before it.
    pub(super) compared: bool,
    /// `-n` was given: host names are not resolved.
    pub(super) no_names: bool,
}

/// What may follow `-m`.
pub(crate) const METHODS: [&str; 14] =
    ["found", "bool", "int", "ip", "bin", "len", "str", "beg", "sub", "dir", "dom", "end", "reg", "regm"];

impl Method {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "found" => Self::Found,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "ip" => Self::Ip,
            "bin" => Self::Bin,
            "len" => Self::Len,
            "reg" | "regm" => Self::Reg,
            "str" | "beg" | "sub" | "dir" | "dom" | "end" => Self::Text,
            _ => return None,
        })
    }

    /// The method of samples of this type, where none is named.
    pub(super) fn of(sample: SampleType) -> Option<Self> {
        Some(match sample {
            SampleType::Bool => Self::Bool,
            SampleType::Sint => Self::Int,
            SampleType::Addr | SampleType::Ipv4 | SampleType::Ipv6 => Self::Ip,
            SampleType::Str => Self::Text,
            _ => return None,
        })
    }

    /// How `-m` names the method of samples of a type.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Found => "found",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Ip => "ip",
            Self::Bin => "bin",
            Self::Len => "len",
            Self::Reg => "reg",
            Self::Text => "str",
            Self::Dotted => return None,
        })
    }

    /// The type that it compares.
    pub(super) fn wants(self) -> SampleType {
        match self {
            Self::Found | Self::Bool | Self::Int | Self::Dotted => SampleType::Sint,
            Self::Ip => SampleType::Addr,
            Self::Bin => SampleType::Bin,
            Self::Len | Self::Reg | Self::Text => SampleType::Str,
        }
    }

    /// Whether `eq`, `ge`, `gt`, `le` and `lt` may stand before a pattern.
    pub(super) fn takes_operators(self) -> bool {
        matches!(self, Self::Int | Self::Dotted | Self::Len)
    }

    /// What is wrong with a pattern.
    pub(super) fn problem(self, pattern: &str, reading: Reading) -> Option<String> {
        match self {
            Self::Int | Self::Len => integer_problem(pattern, reading.compared, number),
            Self::Dotted => integer_problem(pattern, reading.compared, dotted),
            Self::Ip => address_problem(pattern, reading.no_names),
            Self::Bin => binary_problem(pattern),
            Self::Reg => regex_problem(pattern).map(|(_, what)| format!("the regular expression `{pattern}` is not valid: {what}")),
            Self::Found | Self::Bool | Self::Text => None,
        }
    }
}

/// A number as `strl2llrc()` reads it.
fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let valid = !text.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if text == "-" { Some(0) } else { valid.then(|| text.parse().ok()).flatten() }
}

/// `MAJOR.MINOR` as one number.
fn dotted(text: &str) -> Option<i64> {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    let part = |text| number(text).filter(|n| *n < 65536);
    Some(part(major)? << 16 | part(minor)?)
}

fn integer_problem(pattern: &str, compared: bool, read: fn(&str) -> Option<i64>) -> Option<String> {
    let Some(separator) = pattern.find([':', '-']) else {
        // Behind an operator only what stands before the dot is read.
        let text = if compared && read(pattern).is_none() { pattern.split('.').next().unwrap_or("") } else { pattern };
        return read(text).is_none().then(|| format!("`{pattern}` is not a number"));
    };
    let (low, high) = (pattern.cut(..separator), pattern.cut(separator + 1..));
    let valid = match (low.is_empty(), high.is_empty()) {
        (true, false) => read(high).is_some(),
        (_, true) => read(low).is_some(),
        _ => read(low).zip(read(high)).is_some_and(|(low, high)| low <= high),
    };
    (!valid).then(|| format!("`{pattern}` is not a range of numbers"))
}

pub(super) fn binary_problem(pattern: &str) -> Option<String> {
    if pattern.len() % 2 == 1 {
        return Some(format!("`{pattern}` has an odd number of hexadecimal digits"));
    }
    let odd = pattern.chars().find(|c| !c.is_ascii_hexdigit())?;
    Some(format!("`{pattern}` is not hexadecimal: `{odd}`"))
}

/// A host name may stand where an address is wanted, unless `-n` forbids it; nobody knows here which names exist.
fn address_problem(pattern: &str, no_names: bool) -> Option<String> {
    let (host, mask) = pattern.rsplit_once('/').map_or((pattern, None), |(host, mask)| (host, Some(mask)));
    let bits = |most: u8| mask.is_none_or(|mask| mask.trim_start_matches('+').parse::<u8>().is_ok_and(|bits| bits <= most));
    if host.parse::<Ipv6Addr>().is_ok() {
        return (!bits(128)).then(|| format!("`{}` is not an IPv6 prefix length", mask.unwrap_or("")));
    }
    if host.contains(':') {
        return Some(format!("`{host}` is not an IPv6 address"));
    }
    let dotted = mask.is_some_and(|mask| mask.parse::<Ipv4Addr>().is_ok());
    if !bits(32) && !dotted {
        return Some(format!("`{}` is not an IPv4 mask", mask.unwrap_or("")));
    }
    let numeric = !host.is_empty() && host.split('.').count() == 4 && host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let wrong = numeric
        && host.parse::<Ipv4Addr>().is_err()
        && host.split('.').all(|part| !part.is_empty() && (part.len() == 1 || !part.starts_with('0')));
    // Ranges, or too many parts: nobody calls a host by digits alone.
    let digits = host.bytes().filter(|b| *b != b'.').all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_'));
    let dots = host.bytes().filter(|b| *b == b'.').count();
    if digits && dots >= 3 && host.contains('-') {
        return Some(format!("`{pattern}` is not an address: there are no ranges of them, but networks as in `192.0.2.0/24`"));
    }
    let wrong = wrong || digits && (dots > 3 || dots == 3 && host.contains('_'));
    // No name has such a character.
    let odd = host.bytes().any(|b| b.is_ascii() && !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'-' | b'_'));
    let name = no_names && host.parse::<Ipv4Addr>().is_err();
    (wrong || odd || name || host.is_empty()).then(|| format!("`{pattern}` is not an address"))
}

/// What is wrong with a regular expression, if PCRE and POSIX both refuse it: parentheses and brackets without their
/// other half, a backslash at the end, and `*`, `+` or `?` behind nothing.
pub(super) fn regex_problem(text: &str) -> Option<(Range<usize>, &'static str)> {
    // Literal text, comments and free spacing of PCRE hide what they hold.
    if text.contains("\\Q") || text.contains("(?#") || text.contains("(?x") || text.contains("(*") {
        return None;
    }
    let bytes = text.as_bytes();
    let (mut open, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'*' | b'+' | b'?' if nothing_before(bytes, at) => return Some((at..at + 1, "nothing stands here that could be repeated")),
            b'\\' if at + 1 == bytes.len() => return Some((at..at + 1, "it ends in a backslash")),
            b'\\' => at += 1,
            b'(' => open.push(at),
            b')' if open.pop().is_none() => return Some((at..at + 1, "a `)` has no `(`")),
            b'[' => match class_end(bytes, at) {
                Class::Ends(end) => at = end,
                Class::Open => return Some((at..bytes.len(), "a `[` has no `]`")),
                Class::Unclear => return None,
            },
            _ => {}
        }
        at += 1;
    }
    open.last().map(|at| (*at..at + 1, "a `(` has no `)`"))
}

/// Whether a sign that repeats stands where there is nothing yet: at the beginning, behind a `^` there, or behind a `|`.
fn nothing_before(bytes: &[u8], at: usize) -> bool {
    match bytes[..at] {
        [] | [b'^'] => true,
        [.., escape, b'|'] => escape != b'\\',
        [b'|'] => true,
        // `(?` is a group of PCRE, and `(*` one of its verbs.
        [.., escape, b'('] => escape != b'\\' && bytes[at] == b'+',
        [b'('] => bytes[at] == b'+',
        _ => false,
    }
}

enum Class {
    /// The place of its `]`.
    Ends(usize),
    Open,
    /// PCRE and POSIX do not agree.
    Unclear,
}

/// The end of a character class that begins at `at`. A backslash escapes in PCRE only.
fn class_end(bytes: &[u8], at: usize) -> Class {
    let first = if bytes.get(at + 1) == Some(&b'^') { at + 2 } else { at + 1 };
    // A `]` right at the beginning is an ordinary character.
    let mut next = if bytes.get(first) == Some(&b']') { first + 1 } else { first };
    let mut escaped = false;
    while next < bytes.len() {
        match bytes[next] {
            b']' => return Class::Ends(next),
            b'\\' if bytes.get(next + 1) == Some(&b']') => (escaped, next) = (true, next + 2),
            b'\\' => next += 2,
            b'[' if matches!(bytes.get(next + 1), Some(b':' | b'.' | b'=')) => {
                let kind = bytes[next + 1];
                let name = bytes[next + 2..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'^' | b'-')).count();
                let closed = bytes[next + 2 + name..].starts_with(&[kind, b']']);
                next += if closed { name + 4 } else { 1 };
            }
            _ => next += 1,
        }
    }
    if escaped { Class::Unclear } else { Class::Open }
}
