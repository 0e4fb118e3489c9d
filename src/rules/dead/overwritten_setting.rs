//! `dead/overwritten-setting`.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    config::Proxy,
    rules::prelude::*,
};

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
    "dead/overwritten-setting", Warning, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut seen = FxHashMap::default();
    let some_keep = !Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::FirstCounts).is_empty();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && (some_keep || p.in_force.repeats() || p.is_defaults())) {
        seen.clear();
        for line in proxy.section.statements() {
            let first = usize::from(matches!(line.keyword(), "no" | "default"));
            let settings = [NoteKind::LastCounts, NoteKind::FirstCounts];
            if let Some(key) = Fact::noted(SectionKind::Listen, &line, first, &settings).and_then(|fact| Key::of(&line, fact, first)) {
                tell(key, line, &mut seen, Some((cx.config, proxy)), out);
            }
        }
    }
    seen.clear();
    for line in cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements()) {
        let fact = Fact::of(SectionKind::Global, &line, 0);
        let first_counts = fact.is_some_and(|fact| fact.has(NoteKind::FirstCounts));
        if fact.is_some_and(|fact| fact.setting().is_some()) || line.keyword().starts_with("tune.") && !first_counts {
            tell(Key { words: (line.keyword(), ""), fact, noun: "" }, line, &mut seen, None, out);
        }
    }
}

/// What a line sets.
#[derive(Clone, Copy)]
struct Key<'r> {
    /// Its name in one or two words.
    words: (&'r str, &'r str),
    /// What is known of the keyword.
    fact: Option<&'static Fact>,
    /// What it is called where several keywords set it.
    noun: &'static str,
}

impl<'r> Key<'r> {
    fn of(line: &Statement<'r>, fact: &'static Fact, first: usize) -> Option<Self> {
        let keyword = if first == 0 { line.keyword() } else { line.str(first) };
        let second = line.str(first + 1);
        let key = |words, noun| Some(Self { words, fact: Some(fact), noun });
        if let Some(family) = fact.note(NoteKind::Family).filter(|_| first == 0) {
            return key((family.word, ""), family.text());
        }
        let one_word = |fact: &Fact| fact.words == 1 && !fact.has_each();
        match fact.setting().or_else(|| Some(fact).filter(|fact| fact.has(NoteKind::FirstCounts)))? {
            setting if one_word(setting) => key((keyword, ""), ""),
            _ if second.is_empty() => None,
            _ => key((keyword, second), ""),
        }
    }

    /// Whether the first line of it counts, and not the last.
    fn keeps_the_first(&self) -> bool {
        self.fact.is_some_and(|fact| fact.has(NoteKind::FirstCounts))
    }

    /// Whether it is the log format.
    fn is_log_format(&self) -> bool {
        !self.noun.is_empty() && self.words.0 == "log-format"
    }

    /// For messages.
    fn name(&self) -> String {
        match (self.noun, self.words) {
            ("", (first, "")) => format!("`{first}`"),
            ("", (first, second)) => format!("`{first} {second}`"),
            (noun, _) => noun.to_owned(),
        }
    }
}

fn tell<'r>(
    key: Key<'r>,
    line: Statement<'r>,
    seen: &mut FxHashMap<(&'r str, &'r str), Statement<'r>>,
    place: Option<(&Config<'r>, &Proxy<'r>)>,
    out: &mut Sink<'_>,
) {
    let Some(first) = seen.insert(key.words, line) else { return };
    // Of two log formats in `defaults` another rule tells.
    if key.is_log_format() && place.is_some_and(|(_, p)| p.is_defaults()) {
        return;
    }
    let name = key.name();
    if key.keeps_the_first() {
        seen.insert(key.words, first);
        let draft = Draft::at(line.location(), format!("{name} is set already, and this line is ignored"));
        let draft = draft.also(first.location(), "this one counts").help("keep one of the two lines").warned_by(VersionSet::ALL);
        out.report(draft.fix("delete the line that is ignored", vec![Edit::delete(line.whole_line())]));
        return;
    }
    if place.is_some_and(|(config, proxy)| is_warned(&key, &first, config, proxy)) {
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
    let habit = key.is_log_format() && first.keyword() == "option" && line.keyword() == "log-format";
    let draft = Draft::at(first.location(), format!("{} has no effect: {} further down replaces it", words(&first), again(&first, &line)))
        .label("overwritten")
        .also(line.location(), "this one counts")
        .help("remove one of the two lines");
    out.report(if habit { draft.severity(Severity::Info) } else { draft });
}

/// The words that name what a line sets.
fn words(line: &Statement<'_>) -> String {
    let negated = matches!(line.keyword(), "no" | "default");
    let fact = Fact::of(SectionKind::Listen, line, 0).and_then(|fact| fact.path().last().map(|first| fact.words > 1 || first.has_each()));
    let count = 1 + usize::from(negated || fact == Some(true)) + usize::from(negated && line.len() > 2);
    let words: Vec<_> = line.words().take(count).map(|w| w.display().into_owned()).collect();
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
fn is_warned(key: &Key<'_>, first: &Statement<'_>, config: &Config<'_>, proxy: &Proxy<'_>) -> bool {
    let defaults = proxy.defaults().map(|at| &config.proxies[at]);
    let words = [key.words.0, key.words.1];
    let inherited = defaults.and_then(|d| d.lines(&words).last());
    let given = first.word(2).and_then(Word::known);
    let changed = match inherited {
        Some(line) => matches!((line.word(2).and_then(Word::known), given), (Some(a), Some(b)) if a != b),
        None => given.is_some_and(|value| !value.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|b| b == b'0')),
    };
    let chained = defaults.is_some_and(|d| d.defaults().is_some()) && inherited.is_none();
    let told = key.fact.is_some_and(|fact| fact.path().any(|fact| fact.has(NoteKind::Twice)));
    told && !proxy.is_defaults() && first.keyword() == key.words.0 && changed && !chained
}
