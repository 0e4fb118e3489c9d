//! What reading met on its way: facts, which the rules of the `syntax` group put into words.

use crate::{finding::Help, source::Location, version::VersionSet};

/// A thing that HAProxy's tokenizer or preprocessor complains of, or silently reads in another way than it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Where it is.
    pub location: Location,
    /// The versions it is true of.
    pub versions: VersionSet,
}

/// The kinds of [`Problem`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A quote that is never closed.
    UnterminatedQuote,
    /// `\x` without two hexadecimal digits.
    InvalidHexEscape,
    /// `$` in weak quotes that no name follows.
    InvalidVariableName,
    /// `${NAME` without `}`; in 2.4 also `${NAME-default}`.
    UnmatchedBrace {
        /// Whether it is a default, which only 2.4 does not know.
        default: bool,
    },
    /// `${NAME[` that is not `${NAME[*]}`.
    InvalidExpansion,
    /// `${NAME-default}` on the line on which HAProxy's line buffer grows.
    DefaultOnGrowingLine {
        /// Whether it is the first line of the file.
        first: bool,
    },
    /// More than 64 words, or exactly 64 and blanks behind them.
    TooManyWords {
        /// How many words the line has.
        count: usize,
    },
    /// An empty word with other words behind it.
    EmptyArgument {
        /// Its place, the keyword being 0.
        index: usize,
        /// The variable that is unset or empty, where it is one.
        variable: Option<String>,
    },
    /// An unset variable that takes the blanks behind it along, so that the next word takes its place.
    ShiftedArguments {
        /// The variable.
        variable: String,
    },
    /// A `.if` whose `.endif` never comes.
    UnterminatedIf,
    /// `.elif`, `.else` or `.endif` without `.if`.
    LoneDirective {
        /// The directive.
        directive: &'static str,
    },
    /// `.elif` or `.else` behind `.else`.
    AfterElse {
        /// The directive.
        directive: &'static str,
        /// The `.else` before it.
        earlier: Location,
    },
    /// `.if` nested 100 deep.
    TooDeep,
    /// A condition that cannot be read.
    InvalidCondition {
        /// What is wrong.
        message: String,
        /// What could be written.
        help: Option<Help>,
    },
    /// A word that begins with `.` and is no directive.
    UnknownDirective {
        /// The word.
        word: String,
    },
    /// More words than the directive takes.
    UnexpectedDirectiveArgument {
        /// The directive.
        directive: String,
    },
    /// `.notice`, `.warning`, `.alert` or `.diag` that is reached.
    Message {
        /// The directive.
        directive: &'static str,
        /// Its text.
        text: String,
    },
    /// `[` that no name and `]` follow, or a character that cannot stand in a scope line.
    InvalidScope {
        /// The character; HAProxy stops at it. Without one it goes on.
        character: Option<char>,
    },
    /// A keyword before the first section of its file.
    OutOfSection {
        /// The keyword.
        keyword: String,
    },
}
