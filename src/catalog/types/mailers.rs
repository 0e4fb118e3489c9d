//! The name of a `mailers` section.

use super::{super::NameKind, prelude::*};

/// The name of a `mailers` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Mailers));
