//! The name of a `ring` section, or of a sink that HAProxy has without one.

use super::{super::NameKind, prelude::*};

/// The name of a `ring` section, or of a sink that HAProxy has without one.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Ring));
