//! The one place that looks at the machine; it hands plain facts on.

pub(crate) mod clock;
pub(crate) mod files;
pub(crate) mod haproxy;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod probe;
pub(crate) mod socket;

use std::{path::Path, process::Command, sync::OnceLock};

use haproxy_lint::{
    build::{Build, BuildError},
    source::By,
    version::Version,
};

use crate::{
    error::{Error, Result},
    output,
};

/// The largest program that is looked into.
const PROGRAM: u64 = 512 << 20;

/// The build that `path` is, or that the text in it describes.
pub(crate) fn build(path: &Path) -> Result<Build> {
    let bytes = files::read(path, By::User, PROGRAM)?;
    let text = String::from_utf8_lossy(&bytes);
    let parsed = match Build::parse(&text) {
        // No text of a HAProxy: then a program that prints one.
        Err(BuildError::NoVersion) if is_program(&bytes) => {
            if is_of_repository(path) {
                let message = format!("`{}` is a program of the repository, so it is not run", path.display());
                return Err(Error::new(message, "give the output of its `-vv` in a file, or name it with `--haproxy` if you trust it"));
            }
            Build::parse(&version_output(path)?)
        }
        parsed => parsed,
    };
    parsed.map_err(|error| {
        Error::new(
            format!("`{}`: {error}", path.display()),
            "give the path of a `haproxy` program, or of a file with the output of `haproxy -vv`",
        )
    })
}

/// The version of the `haproxy` that the `PATH` leads to, which is asked once; a note says why there is none.
pub(crate) fn installed() -> Option<Version> {
    static INSTALLED: OnceLock<Option<Version>> = OnceLock::new();
    let asked = || {
        let found = haproxy::in_path(Path::new("haproxy"));
        let build =
            found.ok_or_else(|| "no `haproxy` is in the `PATH`".to_owned()).and_then(|path| build(&path).map_err(|e| e.to_string()));
        let version = build.map(|build| build.version);
        version.inspect_err(|why| output::note(&format!("`--target auto`: {why}, so every supported version is asked"))).ok()
    };
    *INSTALLED.get_or_init(asked)
}

fn is_program(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!") || bytes.starts_with(b"\xcf\xfa\xed\xfe")
}

/// Whether the repository that is checked has this program: it may have been a text until somebody changed it.
fn is_of_repository(path: &Path) -> bool {
    let root = files::repository(Path::new("."));
    root.join(".git").exists() && path.canonicalize().is_ok_and(|real| real.starts_with(&root))
}

fn version_output(path: &Path) -> Result<String> {
    // A bare name would be looked up in PATH instead of here.
    let here = if path.components().count() == 1 { Path::new(".").join(path) } else { path.to_owned() };
    let output = Command::new(here).arg("-vv").output();
    let output = output.map_err(|error| {
        Error::new(
            format!("`{}` cannot be run: {error}", path.display()),
            "give a program of this machine, or the output of `haproxy -vv` in a file",
        )
    })?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) mod facts;

/// The host name as HAProxy takes it: verbatim, domain and case kept, cut to 63 bytes.
pub(crate) fn host_name() -> Option<String> {
    host_name_in(&std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?)
}

fn host_name_in(text: &str) -> Option<String> {
    let name = text.trim_end_matches('\n');
    let end = (0..=name.len().min(63)).rev().find(|i| name.is_char_boundary(*i)).unwrap_or(0);
    name.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The environment of this process.
pub(crate) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
}
