//! What a word of a statement is for.

use crate::syntax::SectionKind;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the section or line that declares it")]
pub enum NameKind {
    /// `backend` and `listen`: what traffic can be sent to.
    Backend,
    /// `frontend` and `listen`: what takes traffic in.
    Frontend,
    Defaults,
    /// `server`; its scope is the section.
    Server,
    /// The prefix of a `server-template`; its scope is the section.
    ServerTemplate,
    /// `acl`; its scope is the section.
    Acl,
    Userlist,
    Resolvers,
    Cache,
    Mailers,
    Peers,
    Ring,
    HttpErrors,
    FcgiApp,
    LogForward,
    LogProfile,
    Acme,
    /// `stick-table` of a proxy, named after it; a `table` of a peers section has that section as its scope.
    Table,
}

impl NameKind {
    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
            Self::Defaults => "defaults section",
            Self::Server | Self::ServerTemplate => "server",
            Self::Acl => "ACL",
            Self::Userlist => "userlist",
            Self::Resolvers => "resolvers section",
            Self::Cache => "cache",
            Self::Mailers => "mailers section",
            Self::Peers => "peers section",
            Self::Ring => "ring",
            Self::HttpErrors => "http-errors section",
            Self::FcgiApp => "fcgi-app",
            Self::LogForward => "log-forward section",
            Self::LogProfile => "log-profile section",
            Self::Acme => "acme section",
            Self::Table => "stick table",
        }
    }

    /// The kind of name that a section declares with its header; proxies declare by what they can do.
    pub(crate) fn of_section(kind: SectionKind) -> Option<Self> {
        Some(match kind {
            SectionKind::Userlist => Self::Userlist,
            SectionKind::Resolvers => Self::Resolvers,
            SectionKind::Cache => Self::Cache,
            SectionKind::Mailers => Self::Mailers,
            SectionKind::Peers => Self::Peers,
            SectionKind::Ring => Self::Ring,
            SectionKind::HttpErrors => Self::HttpErrors,
            SectionKind::FcgiApp => Self::FcgiApp,
            SectionKind::LogForward => Self::LogForward,
            SectionKind::LogProfile => Self::LogProfile,
            SectionKind::Acme => Self::Acme,
            _ => return None,
        })
    }
}

/// What kind of thing outside of the configuration is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file; HAProxy does not start without it.
    File,
    /// A file or a directory of certificates.
    Certificate,
    /// A file that is read where it is there.
    OptionalFile,
    /// A directory.
    Directory,
    /// A socket or file that HAProxy makes: the directory must be there.
    Made,
    /// A user of the machine.
    User,
    /// A group of the machine.
    Group,
}

/// What a word of a statement is for. Each type of words names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// A keyword, an option, or one of a few words.
    Keyword,
    /// A value of its own kind.
    Value,
    /// A number.
    Number,
    /// A time.
    Time,
    /// A size.
    Size,
    /// An address.
    Address,
    /// A regular expression.
    Regex,
    /// A variable with its scope.
    Variable,
    /// The name of something that is declared elsewhere.
    Name(NameKind),
    /// Something outside of the configuration.
    Outside(Wanted),
    /// A sample expression.
    Sample,
    /// A log-format string.
    Format,
    /// `if` or `unless`: behind it stands a condition, to the end of the line.
    Condition,
    /// The criterion of an ACL: its flags and patterns follow, to the end of the line.
    Acl,
}

impl Role {
    /// Whether a word of this role speaks of other places, so that a configuration keeps where it stands.
    pub(crate) fn points_elsewhere(self, word: &str) -> bool {
        match self {
            Self::Name(_) | Self::Outside(_) | Self::Sample | Self::Condition | Self::Acl => true,
            Self::Format => word.contains('%'),
            // A socket of the file system.
            Self::Address => word.contains('/') || word.contains("unix@"),
            _ => false,
        }
    }
}
