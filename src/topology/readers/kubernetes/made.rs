//! Configurations that are made when the pod starts. What an init container or an entrypoint fills into a template is known where
//! each of its steps is plain (`steps.rs`), and not known otherwise.

mod steps;

use crate::{
    cut::Cut,
    topology::{heredoc::Assigned, words::Word, yaml::Yaml},
};

use steps::Steps;

/// How a template becomes a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Made {
    /// The texts that `sed` replaces.
    placeholders: Vec<String>,
    /// All that is done, where that is plain.
    steps: Option<Steps>,
    /// Whether the values of all that is filled in are known, so that the configuration is.
    pub(super) whole: bool,
}

/// A program that runs before HAProxy.
pub(super) struct Program<'c> {
    /// All that it says.
    pub(super) text: String,
    /// Its commands, each with its words.
    pub(super) commands: Vec<Vec<String>>,
    /// The container that it runs in; `None` where it is the one that starts HAProxy.
    pub(super) container: Option<&'c Yaml>,
}

/// What stands for something that is filled in.
pub(super) struct Filled {
    /// The variable that [`Made::fill`] puts in its place.
    pub(super) name: String,
    pub(super) with: With,
}

/// What it is filled with.
pub(super) enum With {
    /// A variable of the program that fills it in.
    Variable(String),
    /// What is written in the program; `None` where a shell makes it.
    Text(Option<String>),
    /// What a shell makes of this, with the variables that its script has set.
    Shell(Word, Assigned),
}

/// Programs that only take a file to its place.
const COPIES: [&str; 4] = ["cp", "install", "ln", "mv"];

/// Programs that only print what they read.
const LOOKS: [&str; 5] = ["cat", "grep", "head", "wc", "diff"];

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

/// How `programs` make the configuration that HAProxy reads at one of `paths` of its template; `None` where they take it as it is.
/// `written` says that it is read from where only a program can have put it.
pub(super) fn made(programs: &[Program<'_>], paths: &[&str], written: bool) -> Option<Made> {
    let changes = programs.iter().any(|program| program.changes() || program.may_change(paths));
    let copies = programs.iter().any(|program| program.words().any(|word| COPIES.contains(&word)));
    let placeholders = programs.iter().flat_map(|program| replaced(&program.text)).collect();
    let steps = filler(programs).and_then(|program| Steps::of(&program.commands));
    (changes || (written && !copies)).then_some(Made { placeholders, steps, whole: false })
}

/// The one program that fills in the template; `None` where several may.
pub(super) fn filler<'p, 'c>(programs: &'p [Program<'c>]) -> Option<&'p Program<'c>> {
    let mut fillers = programs.iter().filter(|program| program.changes());
    fillers.next().filter(|_| fillers.next().is_none())
}

impl Program<'_> {
    /// Its words without the folders before them.
    fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.text.split(|c: char| c.is_whitespace() || "\"'`$();|&".contains(c));
        words.map(|word| word.rsplit('/').next().unwrap_or(""))
    }

    /// Whether it may change what it copies.
    pub(super) fn changes(&self) -> bool {
        self.words().any(|word| CHANGES.contains(&word)) || self.text.contains("template")
    }
}

impl Program<'_> {
    /// Whether a command that is not known names the file that HAProxy reads, or writes what it prints there.
    fn may_change(&self, paths: &[&str]) -> bool {
        let names =
            |word: &str| paths.iter().any(|path| path.rsplit_once('/').is_some_and(|(_, file)| file.contains('.') && word.contains(file)));
        let is_plain = |command: &[String]| {
            let mut programs = command.iter().map(|word| word.rsplit('/').next().unwrap_or(""));
            let starts_haproxy = programs.clone().any(|word| word == "haproxy");
            let program =
                programs.find(|word| !matches!(*word, "exec" | "then" | "do" | "else" | "if" | "while" | "until" | "!")).unwrap_or("");
            let reads = COPIES.contains(&program) || LOOKS.contains(&program);
            starts_haproxy || steps::HARMLESS.contains(&program) || reads && !command.iter().any(|word| word.starts_with('>'))
        };
        self.commands.iter().any(|command| !is_plain(command) && command.iter().any(|word| names(word)))
    }
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
    /// The template with a variable in the place of everything that is filled in; no other byte moves.
    pub(super) fn fill(&self, text: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(text) else { return text.to_vec() };
        let own = set_by(text);
        text.split_inclusive('\n').flat_map(|line| self.line(line, &own, &mut |_, _| {}).into_bytes()).collect()
    }

    /// What is filled into the template; `None` where that is not known of all.
    pub(super) fn filled(&self, text: &str) -> Option<Vec<Filled>> {
        let steps = self.steps.as_ref()?;
        let mut found: Vec<(String, &str)> = Vec::new();
        let own = set_by(text);
        text.split_inclusive('\n').for_each(|line| drop(self.line(line, &own, &mut |name, placeholder| found.push((name, placeholder)))));
        found.sort();
        found.dedup();
        // Two that are called alike here may be filled with different things.
        let alike = found.windows(2).any(|pair| pair[0].0 == pair[1].0 && name_in(pair[0].1) != name_in(pair[1].1));
        let filled = |(name, placeholder): (String, &str)| {
            let replaced = steps.replaced.iter().find(|(text, _)| text == placeholder);
            let with = match (replaced, name_in(placeholder)) {
                (Some((_, with)), _) => With::Text(with.clone()),
                (None, Some(name)) => With::Variable(name.to_owned()),
                (None, None) => return None,
            };
            Some(Filled { name, with })
        };
        if alike || self.leaves_some(text) { None } else { found.into_iter().map(filled).collect() }
    }

    /// Whether something is filled in that is too short for a variable to stand in its place.
    fn leaves_some(&self, text: &str) -> bool {
        text.match_indices('$').any(|(at, _)| self.placeholder(text.cut(at..)).is_some_and(|len| len < SHORTEST))
    }

    /// The files that are written, where all that is done is plain.
    pub(super) fn writes(&self) -> &[String] {
        self.steps.as_ref().map_or(&[], |steps| &steps.writes)
    }

    fn line<'t>(&self, line: &'t str, set: &[&str], each: &mut impl FnMut(String, &'t str)) -> String {
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
            let found = self.placeholder(rest).filter(|len| *len >= SHORTEST && last != '\\' && quote != Some('\''));
            let Some(placeholder) = found.map(|len| rest.cut(..len)) else {
                out.push(c);
                last = if last == '\\' { ' ' } else { c };
                continue;
            };
            // HAProxy takes this for a variable itself.
            let own = name_in(placeholder).filter(|name| quote.is_some() && !set.contains(name));
            let name = own.map_or_else(|| variable(placeholder), str::to_owned);
            // It is filled in before HAProxy sets a variable of that name.
            let name = if set.contains(&name.as_str()) { "_".repeat(name.len()) } else { name };
            out += &match (own, quote) {
                (Some(_), _) => placeholder.to_owned(),
                (None, Some(_)) => format!("${{{name}}}"),
                (None, None) => format!("\"${name}\""),
            };
            each(name, placeholder);
            last = c;
        }
        out
    }

    /// How much of what begins a text is replaced.
    fn placeholder(&self, text: &str) -> Option<usize> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let own = self.placeholders.iter().find(|p| text.starts_with(p.as_str())).map(String::len);
        own.or_else(|| {
            let behind = text.strip_prefix('$')?;
            let len = match behind.strip_prefix('{') {
                Some(inner) => inner.find('}').map(|end| end + 3),
                None => Some(text.len() - behind.trim_start_matches(is_name).len()).filter(|len| *len > 1),
            }?;
            // What is plain leaves the variables alone that it does not know.
            let fills = |steps: &Steps| name_in(text.cut(..len)).is_some_and(|name| steps.variables.as_ref().is_some_and(|v| v.has(name)));
            self.steps.as_ref().is_none_or(fills).then_some(len)
        })
    }
}

/// The variables that a configuration sets itself.
fn set_by(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).filter(|pair| matches!(pair[0], "setenv" | "presetenv")).map(|pair| pair[1]).collect()
}

/// What is shorter has no room for a variable in quotes.
const SHORTEST: usize = 4;

/// The variable that a placeholder names, as `$NAME` and `${NAME}` do.
fn name_in(placeholder: &str) -> Option<&str> {
    let name = placeholder.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(name);
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')).then_some(name)
}

/// A name for a variable that is, with the three marks around it, as long as what it stands for.
fn variable(placeholder: &str) -> String {
    let letters = placeholder.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').skip_while(char::is_ascii_digit);
    letters.chain(std::iter::repeat('_')).take(placeholder.len() - 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(program: &str, written: bool) -> Option<Made> {
        let commands = program.split("; ").map(|command| command.split(' ').map(str::to_owned).collect()).collect();
        made(&[Program { text: program.to_owned(), commands, container: None }], &["/etc/haproxy/haproxy.cfg"], written)
    }

    #[test]
    fn what_is_copied_is_no_template() {
        assert!(of("cp /t/haproxy.cfg /etc/haproxy/", true).is_none());
        assert!(of("exec haproxy -f /x.cfg", false).is_none());
        assert!(of("envsubst < /t/haproxy.cfg > /etc/haproxy/haproxy.cfg", true).is_some());
        assert!(of("cp /t/haproxy.cfg /o/; cat /p >> /o/haproxy.cfg", true).is_some());
        assert!(of("cp /t/haproxy.cfg /o/; /tools/peers /o/haproxy.cfg", true).is_some());
        assert!(of("cp /t/haproxy.cfg /o/; cat /o/haproxy.cfg; exec gosu x haproxy -f /o/haproxy.cfg", true).is_none());
        assert!(of("cp /t/haproxy.cfg /o/; chmod 644 /o/haproxy.cfg; sysctl -w a=1", true).is_none());
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
