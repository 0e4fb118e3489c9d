use crate::catalog::FaultKind;

rule! {
    /// A line begins with a word that HAProxy does not know in this section.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration. It is a typo, a line that belongs to another section, or a line of a
    /// section whose header is missing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     balanse roundrobin
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
    "keyword/unknown-keyword", Error, Faults(FaultKind::UnknownKeyword), mends: true
}
