//! Listeners outside of proxies: HAProxy makes a frontend of each `log-forward` section, and one of each `peers` section.

use crate::{
    catalog::Options,
    config::PeersView,
    syntax::{SectionKind, Statement, Word},
    version::VersionSet,
};

use super::Context;

/// A listener of such a section.
pub(super) struct Listener<'r> {
    /// How messages call it.
    pub(super) called: String,
    /// The lines that say how it listens; what a later one says counts.
    lines: Vec<Statement<'r>>,
    /// The versions that look at it.
    pub(super) versions: VersionSet,
}

impl<'r> Listener<'r> {
    fn options(&self) -> impl DoubleEndedIterator<Item = Options<'r>> {
        self.lines.iter().map(|line| Options::of_bind(*line, 1))
    }

    /// The option, where its lines have it.
    pub(super) fn find(&self, name: &str) -> Option<Word<'r>> {
        self.options().rev().find_map(|options| options.find(name))
    }

    /// Whether its lines have the option.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The word behind the option.
    pub(super) fn value(&self, name: &str) -> Option<Word<'r>> {
        self.options().rev().find_map(|options| options.value(name))
    }
}

/// Those of which all options are known.
pub(super) fn listeners<'r>(cx: &Context<'r>) -> Vec<Listener<'r>> {
    let sections = cx.config.sections().filter(|section| section.kind == SectionKind::LogForward);
    let binds = sections.flat_map(|section| section.with("bind").map(move |bind| (section, bind)));
    let of_logs = binds.map(|(section, bind)| Listener {
        called: format!("`log-forward {}`", section.name_str()),
        lines: vec![bind],
        versions: VersionSet::ALL,
    });
    let views = cx.config.peers_views(cx.options.local_name.as_deref());
    let of_peers = views.into_iter().filter(|view| !view.peers.disabled).filter_map(|view| of_peers(&view));
    of_logs.chain(of_peers).filter(|listener| listener.lines.iter().all(|line| line.is_known())).collect()
}

/// That of a `peers` section; one without the node itself is dropped before anybody looks at it.
fn of_peers<'r>(view: &PeersView<'_, 'r>) -> Option<Listener<'r>> {
    let absent = |local: &str| !view.peers.list.iter().any(|peer| peer.may_be(local));
    if view.own().is_none() && view.local.is_some_and(absent) {
        return None;
    }
    let binds = view.peers.binds.iter().map(|bind| bind.statement);
    Some(Listener {
        called: view.peers.title(),
        lines: view.peers.default_binds.iter().copied().chain(binds).collect(),
        // Which node this is decides whether HAProxy looks.
        versions: if view.own().is_some() { view.versions } else { VersionSet::NONE },
    })
}
