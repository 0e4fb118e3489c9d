//! What the rules of `security` share: values that clients write, and conditions that look at them.

use crate::{
    config::{Atom, Guard, NameKind, Proxy},
    cut::Cut,
    syntax::Statement,
};

use super::Context;

/// What fetches of the request begin with whose value whoever sends it is free to choose.
const WRITTEN: [&str; 8] = ["hdr", "fhdr", "cook", "url_param", "urlp", "query", "body_param", "capture.req.hdr"];

/// The fetch that an expression begins with, where its value is what a client writes: no map and no table decides what becomes of it.
pub(super) fn written(expression: &str) -> Option<&str> {
    let end = expression.find([',', '(']).unwrap_or(expression.len());
    let name = expression.cut(..end);
    let plain = name.trim_start_matches("req.");
    let chosen = WRITTEN.iter().any(|begin| plain == *begin || plain.starts_with(&format!("{begin}_")));
    let whole = match expression.cut(end..).starts_with('(') {
        true => end + expression.cut(end..).find(')')? + 1,
        false => end,
    };
    let decides =
        |converter: &str| ["map", "table_", "in_table", "lua.", "bool", "strcmp", "field", "word"].iter().any(|c| converter.starts_with(c));
    let free = !expression.cut(whole..).split(',').any(decides);
    (chosen && free).then(|| expression.cut(..whole))
}

/// The same for a text that is one `%[…]` from its beginning on, or all of it if it must be `alone`.
pub(super) fn format(text: &str, alone: bool) -> Option<&str> {
    let inner = text.strip_prefix("%[")?;
    let end = inner.find(']')?;
    if alone && end + 1 != inner.len() {
        return None;
    }
    written(inner.cut(..end))
}

/// The fetch that a text begins with, perhaps behind a slash, where its value is the path that the client asked for, as it was
/// written: it may begin with `//` and the name of another host.
pub(super) fn path(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('/').unwrap_or(text).strip_prefix("%[")?;
    let (expression, _) = inner.split_once(']')?;
    let (name, converters) = expression.split_once(',').unwrap_or((expression, ""));
    let plain = converters.split(',').all(|converter| matches!(converter, "" | "lower" | "upper"));
    (plain && matches!(name, "path" | "pathq" | "url" | "capture.req.uri")).then_some(name)
}

/// Whether nothing in the condition of a line looks at `value`: what it asks for else is no protection.
pub(super) fn is_free<'r>(cx: &Context<'r>, proxy: &Proxy<'r>, line: &Statement<'r>, value: &str) -> bool {
    let name = value.trim_start_matches("req.").to_ascii_lowercase();
    let looks = |criterion: &str| criterion.to_ascii_lowercase().contains(&name);
    let asked = |acl: &'r str| {
        let lines = cx.config.names.find(NameKind::Acl, Some(proxy.section.index()), acl);
        lines.iter().any(|acl| acl.statement.words().skip(2).any(|word| word.known().is_none_or(looks)))
    };
    match Guard::of(line) {
        Guard::None => true,
        Guard::Unknown => false,
        Guard::Condition(condition) => !condition.terms.iter().flatten().any(|literal| match &literal.atom {
            Atom::Name(acl) => asked(acl),
            Atom::Anonymous(words) => words.iter().any(|word| looks(word)),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_choose_is_known_from_what_is_looked_up() {
        assert_eq!(written("req.hdr(x-backend),lower"), Some("req.hdr(x-backend)"));
        assert_eq!(format("%[url_param(next)]/x", false), Some("url_param(next)"));
        for other in ["src", "req.hdr(host),map(/a.map)", "path", "hdr(host),field(1,.)", "var(txn.a)"] {
            assert_eq!(written(other), None, "{other}");
        }
        assert_eq!((path("%[path]"), path("/%[pathq,lower]")), (Some("path"), Some("pathq")));
        assert_eq!((path("/a%[path]"), path("%[path,regsub(^/+,/)]"), path("https://%[path]")), (None, None, None));
        assert_eq!(format("%[url_param(next)]/x", true), None);
        assert_eq!(format("bk_%[req.hdr(a)]", false), None);
    }
}
