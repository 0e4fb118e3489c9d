use crate::{config::Mode, rules::prelude::*};

rule! {
    /// A backend is called `default`, which HAProxy 3.4.0 takes for a proxy of its own.
    ///
    /// ## Why
    ///
    /// 3.4.0 has an internal proxy of that name in tcp mode, and finds it first: a frontend in http mode is refused, for its
    /// backend seems to be in another mode.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4.0
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     default_backend default
    /// backend default
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4.0
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     default_backend app
    /// backend app
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 3.4.0.
    "reference/internal-backend-name", Error, World(check)
}

const AFFECTED: VersionSet = VersionSet::only(Version::new(3, 4, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.traffic() == Mode::Http) {
        let Some((line, place)) = proxy.in_force.get("default_backend").zip(proxy.place()) else { continue };
        if line.str(1) == "default" {
            let message =
                format!("the default backend of {} is called `default`, which this HAProxy takes for a proxy of its own", proxy.called());
            let draft = Draft::at(place, message).also(line.location(), "here").help("give the backend another name");
            out.report(draft.only(AFFECTED).stage(Stage::Whole).rejected_by(AFFECTED));
        }
    }
}
