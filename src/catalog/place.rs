//! The types of words. A data file names a function here as `<label:type>`; docs/catalog.md has a row for each.
//!
//! A function takes the piece at hand and gives the number of the word behind it, or `None` where nothing more can be
//! said of the line.

use crate::{
    cut::Cut,
    expression::{self, Places, Scope},
    finding::Help,
    nearest::nearest,
    syntax::{SectionKind, is_name_char},
    version::VersionSet,
};

use super::{
    Fault, FaultKind,
    matcher::{Matcher, Piece},
    signature::Place,
};

/// What HAProxy can count to in most places: C's `int`.
const INT_MAX: u64 = 2_147_483_647;

/// Any word.
pub(super) fn word<'r>(_: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    Some(piece.at + 1)
}

/// One word or more, to the end of the line.
pub(super) fn words<'r>(m: &mut Matcher<'_, 'r>, _: Piece<'r>, _: &Place) -> Option<usize> {
    Some(m.end)
}

/// A whole number and nothing behind it.
pub(super) fn int<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let trimmed = text.trim_start();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let bad = trimmed.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let start = text.len() - trimmed.len() + bad;
        let location = if bad == 0 { piece.location } else { m.part(piece, start, text.len()) };
        let help = format!("write {}", number_range(place));
        let message = format!("`{text}` is not a whole number, which {} must be", the(place.label));
        m.fault(Fault::refused(FaultKind::InvalidNumber, location, message, m.versions).help(help));
        return None;
    }
    let value = trimmed.parse().unwrap_or(i64::MAX);
    in_range(m, piece, value, place)
}

/// What C's `atoi` makes a number of.
pub(super) fn atoi<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let (value, rest) = leading_number(text);
    if rest > 0 && rest < text.len() || rest == 0 {
        let message = format!("`{text}` is no number: HAProxy makes {value} of it");
        let help = format!("write {}", number_range(place));
        let fault = if place.parameter == "told" { Fault::warned } else { Fault::silent };
        m.fault(fault(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    }
    in_range(m, piece, value, place)
}

/// The number at the beginning of `text` as C reads it, and where it ends; 0 where there is none.
fn leading_number(text: &str) -> (i64, usize) {
    let blank = text.len() - text.trim_start().len();
    let sign = usize::from(text.cut(blank..).starts_with(['+', '-']));
    let digits = text.cut(blank + sign..).bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return (0, 0);
    }
    let end = blank + sign + digits;
    (text.cut(blank..end).trim_start_matches('+').parse().unwrap_or(i64::MAX), end)
}

fn in_range<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, value: i64, place: &Place) -> Option<usize> {
    if place.parameter.ends_with("nonzero") && value == 0 {
        return m.refuse(FaultKind::InvalidNumber, piece.location, format!("{} must not be 0", the(place.label)));
    }
    let Some((from, to)) = place.range else { return Some(piece.at + 1) };
    if (from..=to).contains(&value) {
        return Some(piece.at + 1);
    }
    let message =
        format!("{} is `{}`, which is not {}", the(place.label), piece.text?, number_range(place).trim_start_matches("a number "));
    m.refuse(FaultKind::InvalidNumber, piece.location, message)
}

fn number_range(place: &Place) -> String {
    match place.range {
        Some((from, i64::MAX)) => format!("a number from {from} on"),
        Some((i64::MIN, to)) => format!("a number up to {to}"),
        Some((from, to)) => format!("a number from {from} to {to}"),
        None => "a whole number".to_owned(),
    }
}

fn the(label: &str) -> String {
    format!("the {label}")
}

/// Units of time: the word, and its length in microseconds.
const TIME_UNITS: [(&str, u64); 6] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

/// A time (language.md §7): digits, a unit, and with a warning whatever follows. The parameter is the unit of a bare number.
pub(super) fn time<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let unit = if place.parameter.is_empty() { "ms" } else { place.parameter };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.cut(digits..);
    // `ms` before `m`: the longer word first.
    let written = TIME_UNITS.iter().filter(|(word, _)| rest.starts_with(word)).max_by_key(|(word, _)| word.len());
    if digits == 0 || !rest.is_empty() && written.is_none() {
        let end = digits + rest.chars().next().map_or(0, char::len_utf8);
        let location = m.part(piece, digits, end);
        let wrong =
            if digits == 0 { "it does not begin with a digit".to_owned() } else { format!("`{}` is no unit", text.cut(digits..end)) };
        let message = format!("`{text}` is not a time: {wrong}");
        let help = "write digits and one of `us`, `ms`, `s`, `m`, `h`, `d`, without a fraction or a blank: `500ms`, `30s`";
        m.fault(Fault::refused(FaultKind::InvalidTime, location, message, m.versions).help(help));
        return None;
    }
    let scale = |word: &str| TIME_UNITS.iter().find(|(u, _)| *u == word).map_or(1_000, |u| u.1);
    let given = text.cut(..digits).bytes().fold(0u64, |n, b| n.wrapping_mul(10).wrapping_add(u64::from(b - b'0')));
    let micros = u128::from(given) * u128::from(written.map_or(scale(unit), |w| w.1));
    if micros.div_ceil(u128::from(scale(unit))) > u128::from(INT_MAX) {
        let message = format!(
            "`{text}` is longer than HAProxy can count: {INT_MAX} {unit} at most{}",
            if unit == "ms" { ", about 24.8 days" } else { "" }
        );
        return m.refuse(FaultKind::InvalidTime, piece.location, message);
    }
    let end = digits + written.map_or(0, |w| w.0.len());
    if end < text.len() {
        let location = m.part(piece, end, text.len());
        let message = format!("`{}` in the time `{text}` is left out: HAProxy reads `{}`", text.cut(end..), text.cut(..end));
        m.fault(Fault::warned(FaultKind::DubiousTime, location, message, m.versions).help(format!("write `{}`", text.cut(..end))));
    }
    Some(piece.at + 1)
}

/// A size: digits and perhaps `k`, `m` or `g`; from 3.1 on also `t` and `p` where 64 bits are counted.
pub(super) fn size<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let narrow = place.parameter.starts_with("32");
    let value: u128 = if digits == 0 { 0 } else { text.cut(..digits).parse().unwrap_or(u128::MAX) };
    let shift = match text.as_bytes().get(digits).map(u8::to_ascii_lowercase) {
        None => Some(0),
        Some(b'k') => Some(10),
        Some(b'm') => Some(20),
        Some(b'g') => Some(30),
        Some(b't') if !narrow => Some(40),
        Some(b'p') if !narrow => Some(50),
        _ => None,
    };
    let end = digits + usize::from(shift.is_some_and(|s| s > 0));
    if shift.is_none() || end < text.len() {
        let start = if shift.is_none() { digits } else { end };
        let location = m.part(piece, start, text.len());
        let message = format!("`{text}` is not a size: `{}` is no unit", text.cut(start..));
        m.fault(
            Fault::refused(FaultKind::InvalidSize, location, message, m.versions)
                .help("write digits and perhaps `k`, `m` or `g`: `100k`, `1m`"),
        );
        return None;
    }
    if place.parameter.ends_with("nonzero") && value == 0 {
        return m.refuse(FaultKind::InvalidSize, piece.location, format!("{} must not be 0", the(place.label)));
    }
    let most = if narrow { u128::from(u32::MAX) } else { u128::from(u64::MAX) };
    if value.checked_shl(shift.unwrap_or(0)).is_none_or(|v| v > most || value > most) {
        let message = format!("`{text}` is larger than HAProxy can count here: {most} at most");
        return m.refuse(FaultKind::InvalidSize, piece.location, message);
    }
    Some(piece.at + 1)
}

/// An address; the parameter is the form that this place takes.
pub(super) fn address<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    super::address::judge(m, piece, place.parameter)
}

/// A number as C's `strtoul` reads it: `0x` is hexadecimal, a leading `0` octal.
pub(super) fn number<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.trim_start().trim_start_matches(['+', '-']);
    let negative = text.trim_start().starts_with('-');
    let value = match (digits.strip_prefix("0x").or(digits.strip_prefix("0X")), digits.strip_prefix('0')) {
        (Some(hex), _) => i64::from_str_radix(hex, 16),
        (None, Some(octal)) if !octal.is_empty() => i64::from_str_radix(octal, 8),
        _ => digits.parse(),
    };
    match value {
        Ok(value) => in_range(m, piece, if negative { -value } else { value }, place),
        Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => in_range(m, piece, i64::MAX, place),
        Err(_) => {
            let message = format!("`{text}` is not a number, which {} must be", the(place.label));
            let help = format!("write {}, decimal or with `0x`", number_range(place));
            m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
            None
        }
    }
}

/// A sample expression. The parameter says what else may stand there, as a single word: `int`, `number`, `size`, `time`,
/// `positive-time`; with `one-word` and the times converters behind it must be in the same word.
pub(super) fn sample<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '-' && !matches!(place.parameter, "" | "one-word")) {
        let plain = Place { parameter: if place.parameter == "size" { "32" } else { "" }, ..*place };
        match place.parameter {
            "int" => return int(m, piece, &plain),
            "number" => return number(m, piece, &plain),
            "size" => return size(m, piece, &plain),
            "time" => return time(m, piece, &plain),
            "positive-time" => return positive_time(m, piece, &plain),
            _ => {}
        }
    }
    let scope = scope(m);
    let mut faults = Vec::new();
    let next = expression::sample(m.statement, piece.at, scope, &mut faults);
    if m.line.kind == SectionKind::Defaults && m.path.first() == Some(&"balance") {
        // It is compiled for the backends that inherit it.
        faults.iter_mut().for_each(|fault| fault.verdict = None);
    }
    let taken = take(m, faults);
    // `default-server` keeps the word as it is.
    if taken.is_none() && m.str(m.first) != "default-server" {
        return None;
    }
    Some(if matches!(place.parameter, "one-word" | "positive-time") { piece.at + 1 } else { next.min(m.end) })
}

/// A time that is not zero.
fn positive_time<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let next = time(m, piece, place)?;
    let text = piece.text?;
    if text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|b| b == b'0') {
        return m.refuse(FaultKind::InvalidTime, piece.location, format!("{} is `{text}`, and may not be zero", the(place.label)));
    }
    Some(next)
}

/// A log-format string.
pub(super) fn fmt<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let word = m.statement.word(piece.at)?;
    let mut scope = scope(m);
    // A backend logs nothing: its format is never compiled.
    let unused = scope.at_the_end && m.line.kind == SectionKind::Backend;
    scope.at_the_end |= m.line.kind == SectionKind::FcgiApp;
    // Which backend or server it names is worked out at the end, its condition at once.
    scope.at_the_end |= matches!(m.path.first(), Some(&("use_backend" | "use-server")));
    let mut faults = Vec::new();
    expression::log_format(word, scope, &mut faults);
    if unused {
        faults.iter_mut().for_each(|fault| fault.verdict = None);
    }
    take(m, faults)?;
    Some(piece.at + 1)
}

/// Nothing, or `if` or `unless` with a condition to the end of the line.
pub(super) fn r#if<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !matches!(text, "if" | "unless") {
        let message = format!("`{text}` stands where `{}` takes `if` or `unless` and a condition, or nothing", m.path());
        m.fault(
            Fault::refused(FaultKind::UnexpectedArgument, piece.location, message, m.versions)
                .help("write `if` or `unless` before the condition, or quote what belongs together"),
        );
        return None;
    }
    let scope = scope(m);
    let mut faults = Vec::new();
    expression::condition(m.statement, piece.at, scope, &mut faults);
    take(m, faults)?;
    second_mark(m, piece.at + 1)?;
    Some(m.end)
}

/// A second `if` or `unless` is an ACL of this name, which nobody declares.
fn second_mark(m: &mut Matcher<'_, '_>, start: usize) -> Option<()> {
    let mut braces = false;
    for at in start..m.end {
        match m.str(at).trim_start_matches('!') {
            "{" => braces = true,
            "}" => braces = false,
            mark @ ("if" | "unless") if !braces && !m.line.odd_acls => {
                let location = m.piece(at)?.location;
                let message = format!("`{mark}` cannot stand in a condition: HAProxy takes it for the name of an ACL");
                let help = "write the condition behind a single `if` or `unless`";
                m.fault(Fault::refused(FaultKind::InvalidCondition, location, message, m.versions).help(help));
                return None;
            }
            _ => {}
        }
    }
    Some(())
}

/// `if` or `unless` with a condition, which must be there.
pub(super) fn cond<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    r#if(m, piece, place)
}

/// An ACL's criterion, flags and patterns.
pub(super) fn acl<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let scope = scope(m);
    let mut faults = Vec::new();
    expression::acl(m.statement, piece.at, scope, &mut faults);
    take(m, faults)?;
    Some(m.end)
}

fn scope(m: &Matcher<'_, '_>) -> Scope {
    let keyword = |at: usize| m.path.get(at).copied().unwrap_or("");
    // Addresses are set from what a request holds, whatever list the rule stands in.
    let sets_address = m.path.iter().any(|word| matches!(*word, "set-src" | "set-src-port" | "set-dst" | "set-dst-port"));
    let rules = if sets_address { ["http-request", ""] } else { [keyword(0), keyword(1)] };
    let places = Places::of_rule(rules[0], rules[1], m.line.kind).unwrap_or(Places::EVERYWHERE);
    let at_the_end = matches!(keyword(0), "log-format" | "log-format-sd" | "unique-id-format" | "error-log-format" | "balance");
    Scope { versions: m.versions, places, aborts: m.aborts, at_the_end, http: m.line.http }
}

/// Takes over what an expression brought up; what is refused ends the line.
fn take(m: &mut Matcher<'_, '_>, faults: Vec<Fault>) -> Option<()> {
    let refused = faults.iter().any(|f| f.verdict == Some(crate::finding::Verdict::Reject) && !f.at_the_end);
    for fault in faults {
        m.fault(fault);
    }
    (!refused).then_some(())
}

/// A variable: a scope, a dot, a name.
pub(super) fn var<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let (whole, word) = (m.statement.word(piece.at)?, piece.text?);
    // In parentheses the variable is a part of the word.
    let start = whole.known()?.find(word)?;
    let scope = scope(m);
    let mut faults = Vec::new();
    expression::variable(whole, start..start + word.len(), scope, &mut faults);
    take(m, faults)?;
    Some(piece.at + 1)
}

/// A regular expression.
pub(super) fn regex<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some((range, problem)) = expression::regex_problem(text) {
        let location = m.part(piece, range.start, range.end);
        return m.refuse(FaultKind::InvalidValue, location, format!("the regular expression `{text}` cannot be read: {problem}"));
    }
    Some(piece.at + 1)
}

/// A name of letters, digits and `.:_-` (language.md §5.2).
pub(super) fn name<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some((at, bad)) = text.char_indices().find(|(_, c)| !is_name_char(*c)) {
        let location = m.part(piece, at, at + bad.len_utf8());
        return m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the {} `{text}`", place.label));
    }
    Some(piece.at + 1)
}

/// The mode of a file: an octal number.
pub(super) fn octal<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.trim_start_matches(['+', '-']).bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        return Some(piece.at + 1);
    }
    let help = "write an octal number such as `660`; who may do what is the option `level`";
    m.fault(
        Fault::refused(
            FaultKind::InvalidNumber,
            piece.location,
            format!("`{text}` is no octal number, which the mode of a file is"),
            m.versions,
        )
        .help(help),
    );
    None
}

/// Bytes, each as two hexadecimal digits.
pub(super) fn hexstring<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.len() % 2 == 0 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{text}` is not an even number of hexadecimal digits"))
}

/// What a stick table stores: words of the table `stored-data` between commas.
pub(super) fn stored<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let table = super::table("stored-data")?;
    let (mut start, mut depth) = (0, 0usize);
    for (at, byte) in text.bytes().chain([b',']).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 || at == text.len() => {
                let location = m.part(piece, start, at);
                if at > start {
                    m.stored(table, Piece { at: piece.at, text: Some(text.cut(start..at)), location })?;
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    Some(piece.at + 1)
}

/// The capabilities that `setcap` can keep.
pub(super) fn capabilities<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    const KNOWN: [&str; 3] = ["cap_net_raw", "cap_net_admin", "cap_net_bind_service"];
    let mut start = 0;
    for name in piece.text?.trim_end_matches(',').split(',') {
        let known = match name {
            "cap_sys_admin" => m.all_in(&VersionSet::since(2, 9, 0)),
            _ => KNOWN.contains(&name),
        };
        if !known {
            let location = m.part(piece, start, start + name.len());
            let message = format!("`setcap` does not know the capability `{name}`");
            let help = Help::near(location, name, nearest(name, KNOWN), || format!("write some of {}", KNOWN.join(",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += name.len() + 1;
    }
    Some(piece.at + 1)
}

/// The threads of `cpu-map`.
pub(super) fn threads<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    super::cpu_map::threads(m, piece)
}

/// The processors of `cpu-map`.
pub(super) fn processors<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    super::cpu_map::processors(m, piece)
}

/// The name of this host: letters, digits, `.`, `-` and `_`.
pub(super) fn node<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let Some(bad) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || ".-_".contains(*c))) else { return Some(piece.at + 1) };
    m.refuse(FaultKind::InvalidValue, piece.location, format!("`{bad}` cannot stand in the {} `{text}`", place.label))
}

/// A status that HAProxy has an error page for; C's `atol` reads it.
pub(super) fn page<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let known = error_page(text.cut(..digits).parse().unwrap_or(0));
    if m.all_in(&known) {
        return Some(piece.at + 1);
    }
    if m.split.is_some() {
        return None;
    }
    let since = if known.is_empty() { String::new() } else { format!(" yet: HAProxy {known} has one") };
    let message = format!("there is no error page for `{text}`{since}");
    let help = "write one of 200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 425, 429 and 500 to 504";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// The versions with an error page for a status.
pub(super) fn error_page(status: u16) -> VersionSet {
    match status {
        200 | 400 | 401 | 403 | 404 | 405 | 407 | 408 | 410 | 413 | 421 | 425 | 429 | 500..=504 => VersionSet::ALL,
        422 => VersionSet::since(2, 5, 0),
        414 | 431 => VersionSet::since(3, 1, 0),
        _ => VersionSet::NONE,
    }
}

/// C's `atoi`.
pub(super) fn c_number(text: &str) -> i64 {
    leading_number(text).0
}

/// How many servers a `server-template` makes: a number, or a range.
pub(super) fn count<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let (low, high) = text.split_once('-').map_or((1, c_number(text)), |(_, high)| (c_number(text), c_number(high)));
    if low >= 0 && high >= low {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no number of servers and no range of them");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help("write `5` or `1-5`"));
    None
}

/// Which messages of how many go to a log target: `1:10`, `2-3,5:10`.
pub(super) fn sampling<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| text.parse().ok().filter(|n: &u32| *n > 0);
    let range = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        Some((number(low)?, number(high)?)).filter(|(low, high)| low <= high)
    };
    let sampled = text.split_once(':').and_then(|(parts, size)| {
        let mut ranges: Vec<(u32, u32)> = parts.split(',').map(range).collect::<Option<_>>()?;
        ranges.sort_unstable();
        let apart = ranges.windows(2).all(|two| two[0].1 < two[1].0);
        Some(apart && ranges.last()?.1 <= number(size)?)
    });
    if sampled == Some(true) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` does not say which messages of how many are sent");
    let help = "write numbers or ranges that do not overlap, `:`, and the number of messages they are taken from: `1:10` is one of ten";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// Status codes and ranges of them between commas.
pub(super) fn codes<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().or(Ok(0)) } else { text.parse::<u32>() };
    let fits = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        matches!((number(low), number(high)), (Ok(low), Ok(high)) if low <= high)
    };
    if text.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no list of status codes");
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write codes or ranges: `200,300-399`"));
    None
}

/// Processes, of which there has been one only since 2.5: `all`, `odd`, `even`, a number or a range.
pub(super) fn processes<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    numbered(m, piece, piece.text?, "process", VersionSet::since(2, 5, 0), (64, 1))
}

/// `process` of a `bind` line: processes, and perhaps `/` and threads.
pub(super) fn process<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    match piece.text?.split_once('/') {
        Some((processes, threads)) => {
            numbered(m, piece, processes, "process", VersionSet::since(2, 5, 0), (64, 1))?;
            numbered(m, piece, threads, "thread", VersionSet::NONE, (64, 64))
        }
        None => processes(m, piece, place),
    }
}

/// `all`, `odd`, `even`, a number or a range, up to the second of `most` in the versions `since`, the first before.
fn numbered<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, text: &str, what: &str, since: VersionSet, most: (u64, u64)) -> Option<usize> {
    let later = m.all_in(&since);
    if m.split.is_some() {
        return None;
    }
    let most = if later { most.1 } else { most.0 };
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().unwrap_or(if text.is_empty() { 0 } else { u64::MAX }));
    let fits = matches!(text, "all" | "odd" | "even") || {
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let high = if high.is_empty() && text.contains('-') { Some(most) } else { number(high) };
        matches!((number(low), high), (Some(low), Some(high)) if low.min(high) >= 1 && low.max(high) <= most)
    };
    if fits {
        return Some(piece.at + 1);
    }
    let range = if most == 1 { "1".to_owned() } else { format!("a number or range from 1 to {most}") };
    let message = format!("`{text}` is no number of a {what}");
    let help = format!("write `all`, `odd`, `even` or {range}");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    None
}

/// The threads of a `bind` line. Up to 2.6 one number or range, perhaps behind the only group and `/`; then several
/// between commas.
pub(super) fn threadset<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let sets = m.all_in(&VersionSet::since(2, 7, 0));
    if m.split.is_some() {
        return None;
    }
    if !sets {
        let group = text.split_once('/').filter(|(group, _)| group.bytes().all(|b| b.is_ascii_digit()));
        let threads = group.filter(|(group, _)| *group == "1").map_or(text, |(_, threads)| threads);
        return numbered(m, piece, threads, "thread", VersionSet::NONE, (64, 64));
    }
    let (groups, all) = if m.versions.meets(VersionSet::since(3, 2, 0)) { (32, 1024) } else { (16, 256) };
    let number =
        |text: &str, most: u64| text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u64| (1..=most).contains(&n));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let relative = text.cut(digits..).starts_with('/');
    let fits = |part: &str| {
        let (threads, most) = match (relative, part.split_once('/')) {
            (true, Some((group, threads))) if number(group, groups) => (threads, 64),
            (false, None) => (part, all),
            _ => return false,
        };
        let (low, high) = threads.split_once('-').unwrap_or((threads, ""));
        matches!(threads, "all" | "odd" | "even" | "") || low.is_empty() || number(low, most) && (high.is_empty() || number(high, most))
    };
    if text.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` names no threads");
    let help = format!("write `all`, `odd`, `even`, numbers or ranges from 1 to {all}, or behind a group and `/` from 1 to 64: `1/1-4`");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    None
}

/// A number from 1 on, or two with `-` between them.
pub(super) fn range<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u32| n > 0);
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    if number(low) && number(high) {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("`{text}` is no number and no range of {}", place.label))
}

/// Words between commas; the parameter has those that may stand there.
pub(super) fn listed<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let mut start = 0;
    for word in text.trim_end_matches(',').split(',') {
        if !place.parameter.split(' ').any(|known| known == word) {
            let location = m.part(piece, start, start + word.len());
            let message = format!("`{}` does not know `{word}`", m.path());
            let near = nearest(word, place.parameter.split(' '));
            let help = Help::near(location, word, near, || format!("write some of {}", place.parameter.replace(' ', ",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += word.len() + 1;
    }
    Some(piece.at + 1)
}

/// Where the first address of a server comes from: `last`, `libc`, `none` or an address, between commas.
pub(super) fn methods<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let known = |word: &str| matches!(word, "last" | "libc" | "none" | "*") || word.parse::<std::net::IpAddr>().is_ok();
    match text.trim_end_matches(',').split(',').find(|word| !known(word)) {
        Some(word) => {
            let message = format!("`{}` does not know `{word}`", m.path());
            let help = "write some of `last`, `libc` and `none`, and an IP address behind them, between commas";
            m.fault(Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions).help(help));
            None
        }
        None => Some(piece.at + 1),
    }
}

/// How many networks a server can prefer.
const MAX_NETWORKS: usize = 5;

/// Networks between commas: each an address, and perhaps `/` and the length of the network or an IPv4 mask.
pub(super) fn networks<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let fits = |network: &str| {
        let (address, mask) = network.split_once('/').unwrap_or((network, "0"));
        let most = if address.contains(':') { 128 } else { 32 };
        let length = mask.parse().is_ok_and(|length: u32| length <= most);
        address.parse::<std::net::IpAddr>().is_ok() && (length || most == 32 && mask.parse::<std::net::Ipv4Addr>().is_ok())
    };
    if text.trim_end_matches(',').split(',').count() > MAX_NETWORKS {
        return m.refuse(FaultKind::InvalidAddress, piece.location, format!("here are more than {MAX_NETWORKS} networks"));
    }
    let Some(wrong) = text.trim_end_matches(',').split(',').find(|network| !fits(network)) else { return Some(piece.at + 1) };
    m.fault(
        Fault::refused(FaultKind::InvalidAddress, piece.location, format!("`{wrong}` is not a network"), m.versions)
            .help("write networks between commas: `10.0.0.0/8,fd00::/8`"),
    );
    None
}

/// A time that is not zero.
pub(super) fn delay<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    positive_time(m, piece, place)
}

/// A port, or an expression that gives one.
pub(super) fn port<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return in_range(m, piece, text.parse().unwrap_or(i64::MAX), &Place { range: Some((1, 65_535)), ..*place });
    }
    sample(m, piece, &Place { parameter: "one-word", ..*place })
}

/// Errors of certificates between commas: numbers, and from 2.7 on names. What else begins with a number is one up to
/// 2.6.
pub(super) fn errors<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let named = m.all_in(&VersionSet::since(2, 7, 0));
    if m.split.is_some() {
        return None;
    }
    // No OpenSSL has as many.
    let fits = |error: &str| (1..256).contains(&c_number(error)) || named && error.starts_with("X509_V_ERR_");
    match text.split(',').find(|error| text != "all" && !error.is_empty() && !fits(error)) {
        Some(wrong) => {
            let message = format!("`{wrong}` is no error that a certificate can have");
            let help = "write `all`, or numbers as `openssl verify` shows them, between commas";
            m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
            None
        }
        None => Some(piece.at + 1),
    }
}

/// An address, with a mask or without. What may be a name is nobody's business here.
pub(super) fn network<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
    let six = address.contains(':');
    let numeric = six || address.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let wrong = numeric && if six { address.parse::<std::net::Ipv6Addr>().is_err() } else { !is_inet(address) };
    let length = |mask: &str| mask.parse().is_ok_and(|length: u32| length <= if six { 128 } else { 32 });
    let fits = |mask: &str| length(mask) || !six && mask.parse::<std::net::Ipv4Addr>().is_ok();
    if !wrong && mask.is_none_or(fits) {
        return Some(piece.at + 1);
    }
    let message = if wrong { format!("`{address}` is no address") } else { format!("`{text}` has no mask that fits") };
    m.fault(Fault::refused(FaultKind::InvalidAddress, piece.location, message, m.versions).help("write a network such as `10.0.0.0/8`"));
    None
}

/// Whether C's `inet_aton` takes the text: up to four numbers, of which the last fills what is left.
fn is_inet(text: &str) -> bool {
    let parts: Vec<Option<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    let Some((last, before)) = parts.split_last().filter(|_| parts.len() <= 4) else { return false };
    before.iter().all(|part| part.is_some_and(|n| n < 256)) && last.is_some_and(|n| n < 1 << (8 * (4 - before.len())))
}

/// An attribute of a cookie.
pub(super) fn attribute<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some(at) = text.find(|c: char| c.is_ascii_control() || c == ';') {
        let shown = text.cut(at..).chars().next().filter(|c| *c == ';').map_or("a control character", |_| "`;`");
        let message = format!("{shown} cannot stand in the attribute `{text}` of a cookie");
        let fault = Fault::refused(FaultKind::InvalidValue, m.part(piece, at, at + 1), message, m.versions);
        m.fault(fault.help("write `attr` once for each attribute, without semicolons"));
        return None;
    }
    Some(piece.at + 1)
}

/// The domain of a cookie.
pub(super) fn dotted<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !text.contains('.') {
        let message = format!("the cookie domain `{text}` has no dot: browsers may refuse the cookie");
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions).help("write a domain such as `.example.com`"));
    }
    if let Some((at, bad)) = text.char_indices().find(|(_, c)| !is_name_char(*c)) {
        let location = m.part(piece, at, at + bad.len_utf8());
        return m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in the cookie domain `{text}`"));
    }
    Some(piece.at + 1)
}

/// An address without a port, or a name.
pub(super) fn host<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    match text.split_once(':') {
        Some((host, port)) if !host.is_empty() && !port.contains(':') => {
            let message = format!("{} `{text}` has a port, which this place does not take", the(place.label));
            m.fault(
                Fault::refused(FaultKind::InvalidAddress, piece.location, message, m.versions)
                    .help(format!("write `{host}`, and the port behind a keyword of its own")),
            );
            None
        }
        _ => Some(piece.at + 1),
    }
}

/// Says that a part of a word is none of the words of `known`.
fn unlisted(m: &mut Matcher<'_, '_>, piece: Piece<'_>, range: std::ops::Range<usize>, known: &'static str, comma: &str) -> Option<usize> {
    let wrong = piece.text?.cut(range.clone());
    let location = m.part(piece, range.start, range.end);
    let message = format!("`{}` does not know `{wrong}`", m.path());
    let near = nearest(wrong, known.split(' '));
    let help = Help::near(location, wrong, near, || format!("write some of {}", known.replace(' ', comma)));
    m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
    None
}

/// Algorithms between colons: `!` before one takes it away. What `ALL` begins with stands for all of them.
pub(super) fn decryption<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let mut start = 0;
    for part in text.split(':') {
        let name = part.strip_prefix('!').unwrap_or(part);
        if !"ALL".starts_with(name) && !place.parameter.split(' ').any(|known| known == name) {
            let from = start + part.len() - name.len();
            return unlisted(m, piece, from..from + name.len(), place.parameter, ":");
        }
        start += part.len() + 1;
    }
    Some(piece.at + 1)
}

/// A time, in a range of milliseconds.
pub(super) fn timer<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let next = time(m, piece, &Place { parameter: "", range: None, ..*place })?;
    let (from, to) = place.range?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.cut(digits..);
    let micros =
        TIME_UNITS.iter().filter(|(word, _)| rest.starts_with(word)).max_by_key(|(word, _)| word.len()).map_or(1_000, |unit| unit.1);
    let value = text.cut(..digits).parse().map_or(i64::MAX, |n: i64| n.saturating_mul(micros as i64).div_euclid(1_000));
    let nothing = value == 0 && text.cut(..digits).bytes().any(|b| b != b'0');
    if (from..=to).contains(&value) && !nothing {
        return Some(next);
    }
    let message = format!("{} is `{text}`, which is not a time from {from} to {to} ms", the(place.label));
    m.refuse(FaultKind::InvalidTime, piece.location, message)
}

/// A size of 32 bits, in a range.
pub(super) fn bytes<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let next = size(m, piece, &Place { parameter: "32", range: None, ..*place })?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match text.as_bytes().get(digits).map(u8::to_ascii_lowercase) {
        Some(b'k') => 1 << 10,
        Some(b'm') => 1 << 20,
        Some(b'g') => 1 << 30,
        _ => 1,
    };
    let value = if digits == 0 { 0 } else { text.cut(..digits).parse().unwrap_or(i64::MAX) };
    let (from, to) = place.range?;
    if (from..=to).contains(&value.saturating_mul(unit)) {
        return Some(next);
    }
    let message = format!("{} is `{text}`, which is not a size from {from} to {to} bytes", the(place.label));
    m.refuse(FaultKind::InvalidSize, piece.location, message)
}

/// The size of a congestion window: a number as C's `strtoul` reads it, then perhaps `k`, `m` or `g`.
pub(super) fn window<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k') => (text.cut(..text.len() - 1), 10),
        Some(b'm') => (text.cut(..text.len() - 1), 20),
        Some(b'g') => (text.cut(..text.len() - 1), 30),
        _ => (text, 0),
    };
    let value = match digits.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => i64::from_str_radix(octal, 8),
        _ => digits.trim_start().trim_start_matches('+').parse::<i64>(),
    };
    let bytes = value.ok().and_then(|n| n.checked_mul(1 << unit));
    if bytes.is_some_and(|n| (10_240..=4 << 30).contains(&n)) {
        return Some(piece.at + 1);
    }
    let message = format!("{} is `{text}`, which is not a size from 10k to 4g", the(place.label));
    let help = "write digits and perhaps `k`, `m` or `g`: `100k`, `1m`";
    m.fault(Fault::refused(FaultKind::InvalidSize, piece.location, message, m.versions).help(help));
    None
}

/// Status codes and ranges of them between commas; `+` before them adds them to those that there are, `-` takes them away.
pub(super) fn statuses<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let codes = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let fits = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        matches!((number(low), number(high)), (Some(low), Some(high)) if 100 <= low && low <= high && high <= 599)
    };
    if codes.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` is no list of status codes");
    let help = "write codes from 100 to 599 or ranges of them, perhaps behind `+` or `-`: `500-599`, `-501,505`";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// A single letter: a byte.
pub(super) fn letter<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.len() == 1 {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, piece.location, format!("{} is `{text}`, and must be one letter", the(place.label)))
}

/// One of these words, in capitals or not.
pub(super) fn anycase<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if place.parameter.split(' ').any(|known| known.eq_ignore_ascii_case(text)) {
        return Some(piece.at + 1);
    }
    unlisted(m, piece, 0..text.len(), place.parameter, ", ")
}

/// Letters, digits, and the signs of the parameter.
pub(super) fn letters<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let bad = text.char_indices().find(|(_, c)| !(c.is_ascii_alphanumeric() || place.parameter.contains(*c)));
    let Some((at, bad)) = bad else { return Some(piece.at + 1) };
    let location = m.part(piece, at, at + bad.len_utf8());
    m.refuse(FaultKind::InvalidValue, location, format!("`{bad}` cannot stand in {} `{text}`", the(place.label)))
}

/// The other name of a certificate: it does not begin with a slash.
pub(super) fn alias<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !text.starts_with('/') {
        return Some(piece.at + 1);
    }
    m.refuse(FaultKind::InvalidValue, m.part(piece, 0, 1), format!("the alias `{text}` begins with a slash, as files do"))
}

/// What C's `atoi` makes a number of, kept as an `int`: what is larger begins again at the other end.
pub(super) fn cint<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    atoi(m, piece, &Place { range: None, parameter: if place.parameter == "told" { "told" } else { "" }, ..*place })?;
    kept(m, piece, place)
}

/// A whole number and nothing behind it, kept as an `int`.
pub(super) fn int32<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    int(m, piece, &Place { range: None, parameter: "", ..*place })?;
    kept(m, piece, place)
}

/// Whether what an `int` keeps of a number is in the range.
fn kept<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let value = c_number(piece.text?);
    let kept = c_int(piece.text?);
    let known = m.faults.len();
    let next = in_range(m, piece, kept, place);
    if kept != value && m.faults.len() == known {
        let message = format!("`{}` is more than HAProxy counts to here: it makes {kept} of it", piece.text?);
        let help = format!("write {}", number_range(place));
        m.fault(Fault::silent(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    }
    next
}

/// What C's `atoi` makes of a number that is kept as an `int`.
pub(super) fn c_int(text: &str) -> i64 {
    i64::from(c_number(text) as i32)
}
