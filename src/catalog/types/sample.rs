//! A sample expression. The parameter says what else may stand there, as a single word: `int`, `number`, `size`, `time`,
//! `positive-time`; with `one-word` and the times converters behind it must be in the same word.

use crate::finding::Verdict;

use super::prelude::*;

/// A sample expression. The parameter says what else may stand there, as a single word: `int`, `number`, `size`, `time`,
/// `positive-time`; with `one-word` and the times converters behind it must be in the same word.
pub(in crate::catalog) static TYPE: Type =
    Type::new(Role::Sample, judge).with(&["int", "number", "size", "time", "positive-time", "one-word"]);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let signed =
        |c: char| c == '-' && !matches!(place.parameter, "" | "one-word") || c == '+' && matches!(place.parameter, "int" | "number");
    if text.starts_with(|c: char| c.is_ascii_digit() || signed(c)) {
        let plain = Place { parameter: if place.parameter == "size" { "32" } else { "" }, ..*place };
        match place.parameter {
            "int" => return super::int::judge(m, piece, &plain),
            "number" => return super::number::judge(m, piece, &plain),
            "size" => return super::size::judge(m, piece, &plain),
            "time" => return super::time::judge(m, piece, &plain),
            "positive-time" => return super::delay::positive_time(m, piece, &plain),
            _ => {}
        }
    }
    let scope = scope(m);
    let mut faults = Vec::new();
    let next = expression::sample(m.statement, piece.at, scope, &mut faults);
    if m.line.kind == SectionKind::Defaults && m.path.first() == Some(&"balance") {
        // It is compiled for the backends that inherit it.
        faults.iter_mut().for_each(|fault| fault.verdict = None);
    }
    // What waits (`pause`, `set-timeout`) is not asked whether what it fetches is there: it does nothing then.
    if place.parameter == "positive-time" {
        faults.iter_mut().filter(|fault| fault.kind == FaultKind::UnavailableFetch).for_each(|fault| fault.verdict = None);
    }
    // Of `option forwarded` HAProxy only warns then.
    if super::of_forwarded(m) {
        let is_read = super::is_read_of_forwarded(m, piece.at);
        for fault in faults.iter_mut().filter(|fault| fault.verdict.is_some()) {
            let told = if fault.kind == FaultKind::UnavailableFetch { Verdict::Warning } else { Verdict::Reject };
            fault.verdict = is_read.then_some(told);
        }
    }
    // Converters may follow in words of their own: the word behind the last was looked at, too.
    m.look_at(piece.at..=next);
    let taken = take(m, faults);
    // `default-server` keeps the word as it is.
    if taken.is_none() && m.str(m.first) != "default-server" {
        return None;
    }
    Some(if matches!(place.parameter, "one-word" | "positive-time") { piece.at + 1 } else { next.min(m.end) })
}
