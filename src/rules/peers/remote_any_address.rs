//! `peers/remote-any-address`.

use crate::{
    config::{Member, PeersView, Role},
    rules::prelude::*,
};

rule! {
    /// The address of another node is `0.0.0.0`, `::` or a port alone.
    ///
    /// ## Why
    ///
    /// That is where a node listens on all of its addresses. Who connects to it reaches itself: the session is refused under the
    /// wrong name (`show peers` says `last_status=NAME`), and nothing is shared. It is right for the line of the node itself alone.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=lb1
    /// peers cluster
    ///     peer lb1 :1024
    ///     peer lb2 0.0.0.0:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// Nobody knows here which node this is, but one of the two is another one:
    ///
    /// ```haproxy bad
    /// global
    ///     localpeer "${NODE}"
    ///
    /// peers cluster
    ///     peer lb1 :1024
    ///     peer lb2 :1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=lb1
    /// peers cluster
    ///     peer lb1 :1024
    ///     peer lb2 10.0.0.12:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5.
    "peers/remote-any-address", Error, World(check), about: ["peers"], moot: InTopology
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        // Of what a variable leaves empty `peers/env-may-be-empty` tells.
        let is_written = |word: &Word<'_>| !cx.text(word.location).contains('$');
        let any = |m: &&Member<'_, '_>| m.address.as_ref().is_some_and(|(word, address)| address.host.is_any() && is_written(word));
        for member in view.members.iter().filter(any).filter(|m| m.role == Role::Remote) {
            out.report_all(draft(&view, member));
        }
        let undecided: Vec<_> = view.members.iter().filter(any).filter(|m| m.role == Role::Unknown).collect();
        if let ([_, .., last], None) = (undecided.as_slice(), view.local) {
            let draft = draft(&view, last)
                .map(|d| d.severity(Severity::Warning).note("only one of those without an address of their own can be this node"));
            out.report_all(draft);
        }
    }
}

fn draft(view: &PeersView<'_, '_>, member: &Member<'_, '_>) -> Option<Draft> {
    let (word, _) = member.address.as_ref()?;
    let name = member.peer.name.display();
    Some(
        Draft::at(
            word.location,
            format!("`{}` is no address of another node: who connects to `{name}` there reaches itself", word.display()),
        )
        .about(Subject::new(SubjectKind::Peer, name.as_ref()).at(member.peer.name.location))
        .label("every address of this machine")
        .help(format!("write the address at which the other nodes reach `{name}`"))
        .note("`show peers` says `last_status=NAME`, and nothing is shared")
        .only(view.versions),
    )
}
