use crate::catalog::FaultKind;

rule! {
    /// A number is none, or is out of range.
    ///
    /// ## Why
    ///
    /// HAProxy refuses it; in some places it silently makes of it what it can.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server s1 127.0.0.1:8080 weight 300
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server s1 127.0.0.1:8080 weight 200
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-number", Error, Faults(FaultKind::InvalidNumber), mends: true
}
