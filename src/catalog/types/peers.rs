//! The name of a `peers` section.

use super::{super::NameKind, prelude::*};

/// The name of a `peers` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Peers));
