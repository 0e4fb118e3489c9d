//! Nothing, or `if` or `unless` with a condition to the end of the line.

use super::prelude::*;

/// Nothing, or `if` or `unless` with a condition to the end of the line.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Condition, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if !matches!(text, "if" | "unless") {
        let message = format!("`{text}` stands where `{}` takes `if` or `unless` and a condition, or nothing", m.path());
        m.fault(
            Fault::refused(FaultKind::UnexpectedArgument, piece.location, message, m.versions)
                .help("write `if` or `unless` before the condition, or quote what belongs together"),
        );
        return None;
    }
    let scope = scope(m);
    let mut faults = Vec::new();
    let texts = expression::condition(m.statement, piece.at, scope, &mut faults);
    take(m, faults)?;
    second_mark(m, piece.at + 1)?;
    texts.into_iter().flatten().for_each(|at| m.alike(at, Alike::Text));
    Some(m.end)
}

/// A second `if` or `unless` is an ACL of this name, which nobody declares.
fn second_mark(m: &mut Matcher<'_, '_>, start: usize) -> Option<()> {
    let mut braces = false;
    for at in start..m.end {
        let text = m.peek(at).and_then(|piece| piece.text).unwrap_or("");
        if !braces {
            m.alike(at, Alike::Acl);
        }
        match text.trim_start_matches('!') {
            "{" => braces = true,
            "}" => braces = false,
            mark @ ("if" | "unless") if !braces && !m.line.odd_acls => {
                let location = m.piece(at)?.location;
                let message = format!("`{mark}` cannot stand in a condition: HAProxy takes it for the name of an ACL");
                let help = "write the condition behind a single `if` or `unless`";
                m.fault(Fault::refused(FaultKind::InvalidCondition, location, message, m.versions).help(help));
                return None;
            }
            _ => {}
        }
    }
    Some(())
}
