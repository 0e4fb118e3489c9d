//! The command line as completion scripts are made of: with the values that an option takes, and with the options of `check` where
//! no command is named.

use clap::{Arg, Command, builder::PossibleValuesParser};
use haproxy_lint::{
    catalog,
    expression::{acl_names, converter_names, fetch_names},
    report::{self, Format},
    rules::RULES,
    syntax::SECTIONS,
    topics,
    topology::picture,
    version::VersionSet,
};

use super::plain;
use crate::commands::ALL;

/// The whole command line with values.
pub(crate) fn command() -> Command {
    let mut command = plain(ALL);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in &names {
        command = command.mut_subcommand(name, |mut sub| {
            let options: Vec<String> = sub.get_arguments().map(|arg| arg.get_id().to_string()).collect();
            for option in options {
                sub = sub.mut_arg(&option, |arg| with_values(name, &option, arg));
            }
            sub
        });
    }
    // `haproxy-lint --target 2.8 FILE` is `haproxy-lint check --target 2.8 FILE`.
    let of_check = |check: &Command| check.get_arguments().filter(|arg| !arg.is_positional()).map(by_itself).collect::<Vec<Arg>>();
    let check = command.find_subcommand("check").map(of_check).unwrap_or_default();
    command.subcommand_required(false).args(check)
}

/// The option without what it says of others, which stand elsewhere.
fn by_itself(arg: &Arg) -> Arg {
    let mut alone = Arg::new(arg.get_id().clone()).action(arg.get_action().clone()).value_parser(arg.get_value_parser().clone());
    alone = arg.get_long().map_or(alone.clone(), |long| alone.long(long.to_owned()));
    alone = arg.get_short().map_or(alone.clone(), |short| alone.short(short));
    alone = arg.get_help().map_or(alone.clone(), |help| alone.help(help.clone()));
    match arg.get_value_names() {
        Some(names) => alone.value_names(names.iter().cloned()),
        None => alone,
    }
}

/// The option with what it takes, where that can be listed.
fn with_values(command: &str, option: &str, arg: Arg) -> Arg {
    let values: Vec<String> = match (command, option) {
        ("check" | "parse" | "doctor", "target") => std::iter::once("auto".to_owned()).chain(versions()).collect(),
        (_, "target" | "upgrade_to") => versions(),
        ("check", "format") => Format::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ("topology", "format") => picture::Format::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ("doctor", "format") => report::doctor::Format::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
        (_, "select" | "also" | "ignore") => rules(),
        (_, "fail_on") => ["error", "warning", "info"].map(str::to_owned).to_vec(),
        ("check" | "parse" | "doctor", "section") => SECTIONS.iter().map(|section| section.keyword.to_owned()).collect(),
        ("explain", "word") => words(),
        _ => return arg,
    };
    arg.value_parser(PossibleValuesParser::new(values))
}

/// `latest`, then every branch, the newest first.
fn versions() -> Vec<String> {
    let mut branches: Vec<String> = VersionSet::ALL.iter().map(|version| format!("{}.{}", version.major, version.minor)).collect();
    branches.dedup();
    std::iter::once("latest".to_owned()).chain(branches.into_iter().rev()).collect()
}

/// Groups, then rules.
fn rules() -> Vec<String> {
    let mut groups: Vec<&str> = RULES.iter().map(|rule| rule.group()).collect();
    groups.dedup();
    groups.into_iter().chain(RULES.iter().map(|rule| rule.name)).map(str::to_owned).collect()
}

/// What `explain` knows under one plain word.
fn words() -> Vec<String> {
    let topics = topics::TOPICS.iter().map(|topic| topic.names[0]);
    let samples = fetch_names().chain(converter_names()).chain(acl_names());
    let mut words: Vec<&str> = topics.chain(RULES.iter().map(|rule| rule.name)).chain(catalog::names()).chain(samples).collect();
    words.retain(|word| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(&b)));
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(str::to_owned).collect()
}
