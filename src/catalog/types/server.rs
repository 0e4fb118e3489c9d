//! The name of a server, perhaps behind that of its backend and `/`.

use super::{super::NameKind, prelude::*};

/// The name of a server, perhaps behind that of its backend and `/`.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Name(NameKind::Server));
