//! The words of a command line, and of scripts that start HAProxy.

mod shell;

use crate::{cut::Cut, source::Location};

use super::model::{Misread, Misreading, Said};
pub(super) use shell::{Document, Source, Written, changes_file, pieces, quoted_text, written_files};
use shell::{Token, lex};

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// It means itself.
    Text(String),
    /// A shell puts something in its place: `$NAME`, `${NAME}`, `$(command)`.
    Shell(String),
}

/// A word, in parts.
pub(super) type Word = Vec<Piece>;

/// Stands in a text for what is not known, such as a variable of the shell that reads a compose file.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// What HAProxy is told on its command line.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// What stands behind each `-f`.
    pub(super) files: Vec<String>,
    /// The place of the first of them.
    pub(super) file_at: Option<Location>,
    /// What stands behind `-L`, as it is written.
    pub(super) local_name: Option<Said<String>>,
    /// The same in parts.
    pub(super) local: Word,
    /// The script that starts HAProxy, where one does.
    pub(super) script: Option<Said<String>>,
    /// Options that are one word with their values.
    pub(super) misread: Vec<Misread>,
    /// The variables that the script sets.
    pub(super) assigned: Vec<(String, Word)>,
    /// A program that is not at hand starts HAProxy, and may give it any name.
    pub(super) hidden: bool,
}

/// Where a command comes to the point.
enum Program<'c> {
    /// HAProxy itself, with these arguments.
    HAProxy(&'c [Said<String>]),
    /// A shell with a script behind `-c`, and what stands behind that.
    Script(&'c Said<String>, &'c [Said<String>]),
    /// Another program, or a script in a file.
    Other(&'c Said<String>, &'c [Said<String>]),
}

/// Programs that start the one that is named behind them, and how many words of their own follow their options.
const LAUNCHERS: [(&str, usize); 11] = [
    ("docker-entrypoint.sh", 0),
    ("tini", 0),
    ("dumb-init", 0),
    ("catatonit", 0),
    ("env", 0),
    ("exec", 0),
    ("nice", 0),
    ("su-exec", 1),
    ("gosu", 1),
    ("s6-setuidgid", 1),
    ("setpriv", 0),
];

const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "busybox"];

fn base(word: &Said<String>) -> &str {
    base_name(&word.value)
}

/// The last part of a path.
fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}

fn program(command: &[Said<String>]) -> Program<'_> {
    let mut at = 0;
    while let Some(word) = command.get(at) {
        let rest = &command[at + 1..];
        if word.value.starts_with('-') {
            return Program::HAProxy(&command[at..]);
        }
        if let Some((_, own)) = LAUNCHERS.iter().find(|(name, _)| *name == base(word)) {
            let skipped = |w: &&Said<String>| w.value.starts_with('-') || w.value.contains('=');
            let direct = base(word) == "docker-entrypoint.sh";
            at += 1 + own + if direct { 0 } else { rest.iter().take_while(skipped).count() };
            continue;
        }
        if matches!(base(word), "haproxy" | "haproxy-systemd-wrapper") {
            return Program::HAProxy(rest);
        }
        if !SHELLS.contains(&base(word)) {
            return Program::Other(word, rest);
        }
        let options = rest.iter().take_while(|w| w.value.starts_with('-') || w.value == "sh").count();
        let runs = rest[..options].iter().any(|o| !o.value.starts_with("--") && o.value.starts_with('-') && o.value.contains('c'));
        return match rest.get(options) {
            Some(script) if runs => Program::Script(script, &rest[options + 1..]),
            Some(file) => Program::Other(file, &rest[options + 1..]),
            None => Program::HAProxy(&[]),
        };
    }
    Program::HAProxy(&[])
}

/// Takes the command of a container apart; `file` gives the text of a script in it.
pub(super) fn arguments(command: &[Said<String>], file: &dyn Fn(&str) -> Option<String>) -> Arguments {
    let plain = |words: &[Said<String>]| words.iter().map(|w| (vec![Piece::Text(w.value.clone())], w.at)).collect::<Vec<_>>();
    match program(command) {
        Program::HAProxy(words) => options(plain(words)),
        Program::Script(script, more) => of_script(script, &script.value, plain(more.get(1..).unwrap_or_default())),
        Program::Other(path, more) => match file(&path.value) {
            Some(text) => of_script(path, &text, plain(more)),
            // What is visible may be handed on.
            None => {
                let found = options(plain(more));
                let hidden = found.local_name.is_none();
                Arguments { script: Some(path.clone()), hidden, ..found }
            }
        },
    }
}

/// What a container runs, command by command: those of the script that its shell is given, or its own words.
pub(super) fn commands(command: &[Said<String>], file: &dyn Fn(&str) -> Option<String>) -> Vec<Vec<String>> {
    let of_text = |text: &str| {
        let tokens = lex(text).0;
        let said = |token: &Token| token.word().map_or("<<".to_owned(), written);
        let commands = tokens.split(Token::ends).map(|words| words.iter().map(said).collect::<Vec<_>>());
        commands.filter(|words| !words.is_empty()).collect()
    };
    match program(command) {
        Program::HAProxy(_) => Vec::new(),
        Program::Script(script, _) => of_text(&script.value),
        Program::Other(path, more) => match file(&path.value) {
            Some(text) => of_text(&text),
            None => vec![std::iter::once(path).chain(more).map(|word| word.value.clone()).collect()],
        },
    }
}

/// The script that a command runs: its text as a word of the command, or the file that it is in.
pub(super) enum Script<'c> {
    Said(&'c Said<String>),
    File(&'c Said<String>),
}

/// The script that a command runs, if it runs one.
pub(super) fn script(command: &[Said<String>]) -> Option<Script<'_>> {
    match program(command) {
        Program::HAProxy(_) => None,
        Program::Script(text, _) => Some(Script::Said(text)),
        Program::Other(path, _) => Some(Script::File(path)),
    }
}

/// What a script starts HAProxy with; `more` are the script's own arguments.
fn of_script(script: &Said<String>, text: &str, more: Vec<(Word, Location)>) -> Arguments {
    let tokens = lex(text).0;
    let is_haproxy = |token: &Token| {
        let word = token.word().map_or(String::new(), written);
        word == "haproxy" || word.ends_with("bin/haproxy") || word.ends_with("docker-entrypoint.sh")
    };
    let hands_on = |word: &Word| matches!(written(word).as_str(), "$@" | "$*" | "${@}");
    let from = tokens.iter().rposition(is_haproxy).map(|at| at + 1);
    // A script that starts what it is given.
    let from = from.or_else(|| tokens.iter().rposition(|t| t.word().is_some_and(hands_on)));
    let words = tokens[from.unwrap_or(tokens.len())..].iter().map_while(|t| t.word().cloned());
    let words = words.flat_map(|word| if hands_on(&word) { more.clone() } else { vec![(word, script.at)] });
    // The last word that is HAProxy itself, where the arguments of the script say it again.
    let mut words: Vec<(Word, Location)> = words.collect();
    if let Some(again) = words.first().filter(|(w, _)| written(w) == "haproxy").map(|_| 1) {
        words.drain(..again);
    }
    let assigned = tokens[..from.unwrap_or(tokens.len())].iter().filter_map(Token::word).filter_map(assignment).collect();
    Arguments { script: Some(script.clone()), assigned, hidden: from.is_none(), ..options(words) }
}

/// `NAME=value`
fn assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Piece::Text(first)) = word.first() else { return None };
    let (name, value) = first.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = std::iter::once(Piece::Text(value.to_owned())).chain(word[1..].iter().cloned());
    is_name.then(|| (name.to_owned(), value.collect()))
}

fn options(words: Vec<(Word, Location)>) -> Arguments {
    let mut found = Arguments::default();
    let mut words = words.into_iter();
    while let Some((word, at)) = words.next() {
        match written(&word).as_str() {
            // Several files may follow one `-f` behind `--` only.
            "-f" => {
                if let Some((word, at)) = words.next() {
                    found.files.push(written(&word));
                    found.file_at.get_or_insert(at);
                }
            }
            // At the end it has an empty name: HAProxy does not start so.
            "-L" => {
                let (word, at) = words.next().unwrap_or((Word::new(), at));
                found.local_name = Some(Said { value: written(&word), at });
                found.local = word;
            }
            "--" => found.files.extend(words.by_ref().map(|(w, _)| written(&w))),
            text if text.starts_with("-f") => {
                found.misread.extend(glued(&word, at, "-f"));
                found.files.push(text.cut(2..).trim_start().to_owned());
                words.next();
            }
            text if text.starts_with("-L") => {
                found.misread.extend(glued(&word, at, "-L"));
                found.local = behind_option(word);
                found.local_name = Some(Said { value: written(&found.local), at });
                words.next();
            }
            _ => {}
        }
    }
    found
}

/// An option and its value in one word: HAProxy knows the option by its letter, and takes the next word as the value.
fn glued(word: &Word, at: Location, option: &'static str) -> Option<Misread> {
    let (written, value) = (written(word), written(&behind_option(word.clone())));
    (!value.is_empty()).then_some(Misread { at, what: Misreading::Glued { written, option, value } })
}

/// What stands behind the letter of an option in the same word.
fn behind_option(mut word: Word) -> Word {
    if let Some(Piece::Text(first)) = word.first_mut() {
        *first = first.cut(2..).trim_start().to_owned();
    }
    word.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    word
}

/// A word as it is written, without quotes.
fn written(word: &Word) -> String {
    word.iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Shell(text) => text.as_str(),
        })
        .collect()
}

/// Splits a line into words, and takes quotes off.
pub(super) fn split(text: &str) -> Vec<String> {
    lex(text).0.iter().filter_map(Token::word).map(written).collect()
}

/// A host name as HAProxy takes it: 63 bytes of it.
pub(super) fn short_host_name(name: &str) -> String {
    let end = (0..=name.len().min(63)).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    name.cut(..end).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Location, Span};

    use super::*;

    fn parse(words: &[&str]) -> Arguments {
        let at = Location { file: FileId(0), span: Span::new(0, 0) };
        let start = |path: &str| {
            (path == "/start.sh").then(|| "#!/bin/sh\n# haproxy\nNAME=$(hostname)\nexec haproxy -f /x.cfg -L \"$NAME\" \"$@\"\n".to_owned())
        };
        arguments(&words.iter().map(|w| Said { value: (*w).to_owned(), at }).collect::<Vec<_>>(), &start)
    }

    #[test]
    fn files_and_names_are_found() {
        let plain = parse(&["-f", "/etc/a.cfg", "-L", "$(POD_NAME)", "-f", "/etc/b"]);
        assert_eq!(plain.files, ["/etc/a.cfg", "/etc/b"]);
        assert_eq!(plain.local_name.map(|n| n.value), Some("$(POD_NAME)".to_owned()));
        let script = parse(&["bash", "-c", "export A=$(x); exec /docker-entrypoint.sh haproxy -f /a.cfg -L \"$(hostname)\""]);
        assert_eq!(script.files, ["/a.cfg"]);
        assert_eq!(script.local_name.map(|n| n.value), Some("$(hostname)".to_owned()));
        assert!(script.script.is_some());
    }
    #[test]
    fn programs_before_haproxy_are_looked_through() {
        let local = |words: &[&str]| parse(words).local_name.map(|n| n.value);
        let a = Some("a".to_owned());
        assert_eq!(local(&["docker-entrypoint.sh", "-f", "/x.cfg", "-L", "a"]), a);
        assert_eq!(local(&["/sbin/tini", "-s", "--", "haproxy", "-f", "/etc/haproxy", "-L", "a"]), a);
        assert_eq!(local(&["tini", "--", "gosu", "haproxy", "haproxy", "-L", "a"]), a);
        assert_eq!(parse(&["tini", "--", "haproxy", "-f", "/etc/haproxy"]).files, ["/etc/haproxy"]);
        assert_eq!(local(&["sh", "-ec", "haproxy -c -f /x.cfg; exec haproxy -f /x.cfg -L a & tail -f /log"]), a);
        assert_eq!(local(&["sh", "-c", "exec haproxy \"$@\"", "--", "-L", "a"]), a);
        let unknown = parse(&["/run.sh", "-f", "/x.cfg"]);
        assert!(unknown.hidden && unknown.script.is_some());
        assert!(!parse(&["/run.sh", "-L", "a"]).hidden && !parse(&["haproxy"]).hidden && !parse(&[]).hidden);
    }

    #[test]
    fn scripts_in_files_are_read() {
        let file = parse(&["/bin/sh", "/start.sh", "-d"]);
        assert_eq!((file.files.as_slice(), file.hidden), (["/x.cfg".to_owned()].as_slice(), false));
        assert_eq!(file.local, [Piece::Shell("$NAME".to_owned())]);
        assert_eq!(file.assigned[0].0, "NAME");
        assert!(parse(&["/start.sh"]).local_name.is_some());
    }

    #[test]
    fn quotes_say_what_a_shell_replaces() {
        let local = |script: &str| parse(&["sh", "-c", script]).local;
        assert_eq!(local("haproxy -L '$HOSTNAME'"), [Piece::Text("$HOSTNAME".to_owned())]);
        assert_eq!(local("haproxy -L \"lb-${X:-a b}\""), [Piece::Text("lb-".to_owned()), Piece::Shell("${X:-a b}".to_owned())]);
        assert_eq!(local("haproxy -L \\$X"), [Piece::Text("$X".to_owned())]);
        assert_eq!(local("haproxy -L `hostname -s`"), [Piece::Shell("`hostname -s`".to_owned())]);
    }
}
