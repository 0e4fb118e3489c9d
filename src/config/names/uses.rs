//! Which words of a line are names, and how many ACLs its condition asks for, read from its shape. Lines of one shape differ in
//! words alone that are judged alike, so this is found out once for many of them.

use smallvec::SmallVec;

use crate::{
    catalog::{Mark, Role, Shape},
    source::Span,
    syntax::{SectionKind, Statement, Word, is_mark},
};

use super::super::NameKind;

/// What lines of one shape use.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) names: SmallVec<[Named; 2]>,
    /// How many ACLs the condition asks for. Constants count twice.
    pub(super) asked: usize,
}

/// A word that is a name, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) kind: NameKind,
    word: u16,
    start: u32,
    /// Where it ends, or [`Mark::REST`].
    end: u32,
}

/// A name as it stands in a line.
pub(super) struct Found<'r> {
    pub(super) name: &'r str,
    /// Where it stands; that of the whole word where quotes or escapes moved it.
    pub(super) span: Span,
    /// Whether it is written there as it is.
    pub(super) plain: bool,
}

impl Uses {
    /// What `line` uses, whose shape has these marks.
    pub(super) fn of(line: Statement<'_>, marks: &[Mark], section: SectionKind, has_acls: bool) -> Self {
        let is_known = |kind| {
            let everywhere = section.is_proxy() || section == SectionKind::Global;
            everywhere || matches!(kind, NameKind::Ring | NameKind::Acme | NameKind::LogProfile | NameKind::Table)
        };
        let mut uses = Self::default();
        for mark in marks {
            match mark.role {
                Role::Name(kind) if is_known(kind) => {
                    uses.names.push(Named { kind, word: mark.word, start: mark.start, end: mark.end });
                }
                Role::Condition if has_acls => uses.condition(line, mark.word.into()),
                _ => {}
            }
        }
        uses
    }

    /// Adds the ACLs that the condition behind word number `mark` names, and counts those that it asks for.
    fn condition(&mut self, line: Statement<'_>, mark: usize) {
        // A second `if` is a fault.
        if line.bytes_from(mark + 1).any(is_mark) || line.is_open() {
            return;
        }
        let mut words = (mark + 1..).zip(line.texts_from(mark + 1));
        while let Some((at, text)) = words.next() {
            let Some(text) = text else { continue };
            let name = text.trim_start_matches('!');
            match name {
                // HAProxy takes an empty word for the end of the line.
                "" if text.is_empty() => return,
                "" | "||" => {}
                "{" => {
                    let is_end = |text: Option<&str>| matches!(text, Some("}" | ""));
                    let first = words.next().filter(|(_, text)| !is_end(*text));
                    self.asked += if first.is_some_and(|(_, text)| matches!(text, Some("always_true" | "always_false"))) { 2 } else { 1 };
                    first.and_then(|_| words.find(|(_, text)| is_end(*text)));
                }
                _ if name.eq_ignore_ascii_case("or") => {}
                _ => {
                    self.asked += if matches!(name, "TRUE" | "FALSE") { 2 } else { 1 };
                    self.names.push(Named { kind: NameKind::Acl, word: at as u16, start: 0, end: Mark::REST });
                }
            }
        }
    }
}

impl Named {
    /// The name in a line of that shape.
    pub(super) fn of<'r>(&self, line: Statement<'r>) -> Option<Found<'r>> {
        let word = line.word(self.word.into())?;
        let text = word.known()?;
        // One line of a shape may have a `!` there, and another one none.
        let start = if self.kind == NameKind::Acl { text.len() - text.trim_start_matches('!').len() } else { self.start as usize };
        Found::of(word, start, if self.end == Mark::REST { text.len() } else { self.end as usize })
    }
}

impl<'r> Found<'r> {
    /// The part of a word from byte `start` to byte `end`.
    pub(super) fn of(word: Word<'r>, start: usize, end: usize) -> Option<Self> {
        let text = word.known()?;
        let name = text.get(start..end).filter(|part| !part.is_empty())?;
        let span = word.location.span;
        // Of most words, the text is the very bytes of the file.
        let plain = word.file.str(span).is_some_and(|written| std::ptr::eq(written, text) || written == text);
        let inner = Span { start: span.start + start as u32, end: span.start + end as u32 };
        Some(Self { name, span: if plain { inner } else { span }, plain })
    }
}

/// The shapes that were met last, with what their lines use.
pub(super) struct Met([(Shape, Uses); 32]);

impl Default for Met {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Default::default()))
    }
}

impl Met {
    /// What lines of a shape use; `find` says it where that is not known any more.
    pub(super) fn of(&mut self, shape: Shape, find: impl FnOnce() -> Uses) -> &Uses {
        let (met, uses) = &mut self.0[shape.number() % 32];
        if *met != shape {
            (*met, *uses) = (shape, find());
        }
        uses
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    /// Each name that is used, with its line from 1, and what stands at its place.
    fn uses(text: &str) -> Vec<(usize, String, String)> {
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let config = Config::new(&readings[0]);
        let used = config.names.uses().map(|used| {
            let file = sources.file(used.location().file);
            let span = used.location().span;
            (file.line_of(span.start) + 1, used.name.to_owned(), file.text(span).into_owned())
        });
        used.collect()
    }

    #[test]
    fn lines_of_one_shape_use_the_names_that_stand_in_them() {
        let text = "frontend f\n use_backend b1 if a1 !{ src 10.0.0.1 }\n use_backend b22 if !a22 !{ src 10.0.0.1 }\n  use_backend b3 if a3 !{ src 10.0.0.1 }\n \
             use_backend \"b4\" if a4 !{ src 10.0.0.1 }\n use_backend b5 if a5 a55\n http-request deny if a6 or !a66\n http-request deny if !a7 or a77\n";
        let expected = [
            (2, "b1", "b1"),
            (2, "a1", "a1"),
            (3, "b22", "b22"),
            (3, "a22", "a22"),
            (4, "b3", "b3"),
            (4, "a3", "a3"),
            (5, "b4", "\"b4\""),
            (5, "a4", "a4"),
            (6, "b5", "b5"),
            (6, "a5", "a5"),
            (6, "a55", "a55"),
            (7, "a6", "a6"),
            (7, "a66", "a66"),
            (8, "a7", "a7"),
            (8, "a77", "a77"),
        ];
        assert_eq!(uses(text), expected.map(|(line, name, written)| (line, name.to_owned(), written.to_owned())));
    }
}
