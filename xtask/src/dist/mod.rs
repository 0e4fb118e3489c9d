//! Makes what is given to people, in `target/dist`: a static program, an archive, a wheel and their checksums. Then all of it is
//! tried as they will: installed and run in clean directories.
//!
//! The program is static only here (`.cargo/static.toml`): who installs from source has the C library at hand that it is linked to.

mod attempt;
mod elf;
mod wheel;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use sha2::{Digest as _, Sha256};

/// Where everything is put.
const FOLDER: &str = "target/dist";

/// What cargo is told where a program is to be static.
const STATIC: &str = ".cargo/static.toml";

/// What stands beside the program in an archive.
const PAPERS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// The shells that the program has completions for.
const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// What goes wrong, in a sentence.
type Result<T> = std::result::Result<T, String>;

/// The names that one program is known by.
const NAMES: [&str; 2] = ["haproxy-lint", "cargo-haproxy-lint"];

/// What is to be made.
struct Release {
    version: String,
    /// As rustc calls the machine.
    target: String,
    root: PathBuf,
}

/// `cargo xtask dist`.
pub(crate) fn run() -> ExitCode {
    match make() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask lies in no folder")?.to_owned();
    let release = Release { version: env!("CARGO_PKG_VERSION").to_owned(), target: host()?, root };
    let program = timed("program", || release.program())?;
    let archive = timed("archive", || release.archive(&program))?;
    let wheel = timed("wheel", || wheel::write(&release, &program))?;
    timed("checksums", || release.checksums(&[&archive, &wheel]))?;
    attempt::archive(&release, &archive)?;
    attempt::wheel(&release, &wheel)
}

/// Does a step, and says how long it took and how large the file is that came of it.
fn timed(what: &str, step: impl FnOnce() -> Result<PathBuf>) -> Result<PathBuf> {
    let begin = Instant::now();
    let file = step()?;
    let size = fs::metadata(&file).map_err(|e| format!("{}: {e}", file.display()))?.len();
    println!("{what:<10} {:>7.1} s {:>9.2} MB  {}", begin.elapsed().as_secs_f64(), size as f64 / 1e6, file.display());
    Ok(file)
}

/// The machine that this is.
fn host() -> Result<String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).ok_or_else(|| "rustc does not say its host".to_owned())
}

/// Runs a program, and gives what it prints.
fn output(command: &mut Command) -> Result<String> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("{shown}: {e}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{shown}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).map_err(|e| format!("{} to {}: {e}", from.display(), to.display()))
}

/// An empty folder.
fn emptied(path: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(path);
    fs::create_dir_all(path).map_err(|e| format!("{}: {e}", path.display()))
}

impl Release {
    /// Of the archive, and of the folder in it: `package.metadata.binstall` says the same.
    fn name(&self) -> String {
        format!("haproxy-lint-v{}-{}", self.version, self.target)
    }

    fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// The program under both of its names, which are one file.
    fn program(&self) -> Result<PathBuf> {
        if !self.target.ends_with("-linux-gnu") && !self.target.ends_with("-linux-musl") {
            return Err(format!("static programs are made on Linux, and this is {}", self.target));
        }
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--release", "--locked", "--package", "cargo-haproxy-lint", "--bin", NAMES[0], "--target", &self.target]);
        cargo.args(["--config", STATIC]).current_dir(&self.root).env_remove("RUSTFLAGS");
        // What cargo says is seen: the build takes minutes.
        let status = cargo.status().map_err(|e| format!("cargo: {e}"))?;
        if !status.success() {
            return Err(format!("cargo build: {status}"));
        }
        let built = self.built().join(NAMES[0]);
        elf::is_static(&built)?;
        let bin = self.folder().join("bin");
        emptied(&bin)?;
        self.both(&built, &bin)?;
        Ok(bin.join(NAMES[0]))
    }

    /// Where cargo puts programs for the target.
    fn built(&self) -> PathBuf {
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        target.join(&self.target).join("release")
    }

    /// One file under both names.
    fn both(&self, program: &Path, folder: &Path) -> Result<()> {
        let [first, second] = NAMES.map(|name| folder.join(name));
        copy(program, &first)?;
        fs::hard_link(&first, &second).map_err(|e| format!("{}: {e}", second.display()))
    }

    /// The program with its papers, manual pages and completions.
    fn archive(&self, program: &Path) -> Result<PathBuf> {
        let (name, folder) = (self.name(), self.folder());
        let inside = folder.join(&name);
        emptied(&inside)?;
        self.both(program, &inside)?;
        PAPERS.iter().try_for_each(|paper| copy(&self.root.join(paper), &inside.join(paper)))?;
        output(Command::new(program).arg("man").arg(inside.join("man")))?;
        emptied(&inside.join("completions"))?;
        for shell in SHELLS {
            let script = output(Command::new(program).args(["completions", shell]))?;
            write(&inside.join("completions").join(format!("haproxy-lint.{shell}")), script)?;
        }
        let archive = folder.join(format!("{name}.tgz"));
        // The same bytes of the same files, whoever packs them and when.
        let same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u+rw,go+r-w"];
        output(Command::new("tar").args(same).arg("-C").arg(&folder).arg("-czf").arg(&archive).arg(&name).env("GZIP", "-n"))?;
        fs::remove_dir_all(&inside).map_err(|e| format!("{}: {e}", inside.display()))?;
        Ok(archive)
    }

    /// A line for each file, as `sha256sum -c` reads it.
    fn checksums(&self, files: &[&Path]) -> Result<PathBuf> {
        let mut text = String::new();
        for file in files {
            let bytes = fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
            let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            text += &format!("{sum}  {}\n", file.file_name().unwrap_or_default().to_string_lossy());
        }
        let path = self.folder().join("SHA256SUMS");
        write(&path, text)?;
        Ok(path)
    }
}
