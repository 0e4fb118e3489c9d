//! Short texts on how things work, for `explain`.

/// A text and the words it goes by.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The names; the first is shown.
    pub names: &'static [&'static str],
    /// The text, in Markdown.
    pub text: &'static str,
}

/// All of them.
pub const TOPICS: &[Topic] = &[
    Topic { names: &["peers", "replication", "localpeer"], text: include_str!("../docs/topics/peers.md") },
    Topic {
        names: &["ip_nonlocal_bind", "net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "nonlocal_bind"],
        text: include_str!("../docs/topics/ip_nonlocal_bind.md"),
    },
    Topic {
        names: &["stick-table", "stick-tables", "stick table", "track-sc", "counters", "rate-limit"],
        text: include_str!("../docs/topics/stick-table.md"),
    },
    Topic { names: &["conditions", "condition", "acls", "unless"], text: include_str!("../docs/topics/conditions.md") },
    Topic { names: &["local-inactive", "local,inactive", "(local,inactive)"], text: include_str!("../docs/topics/local-inactive.md") },
];

impl Topic {
    /// What the text is about, in a few words.
    pub fn title(&self) -> &'static str {
        title(self.text)
    }

    /// The text in another language: `zh`, or what a locale says of it, such as `zh_CN.UTF-8`.
    ///
    /// ```
    /// let topic = haproxy_lint::topics::topic("local-inactive").unwrap();
    /// assert!(topic.text_in("zh_CN").is_some_and(|text| text.contains("这是正常现象")));
    /// assert!(topic.text_in("tlh").is_none());
    /// ```
    pub fn text_in(&self, language: &str) -> Option<&'static str> {
        let language = language.split(['_', '-', '.']).next().unwrap_or(language).to_ascii_lowercase();
        let other = || self.translations().find(|(code, _)| *code == language).map(|(_, text)| text);
        if language == ENGLISH { Some(self.text) } else { other() }
    }

    /// The languages beside English that have the text.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> {
        self.translations().map(|(language, _)| language)
    }

    fn translations(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let name = self.names[0];
        TRANSLATIONS.iter().filter(move |(_, topic, _)| *topic == name).map(|(language, _, text)| (*language, *text))
    }
}

/// The heading of a text.
pub fn title(text: &str) -> &str {
    text.lines().next().unwrap_or("").trim_start_matches("# ")
}

const ENGLISH: &str = "en";

/// Language, name of the topic, and text: the files of `docs/topics/LANGUAGE/`.
const TRANSLATIONS: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/translations.rs"));

/// The text of that name.
///
/// ```
/// assert!(haproxy_lint::topics::topic("ip_nonlocal_bind").is_some());
/// ```
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|t| t.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

/// What is asked for and the name of its page, a line each.
const LEADS: &str = include_str!("topics/leads.tsv");

/// The rows of [`LEADS`].
fn leads() -> impl Iterator<Item = (&'static str, &'static str)> {
    LEADS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// The name of the topic or rule that answers for a word of `show peers`, of networks or of the command line.
///
/// ```
/// assert_eq!(haproxy_lint::topics::of_word("CONN"), Some("runtime/remote-unreachable"));
/// assert_eq!(haproxy_lint::topics::of_word("conn_cur"), None);
/// ```
pub fn of_word(asked: &str) -> Option<&'static str> {
    let asked = asked.trim_matches(|c: char| c.is_whitespace() || "\"'`".contains(c));
    let asked = asked.strip_prefix("last_status=").unwrap_or(asked);
    // States are written in capitals: `name` alone may be anything.
    let is_it = |word: &str| word == asked || (word.len() > 4 && word.eq_ignore_ascii_case(asked));
    leads().find(|(row, _)| row.strip_prefix('=').is_some_and(is_it)).map(|(_, page)| page)
}

/// The name of the topic or rule that answers for a message of HAProxy about peers, or about an address that it cannot listen on.
///
/// ```
/// let said = "[WARNING] (7) : config : Removing incomplete section 'peers x' (no peer named 'lb1').";
/// assert_eq!(haproxy_lint::topics::of_message(said), Some("peers/local-name-missing"));
/// ```
pub fn of_message(asked: &str) -> Option<&'static str> {
    let asked = asked.to_ascii_lowercase();
    let follow = |parts: &str| {
        let mut rest = asked.as_str();
        parts.split(" … ").all(|part| rest.split_once(part).map(|(_, behind)| rest = behind).is_some())
    };
    leads().filter(|(row, _)| !row.starts_with('=')).find(|(row, _)| follow(&row.to_ascii_lowercase())).map(|(_, page)| page)
}

#[cfg(test)]
mod tests {
    use crate::rules::Rule;

    use super::*;

    #[test]
    fn what_texts_refer_to_is_there() {
        for text in TOPICS.iter().flat_map(|topic| topic.languages().filter_map(|l| topic.text_in(l)).chain([topic.text])) {
            let words = text.split("`explain ").skip(1).filter_map(|rest| rest.split('`').next());
            for word in words {
                let line = word.trim_matches('\'');
                let is_table = || crate::config::sizes(line, crate::version::VersionSet::ALL).is_some();
                assert!(super::topic(word).is_some() || Rule::by_name(word).is_some() || is_table(), "{word}");
            }
        }
    }

    /// What a translation has as the text has it: rows of tables, and paragraphs.
    fn shape(text: &str) -> (usize, usize) {
        (text.lines().filter(|line| line.starts_with('|')).count(), text.split("\n\n").count())
    }

    #[test]
    fn translations_say_what_the_text_says() {
        assert!(topic("local-inactive").unwrap().languages().eq(["zh"]));
        for topic in TOPICS {
            for text in topic.languages().filter_map(|language| topic.text_in(language)) {
                assert_eq!(shape(text), shape(topic.text), "{}", topic.names[0]);
                // What is written as code is so in every language.
                for code in topic.text.split('`').skip(1).step_by(2) {
                    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
                    assert!(text.contains(&format!("`{code}`")), "{}: {code}", topic.names[0]);
                }
            }
        }
    }

    #[test]
    fn every_row_leads_to_a_page_of_its_own() {
        for (row, page) in leads() {
            assert!(super::topic(page).is_some() || Rule::by_name(page).is_some(), "{page}");
            let found = match row.strip_prefix('=') {
                Some(word) => of_word(word),
                None => of_message(&format!("[ALERT] (7) : config : {}: of `lb1`.", row.replace(" … ", " 'x' "))),
            };
            assert_eq!(found, Some(page), "{row}");
            // No row is hidden by an earlier one, and none hides a name that is a page already.
            assert!(super::topic(row.trim_start_matches('=')).is_none(), "{row}");
        }
        assert_eq!(leads().count(), LEADS.lines().filter(|l| !l.starts_with('#')).count());
    }

    #[test]
    fn what_is_no_message_of_these_leads_nowhere() {
        for other in ["", "name", "none", "unable to find required default_backend: 'x'.", "bind", "socket", "mixing", "bind peer mixing"] {
            assert_eq!(of_word(other).or_else(|| of_message(other)), None, "{other}");
        }
    }
}
