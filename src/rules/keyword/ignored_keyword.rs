use crate::catalog::FaultKind;

rule! {
    /// A keyword has no effect where it stands.
    ///
    /// ## Why
    ///
    /// A backend takes no connections and a frontend has no servers, so what is about those does nothing there.
    /// HAProxy warns and goes on.
    ///
    /// What only frontends look at, such as `timeout client`, is the same without the line, and the fix deletes it. There is none
    /// for the rest: a frontend that answers by itself, with statistics say, is its own backend and does have a `timeout server`,
    /// and a `bind` line in a backend is opened, though nobody who connects gets an answer (seen with 2.6, 2.8 and 3.2).
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     timeout client 10s
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :8080
    ///     timeout client 10s
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/ignored-keyword", Warning, Faults(FaultKind::Ignored), mends: true
}
