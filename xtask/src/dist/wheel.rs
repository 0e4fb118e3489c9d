//! The Python package: the program in a zip file, with what `pyproject.toml` says of it. No compiler is asked, and nothing of
//! Python is in it but the form.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use toml::{Table, Value};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{NAMES, Release, Result, write as write_file};

/// What a static program runs on: any Linux, with either C library. One wheel carries all these names.
const PLATFORMS: [&str; 3] = ["manylinux_2_17", "manylinux2014", "musllinux_1_1"];

/// Writes the wheel.
pub(super) fn write(release: &Release, program: &Path) -> Result<PathBuf> {
    let manifest = read(&release.root.join("pyproject.toml"))?;
    let manifest: Table = manifest.parse().map_err(|e| format!("pyproject.toml: {e}"))?;
    let project = manifest.get("project").and_then(Value::as_table).ok_or("pyproject.toml has no [project]")?;
    let machine = release.target.split('-').next().unwrap_or_default();
    let tags = PLATFORMS.map(|platform| format!("{platform}_{machine}"));
    let stem = format!("{}-{}", text(project, "name")?.replace('-', "_"), release.version);
    let mut wheel = Wheel { zip: ZipWriter::new(Cursor::new(Vec::new())), record: String::new() };
    let bytes = fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    wheel.add(&format!("{stem}.data/scripts/{}", NAMES[0]), &bytes, 0o755)?;
    let info = format!("{stem}.dist-info");
    wheel.add(&format!("{info}/METADATA"), metadata(release, project)?.as_bytes(), 0o644)?;
    wheel.add(&format!("{info}/WHEEL"), form(&tags).as_bytes(), 0o644)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        wheel.add(&format!("{info}/licenses/{licence}"), read(&release.root.join(licence))?.as_bytes(), 0o644)?;
    }
    let path = release.folder().join(format!("{stem}-py3-none-{}.whl", tags.join(".")));
    write_file(&path, wheel.finish(&info)?)?;
    Ok(path)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn text<'t>(project: &'t Table, key: &str) -> Result<&'t str> {
    project.get(key).and_then(Value::as_str).ok_or_else(|| format!("pyproject.toml: `{key}` is no text"))
}

/// What a wheel is.
fn form(tags: &[String]) -> String {
    let tags: String = tags.iter().map(|tag| format!("Tag: py3-none-{tag}\n")).collect();
    format!("Wheel-Version: 1.0\nGenerator: cargo xtask dist\nRoot-Is-Purelib: false\n{tags}")
}

/// What the package says of itself: `[project]`, and the README below it.
fn metadata(release: &Release, project: &Table) -> Result<String> {
    let strings = |key: &str| project.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let licence =
        project.get("license").and_then(|licence| licence.get("text")).and_then(Value::as_str).ok_or("there is no license.text")?;
    let mut lines = vec![
        "Metadata-Version: 2.1".to_owned(),
        format!("Name: {}", text(project, "name")?),
        format!("Version: {}", release.version),
        format!("Summary: {}", text(project, "description")?),
        format!("Keywords: {}", strings("keywords").collect::<Vec<_>>().join(",")),
        format!("License: {licence}"),
        format!("Requires-Python: {}", text(project, "requires-python")?),
    ];
    lines.extend(strings("classifiers").map(|classifier| format!("Classifier: {classifier}")));
    let addresses = project.get("urls").and_then(Value::as_table).into_iter().flatten();
    lines.extend(addresses.filter_map(|(name, address)| Some(format!("Project-URL: {name}, {}", address.as_str()?))));
    lines.push("Description-Content-Type: text/markdown".to_owned());
    Ok(format!("{}\n\n{}", lines.join("\n"), read(&release.root.join(text(project, "readme")?))?))
}

/// The zip file as it is made, and the list of what is in it.
struct Wheel {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    record: String,
}

impl Wheel {
    fn add(&mut self, name: &str, bytes: &[u8], mode: u32) -> Result<()> {
        let sum = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        self.record += &format!("{name},sha256={sum},{}\n", bytes.len());
        self.put(name, bytes, mode)
    }

    fn put(&mut self, name: &str, bytes: &[u8], mode: u32) -> Result<()> {
        // No time is in it: the same program is the same wheel.
        let options = SimpleFileOptions::default().unix_permissions(mode);
        self.zip.start_file(name, options).map_err(|e| e.to_string())?;
        self.zip.write_all(bytes).map_err(|e| e.to_string())
    }

    /// The list of the files is the last of them, and stands in itself without a sum.
    fn finish(mut self, info: &str) -> Result<Vec<u8>> {
        let name = format!("{info}/RECORD");
        let record = format!("{}{name},,\n", self.record);
        self.put(&name, record.as_bytes(), 0o644)?;
        Ok(self.zip.finish().map_err(|e| e.to_string())?.into_inner())
    }
}
