//! `short`: one line a finding, drawn by codespan-reporting: `file:line:column: severity[rule]: message`.

use std::io::{self, Write};

use codespan_reporting::term::{Config, DisplayStyle};

use super::Spec;
use super::classic;
use crate::report::{Checked, snippet::Snippet};
use crate::shown::Form;

pub(super) static FORMAT: Spec = Spec {
    about: "editors, `grep`, logs: a line a finding, `file:line:column: severity[rule]: message`",
    is_document: false,
    form: |_| Form::People { color: false },
    render: |checked, _, out| render(checked, out),
};

/// The text of a line is not shown, so little of it is kept.
const WIDTH: usize = 80;

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    for one in checked {
        for finding in one.report.findings.iter().filter(|f| !f.consequence) {
            let mut shown = finding.clone();
            shown.related.clear();
            if let Some(help) = &finding.help {
                shown.message += &format!("; help: {}", help);
            }
            let snippet = Snippet::new(one.sources, &shown, 0, WIDTH);
            classic::emit(&config, &snippet, &classic::diagnostic(&shown, &snippet), false, out)?;
        }
    }
    Ok(())
}
