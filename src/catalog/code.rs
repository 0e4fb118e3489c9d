//! What no signature can say. A data file names a function here as `code(name)`.
//!
//! Many judge words that the signature has already let through, and take none: they give back the number they got.

use crate::{
    cut::Cut,
    expression::{self, Places, Scope},
    finding::{Applicability, Edit, Fix, Help, Verdict},
    syntax::SectionKind,
    version::VersionSet,
};

use super::{
    Fault, FaultKind,
    matcher::Matcher,
    place::{c_int, c_number},
};

/// `lua.NAME`: only scripts register that.
pub(super) fn lua_loaded(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.loads_lua {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` is not known: no `lua-load` before it loads a script", piece.text?);
    m.fault(
        Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions)
            .help("write `lua-load` and the script's file in `global`"),
    );
    None
}

/// The arguments of `lua.NAME`: as many words as the script has asked for, which nobody knows here. The condition ends
/// them.
pub(super) fn lua_arguments(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    lua_loaded(m, at)?;
    (at..m.end).find(|at| matches!(m.str(*at), "if" | "unless")).or(Some(m.end))
}

/// The section must be able to take connections.
pub(super) fn needs_frontend(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.kind == SectionKind::Backend { wrong_side(m, at, "takes no connections") } else { Some(at) }
}

/// The section must be able to have servers.
pub(super) fn needs_backend(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.kind == SectionKind::Frontend { wrong_side(m, at, "has no servers") } else { Some(at) }
}

fn wrong_side(m: &mut Matcher<'_, '_>, at: usize, why: &str) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let message = format!("`{} {}` cannot stand in {}, which {why}", m.path(), piece.text?, m.line.title());
    m.refuse(FaultKind::Misplaced, piece.location, message)
}

/// `on` or `off`, in capitals or not (`strict-mode`).
pub(super) fn on_or_off(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        let message = format!("`{}` needs `on` or `off`", m.path());
        return m.refuse(FaultKind::MissingArgument, before.location, message);
    };
    let text = piece.text?;
    if text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("off") {
        return Some(at + 1);
    }
    let message = format!("`{}` takes `on` or `off`, and here is `{text}`", m.path());
    m.refuse(FaultKind::UnknownArgument, piece.location, message)
}

/// The header named before: HAProxy 2.8 and later warn of characters that no header name can have, but for a `:` at
/// its beginning.
pub(super) fn header_name(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let name = piece.text?;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let bad = name.char_indices().find(|(at, c)| !(token(*c) || *at == 0 && *c == ':'));
    let versions = m.versions & VersionSet::since(2, 8, 0);
    if let Some((start, bad)) = bad
        && !versions.is_empty()
    {
        let location = m.part(piece, start, start + bad.len_utf8());
        let message = format!("`{bad}` in `{name}` cannot be part of the name of a header");
        m.fault(Fault::warned(FaultKind::InvalidValue, location, message, versions).help("write the name alone, without `:` or blanks"));
    }
    Some(at)
}

/// The header's name before `-m reg` is a regular expression.
pub(super) fn header_regex(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at.checked_sub(3)?)?;
    let text = piece.text?;
    if let Some((range, problem)) = expression::regex_problem(text) {
        let location = m.part(piece, range.start, range.end);
        return m.refuse(FaultKind::InvalidValue, location, format!("the regular expression `{text}` cannot be read: {problem}"));
    }
    Some(at)
}

/// `add-acl` and the like without parentheses: HAProxy takes whatever the memory behind the word holds for the file's name.
pub(super) fn no_file(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let message = format!("`{text}` has no file in parentheses behind it, and HAProxy does not notice");
    m.fault(
        Fault::silent(FaultKind::MissingArgument, piece.location, message, m.versions)
            .help(format!("write `{text}(FILE)`, the file as the ACL or map has it")),
    );
    Some(at)
}

/// The number of a counter behind `track-sc`, or the last in the parentheses of `sc-inc-gpc0` and the like: there are
/// three of them, or as many as `tune.stick-counters` says, which 2.8 and later know.
pub(super) fn stick_counter(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let number = match text.split_once('(') {
        Some((_, inner)) => inner.split(')').next()?.rsplit(',').next()?,
        None => text.strip_prefix("track-sc").unwrap_or(""),
    };
    if number.starts_with('-') {
        let message = format!("there is no counter {number}; HAProxy does not look");
        m.fault(Fault::silent(FaultKind::InvalidNumber, piece.location, message, m.versions).help("write the number of a `track-sc` rule"));
        return Some(at);
    }
    let set = VersionSet::since(2, 8, 0);
    if !m.all_in(&set) && m.split.is_some() {
        return None;
    }
    let tuned = set.covers(m.versions);
    let Some(counters) = (if tuned { m.line.stick_counters } else { Some(DEFAULT_COUNTERS) }) else { return Some(at) };
    if number.parse::<u64>().unwrap_or(0) < counters {
        return Some(at);
    }
    let message = match counters {
        0 => format!("`{text}` needs a counter, and there are none: `tune.stick-counters` is 0"),
        1 => format!("`{text}` needs counter {number}, and there is only 0"),
        _ => format!("`{text}` needs counter {number}, and there are only 0 to {}", counters - 1),
    };
    let fault = Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions);
    m.fault(if tuned { fault.help("write a larger `tune.stick-counters` in `global`, before this line") } else { fault });
    None
}

/// The counters there are where nothing else is said.
pub(super) const DEFAULT_COUNTERS: u64 = 3;

/// A value that HAProxy does not miss, as long as no condition stands in its place.
pub(super) fn value_first(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let before = m.piece(at - 1)?;
    let needs = |m: &Matcher<'_, '_>| format!("`{}` needs a value", m.path());
    match m.str(at) {
        "" if at >= m.end => {
            let message = format!("{}: HAProxy takes nothing for one", needs(m));
            m.fault(Fault::silent(FaultKind::MissingArgument, before.location, message, m.versions));
            Some(at)
        }
        // This one takes any word, and is refused for what follows.
        "if" | "unless" if before.text?.starts_with("set-var-fmt") && matches!(m.str(at + 1), "" | "if" | "unless") => {
            let message = format!("{}: HAProxy takes `{}` for it", needs(m), m.str(at));
            m.fault(Fault::silent(FaultKind::MissingArgument, before.location, message, m.versions));
            Some(at + 1)
        }
        "if" | "unless" => m.refuse(FaultKind::MissingArgument, before.location, format!("{} before its condition", needs(m))),
        _ => Some(at),
    }
}

/// `process-vary` is `on` or `off`; HAProxy only warns of anything else.
pub(super) fn vary(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = m.str(at);
    if piece.text.is_some() && !matches!(word, "on" | "off") {
        let what = if word.is_empty() { "`process-vary` says neither".to_owned() } else { format!("`{word}` is neither") };
        let message = format!("{what} `on` nor `off`: it changes nothing");
        m.fault(
            Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions)
                .help("write `process-vary on` or `process-vary off`"),
        );
    }
    Some((at + 1).min(m.end))
}

/// The code of a redirection, read with C's `atol`.
pub(super) fn redirect_code(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        return m.refuse(FaultKind::MissingArgument, before.location, "`code` needs a status: 301, 302, 303, 307 or 308");
    };
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(text.cut(..digits).parse(), Ok(301 | 302 | 303 | 307 | 308u16)) {
        return Some(at + 1);
    }
    let message = format!("`{text}` is no status that HAProxy redirects with");
    m.fault(
        Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions)
            .help("write 301, 302, 303, 307 or 308: 301 and 308 are permanent, 307 and 308 keep the method"),
    );
    None
}

/// The word before ends with its parentheses: HAProxy looks there alone.
pub(super) fn closed(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if text.ends_with(')') {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{text}` goes on behind its parentheses, and may not"))
}

/// What `set-var(NAME,CONDITION…)` knows as conditions.
const CONDITIONS: [&str; 8] = ["ifexists", "ifnotexists", "ifempty", "ifnotempty", "ifset", "ifnotset", "ifgt", "iflt"];

/// The conditions in the parentheses of `set-var` and `set-var-fmt`; an empty one ends them.
pub(super) fn variable_conditions(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    closed(m, at)?;
    let inner = text.split_once('(')?.1;
    let mut start = text.len() - inner.len();
    let conditions = inner.trim_end_matches(')').split(',');
    for (number, condition) in conditions.enumerate().take_while(|(number, c)| *number == 0 || !c.is_empty()) {
        let location = m.part(piece, start, start + condition.len());
        start += condition.len() + 1;
        if number > 0 && !CONDITIONS.contains(&condition) {
            let message = format!("`{condition}` is no condition for setting a variable");
            let near = crate::nearest::nearest(condition, CONDITIONS);
            let help = Help::near(location, condition, near, || format!("write one of {}", CONDITIONS.join(", ")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
    }
    Some(at)
}

/// The family in `do-resolve(VARIABLE,RESOLVERS,FAMILY)`: HAProxy compares as many letters as are there.
pub(super) fn resolve_family(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let inner = piece.text?.split_once('(')?.1.split(')').next()?;
    for family in inner.split(',').skip(2) {
        if !"ipv4".starts_with(family) && !"ipv6".starts_with(family) {
            let message = format!("`{family}` is no family of addresses: `do-resolve` knows `ipv4` and `ipv6`");
            return m.refuse(FaultKind::UnknownArgument, piece.location, message);
        }
    }
    Some(at)
}

/// The name before may be a log-format string, which HAProxy compiles once every file was read.
pub(super) fn dynamic_name(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let word = m.statement.word(at - 1)?;
    if word.known().is_some_and(|name| name.contains('%')) {
        let places = Places::of_rule(m.path.first().copied().unwrap_or(""), "name", m.line.kind).unwrap_or(Places::EVERYWHERE);
        let mut faults = Vec::new();
        expression::log_format(word, Scope { versions: m.versions, places, aborts: false, at_the_end: true, http: None }, &mut faults);
        faults.into_iter().for_each(|fault| m.fault(fault));
    }
    Some(at)
}

/// What the arguments of `deny`, `tarpit`, `return` and `http-error` are together.
pub(super) fn http_reply(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    super::http_reply::judge(m, at)
}

/// `option httpchk METHOD URI VERSION`: headers hidden behind the version were warned of by 2.6.12 and are refused from 2.7 on.
pub(super) fn httpchk_version(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let version = m.piece(at - 1)?;
    let Some(start) = version.text.and_then(|text| text.find("\r\n")) else { return Some(at) };
    let location = m.part(version, start, version.text.map_or(0, str::len));
    let refused = m.versions & VersionSet::since(2, 7, 0);
    let message = "headers hidden behind the version of the check are not sent";
    let help = "write them as `http-check send hdr NAME VALUE`";
    if !refused.is_empty() {
        m.fault(Fault::refused(FaultKind::InvalidValue, location, message, refused).help(help));
    }
    let warned = m.versions & VersionSet::branch_since(2, 6, 0);
    if !warned.is_empty() {
        m.fault(Fault::warned(FaultKind::InvalidValue, location, message, warned).help(help));
    }
    (refused != m.versions).then_some(at)
}

/// `cookie`: how the cookie is handled is said in one way only.
pub(super) fn cookie_modes(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let found = |words: &[&str]| -> Vec<usize> { (m.first + 2..m.end).filter(|i| words.contains(&m.str(*i))).collect() };
    for words in [["rewrite", "indirect"].as_slice(), &["rewrite", "insert", "prefix"]] {
        let used = found(words);
        let different = used.iter().find(|i| m.str(**i) != m.str(used[0]));
        if let Some(second) = different.and_then(|i| m.piece(*i)) {
            let message = format!("`{}` and `{}` exclude each other", m.str(used[0]), m.str(second.at));
            return m.refuse(FaultKind::Conflict, second.location, message);
        }
    }
    if let (Some(preserve), []) = (found(&["preserve"]).first(), found(&["insert", "indirect"]).as_slice()) {
        let location = m.piece(*preserve)?.location;
        return m.refuse(FaultKind::Conflict, location, "`preserve` needs `insert` or `indirect` beside it");
    }
    Some(at)
}

/// `http-send-name-header`: from 3.4 on not a header that HAProxy has its own use for.
pub(super) fn name_header(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const RESERVED: [&str; 6] = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];
    let header = m.piece(at - 1)?;
    let refused = m.versions & VersionSet::since(3, 4, 0);
    if refused.is_empty() || !header.text.is_some_and(|t| RESERVED.iter().any(|r| r.eq_ignore_ascii_case(t))) {
        return Some(at);
    }
    let message = format!("the name of the server cannot go into `{}`, which is for HAProxy itself", m.str(at - 1));
    m.fault(Fault::refused(FaultKind::InvalidValue, header.location, message, refused));
    (refused != m.versions).then_some(at)
}

/// The word before is for proxies in http mode only.
pub(super) fn needs_http(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.http != Some(false) {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` needs `mode http`, and this is a tcp proxy", m.str(at - 1));
    // HAProxy starts all the same.
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write `mode http` before it");
    m.fault(Fault { verdict: Some(Verdict::Alert), ..fault });
    Some(at)
}

/// `tune.idletimer` is at most 65535 ms.
pub(super) fn idle_timer(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let scale = match text.cut(digits..) {
        unit if unit.starts_with("us") => return Some(at),
        unit if unit.is_empty() || unit.starts_with("ms") => 1,
        unit if unit.starts_with('s') => 1_000,
        unit if unit.starts_with('m') => 60_000,
        _ => 3_600_000,
    };
    if text.cut(..digits).parse().is_ok_and(|n: u64| n.saturating_mul(scale) <= 65_535) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidTime, piece.location, format!("the time `{text}` is more than 65535 ms"))
}

/// As many processors as threads in `cpu-map auto:`.
pub(super) fn one_processor_each(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    super::cpu_map::one_processor_each(m, at)
}

/// `h1-case-adjust FROM TO`: one header, written in two ways.
pub(super) fn same_header(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let (from, to) = (m.piece(at - 2)?.text?, piece.text?);
    if from.eq_ignore_ascii_case(to) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{from}` and `{to}` are two headers: only capitals may differ"))
}

/// `set-var` and `set-var-fmt` of the global section: only variables of the process live so long.
pub(super) fn process_variable(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(m.first + 1)?;
    let text = piece.text?;
    if text.starts_with("proc.") {
        return Some(at);
    }
    let message = format!("`{text}` is no variable of the process, and others cannot be set in `global`");
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write `proc.` and its name"));
    None
}

/// `hash-balance-factor`: 0, or more than 100.
pub(super) fn balance_factor(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text.cut(..digits).parse().unwrap_or(if digits > 0 { u64::MAX } else { 0 });
    let negative = text.strip_prefix('-').is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_digit).any(|b| b != b'0'));
    if !negative && (value == 0 || value > 100) {
        return Some(at);
    }
    let message = format!("the percent is `{text}`, and must be 0 or greater than 100");
    m.refuse(FaultKind::InvalidNumber, piece.location, message)
}

/// `http-check expect` and `tcp-check expect` take one pattern.
pub(super) fn one_pattern(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const PATTERNS: [&str; 12] =
        ["string", "rstring", "string-lf", "binary", "rbinary", "binary-lf", "status", "rstatus", "hdr", "fhdr", "custom", ""];
    let Some(piece) = m.piece(at) else { return Some(at) };
    let text = piece.text?;
    if !PATTERNS.contains(&text.trim_start_matches('!')) {
        return Some(at);
    }
    m.refuse(FaultKind::Conflict, piece.location, format!("`{text}` is a second pattern, and `expect` takes one"))
}

/// What a `bwlim-in` or `bwlim-out` filter needs: a limit that streams share, with its key, or one of each stream, with
/// its period.
pub(super) fn bandwidth(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let words: Vec<&str> = (m.first + 3..at).map(|n| m.str(n)).collect();
    if (m.first..at).any(|n| m.piece(n).is_none_or(|p| p.text.is_none())) {
        return None;
    }
    let has = |word: &&str| words.contains(word);
    let shared = ["key", "table", "limit"].iter().find(|word| has(word));
    let own = ["default-period", "default-limit"].iter().find(|word| has(word));
    let piece = m.piece(m.first + 1)?;
    if let (Some(shared), Some(own)) = (shared, own) {
        let message = format!("`{shared}` and `{own}` exclude each other: the limit is shared by streams, or one of each stream");
        return m.refuse(FaultKind::Conflict, piece.location, message);
    }
    let needed = if shared.is_some() { ["key", "limit"] } else { ["default-period", "default-limit"] };
    match needed.iter().find(|word| !has(word)) {
        Some(word) => m.refuse(FaultKind::MissingArgument, piece.location, format!("`{}` needs `{word}`", m.path())),
        None => Some(at),
    }
}

/// The name behind `table` of a `stick` rule: any word, and none where the line ends.
pub(super) fn table_name(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some((at + 1).min(m.end.max(at)))
}

/// `tune.ssl.default-dh-param`: 1024 or more. What is negative counts as very much.
pub(super) fn dh_bits(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if c_int(text) < 0 || c_int(text) >= 1024 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the bits are `{text}`, and must be 1024 or more"))
}

/// The delays between updates of OCSP responses: the least is not greater than the greatest.
pub(super) fn ocsp_delay(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let delay = c_int(piece.text?);
    let (least, most) = m.line.ocsp_delays;
    let message = if m.path().ends_with("mindelay") {
        most.filter(|most| delay > *most).map(|most| format!("the least delay is {delay}, and the greatest {most}"))
    } else {
        least.filter(|least| delay < *least).map(|least| format!("the greatest delay is {delay}, and the least {least}"))
    };
    let Some(message) = message else { return Some(at) };
    m.fault(
        Fault::refused(FaultKind::Conflict, piece.location, message, m.versions)
            .help("where nothing is said before, the least is 300 and the greatest 3600"),
    );
    None
}

/// `unix-bind` takes one prefix; HAProxy says so and goes on.
pub(super) fn one_prefix(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let second = (m.first + 1..at).step_by(2).filter_map(|n| m.piece(n)).filter(|p| p.text == Some("prefix")).nth(1);
    if let Some(second) = second {
        let fault = Fault::refused(FaultKind::Conflict, second.location, "a second `prefix` is left out", m.versions);
        m.fault(Fault { verdict: Some(Verdict::Alert), ..fault.help("delete one of them") });
    }
    Some(at)
}

/// A word that `defaults` sections take and make nothing of, with a warning since 2.5.
pub(super) fn not_in_defaults(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    if m.line.kind == SectionKind::Defaults {
        let message = format!("`{}` is not inherited: it has no effect in a `defaults` section", piece.text?);
        let versions = m.versions & VersionSet::since(2, 5, 0);
        m.fault(Fault::warned(FaultKind::Ignored, piece.location, message, versions).help("write it in the proxies that need it"));
    }
    Some(at)
}

/// `agent-check` of a server needs a port.
pub(super) fn server_checks(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let options = || (m.first + 1..at).filter_map(|n| m.piece(n));
    if options().any(|p| p.text.is_none()) {
        return None;
    }
    let agent = options().filter(|p| matches!(p.text, Some("agent-check" | "no-agent-check"))).reduce(|_, later| later);
    match agent.filter(|p| p.text == Some("agent-check")) {
        Some(agent) if options().all(|p| p.text != Some("agent-port")) && !m.line.agent_ports => {
            m.fault(
                Fault::refused(FaultKind::MissingArgument, agent.location, "`agent-check` needs `agent-port`", m.versions)
                    .help("write `agent-port` and the port of the agent"),
            );
            None
        }
        _ => Some(at),
    }
}

/// The size of a ring up to 3.0: C's `atol` reads it, and 0 is refused. The rule dead/ring-size-ignored tells of units.
pub(super) fn ring_size(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if c_number(text) != 0 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the size `{text}` of the ring is not a number of bytes"))
}

/// `master-worker` from 3.5 on: alone it is refused, for the mode is chosen on the command line.
pub(super) fn not_alone(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at < m.end {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` is not known any more: the mode is chosen on the command line", m.path());
    let line = m.statement.whole_line();
    let fault = Fault::refused(FaultKind::Removed, piece.location, message, m.versions);
    m.fault(Fault {
        fix: Some(Fix { title: "delete the line".to_owned(), applicability: Applicability::Unsafe, edits: vec![Edit::delete(line)] }),
        ..fault.help("delete it, and start HAProxy with `-W`, or with `-Ws` from systemd")
    });
    None
}

/// `on` or `off`; HAProxy only warns of anything else.
pub(super) fn told_on_off(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = if at < m.end { m.str(at) } else { "" };
    if piece.text.is_some() && !matches!(word, "on" | "off") {
        let what = if word.is_empty() { format!("`{}` says neither", m.path()) } else { format!("`{word}` is neither") };
        let message = format!("{what} `on` nor `off`: it changes nothing");
        let help = format!("write `{0} on` or `{0} off`", m.path());
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
        return None;
    }
    Some((at + 1).min(m.end))
}

/// What must follow is missing, and HAProxy only warns of it.
pub(super) fn told_if_alone(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at < m.end {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` says nothing: it changes nothing", m.path());
    m.fault(
        Fault::warned(FaultKind::MissingArgument, piece.location, message, m.versions).help("write what belongs behind it, or delete it"),
    );
    None
}

/// `tune.defaults.purge` from 3.5 on: `all`, `none`, or `proxies` and `servers` between commas.
pub(super) fn purged(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let help = "write `all`, `none`, `proxies`, `servers` or `proxies,servers`";
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        let message = format!("`{}` needs to know what is purged", m.path());
        m.fault(Fault::refused(FaultKind::MissingArgument, before.location, message, m.versions).help(help));
        return None;
    };
    let text = piece.text?;
    let parts = || text.strip_suffix(',').unwrap_or(text).split(',');
    if matches!(text, "all" | "none") || parts().all(|part| matches!(part, "proxies" | "servers")) {
        return Some(at + 1);
    }
    let message = format!("`{}` does not know `{text}`", m.path());
    m.fault(Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions).help(help));
    None
}

/// The least number of streams is not greater than the greatest, which is the first argument.
pub(super) fn fewer_streams(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let (least, most) = (c_int(piece.text?), c_int(m.piece(m.first + 1)?.text?));
    if least <= most {
        return Some(at);
    }
    m.refuse(FaultKind::Conflict, piece.location, format!("the least number of streams is {least}, and the greatest {most}"))
}

/// A size whose number is 1 or more: HAProxy reads it with C's `atoi` first.
pub(super) fn one_or_more(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if c_int(text) != 0 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the size is `{text}`, and must be 1 or more"))
}

/// `tune.streams-elasticity`: 0, or 100 and more.
pub(super) fn elasticity(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if matches!(c_int(text), 0 | 100..) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the percent is `{text}`, and must be 0, or 100 or more"))
}

/// The libraries that Lua can open.
const LUA_LIBRARIES: [&str; 8] = ["table", "io", "os", "string", "math", "utf8", "package", "debug"];

/// `tune.lua.openlibs`: libraries between commas, before a script is loaded. `none` stands alone.
pub(super) fn lua_libraries(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if m.line.loads_lua {
        let message = format!("`{}` stands behind a `lua-load`, which opens the libraries", m.path());
        m.fault(Fault::refused(FaultKind::Conflict, piece.location, message, m.versions).help("write it before all `lua-load` lines"));
        return None;
    }
    let mut start = 0;
    for library in text.split(',') {
        if !matches!(library, "" | "all" | "none") && !LUA_LIBRARIES.contains(&library) {
            let location = m.part(piece, start, start + library.len());
            let message = format!("Lua has no library `{library}`");
            let near = crate::nearest::nearest(library, LUA_LIBRARIES);
            let help = Help::near(location, library, near, || format!("write `all`, `none`, or some of {}", LUA_LIBRARIES.join(",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += library.len() + 1;
    }
    if text.split(',').any(|l| l == "none") && text.split(',').any(|l| !matches!(l, "" | "none")) {
        return m.refuse(FaultKind::Conflict, piece.location, "`none` stands alone: here are other libraries beside it");
    }
    Some(at)
}

/// `crt-base` and `key-base` of a `crt-store`: they stand before what is loaded.
pub(super) fn before_load(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if !m.line.loads_certificates {
        return Some(at);
    }
    let piece = m.piece(m.first)?;
    let message = format!("`{}` stands behind a `load` line, where it comes too late", m.path());
    m.fault(
        Fault::refused(FaultKind::Conflict, piece.location, message, m.versions).help("write it before all `load` lines of the section"),
    );
    None
}

/// `challenge-ready`: some of `cli`, `dns` and `delay` between commas, or `none` alone.
pub(super) fn ready_when(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const CONDITIONS: [&str; 4] = ["cli", "dns", "delay", "none"];
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let conditions = || text.split(',').filter(|condition| !condition.is_empty());
    let wrong = conditions().find(|condition| !CONDITIONS.contains(condition));
    let fault = match wrong {
        Some(wrong) => {
            Fault::refused(FaultKind::UnknownArgument, piece.location, format!("`{}` does not know `{wrong}`", m.path()), m.versions)
        }
        None if conditions().any(|c| c == "none") && conditions().count() > 1 => {
            Fault::refused(FaultKind::Conflict, piece.location, "`none` stands alone: here are other conditions beside it", m.versions)
        }
        None => return Some(at),
    };
    m.fault(fault.help("write `none`, or some of `cli`, `dns` and `delay` between commas"));
    None
}

/// The name before an address: letters, digits and `.:_-`. Alone HAProxy does not look at it.
pub(super) fn proper_name(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let bad = text.char_indices().find(|(_, c)| !crate::syntax::is_name_char(*c));
    let Some((start, bad)) = bad.filter(|_| at < m.end) else { return Some(at) };
    let location = m.part(piece, start, start + bad.len_utf8());
    m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the name `{text}`"))
}

/// `early-hints` of a cache: `on`, `off` or `only`; HAProxy only warns of anything else.
pub(super) fn hints(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = if at < m.end { m.str(at) } else { "" };
    if piece.text.is_some() && !matches!(word, "on" | "off" | "only") {
        let what = if word.is_empty() { format!("`{}` says nothing", m.path()) } else { format!("`{word}` is not known here") };
        let help = "write `early-hints on`, `early-hints off` or `early-hints only`";
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, format!("{what}: it changes nothing"), m.versions).help(help));
    }
    Some((at + 1).min(m.end))
}

/// A list that HAProxy's own HTTP client hands to the TLS library from 3.5 on: something in it must look like a name of the kind.
/// Which names a library knows is its own business.
pub(super) fn known_to_tls(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let versions = m.versions & VersionSet::since(3, 5, 0);
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let suites = m.path().ends_with("ciphersuites");
    let may_be = |name: &str| {
        let numbered = name.len() >= 4 && name.bytes().any(|b| b.is_ascii_digit()) && name.bytes().any(|b| b.is_ascii_alphabetic());
        if suites { name.starts_with("TLS") } else { numbered || name == "DEFAULT" }
    };
    if versions.is_empty() || text.split(':').any(|part| may_be(part.trim_start_matches(['?', '*', '-', '/']))) {
        return Some(at);
    }
    let message = format!("nothing in `{text}` is a name that a TLS library can know");
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, versions);
    m.fault(Fault { at_the_end: true, ..fault });
    Some(at)
}
