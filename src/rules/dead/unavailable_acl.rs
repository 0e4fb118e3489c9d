//! `dead/unavailable-acl`.

use rustc_hash::FxHashSet;

use crate::{
    catalog::{Fact, NoteKind},
    config::{NameKind, Use},
    expression::{Places, Signature, lookup_acl, lookup_fetch},
    rules::{met::Met, prelude::*, reference::unknown_acl::predefined},
};

rule! {
    /// A condition asks for an ACL of what is not there yet, or no longer.
    ///
    /// ## Why
    ///
    /// The status of a response is not known while the request is read, and the headers of the request are gone when the
    /// response comes. `tcp-request connection` and `tcp-request session` see addresses only. An ACL may ask for anything; it
    /// is the rule it is used in that decides whether the ACL can ever match. One that cannot is false, and with a `!` true:
    /// an `http-request deny unless` then denies everybody. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     acl from_api path_beg /api/
    ///     http-response set-header Cache-Control no-store if from_api
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request set-var(txn.path) path
    ///     acl from_api var(txn.path) -m beg /api/
    ///     http-response set-header Cache-Control no-store if from_api
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8; the manual, chapter 7.3.
    "dead/unavailable-acl", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let doubtful = doubtful(cx);
    let names = &cx.config.names;
    let predefined = names.undeclared(NameKind::Acl).filter(|used| used.name.starts_with(|c: char| c.is_ascii_uppercase()));
    let is_doubtful = |used: &Use<'_>| doubtful.contains(used.name) && !names.declarations(used).is_empty();
    let declared = if doubtful.is_empty() { None } else { Some(names.uses_of(NameKind::Acl).filter(is_doubtful)) };
    for used in predefined.chain(declared.into_iter().flatten()) {
        let Some(proxy) = used.proxy(cx.config) else { continue };
        let line = used.statement;
        let Some(place) = Places::of_line(&line, cx.config.proxies[proxy].section.kind) else { continue };
        if let Some(draft) = conflict(cx, &used, place) {
            out.report(match line.keyword() {
                // It says nothing of this one, and takes the other for wrong.
                "monitor" => draft,
                "force-be-switch" => draft.rejected_by(VersionSet::ALL),
                _ => draft.warned_by(VersionSet::ALL),
            });
        }
    }
}

/// The names of the ACLs that lack what they ask for in some rule that the configuration has: mostly there are none, and
/// nothing more is to be done.
fn doubtful<'r>(cx: &Context<'r>) -> FxHashSet<&'r str> {
    let first = |fact: &'static Fact| fact.name.split(' ').next().unwrap_or("");
    let mut rules = Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::Fetches);
    rules.retain(|fact| fact.path().last().is_some_and(Fact::takes_condition) && cx.config.reading.may_have(&[first(fact)]));
    let sides = [SectionKind::Frontend, SectionKind::Backend];
    let places: Vec<Places> = rules.iter().flat_map(|rule| sides.map(|kind| Places::of_fact(rule, kind))).flatten().collect();
    let mut met = Met::default();
    let lacks = |criterion: &str| places.iter().any(|place| unmet(criterion, *place).is_none_or(|(form, _)| form.is_some()));
    let acls = cx.config.proxies.iter().flat_map(|p| p.section.with("acl"));
    acls.filter(|line| met.of(line.str(2), lacks)).filter_map(|line| line.word(1)?.known()).collect()
}

/// A line of an ACL that asks for what a place has not.
struct Missing<'r> {
    line: Option<Statement<'r>>,
    form: &'static Signature,
}

/// What is wrong with an ACL where it is used.
fn conflict(cx: &Context<'_>, used: &Use<'_>, place: Places) -> Option<Draft> {
    let names = &cx.config.names;
    let scope = Some(used.section());
    let declared = names.find(NameKind::Acl, scope, used.name);
    let earlier = || declared.iter().filter(|d| d.location().span.start < used.location().span.start);
    let mut never = VersionSet::ALL;
    let mut partly = VersionSet::NONE;
    let mut first = None;
    let mut look = |criterion: &str, line| {
        let (form, versions) = unmet(criterion, place)?;
        never = never & versions;
        partly = partly | versions;
        first = first.take().or(form.map(|form| Missing { line, form }));
        Some(())
    };
    match (earlier().next(), predefined(used.name)) {
        (None, Some((criterion, _))) if declared.is_empty() => look(criterion, None)?,
        (Some(_), None) => earlier().try_for_each(|d| look(d.statement.word(2)?.known()?, Some(d.statement)))?,
        _ => return None,
    }
    let Missing { line, form } = first.filter(|_| !names.is_open(NameKind::Acl, scope))?;
    let message = match never.is_empty() {
        true => format!("a part of the ACL `{}` is never true here: `{}` reads {}", used.name, form.name, form.reads),
        false => format!("the ACL `{}` is never true here: `{}` reads {}", used.name, form.name, form.reads),
    };
    let draft = Draft::at(used.location(), message).label("not available here").help(help(form, place));
    let draft = draft.only(if never.is_empty() { partly } else { never });
    Some(match line {
        Some(line) => draft.also(line.location(), "declared here"),
        None => draft,
    })
}

/// The versions in which `criterion` fetches what `place` has not, and the fetch; `None` if nobody knows the criterion.
fn unmet(criterion: &str, place: Places) -> Option<(Option<&'static Signature>, VersionSet)> {
    let name = criterion.split(['(', ',']).next().unwrap_or("");
    let forms = lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch));
    let missing = || forms.iter().filter(|form| !form.places.meets(place));
    let versions = missing().fold(VersionSet::NONE, |all, form| all | form.versions);
    (!forms.is_empty()).then(|| (missing().next(), versions))
}

const REQUEST: Places = Places::FRONTEND_HTTP_REQUEST.or(Places::BACKEND_HTTP_REQUEST);
const RESPONSE: Places = Places::FRONTEND_HTTP_RESPONSE.or(Places::BACKEND_HTTP_RESPONSE);

/// Where to ask instead.
fn help(form: &Signature, place: Places) -> String {
    let early = Places::TCP_REQUEST_CONNECTION.or(Places::TCP_REQUEST_SESSION);
    if form.places.meets(REQUEST) && place.meets(early) {
        "ask in `tcp-request content` or `http-request`, when the request has been read".to_owned()
    } else if form.places.meets(REQUEST) {
        format!("keep it with `http-request set-var(txn.NAME) {}`, and compare `var(txn.NAME)` here", form.name)
    } else if form.places.meets(RESPONSE) {
        "ask in `http-response`, when the server has answered".to_owned()
    } else {
        format!("use it where there is {}", form.reads)
    }
}
