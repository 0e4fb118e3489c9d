use crate::cut::Cut;

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// A setting of `global` is given twice, and only the first counts.
    ///
    /// ## Why
    ///
    /// Most settings are overwritten by a later line; of these HAProxy keeps the first value, prints an
    /// alert or, since 3.1, only a warning for some of them, and starts; of `ca-base`, `crt-base`, `key-base`,
    /// `shm-stats-file`, the buffer for captures of TLS and `h1-case-adjust` of one header it refuses a second one.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     maxconn 1000
    ///     maxconn 2000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 2000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's cfgparse-global.c; observed with 2.6 to 3.5.
    "dead/already-specified", Error, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first: FxHashMap<(&str, &str), (Statement<'_>, VersionSet)> = FxHashMap::default();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Global) {
        for line in section.statements() {
            let Some(fact) = Fact::of(SectionKind::Global, &line, 0) else { continue };
            if !fact.has(NoteKind::FirstCounts) {
                continue;
            }
            let name = fact.note(NoteKind::Family).map_or(fact.name, |family| family.word);
            let each = fact.notes(NoteKind::FirstCounts).any(|when| when.word == EACH);
            let sets = (name, if each { line.str(1) } else { "" });
            let earlier = first.get(&sets).copied();
            let set = earlier.map_or(VersionSet::NONE, |(_, set)| set);
            if let Some((earlier, set)) = earlier {
                out.report(draft(fact, line, earlier, set));
            }
            let sets_now = fact.notes(NoteKind::FirstCounts).filter(|when| has_set(when.word, line)).map(|when| when.versions);
            let now = sets_now.fold(VersionSet::NONE, |all, versions| all | versions).minus(set);
            if !now.is_empty() {
                first.insert(sets, (earlier.map_or(line, |(earlier, _)| earlier), set | now));
            }
        }
    }
}

/// What the note says of a keyword that sets something else with each first word.
const EACH: &str = "each";

/// Whether `line` gives its setting a value, as its note says; what is refused sets nothing.
fn has_set(when: &str, line: Statement<'_>) -> bool {
    let value = line.word(1).and_then(Word::known).unwrap_or("");
    let number = |text: &str| text.parse::<i64>().is_ok_and(|number| number != 0);
    match when {
        // What begins with a number that is not 0.
        "number" => number(value.cut(..value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len()))),
        "id" => number(value),
        // The number of this one is 0.
        "name" => !matches!(value, "" | "root"),
        "text" => !value.is_empty(),
        _ => true,
    }
}

/// What is said of a line behind `earlier`, which has set the same in `set`.
fn draft(fact: &Fact, line: Statement<'_>, earlier: Statement<'_>, set: VersionSet) -> Draft {
    let refused = fact.versions(NoteKind::Twice, "refusal") & set;
    let each = fact.notes(NoteKind::FirstCounts).any(|when| when.word == EACH);
    let keyword = if each { format!("{} {}", fact.name, line.str(1)) } else { fact.name.to_owned() };
    let message = match refused.is_empty() {
        true => format!("`{keyword}` is set already, and this line is ignored"),
        false => format!("`{keyword}` is set already, and HAProxy takes no second one"),
    };
    let draft = Draft::at(line.location(), message).only(set).also(earlier.location(), "this one counts").help("keep one of the two lines");
    let draft = draft.fix("delete the line that is ignored", vec![Edit::delete(line.whole_line())]);
    match refused.is_empty() {
        true => draft.alerted_by(fact.versions(NoteKind::Twice, "alert") & set).warned_by(fact.versions(NoteKind::Twice, "warning") & set),
        false => draft.rejected_by(refused),
    }
}
