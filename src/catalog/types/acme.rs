//! The name of an `acme` section.

use super::{super::NameKind, prelude::*};

/// The name of an `acme` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Acme));
