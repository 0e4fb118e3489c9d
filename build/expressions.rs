//! The lists of `src/expression/data/`: their lines by the name that they are about, and where a name is in its list. A line of a
//! fetch or converter is taken apart when the program looks it up, as few of them are.

use std::{fmt::Write as _, fs};

use crate::lookup;

/// Where the lists are.
const FOLDER: &str = "src/expression/data";

/// The text of Rust.
pub(crate) fn generate() -> Result<String, String> {
    let (fetches, converters) = (read("fetches")?, read("converters")?);
    let mut out = forms("FETCHES", &fetches) + &forms("CONVERTERS", &converters);
    out += &places(&fetches)?;
    out += &acls(&read("acls")?)?;
    out += &aliases(&read("aliases")?)?;
    Ok(out)
}

/// The lines of a list: neither comments nor empty ones.
fn read(name: &str) -> Result<Vec<String>, String> {
    let path = format!("{FOLDER}/{name}.txt");
    let text = fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
    Ok(text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

/// All lines of each name.
fn forms(list: &str, lines: &[String]) -> String {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines.iter().filter(|line| !line.starts_with('=')) {
        let name = line.split(['(', ':', ' ']).next().unwrap_or(line);
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, lines)) => lines.push(line),
            None => names.push((name, vec![line])),
        }
    }
    let entries = names.iter().map(|(name, lines)| format!("Entry {{ name: {name:?}, lines: &{lines:?}, forms: OnceLock::new() }}"));
    listed(list, "Entry", entries) + &index(list, names.iter().map(|(name, _)| *name))
}

/// `= NAME COLUMNS WORDS`: a bit for each column with a `Y`.
fn places(lines: &[String]) -> Result<String, String> {
    let place = |line: &String| {
        let (name, rest) = line.strip_prefix("= ")?.split_once(' ')?;
        let (columns, reads) = rest.trim_start().split_once(' ')?;
        let bits = columns.bytes().enumerate().filter(|(_, column)| *column == b'Y').fold(0u32, |bits, (at, _)| bits | 1 << at);
        Some(format!("({name:?}, Places({bits}), {reads:?})"))
    };
    let lines: Vec<&String> = lines.iter().filter(|line| line.starts_with('=')).collect();
    Ok(listed("PLACES", "(&str, Places, &str)", every(&lines, place)?))
}

/// `NAME = FETCH METHOD`.
fn acls(lines: &[String]) -> Result<String, String> {
    let acl = |line: &String| {
        let (name, rest) = line.split_once(" = ")?;
        let (fetch, method) = rest.split_once(' ')?;
        Some(format!("AclKeyword {{ name: {name:?}, fetch: {fetch:?}, method: {method:?} }}"))
    };
    let lines: Vec<&String> = lines.iter().collect();
    let names = lines.iter().map(|line| line.split(' ').next().unwrap_or_default());
    Ok(listed("ACLS", "AclKeyword", every(&lines, acl)?) + &index("ACLS", names))
}

/// `NAME: MODE MEANING [VERSIONS]`.
fn aliases(lines: &[String]) -> Result<String, String> {
    let alias = |line: &String| {
        let (name, rest) = line.split_once(": ")?;
        let (mode, rest) = rest.split_once(' ')?;
        let (meaning, range) = rest.split_once(" [").unwrap_or((rest, ""));
        let (http, versions) = (mode == "http", versions(range.trim_end_matches(']'))?);
        Some(format!("Alias {{ name: {name:?}, http: {http}, meaning: {meaning:?}, versions: {versions} }}"))
    };
    let lines: Vec<&String> = lines.iter().collect();
    Ok(listed("ALIASES", "Alias", every(&lines, alias)?))
}

/// `2.9-`, `-2.8`, `2.5-3.3`, `3.1`, or nothing for all, in Rust.
fn versions(text: &str) -> Option<String> {
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u8>().ok()?, minor.parse::<u8>().ok()?))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let since = match first {
        "" => "VersionSet::ALL".to_owned(),
        first => number(first).map(|(major, minor)| format!("VersionSet::since({major}, {minor}, 0)"))?,
    };
    Some(match last {
        "" => since,
        last => number(last).map(|(major, minor)| format!("{since}.minus(VersionSet::since({major}, {}, 0))", minor + 1))?,
    })
}

/// Each line in Rust; a line that is not as it should be is an error of the build.
fn every(lines: &[&String], one: impl Fn(&String) -> Option<String>) -> Result<std::vec::IntoIter<String>, String> {
    let all: Result<Vec<String>, String> =
        lines.iter().map(|line| one(line).ok_or_else(|| format!("{FOLDER}: what is `{line}`?"))).collect();
    Ok(all?.into_iter())
}

fn listed(name: &str, of: &str, entries: impl ExactSizeIterator<Item = String>) -> String {
    let mut out = format!("static {name}: [{of}; {}] = [\n", entries.len());
    entries.for_each(|entry| {
        let _ = writeln!(out, "    {entry},");
    });
    out + "];\n"
}

fn index<'w>(name: &str, words: impl ExactSizeIterator<Item = &'w str> + Clone) -> String {
    format!("static {name}_INDEX: Index = Index::of(&{:?});\n", lookup::slots(words))
}
