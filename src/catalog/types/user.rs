//! A user of the machine.

use super::{super::Wanted, prelude::*};

/// A user of the machine.
pub(in crate::catalog) static TYPE: Type = Type::naming(Role::Outside(Wanted::User));
