//! `peers/local-name-case-or-fqdn`.

use crate::rules::prelude::*;

rule! {
    /// The name of the node is in the `peers` section, but in another case, or with or without its domain.
    ///
    /// ## Why
    ///
    /// HAProxy compares peer names byte for byte: `LB1` is not `lb1`, and a host that calls itself `lb1.example.com` is not the
    /// peer `lb1`. The section is then dropped as if the node were not in it: HAProxy starts with one warning and replicates
    /// nothing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=lb1.example.com
    /// peers cluster
    ///     peer lb1 10.0.0.10:1024
    ///     peer lb2 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     localpeer lb1
    ///
    /// peers cluster
    ///     peer lb1 10.0.0.10:1024
    ///     peer lb2 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// opnsense/plugins#3114; observed with HAProxy 2.4 to 3.5 (2.6.0 is silent).
    "peers/local-name-case-or-fqdn", Error, World(check), about: ["peers"], asked: ByNode, mends: true, mend: mend
}

/// HAProxy 2.6.0 drops the section without a word; it is known to speak again from 2.6.12 on.
const TELLS: VersionSet = VersionSet::ALL.minus(VersionSet::branch(2, 6)).or(VersionSet::branch_since(2, 6, 12));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.config.reading.opaque {
        return;
    }
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        let Some(local) = view.local else { continue };
        if view.peers.list.iter().any(|p| p.may_be(local)) {
            continue;
        }
        let Some(near) = view.peers.list.iter().find(|p| p.resembles(local)) else { continue };
        let name = near.name.display();
        let how = if name.eq_ignore_ascii_case(local) {
            "in another case"
        } else if local.len() > name.len() {
            "without its domain"
        } else {
            "with a domain"
        };
        out.report(
            Draft::at(near.name.location, format!("this node is `{local}`, and `{}` lists it as `{name}`, {how}", view.peers.name()))
                .about(Subject::new(SubjectKind::Node, local))
                .about(Subject::new(SubjectKind::Peer, name.as_ref()))
                .offer(format!("write `{local}`"), vec![Edit::replace(near.name.location, local)])
                .label(format!("HAProxy does not take this for `{local}`"))
                .help(format!("write `{local}` here in the configuration of every node, or start HAProxy with `-L {name}` on this one, or put `localpeer {name}` first into its `global`"))
                .note("names are compared byte for byte; without a match HAProxy drops the section with no more than a warning, and replicates nothing")
                .only(view.versions)
                .stage(Stage::Whole)
                .warned_by(TELLS),
        );
    }
}

/// The peer is called as the node calls itself, wherever it is listed.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    let edits = m.mesh.rename(m.view, &m.section.name, m.peer?.name.as_deref()?, m.view.local.as_deref()?)?;
    Some(Fix::safe("call the peer as the node calls itself, in every copy", edits))
}
