//! For people at a terminal.

use std::io::{self, Write};

use crate::shown::line;

use super::{
    super::{Mesh, matrix::Verdict},
    Sight, Used, name, reasons, unread, verdict,
};

/// How many nodes a matrix has at most: beyond, only what is broken is told.
const WIDEST: usize = 60;
/// How many reasons are told.
const REASONS: usize = 40;

pub(super) fn write(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = mesh.views.len();
    if count == 0 {
        let nodes = mesh.topology.nodes.len();
        return writeln!(out, "{nodes} node{} and no configuration that one of them reads", if nodes == 1 { "" } else { "s" });
    }
    nodes(mesh, out)?;
    if mesh.matrix.links.is_empty() {
        return writeln!(out, "\nNo two of them are peers.");
    }
    if count <= WIDEST {
        matrix(mesh, out)?;
    }
    broken(mesh, out)
}

fn nodes(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["node", "local peer", "listens on", "reads", "variables"].map(str::to_owned)];
    let used = Used::new(mesh);
    for view in &mesh.views {
        let sight = Sight::new(mesh, view, &used);
        let variables: Vec<String> = sight.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let found = mesh.summary(view).sections.iter().any(|s| view.own(s).is_some());
        let local = if found || mesh.summary(view).sections.is_empty() { sight.local } else { format!("{} (in no line)", sight.local) };
        rows.push([mesh.node(view).name.clone(), local, sight.listens, sight.reads, variables.join(" ")]);
    }
    rows.extend(unread(mesh).map(|node| {
        let local = node.local_name().known().unwrap_or("?").to_owned();
        [node.name.clone(), local, "?".to_owned(), "not given".to_owned(), String::new()]
    }));
    rows.iter_mut().flatten().for_each(|cell| *cell = line(cell).into_owned());
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn matrix(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = mesh.views.len();
    let width = (0..count).map(|at| name(mesh, at).chars().count()).max().unwrap_or(0);
    let number = count.to_string().len();
    let heads: Vec<String> = (1..=count).map(|n| format!("{n:>number$}")).collect();
    writeln!(out, "\n{:w$}  {}   (who dials down, who is dialled across)", "", heads.join(" "), w = width + number + 1)?;
    for from in 0..count {
        let cell = |to: usize| {
            let sign = match mesh.matrix.get(from, to).map(|l| l.verdict) {
                _ if from == to => "·",
                None => " ",
                Some(Verdict::Fine) => "✓",
                Some(Verdict::Unknown) => "?",
                Some(Verdict::Broken) => "✗",
            };
            format!("{sign:>number$}")
        };
        let cells: Vec<String> = (0..count).map(cell).collect();
        writeln!(out, "{:>number$} {:width$}  {}", from + 1, name(mesh, from), cells.join(" "))?;
    }
    Ok(())
}

fn broken(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let told = reasons(mesh);
    if !told.is_empty() {
        writeln!(out)?;
    }
    for (verdict, reason, links) in told.iter().take(REASONS) {
        let sign = if *verdict == Verdict::Broken { "✗" } else { "?" };
        let more = if links.len() > 1 { format!(" (and {} more)", links.len() - 1) } else { String::new() };
        writeln!(out, "{sign} {} → {}{more}: {}", name(mesh, links[0].from), name(mesh, links[0].to), line(reason))?;
    }
    if told.len() > REASONS {
        writeln!(out, "  and {} more reasons: `--format json` lists them", told.len() - REASONS)?;
    }
    writeln!(out, "\n{}.", verdict(mesh))
}
