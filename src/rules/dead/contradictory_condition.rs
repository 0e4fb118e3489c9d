//! `dead/contradictory-condition`.

use crate::{
    config::{Combined, Condition, Guard, Literal, Term},
    expression::{inclusion::Question, lookup_fetch},
    rules::{
        implication::{Acls, Asked},
        prelude::*,
    },
};

rule! {
    /// Terms of a condition exclude each other, so that it can never hold, or always does.
    ///
    /// ## Why
    ///
    /// ACLs side by side must all hold: `a !a` never does, and neither does `is_get is_post` where one asks for the method
    /// `GET` and the other for `POST`. Most often `or` was meant. `a or !a` on the other hand always holds. HAProxy does not
    /// look at what conditions mean. Patterns of one ACL, and several `acl` lines of one name, are joined with "or".
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     acl is_rpc path_beg /rpc/
    ///     http-request deny if is_api is_rpc
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl is_api path_beg /api/
    ///     acl is_rpc path_beg /rpc/
    ///     http-request deny if is_api or is_rpc
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.2; HAProxy 2.6 and 2.8 accept it.
    "dead/contradictory-condition", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let acls = Acls::new(cx.config, usize::MAX);
    for Combined { section, statement, repeats } in cx.config.names.combined() {
        acls.enter(section);
        // Most ask for one thing of each kind.
        if !repeats && !acls.some_meet(&statement) {
            continue;
        }
        if let Guard::Condition(condition) = Guard::of(&statement) {
            look(&statement, &condition, &acls, out);
        }
    }
}

fn look<'r>(line: &Statement<'r>, condition: &Condition<'r>, acls: &Acls<'_, 'r>, out: &mut Sink<'_>) {
    let mut dead = condition.terms.iter().filter_map(|term| contradiction(term, acls));
    if let Some(draft) = dead.next() {
        let all = 1 + dead.count() == condition.terms.len();
        let note = match (all, condition.unless) {
            (true, false) => format!("so this `{}` never takes effect", line.keyword()),
            (true, true) => format!("so this `{}` always takes effect", line.keyword()),
            (false, _) => "the other terms decide alone".to_owned(),
        };
        out.report(draft.note(note));
    }
    if let Some((literal, other)) = tautology(&condition.terms) {
        let verb = if condition.unless { "never" } else { "always" };
        let draft =
            Draft::at(literal.location, format!("this condition holds whatever happens: either `{0}` or `!{0}` does", literal.atom))
                .label(format!("so this `{}` {verb} takes effect", line.keyword()))
                .also(other.location, "the opposite")
                .help("remove the condition, or write the one that was meant");
        out.report(draft);
    }
}

/// Whether one holds if the other does not.
fn opposite<'r>(a: &Literal<'r>, b: &Literal<'r>) -> bool {
    a.negated != b.negated && a.atom == b.atom
}

/// Two terms of one literal each that are opposites.
fn tautology<'a, 'r>(terms: &'a [Term<'r>]) -> Option<(&'a Literal<'r>, &'a Literal<'r>)> {
    // A line has 64 words at most.
    let mut alone = terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]).enumerate();
    let before = |number| terms.iter().filter(|t| t.len() == 1).map(|t| &t[0]).take(number);
    alone.find_map(|(number, literal)| before(number).find(|b| opposite(b, literal)).map(|b| (literal, b)))
}

/// Says why all of `term` cannot hold at once.
fn contradiction<'r>(term: &[Literal<'r>], acls: &Acls<'_, 'r>) -> Option<Draft> {
    for (number, literal) in term.iter().enumerate() {
        if let Some(before) = term[..number].iter().find(|b| opposite(b, literal)) {
            let draft = Draft::at(literal.location, format!("`{0}` and `!{0}` can never hold at once", literal.atom))
                .label("contradicts the other")
                .also(before.location, "asked for here")
                .help("remove one of the two, or write `or` between them");
            return Some(draft);
        }
    }
    excluded(term, acls).or_else(|| refused(term, acls))
}

/// Two ACLs of which only one can hold.
fn excluded<'r>(term: &[Literal<'r>], acls: &Acls<'_, 'r>) -> Option<Draft> {
    term.iter().filter(|l| !l.negated).nth(1)?;
    let positive: Vec<_> = term.iter().filter(|l| !l.negated).map(|l| (l, acls.asked(&l.atom))).collect();
    let mut pairs = positive.iter().enumerate().flat_map(|(number, later)| positive[..number].iter().map(move |first| (first, later)));
    let ((other, asked), (literal, _)) = pairs.find(|((_, a), (_, b))| a.excludes(b))?;
    let message = format!("`{}` and `{}` can never hold at once: {}", other.atom, literal.atom, noun(asked));
    let draft = Draft::at(literal.location, message)
        .label("excludes the other")
        .also(other.location, "asked for here")
        .help("write `or` between them, or drop one");
    Some(draft)
}

/// An ACL beside the opposite of one that takes it in.
fn refused<'r>(term: &[Literal<'r>], acls: &Acls<'_, 'r>) -> Option<Draft> {
    let negated = term.iter().filter(|l| l.negated);
    let mut pairs = negated.flat_map(|not| term.iter().filter(|l| !l.negated).map(move |literal| (not, literal)));
    let (not, literal) = pairs.find(|(not, literal)| acls.asked(&not.atom).takes_in(&acls.asked(&literal.atom)))?;
    let message = format!("`!{}` and `{}` can never hold at once: where the second holds, `{0}` does, too", not.atom, literal.atom);
    let (later, first) = if literal.location.span.start > not.location.span.start { (literal, not) } else { (not, literal) };
    let draft = Draft::at(later.location, message)
        .label("contradicts the other")
        .also(first.location, "asked for here")
        .help("drop one of the two, or ask for something narrower behind the `!`");
    Some(draft)
}

/// The ways to write what has one value too: a request may have several `Host` headers, but is refused for it, or meant so by nobody.
const HOST: &[&str] = &["hdr(host)", "req.hdr(host)", "hdr(Host)", "req.hdr(Host)"];

/// Whether a request or connection has this value once only.
pub(in crate::rules) fn has_one_value(value: &str) -> bool {
    HOST.contains(&value) || lookup_fetch(value).iter().any(|form| form.has("single"))
}

/// Why one answer excludes the other.
fn noun(asked: &Asked<'_>) -> &'static str {
    match asked.lines.first().map(Question::fetch) {
        Some("path") => "a request has one path",
        Some("method") => "a request has one method",
        Some("req.hdr") => "a request is for one host",
        Some("status") => "a response has one status",
        Some("src" | "src_port") => "a connection comes from one place",
        Some("dst" | "dst_port") => "a connection goes to one place",
        _ => "there is only one value to compare",
    }
}
