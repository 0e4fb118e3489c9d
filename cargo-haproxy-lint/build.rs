//! Finds what is one file each: the commands of `src/commands/`, and the requests that the language server answers in
//! `src/lsp/requests/`. Requests whose name begins with `test_` are only in builds that tests are run with.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() {
    stay_put();
    write("commands.rs", &commands(&found("src/commands")));
    write("requests.rs", &requests(&found("src/lsp/requests")));
}

/// Links programs that lie where they were linked for. One that may lie anywhere has 34,000 pointers of its tables mended at each
/// start, which took half as many instructions as checking a small file does.
fn stay_put() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|known| known == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// The modules of a folder, by name: a file, or a folder with its `mod.rs`.
fn found(folder: &str) -> Vec<(String, PathBuf)> {
    println!("cargo::rerun-if-changed={folder}");
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{folder} cannot be read: {error}")).flatten();
    let mut found: Vec<(String, PathBuf)> = entries.filter_map(|entry| module(&entry.path())).filter(|(name, _)| name != "mod").collect();
    found.sort();
    found
}

/// The name of a module and its file.
fn module(path: &Path) -> Option<(String, PathBuf)> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let file = if path.is_dir() { path.join("mod.rs") } else { path.to_owned() };
    (file.is_file() && file.extension()? == "rs").then_some((name, file))
}

fn write(name: &str, text: &str) {
    let output = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&output).join(name), text).expect("the output directory can be written");
}

/// `explain.rs` is the command `explain` with the options `Explain`.
fn commands(files: &[(String, PathBuf)]) -> String {
    let [mut modules, mut list, mut variants, mut arms] = [const { String::new() }; 4];
    for (name, path) in files {
        let options = name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default();
        let _ = writeln!(modules, "#[path = {:?}]\npub(crate) mod {name};", path.display().to_string());
        let _ = writeln!(list, "Shown::of::<{name}::{options}>({name:?}),");
        let _ = writeln!(variants, "{options}(Box<{name}::{options}>),");
        let _ = writeln!(arms, "Self::{options}(options) => options.run(),");
    }
    format!(
        "{modules}\n/// All of them, by name.\npub(crate) static ALL: &[Shown] = &[\n{list}];\n\n\
         /// One of them, with its options.\n#[derive(Debug, clap::Subcommand)]\npub(crate) enum Any {{\n{variants}}}\n\n\
         impl Any {{\n/// Does it, and gives the exit status.\npub(crate) fn run(&self) -> Result<u8> {{\nmatch self {{\n{arms}}}\n}}\n}}\n"
    )
}

/// Each file has a `handler()`.
fn requests(files: &[(String, PathBuf)]) -> String {
    let [mut modules, mut list] = [const { String::new() }; 2];
    for (name, path) in files {
        let only = if name.starts_with("test_") { "#[cfg(debug_assertions)]\n" } else { "" };
        let _ = writeln!(modules, "{only}#[path = {:?}]\nmod {name};", path.display().to_string());
        let _ = writeln!(list, "{only}{name}::handler(),");
    }
    format!("{modules}\n/// All of them.\nfn all() -> Vec<Handler> {{\nVec::from([\n{list}])\n}}\n")
}
