rule! {
    /// A comment silences a rule that finds nothing there.
    ///
    /// ## Why
    ///
    /// What was wrong is mended, or has moved; the comment would hide the next fault of that kind.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     # haproxy-lint: ignore[reference/unknown-resolvers] declared elsewhere
    ///     maxconn 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// Our own.
    "style/unused-ignore", Warning, Run
}
