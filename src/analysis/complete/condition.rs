//! Conditions, and what stands behind the criterion of an ACL.

use crate::{
    catalog::NameKind,
    expression::{METHODS, acl_names, lookup_acl, lookup_fetch},
    rules::predefined_acls,
};

use super::{Detail, ItemKind, Maker, Weight};

/// What may stand before patterns.
const FLAGS: [&str; 7] = ["-i", "-f", "-m", "-n", "-M", "-u", "--"];

impl Maker<'_, '_> {
    /// One more word behind `if` or `unless` and these words.
    pub(super) fn condition(&mut self, words: &[String]) {
        let brace = words.iter().rposition(|word| matches!(word.trim_start_matches('!'), "{" | "}"));
        match brace {
            Some(at) if !words[at].ends_with('}') => {
                let inner = &words[at + 1..];
                if inner.is_empty() {
                    return self.criterion(0);
                }
                self.patterns(inner);
                self.word("}");
            }
            _ => self.terms(words),
        }
    }

    /// The name of an ACL, or what joins it with those before it.
    fn terms(&mut self, words: &[String]) {
        let negated = self.typed.word.len() - self.typed.word.trim_start_matches('!').len();
        self.names(NameKind::Acl, negated);
        for name in predefined_acls(self.versions) {
            self.weighed(ItemKind::Name(NameKind::Acl), name, negated, Detail::Text("predefined ACL"), Weight::Unlikely);
        }
        self.word("{");
        self.word("!{");
        if words.last().is_some_and(|word| !matches!(word.as_str(), "||" | "or")) {
            self.word("||");
            self.word("or");
        }
    }

    /// The criterion of an ACL, from byte `from` of the word on.
    pub(super) fn criterion(&mut self, from: usize) {
        self.sample(from);
        if self.typed.word.get(from..).is_some_and(|typed| typed.contains(['(', ','])) {
            return;
        }
        for acl in acl_names().filter_map(lookup_acl) {
            if lookup_fetch(acl.fetch).iter().any(|form| form.versions.meets(self.versions)) {
                self.add(ItemKind::Criterion, acl.name, from, Detail::Text(acl.fetch));
            }
        }
    }

    /// A flag or a pattern behind a criterion and these words.
    pub(super) fn patterns(&mut self, words: &[String]) {
        if words.last().is_some_and(|word| word == "-m") {
            return METHODS.into_iter().for_each(|method| self.word(method));
        }
        if !words.iter().any(|word| word == "--") {
            // Most of them say all they can at once.
            let again = |flag: &&str| *flag == "-f" || !words.iter().any(|word| word == *flag);
            FLAGS.into_iter().filter(again).for_each(|flag| self.word(flag));
        }
    }
}
