//! `haproxy/says`.

rule! {
    /// The real HAProxy says something that haproxy-lint does not.
    ///
    /// ## Why
    ///
    /// With `check --haproxy PATH` that program is asked, too. What it says of a place where a finding says the same is noted
    /// there; everything else is told under this name. Often it is something of the machine: a file, a user or a name that
    /// does not exist here. Where it is the configuration itself that is wrong, haproxy-lint should have known: please report
    /// it.
    ///
    /// ## Example
    ///
    /// What a configuration brings up depends on the machine. Here the certificate may be missing:
    ///
    /// ```haproxy
    /// frontend web
    ///     bind :443 ssl crt /etc/haproxy/certs/missing.pem
    /// ```
    ///
    /// ## Use instead
    ///
    /// What HAProxy asks for. To leave the machine out of it, run the check where HAProxy runs, or without `--haproxy`.
    ///
    /// ## Source
    ///
    /// The messages of `haproxy -c`, 2.4 to 3.4.
    "haproxy/says", Warning, Run, needs: Heard
}
