//! Where samples are fetched: the columns of `haproxy -dKsmp`.

use crate::syntax::SectionKind;

/// A set of places at which samples are fetched: the columns of `haproxy -dKsmp`, from the left.
///
/// ```
/// use haproxy_lint::{expression::Places, syntax::SectionKind};
/// let places = Places::of_rule("http-request", "", SectionKind::Listen);
/// assert_eq!(places, Some(Places::FRONTEND_HTTP_REQUEST | Places::BACKEND_HTTP_REQUEST));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places(pub u32);

#[allow(missing_docs, reason = "each is named after the rules that fetch there")]
impl Places {
    pub const NOWHERE: Self = Self(0);
    pub const EVERYWHERE: Self = Self((1 << 22) - 1);

    pub const TCP_REQUEST_CONNECTION: Self = Self(1);
    pub const TCP_REQUEST_SESSION: Self = Self(1 << 1);
    pub const FRONTEND_TCP_REQUEST_CONTENT: Self = Self(1 << 2);
    pub const FRONTEND_HTTP_REQUEST: Self = Self(1 << 3);
    pub const FRONTEND_HTTP_REQUEST_BODY: Self = Self(1 << 4);
    pub const USE_BACKEND: Self = Self(1 << 5);
    pub const BACKEND_TCP_REQUEST_CONTENT: Self = Self(1 << 6);
    pub const BACKEND_HTTP_REQUEST: Self = Self(1 << 7);
    pub const BACKEND_HTTP_REQUEST_BODY: Self = Self(1 << 8);
    /// `use-server`, `balance`, `stick match`.
    pub const SERVER_CHOICE: Self = Self(1 << 9);
    /// `source` of a server, its `sni` and `pool-conn-name`.
    pub const SERVER_CONNECTION: Self = Self(1 << 10);
    pub const BACKEND_TCP_RESPONSE_CONTENT: Self = Self(1 << 11);
    pub const BACKEND_HTTP_RESPONSE: Self = Self(1 << 12);
    pub const BACKEND_HTTP_RESPONSE_BODY: Self = Self(1 << 13);
    pub const STICK_STORE: Self = Self(1 << 14);
    pub const FRONTEND_TCP_RESPONSE_CONTENT: Self = Self(1 << 15);
    pub const FRONTEND_HTTP_RESPONSE: Self = Self(1 << 16);
    pub const FRONTEND_HTTP_RESPONSE_BODY: Self = Self(1 << 17);
    /// `log-format` and its kin.
    pub const LOG: Self = Self(1 << 18);
    /// `tcp-check`, `http-check`.
    pub const CHECK: Self = Self(1 << 19);
    /// `set-var` of the global section.
    pub const CONFIGURATION: Self = Self(1 << 20);
    /// `set var` on the socket.
    pub const COMMAND_LINE: Self = Self(1 << 21);

    /// Whether the sets have a place in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The places of both; as `|`, where constants are made.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The places that the note `fetches` names, as far as a section of `kind` has them.
    pub(crate) fn named(name: &str, kind: SectionKind) -> Option<Self> {
        let sides = |frontend: Self, backend: Self| match kind {
            SectionKind::Frontend => frontend,
            SectionKind::Backend => backend,
            _ => frontend.or(backend),
        };
        Some(match name {
            "connection" => Self::TCP_REQUEST_CONNECTION,
            "session" => Self::TCP_REQUEST_SESSION,
            "tcp-request" => sides(Self::FRONTEND_TCP_REQUEST_CONTENT, Self::BACKEND_TCP_REQUEST_CONTENT),
            "frontend-tcp-request" => Self::FRONTEND_TCP_REQUEST_CONTENT,
            "backend-tcp-request" => Self::BACKEND_TCP_REQUEST_CONTENT,
            "tcp-response" => sides(Self::FRONTEND_TCP_RESPONSE_CONTENT, Self::BACKEND_TCP_RESPONSE_CONTENT),
            "http-request" => sides(Self::FRONTEND_HTTP_REQUEST, Self::BACKEND_HTTP_REQUEST),
            "backend-http-request" => Self::BACKEND_HTTP_REQUEST,
            "http-response" => sides(Self::FRONTEND_HTTP_RESPONSE, Self::BACKEND_HTTP_RESPONSE),
            "use-backend" => Self::USE_BACKEND,
            "server-choice" => Self::SERVER_CHOICE,
            "server-connection" => Self::SERVER_CONNECTION,
            "stick-store" => Self::STICK_STORE,
            "log" => Self::LOG,
            "check" => Self::CHECK,
            "configuration" => Self::CONFIGURATION,
            _ => return None,
        })
    }
}

impl std::ops::BitOr for Places {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}
