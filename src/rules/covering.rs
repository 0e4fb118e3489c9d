//! The terms for which a list of rules has ended, found again by a narrower one.
//!
//! Each term is kept under the patterns of one of its ACLs; a narrower term looks for whatever patterns could take in the first
//! of its own. So a list of thousands of rules is gone through once, and not once for each of them.

use std::{
    hash::{BuildHasher, Hash},
    rc::Rc,
};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{
    cut::Cut,
    expression::inclusion::{Method, Pattern, Question},
};

use super::implication::{Acls, Asked, Literally};

/// How many rules are looked at that may cover a term.
const CANDIDATES: usize = 24;

/// How many rules are looked at of those that ask for a value in one way, whatever they compare it with.
const ALIKE: usize = 64;

/// ACLs with more patterns are looked for by their names alone.
const PATTERNS: usize = 256;

/// The entry before the first.
const NONE: u32 = u32::MAX;

/// Rules by the patterns of one ACL of a term of theirs.
#[derive(Default)]
pub(super) struct Covering<'r> {
    /// The last entry under a key, and how many there are.
    heads: FxHashMap<u64, (u32, u32)>,
    /// Each rule, and the entry before it.
    entries: Vec<(u32, u32)>,
    /// What is asked by entries whose key does not say with what they compare.
    asked: FxHashMap<u32, Rc<Asked<'r>>>,
    /// What has been noted: a bit for each [`Method`], and [`NEGATED`].
    kinds: u32,
    /// How long the patterns of a value are, by method; of networks, which masks there are.
    sizes: FxHashMap<u64, Vec<u128>>,
}

/// The bit of what is negated.
const NEGATED: u32 = 1 << 31;

/// A key, and the size to look for with the key of sizes; whether the key says with what is compared.
struct Key {
    key: u64,
    size: Option<(u64, u128)>,
    exact: bool,
}

impl<'r> Covering<'r> {
    /// Notes that `rule` ends the list where all of `term` hold; `acls` knows them.
    pub(super) fn add(&mut self, rule: u32, term: &[Literally<'r>], acls: &Acls<'_, 'r>, http: bool) {
        let wanted = term.iter().filter(|literal| !acls.always(literal, http));
        // Under the ACL that is asked least.
        let keys = wanted.map(|literal| (literal, kept(literal, acls))).min_by_key(|(_, keys)| self.most(keys));
        let Some((literal, keys)) = keys else { return };
        let methods = acls.asked(&literal.0).lines.iter().fold(0, |all, question| all | 1 << question.method as u32);
        self.kinds |= if literal.1 { NEGATED } else { methods };
        for Key { key, size, exact } in keys {
            let before = self.heads.get(&key).copied().unwrap_or((NONE, 0));
            self.heads.insert(key, (self.entries.len() as u32, before.1 + 1));
            if !exact {
                self.asked.insert(self.entries.len() as u32, acls.asked(&literal.0));
            }
            self.entries.push((rule, before.0));
            if let Some((of, size)) = size {
                let sizes = self.sizes.entry(of).or_default();
                if !sizes.contains(&size) {
                    sizes.push(size);
                }
            }
        }
    }

    /// How many rules there are under the fullest of these keys.
    fn most(&self, keys: &[Key]) -> u32 {
        keys.iter().filter_map(|key| self.heads.get(&key.key)).map(|(_, count)| *count).max().unwrap_or(0)
    }

    /// The rules that may cover a term, in their order.
    pub(super) fn candidates(&self, term: &[Literally<'r>], acls: &Acls<'_, 'r>) -> Vec<u32> {
        let mut rules = Vec::new();
        for literal in term {
            let narrow = acls.asked(&literal.0);
            self.looked_for(literal, &narrow, &mut |key| {
                let mut next = self.heads.get(&key).map_or(NONE, |(head, _)| *head);
                let mut seen = 0;
                while let Some((rule, before)) = self.entries.get(next as usize).filter(|_| rules.len() < CANDIDATES && seen < ALIKE) {
                    // Of many that ask alike only those are looked at as a whole that may fit.
                    if self.asked.get(&next).is_none_or(|wide| fits(wide, &narrow, literal.1)) {
                        rules.push(*rule);
                    }
                    (next, seen) = (*before, seen + 1);
                }
            });
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The keys under which what takes a literal in may be.
    fn looked_for(&self, literal: &Literally<'r>, asked: &Asked<'r>, look: &mut impl FnMut(u64)) {
        look(itself(literal));
        let Some(question) = asked.lines.first() else { return };
        if self.kinds & NEGATED != 0 {
            look(opposite(&question.value));
        }
        let Some(pattern) = question.patterns.first().filter(|_| !literal.1) else { return };
        if self.has(Method::Found) {
            look(group(question, Method::Found));
        }
        match pattern {
            Pattern::Nothing | Pattern::Range(..) => look(group(question, question.method)),
            Pattern::Network { v6, address, mask } if self.has(Method::Address) => {
                for size in self.sizes(networks(question, *v6)).filter(|size| size & mask == *size) {
                    look(hash((&question.value, *v6, size, address & size)));
                }
            }
            Pattern::Network { .. } => {}
            Pattern::Text(text) => self.texts(question, text, look),
        }
    }

    /// Whether anything is compared in this way.
    fn has(&self, method: Method) -> bool {
        self.kinds & 1 << method as u32 != 0
    }

    fn texts(&self, question: &Question<'_>, text: &str, look: &mut impl FnMut(u64)) {
        if self.has(Method::Regex) {
            look(group(question, Method::Regex));
        }
        let Some((method, text)) = question.literal(text) else { return };
        let text = text.to_ascii_lowercase();
        if method == Method::Whole {
            look(of_text(question, Method::Whole, &text));
        }
        if matches!(method, Method::Whole | Method::Begin) && self.has(Method::Begin) {
            for size in self.sizes(group(question, Method::Begin)).filter(|size| *size <= text.len() as u128) {
                look(of_text(question, Method::Begin, text.cut(..size as usize)));
            }
        }
        if matches!(method, Method::Whole | Method::End) && self.has(Method::End) {
            for size in self.sizes(group(question, Method::End)).filter(|size| *size <= text.len() as u128) {
                look(of_text(question, Method::End, text.cut(text.len() - size as usize..)));
            }
        }
        for method in [Method::Sub, Method::Dir, Method::Dom].into_iter().filter(|method| self.has(*method)) {
            look(group(question, method));
        }
    }

    fn sizes(&self, of: u64) -> impl Iterator<Item = u128> + '_ {
        self.sizes.get(&of).into_iter().flatten().copied()
    }
}

/// Whether the ACL of a wide term may hold where a narrow one does. An ACL that is kept for its value alone may be negated.
fn fits(wide: &Asked<'_>, narrow: &Asked<'_>, negated: bool) -> bool {
    if negated { narrow.takes_in(wide) } else { wide.takes_in(narrow) || wide.excludes(narrow) }
}

/// The keys under which a literal is kept.
fn kept<'r>(literal: &Literally<'r>, acls: &Acls<'_, 'r>) -> Vec<Key> {
    let mut keys = vec![Key { key: itself(literal), size: None, exact: true }];
    let asked = acls.asked(&literal.0);
    if asked.lines.iter().map(|q| q.patterns.len()).sum::<usize>() > PATTERNS {
        return keys;
    }
    for question in &asked.lines {
        match literal.1 {
            true => keys.push(Key { key: opposite(&question.value), size: None, exact: false }),
            false => keys.extend(question.patterns.iter().map(|pattern| kept_pattern(question, pattern))),
        }
    }
    keys
}

fn kept_pattern(question: &Question<'_>, pattern: &Pattern<'_>) -> Key {
    let group = |method| group(question, method);
    let alike = Key { key: group(question.method), size: None, exact: false };
    match pattern {
        Pattern::Nothing => Key { exact: true, ..alike },
        Pattern::Range(..) => alike,
        Pattern::Network { v6, address, mask } => {
            Key { key: hash((&question.value, *v6, mask, address & mask)), size: Some((networks(question, *v6), *mask)), exact: true }
        }
        Pattern::Text(text) => match question.method {
            Method::Sub | Method::Dir | Method::Dom | Method::Regex => alike,
            method => {
                let text = text.to_ascii_lowercase();
                Key { key: of_text(question, method, &text), size: Some((group(method), text.len() as u128)), exact: true }
            }
        },
    }
}

fn hash(key: impl Hash) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// The literal itself.
fn itself(literal: &Literally<'_>) -> u64 {
    hash(("itself", literal))
}

/// All that is negated and asks for a value.
fn opposite(value: &str) -> u64 {
    hash(("not", value))
}

/// All that asks for a value in one way.
fn group(question: &Question<'_>, method: Method) -> u64 {
    hash((&question.value, method))
}

fn networks(question: &Question<'_>, v6: bool) -> u64 {
    hash((&question.value, v6))
}

fn of_text(question: &Question<'_>, method: Method, text: &str) -> u64 {
    hash((&question.value, method, text))
}
