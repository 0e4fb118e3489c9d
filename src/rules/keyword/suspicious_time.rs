//! `keyword/suspicious-time`.

use crate::{catalog::Fact, rules::prelude::*};

rule! {
    /// A time of a few milliseconds is written without a unit.
    ///
    /// ## Why
    ///
    /// A number without a unit means milliseconds here. `timeout client 30` gives up after 30 ms, and who wrote it meant
    /// seconds. Since 3.1 HAProxy warns of values below 100, but not in `inspect-delay`, `slowstart` and `set-timeout`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout client 30
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode tcp
    ///     bind :443
    ///     tcp-request inspect-delay 5
    ///     tcp-request content reject unless { req.ssl_hello_type 1 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode tcp
    ///     server one 192.0.2.1:443
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     http-request set-timeout server 30
    ///     server one 192.0.2.1:80 check slowstart 30
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout client 30s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.2 to 3.5. For `resolvers` it is an alert with which HAProxy starts.
    "keyword/suspicious-time", Warning, World(check)
}

/// The versions that look.
const VERSIONS: VersionSet = VersionSet::since(3, 1, 0);

/// Words behind which a time stands that nobody at HAProxy looks at.
const UNSEEN: [&str; 2] = ["inspect-delay", "set-timeout"];

/// The times of a server.
const SERVER: &[&str] = &["inter", "fastinter", "downinter", "agent-inter", "slowstart"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // By the number of the keyword, in each kind of sections: lines have few of them.
    let mut known = vec![[None; 3]; cx.config.reading.keywords().count()];
    for section in cx.config.sections() {
        let of = match section.kind {
            kind if kind.is_proxy() => 0,
            SectionKind::Peers => 1,
            SectionKind::Resolvers => 2,
            _ => continue,
        };
        for line in section.statements() {
            let times = *known[line.keyword_number() as usize][of].get_or_insert_with(|| Times::of(section.kind, &line));
            if let Some(times) = times {
                times.look(line, out);
            }
        }
    }
}

/// Where a keyword has times.
#[derive(Clone, Copy)]
enum Times {
    /// Behind this word, which stands behind the keyword; nobody at HAProxy looks.
    Unseen(&'static str),
    /// Behind the name of a timeout.
    OfProxy,
    /// Behind the name of a timeout that has a least value.
    OfResolvers,
    /// Behind the name of a state of answers.
    Hold,
    /// Among the options of servers, of which word number so many may be the first.
    OfServer(usize),
}

impl Times {
    /// Where the keyword of `line` has them in a section of this kind.
    fn of(kind: SectionKind, line: &Statement<'_>) -> Option<Self> {
        let keyword = Fact::of_words(kind, |at| if at == 0 { line.keyword() } else { "" });
        let has = |action: &str| keyword.is_some_and(|keyword| keyword.following().any(|next| next.name.ends_with(action)));
        match line.keyword() {
            "timeout" if kind.is_proxy() => Some(Self::OfProxy),
            "timeout" if kind == SectionKind::Resolvers => Some(Self::OfResolvers),
            "hold" if kind == SectionKind::Resolvers => Some(Self::Hold),
            _ => {
                let unseen = UNSEEN.into_iter().find(|action| kind.is_proxy() && has(action));
                unseen.map(Self::Unseen).or_else(|| first_option(kind, line).map(Self::OfServer))
            }
        }
    }

    fn look(self, line: Statement<'_>, out: &mut Sink<'_>) {
        let named = || format!("{} {}", line.keyword(), line.str(1));
        match self {
            Self::Unseen(action) if action != line.str(1) => {}
            Self::Unseen("set-timeout") => report(line.word(3), || format!("set-timeout {}", line.str(2)), out, |draft| draft),
            Self::Unseen(action) => report(line.word(2), || action.to_owned(), out, |draft| draft),
            Self::OfProxy => report(line.word(2), named, out, |draft| draft.warned_by(VERSIONS)),
            Self::OfResolvers if !matches!(line.str(1), "retry" | "resolve") => {}
            Self::OfResolvers | Self::Hold => report(line.word(2), named, out, |draft| draft.alerted_by(VERSIONS)),
            Self::OfServer(first) => server(first, line, out),
        }
    }
}

/// The number of the word that may be the first option, where the keyword of a line takes those of servers.
fn first_option(kind: SectionKind, line: &Statement<'_>) -> Option<usize> {
    let options = Fact::of(kind, line, 0).and_then(Fact::options);
    options.filter(|(table, _)| table.name == "server").map(|(_, first)| first)
}

fn server(first: usize, line: Statement<'_>, out: &mut Sink<'_>) {
    for (at, _) in (first..).zip(line.bytes_from(first)).skip(1).filter(|(_, word)| is_digits(word)) {
        let Some(option) = Some(line.str(at - 1)).filter(|name| SERVER.contains(name)) else { continue };
        // HAProxy looks at all of them but this one.
        let says = |draft: Draft| if option == "slowstart" { draft } else { draft.warned_by(VERSIONS) };
        report(line.word(at), || option.to_owned(), out, says);
    }
}

fn is_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

fn report(word: Option<Word<'_>>, name: impl Fn() -> String, out: &mut Sink<'_>, says: impl Fn(Draft) -> Draft) {
    let Some((word, text)) = word.and_then(|w| Some((w, w.known()?))) else { return };
    let Some(value) = text.parse::<u32>().ok().filter(|v| (1..100).contains(v) && is_digits(text.as_bytes())) else { return };
    let name = name();
    let unit = if value == 1 { "millisecond" } else { "milliseconds" };
    let draft = Draft::at(word.location, format!("`{name} {text}` is {value} {unit}"))
        .label("no unit")
        .help(format!("write `{value}s` for seconds, or `{value}ms` if it is meant so"));
    out.report(says(draft));
}
