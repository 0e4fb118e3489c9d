use crate::catalog::FaultKind;

rule! {
    /// An ACL is read, and can hardly be meant as it stands.
    ///
    /// ## Why
    ///
    /// An ACL without a pattern never matches, and a matching method that is given twice is overwritten. `gt` and
    /// its kin compare numbers: behind a header, which is a text, `gt` and `100` are two texts that it may be. There is no
    /// `ne`: HAProxy takes the word, and compares as with `eq`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     acl admin path_beg
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request deny if { req.hdr(content-length) gt 1000000 }
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80,:8080
    ///     http-request deny if { dst_port ne 80 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     acl admin path_beg /admin
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/dubious-acl", Warning, Faults(FaultKind::DubiousAcl), mends: true
}
