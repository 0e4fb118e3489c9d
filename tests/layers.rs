//! What is below knows nothing of what is above: `use crate::…` and `crate::…` go down, from each folder and file of `src/`.

use std::{collections::HashMap, fs, path::Path};

/// The modules in their layers, the lowest first: each may use those that stand before it.
const LAYERS: [&[&str]; 12] = [
    &["counted", "cut", "cancel", "eight", "lookup", "threads", "topics"],
    &["nearest", "version", "build", "source", "surroundings"],
    &["yaml", "finding", "syntax"],
    &["address", "heard"],
    &["expression", "catalog", "secret", "shown", "config"],
    &["topology", "runtime"],
    &["format"],
    &["rules"],
    &["check"],
    &["report", "fix", "settings", "stages"],
    &["project", "analysis"],
    &["baseline", "generate"],
];

/// What is known to go upward still, by file and by what it uses.
const KNOWN: [(&str, &str); 0] = [];

#[test]
fn every_arrow_goes_down() {
    let place: HashMap<&str, usize> = LAYERS.iter().flat_map(|layer| layer.iter()).enumerate().map(|(at, name)| (*name, at)).collect();
    let mut wrong = Vec::new();
    for file in files(Path::new("src")) {
        let own = module(&file);
        if own == "lib" {
            continue;
        }
        let Some(here) = place.get(own.as_str()) else { panic!("{file}: `{own}` is in no layer") };
        for (line, used) in uses(&fs::read_to_string(&file).unwrap()) {
            let Some(there) = place.get(used.as_str()) else { continue };
            if there > here && !KNOWN.contains(&(file.as_str(), used.as_str())) {
                wrong.push(format!("{file}:{line}: `{own}` uses `{used}`, which is above it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let text = "use crate::{\n    cut::Cut,\n    check::{self, Options},\n};\nfn f(x: crate::rules::Rule) {} // crate::fix\n/// [`crate::fix`]\n#[cfg(test)]\nmod tests { use crate::report; }\n";
    let seen: Vec<(usize, String)> = uses(text);
    let seen: Vec<(usize, &str)> = seen.iter().map(|(line, name)| (*line, name.as_str())).collect();
    assert_eq!(seen, [(2, "cut"), (3, "check"), (5, "rules")]);
}

/// All files of Rust in a folder but those of tests, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_stem().is_some_and(|name| name != "tests") {
            all.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    all.sort();
    all
}

/// The module of the library that a file belongs to.
fn module(file: &str) -> String {
    let first = file.split('/').nth(1).unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that a text names behind `crate::`, each with its line. What tests use is no arrow.
fn uses(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: String = text.lines().map(|line| line.split("//").next().unwrap().to_owned() + "\n").collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let behind = at + "crate::".len();
        let mut add = |at: usize| found.push((code[..at].matches('\n').count() + 1, word(&code[at..])));
        if !code[behind..].starts_with('{') {
            add(behind);
            continue;
        }
        // In `{a::b, c::{d, e}}` those are meant that stand behind the outer brace and its commas.
        let (mut depth, mut open) = (0, false);
        for (offset, c) in code[behind..].char_indices() {
            match c {
                '{' => (depth, open) = (depth + 1, depth == 0),
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => open = true,
                c if open && !c.is_whitespace() => {
                    add(behind + offset);
                    open = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// The name that a text begins with.
fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn only_the_face_is_shown() {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let modules = lines.windows(2).filter(|two| two[1].starts_with("pub mod ") && two[0] != "#[doc(hidden)]");
    let shown: Vec<&str> = modules.map(|two| two[1]).collect();
    assert_eq!(shown, ["pub mod analysis;"], "what programs need of another module is named in `src/lib.rs`");
}
