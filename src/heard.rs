//! What a real `haproxy -c` said of a configuration. `check::confirm` puts it together with what was found.

use crate::{finding::Verdict, version::Version};

/// What a HAProxy printed, and how it ended.
///
/// ```
/// use haproxy_lint::heard::Heard;
/// let heard = Heard::parse("[ALERT] 327/101112 (7) : parsing [a.cfg:3] : unknown keyword 'x' in 'global' section\n", true, "2.4.0".parse().unwrap());
/// assert_eq!(heard.messages[0].text, "unknown keyword 'x' in 'global' section");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which HAProxy it is.
    pub version: Version,
    /// Whether it refuses the configuration.
    pub refused: bool,
    /// Whether it stopped early because of too many errors.
    pub gave_up: bool,
    /// Its alerts and warnings, in order.
    pub messages: Vec<Message>,
}

/// One alert or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether it is an alert; a warning otherwise.
    pub alert: bool,
    /// All of it, as it was printed behind the level and the process number.
    pub whole: String,
    /// The same without the place it begins with, and on one line.
    pub text: String,
    /// The lines behind the first, until all are there.
    more: Vec<String>,
}

/// What HAProxy ends with, where no message begins.
const ENDS: [&str; 3] = ["Warnings were found", "Configuration file is valid", "Configuration file has no error"];

impl Message {
    /// Takes a line behind the first: the rest of a sentence behind `|`, one of several reasons, or a place in the text.
    fn goes_on(&mut self, line: &str) {
        let said = line.trim().trim_start_matches('|').trim();
        if said == "^" {
            // The line above is that of the file, and the caret below it, as we show it better.
            self.more.pop();
        } else if !said.is_empty() && !ENDS.iter().any(|end| said.starts_with(end)) {
            self.more.push(said.to_owned());
        }
    }

    /// Puts all of it on one line.
    fn join(&mut self) {
        for more in self.more.drain(..) {
            for text in [&mut self.text, &mut self.whole] {
                let end = text.trim_end().len();
                text.truncate(end);
                text.push(' ');
                text.push_str(&more);
            }
        }
    }
}

/// What the last alerts of a refused configuration say: they only sum up.
const SUMMARIES: [&str; 4] = [
    "Error(s) found in configuration file",
    "Fatal errors found in configuration",
    "Errors found in configuration",
    "Failed to initialize server(s) addr",
];

/// What it says where it reads no further: nothing is known of the rest.
const GIVES_UP: &str = "too many fatal errors";

impl Heard {
    /// Reads what a HAProxy printed on standard error; any version's from 2.4 on.
    pub fn parse(stderr: &str, refused: bool, version: Version) -> Self {
        let mut messages: Vec<Message> = Vec::new();
        // Whether the lines that follow belong to the last message.
        let mut open = false;
        let mut gave_up = false;
        for line in stderr.lines() {
            if let Some((level, whole)) = begins(line) {
                let alert = level == "ALERT";
                gave_up |= whole.contains(GIVES_UP);
                open = !whole.contains(GIVES_UP) && (alert || level == "WARNING") && !SUMMARIES.iter().any(|s| whole.starts_with(s));
                if open {
                    messages.push(Message { alert, text: without_place(whole).to_owned(), whole: whole.to_owned(), more: Vec::new() });
                }
            } else if let (true, Some(message)) = (open, messages.last_mut()) {
                message.goes_on(line);
            }
        }
        messages.iter_mut().for_each(Message::join);
        Self { version, refused, gave_up, messages }
    }

    /// Names a file otherwise than HAProxy was given it.
    pub fn rename(&mut self, given: &str, name: &str) {
        for message in &mut self.messages {
            message.text = message.text.replace(given, name);
            message.whole = message.whole.replace(given, name);
        }
    }

    /// What a message of this level means for the configuration.
    pub(crate) fn verdict(&self, message: &Message) -> Verdict {
        match (message.alert, self.refused) {
            (true, true) => Verdict::Reject,
            (true, false) => Verdict::Alert,
            (false, _) => Verdict::Warning,
        }
    }
}

/// The level of a line that begins a message, and what it says: `[ALERT] 327/101112 (7) : …` up to 2.4,
/// `[ALERT]    (7) : config : …` since.
fn begins(line: &str) -> Option<(&str, &str)> {
    let (level, rest) = line.strip_prefix('[')?.split_once(']')?;
    if !["ALERT", "WARNING", "NOTICE", "DIAG"].contains(&level.split('/').next()?) {
        return None;
    }
    let (_, text) = rest.split_once('(')?.1.split_once(") : ")?;
    let text = text.trim();
    Some((level, text.strip_prefix("config : ").unwrap_or(text)))
}

/// The message behind `parsing [file:line] :`, which may stand there twice.
fn without_place(whole: &str) -> &str {
    let mut text = whole;
    loop {
        let rest = text.strip_prefix("parsing ").unwrap_or(text);
        let behind = rest.strip_prefix('[').and_then(|rest| rest.split_once("]"));
        let Some((place, behind)) = behind else { return text };
        let is_place = place.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
        let Some(behind) = behind.trim_start().strip_prefix(':').filter(|_| is_place) else { return text };
        text = behind.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        check::{Options, check},
        report::{Checked, Format, Style, render},
        source::Sources,
    };

    use super::*;

    fn shown(text: &str, stderr: &str, refused: bool) -> String {
        let sources = Sources::single("a b,c.cfg", text);
        let version: Version = "2.8.25".parse().unwrap();
        let heard = Arc::new(Heard::parse(stderr, refused, version));
        let mut options = Options { target: Some(version), heard: Some(heard), ..Options::default() };
        options.selection.ignore("reliability").unwrap();
        let report = check(&sources, &options);
        let mut out = Vec::new();
        render(Format::Short, &[Checked { sources: &sources, report: &report, target: None }], Style::plain(80), &mut out).unwrap();
        let notes: Vec<String> = report.findings.iter().flat_map(|f| f.notes.clone()).collect();
        String::from_utf8(out).unwrap() + &notes.join("\n")
    }

    const TEXT: &str = "frontend f\n    bind :80\n    foo\n    default_backend nope\n    use_backend ${X} if TRUE\n";

    #[test]
    fn what_both_say_is_marked_and_what_one_alone_says_is_told() {
        let alert = "[ALERT]    (7) : config : parsing [a b,c.cfg:3] : unknown keyword 'foo' in 'frontend' section\n";
        let both = shown(
            TEXT,
            &format!("[NOTICE]   (7) : haproxy version is 2.8.25\n{alert}[ALERT]    (7) : config : Fatal errors found in configuration.\n"),
            true,
        );
        assert!(both.contains("HAProxy 2.8.25 says so too: unknown keyword 'foo'") && !both.contains("haproxy/says"), "{both}");
        let alone = shown(TEXT, "[ALERT] 327/101112 (7) : parsing [a b,c.cfg:5]: odd thing\n  here\n  ^\n", true);
        assert!(alone.contains("a b,c.cfg:5:5: error[haproxy/says]: HAProxy 2.8.25 says: odd thing"), "{alone}");
        assert!(alone.contains("HAProxy 2.8.25 did not say so"), "{alone}");
        assert!(!alone.contains("  ^"), "{alone}");
    }

    #[test]
    fn a_message_without_a_line_finds_its_section_or_what_says_the_same() {
        let text = TEXT.replace("    foo\n", "");
        let heard = shown(&text, "[ALERT]    (7) : config : Proxy 'f': unable to find required default_backend: 'nope'.\n", true);
        assert!(heard.contains("says so too: Proxy 'f': unable") && !heard.contains("haproxy/says"), "{heard}");
        let heard = shown("frontend f\n", "[WARNING]  (7) : config : frontend 'f' is odd.\n   | Very odd.\n", false);
        assert!(heard.contains("a b,c.cfg:1:1: warning[haproxy/says]: HAProxy 2.8.25 says: frontend 'f' is odd. Very odd."), "{heard}");
        let stderr = "[ALERT]    (7) : config : parsing [a b,c.cfg:1] : 'crt-list' : \n  cannot load './a.pem'.\n  cannot load './b.pem'.\nWarnings were found.\n";
        let heard = shown("frontend f\n", stderr, true);
        assert!(heard.contains("says: 'crt-list' : cannot load './a.pem'. cannot load './b.pem'.\n"), "{heard}");
        let heard = shown("frontend f\n", "[WARNING]  (7) : something else\n", false);
        assert!(heard.contains("says: something else"), "{heard}");
    }

    #[test]
    fn what_is_ignored_is_not_told_in_haproxys_words() {
        let heard = shown("frontend f\n    bind :80\n", "[WARNING]  (7) : config : missing timeouts for frontend 'f'.\n", false);
        assert!(!heard.contains("timeouts"), "{heard}");
    }
}
