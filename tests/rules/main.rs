//! The examples on each rule's page are its first tests: a bad one brings up this rule and no other, a good one nothing.

#[path = "../common/cores.rs"]
mod cores;
mod examples;
mod haproxy;

use cores::on_all_cores;
use examples::examples;
use haproxy_lint::rules::RULES;

/// Examples are short: most leave out what makes a configuration complete.
const INCOMPLETE: &[&str] = &[
    "reliability/missing-timeouts",
    "reliability/frontend-without-bind",
    "dead/unused-acl",
    "syntax/many-words",
    "dead/unused-defaults",
    "reliability/no-destination",
];

#[test]
fn every_rule_has_a_page_with_examples_that_hold() {
    let wrong = on_all_cores(RULES, |rule| {
        let mut wrong = Vec::new();
        let examples = examples(rule);
        // Whoever knew an example would mend it.
        let has_none = ["syntax/internal-error", "haproxy/says"].contains(&rule.name);
        if !has_none && [true, false].iter().any(|bad| !examples.iter().any(|e| e.bad == *bad)) {
            wrong.push(format!("{}: a page needs a bad and a good example", rule.name));
        }
        for heading in ["## Why", "## Example", "## Use instead", "## Source"] {
            if !rule.docs.contains(heading) {
                wrong.push(format!("{}: no heading `{heading}`", rule.name));
            }
        }
        for example in examples {
            let found = example.check();
            if found.iter().any(|f| f.rule.name == rule.name && f.fix.is_some()) && !rule.can_mend() {
                wrong.push(format!("{}: it makes fixes, and does not say `mends: true`", rule.name));
            }
            let fired: Vec<&str> = found.iter().map(|f| f.rule.name).collect();
            let others: Vec<&&str> =
                fired.iter().filter(|n| **n != rule.name && !INCOMPLETE.contains(n) && !example.also.iter().any(|a| a == **n)).collect();
            if example.bad != fired.contains(&rule.name) || !others.is_empty() {
                let word = if example.bad { "bad" } else { "good" };
                wrong.push(format!("{}: the {word} example brings up {fired:?}:\n{}", rule.name, example.text));
            }
        }
        wrong
    })
    .concat();
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
