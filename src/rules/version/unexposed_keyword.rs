use crate::catalog::FaultKind;

rule! {
    /// A keyword needs a word in `global` that says that it is wanted.
    ///
    /// ## Why
    ///
    /// Experimental keywords want `expose-experimental-directives`, and some that are about to go want `expose-
    /// deprecated-directives`, in `global` before them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     tune.fd.edge-triggered on
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     expose-experimental-directives
    ///     tune.fd.edge-triggered on
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "version/unexposed-keyword", Error, Faults(FaultKind::Experimental), mends: true
}
