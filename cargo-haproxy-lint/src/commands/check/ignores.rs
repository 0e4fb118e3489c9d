//! `--add-ignores`: comments that silence what is found today, so that what is new stands out.

use std::{collections::HashMap, mem::take};

use haproxy_lint::{
    check::{
        Report,
        suppress::{Comment, comments, says_unused},
    },
    counted,
    finding::Finding,
    project::STDIN,
    source::{FileId, SourceFile, Sources},
};

use super::{Check, Done, mend::Mended};
use crate::{
    changes::{self, Change},
    error::Error,
    output,
};

/// Writes the comments, in memory. `check` says what is found then.
pub(crate) fn add(mut done: Done, reason: &str, check: impl Fn(&Sources) -> Report) -> Done {
    // A line break would end the comment.
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wanted = comments(&done.sources, &done.report.findings);
    let before: Vec<(String, Vec<u8>)> = done.sources.files().iter().map(|f| (f.name().to_owned(), f.bytes().to_vec())).collect();
    let lines: Vec<usize> = wanted.iter().map(|c| done.sources.file(c.file).line_of(c.at)).collect();
    let lines: HashMap<(FileId, u32), usize> = wanted.iter().map(|c| (c.file, c.at)).zip(lines).collect();
    let (mut sources, mut report) = (take(&mut done.sources), take(&mut done.report));
    while !wanted.is_empty() {
        let edited = with(&before, &wanted, &reason);
        let found = check(&edited);
        let useless = useless(&wanted, &lines, &found.findings, &edited);
        if useless.is_empty() {
            (sources, report) = (edited, found);
            break;
        }
        // What silences nothing, as a comment before a scalar of one line, is not written.
        for (comment, rule) in useless {
            wanted[comment].rules.retain(|known| *known != rule);
        }
        wanted.retain(|comment| !comment.rules.is_empty());
    }
    let changed = before.into_iter().zip(sources.files()).filter(|((_, before), file)| before != file.bytes());
    let changes = changed.map(|((name, before), file)| Change { name, before, after: file.bytes().to_vec() }).collect();
    Done { sources, report, mended: Mended::by_hand(changes), ..done }
}

/// The files with the comments in them, which come in the order of their places.
fn with(files: &[(String, Vec<u8>)], comments: &[Comment], reason: &str) -> Sources {
    let mut comments = comments.iter().peekable();
    let edited = files.iter().enumerate().map(|(index, (name, bytes))| {
        let mut text = Vec::with_capacity(bytes.len());
        let mut from = 0;
        while let Some(comment) = comments.next_if(|c| c.file == FileId(index as u32)) {
            text.extend_from_slice(&bytes[from..comment.at as usize]);
            text.extend_from_slice(comment.text(reason).as_bytes());
            from = comment.at as usize;
        }
        text.extend_from_slice(&bytes[from..]);
        SourceFile::new(name.as_str(), text)
    });
    Sources::new(edited.collect())
}

/// The rules of comments that silence nothing there: what they were written for is still found, or they are told to be unused.
fn useless(wanted: &[Comment], lines: &HashMap<(FileId, u32), usize>, found: &[Finding], sources: &Sources) -> Vec<(usize, &'static str)> {
    // The lines of the comments in the new text: each moves those behind it down by one.
    let mut places: HashMap<(FileId, usize), usize> = HashMap::new();
    let mut above: HashMap<FileId, usize> = HashMap::new();
    for (index, comment) in wanted.iter().enumerate() {
        let above = above.entry(comment.file).or_default();
        places.insert((comment.file, lines[&(comment.file, comment.at)] + *above), index);
        *above += 1;
    }
    let mut useless = Vec::new();
    for finding in found {
        let Some(location) = finding.location else { continue };
        let file = sources.file(location.file);
        let line = file.line_of(location.span.start);
        let of_comment = |line: usize| places.get(&(location.file, line)).copied();
        if says_unused(finding) {
            let name = file.text(location.span);
            let rule = of_comment(line).and_then(|c| Some((c, *wanted[c].rules.iter().find(|rule| **rule == name)?)));
            useless.extend(rule);
        } else if let Some(comment) = line.checked_sub(1).and_then(of_comment) {
            useless.extend(wanted[comment].rules.iter().find(|rule| **rule == finding.rule.name).map(|rule| (comment, *rule)));
        }
    }
    useless
}

/// Writes the files.
pub(crate) fn finish(done: &[Done], options: &Check, errors: &mut Vec<Error>) {
    if options.add_ignores.is_none() {
        return;
    }
    if options.paths.iter().chain(&options.files).chain(&options.topology).any(|path| path.as_os_str() == STDIN) {
        errors.push(Error::new("standard input cannot be written to", "name the file that is to get the comments"));
        return;
    }
    let changes = || done.iter().flat_map(|d| &d.mended.changes);
    match changes::write_all(changes()) {
        Err(error) => errors.push(error),
        Ok(()) if options.quiet => {}
        Ok(()) => {
            let lines = |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count();
            let count: usize = changes().map(|c| lines(&c.after) - lines(&c.before)).sum();
            let names: Vec<&str> = changes().map(|c| c.name.as_str()).collect();
            let files = if let [name] = names[..] { format!("`{name}`") } else { format!("{} files", names.len()) };
            if count > 0 {
                output::note(&format!("{} written into {files}", counted(count, "comment")));
            }
            let left: usize = done.iter().map(|d| d.report.findings.iter().filter(|f| !says_unused(f)).count()).sum();
            if left > 0 {
                output::note(&format!(
                    "no comment can silence {}: a comment stands in a configuration, above the line that a finding is about; \
                     `ignore` in the settings silences a rule, `--write-baseline FILE` what is known today",
                    counted(left, "finding")
                ));
            }
        }
    }
}
