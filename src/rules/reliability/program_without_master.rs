//! `reliability/program-without-master`.

use crate::rules::prelude::*;

rule! {
    /// A `program` section stands in a configuration that does not ask for the master mode.
    ///
    /// ## Why
    ///
    /// Programs are started by the master process. `-W` or `-Ws` on the command line start one, as the units of distributions and the
    /// official image do, and so does `master-worker` in `global`. Without any of them HAProxy refuses to start, and so does a
    /// plain `haproxy -c -f FILE`: the check needs the same `-W`.
    ///
    /// As the command line is not in the configuration, this is advice. With a topology nothing is said.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// program api
    ///     command /usr/bin/dataplaneapi
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// global
    ///     master-worker
    /// program api
    ///     command /usr/bin/dataplaneapi
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.0, with and without `-W`.
    "reliability/program-without-master", Info, World(check), about: ["program"], moot: InTopology
}

/// The versions that take the section; 3.1 and 3.2 want more than that, which other rules tell.
const VERSIONS: VersionSet = VersionSet::before(3, 1, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let first = |kind| cx.config.sections().find(|s| s.kind == kind && s.header().is_some());
    let Some(header) = first(SectionKind::Program).and_then(|s| s.header()) else { return };
    let mut globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    if cx.is_open() || globals.any(|s| s.statements().any(|line| line.keyword() == "master-worker")) {
        return;
    }
    let draft = Draft::at(header.location(), "programs run in master mode alone, and nothing here asks for it")
        .label("refused unless HAProxy is started with `-W` or `-Ws`")
        .help("check and start it with `-W`, or write `master-worker` into `global`");
    out.report(draft.only(VERSIONS));
}
