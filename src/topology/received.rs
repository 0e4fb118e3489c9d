//! What a process receives as the value of an option: the kubelet and shells replace variables on the way to it.

use super::{
    model::{Name, Origin, Variable},
    variables::Variables,
    words::{Arguments, Piece, UNKNOWN, Word},
};

/// How many variables may stand for one another.
const MAX_DEPTH: usize = 4;

/// What is known where a process starts.
pub(super) struct Received<'a> {
    /// The name of the pod or container.
    pub(super) pod: &'a Name,
    /// Its host name.
    pub(super) host: &'a Name,
    pub(super) environment: &'a Variables,
    /// Whether more variables are set than are known.
    pub(super) open: bool,
    /// Whether the kubelet replaces `$(NAME)`.
    pub(super) kubelet: bool,
}

impl Received<'_> {
    /// The value of `-L`; `None` where HAProxy goes by the host name.
    pub(super) fn local_name(&self, arguments: &Arguments) -> Option<Name> {
        if arguments.hidden {
            return Some(Name::Unknown);
        }
        arguments.local_name.as_ref()?;
        let name = self.word(&arguments.local, &arguments.assigned, 0);
        // The rules about host names speak of this as well.
        (self.host.known().is_some() || !self.is_host(&arguments.local, &arguments.assigned, 0)).then_some(name)
    }

    fn word(&self, word: &Word, assigned: &[(String, Word)], depth: usize) -> Name {
        let pieces = word.iter().map(|piece| match piece {
            Piece::Text(text) if self.kubelet => self.kubelet(text),
            Piece::Text(text) => Name::Known(text.clone()),
            Piece::Shell(text) => self.shell(text, assigned, depth),
        });
        match pieces.fold(Name::Known(String::new()), join) {
            Name::Known(text) if text.contains(UNKNOWN) => Name::Unknown,
            name => name,
        }
    }

    /// Whether a word is the host name and nothing else.
    fn is_host(&self, word: &Word, assigned: &[(String, Word)], depth: usize) -> bool {
        let mut pieces = word.iter().filter(|p| !matches!(p, Piece::Text(text) if text.is_empty()));
        let (Some(Piece::Shell(text)), None) = (pieces.next(), pieces.next()) else { return false };
        match command(text) {
            Some(command) => is_hostname(command),
            None => match set_by(assigned, variable(text)) {
                Some(word) => depth < MAX_DEPTH && self.is_host(word, assigned, depth + 1),
                None => self.environment.get(variable(text)).is_some_and(|v| v.origin == Origin::HostName),
            },
        }
    }

    /// What the kubelet makes of a text: it replaces `$(NAME)` where the pod has such a variable, and `$$` by `$`.
    fn kubelet(&self, text: &str) -> Name {
        let mut name = Name::Known(String::new());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            name = join(name, Name::Known(before.to_owned()));
            let end = behind.strip_prefix('(').and_then(|inner| inner.find(')')).map(|end| end + 2);
            (name, rest) = match end {
                _ if behind.starts_with('$') => (join(name, Name::Known("$".to_owned())), &behind[1..]),
                Some(end) => {
                    let value = self.of_kubelet(&behind[1..end - 1]);
                    (join(name, value.unwrap_or_else(|| Name::Known(format!("${}", &behind[..end])))), &behind[end..])
                }
                None => (join(name, Name::Known("$".to_owned())), behind),
            };
        }
        join(name, Name::Known(rest.to_owned()))
    }

    /// The variable that the kubelet knows: it does not see what only the container has.
    fn of_kubelet(&self, name: &str) -> Option<Name> {
        match self.environment.get(name) {
            Some(Variable { origin: Origin::HostName, .. }) => None,
            Some(variable) => Some(self.value(variable)),
            None if is_name(name) && (self.open || name.contains("_SERVICE_") || name.contains("_PORT")) => Some(Name::Unknown),
            None => None,
        }
    }

    fn value(&self, variable: &Variable) -> Name {
        match (&variable.value, variable.origin) {
            (Some(value), _) => Name::Known(value.clone()),
            (None, Origin::HostName) => self.host.clone(),
            (None, Origin::PodName) => self.pod.clone(),
            _ => Name::Unknown,
        }
    }

    /// What a shell puts in the place of `text`.
    fn shell(&self, text: &str, assigned: &[(String, Word)], depth: usize) -> Name {
        if let Some(command) = command(text) {
            let of_kubelet = (self.kubelet && is_name(command)).then(|| self.of_kubelet(command)).flatten();
            return of_kubelet.unwrap_or_else(|| match command {
                _ if is_hostname(command) => self.host.clone(),
                "hostname -s" | "hostname --short" => first_label(self.host.clone()),
                _ => Name::Unknown,
            });
        }
        let inner = variable(text);
        let name = inner.strip_suffix("%%.*").unwrap_or(inner).split(":-").next().unwrap_or("");
        let value = match set_by(assigned, name) {
            Some(word) if depth < MAX_DEPTH => self.word(word, assigned, depth + 1),
            Some(_) => Name::Unknown,
            None if assigned.iter().any(|(known, _)| known == name) => Name::Unknown,
            None => self.environment.get(name).map_or(Name::Unknown, |variable| self.value(variable)),
        };
        if inner.ends_with("%%.*") { first_label(value) } else { value }
    }
}

/// The one value that a script gives to a variable.
fn set_by<'w>(assigned: &'w [(String, Word)], name: &str) -> Option<&'w Word> {
    let mut values = assigned.iter().filter(|(known, _)| known == name).map(|(_, word)| word);
    values.next().filter(|_| values.next().is_none())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// The command in `$(…)` or between backquotes.
fn command(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("$(").and_then(|t| t.strip_suffix(')'));
    inner.or_else(|| text.strip_prefix('`').and_then(|t| t.strip_suffix('`'))).map(str::trim)
}

fn variable(text: &str) -> &str {
    text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}')
}

fn is_hostname(command: &str) -> bool {
    matches!(command, "hostname" | "/bin/hostname" | "uname -n" | "cat /etc/hostname" | "cat /proc/sys/kernel/hostname")
}

fn first_label(name: Name) -> Name {
    match name {
        Name::Known(name) => Name::Known(name.split('.').next().unwrap_or("").to_owned()),
        other => other,
    }
}

/// One name behind the other.
fn join(before: Name, behind: Name) -> Name {
    match (before, behind) {
        (Name::Known(before), Name::Known(behind)) => Name::Known(before + &behind),
        (Name::Known(before), Name::Random(behind)) => Name::Random(before + &behind),
        (Name::Random(before), Name::Known(_)) => Name::Random(before),
        _ => Name::Unknown,
    }
}
