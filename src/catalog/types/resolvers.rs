//! The name of a `resolvers` section.

use super::{super::NameKind, prelude::*};

/// The name of a `resolvers` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Resolvers));
