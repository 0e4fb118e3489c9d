//! `syntax/byte-order-mark`.

use crate::rules::prelude::*;

rule! {
    /// A file begins with a byte order mark, which HAProxy takes for a part of the first word.
    ///
    /// ## Why
    ///
    /// The three bytes EF BB BF that some editors write in front of UTF-8 text are no blanks to HAProxy. They stick to the
    /// first word, no keyword looks like that, and the file is refused with `unknown keyword`. In an editor nothing can be seen of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad escapes also=syntax/keyword-out-of-section
    /// \u{FEFF}global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/byte-order-mark", Error, Text(check), mends: true
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for (id, file) in cx.sources.iter().filter(|(_, f)| f.bytes().starts_with(b"\xEF\xBB\xBF")) {
        let draft = Draft::at(Location { file: id, span: Span::new(0, 3) }, format!("`{}` begins with a byte order mark", file.name()))
            .label("three bytes that no editor shows")
            .help("save the file as UTF-8 without a byte order mark")
            .fix("delete the mark", vec![Edit::delete(Location { file: id, span: Span::new(0, 3) })]);
        out.report(draft.rejected_by(VersionSet::ALL));
    }
}
