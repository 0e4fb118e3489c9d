//! What of a regular expression is plain text.

use super::inclusion::Method;

/// What a regular expression asks for that is a plain text between its anchors.
pub(super) fn plain_of(regex: &str) -> Option<(Method, String)> {
    let (begins, rest) = regex.strip_prefix('^').map_or((false, regex), |rest| (true, rest));
    let (ends, rest) = rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).map_or((false, rest), |rest| (true, rest));
    let open = [".*", "(.*)"].iter().find_map(|any| rest.strip_suffix(any));
    let (rest, ends) = (open.unwrap_or(rest), ends && open.is_none());
    let mut literal = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => literal.push(chars.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            _ => literal.push(c),
        }
    }
    let method = match (begins, ends) {
        (true, true) => Method::Whole,
        (true, false) => Method::Begin,
        (false, true) => Method::End,
        (false, false) => Method::Sub,
    };
    Some((method, literal))
}

/// The text that all that fits a regular expression begins with or is, where it begins with `^`.
pub(super) fn literal_of(regex: &str) -> Option<(Method, String)> {
    let rest = regex.strip_prefix('^')?;
    let mut depth = 0i32;
    let (mut literal, mut whole, mut reading) = (String::new(), false, true);
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '|' if depth <= 0 => return None,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if !reading {
            if c == '\\' {
                chars.next();
            }
            continue;
        }
        match c {
            '\\' if chars.peek().is_some_and(|c| c.is_ascii_punctuation()) => literal.extend(chars.next()),
            '?' | '*' | '{' => {
                literal.pop();
                reading = false;
            }
            '$' if chars.peek().is_none() => whole = true,
            '.' | '[' | '(' | '+' | '^' | '$' | ')' | '\\' => {
                reading = false;
                if c == '\\' {
                    chars.next();
                }
            }
            _ => literal.push(c),
        }
    }
    (!literal.is_empty()).then_some((if whole { Method::Whole } else { Method::Begin }, literal))
}
