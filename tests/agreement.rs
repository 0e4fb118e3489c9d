//! Small configurations, and what six HAProxy said of each (`tests/agreement.txt`): the verdict, and the lines that they spoke of.

use haproxy_lint::{
    check::{Options, check},
    finding::Verdict,
    source::Sources,
};

/// What is said of a configuration: whether it is refused, and the lines with an alert (`true`) or a warning.
type Said = (bool, Vec<(usize, bool)>);

/// What HAProxy `version` says, by our account.
fn ours(text: &str, version: &str) -> Said {
    let sources = Sources::single("haproxy.cfg", text.to_owned());
    let options = Options { target: Some(version.parse().unwrap()), ..Options::default() };
    let mut lines = Vec::new();
    let mut refused = false;
    for finding in check(&sources, &options).findings {
        let (Some(verdict), Some(at)) = (finding.haproxy, finding.location) else { continue };
        refused |= verdict == Verdict::Reject;
        lines.push((sources.file(at.file).line_of(at.span.start) + 1, verdict != Verdict::Warning));
    }
    (refused, lines)
}

/// What a record says: `-- 3.0.0 reject 4:alert`; and the lines that HAProxy says nothing of: `5:silent`.
fn recorded(record: &str) -> (&str, Said, Vec<usize>) {
    let mut words = record.split_whitespace();
    let (version, verdict) = (words.next().unwrap(), words.next().unwrap());
    let lines: Vec<(usize, &str)> = words.filter_map(|word| word.split_once(':')).map(|(n, kind)| (n.parse().unwrap(), kind)).collect();
    let silent = lines.iter().filter(|(_, kind)| *kind == "silent").map(|(n, _)| *n).collect();
    let told = lines.iter().filter(|(_, kind)| *kind != "silent").map(|(n, kind)| (*n, *kind == "alert")).collect();
    (version, (verdict == "reject", told), silent)
}

#[test]
fn small_configurations_are_judged_as_haproxy_judges_them() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for case in include_str!("agreement.txt").split("\n== ").skip(1) {
        let (title, rest) = case.split_once('\n').unwrap();
        let (text, records) = rest.split_once("\n-- ").unwrap();
        for (version, (refused, lines), silent) in records.trim_end().split("\n-- ").map(recorded) {
            asked += 1;
            let (we_refuse, said) = ours(&format!("{text}\n"), version);
            let missed: Vec<_> = lines.iter().filter(|line| !said.contains(line)).collect();
            let loud: Vec<_> = said.iter().filter(|(line, _)| silent.contains(line)).collect();
            if refused != we_refuse || !missed.is_empty() || !loud.is_empty() {
                wrong.push(format!("{version}, {title}: refused {refused}, and by us {we_refuse}; missed {missed:?}, too many {loud:?}"));
            }
        }
    }
    assert!(asked > 100 && wrong.is_empty(), "{} of {asked} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
