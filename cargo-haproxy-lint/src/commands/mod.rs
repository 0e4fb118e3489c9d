//! One command, one file: its options, what its help shows, and what it does. The build finds them by their names:
//! `commands/explain.rs` has the options `Explain`, and is `haproxy-lint explain`.

include!(concat!(env!("OUT_DIR"), "/commands.rs"));

use crate::error::Result;

/// What is typed behind the command, and what it does.
pub(crate) type Example = (&'static str, &'static str);

/// A heading of the help, and the options under it.
pub(crate) type Heading = (&'static str, &'static [&'static str]);

/// What a command is beside its options. The first line of these says in the list of commands what it does, and their
/// `display_order` where it stands there.
pub(crate) trait Command: clap::Args {
    /// Command lines to try. They are true where there are `haproxy.cfg`, `conf.d/` and manifests in `deploy/`.
    const EXAMPLES: &[Example] = &[];
    /// The headings of its options, where they are many.
    const HEADINGS: &[Heading] = &[];
    /// Whether the exit status tells what was found.
    const JUDGES: bool = false;

    /// Does it, and gives the exit status.
    fn run(&self) -> Result<u8>;
}

/// A command by its name: its options, made when they are asked for, and what its help shows beside them.
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    pub(crate) options: fn(clap::Command) -> clap::Command,
    pub(crate) examples: &'static [Example],
    pub(crate) headings: &'static [Heading],
    pub(crate) judges: bool,
}

impl Shown {
    const fn of<C: Command>(name: &'static str) -> Self {
        Self { name, options: C::augment_args, examples: C::EXAMPLES, headings: C::HEADINGS, judges: C::JUDGES }
    }
}

/// Whether a command has this name.
pub(crate) fn is_command(name: &str) -> bool {
    ALL.iter().any(|command| command.name == name)
}
