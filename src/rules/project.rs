//! Rules that a project writes itself, as data in its settings: `project/NAME`.

use std::sync::{Mutex, PoisonError};

use crate::{
    config::{Config, SectionView},
    finding::{Draft, PROJECT, RuleInfo, Severity},
    rules::{Context, Look, Rule, Sink},
    source::Location,
    syntax::{SectionKind, Statement, Text},
};

/// The group of these rules.
pub const GROUP: &str = PROJECT;

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
    /// The rule for it. The same words give the same rule, which lives as long as the program.
    pub fn rule(self) -> &'static Rule {
        static KNOWN: Mutex<Vec<(&'static Declared, &'static Rule)>> = Mutex::new(Vec::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rule)) = known.iter().find(|(declared, _)| **declared == self) {
            return rule;
        }
        let declared: &'static Self = Box::leak(Box::new(self));
        let rule = Rule {
            info: RuleInfo {
                name: Box::leak(format!("{GROUP}/{}", declared.name).into_boxed_str()),
                severity: declared.severity,
                docs: Box::leak(declared.page().into_boxed_str()),
                module: module_path!(),
                ..RuleInfo::PLAIN
            },
            look: Look::Declared(declared),
            mend: None,
        };
        let rule: &'static Rule = Box::leak(Box::new(rule));
        known.push((declared, rule));
        rule
    }

    fn page(&self) -> String {
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
        let mut defaults = config.proxy(section.index).and_then(|p| p.defaults);
        let mut inherited = false;
        // A chain of defaults is as long as there are sections.
        while let Some(proxy) = defaults.and_then(|at| config.proxies.get(at)) {
            inherited |= !lacks(&proxy.section);
            defaults = proxy.defaults;
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
