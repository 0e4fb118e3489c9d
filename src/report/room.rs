//! What people are shown of many findings: as much as fits, the worst of them whole, and no error left out.

use crate::finding::Severity;

/// So many lines the report of one configuration takes at most, unless its errors need more.
pub(super) const ROOM: usize = 60;

/// How much of a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// All of it.
    Whole,
    /// Without the lines it is about.
    Words,
    /// What is wrong.
    Headline,
    /// Nothing: it is counted.
    Counted,
}

/// A finding as it may be shown.
pub(super) struct Block {
    pub(super) severity: Severity,
    /// Its texts, as a whole, in words, and as a headline.
    pub(super) texts: [String; 3],
}

impl Block {
    /// What is shown of it; what is more than a headline has a blank line behind it.
    pub(super) fn text(&self, form: Form) -> String {
        match form {
            Form::Whole | Form::Words => format!("{}\n", self.texts[form as usize]),
            Form::Headline => self.texts[2].clone(),
            Form::Counted => String::new(),
        }
    }

    fn lines(&self, form: Form) -> usize {
        match form {
            Form::Whole | Form::Words => self.texts[form as usize].matches('\n').count() + 1,
            Form::Headline => self.texts[2].matches('\n').count(),
            Form::Counted => 0,
        }
    }
}

/// What is made shorter, in this order, each from the last to the first.
const STEPS: [(Severity, Form); 8] = [
    (Severity::Info, Form::Words),
    (Severity::Warning, Form::Words),
    (Severity::Info, Form::Headline),
    (Severity::Warning, Form::Headline),
    (Severity::Error, Form::Words),
    (Severity::Info, Form::Counted),
    (Severity::Warning, Form::Counted),
    (Severity::Error, Form::Headline),
];

/// The form of each block with which all of them take `room` lines at most, as far as errors let them.
pub(super) fn forms(blocks: &[Block], room: usize) -> Vec<Form> {
    let mut forms = vec![Form::Whole; blocks.len()];
    let mut lines: usize = blocks.iter().map(|block| block.lines(Form::Whole)).sum();
    for (severity, form) in STEPS {
        for (at, block) in blocks.iter().enumerate().rev().filter(|(_, block)| block.severity == severity) {
            if lines <= room {
                return forms;
            }
            lines = lines.saturating_sub(block.lines(forms[at])) + block.lines(form);
            forms[at] = form;
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(severity: Severity) -> Block {
        Block { severity, texts: ["1\n2\n3\n4\n".to_owned(), "1\n2\n".to_owned(), "1\n".to_owned()] }
    }

    fn shown(severities: &[Severity], room: usize) -> String {
        let blocks: Vec<Block> = severities.iter().copied().map(block).collect();
        forms(&blocks, room).into_iter().map(|form| ["W", "w", "h", "-"][form as usize]).collect()
    }

    #[test]
    fn the_worst_are_shown_whole_as_long_as_they_fit_and_errors_always() {
        use Severity::{Error, Info, Warning};
        let all = [Info, Error, Warning, Info];
        assert_eq!(shown(&all, 20), "WWWW");
        assert_eq!(shown(&all, 18), "WWWw");
        assert_eq!(shown(&all, 16), "wWWw");
        assert_eq!(shown(&all, 14), "wWww");
        assert_eq!(shown(&all, 9), "hWhh");
        assert_eq!(shown(&all, 4), "-wh-");
        assert_eq!(shown(&all, 0), "-h--");
        assert_eq!(shown(&[Error, Error], 1), "hh");
    }
}
