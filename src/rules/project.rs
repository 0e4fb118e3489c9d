//! Rules that a project writes itself, as data in its settings: `project/NAME`.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    config::{Config, SectionView},
    finding::{Draft, PROJECT, RuleInfo, Severity},
    rules::{Context, Look, Row, Rule, Sink},
    source::Location,
    syntax::{FirstWords, SectionKind, Statement, Text},
};

/// The group of these rules.
pub const GROUP: &str = PROJECT;

/// How many rules of projects one program knows, over all settings that it ever reads.
const MOST_RULES: usize = 1 << 16;

/// What such a rule says: lines of some sections that are wrong, or that are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name without the group.
    pub name: String,
    /// The kinds of sections that it looks at; all of them if there is none.
    pub sections: Vec<SectionKind>,
    /// Patterns for the names of the sections; all of them if there is none.
    pub named: Vec<String>,
    /// Patterns for the first words of a line.
    pub line: Vec<String>,
    /// Patterns of which each must fit one of the other words.
    pub with: Vec<String>,
    /// Patterns of which none may fit one of the other words.
    pub without: Vec<String>,
    /// Such a line is missed where there is none, instead of told where there is one.
    pub required: bool,
    /// What is told.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// How bad it is.
    pub severity: Severity,
}

/// What is known of whether something is so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Truth {
    No,
    Unknown,
    Yes,
}

impl Declared {
    /// The rule that speaks for it. A rule lives as long as the program, so there is one for each name and severity, and none for each
    /// text: what it says is held by whoever declares it.
    pub fn rule(&self) -> &'static Rule {
        self.row().rule
    }

    pub(crate) fn row(&self) -> &'static Row {
        static KNOWN: Mutex<BTreeMap<(String, Severity), &'static Row>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        // More names than settings of the largest size have: what comes after that goes by one name.
        let has_room = known.len() < MOST_RULES || known.contains_key(&(self.name.clone(), self.severity));
        let name = if has_room { self.name.as_str() } else { "other" };
        known.entry((name.to_owned(), self.severity)).or_insert_with(|| {
            let rule = Box::leak(Box::new(named(name, self.severity)));
            Box::leak(Box::new(Row::of(rule)))
        })
    }

    /// What the rule is about, as a page like those of all other rules.
    pub fn page(&self) -> String {
        let stop = if self.message.ends_with('.') { "" } else { "." };
        let help = self.help.as_ref().map_or(String::new(), |help| format!("## Use instead\n\n{help}\n\n"));
        let what = if self.required { "It misses" } else { "It looks for" };
        let mut words = self.line.join(" ");
        for (list, word) in [(&self.with, "with"), (&self.without, "without")] {
            if !list.is_empty() {
                words += &format!("` {word} `{}", list.join("`, `"));
            }
        }
        let kinds: Vec<String> = self.sections.iter().map(|kind| format!("`{}`", kind.keyword())).collect();
        let sections = if kinds.is_empty() { "all sections".to_owned() } else { format!("the sections {}", kinds.join(", ")) };
        format!(
            "{}{stop}\n\n## Why\n\n{what} `{words}` in {sections}.\n\n{help}## Source\n\nThe settings of this project, `haproxy-lint.toml`.\n",
            self.message
        )
    }

    /// Looks at one world.
    pub(crate) fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let config = cx.config;
        for section in config.sections().filter(|s| self.concerns(s)) {
            if self.required {
                let draft = section.location().filter(|_| !cx.is_open() && self.is_missing(config, &section));
                out.report_all(draft.map(|location| self.draft(location)));
            } else {
                let wrong = section.statements().filter(|s| self.fits(*s) == Truth::Yes);
                out.report_all(wrong.map(|s| self.draft(s.location())));
            }
        }
    }

    fn draft(&self, location: Location) -> Draft {
        // A text of several lines in the settings is one sentence here.
        let sentence = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let draft = Draft::at(location, sentence(&self.message));
        match &self.help {
            Some(help) => draft.help(sentence(help)),
            None => draft,
        }
    }

    fn concerns(&self, section: &SectionView<'_>) -> bool {
        let kind = self.sections.is_empty() || self.sections.contains(&section.kind);
        let name = section.name_str();
        kind && (self.named.is_empty() || self.named.iter().any(|pattern| glob(pattern, name)))
    }

    /// Whether neither the section nor the defaults that it inherits from has such a line.
    fn is_missing(&self, config: &Config<'_>, section: &SectionView<'_>) -> bool {
        let lacks = |section: &SectionView<'_>| section.statements().all(|s| self.fits(s) == Truth::No);
        let mut defaults = config.proxy(section.index()).and_then(|p| p.defaults());
        let mut inherited = false;
        // A chain of defaults is as long as there are sections.
        while let Some(proxy) = defaults.and_then(|at| config.proxies.get(at)) {
            inherited |= !lacks(&proxy.section);
            defaults = proxy.defaults();
        }
        !inherited && lacks(section)
    }

    fn fits(&self, statement: Statement<'_>) -> Truth {
        let word = |at: usize, pattern: &str| statement.word(at).map_or(Truth::No, |w| one(pattern, w.text));
        let first = self.line.iter().enumerate().map(|(at, pattern)| word(at, pattern)).min().unwrap_or(Truth::Yes);
        if first == Truth::No {
            return Truth::No;
        }
        let others = |pattern: &str| (self.line.len()..statement.len()).map(|at| word(at, pattern)).max().unwrap_or(Truth::No);
        let with = self.with.iter().map(|pattern| others(pattern)).min().unwrap_or(Truth::Yes);
        let without = self.without.iter().map(|pattern| match others(pattern) {
            Truth::Yes => Truth::No,
            Truth::Unknown => Truth::Unknown,
            Truth::No => Truth::Yes,
        });
        first.min(with).min(without.min().unwrap_or(Truth::Yes))
    }
}

fn named(name: &str, severity: Severity) -> Rule {
    let info = RuleInfo {
        name: Box::leak(format!("{GROUP}/{name}").into_boxed_str()),
        severity,
        docs: "A rule of this project.\n\n## Source\n\nThe settings of this project, `haproxy-lint.toml`.\n",
        module: module_path!(),
        ..RuleInfo::PLAIN
    };
    Rule { info, look: Look::Declared, about: FirstWords::ANY, mentions: &[], uses: None, mend: None }
}

/// The page of a rule: for one of the project what is declared under its name.
pub fn page<'d>(rule: &RuleInfo, declared: impl IntoIterator<Item = &'d Arc<Declared>>) -> Cow<'static, str> {
    let of_project = || declared.into_iter().find(|declared| declared.rule().name == rule.name);
    let own = if rule.group() == GROUP { of_project() } else { None };
    own.map_or(Cow::Borrowed(rule.docs), |declared| Cow::Owned(declared.page()))
}

fn one(pattern: &str, text: Text<'_>) -> Truth {
    match text {
        Text::Known(text) if glob(pattern, text) => Truth::Yes,
        Text::Known(_) => Truth::No,
        _ if pattern == "*" => Truth::Yes,
        _ => Truth::Unknown,
    }
}

/// Whether all of `text` fits the pattern: `*` is any text, `?` any character.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stands, and how far the text went when it was met.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match &mut star {
                Some((at, from)) => {
                    *from += 1;
                    (p, t) = (*at + 1, *from);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::{Options, Selection, check},
        settings::Settings,
        source::Sources,
    };

    fn declared(name: &str, message: String) -> Arc<Declared> {
        let text = format!("[[rule]]\nname = \"{name}\"\nline = \"bind\"\nmessage = \"{message}\"\n");
        Settings::parse(&text).unwrap().rule[0].declared()
    }

    #[test]
    fn settings_that_change_leave_nothing_behind() {
        let first = declared("kept", "first".to_owned());
        let rule = first.rule();
        for number in 0..1000 {
            let next = declared("kept", format!("message {number}"));
            assert!(std::ptr::eq(next.rule(), rule) && next.page().contains(&format!("message {number}.")));
            let mut selection = Selection::default();
            selection.declare([next.clone()]);
            let options = Options { selection, ..Options::default() };
            let report = check(&Sources::single("haproxy.cfg", "frontend web\n    bind :80\n"), &options);
            let finding = report.findings.iter().find(|finding| finding.rule.name == "project/kept").unwrap();
            assert_eq!(finding.message, format!("message {number}"));
            assert_eq!(page(finding.rule, &report.declared), next.page());
            drop((options, report));
            assert_eq!(Arc::strong_count(&next), 1, "nobody else holds it");
        }
        // Whoever holds the old words still has them.
        assert!(page(rule, [&first]).starts_with("first."));
    }

    #[test]
    fn a_pattern_fits_all_of_a_text() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*:80", "10.0.0.1:80"), ("", ""), ("a**", "a"), ("*a*b", "xaab")]
        {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("?", ""), ("*:80", "x:8080"), ("a*c", "ab"), ("", "a")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }
}
