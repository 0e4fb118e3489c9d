//! A file or socket that HAProxy makes: its directory must be there.

use super::{super::Wanted, prelude::*};

/// A file or socket that HAProxy makes: its directory must be there.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Outside(Wanted::Made));
