use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// Two name servers of a `resolvers` section have one name.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration: statistics and messages know name servers by their names.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///     nameserver one 192.0.2.54:53
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///     nameserver two 192.0.2.54:53
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/duplicate-nameserver", Error, World(check), about: ["nameserver"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Resolvers) {
        let mut first: FxHashMap<&str, Location> = FxHashMap::default();
        for line in section.statements().filter(|s| s.keyword() == "nameserver" && s.len() > 2) {
            let Some((word, name)) = line.word(1).and_then(|w| Some((w, w.known()?))) else { continue };
            let earlier = *first.entry(name).or_insert(word.location);
            if earlier != word.location {
                let draft = Draft::at(word.location, format!("there is a name server `{name}` already")).also(earlier, "the earlier one");
                out.report(draft.help("give one of them another name").rejected_by(VersionSet::ALL));
            }
        }
    }
}
