//! What plain commands make of a template: `envsubst` and `sed` with nothing around them that could do more. Nothing is run.

/// What is done to the text of a template on its way, where every step of that is plain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Steps {
    /// Whose names `envsubst` fills in, if it is called.
    pub(super) variables: Option<Names>,
    /// What `sed` puts in the place of what; `None` where a shell makes it.
    pub(super) replaced: Vec<(String, Option<String>)>,
    /// The files that are written, as the container calls them.
    pub(super) writes: Vec<String>,
}

/// The variables that `envsubst` knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Names {
    All,
    Only(Vec<String>),
}

impl Names {
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|n| n == name),
        }
    }
}

/// Commands that change no text.
pub(super) const HARMLESS: [&str; 13] =
    ["set", "mkdir", "chmod", "chown", "ls", "sleep", "true", ":", "exit", "test", "[", "haproxy", "docker-entrypoint.sh"];

impl Steps {
    /// What these commands do; `None` where one of them may do anything.
    pub(super) fn of(commands: &[Vec<String>]) -> Option<Self> {
        let mut steps = Self::default();
        for command in commands {
            steps.command(command)?;
        }
        (steps.variables.is_some() || !steps.replaced.is_empty()).then_some(steps)
    }

    fn command(&mut self, command: &[String]) -> Option<()> {
        let (words, target) = redirected(command)?;
        let (program, rest) = words.split_first()?;
        match program.rsplit('/').next().unwrap_or("") {
            "envsubst" if self.variables.is_none() => {
                self.variables = Some(match rest {
                    [] => Names::All,
                    [list] => Names::Only(listed(list)),
                    _ => return None,
                });
                self.writes.extend(target);
            }
            "sed" => self.sed(rest, target)?,
            "cp" if target.is_none() => {
                let files: Vec<&&str> = rest.iter().filter(|word| !word.starts_with('-')).collect();
                let [from, to] = files[..] else { return None };
                let inside = to.ends_with('/').then(|| from.rsplit('/').next().unwrap_or(""));
                self.writes.push(format!("{to}{}", inside.unwrap_or("")));
            }
            "exec" => self.command(&command[1..])?,
            "echo" | "printf" if target.is_none() => {}
            program if HARMLESS.contains(&program) && target.is_none() => {}
            _ => return None,
        }
        Some(())
    }

    fn sed(&mut self, rest: &[&str], target: Option<String>) -> Option<()> {
        let mut in_place = false;
        let mut scripts = Vec::new();
        let mut files = Vec::new();
        let mut words = rest.iter();
        let said = rest.contains(&"-e");
        while let Some(word) = words.next() {
            match *word {
                "-i" => in_place = true,
                "-E" | "-r" => {}
                "-e" => scripts.push(*words.next()?),
                word if word.starts_with('-') => return None,
                word if scripts.is_empty() && !said => scripts.push(word),
                word => files.push(word.to_owned()),
            }
        }
        for command in scripts.iter().flat_map(|script| script.split(';')).map(str::trim).filter(|command| !command.is_empty()) {
            self.replaced.push(replacement(command)?);
        }
        self.writes.extend(target);
        if in_place {
            self.writes.extend(files);
        }
        Some(())
    }
}

/// The words of a command without `< FILE` and `> FILE`, and the file that its output goes to.
fn redirected(command: &[String]) -> Option<(Vec<&str>, Option<String>)> {
    let mut words = Vec::new();
    let mut target = None;
    let mut rest = command.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        let file = |sign: &str, next: Option<&str>| match word.strip_prefix(sign) {
            Some("") => next.map(str::to_owned),
            behind => behind.map(str::to_owned),
        };
        match word {
            // What is added to a file, or is an error, is no plain text.
            word if word.contains(">>") || word.contains("<<") || word.contains(">&") => return None,
            word if word.starts_with('<') => drop(file("<", if word == "<" { rest.next() } else { None })?),
            word if word.starts_with('>') => target = Some(file(">", if word == ">" { rest.next() } else { None })?),
            word if words.is_empty() && word.contains('=') => return None,
            word => words.push(word),
        }
    }
    Some((words, target))
}

/// The names in a list as `envsubst` takes it: `'$HOST ${PORT}'`.
fn listed(list: &str) -> Vec<String> {
    let name = |part: &str| {
        let part = part.trim_start_matches('{');
        part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or("").to_owned()
    };
    list.split('$').skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

/// `s/A/B/g` with literal texts: the first has nothing of a pattern in it.
fn replacement(command: &str) -> Option<(String, Option<String>)> {
    let mark = command.strip_prefix('s')?.chars().next().filter(|c| c.is_ascii_punctuation() && *c != '\\')?;
    let parts: Vec<&str> = command.strip_prefix('s')?.strip_prefix(mark)?.split(mark).collect();
    let [text, with, flags] = parts[..] else { return None };
    let literal = text.chars().all(|c| c.is_ascii_alphanumeric() || "_-@%{}<>:".contains(c));
    if !literal || text.is_empty() || !matches!(flags, "" | "g") {
        return None;
    }
    let known = !with.contains(['$', '`', '\\', '&', '\n']);
    Some((text.to_owned(), known.then(|| with.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(commands: &[&str]) -> Option<Steps> {
        let words = |command: &&str| command.split(' ').map(|word| word.replace('_', " ").trim().to_owned()).collect();
        Steps::of(&commands.iter().map(words).collect::<Vec<Vec<String>>>())
    }

    #[test]
    fn what_is_plain_is_known() {
        let steps = of(&["set -e", "envsubst < /t/a >/out/haproxy.cfg", "chmod 644 /out/haproxy.cfg"]).unwrap();
        assert_eq!((steps.variables, steps.writes), (Some(Names::All), vec!["/out/haproxy.cfg".to_owned()]));
        let steps = of(&["envsubst $HOST_${PORT} < a > b"]).unwrap();
        assert_eq!(steps.variables, Some(Names::Only(vec!["HOST".to_owned(), "PORT".to_owned()])));
        let steps = of(&["cp /t/a /out/", "sed -i -e s/@P@/1024/g -e s|@N@|$X| /out/a"]).unwrap();
        assert_eq!(steps.replaced, [("@P@".to_owned(), Some("1024".to_owned())), ("@N@".to_owned(), None)]);
        assert_eq!(steps.writes, ["/out/a", "/out/a"]);
    }

    #[test]
    fn what_may_do_more_is_not() {
        for command in
            ["P=1 envsubst < a > b", "awk x a > b", "envsubst < a >> b", "sed s/a.*/b/ a > b", "sed /x/d a > b", "python3 render.py", "ls"]
        {
            assert_eq!(of(&[command]), None, "{command}");
        }
    }
}
