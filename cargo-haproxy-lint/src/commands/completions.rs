//! `completions`: scripts for shells.

use clap_complete::Shell;
use haproxy_lint::shown::Form;

use super::{Command, Example};
use crate::{CLEAN, cli::complete, error::Result, output};
use clap::Args;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(display_order = 12)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

impl Command for Completions {
    const EXAMPLES: &[Example] =
        &[("bash > haproxy-lint.bash", "then `source haproxy-lint.bash` in ~/.bashrc"), ("zsh > _haproxy-lint", "into a folder of $fpath")];

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

const NAME: &str = "haproxy-lint";

pub(crate) fn run(options: &Completions) -> Result<u8> {
    // Into memory first: the generator does not survive a reader that goes away.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut complete::command(), NAME, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let script = match options.shell {
        Shell::Bash => for_bash(&script),
        Shell::Fish => for_fish(&script),
        Shell::Zsh => for_zsh(&script),
        _ => script,
    };
    output::to_stdout(Form::Raw, |out| out.write_all(script.as_bytes()))?;
    Ok(CLEAN)
}

/// The script calls the program by two names where its own has a dash: this is the one that it asks for.
fn for_bash(script: &str) -> String {
    script.replace("haproxy__subcmd__lint", "haproxy__lint")
}

/// Behind a command its own options count, and not those of the same name that may stand where no command does.
fn for_zsh(script: &str) -> String {
    let options = "_arguments \"${_arguments_options[@]}\"";
    script.replacen(options, &format!("{options} -A \"-*\""), 1)
}

/// The script knows no values of words, and none of an option that no command stands before.
fn for_fish(script: &str) -> String {
    let given_up = "2>/dev/null\n    or return\n    if set -q argv[1]";
    let tried_again = "2>/dev/null\n    or begin\n        # The last option waits for its value.\n        set -e cmd[-1]\n        \
                       argparse -s (__fish_haproxy_lint_global_optspecs) -- $cmd 2>/dev/null\n    end\n    or return\n    if set -q argv[1]";
    let mut script = script.replacen(given_up, tried_again, 1);
    for command in complete::command().get_subcommands() {
        let words = command.get_positionals().filter_map(|word| word.get_value_parser().possible_values());
        for values in words {
            let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
            let name = command.get_name();
            script += &format!("complete -c {NAME} -n \"__fish_haproxy_lint_using_subcommand {name}\" -f -a \"{}\"\n", values.join(" "));
        }
    }
    script
}
