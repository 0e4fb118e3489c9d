//! Sample expressions and log formats: fetches, converters, their arguments, aliases.

use std::borrow::Cow;

use crate::{
    catalog::{NameKind, words},
    cut::Cut,
    expression::{
        ArgumentType, SampleType, Signature, aliases, converter_names, fetch_names, lookup_acl, lookup_converter, lookup_fetch, output,
    },
    syntax::SectionKind,
    version::VersionSet,
};

use super::{Detail, ItemKind, Maker, Weight, with_words};

/// Where in an expression the cursor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) struct Inside<'t> {
    /// Where the name or argument at the cursor begins.
    pub(in crate::analysis) start: usize,
    /// Whether a fetch begins there, or stands before the parenthesis; a converter otherwise.
    pub(in crate::analysis) fetch: bool,
    /// The name before the parenthesis that is open, and the number of the argument in it.
    pub(in crate::analysis) call: Option<(&'t str, usize)>,
}

/// Takes an expression apart that begins at byte `from` of what was typed, and ends at the cursor.
pub(in crate::analysis) fn inside(typed: &str, from: usize) -> Inside<'_> {
    let mut found = Inside { start: from, fetch: true, call: None };
    let mut begin = from;
    for (at, byte) in typed.bytes().enumerate().skip(from) {
        match (byte, found.call) {
            (b'(', None) => {
                found.call = Some((typed.cut(begin..at), 0));
                found.start = at + 1;
            }
            (b')', Some(_)) => {
                found.call = None;
                begin = at + 1;
                found.start = begin;
            }
            (b',', Some((name, number))) => {
                found.call = Some((name, number + 1));
                found.start = at + 1;
            }
            (b',', None) => {
                begin = at + 1;
                found.start = begin;
                found.fetch = false;
            }
            _ => {}
        }
    }
    found
}

/// The forms of a fetch, a criterion or a converter.
pub(in crate::analysis) fn forms(name: &str, fetch: bool) -> &'static [Signature] {
    if fetch { lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch)) } else { lookup_converter(name) }
}

impl Maker<'_, '_> {
    /// A sample expression that begins at byte `from` of the word.
    pub(super) fn sample(&mut self, from: usize) {
        let Inside { start, fetch, call } = inside(self.typed.word, from);
        match call {
            Some((name, number)) => self.argument(name, fetch, number, start),
            None if fetch => self.fetches(start),
            None => {
                let before = self.typed.word.cut(from..start.saturating_sub(1)).to_owned();
                self.converters_of(&before, start);
            }
        }
    }

    fn fetches(&mut self, from: usize) {
        let places = self.places;
        let here = |forms: &&'static [Signature]| forms.iter().any(|form| form.places.meets(places));
        fetch_names().map(lookup_fetch).filter(here).for_each(|forms| self.call(ItemKind::Fetch, forms, from));
    }

    /// The converters that take what an expression gives.
    fn converters_of(&mut self, before: &str, from: usize) {
        let kind = self.section.map_or(SectionKind::Backend, |section| section.kind);
        let given = with_words(self.view, kind, &format!("x {before}"), |reading| {
            if reading.is_empty() { Vec::new() } else { output(reading.statement(0), 1) }
        });
        let takes = |form: &Signature| {
            let casts = |(versions, kind): &(VersionSet, SampleType)| {
                form.input.is_none_or(|input| (kind.casts_to(input) & *versions).meets(form.versions))
            };
            given.is_empty() || given.iter().any(casts)
        };
        let fits = |forms: &&'static [Signature]| forms.iter().any(takes);
        converter_names().map(lookup_converter).filter(fits).for_each(|forms| self.call(ItemKind::Converter, forms, from));
    }

    pub(super) fn converters(&mut self, from: usize) {
        // Behind an expression in a word of its own nobody has typed a comma yet.
        if from == 0 && self.typed.word.contains('(') {
            let Inside { start, call, .. } = inside(self.typed.word, 0);
            return call.into_iter().for_each(|(name, number)| self.argument(name, false, number, start));
        }
        converter_names().for_each(|name| self.call(ItemKind::Converter, lookup_converter(name), from));
    }

    /// A fetch or converter, as the newest of the versions writes it.
    fn call(&mut self, kind: ItemKind, forms: &'static [Signature], from: usize) {
        let Some(form) = forms.iter().rfind(|form| form.versions.meets(self.versions)) else { return };
        let table = if kind == ItemKind::Converter { "converter" } else { "fetch" };
        // What nothing is said of is brought along by libraries that few builds have.
        let weight = if words(table, form.name, "").is_some() { Weight::Possible } else { Weight::Unlikely };
        let text = if form.required > 0 { format!("{}(", form.name).into() } else { Cow::Borrowed(form.name) };
        self.weighed(kind, text, from, Detail::Text(form.usage), weight);
    }

    /// An argument of a fetch or converter.
    fn argument(&mut self, call: &str, fetch: bool, number: usize, from: usize) {
        let form = forms(call, fetch).iter().rfind(|form| form.versions.meets(self.versions));
        let arguments = form.and_then(|form| form.arguments.as_deref()).unwrap_or(&[]);
        match arguments.get(number) {
            Some(ArgumentType::Backend) => self.names(NameKind::Backend, from),
            Some(ArgumentType::Frontend) => self.names(NameKind::Frontend, from),
            Some(ArgumentType::Server) => self.names(NameKind::Server, from),
            Some(ArgumentType::Table) => self.names(NameKind::Table, from),
            Some(ArgumentType::Userlist) => self.names(NameKind::Userlist, from),
            Some(_) if number == 0 && call.contains("var") || !fetch => self.variables(from),
            _ => {}
        }
    }

    /// A log format that begins at byte `from` of the word.
    pub(super) fn format(&mut self, from: usize) {
        let typed = self.typed.word;
        let Some(percent) = typed.cut(from..).rfind('%').map(|at| from + at) else { return };
        let behind = typed.cut(percent + 1..);
        // Flags in braces come first.
        let flags = if behind.starts_with('{') { behind.find('}').map_or(behind.len(), |end| end + 1) } else { 0 };
        let start = percent + 1 + flags;
        match typed.cut(start..).strip_prefix('[') {
            Some(inner) if !inner.contains(']') => self.sample(start + 1),
            Some(_) => {}
            None => {
                let versions = self.versions;
                for alias in aliases().iter().filter(|alias| alias.versions.meets(versions)) {
                    self.add(ItemKind::Alias, alias.name, start, Detail::Text(alias.meaning));
                }
            }
        }
    }
}
