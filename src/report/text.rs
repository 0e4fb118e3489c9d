//! Text for people: paragraphs within the width, and colours that always mean the same.

use std::borrow::Cow;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use owo_colors::{OwoColorize, Style as Paint};

use super::Style;
use crate::finding::Severity;

/// What a piece of text is, which gives it its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tone {
    /// A severity, and the place that has it.
    Of(Severity),
    /// Another place.
    Other,
    /// What is told.
    Message,
    /// What to do.
    Help,
    /// What is done for the reader.
    Fix,
    /// What is good.
    Good,
    /// What matters least.
    Faint,
}

impl Style {
    /// The colour of a tone; none where there are no colours.
    pub(super) fn paint(self, tone: Tone) -> Paint {
        let plain = Paint::new();
        match tone {
            _ if !self.color => plain,
            Tone::Of(Severity::Error) => plain.red().bold(),
            Tone::Of(Severity::Warning) => plain.yellow().bold(),
            Tone::Of(Severity::Info) => plain.blue().bold(),
            Tone::Other | Tone::Help => plain.cyan(),
            Tone::Message => plain.bold(),
            Tone::Fix | Tone::Good => plain.green(),
            Tone::Faint => plain.dimmed(),
        }
    }

    /// A piece of text in the colour of its tone.
    pub fn painted(self, tone: Tone, text: &str) -> String {
        let bare = text.trim_start();
        let (indent, _) = text.split_at(text.len() - bare.len());
        if bare.is_empty() || !self.color { text.to_owned() } else { format!("{indent}{}", bare.style(self.paint(tone))) }
    }

    /// The lines of a text; the later ones begin with so many blanks. Words are broken only where they are wider than a line.
    pub fn wrapped(self, text: &str, indent: usize) -> Vec<String> {
        let indent = " ".repeat(indent);
        let options = textwrap::Options::new(self.width)
            .subsequent_indent(&indent)
            .word_separator(separator(text))
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
    }

    /// How many columns a terminal takes for a text: letters such as those of Chinese take two.
    pub fn columns(text: &str) -> usize {
        columns_of(text)
    }

    /// A paragraph that begins with `name`, as in `  help: do this`; its lines are as far to the right as the first one's text.
    pub fn paragraph(self, name: &str, tone: Tone, text: &str) -> String {
        self.begun(name, tone, text, name.chars().count())
    }

    /// The same with its lines two blanks to the right, as a headline.
    pub fn headline(self, name: &str, tone: Tone, text: &str) -> String {
        self.begun(name, tone, text, 2)
    }

    fn begun(self, name: &str, tone: Tone, text: &str, indent: usize) -> String {
        let mut shown = String::new();
        for (at, line) in self.wrapped(&format!("{name}{text}"), indent).iter().enumerate() {
            match line.strip_prefix(name).filter(|_| at == 0) {
                Some(rest) => shown += &format!("{}{rest}\n", self.painted(tone, name)),
                None => shown += &format!("{line}\n"),
            }
        }
        shown
    }

    /// The lines that a diagnostic is about, as miette draws them, without its words; `tones` are those of its labels in the order
    /// of their places.
    pub fn drawn(self, diagnostic: &dyn Diagnostic, tones: &[Tone]) -> Option<String> {
        let highlights = tones.iter().map(|tone| self.paint(*tone)).collect();
        let styles = ThemeStyles { linum: self.paint(Tone::Faint), highlights, ..ThemeStyles::none() };
        let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(self.width).with_links(false).with_urls(false);
        let mut text = String::new();
        handler.with_context_lines(1).render_report(&mut text, diagnostic).ok()?;
        // The lines before those are for a message.
        let (before, _) = text.split_once('╭')?;
        let begin = before.rfind('\n').map_or(0, |feed| feed + 1);
        Some(text.split_off(begin))
    }
}

/// Where a line may end: at blanks, and between letters of languages that are written without any.
fn separator(text: &str) -> textwrap::WordSeparator {
    match text.chars().any(is_wide) {
        true => textwrap::WordSeparator::UnicodeBreakProperties,
        false => textwrap::WordSeparator::AsciiSpace,
    }
}

/// How many columns a text takes.
pub(super) fn columns_of(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Whether a letter takes two columns, as those of Chinese, Japanese and Korean do.
pub(super) fn is_wide(letter: char) -> bool {
    !letter.is_ascii() && textwrap::core::display_width(letter.encode_utf8(&mut [0; 4])) > 1
}
