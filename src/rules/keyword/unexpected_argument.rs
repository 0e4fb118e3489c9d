use crate::catalog::FaultKind;

rule! {
    /// A line has a word too many.
    ///
    /// ## Why
    ///
    /// HAProxy refuses what it does not expect. Often two words belong together and want quotes.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     fullconn 100 200
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     fullconn 100
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unexpected-argument", Error, Faults(FaultKind::UnexpectedArgument), mends: true
}
