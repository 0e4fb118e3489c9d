//! Which rules speak, and how loud: `--select`, `--ignore`, `--severity`.

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::{
    finding::{RuleInfo, Severity},
    rules::{
        RULES, Rule,
        project::{Declared, GROUP},
    },
};

/// A name for several groups: what makes a configuration hard to attack.
const HARDENING: &str = "hardening";
const HARDENING_GROUPS: [&str; 2] = ["security", "tls"];

/// A rule or group that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// What was written.
    pub name: String,
    /// The nearest name that exists.
    pub nearest: Option<&'static str>,
}

impl UnknownRule {
    /// What to write instead.
    pub fn help(&self) -> String {
        self.nearest.map_or("`haproxy-lint rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"))
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule or group `{}`", self.name)
    }
}

impl std::error::Error for UnknownRule {}

/// Rules and groups that are selected, ignored, or given another severity. Later words win over earlier, rules over groups.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    select: Vec<&'static str>,
    ignore: Vec<&'static str>,
    severity: BTreeMap<&'static str, Severity>,
    declared: Vec<(&'static Rule, Arc<Declared>)>,
}

impl Selection {
    /// Adds rules of a project, to be asked and named like all others; one of the same name is replaced.
    pub fn declare(&mut self, rules: impl IntoIterator<Item = Arc<Declared>>) {
        for declared in rules {
            let rule = declared.rule();
            self.declared.retain(|(known, _)| known.name != rule.name);
            self.declared.push((rule, declared));
        }
    }

    /// What the rules of the project say.
    pub fn declared(&self) -> impl Iterator<Item = &Arc<Declared>> {
        self.declared.iter().map(|(_, declared)| declared)
    }

    /// What a rule of the project says.
    pub(crate) fn declaration(&self, rule: &Rule) -> Option<&Declared> {
        self.declared.iter().find(|(known, _)| known.name == rule.name).map(|(_, declared)| &**declared)
    }

    /// Every rule, those of the project last.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        RULES.iter().copied().chain(self.declared.iter().map(|(rule, _)| *rule))
    }

    /// The names of all rules and groups.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.rules().flat_map(|r| [r.name, r.group()]).chain([GROUP, HARDENING])
    }

    /// The rule or group `name`, as a name that lives as long as the program.
    fn resolve(&self, name: &str) -> Result<&'static str, UnknownRule> {
        let known = self.names().find(|n| *n == name);
        known.ok_or_else(|| UnknownRule { name: name.to_owned(), nearest: crate::nearest::nearest(name, self.names()) })
    }

    /// Lets only what is selected speak; several calls add up.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn select(&mut self, name: &str) -> Result<(), UnknownRule> {
        self.select.push(self.resolve(name)?);
        Ok(())
    }

    /// Silences a rule or group.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn ignore(&mut self, name: &str) -> Result<(), UnknownRule> {
        self.ignore.push(self.resolve(name)?);
        Ok(())
    }

    /// Gives the findings of a rule or group this severity, whatever it would be.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn severity(&mut self, name: &str, severity: Severity) -> Result<(), UnknownRule> {
        let name = self.resolve(name)?;
        self.severity.insert(name, severity);
        Ok(())
    }

    /// Whether `rule` speaks.
    pub fn enables(&self, rule: &RuleInfo) -> bool {
        // So it is nearly always, and each run asks for every rule in every world.
        if self.select.is_empty() && self.ignore.is_empty() {
            return !rule.quiet;
        }
        let preset = |list: &[&str]| list.contains(&HARDENING) && HARDENING_GROUPS.contains(&rule.group());
        let names = |list: &[&str]| (list.contains(&rule.name), list.contains(&rule.group()) || preset(list));
        match (names(&self.select), names(&self.ignore)) {
            ((true, _), _) => true,
            (_, (true, _)) => false,
            ((_, true), (_, ignored)) => !ignored,
            (_, (_, true)) => false,
            _ => self.select.is_empty() && !rule.quiet,
        }
    }

    /// Whether `rule` itself is selected, not only its group.
    pub(crate) fn selects(&self, rule: &RuleInfo) -> bool {
        self.select.contains(&rule.name)
    }

    /// The severity that `rule` was given.
    pub fn severity_of(&self, rule: &RuleInfo) -> Option<Severity> {
        self.severity.get(rule.name).or_else(|| self.severity.get(rule.group())).copied()
    }
}
