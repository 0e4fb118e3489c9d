//! A real HAProxy, asked what it says of a configuration.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{build::Build, counted, heard::Heard, source::Sources, syntax::Environment};

use crate::{
    error::{Error, Result},
    output,
};

/// What the program itself may need from the environment of this process; a configuration sees no more than what is named.
const NEEDED: [&str; 2] = ["PATH", "LD_LIBRARY_PATH"];

/// A HAProxy of this machine.
#[derive(Debug)]
pub(crate) struct Haproxy {
    path: PathBuf,
    pub(crate) build: Build,
    patience: Duration,
}

/// What it is asked about.
pub(crate) struct Question<'a> {
    pub(crate) files: &'a [PathBuf],
    pub(crate) sources: &'a Sources,
    pub(crate) local_name: Option<&'a str>,
    pub(crate) environment: &'a Environment,
}

impl Question<'_> {
    /// Whether the configuration has the name of a variable in it.
    fn uses(&self, name: &str) -> bool {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let has = |bytes: &[u8]| bytes.split(|b| !is_part(b)).any(|word| word == name.as_bytes());
        self.sources.files().iter().any(|file| has(file.bytes()))
    }
}

/// Variables that tell the program itself, its libraries or what it starts what to do. The repository has no say in them.
const STEERING: [&str; 28] = [
    "HAPROXY_MWORKER",
    "TCMALLOC",
    "CTLOG_",
    "P11_",
    "PKCS11",
    "NSS_",
    "LLVM_PROFILE_",
    "GCOV_",
    "GMON_",
    "LD_",
    "DYLD_",
    "GLIBC_",
    "MALLOC_",
    "MIMALLOC_",
    "JEMALLOC_",
    "OPENSSL_",
    "SSL_",
    "SSLKEYLOGFILE",
    "LUA_",
    "LUAJIT_",
    "PYTHON",
    "PERL",
    "BASH_",
    "GCONV_",
    "RES_",
    "LIBC_",
    "ASAN_",
    "GNUTLS_",
];
const STEERING_WHOLE: [&str; 16] = [
    "PATH",
    "ENV",
    "IFS",
    "SHELLOPTS",
    "LOCPATH",
    "NLSPATH",
    "TZDIR",
    "TMPDIR",
    "HOSTALIASES",
    "LOCALDOMAIN",
    "RESOLV_HOST_CONF",
    "NIS_PATH",
    "GETCONF_DIR",
    "QEMU_LD_PREFIX",
    "NOTIFY_SOCKET",
    "HAPROXY_LOCALPEER",
];

fn steers(name: &str) -> bool {
    STEERING.iter().any(|beginning| name.starts_with(beginning)) || STEERING_WHOLE.contains(&name)
}

impl Haproxy {
    /// The HAProxy at `path`. A bare name is looked up in `PATH`, and only then here, outside of repositories: they may have a file of
    /// any name.
    pub(crate) fn find(path: &Path, patience: Duration) -> Result<Self> {
        let bare = path.components().count() == 1;
        let here = || path.exists().then(|| Path::new(".").join(path));
        let program = if bare { in_path(path).or_else(here) } else { path.exists().then(|| path.to_owned()) };
        let program = program.ok_or_else(|| missing(path))?;
        if bare && program.is_relative() && super::is_of_repository(&program) {
            let message =
                format!("no `{0}` is in `PATH`, and the file `{0}` of the repository is not run by its name alone", path.display());
            return Err(Error::new(message, format!("install HAProxy, or write `--haproxy ./{}` if you trust that file", path.display())));
        }
        let answer = run(Command::new(&program).arg("-vv"), path, patience)?;
        let build = Build::parse(&String::from_utf8_lossy(&answer.stdout)).map_err(|error| {
            let message = format!("`{}` is no HAProxy that can be asked: {error}", path.display());
            Error::new(message, "name a `haproxy` program of 2.4 or later with `--haproxy`")
        })?;
        Ok(Self { path: program, build, patience })
    }

    /// What `haproxy -c` says of the files.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Heard> {
        let mut command = Command::new(&self.path);
        command.arg("-c").env_clear();
        command.envs(NEEDED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        let used = question.environment.values().filter(|(name, _)| question.uses(name));
        let (refused, passed): (Vec<_>, Vec<_>) = used.partition(|(name, _)| steers(name));
        command.envs(passed);
        for (name, _) in refused {
            let file = question.files.first().map(|file| file.display().to_string()).unwrap_or_default();
            output::note(&format!("HAProxy reads `{file}` without the variable `{name}`: it would tell the program itself what to do"));
        }
        if let Some(name) = question.local_name {
            command.args(["-L", name]);
        }
        // A name that begins with a dash would be an option.
        question.files.iter().for_each(|file| {
            let dashed = file.as_os_str().as_encoded_bytes().starts_with(b"-");
            command.arg("-f").arg(if dashed { Path::new(".").join(file) } else { file.clone() });
        });
        let answer = run(&mut command, &self.path, self.patience)?;
        let said = String::from_utf8_lossy(&answer.stderr);
        match answer.status.code() {
            // 2: no error, but nothing to listen on.
            Some(0 | 2) if !said.contains("[ALERT]") => Ok(Heard::parse(&said, false, self.build.version)),
            Some(0) => Ok(Heard::parse(&said, false, self.build.version)),
            // A `quiet` in the configuration lets it say nothing.
            Some(code) if said.contains("[ALERT]") || code == 1 => Ok(Heard::parse(&said, true, self.build.version)),
            _ => {
                let last = said.lines().last().map_or(String::new(), |line| format!(": {line}"));
                let message = format!("`{} -c` ended with {}{last}", self.path.display(), answer.status);
                Err(Error::new(message, "run it by hand to see why, or leave `--haproxy` out"))
            }
        }
    }
}

fn missing(path: &Path) -> Error {
    Error::new(format!("there is no program `{}`", path.display()), "name the path of a `haproxy` program with `--haproxy`")
}

/// The first file of that name in the `PATH`.
pub(super) fn in_path(name: &Path) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// What a program printed, and how it ended.
struct Answer {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// Runs a program that must end by itself.
fn run(command: &mut Command, path: &Path, patience: Duration) -> Result<Answer> {
    let cannot = |error: io::Error| {
        let message = format!("`{}` cannot be run: {error}", path.display());
        Error::new(message, "name a `haproxy` program of this machine with `--haproxy`")
    };
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(cannot)?;
    let end = Instant::now() + patience;
    let (stdout, stderr) = (all_of(child.stdout.take()), all_of(child.stderr.take()));
    let answer = (|| Some((ended(&mut child, end)?, stdout.recv_timeout(left(end)).ok()?, stderr.recv_timeout(left(end)).ok()?)))();
    let Some((status, stdout, stderr)) = answer else {
        // It may have ended in the meantime.
        let _ = child.kill();
        let _ = child.wait();
        let message = format!("`{}` did not answer within {}", path.display(), counted(patience.as_secs(), "second"));
        return Err(Error::new(
            message,
            "see what it waits for: a name server, a file on the network; `--haproxy-timeout` gives it more time",
        ));
    };
    Ok(Answer { status: status.map_err(cannot)?, stdout, stderr })
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// How the child ended, if it did in time.
fn ended(child: &mut Child, end: Instant) -> Option<io::Result<ExitStatus>> {
    loop {
        match child.try_wait() {
            Ok(None) if left(end).is_zero() => return None,
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Ok(Some(status)) => return Some(Ok(status)),
            Err(error) => return Some(Err(error)),
        }
    }
}

/// Reads a stream to its end on a thread of its own, so that a full pipe does not stop the program.
fn all_of(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What could be read counts.
            let _ = stream.read_to_end(&mut bytes);
        }
        // Nobody may wait any more.
        let _ = send.send(bytes);
    });
    receive
}
