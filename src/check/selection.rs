//! Which rules speak, and how loud: `--select`, `--also`, `--ignore`, `--severity`.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
};

use crate::{
    finding::{RuleInfo, Severity},
    nearest::nearest,
    rules::{
        ROWS, Row, Rule,
        project::{Declared, GROUP},
    },
};

/// A name for several groups.
struct Preset {
    name: &'static str,
    has: fn(&RuleInfo) -> bool,
}

/// What makes a configuration hard to attack, and everything.
const PRESETS: [Preset; 2] =
    [Preset { name: "hardening", has: |rule| matches!(rule.group(), "security" | "tls") }, Preset { name: "all", has: |_| true }];

/// The names of `rule` beside its own: its group, and what it is a part of.
pub(super) fn wider(rule: &RuleInfo) -> impl Iterator<Item = &'static str> {
    let presets = PRESETS.iter().filter(|preset| (preset.has)(rule)).map(|preset| preset.name);
    std::iter::once(rule.group()).chain(presets)
}

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

/// Rules and groups that are selected, added, ignored, or given another severity. Later words win over earlier, rules over groups.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    select: Vec<&'static str>,
    also: Vec<&'static str>,
    ignore: Vec<&'static str>,
    severity: BTreeMap<&'static str, Severity>,
    declared: Vec<(&'static Row, Arc<Declared>)>,
    /// Rules beside these are not asked.
    within: Option<fn(&RuleInfo) -> bool>,
    /// The rules that speak, once a run has asked; copies have them in common.
    speaking: Arc<OnceLock<Vec<&'static Row>>>,
}

impl Selection {
    /// Adds rules of a project, to be asked and named like all others; one of the same name is replaced.
    pub fn declare(&mut self, rules: impl IntoIterator<Item = Arc<Declared>>) {
        self.speaking = Arc::default();
        for declared in rules {
            let row = declared.row();
            self.declared.retain(|(known, _)| known.rule.name != row.rule.name);
            self.declared.push((row, declared));
        }
    }

    /// What the rules of the project say.
    pub fn declared(&self) -> impl Iterator<Item = &Arc<Declared>> {
        self.declared.iter().map(|(_, declared)| declared)
    }

    /// What a rule of the project says.
    pub(crate) fn declaration(&self, rule: &Rule) -> Option<&Declared> {
        self.declared.iter().find(|(known, _)| known.rule.name == rule.name).map(|(_, declared)| &**declared)
    }

    /// Every rule, those of the project last.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        self.rows().map(|row| row.rule)
    }

    /// The rows of all of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static Row> + '_ {
        ROWS.iter().chain(self.declared.iter().map(|(row, _)| *row))
    }

    /// The names of all rules and groups.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.rules().flat_map(|r| [r.name, r.group()]).chain([GROUP]).chain(PRESETS.map(|preset| preset.name))
    }

    /// The rule or group `name`, as a name that lives as long as the program.
    pub(crate) fn resolve(&self, name: &str) -> Result<&'static str, UnknownRule> {
        let known = self.names().find(|n| *n == name);
        known.ok_or_else(|| UnknownRule { name: name.to_owned(), nearest: self.nearest(name) })
    }

    /// What was meant by `name`: a rule may be written without its group.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        let short = |rule: &'static Rule| rule.name.split_once('/').map_or("", |(_, short)| short);
        let rule = |name: &str| self.rules().find(|rule| short(rule) == name).map(|rule| rule.name);
        let near = || nearest(name, self.rules().map(short)).and_then(rule);
        rule(name).or_else(|| nearest(name, self.names())).or_else(near)
    }

    /// Lets only what is selected speak; several calls add up.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn select(&mut self, name: &str) -> Result<(), UnknownRule> {
        self.select.push(self.resolve(name)?);
        self.speaking = Arc::default();
        Ok(())
    }

    /// Lets a rule or group speak beside everything else that does: what is quiet by itself.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn also(&mut self, name: &str) -> Result<(), UnknownRule> {
        self.also.push(self.resolve(name)?);
        self.speaking = Arc::default();
        Ok(())
    }

    /// Silences a rule or group.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn ignore(&mut self, name: &str) -> Result<(), UnknownRule> {
        self.ignore.push(self.resolve(name)?);
        self.speaking = Arc::default();
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

    /// All that speak where nothing is selected, as far as they are `wanted`.
    pub(super) fn within(wanted: fn(&RuleInfo) -> bool) -> Self {
        Self { within: Some(wanted), ..Self::default() }
    }

    /// The rules that speak: each run asks for them in every world.
    pub(super) fn speaking(&self) -> &[&'static Row] {
        self.speaking.get_or_init(|| match self.is_plain() && self.within.is_none() {
            true => self.rows().filter(|row| !row.quiet).collect(),
            false => self.rows().filter(|row| self.enables(row.rule)).collect(),
        })
    }

    /// Whether nothing is selected, added or ignored. So it is nearly always.
    fn is_plain(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty() && self.also.is_empty()
    }

    /// Whether `rule` speaks.
    pub fn enables(&self, rule: &RuleInfo) -> bool {
        if self.within.is_some_and(|wanted| !wanted(rule)) {
            return false;
        }
        if self.is_plain() {
            return !rule.quiet;
        }
        let names = |list: &[&str]| (list.contains(&rule.name), wider(rule).any(|name| list.contains(&name)));
        let (select, also) = (names(&self.select), names(&self.also));
        match ((select.0 || also.0, select.1 || also.1), names(&self.ignore)) {
            ((true, _), _) => true,
            (_, (true, _)) => false,
            ((_, true), (_, ignored)) => !ignored,
            (_, (_, true)) => false,
            _ => self.select.is_empty() && !rule.quiet,
        }
    }

    /// Whether `rule` itself is selected, not only its group.
    pub(crate) fn selects(&self, rule: &RuleInfo) -> bool {
        self.select.contains(&rule.name) || self.also.contains(&rule.name)
    }

    /// The severity that `rule` was given.
    pub fn severity_of(&self, rule: &RuleInfo) -> Option<Severity> {
        if self.severity.is_empty() {
            return None;
        }
        std::iter::once(rule.name).chain(wider(rule)).find_map(|name| self.severity.get(name)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether rules speak: one that is quiet by itself, one of the same group that is not, one of another group.
    fn speak(selection: &Selection) -> [bool; 3] {
        ["security/weak-ciphers", "security/admin-socket-open", "dead/unused-acl"]
            .map(|name| selection.enables(Rule::by_name(name).unwrap()))
    }

    fn with(select: &[&str], also: &[&str], ignore: &[&str]) -> [bool; 3] {
        let mut selection = Selection::default();
        select.iter().for_each(|name| selection.select(name).unwrap());
        also.iter().for_each(|name| selection.also(name).unwrap());
        ignore.iter().for_each(|name| selection.ignore(name).unwrap());
        speak(&selection)
    }

    #[test]
    fn what_is_quiet_can_be_had_alone_or_beside_everything_else() {
        assert_eq!(with(&[], &[], &[]), [false, true, true]);
        assert_eq!(with(&["hardening"], &[], &[]), [true, true, false]);
        assert_eq!(with(&[], &["hardening"], &[]), [true, true, true]);
        assert_eq!(with(&["dead"], &["security/weak-ciphers"], &[]), [true, false, true]);
        assert_eq!(with(&["all"], &[], &[]), [true, true, true]);
        assert_eq!(with(&[], &["security"], &["security/admin-socket-open", "dead"]), [true, false, false]);
        assert_eq!(with(&[], &["hardening"], &["hardening"]), [false, false, true]);
        assert_eq!(with(&[], &["security/weak-ciphers"], &["all"]), [true, false, false]);
    }

    #[test]
    fn a_rule_without_its_group_is_known_again() {
        let meant = |name: &str| Selection::default().resolve(name).unwrap_err().nearest;
        assert_eq!(meant("unused-acl"), Some("dead/unused-acl"));
        assert_eq!(meant("unusd-acl"), Some("dead/unused-acl"));
        assert_eq!(meant("dead/unusd-acl"), Some("dead/unused-acl"));
        assert_eq!(meant("keywrod"), Some("keyword"));
        assert_eq!(meant("xyzzy"), None);
    }

    #[test]
    fn a_severity_holds_for_what_a_name_stands_for() {
        let mut selection = Selection::default();
        selection.severity("hardening", Severity::Error).unwrap();
        assert_eq!(selection.severity_of(Rule::by_name("security/weak-ciphers").unwrap()), Some(Severity::Error));
        assert_eq!(selection.severity_of(Rule::by_name("dead/unused-acl").unwrap()), None);
    }
}
