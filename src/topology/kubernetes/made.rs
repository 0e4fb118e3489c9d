//! Configurations that are made when the pod starts: what an init container or an entrypoint fills into a template is not known.

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
        let begins = program[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "'\";".contains(c));
        let mut rest = program[at + 1..].chars();
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
    /// The template with a variable that nobody knows, of the same length, for each text that is replaced.
    pub(super) fn fill(&self, text: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(text) else { return text.to_vec() };
        let mut text = text.to_owned();
        for placeholder in self.placeholders.iter().filter(|p| !p.contains('$')) {
            let inner: String =
                placeholder[2..placeholder.len() - 1].chars().map(|c| if c.is_ascii_alphabetic() || c == '_' { c } else { '_' }).collect();
            text = text.replace(placeholder.as_str(), &format!("${{{inner}}}"));
        }
        text.into_bytes()
    }
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
        assert_eq!(made.fill(b"peer POD_NAME __IP__:1024"), b"peer ${D_NAM} ${IP_}:1024");
    }
}
