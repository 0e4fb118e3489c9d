//! The texts of `docs/topics/LANGUAGE/NAME.md`: each is `docs/topics/NAME.md` in another language.

use std::{fmt::Write as _, path::Path};

use super::names_in;

/// Where the topics are, in English; a folder for each other language.
pub(crate) const FOLDER: &str = "docs/topics";

/// A list of language, name and text. A text that is no topic in English is an error of the build.
pub(crate) fn list() -> Result<String, String> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut rows = String::new();
    for language in names_in(&root, None)? {
        for name in names_in(&root.join(&language), Some(".md"))? {
            let path = root.join(&language).join(format!("{name}.md"));
            if !root.join(format!("{name}.md")).exists() {
                return Err(format!("{}: there is no topic `{name}` in English", path.display()));
            }
            let _ = writeln!(rows, "    ({language:?}, {name:?}, include_str!({:?})),", path.display().to_string());
        }
    }
    Ok(format!("&[\n{rows}]\n"))
}
