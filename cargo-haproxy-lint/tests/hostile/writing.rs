//! `--fix` on files that are more than their text, and on a machine that gets in its way.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

pub(crate) const WRONG: &str = "global\n    maxconn 10\n    maxconn 20\n";
pub(crate) const RIGHT: &str = "global\n    maxconn 10\n";

/// A tree with a configuration that is checked, and what is outside of it.
pub(crate) struct Place(tempfile::TempDir);

/// FNV-1a.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

/// The name of the journal of a folder.
pub(crate) fn journal_name(folder: &Path) -> String {
    format!("{:016x}.journal", hash(folder.as_os_str().as_encoded_bytes()))
}

impl Place {
    pub(crate) fn with(text: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.outside("tree")).unwrap();
        fs::write(place.file("haproxy.cfg"), text).unwrap();
        place
    }

    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.outside("tree").join(name)
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.file("haproxy.cfg")).unwrap()
    }

    /// Where the journal of a folder is.
    pub(crate) fn journal(&self, folder: &Path) -> PathBuf {
        self.outside("state/haproxy-lint").join(journal_name(folder))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"));
        command.current_dir(self.file(".")).env("XDG_STATE_HOME", self.outside("state")).env("COLUMNS", "1000");
        let format: &[&str] = if arguments.contains(&"--format") { &[] } else { &["--format", "short"] };
        command.args(["check", "--no-config"]).args(format).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Whether nothing is left but the files.
    fn is_tidy(&self, files: usize) {
        let count = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().count();
        assert_eq!((count(self.file(".")), count(self.outside("state/haproxy-lint"))), (files, 0));
    }
}

/// Both streams: a person sees them as one. Lines are broken as the terminal is wide.
pub(crate) fn said(out: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    text.lines().map(|line| line.trim_start_matches([' ', '│', '|'])).collect::<Vec<_>>().join(" ")
}

fn mended(place: &Place, out: &Output) {
    assert_eq!(out.status.code(), Some(0), "{}", said(out));
    assert_eq!(place.text(), RIGHT);
}

#[cfg(unix)]
#[test]
fn a_hard_link_stays_one() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::with(WRONG);
    let other = place.file("other.txt");
    fs::hard_link(place.file("haproxy.cfg"), &other).unwrap();
    mended(&place, &place.run(&["--fix", "haproxy.cfg"]));
    assert_eq!(fs::read_to_string(&other).unwrap(), RIGHT);
    assert_eq!(fs::metadata(&other).unwrap().nlink(), 2);
    place.is_tidy(2);
}

/// The kernel lets every user set `user.` attributes of files that are theirs; access lists and labels are attributes, too.
#[cfg(target_os = "linux")]
#[test]
fn attributes_and_every_bit_of_the_mode_stay() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(WRONG);
    let file = place.file("haproxy.cfg");
    let set = Command::new("setfattr").args(["-n", "user.origin", "-v", "ansible"]).arg(&file).stderr(Stdio::null()).status();
    let attributes = set.is_ok_and(|status| status.success());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o6750)).unwrap();
    mended(&place, &place.run(&["--fix", "haproxy.cfg"]));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o6750);
    if attributes {
        let shown = Command::new("getfattr").args(["--only-values", "-n", "user.origin"]).arg(&file).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&shown.stdout), "ansible");
    } else {
        println!("skipped: no attributes here");
    }
    place.is_tidy(1);
}

/// Runs it as another user, where the tests are root's; the program and the folders are made to be reached by them.
#[cfg(unix)]
fn as_another(place: &Place, arguments: &[&str]) -> Option<Output> {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    for folder in [place.0.path(), &place.outside("state")] {
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let program = place.outside("program");
    fs::copy(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"), &program).unwrap();
    let mut command = Command::new(program);
    command.current_dir(place.file(".")).env("XDG_STATE_HOME", place.outside("state")).env("COLUMNS", "1000").uid(65534).gid(65534);
    command.args(["check", "--no-config", "--format", "short"]).args(arguments);
    // Another test that starts a program has the copy open for a moment.
    let mut out = command.output();
    while out.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ExecutableFileBusy) {
        thread::sleep(Duration::from_millis(10));
        out = command.output();
    }
    if out.is_err() {
        println!("skipped: only root becomes another user");
    }
    out.ok()
}

#[cfg(unix)]
#[test]
fn a_file_of_somebody_else_stays_theirs() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    // By root, who may give files away.
    let place = Place::with(WRONG);
    if chown(place.file("haproxy.cfg"), Some(1), Some(2)).is_err() {
        println!("skipped: only root gives files away");
        return;
    }
    mended(&place, &place.run(&["--fix", "haproxy.cfg"]));
    let owner = |place: &Place| fs::metadata(place.file("haproxy.cfg")).map(|m| (m.uid(), m.gid())).unwrap();
    assert_eq!(owner(&place), (1, 2));

    // By somebody who may write the file, and give away nothing.
    let place = Place::with(WRONG);
    fs::set_permissions(place.file("haproxy.cfg"), fs::Permissions::from_mode(0o666)).unwrap();
    for folder in [0o777, 0o755] {
        fs::write(place.file("haproxy.cfg"), WRONG).unwrap();
        fs::set_permissions(place.file("."), fs::Permissions::from_mode(folder)).unwrap();
        mended(&place, &as_another(&place, &["--fix", "haproxy.cfg"]).unwrap());
        assert_eq!(owner(&place), (0, 0));
        place.is_tidy(1);
    }

    // By somebody who may not: the findings are still told, and what to do.
    fs::write(place.file("haproxy.cfg"), WRONG).unwrap();
    fs::set_permissions(place.file("haproxy.cfg"), fs::Permissions::from_mode(0o644)).unwrap();
    let out = as_another(&place, &["--fix", "haproxy.cfg"]).unwrap();
    assert_eq!((out.status.code(), place.text().as_str()), (Some(2), WRONG));
    assert!(said(&out).contains("run this as the owner of the file"), "{}", said(&out));
    assert!(said(&out).contains("dead/already-specified") && !said(&out).contains("no findings"), "{}", said(&out));
    place.is_tidy(1);
}

/// What the file system refuses, with what to do about it.
#[cfg(target_os = "linux")]
#[test]
fn a_file_system_that_is_read_only_or_a_file_that_is_immutable() {
    let place = Place::with(WRONG);
    let tree = place.file(".");
    let run = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).arg(&tree).stderr(Stdio::null()).status();
    let file = place.file("haproxy.cfg");
    let attribute = |flag: &str| Command::new("chattr").arg(flag).arg(&file).stderr(Stdio::null()).status();
    if attribute("+i").is_ok_and(|status| status.success()) {
        let out = place.run(&["--fix", "haproxy.cfg"]);
        let _ = attribute("-i");
        assert_eq!((out.status.code(), place.text().as_str()), (Some(2), WRONG));
        assert!(said(&out).contains("chattr -i"), "{}", said(&out));
    } else {
        println!("skipped: no file can be made immutable here");
    }
    if run("mount", &["-t", "tmpfs", "tmpfs"]).is_ok_and(|status| status.success()) {
        fs::write(&file, WRONG).unwrap();
        let _ = run("mount", &["-o", "remount,ro"]);
        let out = place.run(&["--fix", "haproxy.cfg"]);
        let text = place.text();
        let _ = run("umount", &[]);
        assert_eq!((out.status.code(), text.as_str()), (Some(2), WRONG));
        assert!(said(&out).contains("mounted read-only") && !said(&out).contains("no findings"), "{}", said(&out));
    } else {
        println!("skipped: only root mounts");
    }
}

/// A full file system, and a file that cannot be put aside: its old text stays.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_a_hard_link() {
    let place = Place::with(WRONG);
    let tree = place.file(".");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"]).arg(&tree).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("skipped: only root mounts");
        return;
    }
    // The fix makes it longer: over the end of its last page.
    let start = "frontend web\n    bind :80\n#";
    let wrong = format!("{start}{}\n", "x".repeat(4095 - start.len()));
    fs::write(place.file("haproxy.cfg"), &wrong).unwrap();
    fs::hard_link(place.file("haproxy.cfg"), place.file("other")).unwrap();
    let _ = fs::write(place.file("filler"), vec![b'x'; 1 << 20]);
    let out = place.run(&["--fix", "--unsafe-fixes", "haproxy.cfg"]);
    let now = place.text();
    let _ = Command::new("umount").arg(&tree).status();
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(now == wrong, "{now}");
    assert!(said(&out).contains("make room"), "{}", said(&out));
}

/// A name that is too long for another file beside it, and one file behind several names on the command line.
#[test]
fn long_names_and_names_given_twice() {
    let place = Place::with(RIGHT);
    let name = format!("{}.cfg", "n".repeat(240));
    fs::write(place.file(&name), WRONG).unwrap();
    let out = place.run(&["--fix", &name]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert_eq!(fs::read_to_string(place.file(&name)).unwrap(), RIGHT);

    let place = Place::with(WRONG);
    let out = place.run(&["--fix", "-f", "haproxy.cfg", "-f", ".", "-f", "./haproxy.cfg"]);
    mended(&place, &out);
    assert!(said(&out).contains("is named twice") && !said(&out).contains("changed meanwhile"), "{}", said(&out));
}

/// A file of two configurations: it is written once, and where the two do not agree the next run goes on.
#[test]
fn a_file_of_several_configurations() {
    let place = Place::with(WRONG);
    fs::write(place.file("a.cfg"), "defaults\n    maxconn 10\n    maxconn 10\n").unwrap();
    fs::write(place.file("b.cfg"), RIGHT).unwrap();
    let sets = "[[config]]\nfiles = [\"haproxy.cfg\", \"a.cfg\"]\n[[config]]\nfiles = [\"haproxy.cfg\", \"b.cfg\"]\n";
    fs::write(place.file("haproxy-lint.toml"), sets).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"));
    command.current_dir(place.file(".")).env("XDG_STATE_HOME", place.outside("state"));
    let out = command.args(["check", "--format", "short", "--fix"]).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert_eq!(place.text(), RIGHT);
}

/// A missing line feed is mended beside other errors, of which HAProxy tells only afterwards.
#[test]
fn a_missing_line_feed_beside_other_errors() {
    for target in ["2.6", "2.8", "3.0", "3.2", "3.4"] {
        let place = Place::with("global\n    maxcnn 10\n    nosuch\nfrontend f\n    other word");
        let out = place.run(&["--fix", "--target", target, "haproxy.cfg"]);
        assert!(place.text().ends_with("other word\n"), "{target}: {}", said(&out));
        assert!(!said(&out).contains("fault of the rule"), "{target}: {}", said(&out));
    }
}

/// A limit of file sizes is an error, not a signal that ends the program.
#[cfg(unix)]
#[test]
fn a_limit_of_file_sizes() {
    let place = Place::with(WRONG);
    let program = assert_cmd::cargo::cargo_bin("cargo-haproxy-lint");
    let script = format!("ulimit -f 0; exec {} check --no-config --fix haproxy.cfg", program.display());
    let mut command = Command::new("sh");
    command.env("XDG_STATE_HOME", place.outside("state")).env("COLUMNS", "1000").current_dir(place.file("."));
    let out = command.args(["-c", &script]).output().unwrap();
    assert_eq!((out.status.code(), place.text().as_str()), (Some(2), WRONG), "{}", said(&out));
    assert!(said(&out).contains("ulimit -f") && !said(&out).contains("no findings"), "{}", said(&out));
    place.is_tidy(1);
}

/// Whatever went wrong, nobody reads that nothing was found.
#[test]
fn a_run_that_failed_does_not_say_that_nothing_was_found() {
    let place = Place::with(RIGHT);
    for format in ["short", "fancy", "classic", "markdown"] {
        let out = place.run(&["--format", format, "haproxy.cfg", "nope.cfg"]);
        assert!(out.status.code() == Some(2) && !said(&out).contains("no findings"), "{format}: {}", said(&out));
    }
    let out = place.run(&["--format", "fancy", "haproxy.cfg"]);
    assert!(out.status.code() == Some(0) && said(&out).contains("no findings"), "{}", said(&out));
}

/// Four runs at once, over a linked file and others: some say that they are too late, and the files are whole.
#[test]
fn four_runs_at_once() {
    let many: String = (0..300).map(|n| format!("backend b{n}\n    server s 192.0.2.1:80\n")).collect();
    for _ in 0..3 {
        let place = Place::with(&format!("{WRONG}{many}"));
        fs::hard_link(place.file("haproxy.cfg"), place.file("linked")).unwrap();
        fs::write(place.file("b.cfg"), format!("{WRONG}{many}")).unwrap();
        let arguments = ["--fix", "--select", "dead/already-specified", "haproxy.cfg", "b.cfg"];
        let start = |_| place.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let runs: Vec<_> = (0..4).map(start).collect();
        let outputs: Vec<Output> = runs.into_iter().map(|run| run.wait_with_output().unwrap()).collect();
        let known = |out: &Output| {
            let words = ["another run writes", "changed while", "changed meanwhile", "was killed"];
            out.status.code() == Some(0) || words.iter().any(|w| said(out).contains(w))
        };
        assert!(outputs.iter().all(known), "{:?}", outputs.iter().map(said).collect::<Vec<_>>());
        assert!(outputs.iter().any(|out| out.status.code() == Some(0)));
        for name in ["haproxy.cfg", "linked", "b.cfg"] {
            assert_eq!(fs::read_to_string(place.file(name)).unwrap(), format!("{RIGHT}{many}"));
        }
        place.is_tidy(3);
    }
}

/// An editor that saves by renaming, again and again: none of its texts is lost.
#[test]
fn an_editor_that_saves_meanwhile() {
    let place = Place::with(WRONG);
    let mut lost = Vec::new();
    for round in 0..15u64 {
        let run = place.command(&["--fix", "haproxy.cfg"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(round * 3));
        let mark = format!("# {round}\n");
        fs::write(place.file("theirs"), format!("{mark}{WRONG}")).unwrap();
        fs::rename(place.file("theirs"), place.file("haproxy.cfg")).unwrap();
        run.wait_with_output().unwrap();
        if !place.text().starts_with(&mark) {
            lost.push(round);
        }
    }
    assert_eq!(lost, Vec::<u64>::new());
    place.is_tidy(1);
}

/// Killed while it writes files where they are: the next run finishes or undoes, and the links stay.
#[cfg(unix)]
#[test]
fn killed_over_hard_links() {
    use std::os::unix::fs::MetadataExt;
    let rounds = std::env::var("HOSTILE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12u32);
    let many: String = (0..200).map(|n| format!("backend b{n}\n    server s 192.0.2.1:80\n")).collect();
    let (wrong, right) = (format!("{WRONG}{many}"), format!("{RIGHT}{many}"));
    let names: Vec<String> = (0..20).map(|n| format!("{n}.cfg")).collect();
    let mut arguments = vec!["--fix", "--select", "dead/already-specified"];
    arguments.extend(names.iter().map(String::as_str));
    let (mut finished, mut undone) = (0, 0);
    for round in 0..rounds {
        let place = Place::with(RIGHT);
        for (number, name) in names.iter().enumerate() {
            fs::write(place.file(name), &wrong).unwrap();
            if number % 2 == 0 {
                fs::hard_link(place.file(name), place.file(&format!("{name}.link"))).unwrap();
            }
        }
        let mut child = place.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let journal = place.journal(&place.file(".").canonicalize().unwrap());
        // Every other one once all is prepared, while the files are written.
        let reached = || match round % 2 {
            0 => journal.exists(),
            _ => fs::read_to_string(&journal).is_ok_and(|text| text.contains("complete")),
        };
        while !reached() && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(u64::from(round) * if round % 2 == 0 { 12_000 } else { 3_000 } / u64::from(rounds)));
        let _ = child.kill();
        child.wait().unwrap();
        // The next run over files that need no fix any more recovers them all the same.
        let out = place.run(&["--fix", "--select", "dead/already-specified", "haproxy.cfg"]);
        finished += usize::from(said(&out).contains("finished what a killed run"));
        undone += usize::from(said(&out).contains("undid what a killed run"));
        assert_eq!(out.status.code(), Some(0), "{}", said(&out));
        let new = names.iter().filter(|name| {
            let text = fs::read_to_string(place.file(name)).unwrap();
            assert!(text == wrong || text == right, "round {round}: {name} is a mixture of {} bytes", text.len());
            text == right
        });
        let new = new.count();
        assert!(new == 0 || new == names.len(), "round {round}: {new} are new");
        assert!(names.iter().step_by(2).all(|name| fs::metadata(place.file(name)).unwrap().nlink() == 2));
        place.is_tidy(31);
    }
    println!("{finished} runs were finished and {undone} undone");
    assert!(finished + undone > 0, "no run was killed while it wrote");
}
