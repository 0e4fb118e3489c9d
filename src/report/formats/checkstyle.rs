//! `checkstyle`: Checkstyle's XML, which Jenkins and many others read.

use std::io::{self, Write};

use super::Spec;
use crate::report::{
    Checked,
    flat::{by_file, xml},
};
use crate::shown::Form;

pub(super) static FORMAT: Spec =
    Spec { about: "Jenkins and most others", is_document: true, form: |_| Form::Xml, render: |checked, _, out| render(checked, out) };

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<checkstyle version=\"4.3\">")?;
    for (file, findings) in by_file(checked) {
        writeln!(out, "  <file name=\"{}\">", xml(file))?;
        for f in findings {
            let (line, column, severity) = (f.start.line, f.start.column, f.severity());
            let message = xml(&f.text());
            writeln!(
                out,
                "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"haproxy-lint.{}\"/>",
                xml(f.rule())
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
