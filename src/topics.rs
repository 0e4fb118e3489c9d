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
    Topic { names: &["local-inactive", "local,inactive", "(local,inactive)"], text: include_str!("../docs/topics/local-inactive.md") },
];

/// The text of that name.
///
/// ```
/// assert!(haproxy_lint::topics::topic("ip_nonlocal_bind").is_some());
/// ```
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|t| t.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use crate::rules::Rule;

    use super::*;

    #[test]
    fn what_texts_refer_to_is_there() {
        for topic in TOPICS {
            let words = topic.text.split("`explain ").skip(1).filter_map(|rest| rest.split('`').next());
            for word in words {
                assert!(super::topic(word).is_some() || Rule::by_name(word).is_some(), "{word}");
            }
        }
    }
}
