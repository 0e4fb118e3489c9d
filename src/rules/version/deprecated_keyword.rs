use crate::catalog::FaultKind;

rule! {
    /// A keyword is on its way out.
    ///
    /// ## Why
    ///
    /// It works, and a later HAProxy will refuse it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     bind :8080
    ///     mode http
    ///     http-request set-mark 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// frontend web
    ///     bind :8080
    ///     mode http
    ///     http-request set-fc-mark 1
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "version/deprecated-keyword", Info, Faults(FaultKind::Deprecated), mends: true
}
