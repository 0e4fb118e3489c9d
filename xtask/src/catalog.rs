//! The catalog against the words that a binary registers.

use std::{collections::BTreeSet, fs, process::Command, process::ExitCode};

use haproxy_lint::{
    build::Build,
    catalog::{Entry, NoteKind, Table, keywords, table},
    expression::{Signature, lookup_converter, lookup_fetch},
    version::Version,
};

/// A word that a binary registers, and where: `("http-request", "deny")`, `("bind", "ssl")`, `("global", "maxconn")`.
type Registered = (String, String);

/// Reports on each binary; the status is 1 where the catalog lacks a word.
pub(crate) fn import(binaries: &[&str]) -> ExitCode {
    let mut lacking = false;
    for binary in binaries {
        match report(binary) {
            Ok(complete) => lacking |= !complete,
            Err(error) => {
                eprintln!("{binary}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::from(u8::from(lacking))
}

fn report(binary: &str) -> Result<bool, String> {
    let build = Build::parse(&output(binary, "vv", &["-vv"])?).map_err(|e| e.to_string())?;
    let listing = output(binary, "cfg", &["-dKcfg", "-q", "-c", "-f", "/dev/null"])?;
    let registered = words(&listing);
    if registered.is_empty() {
        return Err("it lists no words: -dK came with HAProxy 2.6".to_owned());
    }
    let mut lacking: Vec<Registered> = registered.iter().filter(|word| !knows(word, build.version)).cloned().collect();
    lacking.extend(expressions(binary, &build)?);
    let surplus = surplus(&registered, &build);
    println!(
        "HAProxy {}: {} words registered, {} unknown to the catalog, {} too many in it",
        build.version,
        registered.len(),
        lacking.len(),
        surplus.len()
    );
    lacking.iter().for_each(|(place, word)| println!("  lacks      {place} {word}"));
    surplus.iter().for_each(|(place, word)| println!("  too many   {place} {word}"));
    Ok(lacking.is_empty())
}

/// The sample fetches and converters of a binary that the library does not know for its version.
fn expressions(binary: &str, build: &Build) -> Result<Vec<Registered>, String> {
    let known = |forms: &[Signature]| forms.iter().any(|form| form.versions.contains(build.version));
    let mut lacking = Vec::new();
    let fetches = output(binary, "smp", &["-dKsmp", "-q", "-c", "-f", "/dev/null"])?;
    for line in fetches.lines().filter(|l| l.starts_with('[')) {
        let name = name(line.split(']').nth(1).unwrap_or(""));
        if !known(lookup_fetch(&name)) {
            lacking.push(("fetch".to_owned(), name));
        }
    }
    let converters = output(binary, "cnv", &["-dKcnv", "-q", "-c", "-f", "/dev/null"])?;
    for line in converters.lines().filter(|l| !l.starts_with('#') && l.contains("=>")) {
        let name = name(line);
        if !known(lookup_converter(&name)) {
            lacking.push(("converter".to_owned(), name));
        }
    }
    Ok(lacking)
}

/// The name that a line of these lists begins with: `src: addr`, `field(int,str): str => str`.
fn name(line: &str) -> String {
    line.trim().split(['(', ':']).next().unwrap_or("").trim().to_owned()
}

/// What a binary prints, or a recorded list of it: `PATH/V` stands for the files `PATH/V-cfg.txt` and `PATH/V-vv.txt`.
fn output(binary: &str, list: &str, arguments: &[&str]) -> Result<String, String> {
    if let Ok(text) = fs::read_to_string(format!("{binary}-{list}.txt")) {
        return Ok(text);
    }
    let output = Command::new(binary).args(arguments).output().map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The words of a `-dKcfg` list.
fn words(listing: &str) -> BTreeSet<Registered> {
    let mut section = "";
    let mut words = BTreeSet::new();
    for line in listing.lines().filter(|l| !l.starts_with('#')) {
        let Some(entry) = line.strip_prefix('\t') else {
            section = line.trim();
            continue;
        };
        let parts: Vec<&str> = entry.split_whitespace().filter(|w| !w.starts_with('+')).collect();
        let (place, word) = match parts.as_slice() {
            ["bind", "<addr>", "ssl", word] | ["bind", "<addr>", word] => ("bind", *word),
            ["server", "<name>", "<addr>", word] => ("server", *word),
            ["option", word, ..] => ("option", *word),
            ["tcp-request", "connection", word] => ("tcp-request connection", *word),
            ["tcp-request", "session", word] => ("tcp-request session", *word),
            ["tcp-request", "content", word] => ("tcp-request content", *word),
            ["tcp-response", "content", word] => ("tcp-response content", *word),
            [set @ ("http-request" | "http-response" | "http-after-response"), word] => (*set, *word),
            [word, ..] => (if section == "listen" { "proxy" } else { section }, *word),
            [] => continue,
        };
        words.insert((place.to_owned(), word.trim_end_matches('*').to_owned()));
    }
    words
}

/// Words that HAProxy registers only to refuse them: they belong to the signature of another.
const PARTS: [(&str, &str); 1] = [("server", "usesrc")];

/// Whether the catalog knows a word for this version.
fn knows((place, word): &Registered, version: Version) -> bool {
    if PARTS.contains(&(place, word)) {
        return true;
    }
    // What HAProxy has only to say that it is gone is known too.
    let fits =
        |entry: &Entry| entry.versions.contains(version) || entry.note(NoteKind::Removed).is_some_and(|n| n.versions.contains(version));
    match table(place) {
        Some(table) => entries(table, word).any(fits),
        None => keywords(&format!("{place} {word}")).iter().any(|k| fits(k.entry)),
    }
}

fn entries(table: &'static Table, word: &str) -> impl Iterator<Item = &'static Entry> {
    let called = format!("{word}(");
    let numbered = format!("{word}#");
    table.entries.iter().filter(move |e| e.key == word || e.key == called || e.key == numbered)
}

/// Words that the catalog has for this version and the binary does not register, where lists are complete.
fn surplus(registered: &BTreeSet<Registered>, build: &Build) -> Vec<Registered> {
    let places: BTreeSet<&str> = ["bind", "server"].into_iter().filter(|place| registered.iter().any(|(p, _)| p == place)).collect();
    let mut surplus = Vec::new();
    for place in places {
        for entry in table(place).map_or(&[][..], |t| t.entries) {
            let word = entry.key.trim_end_matches(['(', '#']);
            let built = entry.note(NoteKind::Needs).is_none_or(|n| build.has(n.feature) != Some(false));
            if entry.taken_by().contains(build.version) && built && !registered.contains(&(place.to_owned(), word.to_owned())) {
                // `ssl` itself is compared by hand.
                if word != "ssl" {
                    surplus.push((place.to_owned(), word.to_owned()));
                }
            }
        }
    }
    surplus
}
