//! Text as it came from disk, stdin or memory: bytes, spans in them, and lines and columns for people.

mod fence;
mod file;
mod memory;
mod overlay;
mod reader;
mod template;
mod written;

pub use fence::{Fence, Outside, repository};
pub use file::{FileId, Location, Position, SourceFile, Sources, Span, is_manifest};
pub(crate) use file::{line_end, with_line_ends};
pub use memory::Memory;
pub use overlay::Overlay;
pub use reader::{By, Entry, FileReader, Listed, ReadError, SETTINGS, configuration_files, overlooked_files, too_large};
pub use template::{Template, TemplateLanguage, template};
pub(crate) use written::Written;
