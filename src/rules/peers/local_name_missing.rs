//! `peers/local-name-missing`.

use crate::{config::PeersView, rules::prelude::*};

rule! {
    /// No peer of a `peers` section has the name of the node that reads it.
    ///
    /// ## Why
    ///
    /// HAProxy finds itself in a `peers` section by name alone: the name given with `-L`, else that of `localpeer`, else the
    /// host name, compared byte for byte. If no line has that name, HAProxy starts, prints one warning, drops the whole
    /// section, and replicates nothing: its tables become private to this process, and `show peers` is empty.
    /// `haproxy -c` ends with status 0.
    ///
    /// The name is not known here without `localpeer` or `--local-name`; then this rule only says so, or, with
    /// `--require-local-peer`, calls that an error.
    ///
    /// A local peer that `show peers` lists as `inactive` is another matter, and normal: a node does not connect to itself
    /// but while it reloads.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=lb-7f9c
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// A section that asks for the name is of no use where no answer is known (with `--require-local-peer`):
    ///
    /// ```haproxy bad require-local-peer
    /// peers cluster
    ///     bind :1024
    ///     .if streq("$HAPROXY_LOCALPEER",haproxy-0)
    ///     server haproxy-0
    ///     server haproxy-1 10.0.0.11:1024
    ///     .else
    ///     server haproxy-0 10.0.0.10:1024
    ///     server haproxy-1
    ///     .endif
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
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy issue haproxytech/helm-charts#262; observed with HAProxy 2.4 to 3.5 (2.6.0 is silent).
    "peers/local-name-missing", Error, World(check), asked: ByNode, moot: AsAdviceInTopology, mends: true, mend: mend
}

/// HAProxy 2.6.0 drops the section without a word; it is known to speak again from 2.6.12 on.
const TELLS: VersionSet = VersionSet::ALL.minus(VersionSet::branch(2, 6)).or(VersionSet::branch_since(2, 6, 12));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Most have no such section, and nobody asks for one.
    if cx.config.reading.opaque || cx.config.peers.is_empty() && !cx.options.require_local_peer {
        return;
    }
    let given = cx.options.local_name.as_deref();
    let views = cx.config.peers_views(given);
    for view in &views {
        match view.local {
            _ if view.members.is_empty() => empty(view, out),
            // A `localpeer` line that nothing is left of is refused, which is told at that line.
            Some("") if given.is_none_or(str::is_empty) || !cx.config.localpeer.is_empty() => {}
            Some(local) if !view.peers.list.iter().any(|p| p.may_be(local) || p.resembles(local)) => missing(view, local, out),
            _ => {}
        }
    }
    let named = views.iter().any(|v| v.local.is_some() || v.peers.names_itself());
    if !named {
        unknown(cx, views.iter().find(|v| !v.members.is_empty()), out);
    } else if views.is_empty() {
        unknown(cx, None, out);
    }
    // In a world that asks for the name no node is looked at whose name is not known.
    let nameless = || cx.config.local_names(given).iter().all(|(_, name)| name.is_none());
    if cx.options.require_local_peer && views.is_empty() && nameless() {
        let sections = cx.config.nameless_views();
        let section = sections.iter().find(|view| !view.members.is_empty() && !view.peers.names_itself());
        section.into_iter().for_each(|view| unknown(cx, Some(view), out));
    }
}

fn draft(view: &PeersView<'_, '_>, message: String) -> Draft {
    let draft = match view.peers.location() {
        Some(location) => Draft::at(location, message),
        None => Draft::nowhere(message),
    };
    draft.only(view.versions).stage(Stage::Whole)
}

const SILENCE: &str =
    "HAProxy starts all the same, drops the section with no more than a warning, and replicates nothing: `show peers` is then empty";

fn missing(view: &PeersView<'_, '_>, local: &str, out: &mut Sink<'_>) {
    let names: Vec<String> = view.peers.list.iter().take(4).map(|p| format!("`{}`", p.name.display())).collect();
    let more = if view.peers.list.len() > 4 { ", …" } else { "" };
    let names = names.join(", ");
    let help = if local.contains(['$', '`']) {
        format!(
            "`{local}` reaches HAProxy as it stands, since no shell puts a value in its place: take `-L` out where the host name is the right one, or write the name itself; in a pod of Kubernetes, `-L $(POD_NAME)` with `POD_NAME` from `metadata.name` in `env`, above what is made of it"
        )
    } else {
        format!(
            "give this node a `peer` or `server` line named `{local}` on every node, or start HAProxy with `-L` and one of {names}{more}"
        )
    };
    out.report(
        draft(view, format!("no peer of {} is named `{local}`", view.peers.title()))
            .about(Subject::new(SubjectKind::Node, local))
            .label(format!("this node is `{local}`, the peers are {names}{more}"))
            .help(help)
            .note(SILENCE)
            .warned_by(TELLS),
    );
}

fn empty(view: &PeersView<'_, '_>, out: &mut Sink<'_>) {
    let draft = draft(view, format!("{} lists no peer at all", view.peers.title()))
        .label("neither this node nor another one")
        .help("add a `peer NAME ADDRESS:PORT` line for every node, this one included")
        .note(SILENCE);
    // Without any line there is not even a warning in some versions.
    let lines = view.peers.section.statements().next().is_some();
    out.report(if lines { draft.warned_by(TELLS) } else { draft });
}

fn unknown(cx: &Context<'_>, view: Option<&PeersView<'_, '_>>, out: &mut Sink<'_>) {
    let required = cx.options.require_local_peer;
    let severity = if required { Severity::Error } else { Severity::Info };
    match view {
        Some(view) if required || cx.config.localpeer.is_empty() => out.report(
            draft(view, format!("which peer of {} is this node depends on its name, which is not known here", view.peers.title()))
                .severity(severity)
                .help(match keeps_alone(cx, view) {
                    Some(name) => format!(
                        "for reloads alone, write `localpeer {name}` in `global`, above this section: then it is this node, whatever the machine is called"
                    ),
                    None => "say the name with `--local-name`: what `-L` will be, or else the host name in full, as `hostname` prints it".to_owned(),
                })
                .note("if no peer has exactly that name, HAProxy drops the section with no more than a warning"),
        ),
        Some(_) => {}
        None if required && cx.config.peers.iter().all(|p| p.disabled) => {
            let draft = Draft::nowhere("there is no `peers` section in force, so this node has no local peer");
            out.report(
                draft.help("add a `peers` section with a line for every node, or leave out `--require-local-peer`").severity(severity),
            );
        }
        None => {}
    }
}

/// The name of the one peer of a section that is there for reloads: its address is the machine's own.
fn keeps_alone<'a>(cx: &Context<'a>, view: &PeersView<'_, 'a>) -> Option<&'a str> {
    let [peer] = view.peers.list.as_slice() else { return None };
    let own = peer.statement.word(2).is_some_and(|word| cx.config.address(word).host.is_loopback());
    peer.name.known().filter(|_| own)
}

/// What a name was cut to is called so; otherwise every node gets its line.
fn mend(m: &Mending<'_>) -> Option<Fix> {
    if let Some((long, local)) = m.cut_name() {
        let edits = m.mesh.rename(m.view, &m.section.name, long, local)?;
        return Some(Fix::offer("call the peer as the node calls itself", edits));
    }
    let lost = m.views();
    let named = m.mesh.named(m.section, &lost).or_else(|| m.mesh.by_host_name(m.section, &lost));
    if let Some(edits) = named.is_none().then(|| m.mesh.renamed(m.section, &lost)).flatten() {
        return Some(Fix::offer("call the peers as the nodes call themselves", edits));
    }
    // Beside lines of others that do not resolve any more HAProxy would not start.
    if m.mesh.orphans(m.view, m.section).iter().any(|p| m.mesh.is_of_renamed(m.mesh.group(m.view), p)) {
        return None;
    }
    let edits = named.or_else(|| m.mesh.list(m.view, m.section, &lost))?;
    Some(Fix::offer("list every node", edits))
}
