//! How a shell cuts a script into words.

mod files;

use std::ops::Range;

use crate::cut::Cut;

use super::{Piece, Word, assignment, base_name, written};
pub(in crate::topology) use files::{Source, Written, changes_file, written_files};

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
