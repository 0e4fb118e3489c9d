//! Tries what was made as people will get it: in clean directories, with nothing of this repository but an example.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{NAMES, Release, Result, copy, emptied, output};

/// How long somebody may wait from `pip install` to the first finding.
const FIRST: Duration = Duration::from_secs(10);

/// What the program is first tried on, and what it says of it.
const EXAMPLE: &str = "examples/haproxy.cfg";
const FOUND: &str = "error[peers/loopback-bind]";

/// Unpacks the archive, and runs the program by both of its names where there is nothing else.
pub(super) fn archive(release: &Release, archive: &Path) -> Result<()> {
    let begin = Instant::now();
    let clean = clean(release, "unpacked")?;
    output(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&clean))?;
    let folder = clean.join(release.name());
    for name in NAMES {
        finds(&folder.join(name), &clean)?;
    }
    let sizes = NAMES.map(|name| fs::metadata(folder.join(name)).map(|data| inode(&data)).ok());
    if sizes[0] != sizes[1] {
        return Err(format!("{} are two files in the archive", NAMES.join(" and ")));
    }
    told("archive, unpacked and run by both names", begin.elapsed());
    done(&clean)
}

/// Installs the wheel into an environment of its own, and runs the first command.
pub(super) fn wheel(release: &Release, wheel: &Path) -> Result<()> {
    let clean = clean(release, "installed")?;
    let environment = clean.join("venv");
    let begin = Instant::now();
    output(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    told("an environment of Python", begin.elapsed());
    let begin = Instant::now();
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]).arg(wheel).current_dir(&clean);
    output(&mut pip)?;
    finds(&environment.join("bin").join(NAMES[0]), &clean)?;
    let took = begin.elapsed();
    told("wheel, installed and run", took);
    if took > FIRST {
        return Err(format!("that is more than {} s", FIRST.as_secs()));
    }
    done(&clean)
}

/// An empty folder with the example.
fn clean(release: &Release, name: &str) -> Result<PathBuf> {
    let clean = release.folder().join(name);
    emptied(&clean)?;
    copy(&release.root.join(EXAMPLE), &clean.join("haproxy.cfg"))?;
    Ok(clean)
}

fn done(clean: &Path) -> Result<()> {
    fs::remove_dir_all(clean).map_err(|e| format!("{}: {e}", clean.display()))
}

/// Whether the program, in an empty environment, finds in the example what is in it.
fn finds(program: &Path, folder: &Path) -> Result<()> {
    let mut command = Command::new(program);
    command.env_clear().current_dir(folder).args(["check", "haproxy.cfg", "--local-name", "haproxy-1", "--format", "short"]);
    let output = command.output().map_err(|e| format!("{}: {e}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.code() == Some(1) && text.contains(FOUND) {
        true => Ok(()),
        false => Err(format!("{}: {}\n{text}{}", program.display(), output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

/// Which file of the machine it is.
fn inode(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

fn told(what: &str, took: Duration) {
    println!("tried: {what}: {:.1} s", took.as_secs_f64());
}
