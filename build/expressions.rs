//! The lists of `src/expression/data/`: their lines by the name that they are about, and where a name is in its list. A line of a
//! fetch or converter is taken apart when the program looks it up, as few of them are.

use std::{fmt::Write as _, fs};

use crate::lookup;

/// Where the lists are.
const FOLDER: &str = "src/expression/data";

/// The types of samples, as `SampleType` of `src/expression/catalog.rs` names them.
const TYPES: &str = "any same bool sint addr ipv4 ipv6 str bin meth";

/// The types of arguments, as `ArgumentType` there names them; `*` where nothing is known of them.
const ARGUMENTS: &str = "* str int ipv4 ipv6 mask4 mask6 regex fields backend frontend server table userlist identifier";

/// The text of Rust.
pub(crate) fn generate() -> Result<String, String> {
    let (fetches, converters) = (read("fetches")?, read("converters")?);
    let groups: Vec<&str> = fetches.iter().filter_map(|line| line.strip_prefix("= ")?.split(' ').next()).collect();
    let groups = groups.join(" ");
    every_form("fetches", "NAME(ARGUMENTS): TYPE PLACES VERSIONS", &fetches, |words| match words {
        [output, group, range @ ..] => {
            known("type", output, TYPES).or_else(|| known("name of PLACES", group, &groups)).or_else(|| faulty(range))
        }
        _ => Some("a type and a name of PLACES are missing".to_owned()),
    })?;
    every_form("converters", "NAME(ARGUMENTS): INPUT -> OUTPUT VERSIONS", &converters, |words| match words {
        [input, "->", output, range @ ..] => known("type", input, TYPES).or_else(|| known("type", output, TYPES)).or_else(|| faulty(range)),
        _ => Some("`INPUT -> OUTPUT` is missing".to_owned()),
    })?;
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

/// Holds the lines of fetches or converters against their notation: `wrong` says what is wrong with the words behind the colon.
fn every_form(list: &str, notation: &str, lines: &[String], wrong: impl Fn(&[&str]) -> Option<String>) -> Result<(), String> {
    for line in lines.iter().filter(|line| !line.starts_with('=')) {
        let form = line.split_once(" ; ").map_or(line.as_str(), |(form, _)| form);
        let fault = form.split_once(": ").map_or_else(
            || Some("`: ` is missing".to_owned()),
            |(usage, rest)| {
                let inner = usage.split_once('(').map_or("", |(_, inner)| inner.trim_end_matches(')'));
                let mut arguments = inner.split(['[', ',', ']']).filter(|argument| !argument.is_empty());
                let words: Vec<&str> = rest.split(' ').collect();
                arguments.find_map(|argument| known("type of arguments", argument, ARGUMENTS)).or_else(|| wrong(&words))
            },
        );
        if let Some(fault) = fault {
            return Err(format!("{FOLDER}/{list}.txt: `{line}`: {fault}; a line is {notation}"));
        }
    }
    Ok(())
}

/// What is wrong with a word that should be one of these.
fn known(what: &str, word: &str, all: &str) -> Option<String> {
    (!all.split(' ').any(|one| one == word)).then(|| format!("`{word}` is no {what}, which are {}", all.replace(' ', ", ")))
}

/// What is wrong with the versions behind a form, if there are any.
fn faulty(range: &[&str]) -> Option<String> {
    let right = match range {
        [] => true,
        [range] => versions(range).is_some(),
        _ => false,
    };
    (!right).then(|| format!("`{}` are no versions: write `2.9-`, `-2.8`, `2.5-3.3` or nothing", range.join(" ")))
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
    Ok(listed("PLACES", "(&str, Places, &str)", every("fetches", "= PLACE COLUMNS WORDS", &lines, place)?))
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
    Ok(listed("ACLS", "AclKeyword", every("acls", "NAME = FETCH METHOD", &lines, acl)?) + &index("ACLS", names))
}

/// `NAME: MODE MEANING [VERSIONS]`.
fn aliases(lines: &[String]) -> Result<String, String> {
    let alias = |line: &String| {
        let (name, rest) = line.split_once(": ")?;
        let (mode, rest) = rest.split_once(' ')?;
        let (meaning, range) = rest.split_once(" [").unwrap_or((rest, ""));
        let (http, versions) = (mode == "http", versions(range.trim_end_matches(']'))?);
        if !["http", "tcp"].contains(&mode) {
            return None;
        }
        Some(format!("Alias {{ name: {name:?}, http: {http}, meaning: {meaning:?}, versions: {versions} }}"))
    };
    let lines: Vec<&String> = lines.iter().collect();
    Ok(listed(
        "ALIASES",
        "Alias",
        every("aliases", "NAME: MODE MEANING [VERSIONS], its MODE is tcp or http, and VERSIONS are 2.9-, -2.8 or 2.5-3.3", &lines, alias)?,
    ))
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
fn every(
    list: &str,
    notation: &str,
    lines: &[&String],
    one: impl Fn(&String) -> Option<String>,
) -> Result<std::vec::IntoIter<String>, String> {
    let wrong = |line: &String| format!("{FOLDER}/{list}.txt: what is `{line}`? A line is {notation}");
    let all: Result<Vec<String>, String> = lines.iter().map(|line| one(line).ok_or_else(|| wrong(line))).collect();
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
