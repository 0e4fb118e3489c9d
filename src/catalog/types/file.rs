//! A file, which must be there; with `optional` it need not. The parameter also says what relative names begin with: `crt-base`,
//! `key-base`, `ca-base`, `server-state-base` or `netns`, the folder of network namespaces.

use super::{super::Wanted, prelude::*};

/// A file, which must be there; with `optional` it need not. The parameter also says what relative names begin with: `crt-base`,
/// `key-base`, `ca-base`, `server-state-base` or `netns`, the folder of network namespaces.
pub(in crate::catalog) static TYPE: Type =
    Type::naming(Role::Outside(Wanted::File)).with(&["optional", "crt-base", "key-base", "ca-base", "server-state-base", "netns"]);
