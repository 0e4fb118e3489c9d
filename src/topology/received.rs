//! What a process receives as the value of an option: the kubelet and shells replace variables on the way to it.

use crate::cut::Cut;

use crate::{
    config::Config,
    syntax::{Part, Text},
};

use super::{
    model::{Name, Node, Origin, Shape, Variable},
    variables::Variables,
    words::{Arguments, Piece, UNKNOWN, Word, pieces},
};

/// How many variables may stand for one another.
const MAX_DEPTH: usize = 4;

/// What is known where a process starts.
pub(crate) struct Received<'a> {
    /// The name of the pod or container.
    pub(crate) pod: &'a Name,
    /// Its host name.
    pub(crate) host: &'a Name,
    pub(crate) environment: &'a Variables,
    /// Whether more variables are set than are known.
    pub(crate) open: bool,
    /// Whether the kubelet replaces `$(NAME)`.
    pub(crate) kubelet: bool,
    /// The host name with its domain, as the container knows it.
    pub(crate) full: &'a Name,
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

    /// What `-L` is given, where a shell certainly leaves nothing of it: it is no variable of the container, whose environment is
    /// known, and the script, which is at hand as `text`, does not set it either.
    pub(super) fn unset(&self, arguments: &Arguments, text: Option<&str>) -> Option<String> {
        let mut pieces = arguments.local.iter().filter(|p| !matches!(p, Piece::Text(text) if text.is_empty()));
        let (Some(Piece::Shell(written)), None) = (pieces.next(), pieces.next()) else { return None };
        let sets = || text.is_none_or(|t| ["read", "eval", "source", ". "].iter().any(|word| t.contains(word)));
        let name = match command(written) {
            // No command is called like a variable: the kubelet would have replaced it.
            Some(name) if self.kubelet && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') => name,
            Some(_) => return None,
            None if !sets() && text.is_some_and(|t| t.matches(variable(written)).count() == 1) => variable(written),
            None => return None,
        };
        // The host name is set by the runtime, behind the kubelet's back.
        let is_command = command(written).is_some();
        let set = self.environment.get(name).is_some_and(|v| !is_command || v.origin != Origin::HostName);
        let known = set || may_be_set(name, self.open) || set_by(&arguments.assigned, name).is_some();
        (is_name(name) && !known).then(|| written.clone())
    }

    /// What a shell makes of a word, with what the script has `assigned`; `None` where nothing is known of it.
    pub(super) fn variable(&self, word: &Word, assigned: &[(String, Word)]) -> Option<Variable> {
        if self.is_host(word, assigned, 0) {
            return Some(Variable { value: self.host.known().map(str::to_owned), origin: Origin::HostName });
        }
        if let [Piece::Shell(text)] = word.as_slice() {
            let name = command(text).filter(|_| self.kubelet).unwrap_or(variable(text));
            let own = self.environment.get(name).filter(|_| assigned.iter().all(|(known, _)| known != name));
            if let Some(own) = own {
                return Some(own.clone());
            }
        }
        // How a host name goes on is not known, but that it is one.
        match self.word(word, assigned, 0) {
            Name::Known(text) => Some(Variable { value: Some(text), origin: Origin::Literal }),
            Name::Random(_) => Some(Variable { value: None, origin: Origin::HostName }),
            _ => None,
        }
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
                _ if behind.starts_with('$') => (join(name, Name::Known("$".to_owned())), behind.cut(1..)),
                Some(end) => {
                    let value = self.of_kubelet(behind.cut(1..end - 1));
                    (join(name, value.unwrap_or_else(|| Name::Known(format!("${}", behind.cut(..end))))), behind.cut(end..))
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
            None if may_be_set(name, self.open) => Some(Name::Unknown),
            None => None,
        }
    }

    fn value(&self, variable: &Variable) -> Name {
        match (&variable.value, variable.origin) {
            (Some(value), _) => Name::Known(value.clone()),
            (None, Origin::HostName) => self.host.clone(),
            (None, Origin::PodName) => self.pod.clone(),
            (None, Origin::PodIp | Origin::HostIp) => Name::Shaped(Shape::Address),
            (None, Origin::PodUid) => Name::Shaped(Shape::Uid),
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
                "hostname -f" | "hostname --fqdn" | "hostname --long" => self.full.clone(),
                _ => Name::Unknown,
            });
        }
        let inner = variable(text);
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let (name, operation) = inner.split_at(end);
        let default = operation.strip_prefix(":-").or_else(|| operation.strip_prefix('-'));
        let value = match (set_by(assigned, name), self.environment.get(name), default) {
            (Some(word), ..) if depth < MAX_DEPTH => self.word(word, assigned, depth + 1),
            _ if assigned.iter().any(|(known, _)| known == name) => Name::Unknown,
            (_, Some(variable), _) => self.value(variable),
            (_, None, Some(default)) if !self.open && depth < MAX_DEPTH => self.word(&pieces(default), assigned, depth + 1),
            _ => Name::Unknown,
        };
        match (operation, value) {
            ("", value) => value,
            (_, value) if default.is_some() => value,
            ("%%.*", value) => first_label(value),
            // The number of a pod.
            ("##*-", Name::Known(value)) => Name::Known(value.rsplit('-').next().unwrap_or("").to_owned()),
            _ => Name::Unknown,
        }
    }
}

/// Whether a `localpeer` line gives a node another name than it has without.
pub(crate) fn is_by_localpeer(config: &Config<'_>, node: &Node) -> bool {
    let Some(line) = config.localpeer.last().filter(|_| node.option_l.is_none()) else { return false };
    let Some(Text::Parts([Part::Variable { name, .. }])) = line.word(1).map(|w| w.text) else { return true };
    !node.environment.get(name).is_some_and(|v| v.value.is_none() && v.origin == Origin::HostName)
}

/// The one value that a script gives to a variable.
fn set_by<'w>(assigned: &'w [(String, Word)], name: &str) -> Option<&'w Word> {
    let mut values = assigned.iter().filter(|(known, _)| known == name).map(|(_, word)| word);
    values.next().filter(|_| values.next().is_none())
}

/// Whether a pod may have a variable that nobody set here: one of those that are `open`, or of a Service.
pub(crate) fn may_be_set(name: &str, open: bool) -> bool {
    is_name(name) && (open || name.contains("_SERVICE_") || name.contains("_PORT"))
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
        // Nothing beside it.
        (Name::Known(nothing), shaped @ Name::Shaped(_)) | (shaped @ Name::Shaped(_), Name::Known(nothing)) if nothing.is_empty() => shaped,
        _ => Name::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Location, Span};

    use super::{
        super::{model::Said, words::arguments},
        *,
    };

    /// What `-L` is in a pod `gate-1` with the variable `SITE`.
    fn local(command: &[&str]) -> Option<Name> {
        let at = Location { file: FileId(0), span: Span::new(0, 0) };
        let words: Vec<_> = command.iter().map(|w| Said { value: (*w).to_owned(), at }).collect();
        let name = Name::Known("gate-1".to_owned());
        let mut environment = Variables::default();
        environment.insert("SITE".to_owned(), Variable { value: Some("fra".to_owned()), origin: Origin::Literal });
        environment.insert("HOSTNAME".to_owned(), Variable { value: Some("gate-1".to_owned()), origin: Origin::HostName });
        environment.insert("SECRET".to_owned(), Variable { value: None, origin: Origin::Hidden });
        let received = Received { pod: &name, host: &name, environment: &environment, open: false, kubelet: true, full: &Name::Unknown };
        received.local_name(&arguments(&words, &|_| None))
    }

    #[test]
    fn the_kubelet_replaces_what_the_pod_has() {
        let plain = |text: &str| local(&["haproxy", "-L", text]);
        let known = |text: &str| Some(Name::Known(text.to_owned()));
        assert_eq!(plain("$(SITE)-1"), known("fra-1"));
        assert_eq!(plain("$$(SITE)"), known("$(SITE)"));
        for literal in ["$(HOSTNAME)", "$(hostname)", "$SITE", "${SITE}", "`hostname`", "$(", "$"] {
            assert_eq!(plain(literal), known(literal));
        }
        assert_eq!(plain("$(SECRET)"), Some(Name::Unknown));
        assert_eq!(plain("$(DB_SERVICE_HOST)"), Some(Name::Unknown));
    }

    #[test]
    fn a_shell_replaces_more() {
        let script = |text: &str| local(&["sh", "-c", &format!("N=$(hostname); M=a; M=b; exec haproxy -L {text}")]);
        let known = |text: &str| Some(Name::Known(text.to_owned()));
        for own in ["$HOSTNAME", "\"${N}\"", "`uname -n`", "$(hostname -s)", "${POD:-$N}", "${HOSTNAME%%.*}", "gate-${N##*-}"] {
            assert_eq!(script(own), known("gate-1"), "{own}");
        }
        assert_eq!(script("$(SITE)"), known("fra"));
        for unknown in ["$M", "$POD", "$(hostname -f)", "${N#g}", "$1", "$SECRET"] {
            assert_eq!(script(unknown), Some(Name::Unknown), "{unknown}");
        }
        assert_eq!(local(&["/unknown"]), Some(Name::Unknown));
        assert_eq!(local(&["haproxy"]), None);
    }
}
