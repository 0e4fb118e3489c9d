use crate::catalog::FaultKind;

rule! {
    /// An ACL is used whose own line HAProxy refuses.
    ///
    /// ## Why
    ///
    /// A line with a mistake declares nothing, so HAProxy complains of every place that uses the ACL as well. Mend the line
    /// that declares it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=keyword/unknown-fetch
    /// frontend web
    ///     bind :8080
    ///     acl internal sroc 10.0.0.0/8
    ///     use_backend app if internal
    /// backend app
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :8080
    ///     acl internal src 10.0.0.0/8
    ///     use_backend app if internal
    /// backend app
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's acl.c; observed with 2.6 to 3.4.
    "reference/broken-acl", Error, Faults(FaultKind::BrokenAcl), mends: true
}
