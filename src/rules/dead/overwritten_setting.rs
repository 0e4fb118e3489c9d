//! `dead/overwritten-setting`.

use rustc_hash::FxHashMap;

use super::already_specified::keeps_the_first;
use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// A setting stands twice in one section, and only one of the lines counts.
    ///
    /// ## Why
    ///
    /// Of most settings a section has one: a second `mode`, `balance`, `cookie`, `default_backend` or `timeout server` line
    /// replaces the first without a word. The same holds for what belongs to one family: `option httpchk` and `option
    /// tcp-check` choose how servers are checked, `option httplog` and `log-format` what is logged, `option httpclose` and
    /// `option http-server-close` what becomes of connections. The line that lost looks as if it were in force. HAProxy
    /// itself says so only of timeouts and of `rate-limit sessions`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     balance leastconn
    ///     balance roundrobin
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     balance leastconn
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's cfgparse-listen.c and proxy.c; observed with 2.6 and 2.8.
    "dead/overwritten-setting", Warning, World(check)
}

/// The settings of proxies that have one value, by their first word.
const ONE_WORD: &[&str] = &[
    "backlog",
    "balance",
    "cookie",
    "default_backend",
    "description",
    "dispatch",
    "error-log-format",
    "fullconn",
    "hash-balance-factor",
    "hash-type",
    "http-reuse",
    "load-server-state-from-file",
    "log-format-sd",
    "log-tag",
    "max-keep-alive-queue",
    "maxconn",
    "mode",
    "monitor-uri",
    "retries",
    "retry-on",
    "server-state-file-name",
    "source",
    "unique-id-format",
    "unique-id-header",
];

/// The same, by their first two words; `*` stands for any second one.
const TWO_WORDS: &[(&str, &str)] = &[
    ("timeout", "*"),
    ("email-alert", "*"),
    ("errorfile", "*"),
    ("option", "*"),
    ("rate-limit", "sessions"),
    ("tcp-request", "inspect-delay"),
    ("tcp-response", "inspect-delay"),
    ("stats", "uri"),
    ("stats", "realm"),
    ("stats", "refresh"),
];

/// The options that set one thing between them, and what that is called.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "how servers are checked",
        &[
            "httpchk",
            "ssl-hello-chk",
            "smtpchk",
            "pgsql-check",
            "redis-check",
            "mysql-check",
            "ldap-check",
            "spop-check",
            "tcp-check",
            "external-check",
        ],
    ),
    ("the log format", &["httplog", "tcplog", "httpslog"]),
    ("how connections end", &["httpclose", "http-server-close", "http-keep-alive"]),
];

/// The settings of `global` that have one value; the others add up, hold from their line on, or are alerted of.
const GLOBAL: &[&str] = &["nbthread", "hard-stop-after", "log-tag", "node", "description"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        let mut seen = FxHashMap::default();
        for line in proxy.section.statements() {
            if let Some(key) = key(&line) {
                tell(key, line, &mut seen, Some((cx.config, proxy)), out);
            }
        }
    }
    let mut seen = FxHashMap::default();
    for line in cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements()) {
        let keyword = line.keyword();
        if GLOBAL.contains(&keyword) || keyword.starts_with("tune.") && !keeps_the_first(keyword) {
            tell((keyword, ""), line, &mut seen, None, out);
        }
    }
}

/// What a line sets, as one or two words.
type Key<'r> = (&'r str, &'r str);

fn key<'r>(line: &Statement<'r>) -> Option<Key<'r>> {
    // What most lines begin with sets nothing of the kind.
    if matches!(line.keyword(), "server" | "bind" | "acl" | "http-request" | "http-response" | "use_backend" | "stick") {
        return None;
    }
    let no = matches!(line.keyword(), "no" | "default");
    let (keyword, second) = (line.str(usize::from(no)), line.str(1 + usize::from(no)));
    if keyword == "log-format" {
        return Some(("option", FAMILIES[1].0));
    }
    if ONE_WORD.contains(&keyword) {
        return Some((keyword, ""));
    }
    TWO_WORDS.iter().find(|(a, b)| *a == keyword && (*b == "*" || *b == second)).filter(|_| !second.is_empty())?;
    let family = FAMILIES.iter().find(|(_, options)| !no && keyword == "option" && options.contains(&second));
    Some((keyword, family.map_or(second, |(name, _)| name)))
}

fn tell<'r>(
    key: Key<'r>,
    line: Statement<'r>,
    seen: &mut FxHashMap<Key<'r>, Statement<'r>>,
    place: Option<(&Config<'r>, &Proxy<'r>)>,
    out: &mut Sink<'_>,
) {
    let Some(first) = seen.insert(key, line) else { return };
    // Of two log formats in `defaults` another rule tells.
    if key.1 == FAMILIES[1].0 && place.is_some_and(|(_, p)| p.is_defaults()) {
        return;
    }
    let name = if key.1.contains(' ') { key.1.to_owned() } else { format!("`{}`", format!("{} {}", key.0, key.1).trim_end()) };
    if key.1 == "inspect-delay" {
        seen.insert(key, first);
        let draft = Draft::at(line.location(), format!("{name} is set already, and this line is ignored"));
        let draft = draft.also(first.location(), "this one counts").help("keep one of the two lines").warned_by(VersionSet::ALL);
        out.report(draft.fix("delete the line that is ignored", vec![Edit::delete(line.whole_line())]));
        return;
    }
    let warned = place.is_some_and(|(config, proxy)| is_warned(key, &first, config, proxy));
    if warned {
        let draft = Draft::at(line.location(), format!("{name} is set already, and this line overwrites it"));
        out.report(draft.also(first.location(), "has no effect").help("remove one of the two lines").warned_by(VersionSet::ALL));
        return;
    }
    if same(&first, &line) {
        out.report(
            Draft::at(line.location(), format!("this line repeats an earlier one: {name} is set already"))
                .severity(Severity::Info)
                .label("changes nothing")
                .also(first.location(), "says the same")
                .help("remove one of the two lines"),
        );
        return;
    }
    // A default that is refined below it is a habit, not a mistake.
    let habit = key.1 == FAMILIES[1].0 && first.keyword() == "option" && line.keyword() == "log-format";
    let draft = Draft::at(first.location(), format!("{} has no effect: {} further down replaces it", words(&first), again(&first, &line)))
        .label("overwritten")
        .also(line.location(), "this one counts")
        .help("remove one of the two lines");
    let draft = if habit { draft.severity(Severity::Info) } else { draft };
    out.report(draft);
}

/// The words that name what a line sets.
fn words(line: &Statement<'_>) -> String {
    let two = TWO_WORDS.iter().any(|(a, _)| line.keyword() == *a) || matches!(line.keyword(), "no" | "default");
    let three = matches!(line.keyword(), "no" | "default") && line.len() > 2;
    let words: Vec<_> = line.words().take(1 + usize::from(two) + usize::from(three)).map(|w| w.display().into_owned()).collect();
    format!("`{}`", words.join(" "))
}

fn again(first: &Statement<'_>, line: &Statement<'_>) -> String {
    let (a, b) = (words(first), words(line));
    if a == b { "another one".to_owned() } else { b }
}

/// Whether both lines have the same words, for certain.
fn same(a: &Statement<'_>, b: &Statement<'_>) -> bool {
    a.len() == b.len() && a.words().zip(b.words()).all(|(a, b)| a.known().is_some() && a.known() == b.known())
}

/// Whether HAProxy warns of a second line: it does where the first one changed what `defaults` has.
fn is_warned(key: Key<'_>, first: &Statement<'_>, config: &Config<'_>, proxy: &Proxy<'_>) -> bool {
    let defaults = proxy.defaults.map(|at| &config.proxies[at]);
    let words = [key.0, key.1];
    let inherited = defaults.and_then(|d| d.lines(&words).last());
    let given = first.word(2).and_then(Word::known);
    let changed = match inherited {
        Some(line) => matches!((line.word(2).and_then(Word::known), given), (Some(a), Some(b)) if a != b),
        None => given.is_some_and(|value| !value.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|b| b == b'0')),
    };
    let chained = defaults.is_some_and(|d| d.defaults.is_some()) && inherited.is_none();
    (key.0 == "timeout" || key.0 == "rate-limit") && !proxy.is_defaults() && first.keyword() == key.0 && changed && !chained
}
