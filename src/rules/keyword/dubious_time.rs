use crate::catalog::FaultKind;

rule! {
    /// Something stands behind the unit of a time.
    ///
    /// ## Why
    ///
    /// HAProxy reads `1h30m` as one hour and `5sec` as five seconds, and warns that it will refuse them one day.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout client 5sec
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout client 5s
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/dubious-time", Warning, Faults(FaultKind::DubiousTime), mends: true
}
