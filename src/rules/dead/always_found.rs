//! `dead/always-found`.

use std::cell::LazyCell;

use memchr::memmem::Finder;

use crate::{
    expression::{SampleType, lookup_fetch},
    rules::{criteria::criteria, prelude::*},
};

rule! {
    /// An ACL asks by `-m found` for something that always has a value.
    ///
    /// ## Why
    ///
    /// `-m found` is true where there is a value, whatever it is. `ssl_fc` is there without TLS, too: it is false. A count of headers
    /// is there where there are none: it is 0. So the ACL holds for everybody: `deny if { src_get_gpc0(bad) -m found }` denies all,
    /// and `redirect … unless { ssl_fc -m found }` redirects nobody.
    ///
    /// Values that may be missing are meant by `-m found`: headers, cookies, parameters, variables, entries of maps.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request redirect scheme https unless { ssl_fc -m found }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     timeout client 30s
    ///     http-request redirect scheme https unless { ssl_fc }
    ///     http-request deny if { req.hdr(x-debug) -m found }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Each fetch that is told of was asked of HAProxy 2.6.12 and 2.8.25, which answered a request that has nothing of it.
    "dead/always-found", Warning, World(check), mentions: ["found"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let sign = Finder::new("found");
    for section in cx.config.sections() {
        // Before anything is known to be HTTP, nothing of it is there.
        let early = LazyCell::new(|| section.statements().any(|line| line.keyword() == "tcp-request"));
        for criterion in criteria(&section, &sign) {
            let [flag, method, patterns @ ..] = &criterion.rest[..] else { continue };
            let expression = criterion.word.known().filter(|_| flag.is("-m") && method.is("found") && patterns.is_empty());
            let Some((expression, kind)) = expression.and_then(|text| Some((text, always(text, || !*early)?))) else { continue };
            let (value, instead) = match kind {
                SampleType::Bool => ("false", expression.to_owned()),
                _ => ("0", format!("{expression} gt 0")),
            };
            let span = Span::new(criterion.word.location.span.start, method.location.span.end);
            let place = Location { span, ..criterion.word.location };
            let message = format!("`{expression} -m found` always holds: where there is nothing, there is {value}");
            let draft = Draft::at(place, message).label("always true").help(format!("write `{instead}`"));
            out.report(draft.offer(format!("write `{instead}`"), vec![Edit::replace(place, instead)]));
        }
    }
}

/// What an expression gives, where it is a fetch alone that always gives something.
fn always(expression: &str, http: impl Fn() -> bool) -> Option<SampleType> {
    let name = expression.split('(').next().unwrap_or("");
    let alone = !expression.contains("),") && !name.contains(',');
    lookup_fetch(name).iter().find(|form| alone && form.has("always") && (!form.has("http") || http())).map(|form| form.output)
}
