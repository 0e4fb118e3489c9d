//! `reference/duplicate-user`.

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// A user or a group stands twice in a userlist.
    ///
    /// ## Why
    ///
    /// HAProxy takes the first one and ignores the second with its password or its members; it warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// userlist staff
    ///     user anna insecure-password one
    ///     user anna insecure-password two
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// userlist staff
    ///     user anna insecure-password two
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8; the same in the sources of 2.4 to 3.4.
    "reference/duplicate-user", Warning, World(check), about: ["userlist"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Userlist) {
        let mut first: FxHashMap<(&str, &str), Location> = FxHashMap::default();
        for line in section.statements().filter(|line| matches!(line.keyword(), "user" | "group")) {
            let Some((word, name)) = line.word(1).and_then(|word| Some((word, word.known()?))) else { continue };
            let Some(earlier) = first.get(&(line.keyword(), name)) else {
                first.insert((line.keyword(), name), word.location);
                continue;
            };
            let message = format!("the {} `{name}` is in this userlist already, and this line is ignored", line.keyword());
            let draft = Draft::at(word.location, message).label("ignored").also(*earlier, "this one counts");
            out.report(draft.help("remove one of the two lines").warned_by(VersionSet::ALL));
        }
    }
}
