//! `security/jwt-errors-accepted`.

use memchr::memmem::Finder;

use crate::rules::{
    criteria::{Criterion, criteria},
    prelude::*,
};

rule! {
    /// A condition takes what `jwt_verify` says of a bad token for what it says of a good one.
    ///
    /// ## Why
    ///
    /// `jwt_verify` gives 1 for a token whose signature is right, 0 for one whose signature is wrong, and a negative number for one
    /// that cannot be read at all. `-m bool` is true of everything but 0, and `-m found` of everything: with them a token such as
    /// `a.b` is let in. `deny if { … 0 }` is the same the other way round: what cannot be read is not 0, and is not denied.
    ///
    /// Only 1 is good: `http-request deny unless { http_auth_bearer,jwt_verify(RS256,"/etc/haproxy/public.pem") 1 }`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend api
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request deny unless { http_auth_bearer,jwt_verify(HS256,\"secret\") -m bool }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend api
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request deny unless { http_auth_bearer,jwt_verify(HS256,\"secret\") 1 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: the token `a.b` gave -3, and `-m bool` held.
    "security/jwt-errors-accepted", Warning, World(check), mentions: ["jwt_verify"]
}

/// What `jwt_verify` says of a token that is not good.
const BAD: [i64; 6] = [0, -1, -2, -3, -4, -5];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let sign = Finder::new("jwt_verify");
    for criterion in cx.config.sections().flat_map(|section| criteria(&section, &sign)) {
        let Some(wrong) = wrong(&criterion) else { continue };
        let last = criterion.rest.last().unwrap_or(&criterion.word);
        let place = Location { span: Span::new(criterion.word.location.span.start, last.location.span.end), ..criterion.word.location };
        let draft = Draft::at(place, wrong).label("only 1 is a good token").help("compare with 1, and let nothing else in: `… 1 }`");
        out.report(draft);
    }
}

/// What is wrong with a comparison.
fn wrong(criterion: &Criterion<'_>) -> Option<&'static str> {
    let expression = criterion.word.known()?;
    let (_, behind) = expression.rsplit_once("jwt_verify(")?;
    let cast = behind.ends_with("),bool");
    let last = behind.ends_with(')') && !behind.contains("),");
    if !cast && !last {
        return None;
    }
    let words: Vec<&str> = criterion.rest.iter().map(|word| word.known()).collect::<Option<_>>()?;
    let holds = |value: i64| holds(value, &words, cast);
    let (good, bad): (bool, Vec<bool>) = (holds(1)?, BAD.iter().map(|value| holds(*value)).collect::<Option<_>>()?);
    if good && bad.contains(&true) {
        return Some("this holds for good tokens and for some that are none: `jwt_verify` gives negative numbers for what it cannot read");
    }
    let denies = criterion.line.words().take(3).any(|word| word.is("deny")) && !criterion.negated;
    let denied_if = denies && criterion.line.words().any(|word| word.is("if"));
    (denied_if && !good && bad[0] && bad.contains(&false))
        .then_some("tokens that cannot be read are let in: `jwt_verify` gives negative numbers for them, and this denies 0 alone")
}

/// Whether an ACL with these flags and patterns holds for a number; `None` where that is not known.
fn holds(value: i64, words: &[&str], cast: bool) -> Option<bool> {
    let (method, patterns) = match words {
        ["-m", method, patterns @ ..] => (*method, patterns),
        _ => (if cast { "bool" } else { "int" }, words),
    };
    match (method, patterns) {
        ("found", []) => Some(true),
        ("bool", []) => Some(value != 0),
        ("int", [_, ..]) => any(value, patterns),
        _ => None,
    }
}

/// Whether one of these patterns is fit by a number.
fn any(value: i64, patterns: &[&str]) -> Option<bool> {
    let mut operator = "eq";
    let mut found = false;
    for pattern in patterns {
        if matches!(*pattern, "eq" | "ge" | "gt" | "le" | "lt") {
            operator = pattern;
            continue;
        }
        let (low, high) = pattern.split_once(':').map_or((Some(*pattern), Some(*pattern)), |(low, high)| {
            let bound = |text| Some(text).filter(|text: &&str| !text.is_empty());
            (bound(low), bound(high))
        });
        let number = |text: Option<&str>, open: i64| text.map_or(Some(open), |text| text.parse().ok());
        let (low, high) = (number(low, i64::MIN)?, number(high, i64::MAX)?);
        found |= match operator {
            "ge" => value >= low,
            "gt" => value > low,
            "le" => value <= high,
            "lt" => value < high,
            _ => (low..=high).contains(&value),
        };
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn numbers_are_compared_as_haproxy_does() {
        let of = |words: &[&str]| [1, 0, -3].map(|value| holds(value, words, false).unwrap());
        assert_eq!(of(&["1"]), [true, false, false]);
        assert_eq!(of(&["-m", "bool"]), [true, false, true]);
        assert_eq!(of(&["-m", "int", "gt", "0"]), [true, false, false]);
        assert_eq!(of(&["ge", "0"]), [true, true, false]);
        assert_eq!(of(&["1:"]), [true, false, false]);
        assert_eq!(of(&[":0"]), [false, true, true]);
        assert_eq!(holds(1, &["-m", "str", "1"], false), None);
    }
}
