//! `peers/localpeer-position`.

use crate::rules::prelude::*;

rule! {
    /// `localpeer` stands behind a `peers` section, where HAProxy up to 3.0 ignores it.
    ///
    /// ## Why
    ///
    /// Up to 3.0 HAProxy reads the files once, and builds each `peers` section with the name that is known by then. A later
    /// `localpeer` gets a warning and is ignored, so the node goes by its host name, is mostly not found in the section, and
    /// the section is dropped. With several files the order of `-f` counts. From 3.1 on the place does not matter.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// global
    ///     localpeer haproxy-0
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// global
    ///     localpeer haproxy-0
    ///
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "peers/localpeer-position", Error, World(check), about: ["localpeer"], asked: ByNode, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    const IGNORED: VersionSet = VersionSet::before(3, 1, 0);
    for line in cx.config.localpeer.iter().filter(|l| cx.config.is_behind_peers(l)) {
        let mut draft =
            Draft::at(line.location(), "this `localpeer` comes after a `peers` section, and HAProxy up to 3.0 ignores it there")
                .label("too late")
                .help("move the line into a `global` section above the first `peers` section")
                .note("the node then goes by its host name, and a section without a peer of that name is dropped: nothing is replicated")
                .only(IGNORED)
                .warned_by(IGNORED);
        if let Some(first) = cx.config.peers.first().and_then(|p| p.location()) {
            draft = draft.also(first, "the first `peers` section");
        }
        if let Some(global) = cx.config.sections().find(|s| s.kind == SectionKind::Global).and_then(|s| s.header())
            && !cx.config.is_behind_peers(&global)
        {
            let below = global.whole_line();
            let text = format!("    {}\n", line.file().text(line.location().span));
            let insert = Edit::replace(Location { span: Span::new(below.span.end, below.span.end), ..below }, text);
            draft = draft.fix("move the line into the first `global` section", vec![insert, Edit::delete(line.whole_line())]);
        }
        out.report(draft);
    }
}
