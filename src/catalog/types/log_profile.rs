//! The name of a `log-profile` section.

use super::{super::NameKind, prelude::*};

/// The name of a `log-profile` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::LogProfile));
