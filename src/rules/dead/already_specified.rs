use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// A setting of `global` is given twice, and only the first counts.
    ///
    /// ## Why
    ///
    /// Most settings are overwritten by a later line; of these HAProxy keeps the first value, prints an alert, and starts.
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
    /// HAProxy's cfgparse-global.c; observed with 2.6 to 3.4.
    "dead/already-specified", Error, World(check)
}

/// The settings, by what they set.
static SETTINGS: &[(&str, &str)] = &[
    ("maxconn", "maxconn"),
    ("maxconnrate", "maxconnrate"),
    ("maxsessrate", "maxsessrate"),
    ("maxsslrate", "maxsslrate"),
    ("maxcomprate", "maxcomprate"),
    ("maxpipes", "maxpipes"),
    ("fd-hard-limit", "fd-hard-limit"),
    ("ulimit-n", "ulimit-n"),
    ("uid", "user"),
    ("user", "user"),
    ("gid", "group"),
    ("group", "group"),
];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first: FxHashMap<&str, Statement<'_>> = FxHashMap::default();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Global) {
        for line in section.statements() {
            let Some((keyword, setting)) = SETTINGS.iter().find(|(keyword, _)| *keyword == line.keyword()) else { continue };
            // 0 and the like count as not given, and what is refused sets nothing.
            let given = line.word(1).and_then(Word::known).is_some_and(|value| !value.is_empty() && value != "0");
            if !given {
                continue;
            }
            match first.get(setting) {
                None => drop(first.insert(setting, line)),
                Some(earlier) => {
                    let message = format!("`{keyword}` is set already, and this line is ignored");
                    let draft =
                        Draft::at(line.location(), message).also(earlier.location(), "this one counts").help("keep one of the two lines");
                    let draft = draft.fix("delete the line that is ignored", vec![Edit::delete(line.whole_line())]);
                    out.report(draft.alerted_by(VersionSet::ALL));
                }
            }
        }
    }
}
