//! Log-format strings, as `lf_expr_compile()` of `src/log.c` reads them.

use std::ops::Range;

use crate::{
    cut::Cut,
    finding::{Fault, FaultKind, Help},
    nearest::nearest,
    syntax::{Part, Text, Word},
    version::VersionSet,
};

use super::{
    Judge, aliases,
    sample::versions,
    text::{self, Chain, Item, Target},
};

/// The versions that know `%(name)`.
const LABELS: VersionSet = VersionSet::since(3, 0, 0);

/// The versions that look at the mode of the proxy while they read a format of a rule.
const MODES_AT_ONCE: VersionSet = VersionSet::before(3, 0, 0);

impl Judge<'_> {
    pub(super) fn log_format(&mut self, word: Word<'_>) {
        let all = self.scope.versions;
        match word.text {
            Text::Known(text) if text.contains("%(") => {
                self.items(word, text, false, all.minus(LABELS));
                self.items(word, text, true, all & LABELS);
            }
            Text::Known(text) => self.items(word, text, true, all),
            Text::Parts(parts) => self.parts(word, parts),
            Text::Many => {}
        }
    }

    /// What stands between variables that nobody knows: whole expressions, as far as nothing before them is doubtful.
    fn parts(&mut self, word: Word<'_>, parts: &[Part]) {
        for part in parts {
            let Part::Text(text) = part else { continue };
            for item in text::items(text, true) {
                let Range { start, end } = item.range;
                if text.cut(start..).starts_with("%(") || end == text.len() && !text.ends_with(']') {
                    return;
                }
                if let Target::Expression(Some(chain), _, true) = &item.target {
                    let lanes = self.chain(word, chain, self.scope.versions);
                    self.unavailable(word, chain, &lanes);
                }
            }
        }
    }

    fn items(&mut self, word: Word<'_>, text: &str, labels: bool, mut alive: VersionSet) {
        for item in text::items(text, labels) {
            if alive.is_empty() {
                break;
            }
            alive = self.item(word, text, &item, alive);
        }
    }

    /// Judges an item; gives the versions that go on.
    fn item(&mut self, word: Word<'_>, text: &str, item: &Item<'_>, alive: VersionSet) -> VersionSet {
        let at = item.range.start;
        let before = self.cast(word, item, alive);
        let alive = alive.minus(before);
        if let Some((flags, range)) = &item.flags {
            self.flags(word, flags, range.start, alive);
        }
        let (range, message, help) = match &item.target {
            Target::Text => return alive,
            Target::Alias(name, range) => return self.alias(word, name, at..range.end, alive),
            Target::Expression(Some(chain), range, closed) => {
                let end = range.end;
                return self.expression(word, text, chain, (range.start, end, *closed), alive);
            }
            Target::Expression(None, range, closed) => {
                self.missing_fetch(word, range.start + 1..range.end - usize::from(*closed), alive);
                return VersionSet::NONE;
            }
            Target::OpenLabel(range) => {
                (range.clone(), "the name behind `%(` is not closed by `)`; letters, digits, `_` and `-` are allowed", "")
            }
            Target::OpenFlags(range) => (range.clone(), "the `}` of `%{` is missing", ""),
            Target::Bare(range) => (at..range.start, "an alias or `[` must follow the flags", "as in `%{+Q}ci` or `%{+Q}[src]`"),
            Target::Misplaced(range) => {
                (at..range.end, "a `%` is followed by neither an alias nor `[`", "write `%%` for the character `%` itself")
            }
        };
        let help = (!help.is_empty()).then(|| Help::from(help));
        self.report(FaultKind::InvalidLogFormat, word.part(range), message.to_owned(), help, alive);
        VersionSet::NONE
    }

    /// The versions that refuse the type in `%(name:type)`.
    fn cast(&mut self, word: Word<'_>, item: &Item<'_>, alive: VersionSet) -> VersionSet {
        let Some((cast, range)) = &item.cast else { return VersionSet::NONE };
        let refusing = match *cast {
            "str" | "sint" | "bool" => return VersionSet::NONE,
            "raw" => alive & VersionSet::before(3, 2, 0),
            _ => alive,
        };
        let message = format!("`{cast}` is no type that a log-format item can have");
        let help = Some("`str`, `sint` and `bool` are, and `raw` since HAProxy 3.2".into());
        let range = if range.is_empty() { 0..0 } else { range.clone() };
        self.report(FaultKind::InvalidLogFormat, word.part(range), message, help, refusing);
        refusing
    }

    fn flags(&mut self, word: Word<'_>, flags: &str, start: usize, alive: VersionSet) {
        let mut at = start;
        for flag in flags.split(',') {
            let place = at..at + flag.len();
            at = place.end + 1;
            let name = flag.rfind(['+', '-']).map(|sign| flag.cut(sign + 1..));
            let (ignoring, why) = match name {
                _ if flag.is_empty() => continue,
                Some("M" | "Q" | "X" | "E") => continue,
                Some("bin" | "json" | "cbor") => (alive.minus(LABELS), "exists in HAProxy 3.0 and later only"),
                Some(_) => (alive, "does not exist"),
                None => (alive, "begins with neither `+` nor `-`"),
            };
            let message = format!("the log-format flag `{flag}` {why}, HAProxy passes over it");
            let help = "there are `M`, `Q`, `X` and `E`, and since 3.0 `bin`, `json` and `cbor`, each behind `+` or `-`";
            self.push(Fault::silent(FaultKind::InvalidLogFormat, word.part(place), message, ignoring).help(help));
        }
    }

    fn alias(&mut self, word: Word<'_>, name: &str, range: Range<usize>, alive: VersionSet) -> VersionSet {
        let found: Vec<_> = aliases().iter().filter(|alias| alias.name == name).collect();
        let known = found.iter().fold(VersionSet::NONE, |all, alias| all | alias.versions);
        let unknown = alive.minus(known);
        let tcp = found.iter().any(|alias| alias.http) && self.scope.http == Some(false) && !self.scope.at_the_end;
        if unknown.is_empty() {
            let refusing = if tcp { alive & MODES_AT_ONCE } else { VersionSet::NONE };
            let message = format!("`%{name}` is for HTTP, and this proxy is in tcp mode as far as it was read");
            let help = "write `mode http` above this line, or leave it out";
            self.report(FaultKind::InvalidLogFormat, word.part(range), message, Some(help.into()), refusing);
            return alive.minus(refusing);
        }
        let message = match found.is_empty() {
            true => format!("there is no log-format alias `%{name}`"),
            false => format!("the log-format alias `%{name}` exists in HAProxy {known} only"),
        };
        let near = nearest(name, aliases().iter().map(|alias| alias.name)).filter(|_| name.len() > 2);
        let wrong = word.part(range.end - name.len()..range.end);
        let help = Help::near(wrong, name, near, || "write `%%` for the character `%` itself".to_owned());
        self.report(FaultKind::InvalidLogFormat, word.part(range), message, Some(help), unknown);
        alive & known
    }

    /// `%[…]`, which begins at `open` and ends at `end`.
    fn expression(
        &mut self,
        word: Word<'_>,
        text: &str,
        chain: &Chain<'_>,
        (open, end, closed): (usize, usize, bool),
        alive: VersionSet,
    ) -> VersionSet {
        let lanes = self.chain(word, chain, alive);
        let reading = versions(&lanes);
        self.unavailable(word, chain, &lanes);
        // A comma right before the `]` wants one more converter.
        if chain.comma && (closed || chain.end < end) {
            let message = "the name of a converter is missing behind the comma".to_owned();
            self.report(FaultKind::UnknownConverter, word.part(chain.end - 1..chain.end), message, None, reading);
            return VersionSet::NONE;
        }
        if closed {
            return lanes.iter().filter(|lane| lane.available).fold(VersionSet::NONE, |all, lane| all | lane.versions);
        }
        let found = text.cut(chain.end..end).chars().next();
        let message = match found {
            Some(found) => format!("`]` must follow the expression, not `{found}`"),
            None => "the `]` of `%[` is missing".to_owned(),
        };
        let range = found.map_or(open..end, |found| chain.end..chain.end + found.len_utf8());
        self.report(FaultKind::InvalidLogFormat, word.part(range), message, None, reading);
        VersionSet::NONE
    }
}
