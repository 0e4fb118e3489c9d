//! Finds the requests that the language server answers: every file of `src/lsp/requests/` is a module with a `handler()`.
//! Those whose name begins with `test_` are only in builds that tests are run with.

use std::{fmt::Write as _, fs, path::Path};

const FOLDER: &str = "src/lsp/requests";

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let output = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join(FOLDER);
    let entries = fs::read_dir(&root).expect("the folder of the requests can be read").flatten();
    let names = entries.filter_map(|entry| entry.file_name().to_string_lossy().strip_suffix(".rs").map(str::to_owned));
    let mut names: Vec<String> = names.filter(|name| name != "mod").collect();
    names.sort();
    let (mut modules, mut list) = (String::new(), String::new());
    for name in names {
        let path = root.join(format!("{name}.rs"));
        let only = if name.starts_with("test_") { "#[cfg(debug_assertions)]\n" } else { "" };
        let _ = writeln!(modules, "{only}#[path = {:?}]\nmod {name};", path.display().to_string());
        let _ = writeln!(list, "{only}{name}::handler(),");
    }
    let text = format!("{modules}\n/// All of them.\nfn all() -> Vec<Handler> {{\nVec::from([\n{list}])\n}}\n");
    fs::write(Path::new(&output).join("requests.rs"), text).expect("the output directory can be written");
}
