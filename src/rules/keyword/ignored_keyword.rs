use crate::catalog::FaultKind;

rule! {
    /// A keyword has no effect where it stands.
    ///
    /// ## Why
    ///
    /// A backend takes no connections and a frontend has no servers, so what is about those does nothing there.
    /// HAProxy warns and goes on.
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
