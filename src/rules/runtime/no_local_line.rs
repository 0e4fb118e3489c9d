//! `runtime/no-local-line`.

use crate::rules::prelude::*;

rule! {
    /// A section is shown without a local peer: the process does not find its own name in it.
    ///
    /// ## Why
    ///
    /// HAProxy 2.0 and 2.1 keep a section in which their own name is missing, and treat every peer of it as a remote one, so the process may even connect to itself.
    /// Later versions drop such a section (`runtime/section-missing`).
    ///
    /// ## Example
    ///
    /// ```show-peers bad
    /// 0x1: [22/Nov/2026:14:53:29] id=mypeers state=0 flags=0x3 resync_timeout=<PAST> task_calls=5
    ///   0x2: id=b(remote) addr=127.0.0.1:25003 status=ESTA reconnect=2s confirm=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    /// ```
    ///
    /// ## Use instead
    ///
    /// This is how it looks when it is well:
    ///
    /// ```show-peers good
    /// 0x1: [22/Nov/2026:14:53:29] id=mypeers state=0 flags=0x3 resync_timeout=<PAST> task_calls=5
    ///   0x2: id=b(remote) addr=127.0.0.1:25003 status=ESTA reconnect=2s confirm=0
    ///         flags=0x20000200 appctx:0x3 st0=7 st1=0 task_calls=7 state=EST
    ///   0x4: id=a(local) addr=127.0.0.1:25002 status=NONE reconnect=<NEVER> confirm=0
    ///         flags=0x0
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy 2.0.0, in network namespaces.
    "runtime/no-local-line", Error, Runtime(check)
}

fn check(cluster: &Cluster<'_>, out: &mut Sink<'_>) {
    for node in &cluster.nodes {
        let old = node.dump().sections.iter().filter(|s| s.is_old() && !s.peers.is_empty());
        for section in old.filter(|s| !node.dump().cut && s.local().is_none()) {
            let names: Vec<String> = section.peers.iter().map(|p| format!("`{}`", p.name)).collect();
            out.report(
                Draft::at(
                    node.at(section.span),
                    format!("`{}` does not find itself in `peers {}`: no peer is `(local)`", node.name, section.name),
                )
                .help(format!(
                    "start HAProxy with `-L` and one of {}, or name a line after its host; then restart, and one line says `(local)`",
                    names.join(", ")
                ))
                .nodes(vec![node.name.clone()]),
            );
        }
    }
}
