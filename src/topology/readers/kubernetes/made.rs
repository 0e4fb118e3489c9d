//! Configurations that are made when the pod starts: what an init container or an entrypoint fills into a template is not known.

use crate::cut::Cut;

/// How a template becomes a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Made {
    /// The texts that `sed` replaces.
    placeholders: Vec<String>,
}

/// Programs that only take a file to its place.
const COPIES: [&str; 4] = ["cp", "install", "ln", "mv"];

/// Programs that change what they copy, and what shells write with.
const CHANGES: [&str; 20] = [
    "envsubst",
    "sed",
    "awk",
    "perl",
    "python",
    "python3",
    "ruby",
    "jinja2",
    "j2",
    "confd",
    "gomplate",
    "dockerize",
    "consul-template",
    "vault",
    "esh",
    "m4",
    "tee",
    "echo",
    "printf",
    "eval",
];

/// How the texts of `programs` make a configuration of its template; `None` where they take it as it is. `written` says that it
/// is read from where only a program can have put it.
pub(super) fn made(programs: &[String], written: bool) -> Option<Made> {
    let words = || programs.iter().flat_map(|p| p.split(|c: char| c.is_whitespace() || "\"'`$();|&".contains(c)));
    let base = |word: &str| word.rsplit('/').next().unwrap_or("").to_owned();
    let changes = words().any(|w| CHANGES.contains(&base(w).as_str()) || w.contains("template"));
    let copies = words().any(|w| COPIES.contains(&base(w).as_str()));
    (changes || (written && !copies)).then(|| Made { placeholders: programs.iter().flat_map(|p| replaced(p)).collect() })
}

/// The literal texts that commands of `sed` replace: `A` of `s/A/B/`.
fn replaced(program: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in program.match_indices('s') {
        let begins = program.cut(..at).chars().next_back().is_none_or(|c| c.is_whitespace() || "'\";".contains(c));
        let mut rest = program.cut(at + 1..).chars();
        let Some(mark) = rest.next().filter(|c| begins && "/|#,:@!~".contains(*c)) else { continue };
        let Some((text, _)) = rest.as_str().split_once(mark) else { continue };
        let literal: String = text.replace("\\", "");
        if literal.len() > 3 && literal.chars().all(|c| c.is_ascii_alphanumeric() || "_-@%{}<>$".contains(c)) {
            found.push(literal);
        }
    }
    found
}

impl Made {
    /// The template with a variable that nobody knows in the place of everything that is filled in; no other byte moves.
    pub(super) fn fill(&self, text: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(text) else { return text.to_vec() };
        text.split_inclusive('\n').flat_map(|line| self.line(line).into_bytes()).collect()
    }

    fn line(&self, line: &str) -> String {
        let mut out = String::with_capacity(line.len());
        let (mut quote, mut last) = (None, ' ');
        while let Some(c) = line.cut(out.len()..).chars().next() {
            let rest = line.cut(out.len()..);
            match (quote, c) {
                (None, '#') => return out + rest,
                (None, '"' | '\'') if last != '\\' => quote = Some(c),
                (Some(open), c) if c == open && last != '\\' => quote = None,
                _ => {}
            }
            let found = self.placeholder(rest).filter(|len| *len > 3 && last != '\\' && quote != Some('\''));
            match found {
                // HAProxy takes this for a variable itself.
                Some(len) if quote.is_some() && c == '$' => out += rest.cut(..len),
                Some(len) if quote.is_some() => out += &format!("${{{}}}", variable(rest.cut(..len))),
                Some(len) => out += &format!("\"${}\"", variable(rest.cut(..len))),
                None => out.push(c),
            }
            last = if last == '\\' { ' ' } else { c };
        }
        out
    }

    /// How much of what begins a text is replaced.
    fn placeholder(&self, text: &str) -> Option<usize> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let own = self.placeholders.iter().find(|p| text.starts_with(p.as_str())).map(String::len);
        own.or_else(|| {
            let behind = text.strip_prefix('$')?;
            match behind.strip_prefix('{') {
                Some(inner) => inner.find('}').map(|end| end + 3),
                None => Some(text.len() - behind.trim_start_matches(is_name).len()).filter(|len| *len > 1),
            }
        })
    }
}

/// A name for a variable that is, with the three marks around it, as long as what it stands for.
fn variable(placeholder: &str) -> String {
    let letters = placeholder.chars().filter(|c| c.is_ascii_alphabetic() || *c == '_').chain(std::iter::repeat('_'));
    letters.take(placeholder.len() - 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(program: &str, written: bool) -> Option<Made> {
        made(&[program.to_owned()], written)
    }

    #[test]
    fn what_is_copied_is_no_template() {
        assert!(of("cp /t/haproxy.cfg /etc/haproxy/", true).is_none());
        assert!(of("exec haproxy -f /x.cfg", false).is_none());
        assert!(of("envsubst < /t/haproxy.cfg > /etc/haproxy/haproxy.cfg", true).is_some());
        assert!(of("/prepare", true).is_some() && of("cp a b; /usr/bin/sed -i s/A/B/ b", true).is_some());
    }

    #[test]
    fn what_sed_replaces_is_a_variable_of_the_same_length() {
        let made = of("sed -e \"s/POD_NAME/$X/g\" -e 's|__IP__|$Y|' a > b", true).unwrap();
        assert_eq!(made.fill(b"peer POD_NAME __IP__:1024"), b"peer \"$POD_N\" \"$__I\":1024");
        assert_eq!(made.fill(b"a \"x POD_NAME $X\" '__IP__' # __IP__"), b"a \"x ${POD_N} $X\" '__IP__' # __IP__");
        assert_eq!(made.fill(b"peer ${ME} $OTHER:1"), b"peer \"$ME\" \"$OTH\":1");
    }
}
