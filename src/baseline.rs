//! A baseline: the findings a project lives with, so that only new ones are told.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use crate::{check::Report, report::Fingerprints, source::Sources};

/// The findings that are known, by their fingerprints. A fingerprint is made of the rule, the file and the words of the
/// line, so it stays the same when lines move. Files go by their way from the folder of the baseline, wherever it is asked from.
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

/// The version whose files go by the names they were called by.
const AS_NAMED: u8 = 1;
/// The version whose files go by their way from the folder of the baseline.
const FROM_FOLDER: u8 = 2;

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// It is no JSON, or of another form.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text).map_err(|e| BaselineError(e.to_string()))?;
        if (AS_NAMED..=FROM_FOLDER).contains(&baseline.version) {
            Ok(baseline)
        } else {
            Err(BaselineError(format!("it is of version {}, and this program reads versions 1 and 2", baseline.version)))
        }
    }

    /// The baseline of what was found; `called` says how a file is called from the folder of the baseline.
    pub fn of<'a>(reports: impl IntoIterator<Item = (&'a Sources, &'a Report)>, called: impl Fn(&str) -> String) -> Self {
        let called = |name: &'a str| Cow::Owned(called(name));
        let mut prints = Fingerprints::default();
        let mut files: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (sources, report) in reports {
            for finding in &report.findings {
                let file = finding.location.map_or(Cow::Borrowed(""), |l| called(sources.file(l.file).name()));
                let print = prints.called(sources, finding, called);
                files.entry(file.into_owned()).or_default().insert(print, finding.rule.name.to_owned());
            }
        }
        Self { version: FROM_FOLDER, files }
    }

    /// Drops what is known from the reports; gives the number of entries that nothing was found for, which may go. `called` says how
    /// a file is called from the folder of the baseline.
    pub fn filter<'a>(&self, reports: impl IntoIterator<Item = (&'a Sources, &'a mut Report)>, called: impl Fn(&str) -> String) -> usize {
        let mut left: BTreeSet<&str> = self.files.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
        // What was not looked at is not gone. What has no place may be of any file.
        let mut looked_at = BTreeSet::from([String::new()]);
        let mut prints = Fingerprints::default();
        for (sources, report) in reports {
            looked_at.extend(sources.files().iter().map(|file| match self.version {
                AS_NAMED => file.name().trim_start_matches("./").to_owned(),
                _ => called(file.name()),
            }));
            report.findings.retain(|finding| {
                let print = match self.version {
                    AS_NAMED => prints.of(sources, finding),
                    _ => prints.called(sources, finding, |name| Cow::Owned(called(name))),
                };
                !left.remove(print.as_str())
            });
        }
        let gone = self.files.iter().filter(|(file, _)| looked_at.contains(*file)).flat_map(|(_, known)| known.keys());
        gone.filter(|print| left.contains(print.as_str())).count()
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
        let baseline = Baseline::parse(&Baseline::of([(&old, &report)], str::to_owned).to_text()).unwrap();
        let moved =
            Sources::single("haproxy.cfg", format!("# a\n# b\n\nglobal\nbackend b\n{fault}  server t s.example:80 resolvers elsewhere\n"));
        let mut report = check(&moved, &Options::default());
        let before = report.findings.len();
        assert_eq!(baseline.filter([(&moved, &mut report)], str::to_owned), 0);
        assert!(report.findings.len() < before && report.findings.iter().any(|f| f.message.contains("elsewhere")));
        assert!(!report.findings.iter().any(|f| f.message.contains("nowhere")));
        let mended = Sources::single("haproxy.cfg", "backend b\n");
        assert!(baseline.filter([(&mended, &mut check(&mended, &Options::default()))], str::to_owned) > 0);
    }

    #[test]
    fn it_holds_wherever_it_is_asked_from_and_an_old_one_where_it_was_written() {
        let text = "backend b\n  server s s.example:80 resolvers nowhere\n";
        let called = |name: &str| name.trim_start_matches("../").trim_start_matches("lb/").to_owned();
        let left = |baseline: &Baseline, name: &str| {
            let sources = Sources::single(name, text);
            let mut report = check(&sources, &Options::default());
            baseline.filter([(&sources, &mut report)], called);
            report.findings.len()
        };
        let sources = Sources::single("lb/a.cfg", text);
        let report = check(&sources, &Options::default());
        let baseline = Baseline::of([(&sources, &report)], called);
        assert_eq!(["lb/a.cfg", "a.cfg", "../lb/a.cfg"].map(|name| left(&baseline, name)), [0; 3]);
        let mut prints = Fingerprints::default();
        let entries: Vec<String> = report.findings.iter().map(|f| format!("\"{}\": \"r\"", prints.of(&sources, f))).collect();
        let old = Baseline::parse(&format!(r#"{{"version": 1, "files": {{"lb/a.cfg": {{ {} }}}}}}"#, entries.join(", "))).unwrap();
        assert_eq!((left(&old, "lb/a.cfg"), left(&old, "./lb/a.cfg")), (0, 0));
        assert!(left(&old, "a.cfg") > 0);
    }

    #[test]
    fn another_form_is_an_error() {
        assert!(Baseline::parse("[]").is_err());
        assert!(Baseline::parse(r#"{"version": 9, "files": {}}"#).unwrap_err().to_string().contains("version 9"));
    }
}
