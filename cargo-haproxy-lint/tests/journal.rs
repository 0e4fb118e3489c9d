//! Several files are written as one: whatever happens on the way, each is the old text or the new one, and the next run finishes
//! or undoes what a killed one has begun.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How many files a configuration has here.
const FILES: usize = 24;

fn old(number: usize) -> String {
    let many: String = (0..150).map(|n| format!("backend b{number}-{n}\n    server s 192.0.2.1:80\n")).collect();
    format!("global\n    maxconn 1{number}\n    maxconn 1{number}\n{many}")
}

fn new(number: usize) -> String {
    old(number).replacen(&format!("    maxconn 1{number}\n"), "", 1)
}

/// A folder with configurations, and a folder beside it for the journals of the runs.
struct Place {
    _folder: tempfile::TempDir,
    configurations: PathBuf,
}

impl Place {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let configurations = folder.path().canonicalize().unwrap().join("etc");
        fs::create_dir(&configurations).unwrap();
        Self { _folder: folder, configurations }
    }

    fn path(&self) -> &Path {
        &self.configurations
    }
}

/// Where journals of this folder are.
fn state(folder: &Path) -> PathBuf {
    folder.with_file_name("state")
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

/// The journal of runs that write in this folder.
fn journal(folder: &Path) -> PathBuf {
    state(folder).join("haproxy-lint").join(format!("{:016x}.journal", hash(folder.as_os_str().as_encoded_bytes())))
}

fn folder() -> Place {
    let folder = Place::empty();
    (0..FILES).for_each(|n| fs::write(file(folder.path(), n), old(n)).unwrap());
    folder
}

fn file(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number:02}.cfg"))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"));
    command
        .env("XDG_STATE_HOME", state(folder))
        .current_dir(folder)
        .args(["check", "--no-config", "--quiet", "--select", "dead/already-specified"])
        .args(arguments);
    command.args((0..FILES).map(|n| format!("{n:02}.cfg")));
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// How many files have their new text; a mixture is none of both.
fn written(folder: &Path) -> usize {
    (0..FILES)
        .map(|n| {
            let text = fs::read_to_string(file(folder, n)).unwrap();
            assert!(text == new(n) || text == old(n), "{n}: {} bytes", text.len());
            usize::from(text == new(n))
        })
        .sum()
}

/// What is in the folder beside the files, and what is left of journals.
fn litter(folder: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    let beside = names(folder).into_iter().filter(|name| !name.ends_with(".cfg"));
    beside.chain(names(&state(folder).join("haproxy-lint"))).collect()
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

#[test]
fn killed_runs_are_finished_or_undone() {
    // How long a whole run takes here, so that each part of it is met.
    let whole = folder();
    let start = Instant::now();
    assert_eq!(run(whole.path(), &["--fix"]).status.code(), Some(0));
    let took = start.elapsed();
    assert_eq!((written(whole.path()), litter(whole.path())), (FILES, Vec::new()));

    let (mut finished, mut undone) = (0, 0);
    for round in 0..40 {
        let folder = folder();
        let mut child = command(folder.path(), &["--fix"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        // Most of the time goes by before anything is written: wait for the journal, and then for a little more.
        if round % 4 > 0 {
            let journal = journal(folder.path());
            let reached = || match round % 4 {
                3 => fs::read_to_string(&journal).is_ok_and(|text| text.ends_with("complete\n") || text.contains("complete ")),
                _ => journal.exists(),
            };
            while !reached() && child.try_wait().unwrap().is_none() {
                thread::yield_now();
            }
            thread::sleep(Duration::from_micros(if round % 4 == 3 { u64::from(round) } else { u64::from(round) * 150 }));
        } else {
            thread::sleep(took * round / 40);
        }
        let _ = child.kill();
        child.wait().unwrap();
        let left = written(folder.path());
        let begun = journal(folder.path()).exists();
        if begun {
            // Without `--fix` nothing is written, and it is told.
            let out = run(folder.path(), &[]);
            assert!(said(&out).contains("a run was killed while it wrote files") && written(folder.path()) == left, "{}", said(&out));
        }
        let out = run(folder.path(), &["--fix"]);
        assert_eq!(out.status.code(), Some(0), "{}", said(&out));
        finished += usize::from(said(&out).contains("finished what a killed run had begun to write"));
        undone += usize::from(said(&out).contains("undid what a killed run had begun"));
        assert!(!begun || said(&out).contains("killed run"), "{}", said(&out));
        assert!(left == 0 || left == FILES || begun, "{left} files are new, and no journal says why");
        assert_eq!((written(folder.path()), litter(folder.path())), (FILES, Vec::new()), "round {round}");
    }
    println!("{finished} runs were finished and {undone} undone");
    assert!(finished + undone > 5, "{finished} finished, {undone} undone");
}

/// Files that nobody named but a topology: their folder is looked at as well.
#[test]
fn what_was_begun_where_a_topology_leads_is_undone() {
    let place = Place::empty();
    let folder = place.path().join("lb");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("haproxy.cfg"), "global\n    maxconn 10\n").unwrap();
    fs::write(place.path().join("hosts.yaml"), "topology: 1\nhosts: [{name: lb1, config: lb/haproxy.cfg}]\n").unwrap();
    put_journal(&folder, "");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cargo-haproxy-lint"));
    command.env("XDG_STATE_HOME", state(&folder)).current_dir(place.path());
    let out = command.args(["check", "--no-config", "--fix", "--topology", "hosts.yaml"]).output().unwrap();
    assert!(!journal(&folder).exists(), "{}", said(&out));
}

/// Somebody else writes a file while it is checked: their text stays, mended or not.
#[test]
fn what_others_write_meanwhile_stays() {
    let mut refused = 0;
    for round in 0..12 {
        let folder = folder();
        let child = command(folder.path(), &["--fix"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(round * 12));
        fs::write(folder.path().join("theirs"), old(99)).unwrap();
        fs::rename(folder.path().join("theirs"), file(folder.path(), 5)).unwrap();
        let out = child.wait_with_output().unwrap();
        let text = fs::read_to_string(file(folder.path(), 5)).unwrap();
        assert!(text == old(99) || text == new(99), "round {round}: {}", text.len());
        refused += usize::from(said(&out).contains("has changed while it was checked"));
        assert!(litter(folder.path()).is_empty());
    }
    println!("{refused} runs found a changed file");
}

/// A journal and new texts as a killed run leaves them.
fn left_behind(folder: &Path, complete: bool, done: usize) {
    let mark = |text: &str| format!("[{},{}]", text.len(), hash(text.as_bytes()));
    let mut lines = String::new();
    for n in 0..FILES {
        let (target, beside) = (file(folder, n), folder.join(format!(".{n:02}.cfg.haproxy-lint-new")));
        lines += &format!("{{\"target\":{target:?},\"before\":{},\"after\":{}}}\n", mark(&old(n)), mark(&new(n)));
        if n < done { fs::write(target, new(n)).unwrap() } else { fs::write(beside, new(n)).unwrap() }
    }
    put_journal(folder, &(lines + if complete { "complete\n" } else { "comple" }));
}

/// A journal of this user alone.
fn put_journal(folder: &Path, text: &str) {
    let place = state(folder).join("haproxy-lint");
    fs::create_dir_all(&place).unwrap();
    fs::write(journal(folder), text).unwrap();
    #[cfg(unix)]
    for (path, mode) in [(place, 0o700), (journal(folder), 0o600)] {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
}

/// A file that is written where it is, as one of several links, may be a mixture when the program is killed: both texts are kept.
#[test]
fn a_file_that_was_written_half_is_finished() {
    let place = folder();
    let target = file(place.path(), 0);
    let (before, after) = (old(0), new(0));
    // Of the new text, of the old one, and somewhere in the middle; and a text of somebody else.
    let middle = before.len() / 2;
    let mixture = format!("{}{}", &after[..middle], &before[middle..]);
    for (now, right) in [(&before, &after), (&after, &after), (&mixture, &after), (&"global\n".to_owned(), &"global\n".to_owned())] {
        fs::write(&target, now).unwrap();
        let mark = |text: &str| format!("[{},{}]", text.len(), hash(text.as_bytes()));
        let line = format!("{{\"target\":{target:?},\"before\":{},\"after\":{}}}\n", mark(&before), mark(&after));
        put_journal(place.path(), &format!("{line}complete 0\n"));
        fs::write(journal(place.path()).with_extension("0.old"), &before).unwrap();
        fs::write(journal(place.path()).with_extension("0.new"), &after).unwrap();
        run(place.path(), &["--fix"]);
        assert!(fs::read_to_string(&target).unwrap() == *right, "{} bytes", now.len());
        assert_eq!(litter(place.path()), Vec::<String>::new());
    }
}

#[test]
fn a_journal_is_what_decides() {
    let half = folder();
    left_behind(half.path(), true, FILES / 2);
    // Somebody wrote a file of their own in the meantime: it stays.
    fs::write(file(half.path(), FILES - 1), "global\n    maxconn 77\n").unwrap();
    let out = run(half.path(), &["--fix"]);
    assert!(said(&out).contains("changed meanwhile") && out.status.code() == Some(2), "{}", said(&out));
    assert_eq!(fs::read_to_string(file(half.path(), FILES - 1)).unwrap(), "global\n    maxconn 77\n");
    fs::write(file(half.path(), FILES - 1), new(FILES - 1)).unwrap();
    assert_eq!((written(half.path()), litter(half.path())), (FILES, Vec::new()));

    let begun = folder();
    left_behind(begun.path(), false, 0);
    fs::write(file(begun.path(), 0), "global\n").unwrap();
    let out = run(begun.path(), &["--fix"]);
    assert!(said(&out).contains("undid what a killed run had begun"), "{}", said(&out));
    assert_eq!(fs::read_to_string(file(begun.path(), 0)).unwrap(), "global\n");
    assert_eq!(litter(begun.path()), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn one_file_that_cannot_be_written_keeps_all_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    fs::set_permissions(file(folder.path(), 7), fs::Permissions::from_mode(0o440)).unwrap();
    let out = run(folder.path(), &["--fix"]);
    assert!(out.status.code() == Some(2) && said(&out).contains("read-only"), "{}", said(&out));
    assert_eq!((written(folder.path()), litter(folder.path())), (0, Vec::new()));
}

/// Files of no more than some bytes: what is written stops in the middle, as on a full disk.
#[cfg(unix)]
#[test]
fn without_room_all_stays_as_it_was() {
    let folder = folder();
    let program = assert_cmd::cargo::cargo_bin("cargo-haproxy-lint");
    let files: Vec<String> = (0..FILES).map(|n| format!("{n:02}.cfg")).collect();
    // In blocks of 512 bytes.
    for blocks in [0, 1, 8] {
        let script = format!(
            "ulimit -f {blocks}; exec {} check --no-config --quiet --fix --select dead/already-specified {}",
            program.display(),
            files.join(" ")
        );
        let out = Command::new("sh")
            .env("XDG_STATE_HOME", state(folder.path()))
            .current_dir(folder.path())
            .args(["-c", &script])
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(2), "{}", said(&out));
        assert!(said(&out).contains("cannot write"), "{}", said(&out));
        assert_eq!((written(folder.path()), litter(folder.path())), (0, Vec::new()));
    }
}

/// A small file system that runs full, where this machine lets us have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_all_as_it_was() {
    let folder = Place::empty();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(folder.path()).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("skipped: a small file system needs root");
        return;
    }
    (0..FILES).for_each(|n| fs::write(file(folder.path(), n), old(n)).unwrap());
    let out = run(folder.path(), &["--fix"]);
    let (count, left) = (written(folder.path()), litter(folder.path()));
    let _ = Command::new("umount").arg(folder.path()).status();
    assert!(out.status.code() == Some(2) && said(&out).contains("No space left"), "{}", said(&out));
    assert_eq!((count, left), (0, Vec::new()));
}
