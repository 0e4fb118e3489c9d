use crate::catalog::FaultKind;

rule! {
    /// An address does not have the form that this place takes.
    ///
    /// ## Why
    ///
    /// Some places need a port, others refuse one; ranges and lists are taken by few.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind 127.0.0.1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind 127.0.0.1:8080
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-address", Error, Faults(FaultKind::InvalidAddress), mends: true
}
