use crate::catalog::FaultKind;

rule! {
    /// An option of `option`, `bind` or `server` is not known.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server s1 127.0.0.1:8080 chek
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server s1 127.0.0.1:8080 check
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unknown-option", Error, Faults(FaultKind::UnknownOption), mends: true
}
