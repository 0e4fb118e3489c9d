//! Sample expressions, as `sample_parse_expr()` of `src/sample.c` reads them.

use crate::{
    cut::Cut,
    finding::{Fault, FaultKind, Help},
    nearest::nearest,
    source::Location,
    syntax::{Statement, Text, Word},
    version::VersionSet,
};

use super::{
    Judge, SampleType, Signature, acl_names, arguments, catalog, converter_names, fetch_names, lookup_acl, lookup_converter, lookup_fetch,
    text::{self, Call, Chain},
    values::{self, Refusal},
};

/// An expression as some versions have read it so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    pub(super) versions: VersionSet,
    pub(super) output: SampleType,
    /// Whether what it fetches is there at the places of the scope.
    pub(super) available: bool,
    /// What it fetches from, for messages.
    pub(super) reads: &'static str,
}

/// The versions that are still reading.
pub(super) fn versions(lanes: &[Lane]) -> VersionSet {
    lanes.iter().fold(VersionSet::NONE, |all, lane| all | lane.versions)
}

/// The versions that have any of the forms.
fn union(forms: &[Signature]) -> VersionSet {
    forms.iter().fold(VersionSet::NONE, |all, form| all | form.versions)
}

impl Judge<'_> {
    /// The expression from word `index` on; gives the number of the first word behind it.
    pub(super) fn sample(&mut self, statement: Statement<'_>, index: usize) -> usize {
        let (lanes, next) = self.lanes(statement, index);
        if let Some((word, chain)) = statement.word(index).and_then(|word| Some((word, text::sample(word.known()?)?))) {
            self.unavailable(word, &chain, &lanes);
        }
        next
    }

    /// What the expression from word `index` on gives, and the number of the first word behind it.
    pub(super) fn lanes(&mut self, statement: Statement<'_>, index: usize) -> (Vec<Lane>, usize) {
        let Some(word) = statement.word(index) else { return (Vec::new(), index) };
        let Some(text) = word.known() else { return (Vec::new(), skip(statement, index)) };
        let Some(chain) = text::sample(text) else {
            self.missing_fetch(word, 0..text.len(), self.scope.versions);
            return (Vec::new(), index + 1);
        };
        let lanes = self.first_word(word, text, &chain, self.scope.versions);
        self.further_words(statement, index + 1, statement.len(), lanes, false)
    }

    /// The chain that `text` begins with, which must be all of it.
    pub(super) fn first_word(&mut self, word: Word<'_>, text: &str, chain: &Chain<'_>, versions: VersionSet) -> Vec<Lane> {
        let lanes = self.chain(word, chain, versions);
        if self.ends(word, text, chain, super::sample::versions(&lanes)) { lanes } else { Vec::new() }
    }

    /// Whether nothing stands behind a chain.
    fn ends(&mut self, word: Word<'_>, text: &str, chain: &Chain<'_>, versions: VersionSet) -> bool {
        let rest = chain.end..text.len();
        if rest.is_empty() || versions.is_empty() {
            return true;
        }
        let found = text.cut(rest.clone());
        let last = chain.calls.last().map_or("", |call| call.name);
        let (kind, message) = if chain.comma {
            (FaultKind::UnknownConverter, format!("`{found}` is not the name of a converter"))
        } else {
            (FaultKind::InvalidExpression, format!("a comma must follow `{last}`, not `{found}`"))
        };
        self.report(kind, word.part(rest), message, None, versions);
        false
    }

    /// A fetch and the converters behind it, as far as one word says.
    pub(super) fn chain(&mut self, word: Word<'_>, chain: &Chain<'_>, versions: VersionSet) -> Vec<Lane> {
        let mut calls = chain.calls.iter();
        let Some(first) = calls.next() else { return Vec::new() };
        calls.fold(self.fetch(word, first, first.name, versions), |lanes, call| self.convert(word, call, lanes))
    }

    /// Converters alone, for a text; HAProxy goes over commas in front of them.
    pub(super) fn converters(&mut self, word: Word<'_>) {
        let Some(text) = word.known() else { return };
        let Some(chain) = text::sample(text) else { return };
        let begin = Lane { versions: self.scope.versions, output: SampleType::Str, available: true, reads: "" };
        let lanes = chain.calls.iter().fold(vec![begin], |lanes, call| self.convert(word, call, lanes));
        self.ends(word, text, &chain, versions(&lanes));
    }

    /// Words behind an expression that are converters. In an ACL they are patterns for versions without such a converter.
    pub(super) fn further_words(
        &mut self,
        statement: Statement<'_>,
        from: usize,
        end: usize,
        mut lanes: Vec<Lane>,
        in_acl: bool,
    ) -> (Vec<Lane>, usize) {
        let mut stopped = Vec::new();
        for index in from..end {
            let Some(word) = statement.word(index) else { break };
            let Some(text) = word.known() else { return ([lanes, stopped].concat(), index) };
            let Some(chain) = text::sample(text) else { return ([lanes, stopped].concat(), index) };
            let known = union(lookup_converter(chain.calls[0].name));
            if known.is_empty() {
                return ([lanes, stopped].concat(), index);
            }
            if in_acl {
                stopped.extend(restrict(&lanes, known.complement()));
                lanes = restrict(&lanes, known);
            }
            lanes = chain.calls.iter().fold(lanes, |lanes, call| self.convert(word, call, lanes));
            if !self.ends(word, text, &chain, versions(&lanes)) {
                lanes.clear();
            }
        }
        ([lanes, stopped].concat(), end)
    }

    /// The fetch `name`, which `call` names itself or by an ACL criterion.
    pub(super) fn fetch(&mut self, word: Word<'_>, call: &Call<'_>, name: &str, versions: VersionSet) -> Vec<Lane> {
        let forms = lookup_fetch(name);
        let unknown = versions.minus(union(forms));
        if !unknown.is_empty() {
            let location = word.part(call.at.clone());
            let (message, help) = unknown_fetch(location, name, call.arguments.is_some(), forms);
            self.report(FaultKind::UnknownFetch, location, message, help, unknown);
        }
        let mut lanes = Vec::new();
        for form in forms {
            let readers = self.arguments(word, call, form, form.versions & versions, values::fetch);
            let available = form.places.meets(self.scope.places);
            join(&mut lanes, Lane { versions: readers, output: form.output, available, reads: form.reads });
        }
        lanes
    }

    fn convert(&mut self, word: Word<'_>, call: &Call<'_>, lanes: Vec<Lane>) -> Vec<Lane> {
        let forms = lookup_converter(call.name);
        let unknown = versions(&lanes).minus(union(forms));
        if !unknown.is_empty() {
            let location = word.part(call.at.clone());
            let (message, help) = unknown_converter(location, call.name, call.arguments.is_some(), forms);
            self.report(FaultKind::UnknownConverter, location, message, help, unknown);
        }
        let mut result = Vec::new();
        for form in forms {
            for lane in restrict(&lanes, form.versions) {
                let input = form.input.unwrap_or(SampleType::Any);
                let able = lane.output.casts_to(input) & lane.versions;
                let unable = lane.versions.minus(able);
                if !unable.is_empty() {
                    let (name, wants, has) = (call.name, input.noun(), lane.output.noun());
                    let message = format!("the converter `{name}` wants {wants}, and gets {has}, which cannot become one");
                    self.report(FaultKind::InvalidExpression, word.part(call.range.clone()), message, None, unable);
                }
                let readers = self.arguments(word, call, form, able, values::converter);
                let output = match form.output {
                    SampleType::Same if input != SampleType::Any => input,
                    SampleType::Same => lane.output,
                    other => other,
                };
                join(&mut result, Lane { versions: readers, output, ..lane });
            }
        }
        result
    }

    /// The versions of `versions` that take the arguments.
    fn arguments(
        &mut self,
        word: Word<'_>,
        call: &Call<'_>,
        form: &Signature,
        versions: VersionSet,
        check: fn(&str, &[String]) -> Option<Refusal>,
    ) -> VersionSet {
        if versions.is_empty() {
            return versions;
        }
        let values = match arguments::read(call, form) {
            Ok(values) => values,
            Err(bad) => {
                self.report(FaultKind::InvalidExpression, word.part(bad.range), bad.message, bad.help.map(Help::from), versions);
                return VersionSet::NONE;
            }
        };
        let place = |number: usize| {
            let argument = call.arguments.as_ref().and_then(|given| given.list.get(number));
            word.part(argument.map(|argument| argument.range.clone()).filter(|range| !range.is_empty()).unwrap_or(call.range.clone()))
        };
        for (number, (value, kind)) in values.iter().zip(form.arguments.iter().flatten()).enumerate() {
            if let Some(message) = values::late(*kind, value) {
                let fault = Fault::refused(FaultKind::InvalidExpression, place(number), format!("`{}`: {message}", call.name), versions);
                self.push(Fault { at_the_end: true, ..fault });
            }
        }
        let Some(refusal) = check(form.name, &values) else { return versions };
        let location = place(refusal.argument);
        if refusal.warned {
            let refused = versions & refusal.versions;
            self.push(Fault::warned(FaultKind::InvalidExpression, location, refusal.message, refused).help("delete the argument"));
            return versions;
        }
        self.report(FaultKind::InvalidExpression, location, refusal.message, refusal.help.map(Help::from), versions & refusal.versions);
        versions.minus(refusal.versions)
    }

    pub(super) fn missing_fetch(&mut self, word: Word<'_>, range: std::ops::Range<usize>, versions: VersionSet) {
        let message = match word.known().and_then(|text| text.get(range.clone())) {
            Some(found) if !found.is_empty() => format!("an expression begins with the name of a sample fetch, `{found}` is none"),
            _ => "the name of a sample fetch is missing".to_owned(),
        };
        self.report(FaultKind::InvalidExpression, word.part(range), message, None, versions);
    }

    /// What is fetched where it is not there.
    pub(super) fn unavailable(&mut self, word: Word<'_>, chain: &Chain<'_>, lanes: &[Lane]) {
        let Some(first) = chain.calls.first() else { return };
        for lane in lanes.iter().filter(|lane| !lane.available) {
            let message = format!("`{}` is not available here: it reads {}", first.name, lane.reads);
            self.report(FaultKind::UnavailableFetch, word.part(first.at.clone()), message, None, lane.versions);
        }
    }
}

/// The lanes in `versions`.
fn restrict(lanes: &[Lane], versions: VersionSet) -> Vec<Lane> {
    let part = lanes.iter().map(|lane| Lane { versions: lane.versions & versions, ..*lane });
    part.filter(|lane| !lane.versions.is_empty()).collect()
}

/// Adds a lane, to one that is like it where there is one.
fn join(lanes: &mut Vec<Lane>, lane: Lane) {
    let same = |other: &&mut Lane| (other.output, other.available, other.reads) == (lane.output, lane.available, lane.reads);
    match lanes.iter_mut().find(same) {
        Some(other) => other.versions = other.versions | lane.versions,
        None if !lane.versions.is_empty() => lanes.push(lane),
        None => {}
    }
}

/// The end of an expression whose first word nobody knows.
fn skip(statement: Statement<'_>, index: usize) -> usize {
    if statement.word(index).is_some_and(|word| word.text == Text::Many) {
        return statement.len();
    }
    let converts = |index: &usize| text::sample(statement.str(*index)).is_some_and(|chain| catalog::is_converter(chain.calls[0].name));
    (index + 1..statement.len()).find(|index| !converts(index)).unwrap_or(statement.len())
}

/// The nearest of `names`, written in place of `name` if it `fits` what stands behind; other names are only asked for.
fn near<'n>(at: Location, name: &str, names: impl Iterator<Item = &'n str>, fits: impl Fn(&str) -> bool) -> Option<Help> {
    let (fitting, others): (Vec<&str>, Vec<&str>) = names.partition(|name| fits(name));
    let asked = |near: &str| Help::Say(Help::meant(at, name, near).to_string());
    nearest(name, fitting).map(|near| Help::meant(at, name, near)).or_else(|| nearest(name, others).map(asked))
}

/// Whether some form can stand with parentheses, if it is `called`, or without.
fn takes(forms: &[Signature], called: bool) -> bool {
    forms.iter().any(|form| if called { form.arguments.as_ref().is_none_or(|all| !all.is_empty()) } else { form.required == 0 })
}

fn unknown_fetch(at: Location, name: &str, called: bool, forms: &[Signature]) -> (String, Option<Help>) {
    if !forms.is_empty() {
        return (format!("the sample fetch `{name}` exists in HAProxy {} only", union(forms)), None);
    }
    let help = match lookup_acl(name) {
        _ if catalog::is_converter(name) => Some(format!("`{name}` is a converter: it follows a fetch, as in `path,{name}`").into()),
        Some(acl) => Some(format!("`{name}` is a criterion of ACLs only; the fetch is `{}`", acl.fetch).into()),
        None => {
            let fetch = |name: &str| lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch));
            near(at, name, fetch_names().chain(acl_names()), |name| takes(fetch(name), called))
        }
    };
    (format!("there is no sample fetch `{name}`"), help)
}

fn unknown_converter(at: Location, name: &str, called: bool, forms: &[Signature]) -> (String, Option<Help>) {
    if !forms.is_empty() {
        return (format!("the converter `{name}` exists in HAProxy {} only", union(forms)), None);
    }
    let help = near(at, name, converter_names(), |name| takes(lookup_converter(name), called));
    (format!("there is no converter `{name}`"), help)
}
