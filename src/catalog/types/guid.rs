//! A name that is unique in all of a process: one of 127 bytes at most. With the parameter `prefix` HAProxy puts the number
//! of the listener behind it, and looks at the whole at the end.

use super::prelude::*;

/// A name that is unique in all of a process: one of 127 bytes at most.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge).with(&["prefix"]);

/// The most bytes of such a name.
const LONGEST: usize = 127;

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let at_the_end = place.parameter == "prefix";
    let longest = if at_the_end { LONGEST - "-1".len() } else { LONGEST };
    let (location, message) = match text.char_indices().find(|(_, c)| !is_name_char(*c)) {
        _ if text.len() > longest => (piece.location, format!("{} is longer than {longest} bytes", the(place.label))),
        Some((at, bad)) => {
            let location = m.part(piece, at, at + bad.len_utf8());
            (location, format!("`{bad}` cannot stand in {} `{text}`", the(place.label)))
        }
        None => return Some(piece.at + 1),
    };
    let fault = Fault::refused(FaultKind::InvalidValue, location, message, m.versions);
    m.fault(Fault { at_the_end, ..fault.help("write letters, digits and `.`, `:`, `_`, `-`") });
    at_the_end.then_some(piece.at + 1)
}
