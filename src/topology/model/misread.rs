//! Arguments that HAProxy takes otherwise than they are meant.

use super::*;

/// An argument that does not arrive as it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The argument, or the script that it stands in.
    pub at: Location,
    /// What it is.
    pub what: Misreading,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misreading {
    /// An option and its value are one word, as in `"-L name"`: HAProxy sees the option, and takes the next word as its value.
    Glued {
        /// The word.
        written: String,
        /// The option.
        option: &'static str,
        /// The value that is meant.
        value: String,
    },
    /// A shell puts nothing in its place: it is no variable here, and no command.
    Unset(String),
    /// systemd puts nothing in its place.
    Removed(String),
}

impl Misreading {
    /// What is wrong, in a sentence without a full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::Glued { written, option, .. } => {
                format!("`{written}` is one argument, so HAProxy takes the next one as the value of `{option}`")
            }
            Self::Removed(written) => {
                format!(
                    "systemd starts HAProxy without a shell, takes `{written}` for a variable that is not set, and leaves nothing of it"
                )
            }
            Self::Unset(written) => format!("`{written}` is not set in this container, so a shell leaves nothing of it"),
        }
    }
}
