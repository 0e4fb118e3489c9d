//! `--upgrade-to`: what is written for the later HAProxy must be read by the one that runs now.

use crate::{
    finding::{Edit, Finding, Fix, Severity, apply},
    source::{Sources, Span},
};

use super::Options;

/// Takes back the fixes whose lines the HAProxy of today refuses, and says so. `plain` checks other text with other options.
pub(super) fn hold(findings: &mut [Finding], options: &Options, sources: &Sources, plain: impl Fn(&Sources, &Options) -> Vec<Finding>) {
    let (Some(_), Some(target)) = (options.upgrade_to, options.target) else { return };
    // Of fixes that overlap, the later ones are looked at once the first is made.
    let mut made: Vec<(usize, Fix)> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let Some(fix) = &finding.fix else { continue };
        let meets = |edit: &Edit| made.iter().flat_map(|(_, other)| &other.edits).any(|other| overlap(edit, other));
        if !fix.edits.iter().any(meets) {
            made.push((at, fix.clone()));
        }
    }
    if made.is_empty() {
        return;
    }
    let edits: Vec<&Edit> = made.iter().flat_map(|(_, fix)| &fix.edits).collect();
    let now = Options { upgrade_to: None, heard: None, ..options.clone() };
    let after = plain(&apply(sources, &edits), &now);
    let places = places(&edits);
    let refused = |edit: &Edit| {
        let span = places.iter().find(|(known, _)| std::ptr::eq(*known, edit)).map(|(_, span)| span);
        let within =
            |f: &&Finding| f.location.is_some_and(|l| l.file == edit.location.file && span.is_some_and(|s| s.contains(&l.span.start)));
        after.iter().filter(|f| f.severity == Severity::Error).any(|f| within(&f))
    };
    for (at, fix) in &made {
        if fix.edits.iter().any(refused) {
            findings[*at].fix = None;
            findings[*at].notes.push(format!("HAProxy {target} does not know that yet: it can be written once the later one runs"));
        }
    }
}

fn overlap(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.location, b.location);
    a.file == b.file && (a.span.start < b.span.end && b.span.start < a.span.end || a.span == b.span)
}

/// Where each edit's own text is once all of them are made.
fn places<'e>(edits: &[&'e Edit]) -> Vec<(&'e Edit, std::ops::Range<u32>)> {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|edit| (edit.location.file, edit.location.span));
    let (mut file, mut moved) = (None, 0i64);
    let place = |edit: &'e Edit| {
        let Span { start, end } = edit.location.span;
        if file != Some(edit.location.file) {
            (file, moved) = (Some(edit.location.file), 0);
        }
        let from = i64::from(start) + moved;
        moved += edit.text.len() as i64 - i64::from(end - start);
        let from = u32::try_from(from).unwrap_or(0);
        (edit, from..from + edit.text.len() as u32)
    };
    sorted.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::check;

    use super::*;

    #[test]
    fn a_fix_that_today_refuses_is_not_offered() {
        let text = "global\n    tune.quic.socket-owner listener\n    tune.quic.disable-udp-gso\nbackend b\n    dispatch 10.0.0.1:80\n";
        let sources = Sources::single("a.cfg", text);
        let found = |target: &str| {
            let version = |text: &str| Some(text.parse().unwrap());
            let report = check(&sources, &Options { target: version(target), upgrade_to: version("3.5"), ..Options::default() });
            let told = |f: &Finding| (f.fix.is_some(), f.notes.iter().any(|note| note.contains("does not know that yet")));
            report.findings.iter().map(told).collect::<Vec<_>>()
        };
        // The words of QUIC are new in 3.3; a `server` line is as old as HAProxy.
        assert_eq!(found("3.2"), [(false, true), (false, true), (true, false)]);
        assert_eq!(found("3.3"), [(true, false), (true, false), (true, false)]);
    }

    #[test]
    fn texts_are_found_where_the_edits_have_moved_them() {
        let sources = Sources::single("a.cfg", "one two three");
        let at = |start: u32, end: u32| crate::source::Location { file: crate::source::FileId(0), span: Span::new(start, end) };
        let edits = [Edit::replace(at(8, 13), "drei"), Edit::replace(at(0, 3), "eins und"), Edit::replace(at(4, 7), "")];
        let edits: Vec<&Edit> = edits.iter().collect();
        let after = apply(&sources, &edits);
        let text = String::from_utf8(after.files()[0].bytes().to_vec()).unwrap();
        assert_eq!(text, "eins und  drei");
        for (edit, span) in places(&edits) {
            assert_eq!(&text[span.start as usize..span.end as usize], edit.text);
        }
    }
}
