//! `github`: workflow commands, which GitHub Actions shows at the lines of a pull request.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use super::Spec;
use crate::shown::Form;
use crate::{finding::Severity, shown};

use crate::report::{Checked, flat::flat};

pub(super) static FORMAT: Spec = Spec {
    about: "annotations of a GitHub workflow",
    is_document: false,
    form: |_| Form::Commands,
    render: |checked, _, out| render(checked, out),
};

/// GitHub shows ten of each severity for one step; the rest would be dropped without a word.
const SHOWN: usize = 10;

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut all: Vec<_> = flat(checked).collect();
    all.sort_by_key(|f| Reverse(f.severity()));
    for severity in Severity::ALL.into_iter().rev() {
        let command = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let of_this = || all.iter().filter(|f| f.severity() == severity);
        for one in of_this().take(SHOWN) {
            write!(out, "::{command} title={}", property(one.rule()))?;
            if !one.file.is_empty() {
                write!(out, ",file={},line={},endLine={}", property(&shown::line(&one.path())), one.start.line, one.end.line)?;
                // Columns of a range over several lines are refused.
                if one.start.line == one.end.line {
                    write!(out, ",col={},endColumn={}", one.start.column, one.end.column)?;
                }
            }
            writeln!(out, "::{}", data(&one.text()))?;
        }
        let more = of_this().count().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(out, "{more} more of severity {severity} are not shown here: GitHub takes {SHOWN} a step")?;
        }
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
