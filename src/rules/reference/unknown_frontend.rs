//! `reference/unknown-frontend`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// A sample fetch asks for a frontend that does not exist.
    ///
    /// ## Why
    ///
    /// `fe_conn`, `fe_req_rate` and `fe_sess_rate` count what a `frontend` or `listen` section takes in. HAProxy refuses the
    /// configuration if there is none of that name, or if it is a `backend`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     http-request deny if { fe_conn(wbe) gt 100 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     http-request deny if { fe_conn(web) gt 100 }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reference/unknown-frontend", Error, World(check), uses: Frontend, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Frontend) {
        let draft = match cx.config.names.find(NameKind::Backend, None, used.name).first() {
            Some(backend) => draft
                .help(format!("a backend takes nothing in: ask with `be_…({})` for what it has", used.name))
                .also(backend.location(), format!("`{}` is a backend", used.name)),
            None => draft,
        };
        out.report(unknown::refused_at_the_end(draft, cx.config.looks_up(used.proxy(cx.config))));
    }
}
