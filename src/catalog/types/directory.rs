//! A directory, which must be there.

use super::{super::Wanted, prelude::*};

/// A directory, which must be there.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Outside(Wanted::Directory));
