//! For people at a terminal: what is broken first, then the nodes, then the links as far as they fit.

use std::io::{self, Write};

use crate::{counted, shown::line};

use super::{
    super::{Mesh, matrix::Verdict},
    Bond, Sight, Used, name, pairs, reasons, unread, verdict,
};

/// How many nodes a matrix has at most: beyond, only what is broken is told.
const WIDEST: usize = 60;
/// How many reasons are told.
const REASONS: usize = 40;
/// How many broken pairs are named.
const PAIRS: usize = 20;

pub(super) fn write(mesh: &Mesh<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let count = mesh.views.len();
    if count == 0 {
        let nodes = mesh.topology.nodes.len();
        return writeln!(out, "{} and no configuration that one of them reads", counted(nodes, "node"));
    }
    let peers = !mesh.matrix.links.is_empty();
    let sentence = if peers { format!("{}.", verdict(mesh)) } else { "No two of them are peers.".to_owned() };
    paragraph("", &sentence, width, out)?;
    broken(mesh, width, out)?;
    writeln!(out)?;
    nodes(mesh, width, out)?;
    if peers && count <= WIDEST {
        matrix(mesh, width, out)?;
    }
    why(mesh, width, out)
}

/// Text within the width; the later lines begin a little to the right.
fn paragraph(begin: &str, text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let indent = " ".repeat(begin.chars().count().min(6));
    let options = textwrap::Options::new(width)
        .subsequent_indent(&indent)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(&format!("{begin}{text}"), options).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The pairs of which neither direction works.
fn broken(mesh: &Mesh<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let broken: Vec<_> = pairs(mesh).into_iter().filter(|(_, _, one, two)| Bond::of(*one, *two) == Bond::None).collect();
    for (a, b, one, two) in broken.iter().take(PAIRS) {
        let mut reasons: Vec<&str> = [one, two].into_iter().flatten().map(|link| link.reason.as_str()).filter(|r| !r.is_empty()).collect();
        reasons.dedup();
        paragraph(&format!("  ✗ {} – {}: ", name(mesh, *a), name(mesh, *b)), &line(&reasons.join("; ")), width, out)?;
    }
    match broken.len().saturating_sub(PAIRS) {
        0 => Ok(()),
        more => writeln!(out, "  ✗ and {}", counted(more, "more pair")),
    }
}

fn nodes(mesh: &Mesh<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["node", "local peer", "listens on", "reads", "variables"].map(str::to_owned)];
    let used = Used::new(mesh);
    for view in &mesh.views {
        let sight = Sight::new(mesh, view, &used);
        let variables: Vec<String> = sight.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let found = mesh.summary(view).sections.iter().any(|s| view.own(s).is_some());
        let local = if found || mesh.summary(view).sections.is_empty() { sight.local } else { format!("{} (in no line)", sight.local) };
        rows.push([mesh.node(view).title.clone(), local, sight.listens, sight.reads, variables.join(" ")]);
    }
    rows.extend(unread(mesh).map(|node| {
        let local = node.local_name().known().unwrap_or("?").to_owned();
        [node.title.clone(), local, "?".to_owned(), "not given".to_owned(), String::new()]
    }));
    rows.iter_mut().flatten().for_each(|cell| *cell = line(cell).into_owned());
    if rows[1..].iter().all(|row| row[4].is_empty()) {
        rows[0][4].clear();
    }
    let column = |at: usize| rows.iter().map(|r| r[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(column).collect();
    if widths.iter().sum::<usize>() + 8 > width {
        return list(&rows, width, out);
    }
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// A table that is too wide, as a list.
fn list(rows: &[[String; 5]], width: usize, out: &mut dyn Write) -> io::Result<()> {
    let Some((heads, rows)) = rows.split_first() else { return Ok(()) };
    for row in rows {
        writeln!(out, "{}", row[0])?;
        for (head, cell) in heads.iter().zip(row).skip(1).filter(|(_, cell)| !cell.is_empty()) {
            paragraph(&format!("  {head:<11} "), cell, width, out)?;
        }
    }
    Ok(())
}

fn matrix(mesh: &Mesh<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let count = mesh.views.len();
    let longest = (0..count).map(|at| name(mesh, at).chars().count()).max().unwrap_or(0);
    let number = count.to_string().len();
    // What is wider than the terminal is no picture any more; what is wrong was told as a list.
    if longest + (number + 1) * (count + 1) + 2 > width {
        return Ok(());
    }
    let heads: Vec<String> = (1..=count).map(|n| format!("{n:>number$}")).collect();
    writeln!(out, "\n{:w$}  {}", "", heads.join(" "), w = longest + number + 1)?;
    let (mut one_way, mut perhaps) = (false, false);
    for from in 0..count {
        let mut cell = |to: usize| {
            let verdict = |from, to| mesh.matrix.get(from, to).map(|l| l.verdict);
            let sign = match verdict(from, to) {
                _ if from == to => "·",
                None => " ",
                Some(Verdict::Fine) => "✓",
                // The other direction is enough.
                Some(this) if verdict(to, from) == Some(Verdict::Fine) => {
                    one_way = true;
                    perhaps |= this == Verdict::Unknown;
                    "~"
                }
                Some(Verdict::Unknown) => "?",
                Some(Verdict::Broken) => "✗",
            };
            format!("{sign:>number$}")
        };
        let cells: Vec<String> = (0..count).map(&mut cell).collect();
        writeln!(out, "{:>number$} {:longest$}  {}", from + 1, name(mesh, from), cells.join(" "))?;
    }
    let more = match (one_way, perhaps) {
        (true, true) => "; ~ does not work, as far as is known, and need not, as the other direction does",
        (true, false) => "; ~ does not work, and need not, as the other direction does",
        _ => "",
    };
    paragraph("", &format!("A row is who connects, a column to whom{more}."), width, out)
}

/// Why single directions do not work.
fn why(mesh: &Mesh<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let told = reasons(mesh);
    if !told.is_empty() {
        writeln!(out)?;
    }
    for (verdict, reason, links) in told.iter().take(REASONS) {
        let enough = |link: &&&super::Link| mesh.matrix.get(link.to, link.from).is_some_and(|back| back.verdict == Verdict::Fine);
        let sign = match verdict {
            _ if links.iter().filter(enough).count() == links.len() => "~",
            Verdict::Broken => "✗",
            _ => "?",
        };
        let more = if links.len() > 1 { format!(" (and {} more)", links.len() - 1) } else { String::new() };
        let begin = format!("{sign} {} → {}{more}: ", name(mesh, links[0].from), name(mesh, links[0].to));
        paragraph(&begin, &line(reason), width, out)?;
    }
    if told.len() > REASONS {
        let more = told.len() - REASONS;
        let them = if more == 1 { "it" } else { "them" };
        writeln!(out, "  and {}: `--format json` lists {them}", counted(more, "more reason"))?;
    }
    Ok(())
}
