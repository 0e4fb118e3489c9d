use crate::cut::Cut;

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// A setting of `global` is given twice, and only the first counts.
    ///
    /// ## Why
    ///
    /// Most settings are overwritten by a later line; of these HAProxy keeps the first value, prints an
    /// alert or, since 3.1, only a warning for some of them, and starts; of `ca-base`, `crt-base`, `key-base`,
    /// `shm-stats-file` and the buffer for captures of TLS it refuses a second one.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     maxconn 1000
    ///     maxconn 2000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 2000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's cfgparse-global.c; observed with 2.6 to 3.5.
    "dead/already-specified", Error, World(check)
}

/// When a line has set a value, so that another one is too many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sets {
    /// With what begins with a number that is not 0.
    Number,
    /// With a number that is not 0, and nothing behind it.
    Id,
    /// With any name but `root`, whose number is 0.
    Name,
    /// With any word.
    Text,
    /// Always.
    Always,
}

/// What HAProxy says of a second line.
#[derive(Clone, Copy)]
enum Says {
    Alert,
    /// An alert up to 3.0, a warning since.
    Less,
    Warning,
    Refusal,
}

/// A keyword, what it sets, when it does, and what is said of a second one.
type Setting = (&'static str, &'static str, Sets, Says);

static SETTINGS: &[Setting] = &[
    ("maxconn", "maxconn", Sets::Number, Says::Alert),
    ("maxconnrate", "maxconnrate", Sets::Number, Says::Alert),
    ("maxsessrate", "maxsessrate", Sets::Number, Says::Alert),
    ("maxsslrate", "maxsslrate", Sets::Number, Says::Alert),
    ("maxpipes", "maxpipes", Sets::Number, Says::Alert),
    ("fd-hard-limit", "fd-hard-limit", Sets::Number, Says::Alert),
    ("ulimit-n", "ulimit-n", Sets::Number, Says::Alert),
    ("spread-checks", "spread-checks", Sets::Number, Says::Alert),
    ("uid", "user", Sets::Id, Says::Alert),
    ("user", "user", Sets::Name, Says::Alert),
    ("gid", "group", Sets::Id, Says::Alert),
    ("group", "group", Sets::Name, Says::Alert),
    ("cluster-secret", "cluster-secret", Sets::Text, Says::Alert),
    ("server-state-base", "server-state-base", Sets::Text, Says::Alert),
    ("server-state-file", "server-state-file", Sets::Text, Says::Alert),
    ("stats-file", "stats-file", Sets::Text, Says::Alert),
    ("log-send-hostname", "log-send-hostname", Sets::Always, Says::Alert),
    ("chroot", "chroot", Sets::Text, Says::Less),
    ("pidfile", "pidfile", Sets::Text, Says::Less),
    ("tune.runqueue-depth", "tune.runqueue-depth", Sets::Number, Says::Less),
    ("tune.maxpollevents", "tune.maxpollevents", Sets::Number, Says::Less),
    ("tune.maxaccept", "tune.maxaccept", Sets::Number, Says::Less),
    ("tune.rcvbuf.client", "tune.rcvbuf.client", Sets::Number, Says::Less),
    ("tune.rcvbuf.server", "tune.rcvbuf.server", Sets::Number, Says::Less),
    ("tune.sndbuf.client", "tune.sndbuf.client", Sets::Number, Says::Less),
    ("tune.sndbuf.server", "tune.sndbuf.server", Sets::Number, Says::Less),
    ("tune.notsent-lowat.client", "tune.notsent-lowat.client", Sets::Number, Says::Less),
    ("tune.notsent-lowat.server", "tune.notsent-lowat.server", Sets::Number, Says::Less),
    ("tune.rcvbuf.backend", "tune.rcvbuf.backend", Sets::Number, Says::Warning),
    ("tune.rcvbuf.frontend", "tune.rcvbuf.frontend", Sets::Number, Says::Warning),
    ("tune.sndbuf.backend", "tune.sndbuf.backend", Sets::Number, Says::Warning),
    ("tune.sndbuf.frontend", "tune.sndbuf.frontend", Sets::Number, Says::Warning),
    ("ca-base", "ca-base", Sets::Text, Says::Refusal),
    ("key-base", "key-base", Sets::Text, Says::Refusal),
    ("shm-stats-file", "shm-stats-file", Sets::Text, Says::Refusal),
    ("crt-base", "crt-base", Sets::Text, Says::Refusal),
    ("tune.ssl.capture-buffer-size", "tune.ssl.capture-buffer-size", Sets::Always, Says::Refusal),
    ("tune.ssl.capture-cipherlist-size", "tune.ssl.capture-buffer-size", Sets::Always, Says::Refusal),
];

fn setting(keyword: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|(name, ..)| *name == keyword)
}

/// Whether the first line of this keyword in `global` counts, and not the last.
pub(super) fn keeps_the_first(keyword: &str) -> bool {
    setting(keyword).is_some()
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first: FxHashMap<&str, Statement<'_>> = FxHashMap::default();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Global) {
        for line in section.statements() {
            let Some(&(keyword, sets, when, says)) = setting(line.keyword()) else { continue };
            if let Some(&earlier) = first.get(sets) {
                out.report(draft(keyword, line, earlier, says));
            } else if has_set(when, line) {
                first.insert(sets, line);
            }
        }
    }
}

/// Whether `line` gives its setting a value; what is refused sets nothing.
fn has_set(when: Sets, line: Statement<'_>) -> bool {
    let value = line.word(1).and_then(Word::known).unwrap_or("");
    let number = |text: &str| text.parse::<i64>().is_ok_and(|number| number != 0);
    match when {
        Sets::Number => number(value.cut(..value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len()))),
        Sets::Id => number(value),
        Sets::Name => !matches!(value, "" | "root"),
        Sets::Text => !value.is_empty(),
        Sets::Always => true,
    }
}

fn draft(keyword: &str, line: Statement<'_>, earlier: Statement<'_>, says: Says) -> Draft {
    let message = match says {
        Says::Refusal => format!("`{keyword}` is set already, and HAProxy takes no second one"),
        _ => format!("`{keyword}` is set already, and this line is ignored"),
    };
    let draft = Draft::at(line.location(), message).also(earlier.location(), "this one counts").help("keep one of the two lines");
    let draft = draft.fix("delete the line that is ignored", vec![Edit::delete(line.whole_line())]);
    match says {
        Says::Alert => draft.alerted_by(VersionSet::ALL),
        Says::Less => draft.alerted_by(VersionSet::before(3, 1, 0)).warned_by(VersionSet::since(3, 1, 0)),
        Says::Warning => draft.warned_by(VersionSet::ALL),
        Says::Refusal => draft.rejected_by(VersionSet::ALL),
    }
}
