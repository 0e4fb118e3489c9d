rule! {
    /// A comment for this linter cannot be read.
    ///
    /// ## Why
    ///
    /// It names no rule, or one that does not exist, so it silences nothing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     maxconn 1000 # haproxy-lint: ignore[refrence]
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
    "style/invalid-ignore", Warning, Run
}
