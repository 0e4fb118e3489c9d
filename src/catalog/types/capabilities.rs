//! The capabilities that `setcap` can keep.

use super::prelude::*;

/// The capabilities that `setcap` can keep.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    const KNOWN: [&str; 3] = ["cap_net_raw", "cap_net_admin", "cap_net_bind_service"];
    let mut start = 0;
    for name in piece.text?.trim_end_matches(',').split(',') {
        let known = match name {
            "cap_sys_admin" => m.all_in(&VersionSet::since(2, 9, 0)),
            _ => KNOWN.contains(&name),
        };
        if !known {
            let location = m.part(piece, start, start + name.len());
            let message = format!("`setcap` does not know the capability `{name}`");
            let help = Help::near(location, name, nearest(name, KNOWN), || format!("write some of {}", KNOWN.join(",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += name.len() + 1;
    }
    Some(piece.at + 1)
}
