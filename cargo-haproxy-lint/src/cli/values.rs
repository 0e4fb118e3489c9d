//! The words that options take, from what was typed.

use std::time::Duration;

use haproxy_lint::{
    finding::Severity,
    source::SourceFile,
    syntax::{SectionKind, section_kind},
    version::{UnknownVersion, Version},
};

pub(crate) fn version(text: &str) -> Result<Version, String> {
    Version::named(text).map_err(|error: UnknownVersion| format!("{error}; {}", UnknownVersion::help()))
}

/// Which HAProxy is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// This one.
    Version(Version),
    /// The one that the settings, the topology or this machine have.
    Auto,
}

pub(crate) fn target(text: &str) -> Result<Target, String> {
    if text == "auto" { Ok(Target::Auto) } else { version(text).map(Target::Version) }
}

pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if name.is_empty() { Err("a name must stand before the `=`".to_owned()) } else { Ok((name.to_owned(), value.to_owned())) }
}

pub(crate) fn section(text: &str) -> Result<SectionKind, String> {
    let names = || haproxy_lint::syntax::SECTIONS.iter().map(|s| s.keyword);
    section_kind(text).map(|s| s.kind).ok_or_else(|| match haproxy_lint::nearest::nearest(text, names()) {
        Some(near) => format!("there is no such section; did you mean `{near}`?"),
        None => format!("there is no such section; the sections are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

pub(crate) fn one_of<T: Copy>(all: &[(&str, T)], text: &str) -> Result<T, String> {
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    all.iter().find(|(name, _)| *name == text).map(|(_, it)| *it).ok_or_else(|| format!("it is one of {}", names()))
}

/// `4096`, `512KB`, `64MB`, `1GB`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.to_ascii_uppercase().as_str() {
        "" => 0,
        "KB" => 10,
        "MB" => 20,
        "GB" => 30,
        _ => return Err("write a size such as 512KB, 64MB or 1GB".to_owned()),
    };
    let number = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift));
    // More is not read of a file.
    number
        .filter(|n| (1..=SourceFile::MAX_BYTES as u64).contains(n))
        .ok_or_else(|| "write a size between 1 and 1GB, such as 64MB".to_owned())
}

/// `500ms`, `5s`, `2m`; a bare number is seconds.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let unit = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a time such as 500ms, 5s or 2m".to_owned()),
    };
    let number = number.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).filter(|n| (1..=86_400_000).contains(n));
    number.map(Duration::from_millis).ok_or_else(|| "write a time between 1ms and 24h, such as 5s".to_owned())
}

pub(crate) fn level(text: &str) -> Result<Severity, String> {
    Severity::from_name(text).ok_or_else(|| "the severities are error, warning and info".to_owned())
}
