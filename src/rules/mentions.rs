//! What the `dead/unused-…` rules share: names that stand where no table of uses looks for them.

use memchr::memmem::Finder;
use rustc_hash::FxHashSet;

use crate::{
    config::{Config, NameKind},
    nearest::nearest,
    syntax::{SectionKind, Statement},
};

/// Every name that may be an argument: what stands in parentheses, behind `@`, or before a `/`, in any section.
pub(super) fn arguments<'r>(config: &Config<'r>) -> FxHashSet<&'r str> {
    let mut names = FxHashSet::default();
    for word in config.sections().flat_map(|s| s.statements()).flat_map(|s| s.words()) {
        let Some(text) = word.known() else { continue };
        in_word(text, |name| _ = names.insert(name));
    }
    names
}

/// Tells of the names in a word that may be arguments.
fn in_word<'r>(text: &'r str, mut tell: impl FnMut(&'r str)) {
    if text.contains(['(', '@']) {
        text.split(|c: char| !crate::syntax::is_name_char(c)).filter(|name| !name.is_empty()).for_each(tell);
    } else if let Some((before, _)) = text.split_once('/') {
        tell(before);
    }
}

/// So many names are looked for in the text of a line.
const FEW: usize = 4;

/// Those of `names` that are a word somewhere, or may be an argument.
pub(super) fn used<'r>(config: &Config<'r>, names: FxHashSet<&'r str>) -> FxHashSet<&'r str> {
    let mut used = FxHashSet::default();
    // Hardly any line holds one of a few names. Where there are many, to look at the words costs less.
    let finders: Option<Vec<Finder<'_>>> = (names.len() <= FEW).then(|| names.iter().map(|name| Finder::new(*name)).collect());
    let may_hold = |text: &[u8]| finders.as_ref().is_none_or(|finders| finders.iter().any(|name| name.find(text).is_some()));
    let holds = |line: &Statement<'_>| line.plain_text().is_none_or(may_hold);
    for line in config.sections().flat_map(|s| s.statements()).filter(holds) {
        for (at, text) in line.words().enumerate().filter_map(|(at, word)| Some((at, word.known()?))) {
            used.extend(names.get(text).filter(|_| at > 0));
            in_word(text, |name| used.extend(names.get(name)));
        }
    }
    used
}

/// Whether a name of this kind is used that nobody declares: what seems unused may be what was meant.
pub(super) fn some_unknown(config: &Config<'_>, kind: NameKind) -> bool {
    config.names.undeclared(kind).any(|used| !used.name.contains(['/', '%']))
}

/// So many names are compared at most to find out what was meant.
const COMPARISONS: usize = 100_000;

/// What names of this kind that nobody declares were probably meant to be; `None` where one of them may be any of those declared.
pub(super) fn meant<'r>(config: &'r Config<'_>, kind: NameKind) -> Option<FxHashSet<&'r str>> {
    let names = &config.names;
    let unknown = || names.undeclared(kind).map(|used| used.name).filter(|name| !name.contains(['/', '%']));
    let count = unknown().count();
    let known = if count == 0 { Vec::new() } else { names.list(kind) };
    if count.saturating_mul(known.len()) > COMPARISONS {
        return None;
    }
    unknown().map(|name| nearest(name, known.iter().copied())).collect()
}

/// Whether Lua runs, which may look at any proxy and table.
pub(super) fn has_lua(config: &Config<'_>) -> bool {
    let loads = |s: Statement<'_>| s.keyword().starts_with("lua-load");
    config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements()).any(loads)
}
