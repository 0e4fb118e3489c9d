//! ACLs and conditions, as `parse_acl_expr()` and `parse_acl_cond()` of `src/acl.c` read them.

use std::ops::Range;

use crate::{
    cut::Cut,
    finding::{Fault, FaultKind, Help},
    nearest::nearest,
    syntax::{Statement, Text, Word},
    version::VersionSet,
};

use super::{
    AclKeyword, Judge, SampleType, lookup_acl,
    pattern::{METHODS, Method, Reading},
    sample::{Lane, versions},
    text::{self, Chain},
    values,
};

/// The versions that refuse a second `-m`, and warn of one that contradicts the criterion.
const STRICT_METHOD: VersionSet = VersionSet::since(3, 3, 0);

/// The words of an ACL: criterion, flags, patterns.
#[derive(Clone, Copy)]
struct Words<'r> {
    statement: Statement<'r>,
    /// The criterion.
    first: usize,
    /// The word behind the last.
    end: usize,
}

impl<'r> Words<'r> {
    /// Word number `index`; nothing behind an empty one.
    fn word(self, index: usize) -> Option<Word<'r>> {
        (index < self.end).then(|| self.statement.word(index)).flatten().filter(|word| !word.is(""))
    }

    /// Whether they stand in the braces of a condition.
    fn is_in_braces(self) -> bool {
        self.statement.word(self.end).is_some_and(|word| word.is("}"))
    }

    /// The known text of word number `index`, or `""`.
    fn str(self, index: usize) -> &'r str {
        self.word(index).and_then(Word::known).unwrap_or("")
    }
}

/// An ACL as some versions have read it so far.
#[derive(Clone, Copy)]
struct Matching {
    lane: Lane,
    keyword: Option<AclKeyword>,
    method: Option<Method>,
    /// The method is not that of the criterion: `-m` names another, or converters follow it.
    replaced: bool,
    /// `-m` was given.
    explicit: bool,
    /// Patterns came from a file.
    loaded: bool,
    /// `-n` was given.
    no_names: bool,
}

impl Judge<'_> {
    /// An ACL from word `index` on. Gives what it fetches, where it can be read to its end.
    pub(super) fn acl(&mut self, statement: Statement<'_>, index: usize, end: usize) -> Vec<Lane> {
        let words = Words { statement, first: index, end };
        let Some(criterion) = words.word(index) else {
            // An empty word ends the line; a missing one is missed at the word before it.
            let at = statement.word(index).or_else(|| statement.word(index.saturating_sub(1))).map(|word| word.location);
            let message = "the criterion of the ACL is missing".to_owned();
            let help = Some("a sample fetch must follow, such as `path_beg /api`".into());
            self.report(FaultKind::InvalidAcl, at.unwrap_or_else(|| statement.location()), message, help, self.scope.versions);
            return Vec::new();
        };
        let Some(text) = criterion.known() else { return Vec::new() };
        let Some(chain) = text::sample(text) else {
            self.missing_fetch(criterion, 0..text.len(), self.scope.versions);
            return Vec::new();
        };
        self.texts = index + 1..end;
        let (keyword, lanes) = self.criterion(words, criterion, text, &chain);
        let converted = chain.calls.len() > 1;
        let next = words.word(index + 1);
        self.no_pattern(words, criterion, keyword.is_some() && !converted, &lanes);
        let mut result = Vec::new();
        for lane in &lanes {
            let method = match keyword {
                Some(keyword) if !converted => method_of(keyword),
                _ => Method::of(lane.output),
            };
            let matching = Matching { lane: *lane, keyword, method, replaced: converted, explicit: false, loaded: false, no_names: false };
            if self.flags_and_patterns(words, matching) {
                result.push(*lane);
            }
        }
        if let Some(next) = next.filter(|next| !text.contains('(') && next.known().is_some_and(|n| n.starts_with('('))) {
            let message = format!("`{}` is a pattern for `{text}`, not its arguments", next.display());
            let help = format!("remove the blank before `(`, or write `--` before the pattern if it is one: `{text} -- (…`");
            self.push(Fault::warned(FaultKind::DubiousAcl, next.location, message, versions(&result)).help(help));
        }
        result
    }

    /// What is fetched.
    fn criterion(&mut self, words: Words<'_>, word: Word<'_>, text: &str, chain: &Chain<'_>) -> (Option<AclKeyword>, Vec<Lane>) {
        let all = self.scope.versions;
        let name = chain.calls[0].name;
        let Some(keyword) = lookup_acl(name) else {
            let lanes = self.first_word(word, text, chain, all);
            let (lanes, next) = self.further_words(words.statement, words.first + 1, words.end, lanes, true);
            // Whether that one is a converter was asked.
            self.texts.start = next + 1;
            return (None, lanes);
        };
        let mut named = chain.clone();
        named.calls[0].name = keyword.fetch;
        let lanes = self.first_word(word, text, &named, all);
        (Some(keyword), lanes)
    }

    /// Nothing behind the criterion: it never matches.
    fn no_pattern(&mut self, words: Words<'_>, criterion: Word<'_>, method: bool, lanes: &[Lane]) {
        if words.word(words.first + 1).is_some() {
            return;
        }
        let matches = |lane: &Lane| method || Method::of(lane.output).is_some();
        let warns = |lane: &&Lane| lane.output != SampleType::Bool && matches(lane);
        let warning = lanes.iter().filter(warns).fold(VersionSet::NONE, |all, lane| all | lane.versions);
        let message = format!("`{}` has no pattern to match, so this ACL is never true", criterion.display());
        let help = "write a pattern behind it, `-m found` to ask whether it exists, or `--` if it is meant so";
        self.push(Fault::warned(FaultKind::DubiousAcl, criterion.location, message, warning).help(help));
    }

    /// Whether flags and patterns can be read.
    fn flags_and_patterns(&mut self, words: Words<'_>, mut matching: Matching) -> bool {
        let mut index = words.first + 1;
        while let Some(word) = words.word(index) {
            let Some(flag) = word.known() else { break };
            if !flag.starts_with('-') {
                break;
            }
            let value = words.word(index + 1);
            index += 1;
            match flag {
                "--" => break,
                "-i" | "-M" => continue,
                "-n" => {
                    matching.no_names = true;
                    continue;
                }
                "-u" => self.unique_id(words, word, value, &matching),
                "-f" => self.file(word, value, &mut matching),
                "-m" => self.method(word, value, &mut matching),
                _ => {
                    self.unknown_flag(word, flag, &matching);
                    return false;
                }
            }
            if matching.lane.versions.is_empty() {
                return false;
            }
            index += 1;
        }
        // What nobody knows may hold a `-m`.
        if words.word(index).is_some_and(|word| word.known().is_none()) && matching.method.is_none() {
            return true;
        }
        let Some(method) = matching.method else { return self.needs_method(words, &matching) };
        // Lanes differ in what they give: what is no text in one of them is none.
        self.texts = if method == Method::Text { self.texts.start.max(index)..self.texts.end } else { 0..0 };
        self.overwritten(words, &matching);
        self.patterns(words, index, method, &matching)
    }

    fn refuse(&mut self, word: Word<'_>, message: String, help: Option<Help>, versions: VersionSet) {
        self.report(FaultKind::InvalidAcl, word.location, message, help, versions);
    }

    fn unknown_flag(&mut self, word: Word<'_>, flag: &str, matching: &Matching) {
        let message = format!("`{flag}` is not a flag of ACLs");
        let help = "the flags are `-i`, `-n`, `-f`, `-m`, `-M`, `-u` and `--`, which must stand before a pattern that begins with `-`";
        self.refuse(word, message, Some(help.into()), matching.lane.versions);
    }

    fn unique_id(&mut self, words: Words<'_>, flag: Word<'_>, value: Option<Word<'_>>, matching: &Matching) {
        if value.is_none() && words.is_in_braces() {
            // It reads on behind the last word, and crashes.
            self.refuse(flag, "a number must follow `-u`".to_owned(), None, matching.lane.versions);
        }
        let Some((word, text)) = value.and_then(|word| Some((word, word.known()?))) else { return };
        if !super::arguments::is_integer(text.trim_start()) {
            self.refuse(word, format!("`{text}` is not a number, as `-u` needs it"), None, matching.lane.versions);
        }
    }

    fn file(&mut self, word: Word<'_>, value: Option<Word<'_>>, matching: &mut Matching) {
        if value.is_none() {
            self.refuse(word, "the name of a file must follow `-f`".to_owned(), None, matching.lane.versions);
            matching.lane.versions = VersionSet::NONE;
        } else if matching.method.is_none() {
            let message = format!("`-f` needs a matching method first, because the criterion gives {}", matching.lane.output.noun());
            self.refuse(word, message, Some("write `-m METHOD` before it".into()), matching.lane.versions);
            matching.lane.versions = VersionSet::NONE;
        }
        matching.loaded = true;
        let name = value.and_then(|value| Some((value, value.known()?)));
        if let Some((value, refusal)) = name.and_then(|(value, name)| Some((value, values::pattern_list(name)?))) {
            self.refuse(value, refusal.message, refusal.help.map(Help::from), refusal.versions & matching.lane.versions);
            matching.lane.versions = matching.lane.versions.minus(refusal.versions);
        }
    }

    fn method(&mut self, flag: Word<'_>, value: Option<Word<'_>>, matching: &mut Matching) {
        let all = matching.lane.versions;
        let mut stop = |judge: &mut Self, word, message, help: Option<Help>, versions| {
            judge.refuse(word, message, help, versions);
            matching.lane.versions = matching.lane.versions.minus(versions);
        };
        let methods = || format!("the methods are {}", METHODS.map(|name| format!("`{name}`")).join(", "));
        if matching.loaded {
            stop(self, flag, "`-m` must stand before patterns and `-f`".to_owned(), None, all);
        }
        if matching.explicit {
            stop(self, flag, "`-m` was given before".to_owned(), Some("keep the last one".into()), all & STRICT_METHOD);
        }
        let Some(value) = value else {
            return stop(self, flag, "a matching method must follow `-m`".to_owned(), Some(methods().into()), all);
        };
        let Some(name) = value.known() else {
            matching.lane.versions = VersionSet::NONE;
            return;
        };
        let Some(method) = Method::from_name(name) else {
            let help = Some(Help::near(value.location, name, nearest(name, METHODS), methods));
            return stop(self, value, format!("`{name}` is not a matching method"), help, all);
        };
        let able = if method == Method::Found { all } else { matching.lane.output.casts_to(method.wants()) };
        let unable = all.minus(able);
        if !unable.is_empty() {
            let message = format!(
                "the matching method `{name}` wants {}, the criterion gives {}",
                method.wants().noun(),
                matching.lane.output.noun()
            );
            stop(self, value, message, None, unable);
        }
        matching.method = Some(method);
        matching.explicit = true;
        matching.replaced = matching.keyword.is_some_and(|keyword| keyword.method != name || has_own_method(keyword));
    }

    /// `path_beg -m end` is `path -m end`.
    fn overwritten(&mut self, words: Words<'_>, matching: &Matching) {
        let telling = ["beg", "dir", "dom", "end", "len", "reg", "sub"];
        let told = |keyword: &AclKeyword| matching.replaced && (telling.contains(&keyword.method) || has_own_method(*keyword));
        let Some(keyword) = matching.keyword.filter(told) else { return };
        let Some(criterion) = words.word(words.first) else { return };
        let by = if matching.explicit { "`-m` replaces" } else { "the converters behind it replace" };
        let message = format!("{by} the way in which `{}` compares", keyword.name);
        let help = match has_own_method(keyword) {
            true => "leave it out".to_owned(),
            false => format!("write `{}` as criterion, and the method that is meant behind `-m`", keyword.fetch),
        };
        let location = criterion.part(0..keyword.name.len());
        let all = matching.lane.versions;
        self.push(Fault::warned(FaultKind::DubiousAcl, location, message.clone(), all & STRICT_METHOD).help(help.clone()));
        self.push(Fault::silent(FaultKind::DubiousAcl, location, message, all.minus(STRICT_METHOD)).help(help));
    }

    fn needs_method(&mut self, words: Words<'_>, matching: &Matching) -> bool {
        if let Some(criterion) = words.word(words.first) {
            let message = format!("`{}` needs a matching method, because it gives {}", criterion.display(), matching.lane.output.noun());
            let help = "write `-m str`, `-m int`, `-m found` or another method behind it";
            self.refuse(criterion, message, Some(help.into()), matching.lane.versions);
        }
        false
    }

    fn patterns(&mut self, words: Words<'_>, from: usize, method: Method, matching: &Matching) -> bool {
        let mut reading = Reading { no_names: matching.no_names, ..Reading::default() };
        for index in from..words.end {
            let Some(word) = words.word(index) else { break };
            let Some(pattern) = word.known() else { if word.text == Text::Many { break } else { continue } };
            if method.takes_operators() && matches!(pattern, "eq" | "ge" | "gt" | "le" | "lt" | "ne") {
                reading.compared = !matches!(pattern, "eq" | "ne");
                if pattern == "ne" {
                    self.equal_after_all(word, matching.lane.versions);
                }
                continue;
            }
            if let Some(message) = method.problem(pattern, reading) {
                let help = (method.takes_operators() && !pattern.starts_with(|c: char| c.is_ascii_digit()))
                    .then(|| "numbers, ranges such as `1:5`, and the operators `eq`, `ge`, `gt`, `le` and `lt` may stand here".to_owned());
                self.refuse(word, message, help.map(Help::from), matching.lane.versions);
                return false;
            }
            if index > from && matches!(pattern, "-i" | "-n" | "-m" | "-f" | "-M") && words.str(from - 1) != "--" {
                let message = format!("`{pattern}` is a pattern here, not a flag");
                let help = format!("flags stand before the first pattern; write `--` before it if `{pattern}` is a pattern");
                self.push(Fault::silent(FaultKind::DubiousAcl, word.location, message, matching.lane.versions).help(help));
            }
            let number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
            if matches!(pattern, "eq" | "ge" | "gt" | "le" | "lt")
                && index == from
                && index + 2 == words.end
                && number(words.str(index + 1))
            {
                let message = format!("`{pattern}` is a pattern here, not an operator: texts are compared");
                let help = format!("write `-m int {pattern} {}` to compare numbers", words.str(index + 1));
                self.push(Fault::silent(FaultKind::DubiousAcl, word.location, message, matching.lane.versions).help(help));
            }
            if matches!(pattern, "&&" | "||" | "and" | "or" | "AND" | "OR") {
                let message = format!("`{pattern}` is a pattern here, not an operator");
                let help = "ACLs of the same name are joined by or; in a condition, terms side by side are joined by and, `||` means or";
                self.push(Fault::silent(FaultKind::DubiousAcl, word.location, message, matching.lane.versions).help(help));
            }
        }
        true
    }

    /// HAProxy knows `ne` when it reads the line, and forgets it when it compares.
    fn equal_after_all(&mut self, operator: Word<'_>, versions: VersionSet) {
        let message = "`ne` compares as `eq` does: HAProxy takes it, and matches what is equal".to_owned();
        let help = "leave it out, and negate the ACL: `!` before it, or `unless` in place of `if`";
        self.push(Fault::silent(FaultKind::DubiousAcl, operator.location, message, versions).help(help));
    }

    /// The condition behind word `index`, which is `if` or `unless`.
    pub(super) fn condition(&mut self, statement: Statement<'_>, index: usize) -> Vec<Range<usize>> {
        let mut texts = Vec::new();
        let words = Words { statement, first: index, end: statement.len() };
        let (mut at, mut terms, mut last_or, mut warned) = (index + 1, 0, None, false);
        while let Some(word) = words.word(at) {
            at += 1;
            let text = match word.text {
                Text::Known(text) => text.trim_start_matches('!'),
                Text::Parts(_) => "ACL",
                Text::Many => return texts,
            };
            if text.is_empty() {
                continue;
            }
            if text.eq_ignore_ascii_case("or") || text == "||" {
                if terms == 0 {
                    self.nothing_beside(word);
                }
                (terms, last_or) = (0, Some(word));
                continue;
            }
            terms += 1;
            if text != "{" {
                continue;
            }
            let open = at;
            let mut inside = statement.words().enumerate().skip(open).take_while(|(_, word)| !word.is(""));
            let Some((close, _)) = inside.find(|(_, word)| word.is("}")) else {
                self.no_brace(words, word, open);
                return texts;
            };
            at = close + 1;
            let lanes = self.acl(statement, open, close);
            texts.push(std::mem::take(&mut self.texts));
            if !warned {
                warned = self.never_there(statement, open, &lanes);
            }
        }
        match (terms, last_or, statement.word(index)) {
            (0, Some(or), _) => self.nothing_beside(or),
            (0, None, Some(word)) if words.word(index + 1).is_none() => {
                let outcome = if word.is("unless") { "always" } else { "never" };
                let message = format!("there is no condition behind `{}`, so this {outcome} happens", word.display());
                self.push(Fault::silent(FaultKind::DubiousAcl, word.location, message, self.scope.versions));
            }
            _ => {}
        }
        texts
    }

    fn nothing_beside(&mut self, word: Word<'_>) {
        let message = format!("an ACL is missing on one side of `{}`; that side is never true", word.display());
        self.push(Fault::silent(FaultKind::DubiousAcl, word.location, message, self.scope.versions));
    }

    fn no_brace(&mut self, words: Words<'_>, brace: Word<'_>, open: usize) {
        // A word of which nothing is known to be one, or how many, may be the brace.
        let unknown = |word: Word<'_>| word.known().is_none();
        if (open..words.end).filter_map(|i| words.word(i)).any(unknown) {
            return;
        }
        let glued = (open..words.end).filter_map(|i| words.word(i)).find(|word| word.known().is_some_and(|text| text.ends_with('}')));
        let help = match glued {
            Some(word) => format!("a blank must stand before the `}}` of `{}`", word.display()),
            None => "write ` }` behind the last pattern".to_owned(),
        };
        self.report(
            FaultKind::InvalidCondition,
            brace.location,
            "the `}` that ends this `{` is missing".to_owned(),
            Some(help.into()),
            self.scope.versions,
        );
    }

    /// An anonymous ACL that fetches what is not there; HAProxy warns of the first of a condition.
    fn never_there(&mut self, statement: Statement<'_>, index: usize, lanes: &[Lane]) -> bool {
        let Some((word, text)) = statement.word(index).and_then(|word| Some((word, word.known()?))) else { return false };
        let gone: Vec<&Lane> = lanes.iter().filter(|lane| !lane.available).collect();
        let name = text::sample(text).map_or(0..text.len(), |chain| chain.calls[0].at.clone());
        for lane in &gone {
            let message = format!("`{}` is not available here, so this is never true: it reads {}", text.cut(name.clone()), lane.reads);
            let fault = match statement.keyword() {
                // It says nothing of this one, and takes the other for wrong.
                "monitor" => Fault::silent,
                "force-be-switch" => Fault::refused,
                _ => Fault::warned,
            };
            self.push(fault(FaultKind::UnavailableFetch, word.part(name.clone()), message, lane.versions));
        }
        !gone.is_empty()
    }
}

/// Criteria that compare in a way of their own, which no method does.
fn has_own_method(keyword: AclKeyword) -> bool {
    matches!(keyword.fetch, "method" | "http_auth_group")
}

fn is_dotted(keyword: AclKeyword) -> bool {
    keyword.fetch == "req.ssl_ver"
}

fn method_of(keyword: AclKeyword) -> Option<Method> {
    if is_dotted(keyword) { Some(Method::Dotted) } else { Method::from_name(keyword.method) }
}
