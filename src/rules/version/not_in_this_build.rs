use crate::catalog::FaultKind;

rule! {
    /// A keyword belongs to something that the HAProxy at hand was built without.
    ///
    /// ## Why
    ///
    /// QUIC, Lua, device detection and other parts are chosen when HAProxy is built. A build without them refuses their
    /// keywords. Of most of them this rule speaks only where the build is known: `--target-from` takes the binary, or what its `-vv` prints.
    ///
    /// ## Example
    ///
    /// Hardly any HAProxy from 2.6 on is built with OpenSSL's engines:
    ///
    /// ```haproxy bad target=2.8
    /// global
    ///     ssl-engine rdrand
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// global
    ///     ssl-provider default
    /// ```
    ///
    /// ## Source
    ///
    /// The `Feature list` of `haproxy -vv`; the keywords are registered by the parts they belong to.
    "version/not-in-this-build", Error, Faults(FaultKind::NotBuilt), mends: true
}
