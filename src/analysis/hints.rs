//! What a section does without saying so: the settings that it inherits.

use crate::{
    source::{FileId, Span},
    syntax::Statement,
};

use super::{Cursor, View, settings};

/// A text to be shown behind a line that does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
    /// Where it belongs.
    pub offset: u32,
    /// A few words.
    pub text: String,
    /// All of it, in lines.
    pub whole: String,
}

/// So many settings are named in a hint.
const NAMED: usize = 3;

/// The hints for the lines of a file between two bytes: behind the header of each proxy what it inherits.
pub fn hints(view: &View<'_>, file: FileId, within: Span) -> Vec<Hint> {
    let mut hints = Vec::new();
    for section in view.config().sections() {
        let Some(header) = section.header().filter(|header| header.file_id() == file) else { continue };
        let span = header.location().span;
        if span.start > within.end || span.end < within.start || view.config().proxy(section.index()).is_none() {
            continue;
        }
        let all = settings(view, Cursor { file, offset: span.start });
        let inherited: Vec<String> = all.iter().filter(|setting| setting.inherited).map(|setting| words(setting.statement)).collect();
        if !inherited.is_empty() {
            let more = if inherited.len() > NAMED { ", …" } else { "" };
            let named = inherited.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            hints.push(Hint { offset: span.end, text: format!("inherits {named}{more}"), whole: inherited.join("\n") });
        }
    }
    hints
}

fn words(line: Statement<'_>) -> String {
    let file = line.file();
    file.text(line.location().span).split_whitespace().collect::<Vec<_>>().join(" ")
}
