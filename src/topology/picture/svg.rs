//! A picture of the mesh: nodes on a circle, a line for each pair, and beneath it what is wrong.

use std::{
    f64::consts::TAU,
    io::{self, Write},
};

use crate::{counted, shown::line};

use super::{
    super::{Mesh, matrix::Verdict},
    Bond, Link, Sight, Used, name, pairs, reasons, verdict,
};

/// The height of a line of text.
const LINE: f64 = 17.0;
/// How wide a letter is, about.
const LETTER: f64 = 7.3;
/// So many nodes have their names beside them; the names of more stand around the circle like rays.
const FEW: usize = 8;
/// So many have lines that are told apart one by one; of more only what is not well stands out.
const PLAIN: usize = 12;
/// How many reasons are told.
const REASONS: usize = 12;
const GOOD: &str = "#2a7d3f";
const HALF: &str = "#b8860b";
const BAD: &str = "#c0262d";
const OPEN: &str = "#8a8a8a";

pub(super) fn write(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let picture = Picture::new(mesh);
    let (width, below) = (picture.width, picture.center.1 + picture.radius + picture.rim + 1.5 * LINE);
    let told = notes(mesh, (width / LETTER) as usize - 4);
    let height = below + (told.len() as f64 + 2.5) * LINE;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"12\">"
    )?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>")?;
    writeln!(
        out,
        "<marker id=\"half\" viewBox=\"0 0 10 10\" refX=\"18\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"{HALF}\"/></marker>"
    )?;
    for (at, line) in picture.title.iter().enumerate() {
        let y = LINE * (at as f64 + 1.3);
        writeln!(out, "<text x=\"12\" y=\"{y:.0}\" font-weight=\"bold\" fill=\"#222222\" xml:space=\"preserve\">{}</text>", escaped(line))?;
    }
    // What is broken is drawn on top of everything.
    picture.lines(mesh, |bond| bond != Bond::None, out)?;
    picture.nodes(mesh, out)?;
    picture.lines(mesh, |bond| bond == Bond::None, out)?;
    legend(out, below)?;
    for (at, (color, text)) in told.iter().enumerate() {
        let y = below + (at as f64 + 1.8) * LINE;
        writeln!(out, "<text x=\"12\" y=\"{y:.0}\" fill=\"{color}\" xml:space=\"preserve\">{}</text>", escaped(text))?;
    }
    writeln!(out, "</svg>")
}

/// The reasons, broken into lines of so many letters.
fn notes(mesh: &Mesh<'_>, letters: usize) -> Vec<(&'static str, String)> {
    let all = reasons(mesh);
    let mut lines = Vec::new();
    for (verdict, reason, links) in all.iter().take(REASONS) {
        let color = if *verdict == Verdict::Broken { BAD } else { OPEN };
        let more = if links.len() > 1 { format!(" (and {} more)", links.len() - 1) } else { String::new() };
        let text = format!("{} → {}{more}: {}", name(mesh, links[0].from), name(mesh, links[0].to), line(reason).replace('`', ""));
        lines.extend(wrapped(&text, letters).into_iter().map(|line| (color, line)));
    }
    if all.len() > REASONS {
        let more = all.len() - REASONS;
        let them = if more == 1 { "it" } else { "them" };
        lines.push((OPEN, format!("and {}: --format json lists {them}", counted(more, "more reason"))));
    }
    lines
}

fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < letters => *line += &format!(" {word}"),
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A sentence in one line, or else a line for each of its clauses.
fn clauses(sentence: &str, letters: usize) -> Vec<String> {
    if sentence.chars().count() <= letters {
        return vec![sentence.to_owned()];
    }
    sentence.split_inclusive("; ").flat_map(|clause| wrapped(clause.trim_end(), letters)).collect()
}

struct Picture {
    title: Vec<String>,
    center: (f64, f64),
    width: f64,
    radius: f64,
    /// How much room the names take above and below the circle.
    rim: f64,
    count: usize,
}

impl Picture {
    fn new(mesh: &Mesh<'_>) -> Self {
        let count = mesh.views.len().max(1);
        let longest = mesh.views.iter().map(|v| mesh.node(v).title.chars().count()).max().unwrap_or(0) as f64 * LETTER;
        // Each name around the circle needs no more than the height of a line.
        let radius = (count as f64 * LINE * 1.15 / TAU).max(if count <= FEW { 90.0 } else { 140.0 });
        let rim = if count <= FEW { 2.0 * LINE } else { longest + 16.0 };
        let width = (2.0 * (radius + longest + 24.0)).max(620.0);
        let title = if mesh.matrix.links.is_empty() { "No two of them are peers".to_owned() } else { verdict(mesh) };
        let title = clauses(&title, (width / LETTER) as usize - 4);
        let top = (title.len() as f64 + 1.0) * LINE;
        Self { title, center: (width / 2.0, top + rim + radius), width, radius, rim, count }
    }

    fn angle(&self, at: usize) -> f64 {
        at as f64 / self.count as f64 * TAU - TAU / 4.0
    }

    fn point(&self, at: usize, radius: f64) -> (f64, f64) {
        let angle = self.angle(at);
        (self.center.0 + radius * angle.cos(), self.center.1 + radius * angle.sin())
    }

    fn lines(&self, mesh: &Mesh<'_>, wanted: impl Fn(Bond) -> bool, out: &mut dyn Write) -> io::Result<()> {
        let bonds = pairs(mesh).into_iter().map(|(a, b, one, two)| (Bond::of(one, two), a, b, one, two));
        let mut pairs: Vec<_> = bonds.filter(|(bond, ..)| wanted(*bond)).collect();
        pairs.sort_by_key(|(bond, ..)| *bond as u8);
        for (bond, a, b, one, two) in pairs {
            // An arrow leads from who dials to who is dialled.
            let back = bond == Bond::One && one.is_none_or(|l| l.verdict != Verdict::Fine);
            let (from, to) = if back { (b, a) } else { (a, b) };
            let ((x1, y1), (x2, y2)) = (self.point(from, self.radius), self.point(to, self.radius));
            let reason = |l: Option<&Link>| l.map(|l| l.reason.clone()).filter(|r| !r.is_empty());
            let reasons: Vec<String> = [reason(one), reason(two)].into_iter().flatten().collect();
            writeln!(
                out,
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {}{}><title>{} – {}{}{}</title></line>",
                look(bond, self.count),
                if bond == Bond::One && self.count <= PLAIN { " marker-end=\"url(#half)\"" } else { "" },
                escaped(&mesh.node(&mesh.views[a]).title),
                escaped(&mesh.node(&mesh.views[b]).title),
                if reasons.is_empty() { "" } else { ": " },
                escaped(&reasons.join("; "))
            )?;
        }
        Ok(())
    }

    fn nodes(&self, mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
        let used = Used::new(mesh);
        let broken: Vec<(usize, usize)> =
            pairs(mesh).into_iter().filter(|(_, _, one, two)| Bond::of(*one, *two) == Bond::None).map(|(a, b, ..)| (a, b)).collect();
        for (at, view) in mesh.views.iter().enumerate() {
            let (x, y) = self.point(at, self.radius);
            let lost = mesh.summary(view).sections.iter().any(|s| view.own(s).is_none());
            // One of a broken pair has a red rim.
            let fill = if lost { BAD } else { "#1f4e79" };
            let rim = if broken.iter().any(|(a, b)| *a == at || *b == at) {
                format!(" stroke=\"{BAD}\" stroke-width=\"3\"")
            } else {
                String::new()
            };
            let sight = Sight::new(mesh, view, &used);
            let name = escaped(&mesh.node(view).title);
            writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"{fill}\"{rim}><title>{name}: local peer {}, listens on {}</title></circle>",
                escaped(&sight.local),
                escaped(&sight.listens)
            )?;
            let (x, y) = self.point(at, self.radius + 14.0);
            let left = self.angle(at).cos() < -0.01;
            let degrees = self.angle(at).to_degrees() + if left { 180.0 } else { 0.0 };
            let (turn, anchor) = match self.count {
                0..=FEW => (0.0, self.anchor(at)),
                _ => (degrees, if left { "end" } else { "start" }),
            };
            writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" dy=\"0.35em\" text-anchor=\"{anchor}\" fill=\"#222222\" transform=\"rotate({turn:.1} {x:.1} {y:.1})\">{name}</text>"
            )?;
        }
        Ok(())
    }

    fn anchor(&self, at: usize) -> &'static str {
        match self.angle(at).cos() {
            c if c > 0.2 => "start",
            c if c < -0.2 => "end",
            _ => "middle",
        }
    }
}

/// How a line is drawn among `count` nodes: the more there are, the further stands back what is well.
fn look(bond: Bond, count: usize) -> String {
    let many = count > PLAIN;
    let faded = |least: f64| format!(" stroke-opacity=\"{:.2}\"", (4.0 / count as f64).clamp(least, 0.35));
    let (faint, half) = (faded(0.06), faded(0.2));
    let (color, width, more) = match (bond, many) {
        (Bond::Both, false) => (GOOD, 1.8, ""),
        (Bond::Both, true) => (GOOD, 0.6, faint.as_str()),
        (Bond::One, false) => (HALF, 1.8, ""),
        (Bond::One, true) => (HALF, 0.9, half.as_str()),
        (Bond::Unknown, false) => (OPEN, 1.5, " stroke-dasharray=\"2 4\""),
        (Bond::Unknown, true) => (OPEN, 0.6, " stroke-dasharray=\"2 4\""),
        (Bond::None, false) => (BAD, 2.0, " stroke-dasharray=\"7 4\""),
        (Bond::None, true) => (BAD, 2.4, ""),
    };
    format!("stroke=\"{color}\" stroke-width=\"{width}\"{more}")
}

fn legend(out: &mut dyn Write, y: f64) -> io::Result<()> {
    let bonds = [(Bond::Both, "synchronise"), (Bond::One, "over one direction"), (Bond::None, "broken"), (Bond::Unknown, "not known")];
    let mut x = 12.0;
    for (bond, text) in bonds {
        writeln!(out, "<line x1=\"{x:.0}\" y1=\"{y:.0}\" x2=\"{:.0}\" y2=\"{y:.0}\" {}/>", x + 22.0, look(bond, 1))?;
        writeln!(out, "<text x=\"{:.0}\" y=\"{y:.0}\" dy=\"0.35em\" font-size=\"11\" fill=\"#444444\">{text}</text>", x + 26.0)?;
        x += 44.0 + text.len() as f64 * 6.7;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
