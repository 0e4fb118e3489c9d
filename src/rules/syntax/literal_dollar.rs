//! `syntax/literal-dollar`.

use crate::cut::Cut;

use crate::{catalog::Fact, rules::prelude::*};

rule! {
    /// A variable outside of double quotes is not expanded.
    ///
    /// ## Why
    ///
    /// HAProxy expands `$NAME` and `${NAME}` between `"` only. Elsewhere they are ordinary text, and the header, path or name
    /// that is meant gets a dollar sign. Addresses are the exception: they are expanded once more, quoted or not.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request set-header X-Node $NODE_NAME
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good env=NODE_NAME=lb-1
    /// frontend web
    ///     mode http
    ///     http-request set-header X-Node "$NODE_NAME"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/literal-dollar", Warning, World(check), mentions: ["$"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let lines = cx.config.sections().flat_map(|section| section.statements().map(move |line| (section.kind, line)));
    for (_, statement) in lines.filter(|(kind, line)| line.may_contain(b'$') && !has_address(*kind, line)) {
        for word in statement.words().skip(1) {
            let Some(name) = word.known().filter(|text| text.contains('$')).and_then(variable) else { continue };
            // What is written with quotes or escapes is meant as it is.
            if word.known().is_some_and(|text| text.contains('\\')) || cx.text(word.location) != word.display() {
                continue;
            }
            let draft = Draft::at(word.location, format!("`${name}` is not expanded here: it stands outside of double quotes"))
                .label("taken as it is written")
                .help(format!("write `\"{}\"`", word.display()));
            out.report(draft.confidence(Confidence::Medium));
        }
    }
}

/// Whether an address stands on the line, which HAProxy expands a second time and without quotes.
fn has_address(kind: SectionKind, line: &Statement<'_>) -> bool {
    line.keyword() == "ocsp-update.httpproxy" || Fact::of(kind, line, 0).is_some_and(Fact::takes_address)
}

/// The variable in a word, where it can hardly be anything else: a regular expression has its `$` at the end.
fn variable(text: &str) -> Option<&str> {
    let rest = text.split_once('$')?.1;
    let name = rest.strip_prefix('{').and_then(|r| r.split_once('}')).map_or(rest, |(name, _)| name);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let name = name.cut(..end);
    let looks = name.len() > 2 && name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase());
    looks.then_some(name)
}
