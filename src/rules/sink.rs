//! Where the findings of a rule go.

use crate::finding::{Draft, Help, Suggestion};

use super::Rule;

/// Takes what a rule reports.
pub struct Sink<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) drafts: &'a mut Vec<(&'static Rule, Draft)>,
}

impl Sink<'_> {
    /// Reports a finding.
    pub fn report(&mut self, mut draft: Draft) {
        if draft.fix.is_none() {
            draft.fix = draft.help.as_ref().and_then(Help::suggestion).map(Suggestion::fix);
        }
        self.drafts.push((self.rule, draft));
    }

    /// Reports what there is.
    pub fn report_all(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        drafts.into_iter().for_each(|draft| self.report(draft));
    }
}
