//! Sections that HAProxy does not have: those of SPOE files and of other programs that add to the language. Each is told
//! of once, not line by line.

use crate::{
    catalog::{Fault, FaultKind},
    finding::Help,
    nearest::nearest,
    syntax::{SECTIONS, Statement},
};

/// From how many unknown lines on something that looks like a section is taken for one.
const ENOUGH: usize = 2;

/// The sections of a SPOE file.
const SPOE: [&str; 3] = ["spoe-agent", "spoe-message", "spoe-group"];

/// A line without indent that nothing is known of, and the indented ones below it.
#[derive(Default)]
pub(super) struct Foreign<'r> {
    head: Option<Head<'r>>,
}

struct Head<'r> {
    word: &'r str,
    /// Its faults: places in the list of all faults.
    first: usize,
    behind: usize,
    lines: usize,
    unknown: usize,
}

/// Whether a line looks like the header of a section: a word or two.
fn is_header(statement: Statement<'_>) -> bool {
    let word = statement.keyword();
    let plain = word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(|b| b.is_ascii_lowercase() || b"-_".contains(&b));
    plain && statement.len() <= 2
}

impl<'r> Foreign<'r> {
    /// Whether nothing is begun that the next line may go on with.
    pub(super) fn is_over(&self) -> bool {
        self.head.is_none()
    }

    /// Looks at the next statement, whose faults are those from `first` on.
    pub(super) fn statement(&mut self, statement: Statement<'r>, first: usize, faults: &mut [Fault]) {
        let own = &faults[first..];
        let word = statement.word(0).map(|w| w.location);
        let unknown = own.first().is_some_and(|f| f.kind == FaultKind::UnknownKeyword && Some(f.location) == word);
        let indented = word.is_some_and(|at| at.span.start > statement.file().line_span(statement.line()).start);
        match &mut self.head {
            Some(head) if indented => {
                head.lines += 1;
                head.unknown += usize::from(unknown);
            }
            _ => {
                self.end(first, faults);
                let head = Head { word: statement.keyword(), first, behind: faults.len(), lines: 0, unknown: 0 };
                self.head = (unknown && !indented && is_header(statement)).then_some(head);
            }
        }
    }

    /// Ends what was begun, at the fault number `until`: if it was a section, the faults of its lines follow from that.
    pub(super) fn end(&mut self, until: usize, faults: &mut [Fault]) {
        let Some(head) = self.head.take() else { return };
        let meant = nearest(head.word, SECTIONS.iter().map(|s| s.keyword));
        let unknown = head.unknown >= ENOUGH && head.unknown * 2 > head.lines;
        if head.lines == 0 || meant.is_none() && !unknown {
            return;
        }
        faults[head.behind..until].iter_mut().for_each(|fault| fault.consequence = true);
        for fault in &mut faults[head.first..head.behind] {
            fault.message = format!("`{}` is no section of HAProxy's configuration", head.word);
            fault.help = Some(Help::near(fault.location, head.word, meant, || match SPOE.contains(&head.word) {
                true => "the file that `filter spoe … config` names takes it and the lines below, haproxy.cfg does not".to_owned(),
                false if head.lines == 1 => {
                    "HAProxy refuses it and the line below, unless another program takes them out before".to_owned()
                }
                false => format!("HAProxy refuses it and the {} lines below, unless another program takes them out before", head.lines),
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
    };

    fn messages(text: &str) -> Vec<String> {
        let report = check(&Sources::single("f", text), &Options::default());
        let unknown = report.findings.into_iter().filter(|f| f.rule.name == "keyword/unknown-keyword");
        unknown.filter(|f| !f.consequence).map(|f| f.message).collect()
    }

    #[test]
    fn a_section_of_another_program_is_told_of_once() {
        let found = messages("global\n\nwaf-global\n  rules-file x\n  body-limit 1\n\ncaptcha one\n  site-key a\n  secret-key b\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`waf-global` is no section"));
    }

    #[test]
    fn so_is_a_mistyped_one() {
        let found = messages("global\nbakend b\n  foo x\n  mode http\n");
        assert_eq!(found, ["`bakend` is no section of HAProxy's configuration"]);
    }

    #[test]
    fn what_is_no_section_is_told_of_line_by_line() {
        assert_eq!(messages("global\nfoo\n  maxconn 1\n  bar y\n").len(), 2);
    }
}
