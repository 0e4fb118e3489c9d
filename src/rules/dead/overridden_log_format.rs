//! `dead/overridden-log-format`.

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// A `defaults` section sets the log format twice.
    ///
    /// ## Why
    ///
    /// `option httplog`, `option tcplog`, `option httpslog` and `log-format` set the same thing, and the last one counts. In a
    /// `defaults` section, where somebody may wonder which one is in force, HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     option httplog
    ///     log-format "%ci:%cp %HM %HU"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     log-format "%ci:%cp %HM %HU"
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/overridden-log-format", Warning, World(check), about: ["defaults"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.is_defaults()) {
        let inherited = proxy.defaults().and_then(|d| cx.config.proxies[d].in_force.get("log-format"));
        let mut before: Option<Statement<'_>> = inherited;
        for line in proxy.section.statements() {
            let Some(fact) = Fact::of(SectionKind::Listen, &line, 0).filter(|fact| fact.says(NoteKind::Family, "log-format")) else {
                continue;
            };
            let name = line.str(fact.words - 1);
            if let Some(earlier) = before {
                let draft = Draft::at(line.location(), format!("`{name}` replaces the log format that was set before"))
                    .label("the last one counts")
                    .help("keep one of the two")
                    .also(earlier.location(), "has no effect");
                out.report(draft.warned_by(VersionSet::ALL));
            }
            before = Some(line);
        }
    }
}
