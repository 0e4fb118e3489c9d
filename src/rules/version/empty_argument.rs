//! `version/empty-argument`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::prelude::*;

rule! {
    /// An empty word that HAProxy 3.3 will refuse.
    ///
    /// ## Why
    ///
    /// HAProxy 3.2 reads all files twice, and each time warns that an empty word ends the arguments of its line: 3.3 and later
    /// refuse the line. What it does today is said by [`syntax/empty-argument`](../syntax/empty-argument.md).
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2.0 also=syntax/empty-argument
    /// global
    ///     log-send-hostname ""
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2.0
    /// global
    ///     log-send-hostname lb1
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 3.2.0, which prints the warning twice.
    "version/empty-argument", Warning, World(check), about: [PROBLEM]
}

/// The versions that warn, and those that refuse it.
const WARNED: VersionSet = VersionSet::branch(3, 2);
const REFUSED: VersionSet = VersionSet::since(3, 3, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let versions = cx.config.reading.world.versions;
    // Where a later version is checked for, its refusal says it.
    if !versions.meets(WARNED) || versions.meets(REFUSED) {
        return;
    }
    let empty = || cx.problems().iter().filter(|problem| matches!(problem.kind, ProblemKind::EmptyArgument { .. }));
    let before = before(cx, &empty().map(|problem| problem.location).collect());
    for problem in empty() {
        let behind = before.get(&problem.location).map(|word| format!(" behind `{}`", word.display())).unwrap_or_default();
        let message = format!("HAProxy 3.3 and later refuse a line with an empty word{behind}");
        let draft = Draft::at(problem.location, message).label("refused from 3.3 on");
        let draft = draft.help("mend it before the next upgrade").only(problem.versions & WARNED);
        out.report(draft.warned_by(WARNED));
    }
}

/// The word before the one at each of these places, if it is not in the header of a section.
fn before<'r>(cx: &Context<'r>, places: &FxHashSet<Location>) -> FxHashMap<Location, Word<'r>> {
    let reading = cx.config.reading;
    let mut before = FxHashMap::default();
    for line in reading.statements(0..reading.len()).take_while(|_| !places.is_empty()) {
        let pairs = line.words().zip(line.words().skip(1)).filter(|(_, word)| places.contains(&word.location));
        pairs.for_each(|(word, empty)| _ = before.entry(empty.location).or_insert(word));
    }
    before
}
