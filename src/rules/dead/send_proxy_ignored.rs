//! `dead/send-proxy-ignored`.

use crate::{
    config::{Mode, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A server of logs or of SPOE is to be sent the PROXY protocol.
    ///
    /// ## Why
    ///
    /// The PROXY protocol tells who a client is, and here is none: in backends with `mode log` and `mode spop` HAProxy leaves it out,
    /// with a warning from 3.3 on.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4
    /// backend collectors
    ///     mode log
    ///     server one 192.0.2.1:514 send-proxy
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4
    /// backend collectors
    ///     mode log
    ///     server one 192.0.2.1:514
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.4; 3.2 says nothing.
    "dead/send-proxy-ignored", Warning, World(check), mentions: ["send-proxy"]
}

/// The versions that look.
const VERSIONS: VersionSet = VersionSet::since(3, 3, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let proxies = cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && matches!(p.traffic(), Mode::Log | Mode::Spop));
    for (proxy, server) in proxies.flat_map(|proxy| proxy.servers.iter().map(move |server| (proxy, server))) {
        let Some(word) = server.get(ServerOption::SendProxy) else { continue };
        let message = format!("`{}` is left out: {} is in {} mode", word.display(), proxy.called(), proxy.traffic().word());
        let draft = Draft::at(server.statement.location(), message).label("this server is not sent it").also(word.location, "the option");
        out.report(draft.help("delete it").stage(Stage::Whole).only(VERSIONS).warned_by(VERSIONS));
    }
}
