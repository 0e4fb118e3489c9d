//! `haproxy-lint.toml`: what a project says once instead of on every command line.

use std::{collections::BTreeMap, fmt, ops::Range};

use serde::Deserialize;

use crate::nearest::nearest;

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
pub struct Settings {
    /// The HAProxy to check for, `X.Y` or `X.Y.Z`.
    pub target: Option<String>,
    /// What `-L` or the host name will be.
    pub local_name: Option<String>,
    /// A local name that is unknown or in no peers section is an error.
    pub require_local_peer: bool,
    /// Environment variables that HAProxy will have.
    pub env: BTreeMap<String, String>,
    /// Variables that are not in `env` are not set.
    pub env_closed: bool,
    /// Rules and groups that speak.
    pub select: Vec<String>,
    /// Rules and groups that do not.
    pub ignore: Vec<String>,
    /// Severities by rule or group.
    pub severity: BTreeMap<String, String>,
    /// The severity from which on the exit status is 1.
    pub fail_on: Option<String>,
    /// Files that belong together.
    pub config: Vec<ConfigSet>,
}

/// Files that make one configuration, in the order HAProxy is given them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ConfigSet {
    /// Files and directories, relative to the settings file.
    pub files: Vec<String>,
    /// The HAProxy that reads this set, where it is another than the rest's.
    pub target: Option<String>,
    /// The local name of this set.
    pub local_name: Option<String>,
    /// Further environment variables of this set.
    pub env: BTreeMap<String, String>,
}

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
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let message = error.message().to_owned();
            SettingsError { help: suggestion(&message), span: error.span(), message }
        })
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
