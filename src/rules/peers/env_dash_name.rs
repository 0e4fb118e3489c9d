//! `peers/env-dash-name`.

use crate::rules::prelude::*;

rule! {
    /// A variable in the address of a peer has a dash in its name, so HAProxy reads the rest as a default.
    ///
    /// ## Why
    ///
    /// `${A-B}` means the value of `A`, or the text `B` where `A` is not set. Kubernetes makes variables such as
    /// `MY_APP_SERVICE_HOST` from the names of Services, with `_` for each `-`; written with the dash, the variable is `MY`, and
    /// its default is taken for a host name, which does not exist.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0 also=peers/hostname-resolved-once env=MY_APP_SERVICE_HOST=10.0.0.11
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 "${MY-APP_SERVICE_HOST}:1024"
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0 env=MY_APP_SERVICE_HOST=10.0.0.11 env=PEER_SUFFIX=
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 "${MY_APP_SERVICE_HOST}${PEER_SUFFIX}:1024"
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// element-hq/jitsi-helm; observed with HAProxy 2.6 to 3.5.
    "peers/env-dash-name", Error, World(check), about: ["peers"], asked: ByNode, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for peers in &cx.config.peers {
        let addresses = peers.list.iter().filter_map(|p| p.statement.word(2)).chain(peers.binds.iter().filter_map(|b| b.address));
        for word in addresses {
            let raw = cx.text(word.location);
            let Some((name, rest)) = dashed(&raw) else { continue };
            let meant = format!("{name}-{rest}").replace('-', "_");
            let old = format!("${{{name}-{rest}}}");
            let edit = raw.find(&old).map(|at| {
                let start = word.location.span.start + at as u32;
                let span = Span::new(start, start + old.len() as u32);
                vec![Edit::replace(Location { span, ..word.location }, format!("${{{meant}}}"))]
            });
            out.report(
                Draft::at(word.location, format!("`${{{name}-{rest}}}` is the variable `{name}` with the default text `{rest}`"))
                    .offer_if(format!("write `${{{meant}}}`"), edit)
                    .label("a name of a variable has no dash")
                    .help(format!("write `${{{meant}}}`"))
                    .note("in names of variables that stand for a Service, Kubernetes writes `_` for each `-`"),
            );
        }
    }
}

/// A variable whose default looks like the end of the name of a Service's variable.
fn dashed(raw: &str) -> Option<(&str, &str)> {
    raw.split("${").skip(1).find_map(|part| {
        let (name, rest) = part.split_once('}')?.0.split_once('-')?;
        let upper = rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        (upper && (rest.ends_with("SERVICE_HOST") || rest.contains("SERVICE_PORT"))).then_some((name, rest))
    })
}
