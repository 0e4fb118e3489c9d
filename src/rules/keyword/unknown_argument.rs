use crate::catalog::FaultKind;

rule! {
    /// A word is none of those that may stand in this place.
    ///
    /// ## Why
    ///
    /// Many keywords take one of a few words: an algorithm, a mode, an action. HAProxy refuses any other.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     balance roundrobbin
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     balance roundrobin
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unknown-argument", Error, Faults(FaultKind::UnknownArgument), mends: true
}
