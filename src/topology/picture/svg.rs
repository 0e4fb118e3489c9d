//! A picture of the mesh: nodes on a circle, a line for each pair.

use std::{
    f64::consts::TAU,
    io::{self, Write},
};

use super::{super::Mesh, Bond, Sight, pairs};

/// The height of a line of text.
const LINE: f64 = 16.0;
/// How wide a letter is, about.
const LETTER: f64 = 7.2;

pub(super) fn write(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    let picture = Picture::new(mesh);
    let (width, height) = (picture.center.0 * 2.0, picture.center.1 * 2.0 + 3.0 * LINE);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"12\">"
    )?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>")?;
    picture.lines(mesh, out)?;
    picture.nodes(mesh, out)?;
    legend(out, height - 1.5 * LINE)?;
    writeln!(out, "</svg>")
}

struct Picture {
    center: (f64, f64),
    radius: f64,
    count: usize,
}

impl Picture {
    fn new(mesh: &Mesh<'_>) -> Self {
        let count = mesh.views.len().max(1);
        let longest = mesh.views.iter().map(|v| mesh.node(v).name.chars().count()).max().unwrap_or(0) as f64;
        // The names stand around the circle like rays, so that each needs no more than the height of a line.
        let radius = (count as f64 * LINE * 1.2 / TAU).max(110.0);
        let side = radius + longest * LETTER + 48.0;
        Self { center: (side, side), radius, count }
    }

    fn angle(&self, at: usize) -> f64 {
        at as f64 / self.count as f64 * TAU - TAU / 4.0
    }

    fn point(&self, at: usize, radius: f64) -> (f64, f64) {
        let angle = self.angle(at);
        (self.center.0 + radius * angle.cos(), self.center.1 + radius * angle.sin())
    }

    fn lines(&self, mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut pairs: Vec<_> = pairs(mesh).into_iter().map(|(a, b, one, two)| (Bond::of(one, two), a, b, one, two)).collect();
        // What is broken is drawn last, on top.
        pairs.sort_by_key(|(bond, ..)| *bond as u8);
        let thin = if self.count > 12 { 0.7 } else { 1.8 };
        for (bond, a, b, one, two) in pairs {
            let ((x1, y1), (x2, y2)) = (self.point(a, self.radius), self.point(b, self.radius));
            let (color, width, dash) = look(bond, thin);
            let reason = |l: Option<&super::Link>| l.map(|l| l.reason.clone()).filter(|r| !r.is_empty());
            let reasons: Vec<String> = [reason(one), reason(two)].into_iter().flatten().collect();
            writeln!(
                out,
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{color}\" stroke-width=\"{width:.1}\"{dash}><title>{} – {}{}{}</title></line>",
                escaped(&mesh.node(&mesh.views[a]).name),
                escaped(&mesh.node(&mesh.views[b]).name),
                if reasons.is_empty() { "" } else { ": " },
                escaped(&reasons.join("; "))
            )?;
        }
        Ok(())
    }

    fn nodes(&self, mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
        for (at, view) in mesh.views.iter().enumerate() {
            let (x, y) = self.point(at, self.radius);
            let lost = mesh.summary(view).sections.iter().any(|s| view.own(s).is_none());
            let fill = if lost { "#c0262d" } else { "#1f4e79" };
            let sight = Sight::new(mesh, view);
            let name = escaped(&mesh.node(view).name);
            writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\"><title>{name}: local peer {}, listens on {}</title></circle>",
                escaped(&sight.local),
                escaped(&sight.listens)
            )?;
            let (x, y) = self.point(at, self.radius + 12.0);
            let degrees = self.angle(at).to_degrees();
            let left = self.angle(at).cos() < -0.01;
            let (turn, anchor) = if left { (degrees + 180.0, "end") } else { (degrees, "start") };
            let (turn, anchor) = if self.count <= 8 { (0.0, self.anchor(at)) } else { (turn, anchor) };
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

fn look(bond: Bond, thin: f64) -> (&'static str, f64, &'static str) {
    match bond {
        Bond::Both => ("#2a7d3f", thin, ""),
        Bond::One => ("#b8860b", thin, ""),
        Bond::Unknown => ("#999999", thin, " stroke-dasharray=\"2 4\""),
        Bond::None => ("#c0262d", thin.max(1.4), " stroke-dasharray=\"7 4\""),
    }
}

fn legend(out: &mut dyn Write, y: f64) -> io::Result<()> {
    let bonds = [(Bond::Both, "synchronise"), (Bond::One, "over one direction"), (Bond::None, "broken"), (Bond::Unknown, "not known")];
    let mut x = 12.0;
    for (bond, text) in bonds {
        let (color, _, dash) = look(bond, 1.8);
        writeln!(out, "<line x1=\"{x}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" stroke=\"{color}\" stroke-width=\"2\"{dash}/>", x + 22.0)?;
        writeln!(out, "<text x=\"{}\" y=\"{y}\" dy=\"0.35em\" font-size=\"11\" fill=\"#444444\">{text}</text>", x + 26.0)?;
        x += 40.0 + text.len() as f64 * 6.6;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
