//! Configurations inside of manifests: their lines are laid out within the block that they stand in, and no other byte moves.

use std::{
    collections::{BTreeMap, HashSet},
    ops::RangeInclusive,
    rc::Rc,
};

use crate::{
    finding::Edit,
    source::{FileId, Location, SourceFile, Span},
    topology::{self, ConfigurationFile, Embedded, Place, Problem},
    yaml::{self, Broken, Value, Yaml},
};

use super::{Style, applied, format};

/// What is laid out of a manifest, and what is not.
#[derive(Debug, Default)]
pub struct Manifest {
    /// The edits, in the order of their places.
    pub edits: Vec<Edit>,
    /// How many configurations are in it.
    pub configurations: usize,
    /// Those that are left as they are.
    pub left: Vec<Left>,
}

/// A configuration that is left as it is.
#[derive(Debug)]
pub struct Left {
    /// The object and the key, such as `ConfigMap/haproxy:haproxy.cfg`.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// The edits that lay out the configurations in the manifest `file`, each in its own block. With `lines` of the manifest, counted
/// from 1, only those are touched.
///
/// # Errors
/// If the manifest cannot be read, and no configuration was found in it.
pub fn manifest(id: FileId, file: &SourceFile, style: Style, lines: Option<RangeInclusive<usize>>) -> Result<Manifest, Problem> {
    let copy = SourceFile::new(file.name(), file.bytes().to_vec());
    let (topology, problems) = topology::read(vec![copy]);
    let mut blocks: BTreeMap<u32, (&ConfigurationFile, &Embedded)> = BTreeMap::new();
    for found in topology.configurations.iter().flat_map(|configuration| &configuration.files) {
        if let Place::Embedded(embedded) = &found.place {
            blocks.entry(embedded.map.whole().start).or_insert((found, embedded));
        }
    }
    let documents = yaml::documents(file).map_err(|broken| problem(id, broken));
    let mut manifest = Manifest { configurations: blocks.len(), ..Manifest::default() };
    let documents = match (documents, problems.into_iter().next()) {
        (Err(problem), _) => return Err(problem),
        (Ok(_), Some(problem)) if blocks.is_empty() => return Err(problem),
        (Ok(documents), _) => documents.list,
    };
    let known = Known::new(&documents);
    for (found, embedded) in blocks.into_values() {
        let block = Block { id, file, style, lines: &lines };
        match known.literal(embedded).map_err(str::to_owned).and_then(|text| block.edits(embedded, text, &known)) {
            Ok(edits) => manifest.edits.extend(edits),
            Err(reason) => manifest.left.push(Left { name: found.name.clone(), reason }),
        }
    }
    Ok(manifest)
}

const SECRET: &str = "what is in a Secret is not shown";
const NOT_LITERAL: &str = "only the lines of a block behind `|` are laid out";
const NOT_EXACT: &str = "its lines are not lines of the manifest";
const OTHERWISE: &str = "the manifest would say something else";

fn problem(file: FileId, broken: Broken) -> Problem {
    Problem { file, offset: broken.offset, message: broken.message, help: "only manifests that can be read are laid out".to_owned() }
}

/// All that a manifest says, as one list.
struct Known {
    nodes: Vec<Rc<Yaml>>,
}

/// One part of what a manifest says.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Text(&'a str),
    List(usize),
    Map(usize),
}

impl Known {
    /// The nodes of the documents in the order in which they are written; what several aliases stand for once.
    fn new(documents: &[Rc<Yaml>]) -> Self {
        let (mut nodes, mut seen) = (Vec::new(), HashSet::new());
        let mut waiting: Vec<Rc<Yaml>> = documents.iter().rev().cloned().collect();
        while let Some(node) = waiting.pop() {
            if !seen.insert(Rc::as_ptr(&node)) {
                continue;
            }
            match &node.value {
                Value::Scalar(..) => {}
                Value::List(list) => waiting.extend(list.iter().rev().cloned()),
                Value::Map(pairs) => waiting.extend(pairs.iter().rev().flat_map(|(k, v)| [v.clone(), k.clone()])),
            }
            nodes.push(node);
        }
        Self { nodes }
    }

    /// The text that a configuration is, where that is a block of lines; why it is none otherwise.
    fn literal(&self, embedded: &Embedded) -> Result<&str, &'static str> {
        if embedded.secret {
            return Err(SECRET);
        }
        let whole = embedded.map.whole();
        let text = self.nodes.iter().find_map(|node| match &node.value {
            Value::Scalar(text, yaml::Style::Literal) if node.span == whole => Some(text.as_str()),
            _ => None,
        });
        text.ok_or(NOT_LITERAL)
    }

    /// What is said, with another text where one stood at `at`.
    fn said<'a>(&'a self, at: u32, text: Option<&'a str>) -> Vec<Said<'a>> {
        let said = |node: &'a Rc<Yaml>| match &node.value {
            Value::Scalar(_, yaml::Style::Literal) if node.span.start == at && text.is_some() => Said::Text(text.unwrap_or_default()),
            Value::Scalar(text, _) => Said::Text(text),
            Value::List(list) => Said::List(list.len()),
            Value::Map(pairs) => Said::Map(pairs.len()),
        };
        self.nodes.iter().map(said).collect()
    }
}

/// A block that holds a configuration.
struct Block<'a> {
    id: FileId,
    file: &'a SourceFile,
    style: Style,
    lines: &'a Option<RangeInclusive<usize>>,
}

impl Block<'_> {
    /// The edits of the manifest that lay out `text`, which stands there; the reason where there are none.
    fn edits(&self, embedded: &Embedded, text: &str, known: &Known) -> Result<Vec<Edit>, String> {
        let inner = SourceFile::new(self.file.name(), text.as_bytes().to_vec());
        let all = format(FileId(0), &inner, self.style, None).map_err(|refused| refused.to_string())?;
        let (mut edits, mut made) = (Vec::new(), Vec::new());
        for own in by_line(&inner, &all) {
            let line = Line::new(self.file, embedded, text, inner.line_span(inner.line_of(own[0].location.span.start)))?;
            if self.lines.as_ref().is_none_or(|lines| lines.contains(&(self.file.line_of(line.there.start) + 1))) {
                edits.extend(line.edit(self.id, own));
                made.extend(own.iter().filter(|edit| !is_at_end(edit, text)).cloned());
            }
        }
        let new = SourceFile::new(self.file.name(), applied(self.file.bytes(), &edits));
        let after = yaml::documents(&new).map_err(|broken| broken.message)?;
        let wanted = applied(text.as_bytes(), &made);
        let wanted = std::str::from_utf8(&wanted).map_err(|error| error.to_string())?;
        let same = Known::new(&after.list).said(0, None) == known.said(embedded.map.whole().start, Some(wanted));
        if same { Ok(edits) } else { Err(OTHERWISE.to_owned()) }
    }
}

/// Whether an edit only adds the last line feed: whether there is one is said in the header of the block.
fn is_at_end(edit: &Edit, text: &str) -> bool {
    edit.location.span.start as usize == text.len()
}

/// The edits of each line.
fn by_line<'e>(file: &SourceFile, edits: &'e [Edit]) -> impl Iterator<Item = &'e [Edit]> {
    edits.chunk_by(|a, b| file.line_of(a.location.span.start) == file.line_of(b.location.span.start))
}

/// A line of a text and the line of the manifest that it is.
struct Line<'a> {
    /// Its bytes in the text, with its line feed.
    own: Span,
    text: &'a str,
    /// The bytes of the manifest from the beginning of the line to its end, which is left as it is.
    there: Span,
    indent: &'a str,
    /// The end of the line in the manifest, and where that ends.
    end: &'a str,
    behind: u32,
}

impl<'a> Line<'a> {
    fn new(file: &'a SourceFile, embedded: &Embedded, text: &'a str, line: Span) -> Result<Self, String> {
        let feed = text.as_bytes().get(line.end as usize) == Some(&b'\n');
        let own = Span::new(line.start, line.end + u32::from(feed));
        if !embedded.map.is_exact() || own.is_empty() {
            return Err(NOT_EXACT.to_owned());
        }
        let at = file.line_of(embedded.map.map(own).start);
        let whole = file.line_span(at);
        let end = if file.slice(whole).ends_with(b"\r") { "\r\n" } else { "\n" };
        let there = Span::new(whole.start, whole.end - u32::from(end.len() > 1));
        let blank = line.is_empty() && file.slice(there).iter().all(|b| *b == b' ');
        let content = file.slice(there).strip_suffix(&text.as_bytes()[line.start as usize..line.end as usize]);
        let indent = content.filter(|lead| blank || lead.iter().all(|b| *b == b' ')).ok_or(NOT_EXACT)?;
        let indent = if blank { "" } else { std::str::from_utf8(indent).map_err(|_| NOT_EXACT)? };
        let behind = (there.end + end.len() as u32).min(file.bytes().len() as u32);
        Ok(Self { own, text, there, indent, end, behind })
    }

    /// What makes the line what `edits` make of it.
    fn edit(&self, id: FileId, edits: &[Edit]) -> Option<Edit> {
        let moved = |edit: &Edit| {
            let Span { start, end } = edit.location.span;
            let span = Span::new(start - self.own.start, end - self.own.start);
            Edit::replace(Location { file: id, span }, edit.text.as_str())
        };
        let moved: Vec<Edit> = edits.iter().filter(|edit| !is_at_end(edit, self.text)).map(moved).collect();
        if moved.is_empty() {
            return None;
        }
        let own = self.text.get(self.own.start as usize..self.own.end as usize)?;
        let new = String::from_utf8(applied(own.as_bytes(), &moved)).ok()?;
        if new.is_empty() {
            // The line goes, with its end.
            return Some(Edit::delete(Location { file: id, span: Span::new(self.there.start, self.behind) }));
        }
        let lines = new.strip_suffix('\n').unwrap_or(&new).split('\n');
        let lines: Vec<String> = lines.map(|line| if line.is_empty() { String::new() } else { format!("{}{line}", self.indent) }).collect();
        Some(Edit::replace(Location { file: id, span: self.there }, lines.join(self.end)))
    }
}
