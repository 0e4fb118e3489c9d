//! The nodes and links of a topology, to look at: as text, JSON, for Graphviz and Mermaid, and as a picture of its own.

mod svg;
mod text;

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::Serialize;

use crate::shown::{self, Form, line};

use super::{
    Configuration, Kind, Mesh, Name, Node, Platform, View,
    matrix::{Link, Verdict},
};

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table of nodes and a matrix of links, for people.
    Text,
    /// For programs.
    Json,
    /// For Graphviz.
    Dot,
    /// For Mermaid, which GitHub draws.
    Mermaid,
    /// A picture.
    Svg,
}

impl Format {
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 5] =
        [("text", Self::Text), ("json", Self::Json), ("dot", Self::Dot), ("mermaid", Self::Mermaid), ("svg", Self::Svg)];

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

/// Writes the nodes and links of `mesh`; text is at most `width` columns wide.
///
/// # Errors
/// Whatever `out` gives.
pub fn draw(mesh: &Mesh<'_>, format: Format, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let form = match format {
        Format::Text | Format::Dot | Format::Mermaid => Form::People { color: false },
        Format::Json => Form::Json,
        Format::Svg => Form::Xml,
    };
    shown::inert(form, out, |out| match format {
        Format::Text => text::write(mesh, width, out),
        Format::Json => json(mesh, out),
        Format::Dot => dot(mesh, out),
        Format::Mermaid => mermaid(mesh, out),
        Format::Svg => svg::write(mesh, out),
    })
}

/// The name of a node on one line.
fn name<'m>(mesh: &'m Mesh<'_>, at: usize) -> Cow<'m, str> {
    line(&mesh.node(&mesh.views[at]).title)
}

/// How two nodes stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bond {
    /// Both directions work.
    Both,
    /// One direction works, which is enough.
    One,
    /// Neither does, as far as is known.
    Unknown,
    /// Neither does.
    None,
}

impl Bond {
    fn of(one: Option<&Link>, two: Option<&Link>) -> Self {
        let verdict = |l: Option<&Link>| l.map_or(Verdict::Unknown, |l| l.verdict);
        match (verdict(one), verdict(two)) {
            (Verdict::Fine, Verdict::Fine) => Self::Both,
            (Verdict::Fine, _) | (_, Verdict::Fine) => Self::One,
            (Verdict::Broken, Verdict::Broken) => Self::None,
            _ => Self::Unknown,
        }
    }
}

/// Each pair once: the first node, the second, both links.
fn pairs<'m>(mesh: &'m Mesh<'_>) -> Vec<(usize, usize, Option<&'m Link>, Option<&'m Link>)> {
    let forward = mesh.matrix.links.iter().filter(|l| l.from < l.to);
    forward.map(|l| (l.from, l.to, Some(l), mesh.matrix.get(l.to, l.from))).collect()
}

/// The hosts whose configuration was not given: they are there, and nothing else is known.
fn unread<'m>(mesh: &Mesh<'m>) -> impl Iterator<Item = &'m Node> {
    let topology = mesh.topology;
    topology.nodes.iter().filter(|n| n.configuration.is_none() && topology.groups[n.group].platform == Platform::Host)
}

/// What a view would see of itself.
struct Sight {
    local: String,
    listens: String,
    reads: String,
    variables: Vec<(String, String)>,
}

/// The variables that each configuration names.
struct Used<'m>(Vec<BTreeSet<&'m str>>);

impl<'m> Used<'m> {
    fn new(mesh: &'m Mesh<'_>) -> Self {
        let all = |c: &'m Configuration| c.files.iter().flat_map(|f| variables(&f.bytes)).collect();
        Self(mesh.topology.configurations.iter().map(all).collect())
    }
}

impl Sight {
    fn new(mesh: &Mesh<'_>, view: &View, used: &Used<'_>) -> Self {
        let node = mesh.node(view);
        let local = match (&view.local, node.local_name()) {
            (Some(local), _) => local.clone(),
            (None, Name::Random(prefix)) => format!("{prefix}*"),
            _ => "?".to_owned(),
        };
        let sections = &mesh.summary(view).sections;
        let listener = |s| view.listener(s).map_or_else(|| "nothing".to_owned(), |l| l.text.clone());
        let listens: Vec<String> = sections.iter().map(listener).collect();
        let number = mesh.summary(view).configuration;
        let configuration = &mesh.topology.configurations[number];
        let reads: Vec<&str> = configuration.files.iter().map(|f| f.name.as_str()).collect();
        let variables = node.environment.iter().filter(|(name, _)| used.0[number].contains(name.as_str()));
        let value = |name: &str, v: &super::Variable| seen(name, v).unwrap_or_else(|| "?".to_owned());
        Self {
            local,
            listens: match listens[..] {
                [] if mesh.summary(view).leaves_peers => "not looked at".to_owned(),
                [] => "no peers section".to_owned(),
                _ => listens.join(", "),
            },
            reads: reads.join(", "),
            variables: variables.map(|(name, v)| (name.clone(), value(name, v))).collect(),
        }
    }
}

/// The value of a variable, as far as it may be shown.
fn seen(name: &str, variable: &super::Variable) -> Option<String> {
    variable.value.as_ref().map(|value| shown::value(name, value).to_owned())
}

/// The names behind `$` and `${`.
fn variables(text: &[u8]) -> impl Iterator<Item = &str> {
    let starts = text.iter().enumerate().filter(|(_, b)| **b == b'$').map(|(at, _)| at + 1);
    starts.filter_map(|at| {
        let rest = text[at..].strip_prefix(b"{").unwrap_or(&text[at..]);
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_')).unwrap_or(rest.len());
        std::str::from_utf8(&rest[..end]).ok()
    })
}

/// Why links do not work or nothing is known of them: what is broken first, what many links share before the rest.
fn reasons<'m>(mesh: &'m Mesh<'_>) -> Vec<(Verdict, &'m str, Vec<&'m Link>)> {
    let mut told: BTreeMap<(Verdict, &str), Vec<&Link>> = BTreeMap::new();
    for link in mesh.matrix.links.iter().filter(|l| l.verdict != Verdict::Fine) {
        told.entry((link.verdict, link.reason.as_str())).or_default().push(link);
    }
    let mut told: Vec<_> = told.into_iter().map(|((verdict, reason), links)| (verdict, reason, links)).collect();
    told.sort_by_key(|(verdict, _, links)| (Reverse(*verdict), Reverse(links.len())));
    told
}

/// One sentence on all pairs.
fn verdict(mesh: &Mesh<'_>) -> String {
    let bonds: Vec<Bond> = pairs(mesh).into_iter().map(|(_, _, one, two)| Bond::of(one, two)).collect();
    let count = |bond: Bond| bonds.iter().filter(|b| **b == bond).count();
    let (both, one, none, unknown) = (count(Bond::Both), count(Bond::One), count(Bond::None), count(Bond::Unknown));
    let mut text = format!("{} of {} pairs synchronise", both + one, bonds.len());
    if one > 0 {
        text += &format!(", {one} of them over one direction, which is enough");
    }
    if none > 0 {
        text += &format!("; {none} {}", if none == 1 { "does not" } else { "do not" });
    }
    if unknown > 0 {
        text += &format!("; of {unknown} too little is known");
    }
    text
}

fn json(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Output<'a> {
        version: u8,
        nodes: Vec<NodeOutput<'a>>,
        links: Vec<LinkOutput<'a>>,
    }
    #[derive(Serialize)]
    struct NodeOutput<'a> {
        name: &'a str,
        kind: &'a str,
        group: &'a str,
        namespace: &'a str,
        local_name: Option<&'a str>,
        host_name: Option<&'a str>,
        listens: Vec<&'a str>,
        environment: serde_json::Map<String, serde_json::Value>,
        haproxy: Option<String>,
        configuration: Vec<&'a str>,
    }
    #[derive(Serialize)]
    struct LinkOutput<'a> {
        from: &'a str,
        to: &'a str,
        verdict: &'a str,
        reason: &'a str,
    }
    let known = Used::new(mesh);
    let node = |view| {
        let (node, group) = (mesh.node(view), mesh.group(view));
        let sight = Sight::new(mesh, view, &known);
        let used = |name: &String| node.environment.get(name).and_then(|v| seen(name, v)).into();
        NodeOutput {
            name: &node.title,
            kind: group.kind.as_str(),
            group: &group.name,
            namespace: super::rendered(&group.namespace).0,
            local_name: view.local.as_deref(),
            host_name: node.host_name.known(),
            listens: mesh.summary(view).sections.iter().filter_map(|s| view.listener(s)).map(|l| l.text.as_str()).collect(),
            environment: sight.variables.iter().map(|(name, _)| (name.clone(), used(name))).collect(),
            haproxy: group.version.map(|v| v.to_string()),
            configuration: mesh.topology.configurations[mesh.summary(view).configuration].files.iter().map(|f| f.name.as_str()).collect(),
        }
    };
    let name = |at: usize| mesh.node(&mesh.views[at]).title.as_str();
    let link = |l| {
        let l: &Link = l;
        LinkOutput { from: name(l.from), to: name(l.to), verdict: l.verdict.as_str(), reason: &l.reason }
    };
    let unread = unread(mesh).map(|node| NodeOutput {
        name: &node.title,
        kind: Kind::Host.as_str(),
        group: &mesh.topology.groups[node.group].name,
        namespace: "",
        local_name: node.local_name().known(),
        host_name: node.host_name.known(),
        listens: Vec::new(),
        environment: serde_json::Map::new(),
        haproxy: mesh.topology.groups[node.group].version.map(|v| v.to_string()),
        configuration: Vec::new(),
    });
    let output = Output {
        version: 1,
        nodes: mesh.views.iter().map(node).chain(unread).collect(),
        links: mesh.matrix.links.iter().map(link).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &output)?;
    out.write_all(b"\n")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

fn dot(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph peers {{\n  layout=circo;\n  node [shape=box, style=rounded];")?;
    let used = Used::new(mesh);
    for view in &mesh.views {
        let sight = Sight::new(mesh, view, &used);
        let (name, listens) = (quoted(&mesh.node(view).title), quoted(&sight.listens));
        // The break is Graphviz's own.
        writeln!(out, "  {name} [label={}\\n{}];", name.strip_suffix('"').unwrap_or(&name), listens.strip_prefix('"').unwrap_or(&listens))?;
    }
    for node in unread(mesh) {
        writeln!(out, "  {} [style=\"rounded,dotted\", label={}];", quoted(&node.title), quoted(&format!("{}\nnot given", node.title)))?;
    }
    let name = |at: usize| quoted(&mesh.node(&mesh.views[at]).title);
    for link in &mesh.matrix.links {
        let style = match link.verdict {
            Verdict::Fine => "color=\"#2a7d3f\"".to_owned(),
            Verdict::Unknown => format!("color=\"#888888\", style=dotted, tooltip={}", quoted(&link.reason)),
            Verdict::Broken => format!("color=\"#c0262d\", style=dashed, penwidth=2, tooltip={}", quoted(&link.reason)),
        };
        writeln!(out, "  {} -> {} [{style}];", name(link.from), name(link.to))?;
    }
    writeln!(out, "}}")
}

fn mermaid(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    // Mermaid takes what is between the quotes for HTML.
    let clean = |text: &str| {
        let text = line(text).replace('#', "#35;").replace('&', "#amp;").replace('<', "#lt;").replace('>', "#gt;");
        text.replace('"', "'").replace('`', "")
    };
    for (at, view) in mesh.views.iter().enumerate() {
        writeln!(out, "  n{at}[\"{}\"]", clean(&mesh.node(view).title))?;
    }
    for (at, node) in unread(mesh).enumerate() {
        writeln!(out, "  u{at}[\"{} (not given)\"]", clean(&node.title))?;
    }
    for (number, link) in mesh.matrix.links.iter().enumerate() {
        let (from, to) = (link.from, link.to);
        match link.verdict {
            Verdict::Fine => writeln!(out, "  n{from} --> n{to}")?,
            Verdict::Unknown => writeln!(out, "  n{from} -.-> n{to}")?,
            Verdict::Broken => {
                writeln!(out, "  n{from} -. \"✗ {}\" .-> n{to}", clean(&link.reason))?;
                writeln!(out, "  linkStyle {number} stroke:#c0262d,stroke-width:2px")?;
            }
        }
    }
    Ok(())
}
