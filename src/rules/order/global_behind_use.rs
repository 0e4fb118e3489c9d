//! `order/global-behind-use`.

use crate::{
    catalog::{Fact, Note, NoteKind},
    rules::prelude::*,
};

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

/// Settings that count from their line on for the same lines, and what is known of these lines.
struct Setting {
    facts: Vec<&'static Fact>,
    readers: Vec<&'static str>,
    /// Only where the name of a file follows that does not begin at the root.
    relative: bool,
}

/// What the notes say of the settings of `global`.
fn settings() -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for fact in Fact::with(SectionKind::Global, NoteKind::ReadBy) {
        let readers: Vec<&str> = fact.notes(NoteKind::ReadBy).map(Note::text).collect();
        match settings.iter_mut().find(|setting| setting.readers == readers) {
            Some(setting) => setting.facts.push(fact),
            None => settings.push(Setting { facts: vec![fact], readers, relative: fact.says(NoteKind::ReadBy, "path") }),
        }
    }
    settings
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = || cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let Some(first) = cx.config.proxies.first().map(|p| p.section.index()) else { return };
    let mut behind = globals().filter(|s| s.index() > first).flat_map(|s| s.statements()).peekable();
    if behind.peek().is_none() {
        return;
    }
    let settings = settings();
    if !behind.any(|line| settings.iter().any(|setting| setting.is(&line))) {
        return;
    }
    // What was set before it was read is set anew on purpose.
    let mut set = vec![false; settings.len()];
    let mut seen: Vec<Option<Statement<'_>>> = vec![None; settings.len()];
    for section in cx.config.sections() {
        for line in section.statements() {
            let global = section.kind == SectionKind::Global;
            for ((setting, seen), set) in settings.iter().zip(&mut seen).zip(&mut set).filter(|(_, set)| !**set) {
                match seen {
                    Some(reading) if global && setting.is(&line) => out.report(draft(&line, reading)),
                    None if global => *set = setting.is(&line),
                    None if setting.reads(section.kind, &line) => *seen = Some(line),
                    _ => {}
                }
            }
        }
    }
}

impl Setting {
    /// Whether a line of `global` makes this setting.
    fn is(&self, line: &Statement<'_>) -> bool {
        self.facts.iter().any(|fact| fact.name == line.keyword())
    }

    /// Whether the setting counts for a line that stands below it.
    fn reads(&self, kind: SectionKind, line: &Statement<'_>) -> bool {
        let Some(fact) = Fact::of(kind, line, 0) else { return false };
        self.readers.iter().filter_map(|reader| reader.split_once(' ')).any(|(what, option)| {
            let is_reader = fact.name == what || fact.options().is_some_and(|(table, _)| table.name == what);
            is_reader && self.takes(line, option)
        })
    }

    fn takes(&self, line: &Statement<'_>, option: &str) -> bool {
        let Some(at) = (1..line.len()).find(|at| line.str(*at) == option) else { return false };
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
