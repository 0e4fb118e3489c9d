//! The name of a stick table: that of its proxy, or that of a peers section, `/` and its own.

use super::{super::NameKind, prelude::*};

/// The name of a stick table: that of its proxy, or that of a peers section, `/` and its own.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Table));
