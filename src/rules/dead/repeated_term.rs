//! `dead/repeated-term`.

use crate::{
    config::{Guard, Literal, Term},
    rules::prelude::*,
};

rule! {
    /// A condition asks for the same thing twice.
    ///
    /// ## Why
    ///
    /// `a a` is `a`, `a or a` is `a`, and in `a or a b` the `a b` adds nothing. It does no harm, but one of the two was perhaps
    /// meant to be another ACL.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     http-request deny if is_api or is_api
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     http-request deny if is_api
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.2.
    "dead/repeated-term", Info, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for combined in cx.config.names.combined().filter(|combined| combined.repeats) {
        let Guard::Condition(condition) = Guard::of(&combined.statement) else { continue };
        if let Some(literal) = condition.terms.iter().find_map(|t| twice(t)) {
            out.report(draft(literal, format!("`{}` is asked for twice", name(literal))));
        } else if let Some(literal) = covered(&condition.terms) {
            out.report(draft(literal, format!("this part of the condition adds nothing: `{}` alone is enough", name(literal))));
        }
    }
}

fn draft(literal: &Literal<'_>, message: String) -> Draft {
    Draft::at(literal.location, message).label("changes nothing").help("remove it, or name the ACL that was meant")
}

fn name(literal: &Literal<'_>) -> String {
    format!("{}{}", if literal.negated { "!" } else { "" }, literal.atom)
}

/// The second of two like literals of one term.
fn twice<'a, 'r>(term: &'a [Literal<'r>]) -> Option<&'a Literal<'r>> {
    // A line has 64 words at most.
    let before = |number: usize| term[..number].iter();
    term.iter().enumerate().find(|(number, l)| before(*number).any(|b| same(b, l))).map(|(_, l)| l)
}

/// A literal of a term that another term consists of.
fn covered<'a, 'r>(terms: &'a [Term<'r>]) -> Option<&'a Literal<'r>> {
    let alone = || terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]);
    let again = alone().enumerate().find(|(number, l)| alone().take(*number).any(|b| same(b, l))).map(|(_, l)| l);
    again.or_else(|| terms.iter().filter(|t| t.len() > 1).flatten().find(|l| alone().any(|b| same(b, l))))
}

/// Whether both ask for the same.
fn same<'r>(a: &Literal<'r>, b: &Literal<'r>) -> bool {
    a.negated == b.negated && a.atom == b.atom
}
