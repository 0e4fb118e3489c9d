//! A baseline: the findings a project lives with, so that only new ones are told.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{check::Report, report::Fingerprints, source::Sources};

/// The findings that are known, by their fingerprints. A fingerprint is made of the rule, the file and the words of the
/// line, so it stays the same when lines move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u8,
    /// For each file the fingerprints of what is known in it, with the rule for people who read it.
    files: BTreeMap<String, BTreeMap<String, String>>,
}

/// A baseline file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError(String);

impl std::fmt::Display for BaselineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BaselineError {}

impl From<BaselineError> for crate::project::Error {
    fn from(error: BaselineError) -> Self {
        Self::new(format!("the baseline cannot be used: {error}"), "write it anew with `--write-baseline`")
    }
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// It is no JSON, or of another form.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text).map_err(|e| BaselineError(e.to_string()))?;
        if baseline.version == 1 {
            Ok(baseline)
        } else {
            Err(BaselineError(format!("it is of version {}, and this program reads version 1", baseline.version)))
        }
    }

    /// The baseline of what was found.
    pub fn of<'a>(reports: impl IntoIterator<Item = (&'a Sources, &'a Report)>) -> Self {
        let mut prints = Fingerprints::default();
        let mut files: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (sources, report) in reports {
            for finding in &report.findings {
                let file = finding.location.map_or("", |l| sources.file(l.file).name().trim_start_matches("./"));
                files.entry(file.to_owned()).or_default().insert(prints.of(sources, finding), finding.rule.name.to_owned());
            }
        }
        Self { version: 1, files }
    }

    /// Drops what is known from the reports; gives the number of entries that nothing was found for, which may go.
    pub fn filter<'a>(&self, reports: impl IntoIterator<Item = (&'a Sources, &'a mut Report)>) -> usize {
        let mut left: BTreeSet<&str> = self.files.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
        let mut prints = Fingerprints::default();
        for (sources, report) in reports {
            report.findings.retain(|finding| !left.remove(prints.of(sources, finding).as_str()));
        }
        left.len()
    }

    /// The text of a baseline file.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{Options, check};

    use super::*;

    #[test]
    fn what_is_known_stays_known_when_lines_move_and_what_is_new_is_told() {
        let fault = "  server s s.example:80 resolvers nowhere\n";
        let old = Sources::single("haproxy.cfg", format!("global\nbackend b\n{fault}"));
        let report = check(&old, &Options::default());
        let baseline = Baseline::parse(&Baseline::of([(&old, &report)]).to_text()).unwrap();
        let moved =
            Sources::single("haproxy.cfg", format!("# a\n# b\n\nglobal\nbackend b\n{fault}  server t s.example:80 resolvers elsewhere\n"));
        let mut report = check(&moved, &Options::default());
        let before = report.findings.len();
        assert_eq!(baseline.filter([(&moved, &mut report)]), 0);
        assert!(report.findings.len() < before && report.findings.iter().any(|f| f.message.contains("elsewhere")));
        assert!(!report.findings.iter().any(|f| f.message.contains("nowhere")));
        let mended = Sources::single("haproxy.cfg", "backend b\n");
        assert!(baseline.filter([(&mended, &mut check(&mended, &Options::default()))]) > 0);
    }

    #[test]
    fn another_form_is_an_error() {
        assert!(Baseline::parse("[]").is_err());
        assert!(Baseline::parse(r#"{"version": 9, "files": {}}"#).unwrap_err().to_string().contains("version 9"));
    }
}
