use crate::catalog::FaultKind;

rule! {
    /// HAProxy leaves out words without saying so.
    ///
    /// ## Why
    ///
    /// Some keywords never look at what follows their arguments. What stands there has no effect, and nobody is told.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     log-tag lb one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     log-tag lb-one
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/ignored-argument", Warning, Faults(FaultKind::IgnoredArgument), mends: true
}
