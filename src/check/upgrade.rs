//! `--upgrade-to`: what is written for the later HAProxy must be read by the one that runs now.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    finding::{Edit, Finding, Fix, Severity, apply},
    source::{FileId, Location, Sources, Span},
};

use super::Options;

/// Takes back the fixes whose lines the HAProxy of today refuses, and says so. `plain` checks other text with other options.
pub(super) fn hold(findings: &mut [Finding], options: &Options, sources: &Sources, plain: impl Fn(&Sources, &Options) -> Vec<Finding>) {
    let (Some(_), Some(target)) = (options.upgrade_to, options.target) else { return };
    // Of fixes that overlap, the later ones are looked at once the first is made.
    let (mut made, mut taken): (Vec<(usize, Fix)>, Taken) = (Vec::new(), Taken::new());
    for (at, finding) in findings.iter().enumerate() {
        let Some(fix) = &finding.fix else { continue };
        if !fix.edits.iter().any(|edit| meets(&taken, edit.location)) {
            taken.extend(fix.edits.iter().map(|edit| (edit.location.file, edit.location.span.start, edit.location.span.end)));
            made.push((at, fix.clone()));
        }
    }
    if made.is_empty() {
        return;
    }
    let edits: Vec<&Edit> = made.iter().flat_map(|(_, fix)| &fix.edits).collect();
    let now = Options { upgrade_to: None, heard: None, ..options.clone() };
    let after = plain(&apply(sources, &edits), &now);
    let errors: BTreeSet<(FileId, u32)> =
        after.iter().filter(|f| f.severity == Severity::Error).filter_map(|f| f.location).map(|l| (l.file, l.span.start)).collect();
    let mut places = places(&edits).into_iter();
    for (at, fix) in &made {
        let own = places.by_ref().take(fix.edits.len());
        let refused = own.filter(|(file, span)| errors.range((*file, span.start)..(*file, span.end)).next().is_some()).count();
        if refused > 0 {
            findings[*at].fix = None;
            findings[*at].notes.push(format!("HAProxy {target} does not know that yet: it can be written once the later one runs"));
        }
    }
}

/// Where edits begin and end: none of them overlap.
type Taken = BTreeSet<(FileId, u32, u32)>;

/// Whether a place overlaps one that is taken, or is the same.
fn meets(taken: &Taken, place: Location) -> bool {
    let (file, Span { start, end }) = (place.file, place.span);
    let before = taken.range((file, 0, 0)..(file, start, 0)).next_back().is_some_and(|(_, _, other)| *other > start);
    let within = || start < end && taken.range((file, start, start + 1)..(file, end, 0)).next().is_some();
    before || within() || taken.contains(&(file, start, end))
}

/// Where the own text of each edit is once all of them are made, in the order of `edits`.
fn places(edits: &[&Edit]) -> Vec<(FileId, Range<u32>)> {
    let mut sorted: Vec<usize> = (0..edits.len()).collect();
    sorted.sort_by_key(|number| (edits[*number].location.file, edits[*number].location.span));
    let mut places = vec![(FileId(0), 0..0); edits.len()];
    let (mut file, mut moved) = (None, 0i64);
    for number in sorted {
        let edit = edits[number];
        let Span { start, end } = edit.location.span;
        if file != Some(edit.location.file) {
            (file, moved) = (Some(edit.location.file), 0);
        }
        let from = u32::try_from(i64::from(start) + moved).unwrap_or(0);
        moved += edit.text.len() as i64 - i64::from(end - start);
        places[number] = (edit.location.file, from..from + edit.text.len() as u32);
    }
    places
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
        let at = |start: u32, end: u32| Location { file: FileId(0), span: Span::new(start, end) };
        let edits = [Edit::replace(at(8, 13), "drei"), Edit::replace(at(0, 3), "eins und"), Edit::replace(at(4, 7), "")];
        let edits: Vec<&Edit> = edits.iter().collect();
        let after = apply(&sources, &edits);
        let text = String::from_utf8(after.files()[0].bytes().to_vec()).unwrap();
        assert_eq!(text, "eins und  drei");
        for (edit, (_, span)) in edits.iter().zip(places(&edits)) {
            assert_eq!(text.get(span.start as usize..span.end as usize).unwrap(), edit.text);
        }
    }
    #[test]
    fn what_overlaps_is_known() {
        let at = |start: u32, end: u32| Location { file: FileId(0), span: Span::new(start, end) };
        let taken: Taken = [(FileId(0), 4, 4), (FileId(0), 4, 8), (FileId(0), 12, 12)].into();
        let met = [at(4, 8), at(0, 5), at(7, 9), at(5, 6), at(2, 20), at(12, 12), at(5, 5), at(4, 4)];
        assert!(met.into_iter().all(|place| meets(&taken, place)));
        let free = [at(0, 4), at(8, 12), at(12, 13), at(8, 8), at(20, 21), Location { file: FileId(1), span: Span::new(4, 8) }];
        assert!(free.into_iter().all(|place| !meets(&taken, place)));
    }
}
