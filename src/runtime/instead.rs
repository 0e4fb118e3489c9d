//! What stands in a dump instead of an answer: what the tools say that were to ask for it.

/// Why a text holds no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Instead {
    /// The program that was to ask, such as `socat`, is not there.
    NoProgram,
    /// The socket, or the pod, may not be asked by this user.
    Denied,
    /// Nothing listens at the socket.
    NoSocket,
    /// It is what `show table` prints.
    Tables,
    /// Not even an end of line came back.
    Nothing,
}

/// What was said instead of an answer, where that is known.
pub fn instead(text: &str) -> Option<Instead> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_notice(line)).collect();
    if lines.is_empty() && !is_empty(text) {
        return Some(Instead::Nothing);
    }
    let says = |words: &[&str]| lines.iter().any(|line| words.iter().any(|word| line.contains(word)));
    if lines.iter().any(|line| line.starts_with("# table:")) {
        return Some(Instead::Tables);
    }
    if says(&["executable file not found", "command not found", "socat: not found", "nc: not found"]) {
        return Some(Instead::NoProgram);
    }
    if says(&["Permission denied", "Forbidden", "forbidden"]) {
        return Some(Instead::Denied);
    }
    says(&["No such file or directory", "Connection refused"]).then_some(Instead::NoSocket)
}

/// Whether a line is what `kubectl exec` says before it begins.
fn is_notice(line: &str) -> bool {
    line.starts_with("Defaulted container ") || line.starts_with("Defaulting container name to ") || line.starts_with("Unable to use a TTY")
}

/// Whether there is nothing in a text but an empty line, which is what HAProxy without peers answers, and what `kubectl exec` says
/// before it begins. Where there is no line at all, nobody has answered.
pub(super) fn is_empty(text: &str) -> bool {
    let lines = || text.lines().map(str::trim);
    lines().all(|line| line.is_empty() || is_notice(line)) && lines().any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_say_why_there_is_no_answer() {
        let runc = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"socat\": executable file not found in $PATH: unknown";
        assert_eq!(instead(runc), Some(Instead::NoProgram));
        assert_eq!(instead("sh: 1: socat: not found\n"), Some(Instead::NoProgram));
        assert_eq!(instead("Permission denied\n"), Some(Instead::Denied));
        assert_eq!(instead("2026/11/29 socat[7] E connect(5, AF=1 \"/run/x\", 8): No such file or directory"), Some(Instead::NoSocket));
        assert_eq!(instead("# table: web, type: ip, size:1024, used:0\n"), Some(Instead::Tables));
        assert_eq!(instead("hello\n"), None);
        let notice = "Defaulted container \"haproxy\" out of: haproxy, exporter\n";
        assert!(["", notice].iter().all(|text| instead(text) == Some(Instead::Nothing) && !is_empty(text)));
        assert!(instead("\n").is_none() && is_empty("\n"));
        assert!(is_empty("Defaulted container \"haproxy\" out of: haproxy, exporter\n\n") && !is_empty("Defaulted\n"));
    }
}
