//! The examples on each rule's page are its first tests: a bad one brings up this rule and no other, a good one nothing.
//!
//! An example's first line may hold, behind `bad` or `good`: `target=2.8`, `local-name=haproxy-0`, `env=NAME=VALUE`,
//! `env-closed`, `require-local-peer`, `as=peers`, `no-final-newline`, `escapes` (for bytes that no page can show), and `also=group/rule` for another rule that has
//! every reason to speak up too.

use haproxy_lint::{
    check::{Options, check},
    rules::{RULES, Rule},
    source::Sources,
    syntax::section_kind,
};

struct Example {
    bad: bool,
    text: String,
    options: Options,
    also: Vec<String>,
}

fn examples(rule: &Rule) -> Vec<Example> {
    let lines = rule.docs.lines().map(|l| l.strip_prefix(' ').unwrap_or(l));
    let mut examples = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in lines {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(_)) => examples.extend(open.take().and_then(|(info, text)| example(&info, text))),
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    examples
}

fn example(info: &str, mut text: String) -> Option<Example> {
    let words: Vec<&str> = info.split_whitespace().collect();
    if words.first() != Some(&"haproxy") {
        return None;
    }
    let mut options = Options::default();
    let mut also = Vec::new();
    for word in &words[2..] {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match name {
            "target" => options.target = Some(value.parse().unwrap()),
            "local-name" => options.local_name = Some(value.to_owned()),
            "require-local-peer" => options.require_local_peer = true,
            "env" => options.environment.set(value.split_once('=').unwrap().0, Some(value.split_once('=').unwrap().1.to_owned())),
            "env-closed" => options.environment = options.environment.clone().closed(),
            "as" => options.fragment_of = Some(section_kind(value).unwrap().kind),
            "escapes" => text = text.replace("\\0", "\0").replace("\\r", "\r").replace("\\u{FEFF}", "\u{FEFF}"),
            "no-final-newline" => text.truncate(text.trim_end_matches('\n').len()),
            "also" => also.push(value.to_owned()),
            other => panic!("unknown word `{other}` in ```{info}"),
        }
    }
    Some(Example { bad: words[1] == "bad", text, options, also })
}

#[test]
fn every_rule_has_a_page_with_examples_that_hold() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let examples = examples(rule);
        if !examples.iter().any(|e| e.bad) || !examples.iter().any(|e| !e.bad) {
            wrong.push(format!("{}: a page needs a bad and a good example", rule.name));
        }
        for heading in ["## Why", "## Example", "## Use instead", "## Source"] {
            if !rule.docs.contains(heading) {
                wrong.push(format!("{}: no heading `{heading}`", rule.name));
            }
        }
        for example in examples {
            let report = check(&Sources::single("haproxy.cfg", example.text.clone()), &example.options);
            let fired: Vec<&str> = report.findings.iter().map(|f| f.rule.name).collect();
            let others: Vec<&&str> = fired.iter().filter(|n| **n != rule.name && !example.also.iter().any(|a| a == **n)).collect();
            if example.bad != fired.contains(&rule.name) || !others.is_empty() {
                let word = if example.bad { "bad" } else { "good" };
                wrong.push(format!("{}: the {word} example brings up {fired:?}:\n{}", rule.name, example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_name_is_its_place() {
    for rule in RULES {
        let file = rule.module.rsplit("::").next().unwrap().replace('_', "-");
        let group = rule.module.rsplit("::").nth(1).unwrap();
        assert_eq!(rule.name, format!("{group}/{file}"));
        assert!(rule.summary().ends_with('.'), "{}: the page begins with a sentence", rule.name);
        assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c)), "{}", rule.name);
    }
    let mut names: Vec<_> = RULES.iter().map(|r| r.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len(), "names are unique");
}
