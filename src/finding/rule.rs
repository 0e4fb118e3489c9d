//! What is known of a rule without asking it: its name, its page, and what the run has to know of it.

use std::fmt;

use crate::cut::Cut;

use super::Severity;

/// The group of the rules that a project writes itself.
pub const PROJECT: &str = "project";

/// The groups about security, with the scores of their errors, warnings and infos on the scale of CVSS. Code hosts call what is from
/// 7.0 on high, from 4.0 on medium.
const SECURITY: [(&str, [&str; 3]); 2] = [("security", ["8.5", "6.5", "3.5"]), ("tls", ["7.5", "5.5", "2.5"])];

/// What a rule looks at beside the configuration; it cannot speak where that is not at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// Nothing else.
    #[default]
    Nothing,
    /// The machine: its files, its users.
    Machine,
    /// What a real HAProxy said.
    Heard,
}

/// How often a rule is asked where several nodes read one configuration alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// Once for all of them: it sees the files and the variables.
    #[default]
    Once,
    /// Once for each node: it asks for the node's own name as well.
    ByNode,
}

/// Where what a rule says is told by others, or means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moot {
    /// Nowhere.
    #[default]
    Never,
    /// On the nodes of a topology: its own rules know more of it.
    InTopology,
    /// The same, where it is advice alone.
    AsAdviceInTopology,
    /// In a template: what fills it in sees other variables than HAProxy.
    InTemplate,
}

/// A rule as findings name it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RuleInfo {
    /// `group/kebab-name`, after what is wrong. Names are for good.
    pub name: &'static str,
    /// How bad its findings are where HAProxy says nothing of them, or less.
    pub severity: Severity,
    /// Its page in Markdown: what it does, why, a bad example, a good one, where it comes from.
    pub docs: &'static str,
    /// The module it is in, for the test of its name.
    pub module: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// How often it is asked.
    pub asked: Asked,
    /// Where nobody wants to hear it.
    pub moot: Moot,
    /// What it tells is normal: it is explained to those alone who ask for the rule by its name.
    pub normal: bool,
    /// A rule that says less of the same: where both speak of one name on one node, that one is not told.
    pub covers: Option<&'static str>,
    /// Whether some of its findings can be mended.
    pub mends: bool,
    /// It speaks only where it, or its group, is selected: what it finds is a matter of taste or of the place.
    pub quiet: bool,
}

impl fmt::Debug for RuleInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl RuleInfo {
    /// A rule of which nothing special is to be known, and which has no name yet.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        severity: Severity::Info,
        docs: "",
        module: "",
        needs: Needs::Nothing,
        asked: Asked::Once,
        moot: Moot::Never,
        normal: false,
        covers: None,
        mends: false,
        quiet: false,
    };

    /// The part of the name before the `/`.
    pub fn group(&self) -> &'static str {
        // It is short, and asked for often.
        let end = self.name.bytes().position(|byte| byte == b'/').unwrap_or(self.name.len());
        self.name.cut(..end)
    }

    /// How bad it is for security on the scale of CVSS from 0 to 10, where its group is about that.
    pub fn security_severity(&self) -> Option<&'static str> {
        let scores = SECURITY.iter().find(|(group, _)| *group == self.group()).map(|(_, scores)| scores)?;
        Some(match self.severity {
            Severity::Error => scores[0],
            Severity::Warning => scores[1],
            Severity::Info => scores[2],
        })
    }

    /// The first sentence of its page.
    pub fn summary(&self) -> &'static str {
        summary(self.docs)
    }

    /// The address of its page.
    pub fn url(&self) -> String {
        if self.group() == PROJECT {
            return format!("{}/blob/main/docs/settings.md#rules-of-your-own", env!("CARGO_PKG_REPOSITORY"));
        }
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

/// The first sentence of the page of a rule.
pub fn summary(page: &str) -> &str {
    page.trim().split("\n\n").next().unwrap_or("").trim()
}
