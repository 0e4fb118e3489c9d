//! A file or a directory of certificates; the parameter says what relative names begin with: `crt-base`, `ca-base`.

use super::{super::Wanted, prelude::*};

/// A file or a directory of certificates; the parameter says what relative names begin with: `crt-base`, `ca-base`.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Outside(Wanted::Certificate)).with(&["crt-base", "ca-base"]);
