//! The nodes and links of a topology, to look at: as text, JSON, for Graphviz and Mermaid, and as a picture of its own.

mod svg;
mod text;

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Mesh, Name, View,
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

/// Writes the nodes and links of `mesh`.
///
/// # Errors
/// Whatever `out` gives.
pub fn draw(mesh: &Mesh<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(mesh, out),
        Format::Json => json(mesh, out),
        Format::Dot => dot(mesh, out),
        Format::Mermaid => mermaid(mesh, out),
        Format::Svg => svg::write(mesh, out),
    }
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

/// What a view would see of itself.
struct Sight {
    local: String,
    listens: String,
    reads: String,
    variables: Vec<(String, String)>,
}

impl Sight {
    fn new(mesh: &Mesh<'_>, view: &View) -> Self {
        let node = mesh.node(view);
        let local = match (&view.local, node.local_name()) {
            (Some(local), _) => local.clone(),
            (None, Name::Random(prefix)) => format!("{prefix}*"),
            _ => "?".to_owned(),
        };
        let sections = &mesh.summary(view).sections;
        let listener = |s| view.listener(s).map_or_else(|| "nothing".to_owned(), |l| l.text.clone());
        let listens: Vec<String> = sections.iter().map(listener).collect();
        let configuration = &mesh.topology.configurations[mesh.summary(view).configuration];
        let reads: Vec<&str> = configuration.files.iter().map(|f| f.name.as_str()).collect();
        let used = |name: &str| configuration.files.iter().any(|f| contains(&f.bytes, name));
        let variables = node.environment.iter().filter(|(name, _)| used(name));
        let value = |v: &super::Variable| v.value.clone().unwrap_or_else(|| "?".to_owned());
        Self {
            local,
            listens: if listens.is_empty() { "no peers section".to_owned() } else { listens.join(", ") },
            reads: reads.join(", "),
            variables: variables.map(|(name, v)| (name.clone(), value(v))).collect(),
        }
    }
}

/// Whether a text uses the variable `name`.
fn contains(text: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    let mut dollars = text.iter().enumerate().filter(|(_, b)| **b == b'$').map(|(at, _)| at + 1);
    dollars.any(|at| {
        let rest = text[at..].strip_prefix(b"{").unwrap_or(&text[at..]);
        rest.starts_with(name) && !rest.get(name.len()).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
    })
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
    let node = |view| {
        let (node, group) = (mesh.node(view), mesh.group(view));
        let sight = Sight::new(mesh, view);
        let used = |name: &String| node.environment.get(name).and_then(|v| v.value.clone()).into();
        NodeOutput {
            name: &node.name,
            kind: group.kind.as_str(),
            group: &group.name,
            namespace: &group.namespace,
            local_name: view.local.as_deref(),
            host_name: node.host_name.known(),
            listens: mesh.summary(view).sections.iter().filter_map(|s| view.listener(s)).map(|l| l.text.as_str()).collect(),
            environment: sight.variables.iter().map(|(name, _)| (name.clone(), used(name))).collect(),
            haproxy: group.version.map(|v| v.to_string()),
            configuration: mesh.topology.configurations[mesh.summary(view).configuration].files.iter().map(|f| f.name.as_str()).collect(),
        }
    };
    let name = |at: usize| mesh.node(&mesh.views[at]).name.as_str();
    let link = |l| {
        let l: &Link = l;
        LinkOutput { from: name(l.from), to: name(l.to), verdict: l.verdict.as_str(), reason: &l.reason }
    };
    let output = Output { version: 1, nodes: mesh.views.iter().map(node).collect(), links: mesh.matrix.links.iter().map(link).collect() };
    serde_json::to_writer_pretty(&mut *out, &output)?;
    out.write_all(b"\n")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn dot(mesh: &Mesh<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph peers {{\n  layout=circo;\n  node [shape=box, style=rounded];")?;
    for view in &mesh.views {
        let sight = Sight::new(mesh, view);
        writeln!(out, "  {} [label={}];", quoted(&mesh.node(view).name), quoted(&format!("{}\n{}", mesh.node(view).name, sight.listens)))?;
    }
    let name = |at: usize| quoted(&mesh.node(&mesh.views[at]).name);
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
    let clean = |text: &str| text.replace('"', "'").replace('`', "");
    for (at, view) in mesh.views.iter().enumerate() {
        writeln!(out, "  n{at}[\"{}\"]", clean(&mesh.node(view).name))?;
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
