//! `dead/cookie-without-insert`.

use crate::rules::prelude::*;

rule! {
    /// A cookie is given attributes, and HAProxy does not make it.
    ///
    /// ## Why
    ///
    /// `httponly`, `secure`, `attr`, `domain`, `maxidle` and `maxlife` are written into the cookie that HAProxy makes itself, with
    /// `insert`. With `prefix` and `rewrite` the cookie is the server's, and HAProxy changes nothing but its value: the attributes
    /// are left out without a word. `nocache`, `preserve` and `indirect` do act.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     cookie JSESSIONID prefix httponly secure
    ///     server one 192.0.2.1:80 cookie one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     cookie SERVER insert indirect nocache httponly secure
    ///     server one 192.0.2.1:80 cookie one
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `cookie`; observed with HAProxy 2.6 and 2.8.
    "dead/cookie-without-insert", Warning, World(check), about: ["cookie"], mends: true
}

/// What only a cookie of HAProxy's own has, and how many words follow each.
const ATTRIBUTES: [(&str, usize); 6] = [("httponly", 0), ("secure", 0), ("attr", 1), ("domain", 1), ("maxidle", 1), ("maxlife", 1)];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for line in cx.config.proxies.iter().filter(|p| p.created).flat_map(|p| p.lines(&["cookie"])).filter(|line| line.is_known()) {
        let options = Options::of(line, 2);
        let mode = options.words().find(|w| w.is("prefix") || w.is("rewrite"));
        let Some(mode) = mode.filter(|_| !options.has("insert")) else { continue };
        let idle = idle(&line);
        let Some((first, _)) = idle.first() else { continue };
        let names: Vec<String> = idle.iter().map(|(at, _)| format!("`{}`", line.str(*at))).collect();
        let verb = if names.len() == 1 { "has" } else { "have" };
        let message = format!("{} {verb} no effect: with `{}` the cookie is the server's", names.join(", "), mode.display());
        let edits = idle.iter().map(|(from, to)| line.cut(*from, *to).map(Edit::delete)).collect();
        let draft = Draft::at(line.word(*first).map_or(line.location(), |w| w.location), message)
            .label("for cookies of HAProxy's own")
            .also(mode.location, "changes the value alone")
            .help("let the server set it, or write `insert` for a cookie of HAProxy's own")
            .fix_if("delete what has no effect", edits);
        out.report(draft);
    }
}

/// The attributes with what follows them, as the numbers of their first and last words.
fn idle(line: &Statement<'_>) -> Vec<(usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 2);
    while at < line.len() {
        let more = ATTRIBUTES.iter().find(|(name, _)| line.str(at) == *name).map(|(_, more)| *more);
        if let Some(more) = more {
            found.push((at, (at + more).min(line.len() - 1)));
        }
        at += 1 + more.unwrap_or(usize::from(line.str(at) == "format"));
    }
    found
}
