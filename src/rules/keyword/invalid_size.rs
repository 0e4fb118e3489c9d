use crate::catalog::FaultKind;

rule! {
    /// A size is none, or is larger than HAProxy can count.
    ///
    /// ## Why
    ///
    /// A size is digits and perhaps `k`, `m` or `g`, which count in 1024s.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend st
    ///     stick-table type ip size 1mb
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend st
    ///     stick-table type ip size 1m
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-size", Error, Faults(FaultKind::InvalidSize), mends: true
}
