//! What no signature can say. A data file names a file here as `code(name)`, which the build finds.
//!
//! Many judge words that the signature has already let through, and take none: they give back the number they got.

use super::{FaultKind, Matcher};

// Every file of `src/catalog/special/` is a function `judge`: `build.rs` finds them, and makes the modules.
include!(concat!(env!("OUT_DIR"), "/special.rs"));

/// Everything a special case needs.
mod prelude {
    #[allow(unused_imports, reason = "not every one needs all of them")]
    pub(super) use super::{
        super::{
            Fault, FaultKind, Matcher, Options, Role,
            types::{c_int, c_number, leading_number},
        },
        wrong_side,
    };
    #[allow(unused_imports, reason = "not every one needs all of them")]
    pub(super) use crate::{
        cut::Cut,
        expression::{self, Places, Scope},
        finding::{Applicability, Edit, Fix, Help, Verdict},
        syntax::SectionKind,
        version::VersionSet,
    };
}

fn wrong_side(m: &mut Matcher<'_, '_>, at: usize, why: &str) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let message = format!("`{} {}` cannot stand in {}, which {why}", m.path(), piece.text?, m.line.title());
    m.refuse(FaultKind::Misplaced, piece.location, message)
}
