//! The examples on the pages of the rules.
//!
//! An example's first line may hold, behind `bad` or `good`: `target=2.8`, `local-name=haproxy-0`, `env=NAME=VALUE`,
//! `env-closed`, `require-local-peer`, `as=peers`, `select=group/rule`, `no-final-newline`, `exists=/a/file` and `user=name` for all that is on the machine, `escapes` (for bytes that no page can show), and `also=group/rule` for another rule that has
//! every reason to speak up too.

use haproxy_lint::{
    check::{Options, check},
    finding::Finding,
    rules::Rule,
    runtime,
    source::{FileId, SourceFile, Sources},
    surroundings::Listed,
    syntax::section_kind,
    topology,
};
use std::sync::Arc;

/// An example with what is to be known of it.
pub(crate) struct Example {
    pub(crate) bad: bool,
    /// It is a topology, in YAML, with the configurations in it.
    pub(crate) topology: bool,
    /// It is what `show peers` prints.
    pub(crate) runtime: bool,
    pub(crate) text: String,
    pub(crate) options: Options,
    pub(crate) also: Vec<String>,
}

impl Example {
    /// What is found in it.
    pub(crate) fn check(&self) -> Vec<Finding> {
        if self.runtime {
            let sources = Sources::single("show-peers.txt", self.text.clone());
            let dumps = runtime::parse(&self.text).expect("there is an answer in it");
            let answers = runtime::Answers { name: None, source: "show-peers.txt".to_owned(), file: FileId(0), dumps, seconds: None };
            let cluster = runtime::Cluster::new(runtime::nodes(vec![answers]), None, Vec::new());
            return runtime::diagnose(&cluster, &self.options, &sources).findings;
        }
        if !self.topology {
            return check(&Sources::single("haproxy.cfg", self.text.clone()), &self.options).findings;
        }
        let (topology, problems) = topology::read(vec![SourceFile::new("topology.yaml", self.text.clone().into_bytes())]);
        assert!(problems.is_empty(), "{problems:?}");
        // What the configuration itself could do better is no matter of these pages.
        let mut findings = topology::check(&topology, &self.options).report.findings;
        findings.retain(|f| Rule::by_name(f.rule.name).is_some_and(Rule::sees_all_nodes));
        findings
    }
}

/// The examples of a rule, in the order of its page.
pub(crate) fn examples(rule: &Rule) -> Vec<Example> {
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
    let in_yaml = words.first() == Some(&"yaml");
    let runtime = words.first() == Some(&"show-peers");
    if words.len() < 2 || !(in_yaml || runtime || words[0] == "haproxy") {
        return None;
    }
    let mut options = Options::default();
    let mut also = Vec::new();
    let mut listed = Listed::default();
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
            "exists" => listed = listed.with_file(value),
            "user" => listed = listed.with_user(value),
            "select" => options.selection.select(value).unwrap(),
            "also" => also.push(value.to_owned()),
            other => panic!("unknown word `{other}` in ```{info}"),
        }
    }
    if words.iter().any(|w| w.starts_with("exists=") || w.starts_with("user=")) {
        options.surroundings = Some(Arc::new(listed));
    }
    Some(Example { bad: words[1] == "bad", topology: in_yaml, runtime, text, options, also })
}
