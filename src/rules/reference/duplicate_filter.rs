//! `reference/duplicate-filter`.

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// Two bandwidth limits of a section have one name.
    ///
    /// ## Why
    ///
    /// `set-bandwidth-limit` knows a limit by its name, so HAProxy refuses a second one.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     filter bwlim-out slow default-limit 1m default-period 1s
    ///     filter bwlim-in slow default-limit 1m default-period 1s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// frontend web
    ///     mode http
    ///     filter bwlim-out slow-downloads default-limit 1m default-period 1s
    ///     filter bwlim-in slow-uploads default-limit 1m default-period 1s
    /// ```
    ///
    /// ## Source
    ///
    /// `parse_bwlim_flt()` in flt_bwlim.c; observed with HAProxy 2.8 to 3.5.
    "reference/duplicate-filter", Error, World(check), about: ["filter"], mentions: ["bwlim-"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let versions = VersionSet::since(2, 7, 0);
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        let mut first: FxHashMap<&str, Location> = FxHashMap::default();
        let limits = |line: &Statement<'_>| line.keyword() == "filter" && matches!(line.str(1), "bwlim-in" | "bwlim-out");
        for word in proxy.section.statements().filter(limits).filter_map(|line| line.word(2)) {
            let Some(name) = word.known() else { continue };
            let earlier = *first.entry(name).or_insert(word.location);
            if earlier != word.location {
                let draft = Draft::at(word.location, format!("there is a bandwidth limit named `{name}` already"));
                let draft = draft.label("this name is taken").also(earlier, "the other one").help("give it another name");
                out.report(draft.only(versions).rejected_by(versions));
            }
        }
    }
}
