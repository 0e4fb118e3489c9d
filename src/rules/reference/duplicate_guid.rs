//! `reference/duplicate-guid`.

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// Two proxies or servers have the same `guid`.
    ///
    /// ## Why
    ///
    /// A `guid` names a proxy or a server over reloads and in files of statistics, and is one of a kind in the whole
    /// configuration: HAProxy refuses a second one, also of a server beside that of a proxy.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// backend app
    ///     server one 192.0.2.1:80 guid app-one
    ///     server two 192.0.2.2:80 guid app-one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// backend app
    ///     guid app
    ///     server one 192.0.2.1:80 guid app-one
    ///     server two 192.0.2.2:80 guid app-two
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.0 to 3.5.
    "reference/duplicate-guid", Error, World(check), mentions: ["guid"]
}

/// The versions that know the word.
const VERSIONS: VersionSet = VersionSet::since(3, 0, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first: FxHashMap<&str, Location> = FxHashMap::default();
    let sections = cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults()).map(|p| p.section);
    for line in sections.flat_map(|section| section.statements()) {
        let word = match line.keyword() {
            "guid" => line.word(1),
            "server" => Options::of_server(line, 3).value("guid"),
            _ => None,
        };
        let Some((word, guid)) = word.and_then(|word| Some((word, word.known()?))) else { continue };
        let earlier = *first.entry(guid).or_insert(word.location);
        if earlier != word.location {
            let draft = Draft::at(word.location, format!("the guid `{guid}` is given twice")).label("this one is taken");
            let draft = draft.also(earlier, "taken here").help("give each of them a guid of its own");
            out.report(draft.only(VERSIONS).rejected_by(VERSIONS));
        }
    }
}
