//! When the rules of a stream run: from the connection to the log, in the frontend and then in the backend.

use crate::syntax::Statement;

/// When something is evaluated, in the order of time within one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// `tcp-request connection`: the connection is accepted, nothing was read.
    Connection,
    /// `tcp-request session`: the handshakes are done. Behind it HAProxy counts the session.
    Session,
    /// `tcp-request content`: once for each stream, which in HTTP is each request.
    Content,
    /// `monitor fail`.
    Monitor,
    /// `http-request`.
    Request,
    /// `redirect`, and the rules of the page of statistics.
    Redirect,
    /// `use_backend`.
    Route,
    /// `use-server`, `stick on`, `balance`: a server is chosen.
    Server,
    /// `tcp-response content`.
    Answer,
    /// `http-response`.
    Response,
    /// `http-after-response`: also for what HAProxy answers itself.
    After,
    /// `log-format` and its kin.
    Log,
}

impl Phase {
    /// When the samples of `statement` are fetched; `None` for what belongs to no stream.
    pub(super) fn of(statement: &Statement<'_>) -> Option<Self> {
        Some(match (statement.keyword(), statement.str(1)) {
            ("tcp-request", "connection") => Self::Connection,
            ("tcp-request", "session") => Self::Session,
            ("tcp-request", "content") => Self::Content,
            ("monitor", "fail") => Self::Monitor,
            ("http-request", _) => Self::Request,
            ("redirect" | "stats", _) => Self::Redirect,
            ("use_backend" | "force-be-switch", _) => Self::Route,
            ("stick", "store-response") | ("tcp-response", "content") => Self::Answer,
            ("use-server" | "stick" | "balance" | "force-persist" | "ignore-persist" | "unique-id-format", _) => Self::Server,
            ("http-response", _) => Self::Response,
            ("http-after-response" | "http-error", _) => Self::After,
            ("log-format" | "log-format-sd" | "error-log-format", _) => Self::Log,
            _ => return None,
        })
    }

    /// Whether what is tracked here is tracked for the whole connection, not for one stream.
    pub fn is_of_session(self) -> bool {
        self <= Self::Session
    }

    /// Whether it only watches: no request goes another way for it.
    pub fn is_of_log(self) -> bool {
        self == Self::Log
    }

    /// How the rules of this phase are called.
    pub fn rules(self) -> &'static str {
        match self {
            Self::Connection => "tcp-request connection",
            Self::Session => "tcp-request session",
            Self::Content => "tcp-request content",
            Self::Monitor => "monitor fail",
            Self::Request => "http-request",
            Self::Redirect => "redirect",
            Self::Route => "use_backend",
            Self::Server => "use-server",
            Self::Answer => "tcp-response content",
            Self::Response => "http-response",
            Self::After => "http-after-response",
            Self::Log => "log-format",
        }
    }

    /// Its place in the life of a stream that goes through two sections, in one of them. Requests go through the frontend
    /// first, responses through the backend.
    pub(super) fn rank(self, in_backend: bool) -> u8 {
        let behind = u8::from(in_backend);
        match self {
            Self::Connection => 0,
            Self::Session => 1,
            Self::Content => 2 + 5 * behind,
            Self::Monitor => 3,
            Self::Request => 4 + 4 * behind,
            Self::Redirect => 5 + 4 * behind,
            Self::Route => 6,
            Self::Server => 10,
            Self::Answer => 12 - behind,
            Self::Response => 14 - behind,
            Self::After => 16 - behind,
            Self::Log => 17,
        }
    }
}
