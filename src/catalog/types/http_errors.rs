//! The name of an `http-errors` section.

use super::{super::NameKind, prelude::*};

/// The name of an `http-errors` section.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::HttpErrors));
