//! The words of a command line, and of scripts that start HAProxy.

use crate::cut::Cut;

use super::model::Said;

/// What HAProxy is told on its command line.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// What stands behind each `-f`.
    pub(super) files: Vec<String>,
    /// What stands behind `-L`.
    pub(super) local_name: Option<Said<String>>,
    /// The script that starts HAProxy, where one does.
    pub(super) script: Option<Said<String>>,
}

/// Takes the command of a container apart.
pub(super) fn arguments(command: &[Said<String>]) -> Arguments {
    let mut found = Arguments::default();
    let shell = command.first().is_some_and(|c| matches!(c.value.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash")));
    // What a shell runs behind `-c`, and any other word that holds a whole script.
    found.script = command.iter().find(|w| shell && w.value.contains("haproxy") && w.value.contains(' ')).cloned();
    let words: Vec<Said<String>> = match &found.script {
        Some(script) => split(&script.value).into_iter().map(|value| Said { value, at: script.at }).collect(),
        None => command.to_vec(),
    };
    let start = words.iter().rposition(|w| found.script.is_some() && (w.value == "haproxy" || w.value.ends_with("/haproxy")));
    let mut words = words.into_iter().skip(start.map_or(0, |at| at + 1)).peekable();
    while let Some(word) = words.next() {
        match word.value.as_str() {
            // Several files may follow one `-f` behind `--` only.
            "-f" => found.files.extend(words.next().map(|w| w.value)),
            "-L" => found.local_name = words.next(),
            "--" => found.files.extend(words.by_ref().map(|w| w.value)),
            text => {
                if let Some(file) = text.strip_prefix("-f").filter(|f| f.starts_with('/')) {
                    found.files.push(file.to_owned());
                }
            }
        }
    }
    found
}

/// Splits a line of a shell into words; quotes are taken off, and operators are words.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut depth = 0u32;
    let mut any = false;
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => (quote, any) = (Some(c), true),
            (None, '(') => {
                depth += 1;
                word.push(c);
            }
            (None, ')') => {
                depth = depth.saturating_sub(1);
                word.push(c);
            }
            (None, ' ' | '\t' | '\n' | ';' | '&' | '|' | '\\') if depth == 0 => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
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
        arguments(&words.iter().map(|w| Said { value: (*w).to_owned(), at }).collect::<Vec<_>>())
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
}
