//! `reliability/minconn-above-maxconn`.

use crate::rules::prelude::*;

rule! {
    /// The `minconn` of a server is more than its `maxconn`, which is raised to it.
    ///
    /// ## Why
    ///
    /// `minconn` is how many connections a server gets while its backend has little to do, and `maxconn` how many it gets at most. Where the
    /// first is more, HAProxy takes it for both: the server gets more connections than `maxconn` allows, and HAProxy says nothing. Mostly the
    /// two were written the wrong way round.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode tcp
    ///     server one 192.0.2.1:80 minconn 100 maxconn 50
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode tcp
    ///     server one 192.0.2.1:80 minconn 50 maxconn 100
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 3.4: `show stat` has 100 as the limit of such a server.
    "reliability/minconn-above-maxconn", Warning, World(check), mentions: ["minconn"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for server in cx.config.proxies.iter().filter(|p| p.created && p.is_backend()).flat_map(|p| &p.servers) {
        let (Some(least), Some(most)) = (server.option("minconn"), server.option("maxconn")) else { continue };
        let number = |word: Word<'_>| word.known().and_then(|text| text.parse::<u64>().ok());
        let (Some(min), Some(max)) = (number(least), number(most)) else { continue };
        // Without a limit there is none to be raised.
        if max == 0 || min <= max {
            continue;
        }
        out.report(
            Draft::at(
                least.location,
                format!("`minconn {min}` is more than `maxconn {max}`: server `{}` gets up to {min} connections", server.name().display()),
            )
            .label("this is the limit now")
            .also(most.location, "this one does not hold")
            .offer(
                "let the two change places",
                vec![Edit::replace(least.location, max.to_string()), Edit::replace(most.location, min.to_string())],
            )
            .help("write the smaller number behind `minconn`, or leave `minconn` out for a fixed limit"),
        );
    }
}
