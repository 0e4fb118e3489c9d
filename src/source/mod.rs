//! Text as it came from disk, stdin or memory: bytes, spans in them, and lines and columns for people.

mod file;
mod reader;
mod template;

pub use file::{FileId, Location, Position, SourceFile, Sources, Span};
pub use reader::{Disk, Entry, FileReader, Memory, ReadError, configuration_files, walk};
pub use template::{Template, TemplateLanguage, template};
