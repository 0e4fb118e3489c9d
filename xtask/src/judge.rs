//! Asks a real HAProxy and the library about the same generated lines.

use std::{collections::BTreeMap, fs, path::Path, process::Command, process::ExitCode, process::Output};

use haproxy_lint::{
    build::Build,
    catalog::{Entry, table},
    check::{Options, check},
    finding::Verdict,
    source::Sources,
    version::VersionSet,
};

use crate::generate::{Generator, REPLY_FILE};

/// HAProxy gives up after 50 errors in a file.
const BATCH: usize = 40;

/// The sections lines are made for: keyword, table, and bit in `Sections`.
const SECTIONS: [(&str, &str, u8); 17] = [
    ("frontend", "proxy", 2),
    ("backend", "proxy", 8),
    ("listen", "proxy", 4),
    ("defaults", "proxy", 1),
    ("global", "global", 0),
    ("resolvers", "resolvers", 0),
    ("peers", "peers", 0),
    ("cache", "cache", 0),
    ("fcgi-app", "fcgi-app", 0),
    ("userlist", "userlist", 0),
    ("mailers", "mailers", 0),
    ("ring", "ring", 0),
    ("log-forward", "log-forward", 0),
    ("http-errors", "http-errors", 0),
    ("crt-store", "crt-store", 0),
    ("log-profile", "log-profile", 0),
    ("healthcheck", "healthcheck", 0),
];

struct Settings<'a> {
    binaries: Vec<&'a str>,
    lines: usize,
    seed: u64,
    only: Option<&'a str>,
    /// The ends of lines come from no signature.
    outside: bool,
}

/// A line in its own section.
#[derive(Clone)]
struct Case {
    section: &'static str,
    /// The keyword, as the catalog has it.
    key: &'static str,
    line: String,
}

/// What was said of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    refused: bool,
    /// With a warning alone.
    warned: bool,
    text: String,
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let Some(settings) = settings(arguments) else {
        eprintln!("usage: cargo xtask catalog try HAPROXY… [--lines N] [--seed N] [--table NAME] [--outside]");
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
    let mut settings = Settings { binaries: Vec::new(), lines: 1000, seed: 1, only: None, outside: false };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--lines" => settings.lines = rest.next()?.parse().ok()?,
            "--seed" => settings.seed = rest.next()?.parse().ok()?,
            "--outside" => settings.outside = true,
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
    fs::write(folder.join(REPLY_FILE), "HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").map_err(|e| e.to_string())?;
    let (mut agree, mut differ) = (0, 0);
    let (mut explained, mut words): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
    for batch in cases.chunks(BATCH) {
        let theirs = ask(binary, &folder, batch)?;
        for (case, mut theirs) in batch.iter().zip(theirs) {
            let ours = look(case, &build);
            if theirs.refused != ours.refused && batch.len() > 1 {
                // Another line may have been to blame.
                theirs = ask(binary, &folder, std::slice::from_ref(case))?.pop().unwrap_or_default();
            }
            if ours.refused && theirs.warned {
                // A mere warning may be meant as a refusal: the status tells.
                theirs.refused = !haproxy(binary, &folder, &file(std::slice::from_ref(case), false).0)?.status.success();
            }
            if theirs.refused == ours.refused {
                agree += 1;
            } else if let Some(reason) = reason(case, &theirs) {
                *explained.entry(reason).or_default() += 1;
            } else {
                differ += 1;
                *words.entry(case.key).or_default() += 1;
                let who = if theirs.refused { "only HAProxy refuses" } else { "only we refuse" };
                println!("{who}: {}: {}\n    {}", case.section, case.line, if theirs.refused { &theirs.text } else { &ours.text });
            }
        }
    }
    let _ = fs::remove_dir_all(&folder);
    words.iter().filter(|_| settings.outside).for_each(|(word, count)| println!("differ: {count} {word}"));
    explained.iter().for_each(|(reason, count)| println!("explained: {count} {reason}"));
    let explained: usize = explained.values().sum();
    println!("HAProxy {}: {} lines: {agree} agree, {differ} differ, {explained} explained", build.version, cases.len());
    Ok(differ)
}

fn cases(settings: &Settings<'_>, versions: VersionSet) -> Vec<Case> {
    let mut generator = Generator::new(settings.seed, versions);
    let mut cases = Vec::new();
    let known = |keyword: &str| haproxy_lint::syntax::section_kind(keyword).is_some_and(|section| section.versions.covers(versions));
    let sections: Vec<_> = SECTIONS.iter().filter(|(keyword, ..)| known(keyword)).collect();
    while cases.len() < settings.lines {
        let &(section, name, bit) = sections[generator.random.below(sections.len())];
        generator.section = bit;
        // Now and then a keyword of another section.
        let misplaced = generator.random.below(20) == 0;
        let entries: Vec<&'static Entry> = table(name)
            .map_or(&[][..], |t| t.entries)
            .iter()
            .filter(|e| generator.takes(e) || misplaced && e.taken_by().meets(versions))
            .collect();
        if entries.is_empty() {
            continue;
        }
        let entry = entries[generator.random.below(entries.len())];
        // These change what every other line means, start programs, or make files.
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
                | "quiet"
                | "backing-file"
        ) || settings.only.is_some_and(|only| entry.key != only)
        {
            if settings.only.is_some()
                && !SECTIONS.iter().any(|s| table(s.1).is_some_and(|t| t.entries.iter().any(|e| Some(e.key) == settings.only)))
            {
                break;
            }
            continue;
        }
        let line = if settings.outside { generator.outside(entry) } else { generator.line(entry) };
        // HAProxy would make so many servers, and fill the memory.
        if entry.key == "server-template" && line.contains("99999999999") {
            continue;
        }
        cases.push(Case { section, key: entry.key, line });
    }
    cases
}

/// The file that holds these lines, and the line number of each; with a mistake at its end it is not checked as a whole.
fn file(batch: &[Case], mistake: bool) -> (String, Vec<usize>) {
    let (mut text, mut at) = (String::new(), vec![0; batch.len()]);
    // Some global keywords are refused behind the first other section.
    let (global, other): (Vec<_>, Vec<_>) = batch.iter().enumerate().partition(|(_, case)| case.section == "global");
    let mut clean = true;
    for (number, case) in global.into_iter().chain(other) {
        if clean && case.section != "global" {
            // No proxy takes anything over from the lines that are tried.
            text += "defaults clean\n  mode http\n";
            clean = false;
        }
        text += &match case.section {
            "global" => "global\n".to_owned(),
            "defaults" => format!("defaults s{number}\n  mode http\n"),
            proxy @ ("frontend" | "backend" | "listen") => format!("{proxy} s{number} from clean\n"),
            other => format!("{other} s{number}\n"),
        };
        text += &format!("  {}\n", case.line);
        at[number] = text.lines().count();
    }
    if !mistake {
        return (text, at);
    }
    // It keeps HAProxy from its checks of the whole, which are about more than one line, and shows that it came so far.
    text += if clean { "backend last\n" } else { "backend last from clean\n" };
    text += "  no-such-keyword\n";
    (text, at)
}

/// Has HAProxy check a file.
fn haproxy(binary: &str, folder: &Path, text: &str) -> Result<Output, String> {
    let path = folder.join("try.cfg");
    fs::write(&path, text).map_err(|e| e.to_string())?;
    // The environment could be used by a line; the path finds the binary.
    let found = std::env::var_os("PATH").unwrap_or_default();
    let mut command = Command::new(binary);
    command.args(["-c", "-f"]).arg(&path).env_clear().env("PATH", found).current_dir(folder);
    command.output().map_err(|e| e.to_string())
}

/// What HAProxy says of each line.
fn ask(binary: &str, folder: &Path, batch: &[Case]) -> Result<Vec<Said>, String> {
    let (text, at) = file(batch, true);
    let output = haproxy(binary, folder, &text)?;
    // What cannot be printed can keep a message from ending its line.
    let printed = String::from_utf8_lossy(&output.stderr).replace("[ALERT]", "\n[ALERT]");
    let mut said = vec![Said::default(); batch.len()];
    let (mut last, mut reached) = (None, false);
    for message in printed.lines().filter(|l| l.starts_with("[ALERT]") || l.starts_with("[WARNING]")) {
        let Some(line) = line_of(message) else { continue };
        reached |= line == text.lines().count();
        let Some(index) = at.iter().position(|l| *l == line) else { continue };
        last = last.max(Some((line, index)));
        said[index].warned |= !said[index].refused;
        if message.starts_with("[ALERT]") {
            said[index] = Said { refused: true, warned: false, text: message.split(" : ").skip(1).collect::<Vec<_>>().join(" : ") };
        }
    }
    if reached || batch.is_empty() {
        return Ok(said);
    }
    match (batch, last) {
        // It ends here: with a warning, or a crash.
        ([_], _) => Ok(vec![Said { refused: true, warned: false, text: format!("ends with {}: {printed}", output.status) }]),
        // What it stopped at is told by its message; a mere warning has to be looked at again.
        (_, Some((line, last))) => {
            if !said[last].refused {
                said[last] = ask(binary, folder, &batch[last..=last])?.pop().unwrap_or_default();
            }
            let rest: Vec<usize> = (0..batch.len()).filter(|index| at[*index] > line).collect();
            let cases: Vec<Case> = rest.iter().map(|index| batch[*index].clone()).collect();
            rest.into_iter().zip(ask(binary, folder, &cases)?).for_each(|(index, verdict)| said[index] = verdict);
            Ok(said)
        }
        // Some line ends it without a word.
        (_, None) => {
            let (left, right) = batch.split_at(batch.len() / 2);
            let mut said = ask(binary, folder, left)?;
            said.append(&mut ask(binary, folder, right)?);
            Ok(said)
        }
    }
}

/// The line in `[…try.cfg:LINE]`.
fn line_of(message: &str) -> Option<usize> {
    // 2.6 may lead with the line of a peer that it had read before.
    let rest = message.split("parsing [").nth(1).unwrap_or(message).split("try.cfg:").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Why HAProxy may refuse a line that is right, by a part of its message: the line wants something that the machine, or
/// this build, has not.
const MACHINE: [(&str, &str); 39] = [
    ("No such file", MISSING_FILE),
    ("error opening file", MISSING_FILE),
    ("unable to load", MISSING_FILE),
    ("unable to stat", MISSING_FILE),
    ("failed to open", MISSING_FILE),
    ("cannot open the file", MISSING_FILE),
    ("expects a directory path", MISSING_FILE),
    ("cannot find user id", MISSING_USER),
    ("cannot find group id", MISSING_USER),
    ("unknown user", MISSING_USER),
    ("unknown group", MISSING_USER),
    ("is not a valid IPv4 or IPv6 address", UNRESOLVED),
    ("invalid address: '", UNRESOLVED),
    ("parsing agent-addr failed", UNRESOLVED),
    ("could not resolve address", UNRESOLVED),
    ("expects <address>[/mask]", UNRESOLVED),
    ("free(): double free", UNRESOLVED),
    // 3.4.0, of `default-server healthcheck` in `defaults`.
    ("ends with signal: 11", "make HAProxy itself break down"),
    ("when non-empty payload", CONTENT),
    ("configuration file reply.http", CONTENT),
    ("cannot be read or parsed", CONTENT),
    ("expects a directory path as an argument", MISSING_FILE),
    ("overflow detected due to too large", "want more memory than there is"),
    ("processing 'opentracing'", CONTENT),
    ("processing 'spoe'", CONTENT),
    ("unable to parse headers", CONTENT),
    ("on 'bind' lines is deprecated", "are warned of on `bind` lines, and by an alert on `dgram-bind` lines"),
    ("fail to set sink buffer size", "want more memory than there is"),
    ("Couldn't open the ca-file", MISSING_FILE),
    ("error in Lua file", CONTENT),
    ("processing 'namespace'", "network namespaces need privileges"),
    ("Cannot open namespace", "network namespaces need privileges"),
    ("not supported by your TLS library", TLS),
    ("'ssl-propquery'", TLS),
    ("'ssl-provider'", TLS),
    ("(null)", TLS),
    ("(got 'quic')", "want what this build does not have"),
    ("unknown MUX protocol 'quic'", "want what this build does not have"),
    ("only available when", "want what this build does not have"),
];
const MISSING_FILE: &str = "name files that this machine does not have";
const CONTENT: &str = "name files, and only HAProxy looks into them";
const MISSING_USER: &str = "name users or groups that this machine does not have";
const UNRESOLVED: &str = "name hosts that this machine cannot resolve";
const TLS: &str = "want what the TLS library of this build does not have";

/// Keywords of which HAProxy compares the beginning only, so that `add-aclx` is `add-acl`. Nobody means that: the library
/// knows the word itself.
const PREFIXES: [&str; 5] = ["add-acl", "del-acl", "set-map", "del-map", "random"];

/// Why a disagreement is none.
fn reason(case: &Case, theirs: &Said) -> Option<&'static str> {
    let prefixed = |word: &str| PREFIXES.iter().any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()));
    if !theirs.refused && case.line.split(' ').nth(1).is_some_and(prefixed) {
        return Some("begin with a keyword, and HAProxy takes them for it");
    }
    if !theirs.refused && case.line.starts_with("load ") && case.line.ends_with(" crt") {
        return Some("name a certificate by nothing, which its `acme` section is to get");
    }
    if !theirs.refused && case.line.starts_with("ssl-f-use") {
        return Some("are looked at where a proxy listens with TLS, and this one does not");
    }
    MACHINE.iter().find(|(part, _)| theirs.refused && theirs.text.contains(part)).map(|(_, reason)| *reason)
}

/// What the library says of a line. It is alone in its file: what stops HAProxy's reading would silence the rest.
fn look(case: &Case, build: &Build) -> Said {
    let (text, at) = file(std::slice::from_ref(case), true);
    let sources = Sources::single("try.cfg", text);
    let options = Options { target: Some(build.version), build: Some(build.clone()), ..Options::default() };
    let refusal = check(&sources, &options).findings.into_iter().find(|finding| {
        let line = finding.location.map(|l| sources.file(l.file).position(l.span.start).line);
        line == Some(at[0]) && matches!(finding.haproxy, Some(Verdict::Reject | Verdict::Alert))
    });
    refusal.map_or_else(Said::default, |f| Said { refused: true, warned: false, text: format!("{}: {}", f.rule.name, f.message) })
}
