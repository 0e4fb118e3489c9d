//! What an ACL compares: the fetch by one name, with its converters, and how that is compared if no flag says so.

use std::{cell::RefCell, rc::Rc};

use rustc_hash::FxHashMap;

use crate::expression::{SampleType, lookup_acl, lookup_converter, lookup_fetch, text};

use super::{Method, Question};

/// What is fetched, and how that is compared if no flag says so; a value of any type needs a flag.
#[derive(Clone)]
pub(super) struct Criterion {
    value: Rc<str>,
    /// The same without a `lower` at its end.
    bare: Rc<str>,
    name: usize,
    method: Option<Method>,
}

impl Criterion {
    pub(super) fn new(text: &str) -> Option<Self> {
        let chain = chain(text)?;
        let keyword = lookup_acl(chain.calls[0].name);
        let fetch = canonical(keyword.map_or(chain.calls[0].name, |k| k.fetch));
        let method = match keyword.filter(|_| chain.calls.len() == 1) {
            Some(keyword) => Some(Method::from_name(keyword.method)?),
            None => Method::of(output(fetch, &chain)?),
        };
        let value: Rc<str> = value(fetch, &chain).into();
        let bare = value.strip_suffix(",lower").map_or_else(|| Rc::clone(&value), Into::into);
        Some(Self { value, bare, name: fetch.len(), method })
    }

    /// A question without patterns, and the method that counts if no flag says another.
    pub(super) fn question<'r>(self) -> (Question<'r>, Option<Method>) {
        let Self { value, name, method, .. } = self;
        (Question { value, name, method: Method::Found, any_case: false, patterns: Vec::new() }, method)
    }
}

/// The criteria that have been read: large files ask for the same again and again.
#[derive(Default)]
pub(crate) struct Criteria<'r>(RefCell<FxHashMap<&'r str, Option<Criterion>>>);

impl<'r> Criteria<'r> {
    pub(super) fn question(&self, criterion: &'r str) -> Option<(Question<'r>, Option<Method>)> {
        self.of(criterion, |known| known.clone().question())
    }

    fn of<R>(&self, criterion: &'r str, ask: impl FnOnce(&Criterion) -> R) -> Option<R> {
        let mut known = self.0.borrow_mut();
        known.entry(criterion).or_insert_with(|| Criterion::new(criterion)).as_ref().map(ask)
    }

    /// The value that a criterion asks for, whatever `lower` does to it; `None` where it is not simply compared.
    pub(crate) fn value(&self, criterion: &'r str) -> Option<Rc<str>> {
        self.of(criterion, |known| Rc::clone(&known.bare))
    }
}

/// The value that a criterion fetches, as [`Question::value`] has it.
pub(crate) fn fetched(criterion: &str) -> Option<String> {
    let chain = chain(criterion)?;
    let name = chain.calls[0].name;
    Some(value(canonical(lookup_acl(name).map_or(name, |k| k.fetch)), &chain))
}

fn chain(criterion: &str) -> Option<text::Chain<'_>> {
    text::sample(criterion).filter(|chain| chain.end == criterion.len() && !chain.comma)
}

fn value(fetch: &str, chain: &text::Chain<'_>) -> String {
    let mut value = fetch.to_owned();
    for (number, call) in chain.calls.iter().enumerate() {
        if number > 0 {
            value = value + "," + call.name;
        }
        let Some(arguments) = call.arguments.as_ref().filter(|a| a.list.iter().any(|a| !a.value.is_empty())) else { continue };
        let list: Vec<&str> = arguments.list.iter().map(|a| a.value.as_str()).collect();
        let list = list.join(",");
        let lower = number == 0 && fetch.ends_with("hdr");
        value = value + "(" + &if lower { list.to_ascii_lowercase() } else { list } + ")";
    }
    value
}

/// One name for all names of a fetch.
fn canonical(fetch: &str) -> &str {
    match fetch {
        "hdr" => "req.hdr",
        "cook" => "req.cook",
        "fhdr" => "req.fhdr",
        "req_ssl_sni" => "req.ssl_sni",
        "url_param" => "urlp",
        _ => fetch,
    }
}

/// What a chain gives, where that is the same in all versions.
fn output(fetch: &str, chain: &text::Chain<'_>) -> Option<SampleType> {
    let last = match &chain.calls[..] {
        [_] => lookup_fetch(fetch),
        [.., last] => lookup_converter(last.name),
        [] => return None,
    };
    let family = |t: SampleType| if matches!(t, SampleType::Ipv4 | SampleType::Ipv6) { SampleType::Addr } else { t };
    let first = family(last.first()?.output);
    last.iter().all(|form| family(form.output) == first).then_some(first)
}
