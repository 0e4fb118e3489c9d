//! How a shell cuts a script into words, and the files that a script writes out of texts of its own: `cat > FILE <<EOF`.

use std::ops::Range;

use crate::cut::Cut;

use super::{Piece, Word, assignment, base_name, written};

/// What a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    /// A text behind `<<`, by its place in the list of them.
    Here(usize),
    /// The letter that a command ends with; of `&&` and `||` there are two.
    End(char),
}

impl Token {
    pub(super) fn word(&self) -> Option<&Word> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn ends(&self) -> bool {
        matches!(self, Self::End(_))
    }
}

/// A text that stands in a script behind `<<`, up to the line that ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::topology) struct Document {
    /// Its bytes in the script.
    pub(in crate::topology) span: Range<usize>,
    /// Whether the shell replaces variables in it.
    pub(in crate::topology) expands: bool,
}

/// The words of a script, and the texts in it.
pub(super) fn lex(text: &str) -> (Vec<Token>, Vec<Document>) {
    let mut lexer = Lexer::new(text);
    lexer.run();
    (lexer.tokens, lexer.documents)
}

/// The parts of one word, as if it stood between double quotes.
pub(in crate::topology) fn pieces(text: &str) -> Word {
    let mut lexer = Lexer::new(text);
    lexer.quoted();
    lexer.word.unwrap_or_default()
}

/// What a shell makes of a text behind `<<`: the bytes that each part comes from, and the part, which is `None` where it means itself.
pub(in crate::topology) fn quoted_text(text: &str) -> Vec<(Range<usize>, Option<Piece>)> {
    let mut lexer = Lexer::new(text);
    let (mut parts, mut plain) = (Vec::new(), 0);
    loop {
        let start = lexer.rest.at;
        let part = match lexer.rest.next() {
            None => break,
            Some('\\') => match lexer.rest.next_if(|c| matches!(c, '$' | '`' | '\\' | '\n')) {
                Some('\n') => Piece::Text(String::new()),
                Some(c) => Piece::Text(c.to_string()),
                None => continue,
            },
            Some(c @ ('$' | '`')) => {
                lexer.dollar(c);
                match lexer.word.take().and_then(|word| word.into_iter().next()) {
                    Some(shell @ Piece::Shell(_)) => shell,
                    _ => continue,
                }
            }
            Some(_) => continue,
        };
        parts.extend((plain < start).then_some((plain..start, None)));
        parts.push((start..lexer.rest.at, Some(part)));
        plain = lexer.rest.at;
    }
    parts.extend((plain < text.len()).then_some((plain..text.len(), None)));
    parts
}

/// A file that a script writes out of texts of its own.
#[derive(Clone, Debug)]
pub(in crate::topology) struct Written {
    /// The file, as the script calls it.
    pub(in crate::topology) path: String,
    /// What is written, one behind the other.
    pub(in crate::topology) documents: Vec<Document>,
    /// The variables that the script has set by then.
    pub(in crate::topology) assigned: Vec<(String, Word)>,
    /// Why it is not certain that the file holds just that.
    pub(in crate::topology) unsure: Option<&'static str>,
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

    /// The file that it writes its input to, and whether it adds to that.
    fn target(&self) -> Option<(usize, bool)> {
        let program = base_name(self.said().first()?).to_owned();
        let skipped = self.words.len() - self.said().len() + 1;
        let mut found = None;
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
                _ => return None,
            }
        }
        found.filter(|_| matches!(program.as_str(), "cat" | "tee"))
    }
}

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

/// The files that a script writes out of texts of its own, as far as a look at its commands tells.
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
        let target = command.target().map(|found| (command, found));
        let target = target.or_else(|| piped.and_then(|next| Some((next, next.target()?))).filter(|_| command.said() == ["cat"]));
        match (command.here, target) {
            (Some(here), Some((by, (word, adds)))) => {
                let path = path_of(by.words[word], &assigned);
                let known = files.iter_mut().find(|file| file.path == path);
                let document = documents[here].clone();
                let unsure = (!always).then_some("it is written under a condition").or(path.contains('$').then_some("a variable names it"));
                match known {
                    Some(file) if adds => {
                        file.documents.push(document);
                        file.unsure = file.unsure.or(unsure);
                        file.assigned.clone_from(&assigned);
                    }
                    Some(file) => *file = Written { path, documents: vec![document], assigned: assigned.clone(), unsure },
                    None => {
                        let unsure = unsure.or(adds.then_some("it is added to a file that is there before"));
                        files.push(Written { path, documents: vec![document], assigned: assigned.clone(), unsure });
                    }
                }
            }
            // The other end of a pipe that writes such a text.
            _ if at > 0 && commands[at - 1].here.is_some() && command.behind == "|" => {}
            _ => changed(command, &mut files),
        }
    }
    files
}

/// Whether a script may change a file that was there before.
pub(in crate::topology) fn changes_file(script: &str, path: &str) -> bool {
    let mut file = [Written { path: path.to_owned(), documents: Vec::new(), assigned: Vec::new(), unsure: None }];
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
            matches!(program.as_str(), "mkdir" | "cd" | "set" | "echo" | "cat" | "chmod" | "chown" | "umask" | "rm")
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

/// The letters of a text, and how far it is read.
struct Letters<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }
}

impl Letters<'_> {
    fn peek(&self) -> Option<char> {
        self.text.cut(self.at..).chars().next()
    }

    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        self.peek().filter(|c| fits(*c)).and_then(|_| self.next())
    }
}

struct Lexer<'t> {
    rest: Letters<'t>,
    tokens: Vec<Token>,
    documents: Vec<Document>,
    /// The texts that begin on the next line: the line that ends each, and whether tabs may stand before that.
    waiting: Vec<(usize, String, bool)>,
    /// The word that has begun.
    word: Option<Word>,
}

impl<'t> Lexer<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: Letters { text, at: 0 }, tokens: Vec::new(), documents: Vec::new(), waiting: Vec::new(), word: None }
    }

    fn run(&mut self) {
        let mut last = '\n';
        while let Some(c) = self.rest.next() {
            match c {
                ' ' | '\t' => self.end(),
                '#' if self.word.is_none() => while self.rest.next_if(|c| c != '\n').is_some() {},
                '&' if last == '>' || self.rest.peek() == Some('>') => self.push(c),
                '\n' | ';' | '&' | '|' => {
                    self.end();
                    self.tokens.push(Token::End(c));
                    if c == '\n' {
                        self.bodies();
                    }
                }
                '<' if self.rest.text.cut(self.rest.at..).starts_with('<') => self.here(),
                '\'' => {
                    self.word.get_or_insert_default();
                    while let Some(c) = self.rest.next().filter(|c| *c != '\'') {
                        self.push(c);
                    }
                }
                '"' => self.quoted(),
                '\\' => match self.rest.next() {
                    Some('\n') | None => {}
                    Some(c) => self.push(c),
                },
                '$' | '`' => self.dollar(c),
                _ => self.push(c),
            }
            last = c;
        }
        self.end();
    }

    /// What stands behind `<`, which is another one: `<<EOF`, `<<-'EOF'`; with a third one it is a word.
    fn here(&mut self) {
        self.rest.next();
        if self.rest.next_if(|c| c == '<').is_some() {
            return "<<<".chars().for_each(|c| self.push(c));
        }
        self.end();
        let tabs = self.rest.next_if(|c| c == '-').is_some();
        while self.rest.next_if(|c| c == ' ' || c == '\t').is_some() {}
        let (mut name, mut expands, mut quote) = (String::new(), true, None);
        while let Some(c) = self.rest.next_if(|c| quote.is_some() && c != '\n' || !(c.is_whitespace() || ";&|<>()".contains(c))) {
            match (quote, c) {
                (None, '"' | '\'') => (quote, expands) = (Some(c), false),
                (Some(open), c) if c == open => quote = None,
                (None, '\\') => expands = false,
                _ => name.push(c),
            }
        }
        self.tokens.push(Token::Here(self.documents.len()));
        self.waiting.push((self.documents.len(), name, tabs));
        self.documents.push(Document { span: 0..0, expands });
    }

    /// Reads the texts that were announced on the line before.
    fn bodies(&mut self) {
        for (document, name, tabs) in std::mem::take(&mut self.waiting) {
            let start = self.rest.at;
            let mut end = start;
            for line in self.rest.text.cut(start..).split_inclusive('\n') {
                self.rest.at += line.len();
                let said = line.strip_suffix('\n').unwrap_or(line);
                if (if tabs { said.trim_start_matches('\t') } else { said }) == name {
                    break;
                }
                end = self.rest.at;
            }
            self.documents[document].span = start..end;
        }
    }

    fn end(&mut self) {
        self.tokens.extend(self.word.take().map(Token::Word));
    }

    fn push(&mut self, c: char) {
        let word = self.word.get_or_insert_default();
        match word.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => word.push(Piece::Text(c.to_string())),
        }
    }

    fn quoted(&mut self) {
        self.word.get_or_insert_default();
        while let Some(c) = self.rest.next().filter(|c| *c != '"') {
            match c {
                '\\' => {
                    if let Some(c) = self.rest.next().filter(|c| *c != '\n') {
                        if !matches!(c, '"' | '\\' | '$' | '`') {
                            self.push('\\');
                        }
                        self.push(c);
                    }
                }
                '$' | '`' => self.dollar(c),
                _ => self.push(c),
            }
        }
    }

    /// What a shell replaces.
    fn dollar(&mut self, first: char) {
        let mut text = first.to_string();
        let close = match (first, self.rest.peek()) {
            ('`', _) => '`',
            (_, Some('(')) => ')',
            (_, Some('{')) => '}',
            (_, Some(c)) if c.is_ascii_alphabetic() || c == '_' => {
                while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || c == '_') {
                    text.push(c);
                }
                return self.word.get_or_insert_default().push(Piece::Shell(text));
            }
            (_, Some(c)) if "@*#?$!0123456789-".contains(c) => {
                text.extend(self.rest.next());
                return self.word.get_or_insert_default().push(Piece::Shell(text));
            }
            _ => return self.push(first),
        };
        let mut depth = 0;
        for c in self.rest.by_ref() {
            text.push(c);
            match c {
                '(' | '{' if first == '$' => depth += 1,
                ')' | '}' if depth > 1 => depth -= 1,
                _ if c == close => break,
                _ => {}
            }
        }
        self.word.get_or_insert_default().push(Piece::Shell(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a script writes: the path, the text, and why that is not certain.
    fn files(script: &str) -> Vec<(String, String, Option<&'static str>)> {
        let text = |file: &Written| file.documents.iter().map(|d| script.cut(d.span.clone())).collect::<String>();
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
        ] {
            assert!(matches!(files(script)[..], [(_, _, Some(_))]), "{script}");
        }
    }

    #[test]
    fn the_words_of_a_text_are_no_words_of_the_script() {
        let (tokens, _) = lex("cat <<E; echo b\nit's $X\nE\nls\n");
        let words: Vec<String> = tokens.iter().filter_map(Token::word).map(written).collect();
        assert_eq!(words, ["cat", "echo", "b", "ls"]);
    }

    #[test]
    fn what_a_shell_replaces_in_a_text_is_known_by_its_bytes() {
        let text = "a $X ${Y:-1}\\$ \\\nb `c d` $ \\.";
        let parts: Vec<(&str, Option<String>)> =
            quoted_text(text).into_iter().map(|(at, piece)| (text.cut(at), piece.map(|piece| written(&vec![piece])))).collect();
        let wanted = [
            ("a ", None),
            ("$X", Some("$X")),
            (" ", None),
            ("${Y:-1}", Some("${Y:-1}")),
            ("\\$", Some("$")),
            (" ", None),
            ("\\\n", Some("")),
            ("b ", None),
            ("`c d`", Some("`c d`")),
            (" $ \\.", None),
        ];
        assert_eq!(parts, wanted.map(|(text, piece)| (text, piece.map(str::to_owned))));
    }
}
