use crate::catalog::FaultKind;

rule! {
    /// A time is none, or is longer than HAProxy can count.
    ///
    /// ## Why
    ///
    /// A time is digits and one of `us`, `ms`, `s`, `m`, `h`, `d`, without a fraction, a sign or a blank. The longest
    /// is 2147483647 of the unit that the keyword counts in, which for milliseconds is about 24.8 days.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout client 30S
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout client 30s
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-time", Error, Faults(FaultKind::InvalidTime), mends: true
}
