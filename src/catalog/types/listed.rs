//! Words between commas; the parameter has those that may stand there.

use super::prelude::*;

/// Words between commas; the parameter has those that may stand there.
pub(in crate::catalog) static TYPE: Type =
    Type { words: |place| place.parameter.split(' ').collect(), parameters: None, ..Type::new(Role::Value, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let mut start = 0;
    for word in text.trim_end_matches(',').split(',') {
        if !place.parameter.split(' ').any(|known| known == word) {
            let location = m.part(piece, start, start + word.len());
            let message = format!("`{}` does not know `{word}`", m.path());
            let near = nearest(word, place.parameter.split(' '));
            let help = Help::near(location, word, near, || format!("write some of {}", place.parameter.replace(' ', ",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += word.len() + 1;
    }
    Some(piece.at + 1)
}
