//! Lines that took the place of keywords HAProxy has no more, where another word is not all of it.

use crate::{
    cut::Cut,
    finding::{Applicability, Edit, Fix},
    syntax::Statement,
};

/// The line that does what `line` did, as far as one line can.
pub(super) fn line(line: &Statement<'_>) -> Option<String> {
    let old = Old::new(line)?;
    match old.keyword {
        "block" => Some(format!("http-request deny{}", old.condition)),
        "monitor-net" => old.only().map(|net| format!("http-request return status 200 if {{ src {} }}", quoted(net))),
        "dispatch" => old.only().map(|address| format!("server dispatch {}", quoted(address))),
        "transparent" => old.arguments.is_empty().then(|| "server transparent 0.0.0.0".to_owned()),
        "option" => (old.only()? == "transparent").then(|| "server transparent 0.0.0.0".to_owned()),
        "tune.quic.socket-owner" => {
            let on = match old.only()? {
                "connection" => "default-on",
                "listener" => "force-off",
                _ => return None,
            };
            Some(format!("tune.quic.fe.sock-per-conn {on}"))
        }
        "tune.quic.disable-tx-pacing" => Some("tune.quic.fe.tx.pacing off".to_owned()),
        "tune.quic.disable-udp-gso" => Some("tune.quic.fe.tx.udp-gso off".to_owned()),
        keyword => {
            let (side, action) = match keyword.split_at_checked(3)? {
                ("req", action) => (Side { rules: "http-request", header: "req.fhdr" }, action),
                ("rsp", action) => (Side { rules: "http-response", header: "res.fhdr" }, action),
                _ => return None,
            };
            match action {
                "add" => old.add(&side),
                "rep" | "irep" => old.replace(&side),
                "del" | "idel" => old.delete(&side),
                "deny" | "allow" | "tarpit" | "ideny" | "iallow" | "itarpit" => old.decide(&side, action),
                _ => None,
            }
        }
    }
}

/// What takes the place of an option in the midst of a line, which is word number `at`: of `bind … process 1/2` the threads
/// are left.
pub(super) fn option(line: &Statement<'_>, at: usize) -> Option<Fix> {
    if line.keyword() != "bind" || line.str(at) != "process" {
        return None;
    }
    let value = line.word(at + 1)?.known()?;
    let threads = value.split_once('/').map(|(_, threads)| threads).filter(|t| *t != "all");
    let text = threads.map_or(String::new(), |threads| format!(" thread {threads}"));
    let edits = vec![Edit::replace(line.cut(at, at + 1)?, text)];
    Some(Fix { title: "name the threads alone".to_owned(), applicability: Applicability::Unsafe, edits })
}

struct Side {
    rules: &'static str,
    header: &'static str,
}

/// A line as it was: its arguments, and the condition as it is written, with a blank before it.
struct Old<'a> {
    keyword: &'a str,
    arguments: Vec<&'a str>,
    condition: String,
}

impl<'a> Old<'a> {
    fn new(line: &Statement<'a>) -> Option<Self> {
        let words: Vec<&str> = line.words().map(|w| w.known()).collect::<Option<_>>()?;
        let (keyword, rest) = words.split_first()?;
        let end = rest.iter().position(|w| matches!(*w, "if" | "unless")).unwrap_or(rest.len());
        let mut condition = String::new();
        if let (Some(first), Some(last)) = (line.word(end + 1), line.words().next_back().filter(|_| end < rest.len())) {
            condition = format!(" {}", line.file().str(first.location.span.to(last.location.span))?);
        }
        Some(Self { keyword, arguments: rest[..end].to_vec(), condition })
    }

    fn only(&self) -> Option<&'a str> {
        let [one] = self.arguments[..] else { return None };
        Some(one)
    }

    /// `Name: value` as one more header.
    fn add(&self, side: &Side) -> Option<String> {
        let (name, value) = self.only()?.split_once(':')?;
        let name = Some(name).filter(|n| is_header(n))?;
        Some(format!("{} add-header {name} {}{}", side.rules, quoted(&format(value.trim())), self.condition))
    }

    fn delete(&self, side: &Side) -> Option<String> {
        let regex = self.only()?;
        if let Some((name, rest)) = header(regex) {
            return matches!(rest, "" | ".*" | ".").then(|| format!("{} del-header {name}{}", side.rules, self.condition));
        }
        let begins = regex.strip_prefix('^').filter(|n| is_header(n))?;
        Some(format!("{} del-header {begins} -m beg{}", side.rules, self.condition))
    }

    fn replace(&self, side: &Side) -> Option<String> {
        let [search, new] = self.arguments[..] else { return None };
        if let Some((name, rest)) = header(search) {
            let (other, value) = new.split_once(':')?;
            let search = if rest.is_empty() { ".*".to_owned() } else { anchored(rest) };
            let line = format!("{} replace-header {name} {} {}", side.rules, quoted(&search), quoted(&format(value.trim_start())));
            return other.eq_ignore_ascii_case(name).then(|| line + &self.condition);
        }
        // What stood before the path was the method, as the first group.
        let method = ["^([^ :]*) ", "^([^ ]*) ", "^([^: ]*) ", "^([^ ]+) ", "^([^ :]+) "];
        let path = method.iter().find_map(|m| search.strip_prefix(m)).filter(|rest| !rest.contains(' '))?;
        let new = new.strip_prefix("\\1 ").filter(|rest| !rest.contains(' '))?;
        let new = renumbered(new)?;
        (side.rules == "http-request")
            .then(|| format!("http-request replace-uri {} {}{}", quoted(&format!("^{path}")), quoted(&format(&new)), self.condition))
    }

    fn decide(&self, side: &Side, action: &str) -> Option<String> {
        let (name, rest) = header(self.only()?)?;
        let (action, flag) = action.strip_prefix('i').map_or((action, ""), |action| (action, " -i"));
        let test = match rest {
            "" => format!("{{ {}({name}) -m found }}", side.header),
            _ => format!("{{ {}({name}) -m reg{flag} {} }}", side.header, quoted(&anchored(rest))),
        };
        let condition = match self.condition.strip_prefix(" if ") {
            None if !self.condition.is_empty() => return None,
            // An alternative would need the test in each of its halves.
            Some(condition) if condition.contains("||") || condition.split(' ').any(|w| w == "or") => return None,
            Some(condition) => format!(" {condition}"),
            None => String::new(),
        };
        Some(format!("{} {action} if {test}{condition}", side.rules))
    }
}

/// The header that a regular expression begins with, and what it says of the value.
fn header(regex: &str) -> Option<(&str, &str)> {
    let (name, rest) = regex.strip_prefix('^')?.split_once(':')?;
    let blanks = ["\\s*", "[ ]*", " *", "[ \\t]*", " ", ""];
    let rest = blanks.iter().find_map(|blank| rest.strip_prefix(blank)).unwrap_or(rest);
    is_header(name).then_some((name, rest))
}

/// A regular expression that holds from the beginning of a value on.
fn anchored(regex: &str) -> String {
    if regex.starts_with(".*") { regex.to_owned() } else { format!("^{regex}") }
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// `\2` as `\1` and so on; nothing where the first group is asked for.
fn renumbered(text: &str) -> Option<String> {
    let mut new = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let digit = rest.cut(at + 1..).chars().next()?.to_digit(10)?;
        new += rest.cut(..at);
        new += &format!("\\{}", digit.checked_sub(1).filter(|d| *d > 0)?);
        rest = rest.cut(at + 2..);
    }
    Some(new + rest)
}

/// A text as a log format that stands for itself.
fn format(text: &str) -> String {
    text.replace('%', "%%")
}

/// A word that HAProxy reads as `text`.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:^*+?()[]|@,=&%~!;<>".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if !text.contains('\'') {
        format!("'{text}'")
    } else {
        let escaped: String = text.chars().flat_map(|c| if plain(c) { vec![c] } else { vec!['\\', c] }).collect();
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_lose_the_method() {
        assert_eq!(renumbered("/\\2/x\\3").as_deref(), Some("/\\1/x\\2"));
        assert_eq!(renumbered("/\\1"), None);
        assert_eq!(header("^X-A:\\s*b"), Some(("X-A", "b")));
        assert_eq!(header("^X-A: .*b"), Some(("X-A", ".*b")));
        assert_eq!(header("^(a|b): c"), None);
    }

    #[test]
    fn words_are_quoted_where_they_must_be() {
        let all: Vec<String> = ["/a(.*)", "a b", "\\1", "it's", "$x", ""].iter().map(|t| quoted(t)).collect();
        assert_eq!(all, ["/a(.*)", "'a b'", "'\\1'", "it\\'s", "'$x'", "''"]);
    }
}
