//! What is near to what was asked for: what begins so, and what was probably meant.

use haproxy_lint::{analysis, nearest::nearest, rules::RULES, shown, topics, version::VersionSet};

use crate::error::Error;

/// How many names a hint has.
const FEW: usize = 5;

/// With fewer letters than this, too much begins so.
const LETTERS: usize = 3;

/// What begins so: rules, topics, keywords, fetches, converters; each with what it is.
pub(super) fn beginning(asked: &str, versions: VersionSet) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let topics = topics::TOPICS.iter().filter(|topic| topic.names[0].starts_with(asked));
    found.extend(topics.map(|topic| (topic.names[0].to_owned(), topic.title().to_owned())));
    let rules = RULES.iter().filter(|rule| rule.name.starts_with(asked));
    found.extend(rules.map(|rule| (rule.name.to_owned(), summary(rule.docs))));
    found.extend(analysis::beginning(asked, versions).into_iter().map(|member| (member.name, member.text.to_owned())));
    found.iter_mut().for_each(|(_, text)| *text = super::text::cut(text, super::text::LISTED));
    found
}

/// The first sentence of a page.
fn summary(page: &str) -> String {
    let paragraph: Vec<&str> = page.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ").split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned()
}

pub(super) fn unknown(asked: &str) -> Error {
    let elsewhere = "`haproxy-lint rules` lists the rules; a keyword is written as in a configuration: `http-request deny`";
    let help = meant(asked).unwrap_or_else(|| elsewhere.to_owned());
    Error::new(format!("there is no rule and no keyword `{}`", shown::line(asked)), help)
}

/// The nearest name, or what begins as the beginning of what was asked.
fn meant(asked: &str) -> Option<String> {
    let keywords = analysis::names(VersionSet::ALL);
    let pages = RULES.iter().map(|rule| rule.name).chain(topics::TOPICS.iter().map(|topic| topic.names[0]));
    if let Some(near) = nearest(asked, pages.chain(keywords.iter().map(|member| member.name.as_str()))) {
        return Some(format!("did you mean `{near}`?"));
    }
    let shorter = (LETTERS..asked.len()).rev().filter_map(|length| asked.get(..length));
    let found = shorter.map(|part| beginning(part, VersionSet::ALL)).find(|found| !found.is_empty())?;
    let shown: Vec<String> = found.iter().take(FEW).map(|(name, _)| format!("`{name}`")).collect();
    let more = if found.len() > FEW { format!(" and {} more", found.len() - FEW) } else { String::new() };
    Some(format!("there are {}{more}", shown.join(", ")))
}
