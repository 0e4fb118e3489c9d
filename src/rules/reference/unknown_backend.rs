//! `reference/unknown-backend`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{NameKind, Use},
    rules::{prelude::*, unknown},
};

rule! {
    /// Traffic is sent to a backend that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses a configuration in which `use_backend` or `default_backend` names neither a `backend` nor a
    /// `listen` section. It says so without a line number, and only when every line of every file is right. A
    /// `frontend` is no target. Names that hold a `%[…]` are made for each request, and nothing is said of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     default_backend ap
    ///
    /// backend app
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    ///     default_backend app
    ///
    /// backend app
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4; the manual of `use_backend` and `default_backend`.
    "reference/unknown-backend", Error, World(check), uses: Backend, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let (mut defaults, mut found) = (None, Vec::new());
    for (used, draft) in unknown::unknown(cx, NameKind::Backend) {
        let switching = used.statement.keyword() == "use_backend";
        if switching && used.name.contains('%') {
            continue;
        }
        let draft = match cx.config.names.find(NameKind::Frontend, None, used.name).first() {
            Some(frontend) => draft
                .help("send traffic to a `backend` or `listen` section: a `frontend` only takes it in")
                .also(frontend.location(), format!("`{}` is a frontend", used.name)),
            None => draft,
        };
        // What fetches name is looked up wherever it stands.
        if used.statement.keyword() == "default_backend" {
            let looks_up = defaults.get_or_insert_with(|| Defaults::new(cx)).looks_up(cx, &used);
            out.report(unknown::refused_at_the_end(draft, looks_up));
        } else {
            found.push((used, draft));
        }
    }
    unknown::report(cx, found, out);
}

/// Which `default_backend` lines are in force: the last of each section, and those of defaults that an enabled frontend
/// without one of its own inherits.
struct Defaults {
    last: FxHashMap<usize, Location>,
    inherited: FxHashSet<usize>,
}

impl Defaults {
    fn new(cx: &Context<'_>) -> Self {
        let own = cx.config.names.uses().filter(|u| u.statement.keyword() == "default_backend");
        let last: FxHashMap<usize, Location> = own.filter_map(|u| Some((u.proxy(cx.config)?, u.location()))).collect();
        let heirs = cx.config.proxies.iter().enumerate();
        let inherited = heirs.filter(|(at, p)| p.is_frontend() && cx.config.looks_up(Some(*at)) && !last.contains_key(at));
        let inherited = inherited.filter_map(|(_, p)| p.defaults()).collect();
        Self { last, inherited }
    }

    fn looks_up(&self, cx: &Context<'_>, used: &Use<'_>) -> bool {
        let Some(proxy) = used.proxy(cx.config) else { return false };
        let reached = cx.config.looks_up(used.proxy(cx.config)) || self.inherited.contains(&proxy);
        reached && self.last.get(&proxy) == Some(&used.location())
    }
}
