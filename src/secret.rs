//! Passwords, tokens and keys in lines that are shown: the key is told, never the value.
//!
//! What is secret is known by the words around it, in configurations and in manifests; a Secret of Kubernetes hides all of its
//! values. Where that is not sure, too much is hidden and not too little.

mod hide;
mod line;
mod manifest;

use std::borrow::Cow;

use crate::source::{SourceFile, Span};

pub(crate) use hide::{hide, hide_values};

/// What is shown in the place of a secret.
pub(crate) const HIDDEN: &str = "•••";

/// How names of secrets end.
const ENDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "credential",
    "credentials",
    "authorization",
    "_auth",
    "_pwd",
    "_pass",
];

/// What kinds of keys are secret.
const KEYS: [&str; 7] = ["secret", "api", "private", "access", "encryption", "signing", "auth"];

/// Whether a variable, key or header of that name holds a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    // Headers of answers that say what browsers may do.
    if name.ends_with("allow_credentials") {
        return false;
    }
    let key = name.ends_with("_key") || name.ends_with("_keys") || name.ends_with(".key");
    ENDS.iter().any(|end| name.ends_with(end))
        || matches!(name.as_str(), "pass" | "pwd")
        || key && KEYS.iter().any(|kind| name.contains(kind))
}

/// Whether a text is a value of its own: it is not empty, and names no variable that has it.
pub(crate) fn is_value(text: &str) -> bool {
    !text.is_empty() && !is_reference(text.as_bytes())
}

/// Whether a text as it is written stands for a value that something else puts there: `${PW}`, `$PW`, `<password>`, `{{ pw }}`,
/// `@PW@`, `%PW%`.
pub(crate) fn is_placeholder(written: &str) -> bool {
    let inner = written.trim_matches(['"', '\'']);
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '));
    let between = |open: &str, close: &str| inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name);
    let pairs = [("${", "}"), ("$(", ")"), ("<", ">"), ("{{", "}}"), ("@", "@"), ("%", "%"), ("$", "")];
    pairs.iter().any(|(open, close)| between(open, close))
}

fn is_reference(value: &[u8]) -> bool {
    let inner = text(value);
    let inner = inner.trim_matches(['"', '\'']);
    let name = inner
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| inner.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')));
    name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// Whether a line tells a secret.
pub(crate) fn is_in(line: &str) -> bool {
    !line::in_line(line.as_bytes()).is_empty()
}

/// The secret places of a line, in order, none of them empty, none in another.
pub(crate) fn places(file: &SourceFile, line: usize) -> Vec<Span> {
    let span = file.line_span(line);
    let bytes = file.slice(span);
    let mut found: Vec<Span> =
        line::in_line(bytes).into_iter().map(|(from, to)| Span::new(span.start + from as u32, span.start + to as u32)).collect();
    let values = file.secrets(manifest::values);
    let first = values.partition_point(|value| value.end <= span.start);
    let here = values.iter().skip(first).take_while(|value| value.start < span.end);
    found.extend(here.map(|value| indented(file, Span::new(value.start.max(span.start), value.end.min(span.end)))));
    found.retain(|place| !place.is_empty());
    found.sort_unstable();
    let mut places: Vec<Span> = Vec::new();
    for place in found {
        match places.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => places.push(place),
        }
    }
    places
}

/// The part of a value behind the blanks that a line of a block begins with.
fn indented(file: &SourceFile, span: Span) -> Span {
    let blanks = file.slice(span).iter().take_while(|b| b.is_ascii_whitespace()).count();
    let end = span.end - u32::from(file.slice(span).ends_with(b"\r"));
    Span::new((span.start + blanks as u32).min(end), end)
}

/// The text of a line without its secrets.
pub(crate) fn line(file: &SourceFile, line: usize) -> Cow<'_, str> {
    let (span, places) = (file.line_span(line), places(file, line));
    if places.is_empty() { file.text(span) } else { Cow::Owned(part(file, span, &places)) }
}

/// The text of a part of a line without the `secrets` in it.
pub(crate) fn part(file: &SourceFile, part: Span, secrets: &[Span]) -> String {
    let mut shown = String::new();
    let mut done = part.start;
    for secret in secrets.iter().filter(|secret| secret.start < part.end && part.start < secret.end) {
        shown += &file.text(Span::new(done, secret.start.max(done)));
        shown += HIDDEN;
        done = secret.end.min(part.end);
    }
    shown + &file.text(Span::new(done, part.end))
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, text: &str) -> String {
        let file = SourceFile::new(name, text.as_bytes().to_vec());
        (0..file.line_starts().len()).map(|at| line(&file, at).into_owned()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_value_is_hidden_and_the_key_is_told() {
        for (text, expected) in [
            ("stats auth admin:hunter2", "stats auth admin:•••"),
            ("user joe password $5$abc groups a", "user joe password ••• groups a"),
            ("  user joe insecure-password \"a b\"", "  user joe insecure-password •••"),
            ("http-check send hdr Authorization \"Basic YWJj\" hdr Host a", "http-check send hdr Authorization ••• hdr Host a"),
            (r"http-request set-header authorization Bearer\ abc if TRUE", "http-request set-header authorization ••• if TRUE"),
            ("http-request replace-header X-Api-Key old new if TRUE", "http-request replace-header X-Api-Key ••• ••• if TRUE"),
            (
                r"option httpchk GET / HTTP/1.1\r\nHost:\ a\r\nAuthorization:\ Basic\ YWJj",
                r"option httpchk GET / HTTP/1.1\r\nHost:\ a\r\nAuthorization:\ •••",
            ),
            (r"tcp-check send AUTH\ hunter2\r\n", r"tcp-check send AUTH\ •••\r\n"),
            ("tcp-check send \"AUTH hunter2\\r\\n\"", "tcp-check send \"AUTH •••\\r\\n\""),
            ("tcp-check send \"USER a\\r\\nPASS hunter2\\r\\n\"", "tcp-check send \"USER a\\r\\nPASS •••\\r\\n\""),
            ("setenv DB_PASSWORD hunter2", "setenv DB_PASSWORD •••"),
            ("acl ok req.hdr(Authorization) -m str \"Basic YWJj\"", "acl ok req.hdr(Authorization) -m ••• •••"),
            ("dynamic-cookie-key hunter2", "dynamic-cookie-key •••"),
            ("http-request set-var(txn.a) req.hdr(h),hmac(sha256,aHVudGVy)", "http-request set-var(txn.a) req.hdr(h),hmac(sha256,•••)"),
            ("redirect location https://u:hunter2@example.com/", "redirect location https://u:•••@example.com/"),
            ("API_TOKEN=hunter2 x", "API_TOKEN=••• x"),
            ("    auth_pass hunter2", "    auth_pass •••"),
            ("password: 'hunter2'", "password: •••"),
            ("{\"token\": \"hunter2\", \"a\": 1}", "{\"token\": •••, \"a\": 1}"),
            (r#"cfg: "global\n  stats auth a:hunter2\n  maxconn 10\n""#, r#"cfg: "global\n  stats auth a:•••\n  maxconn 10\n""#),
        ] {
            assert_eq!(shown("a.cfg", text), expected);
        }
    }

    #[test]
    fn a_placeholder_is_no_value() {
        for text in ["${PW}", "\"${PW}\"", "$PW", "<your password>", "{{ pw }}", "@PW@", "%PW%", "$(PW)"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "geheim", "$5$abc$d", "a<b>", "$", "%%", "<>"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "user joe password ${PASSWORD}",
            "http-request set-header X-Forwarded-For %[src]",
            "stats uri /stats",
            "bind :443 ssl crt /etc/key.pem",
            "secretName: haproxy-tls",
            "http-request auth realm x if TRUE",
            "server a 10.0.0.1:80 check",
            "email-alert to joe@example.com",
            "acl bypass path /pass",
            "http-response set-header Access-Control-Allow-Credentials true",
        ] {
            assert_eq!(shown("a.cfg", text), text);
        }
    }

    #[test]
    fn a_secret_object_and_variables_show_their_keys() {
        let text = "kind: Secret\nmetadata:\n  name: a\ndata:\n  tls.key: aGVsbG8=\nstringData:\n  cfg: |\n    hello\n      world\n---\nkind: Pod\nspec:\n  env:\n  - name: DB_PASSWORD\n    value: hunter2\n  - {name: PLAIN, value: seen}\n";
        let expected = "kind: Secret\nmetadata:\n  name: a\ndata:\n  tls.key: •••\nstringData:\n  cfg: •••\n    •••\n      •••\n---\nkind: Pod\nspec:\n  env:\n  - name: DB_PASSWORD\n    value: •••\n  - {name: PLAIN, value: seen}\n";
        let shown = shown("a.yaml", text);
        assert!(!["aGVs", "hello", "world", "hunter2"].iter().any(|secret| shown.contains(secret)), "{shown}");
        assert_eq!(shown.replace("cfg: |", "cfg: •••"), expected);
    }
}
