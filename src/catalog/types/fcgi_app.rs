//! The name of an `fcgi-app` section.

use super::{super::NameKind, prelude::*};

/// The name of an `fcgi-app` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::FcgiApp));
