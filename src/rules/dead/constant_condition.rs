//! `dead/constant-condition`.

use crate::{
    config::{Atom, Combined, Guard, Literal, NameKind, Term},
    rules::prelude::*,
};

rule! {
    /// A condition is always true or always false, because it asks for `TRUE`, `FALSE`, `always_true` or `always_false`.
    ///
    /// ## Why
    ///
    /// A rule behind `if FALSE` or `if { always_false }` never takes effect: somebody switched it off. One behind `if TRUE`
    /// needs no condition at all. Both read as if something were decided there. Named ACLs on `always_true` are switches,
    /// and nothing is said of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     http-request deny if { always_false }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     http-request deny if { path_beg /private/ }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.4.
    "dead/constant-condition", Info, World(check), mentions: ["always_", "TRUE", "FALSE"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let asks = |line: &Statement<'_>| line.words().any(|w| matches!(w.known(), Some("always_true" | "always_false")) || names_constant(w));
    for Combined { section, statement: line, .. } in cx.config.names.combined().filter(|combined| asks(&combined.statement)) {
        let own = |name| !cx.config.names.find(NameKind::Acl, Some(section), name).is_empty();
        let Guard::Condition(condition) = Guard::of(&line) else { continue };
        let Some((holds, literal)) = constant(&condition.terms, &own) else { continue };
        // Some take no line without a condition.
        if holds && (line.starts_with(&["stats", "admin"]) || line.keyword().ends_with("-persist") || line.keyword() == "monitor") {
            continue;
        }
        let (word, keyword) = (if holds { "always" } else { "never" }, line.keyword());
        let acts = if holds == condition.unless { "never" } else { "always" };
        let draft = Draft::at(literal.location, format!("this condition {word} holds, so this `{keyword}` {acts} takes effect"))
            .label(format!("{word} true"))
            .help(if acts == "never" { "remove the line" } else { "remove the condition" });
        let before = line.words().take_while(|w| w.location != condition.mark.location).last();
        let all = line.location();
        let start = before.map_or(condition.mark.location, |w| w.location).span.end;
        let rest = Location { span: Span::new(start, all.span.end), ..all };
        out.report(if acts == "never" {
            draft.offer("delete the line", vec![Edit::delete(line.whole_line())])
        } else {
            draft.offer("delete the condition", vec![Edit::delete(rest)])
        });
    }
}

/// Whether a word is `TRUE`, `FALSE`, or the opposite of one of them.
fn names_constant(word: Word<'_>) -> bool {
    matches!(word.known().map(|text| text.trim_start_matches('!')), Some("TRUE" | "FALSE"))
}

/// What the condition always is, and the ACL that makes it so.
fn constant<'a, 'r>(terms: &'a [Term<'r>], own: &impl Fn(&'static str) -> bool) -> Option<(bool, &'a Literal<'r>)> {
    if let Some(term) = terms.iter().find(|t| t.iter().all(|l| truth(l, own) == Some(true))) {
        return Some((true, term.first()?));
    }
    let dead = |term: &'a Term<'r>| term.iter().find(|l| truth(l, own) == Some(false));
    terms.iter().all(|t| dead(t).is_some()).then(|| Some((false, dead(terms.first()?)?))).flatten()
}

/// What an ACL always is, its `!` included.
fn truth(literal: &Literal<'_>, own: &impl Fn(&'static str) -> bool) -> Option<bool> {
    let value = match &literal.atom {
        Atom::Name("TRUE") if !own("TRUE") => true,
        Atom::Name("FALSE") if !own("FALSE") => false,
        Atom::Anonymous(words) if words.len() == 1 && matches!(words[0], "always_true" | "always_false") => words[0] == "always_true",
        _ => return None,
    };
    Some(value != literal.negated)
}
