//! `haproxy-lint.toml`: what a project says once instead of on every command line.

mod schema;

pub use schema::{URL as SCHEMA_URL, schema};

use std::{collections::BTreeMap, fmt, ops::Range, sync::Arc};

use serde::{Deserialize, Deserializer};

use crate::{
    check::Selection,
    finding::Severity,
    format::{Indent, Spacing, Style},
    nearest::nearest,
    rules::project::Declared,
    syntax::{SECTIONS, SectionKind, section_kind},
    version::{UnknownVersion, Version},
};

/// The name of the settings file.
pub const FILE_NAME: &str = "haproxy-lint.toml";

/// Everything a settings file can say.
///
/// ```
/// use haproxy_lint::settings::Settings;
/// let settings = Settings::parse("target = \"2.8\"\n[[config]]\nfiles = [\"global.cfg\", \"conf.d\"]\n").unwrap();
/// assert_eq!(settings.config[0].files.len(), 2);
/// assert!(Settings::parse("tarjet = \"2.8\"").is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Settings {
    /// Another settings file, relative to this one, that this one adds to and overrides.
    pub extend: Option<String>,
    /// The HAProxy to check for, written `X.Y` or `X.Y.Z`.
    #[serde(deserialize_with = "version")]
    pub target: Option<Version>,
    /// What `-L` or the host name will be.
    pub local_name: Option<String>,
    /// Where it is deployed: files and directories, relative to this file.
    pub topology: Vec<String>,
    /// Only these nodes of the topology.
    pub node: Vec<String>,
    /// A local name that is unknown or in no peers section is an error.
    pub require_local_peer: Option<bool>,
    /// Environment variables that HAProxy will have.
    pub env: BTreeMap<String, String>,
    /// Variables that are not in `env` are not set.
    pub env_closed: Option<bool>,
    /// Rules and groups that speak.
    pub select: Vec<RuleName>,
    /// Rules and groups that speak beside the others.
    pub also: Vec<RuleName>,
    /// Rules and groups that do not.
    pub ignore: Vec<RuleName>,
    /// Severities by rule or group.
    pub severity: BTreeMap<RuleName, Level>,
    /// The severity from which on the exit status is 1.
    pub fail_on: Option<Level>,
    /// The findings that are known, a file relative to this one.
    pub baseline: Option<String>,
    /// Files that are not looked for in directories, as patterns of a `.gitignore`.
    pub exclude: Vec<String>,
    /// Files that belong together.
    pub config: Vec<ConfigSet>,
    /// What is otherwise for some files.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// Rules of the project.
    pub rule: Vec<ProjectRule>,
    /// How files are laid out.
    pub format: Formatting,
}

/// How files are laid out, as far as it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Formatting {
    /// By what lines are indented.
    pub indent: Option<Indent>,
    /// What stands between words.
    pub spacing: Option<Spacing>,
}

impl Formatting {
    /// What is said here on top of what `base` says.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        Self { indent: self.indent.or(base.indent), spacing: self.spacing.or(base.spacing) }
    }

    /// The layout that it is, with what is usual where nothing is said.
    pub fn style(self) -> Style {
        Style { indent: self.indent.unwrap_or_default(), spacing: self.spacing.unwrap_or_default() }
    }
}

/// A rule of the project, `project/NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProjectRule {
    /// Its name, without the group.
    #[serde(deserialize_with = "rule_name")]
    pub name: String,
    /// The kinds of sections that it looks at; all of them if there is none.
    #[serde(default)]
    pub section: Vec<Kind>,
    /// Patterns for the names of the sections.
    #[serde(default)]
    pub section_name: Vec<String>,
    /// Patterns for the first words of a line.
    #[serde(deserialize_with = "words")]
    pub line: Vec<String>,
    /// Patterns of which each fits one of the other words.
    #[serde(default)]
    pub with: Vec<String>,
    /// Patterns of which none fits one of the other words.
    #[serde(default)]
    pub without: Vec<String>,
    /// Such a line must be there; without this it must not.
    #[serde(default)]
    pub required: bool,
    /// What is told.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// How bad it is; a warning if nothing is said.
    pub severity: Option<Level>,
}

/// A kind of sections by its keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(pub SectionKind);

impl ProjectRule {
    /// What it declares.
    pub fn declared(&self) -> Arc<Declared> {
        Arc::new(Declared {
            name: self.name.clone(),
            sections: self.section.iter().map(|kind| kind.0).collect(),
            named: self.section_name.clone(),
            line: self.line.clone(),
            with: self.with.clone(),
            without: self.without.clone(),
            required: self.required,
            message: self.message.clone(),
            help: self.help.clone(),
            severity: self.severity.map_or(Severity::Warning, |level| level.0),
        })
    }
}

/// What is otherwise for some files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// The files, as patterns of a `.gitignore`.
    pub files: Vec<String>,
    /// The HAProxy that reads them, where it is another than the rest's.
    #[serde(default, deserialize_with = "version")]
    pub target: Option<Version>,
    /// Rules and groups that do not speak of them.
    #[serde(default)]
    pub ignore: Vec<RuleName>,
    /// Severities of rules and groups for them.
    #[serde(default)]
    pub severity: BTreeMap<RuleName, Level>,
    /// Another layout of them.
    #[serde(default)]
    pub format: Formatting,
}

impl Override {
    fn rules(&self) -> impl Iterator<Item = &RuleName> {
        self.ignore.iter().chain(self.severity.keys())
    }
}

/// Files that make one configuration, in the order HAProxy is given them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConfigSet {
    /// Files and directories, relative to the settings file.
    pub files: Vec<String>,
    /// The HAProxy that reads this set, where it is another than the rest's.
    #[serde(default, deserialize_with = "version")]
    pub target: Option<Version>,
    /// The local name of this set.
    pub local_name: Option<String>,
    /// Further environment variables of this set.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// The name of a rule or group that exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleName {
    /// The name.
    pub name: String,
    /// Where it stands, from its first byte to behind its last.
    span: (usize, usize),
}

/// A severity by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(pub Severity);

/// Why a settings file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Option<Range<usize>>,
    /// What could be written instead.
    pub help: Option<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Reads the text of a settings file.
    ///
    /// # Errors
    /// If it is no TOML, or says something that is no setting.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error: toml::de::Error| {
            let (message, help) = match error.message().split_once('\n') {
                Some((message, help)) => (message, Some(help.to_owned())),
                None => (error.message(), suggestion(error.message())),
            };
            SettingsError { message: message.to_owned(), span: error.span(), help }
        })?;
        let rules = settings.select.iter().chain(&settings.also).chain(&settings.ignore).chain(settings.severity.keys());
        rules.chain(settings.overrides.iter().flat_map(Override::rules)).try_for_each(|rule| rule.check(&settings))?;
        Ok(settings)
    }

    /// These settings on top of those they extend. A value replaces the value of `base`, and so does a list in `select`, `topology` and `node`;
    /// `also`, `ignore`, `exclude`, `severity`, `env`, `config`, `override` and `rule` add up.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        let joined = |mut first: BTreeMap<_, _>, second| {
            first.extend(second);
            first
        };
        let mut severity = base.severity;
        severity.retain(|rule, _| !self.severity.keys().any(|own| own.name == rule.name));
        severity.extend(self.severity);
        Self {
            extend: self.extend,
            target: self.target.or(base.target),
            local_name: self.local_name.or(base.local_name),
            topology: if self.topology.is_empty() { base.topology } else { self.topology },
            node: if self.node.is_empty() { base.node } else { self.node },
            require_local_peer: self.require_local_peer.or(base.require_local_peer),
            env: joined(base.env, self.env),
            env_closed: self.env_closed.or(base.env_closed),
            select: if self.select.is_empty() { base.select } else { self.select },
            also: [base.also, self.also].concat(),
            ignore: [base.ignore, self.ignore].concat(),
            severity,
            fail_on: self.fail_on.or(base.fail_on),
            baseline: self.baseline.or(base.baseline),
            exclude: [base.exclude, self.exclude].concat(),
            config: [base.config, self.config].concat(),
            overrides: [base.overrides, self.overrides].concat(),
            rule: [base.rule, self.rule].concat(),
            format: self.format.over(base.format),
        }
    }
}

/// A value that is no setting, for TOML to say where: the first line is the message, the second the help.
fn wrong<E: serde::de::Error>(message: impl fmt::Display, help: impl fmt::Display) -> E {
    E::custom(format_args!("{message}\n{help}"))
}

fn version<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(value)?;
    Version::named(&text).map(Some).map_err(|error: UnknownVersion| wrong(error, UnknownVersion::help()))
}

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<String>::deserialize(value)?;
        let Range { start, end } = spanned.span();
        Ok(Self { span: (start, end), name: spanned.into_inner() })
    }
}

impl RuleName {
    /// Asked once all is read: only there are errors in the midst of an array told with their own place.
    fn check(&self, settings: &Settings) -> Result<(), SettingsError> {
        let mut known = Selection::default();
        known.declare(settings.rule.iter().map(ProjectRule::declared));
        // Rules of the project may stand in the file that this one extends.
        if settings.extend.is_some() && self.name.starts_with("project/") {
            return Ok(());
        }
        known.ignore(&self.name).map_err(|error| SettingsError {
            message: error.to_string(),
            span: Some(self.span.0..self.span.1),
            help: Some(error.help()),
        })
    }
}

/// What a rule may be called.
fn rule_name<'de, D: Deserializer<'de>>(value: D) -> Result<String, D::Error> {
    let name = String::deserialize(value)?;
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(name);
    }
    Err(wrong(format_args!("`{name}` is no name of a rule"), "write small letters, digits and dashes, such as `no-plain-http`"))
}

/// The words of a line.
fn words<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    let words: Vec<String> = String::deserialize(value)?.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        Err(wrong("`line` has no word", "write the first words of the lines: `line = \"option httplog\"`"))
    } else {
        Ok(words)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let name = String::deserialize(value)?;
        let help = || match nearest(&name, SECTIONS.iter().map(|s| s.keyword)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the sections are those of HAProxy: `global`, `frontend`, `backend` and so on".to_owned(),
        };
        section_kind(&name).map(|section| Self(section.kind)).ok_or_else(|| wrong(format_args!("there is no section `{name}`"), help()))
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let name = String::deserialize(value)?;
        let unknown = || wrong(format_args!("`{name}` is no severity"), "the severities are error, warning and info");
        Severity::from_name(&name).map(Self).ok_or_else(unknown)
    }
}

/// `unknown field `x`, expected one of …`: names the nearest of what was expected.
fn suggestion(message: &str) -> Option<String> {
    let mut names = message.split('`').skip(1).step_by(2);
    let wrong = names.next().filter(|_| message.starts_with("unknown field"))?;
    let known: Vec<&str> = names.collect();
    Some(match nearest(wrong, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the settings are {}", known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    })
}
