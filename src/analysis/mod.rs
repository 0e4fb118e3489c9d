//! What an editor asks of a configuration: what stands at a place, where a name is declared and used, what may be written here.
//!
//! Each question is a function of a [`View`], with a file of its own, and none looks at anything but the texts of a [`Snapshot`].
//!
//! ```
//! use haproxy_lint::{
//!     analysis::{Cursor, Snapshot, complete},
//!     source::{FileId, Sources},
//!     syntax::ReadOptions,
//! };
//! let text = "backend app\nfrontend web\n    use_backend a";
//! let snapshot = Snapshot::new(Sources::single("haproxy.cfg", text), ReadOptions::default());
//! let cursor = Cursor { file: FileId(0), offset: text.len() as u32 };
//! let items = snapshot.with(|view| complete(view, cursor));
//! assert!(items.iter().any(|item| item.text == "app"));
//! ```

mod at;
mod complete;
mod define;
mod describe;
mod fold;
mod hints;
mod hover;
mod lens;
mod links;
mod outline;
mod position;
mod rename;
mod select;
mod settings;
mod signature;
#[cfg(test)]
mod tests;
mod tokens;
mod variable;

pub use at::{Here, Spoken, at, words};
pub use complete::{About, Item, ItemKind, TypedPath, Weight, complete, complete_path, documented};
pub use define::{Access, Occurrence, Symbol, SymbolKind, define};
pub use describe::{Description, Form, List, Member, beginning, describe, describe_at, describe_expression, describe_section, names};
pub use fold::{Fold, folds};
pub use hints::{Hint, hints};
pub use hover::{Part, Told, hover};
pub use lens::{Lens, lenses, mesh_lenses};
pub use links::{Link, links};
pub use outline::{Outline, OutlineKind, declarations, outline};
pub use position::{Encoding, LineColumn, line_column, offset, offset_in_line};
pub use rename::{Refusal, renamable, rename};
pub use select::selections;
pub use settings::{Setting, settings};
pub use signature::{Help, signature};
pub use tokens::{Modifiers, Token, TokenKind, tokens};

use std::sync::Arc;

use crate::{
    catalog::Line,
    config::{Config, Mode, SectionView},
    source::{FileId, SourceFile, Sources},
    syntax::{ReadOptions, SectionKind, Statement, Tree, read},
    version::VersionSet,
};

/// A place between two bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The file.
    pub file: FileId,
    /// How many bytes of it are before the place; what is past the end is the end.
    pub offset: u32,
}

/// The texts of one configuration at one time, cut into words.
#[derive(Debug)]
pub struct Snapshot {
    sources: Arc<Sources>,
    trees: Vec<Tree>,
    options: ReadOptions,
}

impl Snapshot {
    /// Cuts the texts into words. They are read with `options`, and in the first way that the texts can mean.
    pub fn new(sources: impl Into<Arc<Sources>>, options: ReadOptions) -> Self {
        let sources = sources.into();
        let trees = sources.files().iter().map(Tree::new).collect();
        Self { sources, trees, options }
    }

    /// The texts.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Asks in all other ways that the texts can mean.
    fn others(&self, mut ask: impl FnMut(&View<'_>)) {
        for reading in read(&self.sources, &self.trees, &self.options).iter().skip(1) {
            ask(&View { snapshot: self, config: &Config::new(reading) });
        }
    }

    /// Reads the texts once, and asks any number of questions.
    pub fn with<T>(&self, ask: impl FnOnce(&View<'_>) -> T) -> T {
        let readings = read(&self.sources, &self.trees, &self.options);
        let config = Config::new(&readings[0]);
        ask(&View { snapshot: self, config: &config })
    }
}

/// A snapshot that was read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    config: &'a Config<'a>,
}

impl<'a> View<'a> {
    /// The configuration.
    pub fn config(&self) -> &'a Config<'a> {
        self.config
    }

    /// The versions that read it in this way.
    pub fn versions(&self) -> VersionSet {
        self.config.reading.world.versions
    }

    /// The file, where there is one of that number.
    fn file(&self, cursor: Cursor) -> Option<&'a SourceFile> {
        self.snapshot.sources.files().get(cursor.file.0 as usize)
    }

    /// The tree of the file.
    fn tree(&self, cursor: Cursor) -> Option<&'a Tree> {
        self.snapshot.trees.get(cursor.file.0 as usize)
    }

    /// The line of the cursor, from 0.
    fn line_of(&self, cursor: Cursor) -> Option<usize> {
        let file = self.file(cursor)?;
        Some(file.line_of(cursor.offset.min(file.bytes().len() as u32)))
    }

    /// The section that the line of the cursor opens, or stands in.
    pub fn section(&self, cursor: Cursor) -> Option<SectionView<'a>> {
        let line = self.line_of(cursor)?;
        let here = (cursor.file, line);
        let began = |section: &SectionView<'a>| section.header().is_none_or(|header| (header.file_id(), header.line()) <= here);
        let section = self.config.sections().take_while(began).last()?;
        // Each file begins outside of sections, but for fragments.
        section.header().is_none_or(|header| header.file_id() == cursor.file).then_some(section)
    }

    /// The number of the statement in the line of the cursor.
    fn statement_number(&self, cursor: Cursor) -> Option<usize> {
        let reading = self.config.reading;
        let here = (cursor.file, self.line_of(cursor)?);
        let place = |number: usize| (reading.statement(number).file_id(), reading.statement(number).line());
        let (mut from, mut to) = (0, reading.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if place(middle) < here { from = middle + 1 } else { to = middle }
        }
        (from < reading.len() && place(from) == here).then_some(from)
    }

    /// The statement in the line of the cursor.
    pub fn statement(&self, cursor: Cursor) -> Option<Statement<'a>> {
        self.statement_number(cursor).map(|number| self.config.reading.statement(number))
    }

    /// What is known of the place at which the lines of a section stand.
    fn place(&self, section: Option<&SectionView<'a>>) -> Line<'a> {
        let Some(section) = section else { return Line::new(SectionKind::Global, None, "", None, None) };
        let mut line = Line::new(section.kind, section.header(), section.name_str(), None, None);
        line.state.http = self.config.proxy(section.index()).map(|proxy| proxy.traffic() == Mode::Http);
        line
    }
}
