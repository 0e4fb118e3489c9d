//! `peers/dup-peer-name`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Member, Peer, Role},
    rules::prelude::*,
};

rule! {
    /// Two peers of one section have the same name.
    ///
    /// ## Why
    ///
    /// The name is how peers know each other: it is sent when they connect. Of two peers with one name, one can never be reached
    /// under it. HAProxy refuses two local peers in every version, and two remote ones from 2.9 on (in 2.8 from a late patch
    /// level on); before, it takes them without a word.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     peer haproxy-1 10.0.0.12:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     peer haproxy-2 10.0.0.12:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "peers/dup-peer-name", Error, World(check), about: ["peers"], asked: ByNode, mends: true, mend: mend
}

/// Where two remote peers of one name are refused.
const REMOTE: VersionSet = VersionSet::since(2, 9, 0).or(VersionSet::branch_since(2, 8, 25));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.all_peers_views(cx.options.local_name.as_deref()) {
        let joined = view.own().is_some() && view.local.is_some();
        let mut seen: FxHashMap<&str, &Member<'_, '_>> = FxHashMap::default();
        // HAProxy drops a remote peer without an address before it looks at names.
        for member in view.members.iter().filter(|m| m.address.is_some() || m.role == Role::Local) {
            // Of an empty name another rule tells.
            let Some(name) = member.peer.name.known().filter(|name| !name.is_empty()) else { continue };
            let Some(first) = seen.get(name) else {
                seen.insert(name, member);
                continue;
            };
            let draft = draft(member.peer, first.peer, name, &view.peers.title())
                .help("give each peer the name that its node goes by: its host name, or what it is started with behind `-L`")
                .only(view.versions);
            out.report(match member.role {
                Role::Local => draft.rejected_by(VersionSet::ALL),
                Role::Remote if joined && !view.peers.disabled => draft.rejected_by(REMOTE).stage(Stage::Whole),
                // Of a disabled section only the lines count, which the node's own are checked in.
                _ if view.peers.disabled => continue,
                _ => draft.rejected_by(VersionSet::since(3, 5, 0)),
            });
        }
    }
}

/// Where one of the two is named by a variable, every node that reads the file has the fault at that line.
fn draft(second: &Peer<'_>, first: &Peer<'_>, name: &str, section: &str) -> Draft {
    let written = |peer: &Peer<'_>| peer.name.file.text(peer.name.location.span).into_owned();
    let by_variable = |peer: &Peer<'_>| written(peer).contains('$');
    if by_variable(first) == by_variable(second) {
        let written = |peer: &Peer<'_>| peer.statement.words().map(|w| w.display().into_owned()).collect::<Vec<_>>();
        let again = (written(first) == written(second)).then(|| vec![Edit::delete(second.statement.whole_line())]);
        return Draft::at(second.name.location, format!("`{name}` is already the name of another peer of {section}"))
            .about(Subject::new(SubjectKind::Peer, name))
            .label("the same name again")
            .fix_if("delete the second of two equal lines", again)
            .also(first.name.location, "the first one");
    }
    let (variable, literal) = if by_variable(first) { (first, second) } else { (second, first) };
    Draft::at(variable.name.location, format!("this stands for `{name}`, which is also the name of another peer of {section}"))
        .about(Subject::new(SubjectKind::Peer, name))
        .label("each node finds the same name twice")
        .also(literal.name.location, format!("`{name}` is listed here as well"))
}

/// One line of that name is left, if what is left is right on every node.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    let (applicability, edits) = m.mesh.once(m.view, m.section, m.peer?)?;
    Some(Fix { title: "keep one line of that name".to_owned(), applicability, edits })
}
