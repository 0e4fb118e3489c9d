//! `reliability/missing-timeouts`.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::{
    config::{Mode, Proxy},
    finding::Cause,
    rules::{inherited, prelude::*},
};

rule! {
    /// A proxy has no timeout for its clients, or for its servers.
    ///
    /// ## Why
    ///
    /// Without a timeout HAProxy waits for ever: a client or server that vanishes without a word keeps its connection, until
    /// there are no more of them. A section that takes traffic in needs `timeout client`; one with servers needs
    /// `timeout connect` and `timeout server` (in TCP mode `timeout tunnel` will do for the second). Zero is no timeout.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout client 30s
    ///
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/missing-timeouts", Warning, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    rings(cx, out);
    // There may be many heirs.
    let mut known: FxHashMap<(usize, &str), bool> = FxHashMap::default();
    let mut says =
        |defaults: usize, name: &'static str| *known.entry((defaults, name)).or_insert_with(|| says(&cx.config.proxies[defaults], name));
    let lacking: Vec<Lacking<'_>> = cx.config.proxies.iter().filter(|p| p.runs()).filter_map(|proxy| lacking(proxy, &mut says)).collect();
    // What those lack that inherit from each `defaults` section, and how many they are.
    let mut by_defaults: FxHashMap<usize, (usize, BTreeSet<&str>)> = FxHashMap::default();
    for (at, one) in lacking.iter().filter(|one| one.inherits).filter_map(|one| Some((one.proxy.defaults()?, one))) {
        let (count, missing) = by_defaults.entry(at).or_default();
        *count += 1;
        missing.extend(&one.missing);
    }
    let first = lacking.iter().find(|one| one.proxy.defaults().is_none());
    for one in &lacking {
        let Some(location) = one.proxy.place() else { continue };
        let names = list(&one.missing);
        let time = value(one.proxy, &one.missing);
        let help = format!("set {} here or in its `defaults` section, for instance to `{time}`", names.join(" and "));
        let draft = Draft::at(location, format!("{} has no {}", one.proxy.called(), names.join(" and no ")));
        let draft = draft.label("this can wait for ever").help(help).stage(Stage::Whole).warned_by(VersionSet::ALL);
        let alike = one.proxy.defaults().and_then(|at| by_defaults.get(&at)).filter(|(count, _)| *count > 1 && one.inherits);
        out.report(match alike.and_then(|(_, missing)| one.shared(cx, missing)) {
            Some((cause, title, edits)) => draft.cause(Some(cause)).offer(title, edits),
            None => draft.cause(without_defaults(one, first)).offer_if(
                format!("set {} to {}", all_of(&names, "and"), time),
                inherited::write(one.proxy, one.lines()).filter(|_| !one.lines().is_empty()),
            ),
        });
    }
}

/// A proxy, and the timeouts that it certainly lacks.
struct Lacking<'a> {
    proxy: &'a Proxy<'a>,
    missing: Vec<&'static str>,
    /// Its `defaults` section says nothing of any of them, so that it could.
    inherits: bool,
}

/// What `proxy` lacks, where `says` tells whether a `defaults` section says something of a timeout.
fn lacking<'a>(proxy: &'a Proxy<'a>, says: &mut impl FnMut(usize, &'static str) -> bool) -> Option<Lacking<'a>> {
    let missing = missing(proxy);
    if missing.is_empty() {
        return None;
    }
    let inherits = proxy.defaults().is_some_and(|at| missing.iter().all(|name| !says(at, name) && !renamed(proxy, name)));
    Some(Lacking { proxy, missing, inherits })
}

/// Whether a `defaults` section says something of a timeout, also by its name of old.
fn says(defaults: &Proxy<'_>, name: &str) -> bool {
    defaults.in_force.get(&format!("timeout {name}")).is_some() || renamed(defaults, name)
}

impl Lacking<'_> {
    fn lines(&self) -> String {
        lines(self.missing.iter().filter(|name| !renamed(self.proxy, name)), self.proxy)
    }

    /// What all that inherit from the same `defaults` section have in common: that it sets none of the timeouts which are `missing`.
    fn shared(&self, cx: &Context<'_>, missing: &BTreeSet<&str>) -> Option<(Cause, String, Vec<Edit>)> {
        let defaults = inherited::defaults(cx, self.proxy)?;
        let missing: Vec<&str> = missing.iter().copied().collect();
        let (called, names) = (inherited::called(defaults), list(&missing));
        let message = format!("{called} has no {}, and proxies that need it have none either", all_of(&names, "or"));
        let time = value(defaults, &missing);
        let help = format!("set {} here, for instance to `{time}`: proxies that set their own keep it", all_of(&names, "and"));
        let cause = Cause::at(inherited::place(defaults)?, message).label("what inherits from here can wait for ever").help(help);
        let title = format!("set {} to {} in {called}", all_of(&names, "and"), time);
        Some((cause.of(self.proxy.called()), title, inherited::write(defaults, lines(missing.iter(), defaults))?))
    }
}

/// Where there is no `defaults` section that could set them, that is one thing to know of all.
fn without_defaults(one: &Lacking<'_>, first: Option<&Lacking<'_>>) -> Option<Cause> {
    let first = first.filter(|_| one.proxy.defaults().is_none())?;
    let cause = Cause::at(first.proxy.place()?, "no `defaults` section sets timeouts, and proxies that need them have none either");
    let help = "write a `defaults` section above with `timeout connect`, `timeout client` and `timeout server`, for instance `30s`";
    Some(cause.label("this and others can wait for ever").help(help).of(one.proxy.called()))
}

fn list(timeouts: &[&str]) -> Vec<String> {
    timeouts.iter().map(|name| format!("`timeout {name}`")).collect()
}

/// `a`, `b` and `c`.
fn all_of(names: &[String], and: &str) -> String {
    match names {
        [first @ .., before, last] => [first, &[format!("{before} {and} {last}")]].concat().join(", "),
        _ => names.concat(),
    }
}

fn lines<'n>(timeouts: impl Iterator<Item = &'n &'n str>, proxy: &Proxy<'_>) -> String {
    let missing: Vec<&str> = timeouts.copied().collect();
    missing.iter().map(|name| format!("    timeout {name} {}\n", value(proxy, &missing))).collect()
}

/// What suits a proxy: where one side of it may be silent for long, so may the other.
fn value<'r>(proxy: &Proxy<'r>, missing: &[&str]) -> &'r str {
    let other = match missing {
        ["server"] => "timeout client",
        ["client"] => "timeout server",
        _ => return "30s",
    };
    let set = proxy.in_force.get(other).and_then(|line| line.word(2)).filter(|word| !is_zero(*word));
    set.and_then(Word::known).unwrap_or("30s")
}

/// Whether an old keyword of the section sets a timeout, which another fix writes anew.
fn renamed(proxy: &Proxy<'_>, timeout: &str) -> bool {
    let old = match timeout {
        "client" => "clitimeout",
        "server" => "srvtimeout",
        _ => "contimeout",
    };
    proxy.section.statements().any(|line| line.keyword() == old)
}

/// A ring with servers sends to them as a backend does.
fn rings(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        let lines = || section.statements();
        let sets = |name: &str| lines().any(|s| s.starts_with(&["timeout", name]) && !s.word(2).is_some_and(is_zero));
        let Some(word) = section.name().filter(|_| lines().any(|s| s.keyword() == "server")) else { continue };
        let missing: Vec<String> = ["connect", "server"].into_iter().filter(|n| !sets(n)).map(|n| format!("`timeout {n}`")).collect();
        if !missing.is_empty() {
            let message = format!("ring `{}` sends to servers, and has no {}", word.display(), missing.join(" and no "));
            let draft = Draft::at(word.location, message).label("this can wait for ever").help(format!("set {}", missing.join(" and ")));
            // Later ones do not finish the proxies of rings as they finish others.
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::before(3, 3, 0)));
        }
    }
}

/// The timeouts that this proxy certainly lacks.
fn missing(proxy: &Proxy<'_>) -> Vec<&'static str> {
    let mode = proxy.traffic();
    if proxy.in_force.open || !matches!(mode, Mode::Tcp | Mode::Http) {
        return Vec::new();
    }
    let lacks = |name: &str| proxy.in_force.get(name).is_none_or(|line| line.word(2).is_some_and(is_zero));
    let mut missing = Vec::new();
    if proxy.is_frontend() && lacks("timeout client") {
        missing.push("client");
    }
    if proxy.has_servers() {
        let server = lacks("timeout server") && (mode == Mode::Http || lacks("timeout tunnel"));
        missing.extend(lacks("timeout connect").then_some("connect"));
        missing.extend(server.then_some("server"));
    }
    missing
}

/// Whether a time is certainly zero, whatever its unit.
fn is_zero(word: Word<'_>) -> bool {
    word.known().is_some_and(|text| {
        let unit = text.trim_start_matches('0');
        unit.len() < text.len() && matches!(unit, "" | "us" | "ms" | "s" | "m" | "h" | "d")
    })
}
