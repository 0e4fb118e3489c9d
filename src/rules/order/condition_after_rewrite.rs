//! `order/condition-after-rewrite`.

use std::rc::Rc;

use crate::{
    catalog::Fact,
    config::{Guard, Mode, Proxy, Terms},
    expression::inclusion::Question,
    rules::{
        implication::{Acls, Asked, Literally},
        later::later,
        prelude::*,
        rewriting::{Changes, Output},
    },
};

rule! {
    /// A condition asks for a path, query, method or header that a rule above has rewritten for these very requests.
    ///
    /// ## Why
    ///
    /// An ACL is asked anew wherever it is named, and sees the request as it is by then. Behind
    /// `http-request replace-path ^/api/(.*) /\1 if is_api` no request begins with `/api/` any more: `use_backend api if is_api`
    /// is never taken, and all of them go to the default backend. All `http-request` rules run before `redirect`, and those
    /// before `use_backend`, whatever the order of the lines.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_api path_beg /api/
    ///     http-request replace-path ^/api/(.*) /\1 if is_api
    ///     use_backend api if is_api
    ///     default_backend app
    ///
    /// backend api
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_api path_beg /api/
    ///     use_backend api if is_api
    ///     default_backend app
    ///
    /// backend api
    ///     mode http
    ///     http-request replace-path ^/api/(.*) /\1
    ///     server one 192.0.2.1:80
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// Or remember it before the path is rewritten:
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-var(txn.is_api) bool(true) if { path_beg /api/ }
    ///     http-request replace-path ^/api/(.*) /\1
    ///     use_backend api if { var(txn.is_api) -m bool }
    ///     default_backend app
    ///
    /// backend api
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.1; observed with HAProxy 2.6 and 2.8.
    "order/condition-after-rewrite", Warning, World(check), about: ["http-request"]
}

/// The list of rules that rewrite requests.
const REWRITES: &str = "http-request";

/// More rewriting rules than these of one section are not followed.
const MANY: usize = 64;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(list) = Fact::of_words(SectionKind::Listen, |at| if at == 0 { REWRITES } else { "" }) else { return };
    // By the numbers of keywords that are there: the lines of all proxies are asked.
    let number = |keyword: &str| cx.config.reading.keyword_number(keyword);
    let Some(rewrites) = number(REWRITES) else { return };
    let later: Vec<u32> = later(list).into_iter().filter_map(|(list, _)| number(list.name)).collect();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.traffic() == Mode::Http) {
        // What no condition is behind is of no interest.
        let Some(last) = behind(proxy, rewrites, &later).rev().find(|line| line.mark().is_some()) else { continue };
        let before = |line: &Statement<'_>| later.contains(&last.keyword_number()) || place(line) < place(&last);
        let requests = proxy.lines(&[REWRITES]).take_while(before);
        let rewriting: Vec<Rewriting<'_>> = requests.filter_map(Rewriting::of).take(MANY + 1).collect();
        if !rewriting.is_empty() && rewriting.len() <= MANY {
            let acls = Acls::new(cx.config, proxy.section.index());
            let look = Look { acls: &acls, rewriting: &rewriting, later: &later };
            out.report_all(behind(proxy, rewrites, &later).filter_map(|line| look.at(&line)));
        }
    }
}

/// A rule that rewrites.
struct Rewriting<'r> {
    line: Statement<'r>,
    changes: Changes<'r>,
    /// The terms of its condition; none where it has none.
    terms: Vec<Vec<Literally<'r>>>,
}

impl<'r> Rewriting<'r> {
    fn of(line: Statement<'r>) -> Option<Self> {
        let changes = Fact::of(SectionKind::Listen, &line, 0).map_or(Changes::Anything, |action| Changes::of(&line, action));
        let rewrites = matches!(changes, Changes::Path | Changes::Query | Changes::Request | Changes::Method | Changes::Header(_));
        // What cannot be followed is kept, too: it may undo what others do.
        let all = rewrites || changes == Changes::Anything && line.str(1) != "deny";
        if !all {
            return None;
        }
        let terms = match Guard::of(&line) {
            Guard::Condition(condition) => literals(condition.positive()?),
            Guard::None => Vec::new(),
            Guard::Unknown => return None,
        };
        Some(Self { line, changes, terms })
    }
}

fn literals(terms: Terms<'_>) -> Vec<Vec<Literally<'_>>> {
    terms.into_iter().map(|term| term.into_iter().map(|l| (l.atom, l.negated)).collect()).collect()
}

/// The rules with conditions that run in or behind the list of `http-request` rules.
fn behind<'r>(proxy: &Proxy<'r>, rewrites: u32, later: &[u32]) -> impl DoubleEndedIterator<Item = Statement<'r>> {
    proxy.section.statements().filter(move |s| s.keyword_number() == rewrites || later.contains(&s.keyword_number()))
}

/// A literal of a condition whose every line is understood.
struct Asks<'a, 'r> {
    literal: &'a Literally<'r>,
    /// The same without `!`.
    positive: Literally<'r>,
    asked: Rc<Asked<'r>>,
}

struct Look<'a, 'r> {
    acls: &'a Acls<'a, 'r>,
    rewriting: &'a [Rewriting<'r>],
    /// The keywords of the lists that run behind.
    later: &'a [u32],
}

impl<'r> Look<'_, 'r> {
    /// What there is to say of the condition of `line`.
    fn at(&self, line: &Statement<'r>) -> Option<Draft> {
        line.mark()?;
        let later = self.later.contains(&line.keyword_number());
        let earlier = self.rewriting.iter().take_while(|r| later || place(&r.line) < place(line)).count();
        if earlier == 0 {
            return None;
        }
        let Guard::Condition(condition) = Guard::of(line) else { return None };
        let mark = condition.mark;
        let terms = condition.positive()?;
        let shown: Vec<Vec<Literally<'r>>> = literals(terms.clone());
        for (term, plain) in terms.iter().zip(&shown) {
            for (literal, itself) in term.iter().zip(plain) {
                let positive = (itself.0.clone(), false);
                let asked = self.acls.asked(&positive.0);
                if asked.lines.is_empty() || asked.values().is_none_or(|values| values.len() != asked.lines.len()) {
                    continue;
                }
                let asks = Asks { literal: itself, positive, asked };
                let found = (0..earlier).find(|number| self.loses(*number, earlier, &asks, plain));
                if let Some(rewriting) = found.map(|number| &self.rewriting[number]) {
                    // Behind `unless` everything is turned round.
                    let location = if literal.location.span.start > mark.location.span.start { literal.location } else { line.location() };
                    return Some(self.draft(line, location, itself, rewriting));
                }
            }
        }
        None
    }

    /// Whether rule `number` takes from the requests of `term` what a literal asks for, and nothing of the first `earlier` gives it back.
    fn loses(&self, number: usize, earlier: usize, asks: &Asks<'_, 'r>, term: &[Literally<'r>]) -> bool {
        let (rewriting, positive) = (&self.rewriting[number], &asks.positive);
        // Few rules change what it asks for.
        if !lost(rewriting, asks) {
            return false;
        }
        // Of an ACL that is negated, all that the rule was for must have been what it asks for.
        let applies = match asks.literal.1 {
            false => rewriting.terms.is_empty() || rewriting.terms.iter().any(|wide| self.acls.covers(wide, term, true)),
            true => rewriting.terms.len() == 1 && rewriting.terms[0] == [positive.clone()],
        };
        applies && self.rewriting[number + 1..earlier].iter().all(|r| self.leaves(r, asks))
    }

    /// Whether a rule further down does not bring back what a literal asks for.
    fn leaves(&self, rewriting: &Rewriting<'r>, asks: &Asks<'_, 'r>) -> bool {
        let literal = &asks.positive;
        let not = (literal.0.clone(), true);
        let says = |term: &Vec<Literally<'r>>| term.iter().any(|l| l == literal || self.acls.implies(l, &not));
        !rewriting.changes.touches_literal(literal, self.acls)
            || !rewriting.terms.is_empty() && rewriting.terms.iter().all(says)
            || lost(rewriting, asks)
    }

    fn draft(&self, line: &Statement<'r>, location: Location, literal: &Literally<'r>, rewriting: &Rewriting<'r>) -> Draft {
        let (atom, action) = (&literal.0, rewriting.line.str(1));
        let what = match rewriting.changes {
            Changes::Header(name) => format!("the header `{name}`"),
            Changes::Method => "the method".to_owned(),
            _ => "the path".to_owned(),
        };
        let message = match literal.1 {
            false => format!("`{atom}` does not hold any more: `{action}` has rewritten {what} for these requests"),
            true => format!("`!{atom}` holds for requests that it is not for: `{action}` has rewritten {what}"),
        };
        let draft = Draft::at(location, message)
            .label(if literal.1 { "asked of what was rewritten" } else { "never true by now" })
            .also(rewriting.line.location(), "runs first");
        let draft = if self.later.contains(&line.keyword_number()) {
            draft.note(format!("all `http-request` rules of a section run before its `{}` rules", line.keyword()))
        } else {
            draft
        };
        draft.help(match line.keyword() {
            "use_backend" => "rewrite in the backend instead; or ask before with `http-request set-var(txn.NAME) bool(true) if …`, and for `var(txn.NAME) -m bool` here",
            _ => "move this rule above the other; or ask before with `http-request set-var(txn.NAME) bool(true) if …`, and for `var(txn.NAME) -m bool` here",
        })
    }
}

/// Whether what is asked never holds for what a rule has rewritten.
fn lost(rewriting: &Rewriting<'_>, asks: &Asks<'_, '_>) -> bool {
    let never = |question: &Question<'_>| {
        rewriting.changes.touches(&question.value) && Output::of(&rewriting.line, &question.value).is_some_and(|o| o.loses(question))
    };
    asks.asked.lines.iter().all(never)
}

fn place(line: &Statement<'_>) -> (u32, usize) {
    (line.file_id().0, line.line())
}
