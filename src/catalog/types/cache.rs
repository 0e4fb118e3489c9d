//! The name of a `cache` section.

use super::{super::NameKind, prelude::*};

/// The name of a `cache` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Cache));
