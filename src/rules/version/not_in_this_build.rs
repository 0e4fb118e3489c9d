use crate::catalog::FaultKind;

rule! {
    /// A keyword belongs to something that the HAProxy at hand was built without.
    ///
    /// ## Why
    ///
    /// QUIC, Lua, device detection and other parts are chosen when HAProxy is built. A build without them refuses their
    /// keywords. This rule speaks only where the build is known: `--target-from` takes the binary, or what its `-vv` prints.
    ///
    /// ## Example
    ///
    /// With `--target-from` a HAProxy that was built without Lua, this is refused:
    ///
    /// ```haproxy
    /// global
    ///     lua-load /etc/haproxy/auth.lua
    /// ```
    ///
    /// ## Source
    ///
    /// The `Feature list` of `haproxy -vv`; the keywords are registered by the parts they belong to.
    "version/not-in-this-build", Error, Faults(FaultKind::NotBuilt)
}
