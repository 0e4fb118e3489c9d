//! `order/global-behind-use`.

use crate::rules::prelude::*;

rule! {
    /// A global setting stands behind lines that it no longer counts for.
    ///
    /// ## Why
    ///
    /// Most settings of `global` count wherever they stand. Some are looked up while a line is read, and so count for the
    /// lines below alone: `ssl-default-bind-options` and its kin for `bind … ssl`, `ssl-default-server-options` and its kin
    /// for `server … ssl`, `ca-base` and `crt-base` for names of files, and `log` for `log global`. What stands above them,
    /// perhaps in a file that is read first, goes without, and HAProxy says nothing: a listener then takes TLS versions that
    /// the defaults forbid.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     timeout client 30s
    ///     bind :80
    ///     log global
    ///     http-request return status 200
    ///
    /// global
    ///     log stdout format raw local0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     log stdout format raw local0
    ///
    /// frontend web
    ///     mode http
    ///     timeout client 30s
    ///     bind :80
    ///     log global
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's cfgparse-ssl.c and log.c, 2.4 to 3.5.
    "order/global-behind-use", Warning, World(check)
}

/// The settings that count from their line on, by how they begin, and the lines they count for.
const SETTINGS: &[(&str, Reader)] = &[
    ("ssl-default-bind-", Reader { keywords: &["bind"], option: "ssl", relative: false }),
    ("ssl-default-server-", Reader { keywords: &["server", "default-server", "server-template"], option: "ssl", relative: false }),
    ("crt-base", Reader { keywords: &["bind", "server", "default-server", "server-template"], option: "crt", relative: true }),
    ("ca-base", Reader { keywords: &["bind", "server", "default-server", "server-template"], option: "ca-file", relative: true }),
    ("log", Reader { keywords: &["log"], option: "global", relative: false }),
];

/// The lines that a setting counts for.
struct Reader {
    keywords: &'static [&'static str],
    option: &'static str,
    /// Only where the name of a file follows that does not begin at the root.
    relative: bool,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let late = |s: &Statement<'_>| SETTINGS.iter().any(|(setting, _)| is(s, setting));
    let globals = || cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let Some(first) = cx.config.proxies.first().map(|p| p.section.index) else { return };
    if !globals().filter(|s| s.index > first).flat_map(|s| s.statements()).any(|s| late(&s)) {
        return;
    }
    // What was set before it was read is set anew on purpose.
    let mut set = [false; SETTINGS.len()];
    let mut seen: Vec<Option<Statement<'_>>> = vec![None; SETTINGS.len()];
    for section in cx.config.sections() {
        for line in section.statements() {
            let global = section.kind == SectionKind::Global;
            for (((setting, reader), seen), set) in SETTINGS.iter().zip(&mut seen).zip(&mut set).filter(|(_, set)| !**set) {
                match seen {
                    Some(reading) if global && is(&line, setting) => out.report(draft(&line, reading)),
                    None if global => *set = is(&line, setting),
                    None if reader.reads(&line) => *seen = Some(line),
                    _ => {}
                }
            }
        }
    }
}

/// Whether the line makes this setting.
fn is(line: &Statement<'_>, setting: &str) -> bool {
    if setting.ends_with('-') { line.keyword().starts_with(setting) } else { line.keyword() == setting }
}

impl Reader {
    fn reads(&self, line: &Statement<'_>) -> bool {
        if !self.keywords.contains(&line.keyword()) {
            return false;
        }
        let Some(at) = (1..line.len()).find(|at| line.str(*at) == self.option) else { return false };
        !self.relative || line.word(at + 1).and_then(Word::known).is_some_and(|file| !file.starts_with(['/', '@']))
    }
}

fn draft(line: &Statement<'_>, reading: &Statement<'_>) -> Draft {
    let keyword = line.keyword();
    Draft::at(line.location(), format!("`{keyword}` does not count for the `{}` lines above it", reading.keyword()))
        .label("counts from here on")
        .also(reading.location(), "read without it")
        .help("move the `global` section above the sections that depend on it")
}
