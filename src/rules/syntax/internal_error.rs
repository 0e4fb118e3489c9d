//! `syntax/internal-error`.

rule! {
    /// haproxy-lint itself failed on a configuration.
    ///
    /// ## Why
    ///
    /// This is a mistake in haproxy-lint, not in the configuration. Where the message names a rule, what that rule would have found
    /// is not told, and all others spoke; where it names none, nothing is known of the configuration. All others were checked.
    ///
    /// ## Example
    ///
    /// No configuration is known that does this.
    ///
    /// ## Use instead
    ///
    /// Report the message with the smallest configuration that still brings it up, and leave the file out of the check until
    /// it is mended: with `exclude` in `haproxy-lint.toml`.
    ///
    /// ## Source
    ///
    /// A panic in haproxy-lint.
    "syntax/internal-error", Error, Run
}
