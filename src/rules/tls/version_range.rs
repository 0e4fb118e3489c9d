//! `tls/version-range`.

use std::{cell::LazyCell, ops::RangeInclusive};

use crate::{
    config::{Proxy, ServerOption},
    rules::{
        causes::{Lines, is_own},
        prelude::*,
    },
};

rule! {
    /// The versions of TLS are given in two ways that do not fit together, or none is left.
    ///
    /// ## Why
    ///
    /// `ssl-min-ver`, `ssl-max-ver` and `force-tlsv12` give a range, `no-tlsv10` and its kin take single versions out. If a range
    /// is given, HAProxy ignores what is taken out, and warns; it warns as well of a gap, and of a highest version below its own
    /// default of TLSv1.2. If nothing is left it refuses the configuration. What `ssl-default-bind-options` and
    /// `ssl-default-server-options` say is added to the options of each line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     ssl-default-server-options no-sslv3 ssl-min-ver TLSv1.2
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify none
    /// ```
    ///
    /// ```haproxy bad
    /// global
    ///     ssl-default-bind-options ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2
    ///
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     bind :8443 ssl crt /etc/haproxy/site.pem
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     ssl-default-server-options ssl-min-ver TLSv1.2
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify none
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks in ssl_sock.c, observed with 2.6 and 2.8; builds without SSLv3, as all are that people run.
    "tls/version-range", Warning, World(check), mentions: ["ssl"]
}

/// The names of the versions as values.
const VERSIONS: [&str; 5] = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// The same as parts of options.
const PARTS: [&str; 5] = ["sslv3", "tlsv10", "tlsv11", "tlsv12", "tlsv13"];

/// The place of TLSv1.2, from which on listeners begin by default.
const DEFAULT: usize = 3;

/// What builds have: not SSLv3.
const BUILT: RangeInclusive<usize> = 1..=4;

/// What the options of a line come to, as places in [`VERSIONS`].
#[derive(Clone, Copy, Default)]
struct Wanted<'r> {
    min: Option<usize>,
    max: Option<usize>,
    without: [bool; 5],
    /// The first word that takes one out.
    taken: Option<Word<'r>>,
    /// The last word of this kind.
    last: Option<Word<'r>>,
}

impl<'r> Wanted<'r> {
    /// Adds what a line says from word `first` on.
    fn add(mut self, line: Statement<'r>, options: impl Iterator<Item = usize>) -> Self {
        for at in options {
            let Some((word, text)) = line.word(at).and_then(|word| Some((word, word.known()?))) else { continue };
            let place = |name: &str| PARTS.iter().position(|part| part.eq_ignore_ascii_case(name));
            match (text, text.split_once('-')) {
                ("ssl-min-ver", _) => self.min = VERSIONS.iter().position(|v| line.str(at + 1) == *v).or(self.min),
                ("ssl-max-ver", _) => self.max = VERSIONS.iter().position(|v| line.str(at + 1) == *v).or(self.max),
                (_, Some(("force", name))) => (self.min, self.max) = (place(name).or(self.min), place(name).or(self.max)),
                (_, Some(("no", name))) => {
                    let Some(place) = place(name) else { continue };
                    self.without[place] = true;
                    self.taken = self.taken.or(Some(word));
                }
                _ => continue,
            }
            self.last = Some(word);
        }
        self
    }
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let defaults = |keyword: &str| {
        let lines = cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements());
        lines.filter(|line| line.keyword() == keyword).fold(Wanted::default(), |wanted, line| wanted.add(line, 1..line.len()))
    };
    let (of_binds, of_servers) = (defaults("ssl-default-bind-options"), defaults("ssl-default-server-options"));
    // Lines that add nothing to the defaults of all are told once, at these.
    let (mut binds, mut servers) = (Lines::default(), Lines::default());
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let listeners = proxy.binds.iter().filter(|bind| proxy.is_frontend() && !bind.statement.str(1).contains("quic"));
        for bind in listeners.filter(|bind| bind.statement.is_known() && bind.options().has("ssl")) {
            let line = bind.statement;
            match of_binds.add(line, bind.options().numbers()) {
                wanted if is_inherited(&wanted, &of_binds) => line.word(1).into_iter().for_each(|name| binds.add(name, line.location())),
                wanted => judge(line.location(), &Lines::default(), wanted, true, out),
            }
        }
        let inherits = LazyCell::new(|| inherits(cx, proxy));
        for server in proxy.servers.iter().filter(|s| !s.open && s.has(ServerOption::Ssl) && !*inherits) {
            match of_servers.add(server.statement, server.own().numbers()) {
                wanted if is_inherited(&wanted, &of_servers) => servers.add(server.name(), server.statement.location()),
                wanted => judge(server.statement.location(), &Lines::default(), wanted, false, out),
            }
        }
    }
    for (lines, wanted, listens) in [(binds, of_binds, true), (servers, of_servers, false)] {
        if let Some(last) = wanted.last.filter(|_| !lines.is_empty()) {
            judge(last.location, &lines, wanted, listens, out);
        }
    }
}

/// Whether a line adds nothing to what it inherits.
fn is_inherited(wanted: &Wanted<'_>, defaults: &Wanted<'_>) -> bool {
    wanted.last.map(|word| word.location) == defaults.last.map(|word| word.location)
}

/// Whether `default-server` lines have a say.
fn inherits(cx: &Context<'_>, proxy: &Proxy<'_>) -> bool {
    let says = |proxy: &Proxy<'_>| {
        proxy.lines(&["default-server"]).any(|line| Wanted::default().add(line, Options::of_server(line, 1).numbers()).last.is_some())
    };
    says(proxy) || proxy.defaults().is_some_and(|at| says(&cx.config.proxies[at]))
}

/// Judges what the options of a line, or of the `lines` that share them, come to; `place` is where it is told.
fn judge(place: Location, lines: &Lines<'_>, wanted: Wanted<'_>, listens: bool, out: &mut Sink<'_>) {
    let Some(last) = wanted.last else { return };
    let tell = |word: Word<'_>, message: String, help: &str| {
        let draft = Draft::at(place, message).help(help).stage(Stage::Whole);
        let draft = if word.location == place { draft } else { draft.also(word.location, "said here") };
        lines.name_in(draft, if listens { SubjectKind::Word } else { SubjectKind::Server })
    };
    let ranged = wanted.min.is_some() || wanted.max.is_some();
    let taken = wanted.taken.filter(|_| ranged);
    if let Some(word) = taken {
        let message = format!("`{}` is ignored here, because the lowest or highest version is given", word.display());
        let help = "leave it out: `ssl-min-ver` and `ssl-max-ver` are enough";
        out.report(tell(word, message, help).label("two ways at once").warned_by(VersionSet::ALL));
    }
    let mut min = wanted.min;
    if let Some(max) = wanted.max.filter(|max| listens && min.is_none() && *max < DEFAULT) {
        min = Some(max);
        let message =
            format!("the highest version is {}, and the lowest is not given: by default it is {}", VERSIONS[max], VERSIONS[DEFAULT]);
        out.report(tell(last, message, "add `ssl-min-ver`").label("only one version is left").warned_by(VersionSet::ALL));
    }
    let from = min.unwrap_or(if listens { DEFAULT } else { 0 });
    let left: Vec<usize> =
        BUILT.filter(|v| *v >= from && wanted.max.is_none_or(|max| *v <= max) && (taken.is_some() || !wanted.without[*v])).collect();
    if left.is_empty() {
        let asked = wanted.min.zip(wanted.max).filter(|(min, max)| min > max);
        let asked = asked.map(|(min, max)| format!(" from {} to {}", VERSIONS[min], VERSIONS[max])).unwrap_or_default();
        let elsewhere = !lines.is_empty() || !is_own(place, last);
        let options = if listens { "ssl-default-bind-options" } else { "ssl-default-server-options" };
        let place = if elsewhere { format!(" in `{options}`") } else { String::new() };
        let help = format!("write `ssl-min-ver TLSv1.2` alone{place}");
        let draft = tell(last, format!("no version of TLS is left{asked}"), &help).severity(Severity::Error);
        out.report(draft.label("cannot speak TLS").rejected_by(VersionSet::ALL));
    } else if let Some(gap) = left.windows(2).find(|pair| pair[1] != pair[0] + 1) {
        let message = format!("{} is taken out from the middle of the versions", VERSIONS[gap[0] + 1]);
        out.report(tell(last, message, "use `ssl-min-ver` and `ssl-max-ver` only").label("leaves a gap").warned_by(VersionSet::ALL));
    }
}
