//! Asks a real HAProxy and the library about the same generated lines.

use std::{collections::BTreeMap, fs, path::Path, process::Command, process::ExitCode};

use haproxy_lint::{
    build::Build,
    catalog::{Entry, table},
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    version::VersionSet,
};

use crate::generate::Generator;

/// HAProxy gives up after 50 errors in a file.
const BATCH: usize = 40;

/// The sections lines are made for: header, what else it needs, its table, and its bit in `Sections`.
const SECTIONS: [(&str, &str, &str, u8); 9] = [
    ("frontend", "", "proxy", 2),
    ("backend", "", "proxy", 8),
    ("listen", "", "proxy", 4),
    ("defaults", "", "proxy", 1),
    ("global", "", "global", 0),
    ("resolvers", "", "resolvers", 0),
    ("peers", "", "peers", 0),
    ("cache", "", "cache", 0),
    ("fcgi-app", "", "fcgi-app", 0),
];

struct Settings<'a> {
    binaries: Vec<&'a str>,
    lines: usize,
    seed: u64,
    only: Option<&'a str>,
}

/// A line in its own section.
struct Case {
    section: &'static str,
    line: String,
}

/// What was said of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    refused: bool,
    text: String,
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let Some(settings) = settings(arguments) else {
        eprintln!("usage: cargo xtask catalog try HAPROXY… [--lines N] [--seed N] [--table NAME]");
        return ExitCode::from(2);
    };
    let mut disagreements = 0;
    for binary in &settings.binaries {
        match compare(binary, &settings) {
            Ok(count) => disagreements += count,
            Err(error) => {
                eprintln!("{binary}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::from(u8::from(disagreements > 0))
}

fn settings<'a>(arguments: &[&'a str]) -> Option<Settings<'a>> {
    let mut settings = Settings { binaries: Vec::new(), lines: 1000, seed: 1, only: None };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--lines" => settings.lines = rest.next()?.parse().ok()?,
            "--seed" => settings.seed = rest.next()?.parse().ok()?,
            "--table" => settings.only = Some(rest.next()?),
            binary => settings.binaries.push(binary),
        }
    }
    (!settings.binaries.is_empty()).then_some(settings)
}

fn compare(binary: &str, settings: &Settings<'_>) -> Result<usize, String> {
    let output = Command::new(binary).arg("-vv").output().map_err(|e| e.to_string())?;
    let build = Build::parse(&String::from_utf8_lossy(&output.stdout)).map_err(|e| e.to_string())?;
    let cases = cases(settings, VersionSet::only(build.version));
    let folder = std::env::temp_dir().join(format!("haproxy-lint-try-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut counts = [0usize; 3];
    let mut by_keyword: BTreeMap<String, usize> = BTreeMap::new();
    for batch in cases.chunks(BATCH) {
        let theirs = ask(binary, &folder, batch)?;
        let ours = look(batch, &build);
        for ((case, theirs), ours) in batch.iter().zip(theirs).zip(ours) {
            let Some(theirs) = theirs else {
                counts[2] += 1;
                continue;
            };
            if theirs.refused == ours.refused {
                counts[0] += 1;
                continue;
            }
            counts[1] += 1;
            *by_keyword.entry(case.line.split(' ').take(2).collect::<Vec<_>>().join(" ")).or_default() += 1;
            let who = if theirs.refused { "only HAProxy refuses" } else { "only we refuse" };
            println!("{who}: {}: {}\n    {}", case.section, case.line, if theirs.refused { &theirs.text } else { &ours.text });
        }
    }
    let _ = fs::remove_dir_all(&folder);
    println!(
        "HAProxy {}: {} lines: {} agree, {} differ, {} depend on the machine",
        build.version,
        cases.len(),
        counts[0],
        counts[1],
        counts[2]
    );
    Ok(counts[1])
}

fn cases(settings: &Settings<'_>, versions: VersionSet) -> Vec<Case> {
    let mut generator = Generator::new(settings.seed, versions);
    let mut cases = Vec::new();
    while cases.len() < settings.lines {
        let (section, _, name, bit) = SECTIONS[generator.random.below(SECTIONS.len())];
        generator.section = bit;
        let entries: Vec<&'static Entry> = table(name).map_or(&[][..], |t| t.entries).iter().filter(|e| generator.takes(e)).collect();
        if entries.is_empty() {
            continue;
        }
        let entry = entries[generator.random.below(entries.len())];
        // These change what every other line means, or start programs.
        if matches!(
            entry.key,
            "zero-warning"
                | "chroot"
                | "daemon"
                | "master-worker"
                | "setenv"
                | "resetenv"
                | "unsetenv"
                | "presetenv"
                | "default-path"
                | "expose-experimental-directives"
                | "expose-deprecated-directives"
                | "strict-limits"
        ) || settings.only.is_some_and(|only| entry.key != only)
        {
            if settings.only.is_some()
                && !SECTIONS.iter().any(|s| table(s.2).is_some_and(|t| t.entries.iter().any(|e| Some(e.key) == settings.only)))
            {
                break;
            }
            continue;
        }
        cases.push(Case { section, line: generator.line(entry) });
    }
    cases
}

/// The file that holds these lines, and the line number of each.
fn file(batch: &[Case]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut at = Vec::new();
    for (number, case) in batch.iter().enumerate() {
        text += case.section;
        text += if case.section == "global" { "\n" } else { " s" };
        if case.section != "global" {
            text += &format!("{number}\n");
        }
        if case.section != "global" && case.section != "resolvers" && matches!(case.section, "frontend" | "backend" | "listen" | "defaults")
        {
            text += "  mode http\n";
        }
        text += "  ";
        text += &case.line;
        text.push('\n');
        at.push(text.lines().count());
    }
    // A last mistake keeps HAProxy from its checks of the whole, which are about more than one line.
    text += "backend last\n  no-such-keyword\n";
    (text, at)
}

/// What HAProxy says of each line; `None` where that depends on the machine.
fn ask(binary: &str, folder: &Path, batch: &[Case]) -> Result<Vec<Option<Said>>, String> {
    let mut said = vec![Some(Said::default()); batch.len()];
    let mut start = 0;
    while start < batch.len() {
        let (text, at) = file(&batch[start..]);
        let path = folder.join("try.cfg");
        fs::write(&path, &text).map_err(|e| e.to_string())?;
        let output =
            Command::new(binary).args(["-c", "-f"]).arg(&path).env_clear().current_dir(folder).output().map_err(|e| e.to_string())?;
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        let (mut last, mut spoken) = (0, "");
        for message in printed.lines().filter(|l| l.starts_with("[ALERT]") || l.starts_with("[WARNING]")) {
            let Some(line) = line_of(message) else { continue };
            if line >= last {
                (last, spoken) = (line, message);
            }
            if message.starts_with("[WARNING]") {
                continue;
            }
            if let Some(index) = at.iter().position(|l| *l == line) {
                let machine = depends_on_machine(message);
                said[start + index] =
                    (!machine).then(|| Said { refused: true, text: message.split(" : ").skip(1).collect::<Vec<_>>().join(" : ") });
            }
        }
        // The mistake at the end was not reached: HAProxy stopped at the last line it speaks of.
        let reached = last > text.lines().count().saturating_sub(1);
        match at.iter().position(|l| *l >= last) {
            Some(index) if !reached && last > 0 => {
                // It may stop with a mere warning.
                said[start + index] = (!depends_on_machine(spoken)).then(|| Said { refused: true, text: spoken.to_owned() });
                start += index + 1;
            }
            _ => break,
        }
    }
    Ok(said)
}

/// The line in `[…try.cfg:LINE]`.
fn line_of(message: &str) -> Option<usize> {
    let rest = message.split("try.cfg:").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Files, users and names that are not there are no fault of the line.
fn depends_on_machine(message: &str) -> bool {
    [
        "unable to load",
        "unable to open",
        "cannot open",
        "Cannot open",
        "failed to open",
        "No such file",
        "unable to stat",
        "not found",
        "cannot find user",
        "unknown user",
        "unknown group",
        "could not resolve",
        "not built",
        "compiled",
        "Failed to",
        "not supported by",
        "unable to read",
        "can't open",
        "couldn't open",
        "error in Lua",
        "not available",
        "unsupported by",
        "without support",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// What the library says of each line.
fn look(batch: &[Case], build: &Build) -> Vec<Said> {
    let mut said = vec![Said::default(); batch.len()];
    // Each line alone: what stops HAProxy's reading would silence the rest.
    for (index, case) in batch.iter().enumerate() {
        let (text, at) = file(std::slice::from_ref(case));
        let sources = Sources::single("try.cfg", text);
        let options = Options { target: Some(build.version), build: Some(build.clone()), ..Options::default() };
        for finding in check(&sources, &options).findings {
            let line = finding.location.map(|l| sources.file(l.file).position(l.span.start).line);
            if line == Some(at[0]) && matches!(finding.haproxy, Some(Verdict::Reject | Verdict::Alert)) {
                said[index] = Said { refused: true, text: format!("{}: {}", finding.rule.name, finding.message) };
            }
        }
    }
    said
}
