//! How descriptions are written for a terminal.

use std::io::{Result, Write};

use haproxy_lint::{
    analysis::{Description, Member},
    version::VersionSet,
};

/// How long a line may be.
const WIDTH: usize = 110;

/// How much of a text stands in a list.
pub(super) const LISTED: usize = 84;

/// How much room a column of names takes at most.
const LONGEST: usize = 44;

/// How much room the names of rows have.
const NAME: usize = 11;

pub(super) fn description(out: &mut dyn Write, description: &Description, versions: VersionSet) -> Result<()> {
    let alike = description.forms.windows(2).all(|pair| pair[0].versions == pair[1].versions);
    for form in &description.forms {
        wrapped(out, "", "    ", &if alike { form.text.clone() } else { format!("{}   # {}", form.text, form.versions) })?;
    }
    writeln!(out)?;
    if !description.text.is_empty() {
        wrapped(out, "  ", "  ", &description.text)?;
        writeln!(out)?;
    }
    for (name, text) in &description.rows {
        row(out, name, text)?;
    }
    if !description.manual.is_empty() {
        row(out, "manual", &description.manual)?;
    }
    for list in &description.lists {
        writeln!(out, "\n  The {}:\n", several(list.noun))?;
        members(out, "    ", &list.members, versions)?;
    }
    if !description.examples.is_empty() {
        writeln!(out, "\n  Example:\n")?;
        description.examples.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    writeln!(out)
}

/// More than one of them.
fn several(noun: &str) -> String {
    noun.strip_suffix('y').map_or_else(|| format!("{noun}s"), |stem| format!("{stem}ies"))
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> Result<()> {
    wrapped(out, &format!("  {name:<NAME$} "), &" ".repeat(NAME + 3), text)
}

/// Names in a column, with what is said of them, and the versions where not all of those asked about have them.
pub(super) fn members(out: &mut dyn Write, before: &str, members: &[Member], versions: VersionSet) -> Result<()> {
    let text = |member: &Member| {
        let known = if member.versions.covers(versions) { String::new() } else { format!(" ({})", member.versions) };
        cut(member.text, LISTED.saturating_sub(known.len())) + &known
    };
    list(out, before, &members.iter().map(|member| (member.name.clone(), text(member))).collect::<Vec<_>>())
}

/// Names in a column, with what is said of them.
pub(super) fn list(out: &mut dyn Write, before: &str, all: &[(String, String)]) -> Result<()> {
    let longest = all.iter().map(|(name, _)| quoted(name).chars().count()).max().unwrap_or(0).min(LONGEST);
    all.iter().try_for_each(|(name, text)| writeln!(out, "{}", format!("{before}{:<longest$}  {text}", quoted(name)).trim_end()))
}

/// The first words of a text, as many as there is room for.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    for word in text.split(' ') {
        if shown.chars().count() + word.chars().count() + 1 > room {
            break;
        }
        shown += if shown.is_empty() { "" } else { " " };
        shown += word;
    }
    shown.trim_end_matches([',', ';', ':']).to_owned() + "…"
}

/// Several words are one argument for a shell.
fn quoted(name: &str) -> String {
    if name.contains([' ', '(', '!', '%']) { format!("'{name}'") } else { name.to_owned() }
}

/// Writes a text in lines that are not too long, where it has blanks.
fn wrapped(out: &mut dyn Write, first: &str, rest: &str, text: &str) -> Result<()> {
    let (mut line, mut empty) = (first.to_owned(), true);
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{line}")?;
            (line, empty) = (rest.to_owned(), true);
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(out, "{}", line.trim_end())
}
