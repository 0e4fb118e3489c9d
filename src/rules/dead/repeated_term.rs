//! `dead/repeated-term`.

use rustc_hash::FxHashSet;

use crate::{
    config::{Atom, Guard, Literal},
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
    for (_, line) in &cx.config.names.combined {
        let Guard::Condition(condition) = Guard::of(line) else { continue };
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
    let mut seen: FxHashSet<(&Atom<'r>, bool)> = FxHashSet::default();
    let term = if term.len() > 1 { term } else { &[] };
    term.iter().find(|l| !seen.insert((&l.atom, l.negated)))
}

/// A literal of a term that another term consists of.
fn covered<'a, 'r>(terms: &'a [Vec<Literal<'r>>]) -> Option<&'a Literal<'r>> {
    let terms = if terms.len() > 1 { terms } else { &[] };
    let mut alone: FxHashSet<(&Atom<'r>, bool)> = FxHashSet::default();
    let again = terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]).find(|l| !alone.insert((&l.atom, l.negated)));
    again.or_else(|| terms.iter().filter(|t| t.len() > 1).flatten().find(|l| alone.contains(&(&l.atom, l.negated))))
}
