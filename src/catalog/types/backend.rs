//! The name of a backend: a `backend` or `listen` section.

use super::{super::NameKind, prelude::*};

/// The name of a backend: a `backend` or `listen` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Backend));
