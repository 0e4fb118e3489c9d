//! The files that a script writes out of texts of its own, and of other files: `cat > FILE <<EOF`, `cat OTHER >> FILE`.

use super::{Document, Piece, Token, Word, assignment, base_name, lex, written};

/// What a file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::topology) enum Source {
    /// A text of the script.
    Text(Document),
    /// Another file, as the script calls it.
    File(String),
}

/// A file that a script writes out of texts of its own, and of other files.
#[derive(Clone, Debug)]
pub(in crate::topology) struct Written {
    /// The file, as the script calls it.
    pub(in crate::topology) path: String,
    /// What is written, one behind the other.
    pub(in crate::topology) sources: Vec<Source>,
    /// The variables that the script has set by then.
    pub(in crate::topology) assigned: Vec<(String, Word)>,
    /// Why it is not certain that the file holds just that.
    pub(in crate::topology) unsure: Option<&'static str>,
}

impl Written {
    /// What is written, where all of it are texts of the script.
    pub(in crate::topology) fn texts(&self) -> Option<Vec<Document>> {
        let text = |source: &Source| match source {
            Source::Text(document) => Some(document.clone()),
            Source::File(_) => None,
        };
        self.sources.iter().map(text).collect()
    }

    /// Whether it is another file as that is.
    pub(in crate::topology) fn is_copy(&self) -> bool {
        self.unsure.is_none() && matches!(self.sources[..], [Source::File(_)])
    }
}

/// A command of a script.
struct Command<'t> {
    words: Vec<&'t Word>,
    here: Option<usize>,
    /// What it stands behind: `&&`, `||`, `|`, or the end of a line.
    behind: String,
}

impl Command<'_> {
    fn new(behind: String) -> Self {
        Self { words: Vec::new(), here: None, behind }
    }

    /// Its words without those that only say under which condition it runs.
    fn said(&self) -> Vec<String> {
        let words = self.words.iter().map(|word| written(word));
        words.skip_while(|word| matches!(word.as_str(), "then" | "do" | "else" | "sudo" | "exec")).collect()
    }

    /// What it writes to a file: its input, or other files.
    fn output(&self) -> Option<Output<'_>> {
        let said = self.said();
        if matches!(base_name(said.first()?), "cp" | "mv") { self.copied(said.len()) } else { self.input() }
    }

    /// The file that it takes to another place; the last `said` of its words are its own.
    fn copied(&self, said: usize) -> Option<Output<'_>> {
        let own = &self.words[self.words.len() - said + 1..];
        let (options, files): (Vec<&Word>, Vec<&Word>) = own.iter().partition(|word| written(word).starts_with('-'));
        let as_it_is = |word: &&Word| written(word).strip_prefix('-').is_some_and(|letters| letters.chars().all(|c| "afpv".contains(c)));
        let [from, to] = files[..] else { return None };
        let plain = options.iter().all(as_it_is) && !written(from).contains(UNCLEAR) && !written(to).contains(UNCLEAR);
        plain.then(|| Output { to, adds: false, files: vec![from] })
    }

    /// The file that it writes its input to, or the files that it names, and whether it adds to that.
    fn input(&self) -> Option<Output<'_>> {
        let program = base_name(self.said().first()?).to_owned();
        let skipped = self.words.len() - self.said().len() + 1;
        let (mut found, mut files) = (None, Vec::new());
        let mut words = self.words.iter().enumerate().skip(skipped);
        let (mut adds, mut given) = (false, 0);
        while let Some((at, word)) = words.next() {
            let word = written(word);
            match word.as_str() {
                ">" | "1>" | ">>" | "1>>" => {
                    let at = words.next()?.0;
                    found = found.filter(|_| program == "tee").or(Some((at, word.ends_with(">>"))));
                }
                _ if word.starts_with("2>") || word.starts_with("&>") => {}
                _ if word.starts_with('>') => found = found.filter(|_| program == "tee").or(Some((at, word.starts_with(">>")))),
                "-a" if program == "tee" => adds = true,
                "-" if program == "cat" => {}
                _ if word.starts_with('-') => return None,
                _ if program == "tee" && given == 0 => {
                    given += 1;
                    found = Some((at, adds));
                }
                text if program == "cat" && !text.contains(UNCLEAR) => files.push(self.words[at]),
                _ => return None,
            }
        }
        let (to, adds) = found.filter(|_| matches!(program.as_str(), "cat" | "tee"))?;
        Some(Output { to: self.words[to], adds, files })
    }
}

/// What a command writes to a file.
struct Output<'t> {
    to: &'t Word,
    adds: bool,
    /// The files that it writes; none where it writes its input.
    files: Vec<&'t Word>,
}

/// What a shell makes of words with these is not looked at.
const UNCLEAR: [char; 7] = ['*', '?', '[', '<', '>', '&', '|'];

/// Programs that leave the files alone that they name.
const HARMLESS: [&str; 17] = [
    "chmod",
    "chown",
    "cat",
    "ls",
    "haproxy",
    "docker-entrypoint.sh",
    "echo",
    "printf",
    "test",
    "[",
    "head",
    "grep",
    "wc",
    "mkdir",
    "touch",
    "sha256sum",
    "md5sum",
];

/// The files that a script writes out of texts of its own and of other files, as far as a look at its commands tells.
pub(in crate::topology) fn written_files(script: &str) -> Vec<Written> {
    let (tokens, documents) = lex(script);
    let commands = commands(&tokens);
    let mut files: Vec<Written> = Vec::new();
    let mut assigned: Vec<(String, Word)> = Vec::new();
    let mut depth = 0_usize;
    for (at, command) in commands.iter().enumerate() {
        let first = command.words.first().map_or(String::new(), |word| written(word));
        depth = match first.as_str() {
            "if" | "while" | "until" | "for" | "case" | "select" | "{" => depth + 1,
            "fi" | "done" | "esac" | "}" => depth.saturating_sub(1),
            word if word.starts_with('(') || word.ends_with("()") => depth + 1,
            _ => depth,
        };
        let always = depth == 0 && is_reached(&commands[..at], command);
        let own = command.words.iter().filter_map(|word| assignment(word));
        // What is set under a condition may be set or not.
        assigned.extend(own.map(|(name, value)| (name, if always { value } else { vec![Piece::Shell("$()".to_owned())] })));
        let piped = commands.get(at + 1).filter(|next| next.behind == "|");
        let output = command.output();
        let output = output.or_else(|| piped.and_then(Command::output).filter(|_| command.said() == ["cat"]));
        match output.and_then(|output| Some((sources(command, &output, &documents, &assigned)?, output))) {
            Some((sources, output)) => {
                let path = path_of(output.to, &assigned);
                let inside = path.ends_with('/').then(|| file_in(&sources)).flatten();
                let path = path + inside.as_deref().unwrap_or("");
                let unsure = (!always).then_some("it is written under a condition").or(path.contains('$').then_some("a variable names it"));
                write(&mut files, Written { path, sources, assigned: assigned.clone(), unsure }, output.adds);
            }
            // The other end of a pipe that writes such a text.
            None if at > 0 && commands[at - 1].here.is_some() && command.behind == "|" => {}
            None => changed(command, &mut files),
        }
    }
    files
}

/// What a command writes: the text behind its `<<`, or the files that it names.
fn sources(command: &Command<'_>, output: &Output<'_>, documents: &[Document], assigned: &[(String, Word)]) -> Option<Vec<Source>> {
    match (command.here, &output.files[..]) {
        (Some(here), []) => Some(vec![Source::Text(documents[here].clone())]),
        (None, files) if !files.is_empty() => Some(files.iter().map(|file| Source::File(path_of(file, assigned))).collect()),
        _ => None,
    }
}

/// The name that a file keeps in another folder.
fn file_in(sources: &[Source]) -> Option<String> {
    match sources {
        [Source::File(path)] => Some(base_name(path).to_owned()),
        _ => None,
    }
}

/// Writes a file, or adds to it.
fn write(files: &mut Vec<Written>, mut new: Written, adds: bool) {
    let mut sources = Vec::new();
    for source in std::mem::take(&mut new.sources) {
        let known = files.iter().find(|file| matches!(&source, Source::File(path) if *path == file.path));
        new.unsure = new.unsure.or(known.and_then(|file| file.unsure));
        sources.extend(known.map_or_else(|| vec![source.clone()], |file| file.sources.clone()));
    }
    new.sources = sources;
    match files.iter_mut().find(|file| file.path == new.path) {
        Some(file) if adds => {
            file.sources.append(&mut new.sources);
            file.unsure = file.unsure.or(new.unsure);
            file.assigned = new.assigned;
        }
        Some(file) => *file = new,
        None => {
            new.unsure = new.unsure.or(adds.then_some("it is added to a file that is there before"));
            files.push(new);
        }
    }
}

/// Whether a script may change a file that was there before.
pub(in crate::topology) fn changes_file(script: &str, path: &str) -> bool {
    let mut file = [Written { path: path.to_owned(), sources: Vec::new(), assigned: Vec::new(), unsure: None }];
    commands(&lex(script).0).iter().filter(|command| command.here.is_none()).for_each(|command| changed(command, &mut file));
    file[0].unsure.is_some()
}

/// Marks the files that a command may change.
fn changed(command: &Command<'_>, files: &mut [Written]) {
    let said = command.said();
    let Some(program) = said.first().map(|word| base_name(word)) else { return };
    for file in files.iter_mut() {
        let name = base_name(&file.path);
        let names = |word: &String| word.contains(&file.path) || word.strip_prefix('>').is_some_and(|rest| base_name(rest) == name);
        let writes = said.iter().enumerate().any(|(at, word)| {
            let behind = at > 0 && matches!(said[at - 1].as_str(), ">" | ">>");
            names(word) && (behind || word.starts_with('>'))
        });
        let is_test = matches!(program, "if" | "while" | "until" | "for");
        if writes || said.iter().any(names) && !HARMLESS.contains(&program) && !is_test {
            file.unsure = Some("another command changes it");
        }
    }
}

/// The path that a word is, with what the script itself has put into variables.
fn path_of(word: &Word, assigned: &[(String, Word)]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Shell(text) => {
            let name = text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
            let mut values = assigned.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
            let only = values.next().filter(|_| values.next().is_none());
            let plain = only.filter(|value| value.iter().all(|piece| matches!(piece, Piece::Text(_))));
            plain.map_or_else(|| text.clone(), written)
        }
    };
    word.iter().map(piece).collect::<String>().trim_start_matches('>').to_owned()
}

/// Whether a command is reached whatever those before it say.
fn is_reached(before: &[Command<'_>], command: &Command<'_>) -> bool {
    match command.behind.as_str() {
        "||" => false,
        "&&" => before.split_last().is_some_and(|(last, rest)| {
            let program = last.said().first().map_or(String::new(), |word| base_name(word).to_owned());
            matches!(program.as_str(), "mkdir" | "cd" | "set" | "echo" | "cat" | "cp" | "mv" | "chmod" | "chown" | "umask" | "rm")
                && is_reached(rest, last)
        }),
        _ => true,
    }
}

fn commands(tokens: &[Token]) -> Vec<Command<'_>> {
    let mut commands = vec![Command::new(String::new())];
    for token in tokens {
        let last = commands.last_mut().filter(|last| !last.words.is_empty() || last.here.is_some());
        match (token, last) {
            (Token::End(c), Some(_)) => commands.push(Command::new(c.to_string())),
            (token, _) => {
                let Some(last) = commands.last_mut() else { continue };
                match token {
                    Token::Word(word) => last.words.push(word),
                    Token::Here(here) => last.here = Some(*here),
                    // `&&` at the end of a line goes on on the next.
                    Token::End('\n') if matches!(last.behind.as_str(), "&&" | "||" | "|") => {}
                    Token::End(c) => last.behind.push(*c),
                }
            }
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cut::Cut;

    /// What a script writes: the path, the text, and why that is not certain.
    fn files(script: &str) -> Vec<(String, String, Option<&'static str>)> {
        let part = |source: &Source| match source {
            Source::Text(document) => script.cut(document.span.clone()).to_owned(),
            Source::File(path) => format!("<{path}>"),
        };
        let text = |file: &Written| file.sources.iter().map(part).collect::<String>();
        written_files(script).into_iter().map(|file| (file.path.clone(), text(&file), file.unsure)).collect()
    }

    fn sure(path: &str, text: &str) -> Vec<(String, String, Option<&'static str>)> {
        vec![(path.to_owned(), text.to_owned(), None)]
    }

    #[test]
    fn texts_of_a_script_become_files() {
        for script in [
            "cat > /x.cfg <<EOF\na\nb\nEOF\nexec haproxy -f /x.cfg\n",
            "set -e\nmkdir -p /x && cat <<'EOF' >/x.cfg\na\nb\nEOF\n",
            "cat <<-EOF | sudo tee /x.cfg > /dev/null\na\nb\n\tEOF\nchmod 600 /x.cfg",
            "F=/x.cfg\ntee \"$F\" << \"EOF\"\na\nb\nEOF\n",
            "cat > /x.cfg <<A\na\nA\ncat >> /x.cfg <<B\nb\nB\n",
            "cat > /x.cfg <<EOF\nold\nEOF\ncat > /x.cfg <<EOF\na\nb\nEOF\n",
        ] {
            assert_eq!(files(script), sure("/x.cfg", "a\nb\n"), "{script}");
        }
        assert_eq!(files("mysql <<EOF\nx\nEOF\ncat <<< hello > /x\n"), []);
    }

    #[test]
    fn files_are_made_of_other_files() {
        for (script, text) in [
            ("cp /in/x.cfg /x.cfg\ncat /p/peers >> /x.cfg", "</in/x.cfg></p/peers>"),
            ("cp -a /in/x.cfg / && cat >> /x.cfg <<E\na\nE\n", "</in/x.cfg>a\n"),
            ("cat /in/x.cfg /p/peers > /x.cfg", "</in/x.cfg></p/peers>"),
            ("P=/p\ncat /in/x.cfg \"$P\"/peers >/tmp/x; mv /tmp/x /x.cfg", "</in/x.cfg></p/peers>"),
        ] {
            let of_all = files(script);
            let found = of_all.iter().find(|(path, ..)| path == "/x.cfg").map(|(_, text, unsure)| (text.as_str(), *unsure));
            assert_eq!(found, Some((text, None)), "{script}");
        }
        for script in ["cp /in/* /", "cp -n /in/x.cfg /x.cfg", "cat /in/*.cfg > /x.cfg", "sort /a > /x.cfg", "cat < /in/x > /x.cfg"] {
            assert_eq!(files(script), [], "{script}");
        }
    }

    #[test]
    fn what_is_not_certain_is_told() {
        for script in [
            "[ -f /x ] || cat > /x <<E\na\nE\n",
            "[ -n \"$A\" ] && cat > /x <<E\na\nE\n",
            "if true; then\ncat > /x <<E\na\nE\nfi\n",
            "write() {\ncat > /x <<E\na\nE\n}\n",
            "cat > /x <<E\na\nE\nsed -i s/a/b/ /x\n",
            "cat > /x <<E\na\nE\necho b >> /x\n",
            "cat >> /x <<E\na\nE\n",
            "cat > $1 <<E\na\nE\n",
            "cat /a >> /x\n",
            "cp /a /x\nawk x /y >> /x",
            "cp /a /x; if true; then cat /b >> /x; fi",
        ] {
            assert!(matches!(files(script)[..], [(_, _, Some(_))]), "{script}");
        }
    }
}
