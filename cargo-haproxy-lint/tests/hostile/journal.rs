//! A journal says what is written and removed: one that came with the files says nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::writing::{Place, RIGHT, WRONG, hash, journal_name, said};

const NAME: &str = ".haproxy-lint-journal";

/// A file outside of what is checked, that a journal is after.
const VICTIM: &str = "precious\n";

fn mark(text: &str) -> String {
    format!("[{},{}]", text.len(), hash(text.as_bytes()))
}

fn entry(target: &Path, new: &Path, before: &str, after: &str) -> String {
    format!("{{\"target\":{target:?},\"new\":{new:?},\"before\":{},\"after\":{}}}\n", mark(before), mark(after))
}

/// Runs the fix over a folder with this journal in it, and over one that needs no fix.
fn obeys_nothing(plant: impl Fn(&Place, &Path)) {
    for (text, right) in [(WRONG, RIGHT), (RIGHT, RIGHT)] {
        let place = Place::with(text);
        let victim = place.outside("victim");
        fs::write(&victim, VICTIM).unwrap();
        plant(&place, &victim);
        let before = fs::symlink_metadata(place.file(NAME)).unwrap().len();
        let out = place.run(&["--fix", "haproxy.cfg"]);
        assert_eq!(out.status.code(), Some(0), "{}", said(&out));
        assert!(said(&out).contains("is not obeyed"), "{}", said(&out));
        assert_eq!(fs::read_to_string(&victim).unwrap(), VICTIM);
        assert_eq!(fs::symlink_metadata(place.file(NAME)).unwrap().len(), before, "it is left alone");
        assert_eq!(fs::read_to_string(place.file("haproxy.cfg")).unwrap(), right);
    }
}

#[test]
fn one_that_would_remove_a_file() {
    for relative in [false, true] {
        obeys_nothing(|place, victim| {
            let new = if relative { PathBuf::from("../victim") } else { victim.to_owned() };
            fs::write(place.file(NAME), entry(&place.file("haproxy.cfg"), &new, WRONG, RIGHT)).unwrap();
        });
    }
}

#[test]
fn one_that_would_write_a_file() {
    for relative in [false, true] {
        obeys_nothing(|place, victim| {
            let target = if relative { PathBuf::from("../victim") } else { victim.to_owned() };
            let new = place.file("evil");
            fs::write(&new, "evil\n").unwrap();
            fs::write(place.file(NAME), entry(&target, &new, VICTIM, "evil\n") + "complete\n").unwrap();
        });
    }
}

#[cfg(unix)]
#[test]
fn one_that_is_a_link() {
    obeys_nothing(|place, victim| {
        let real = place.outside("journal");
        fs::write(&real, entry(&place.file("haproxy.cfg"), victim, WRONG, RIGHT)).unwrap();
        std::os::unix::fs::symlink(&real, place.file(NAME)).unwrap();
    });
}

/// Where the place of journals itself came with the files, as with a home inside of them, another one is taken.
#[cfg(unix)]
#[test]
fn one_in_a_home_that_came_with_the_files() {
    use std::os::unix::fs::PermissionsExt;
    // `.git` makes everything below one tree; a folder that others have access to is nobody's place.
    for (git, mode) in [(true, 0o700), (false, 0o755)] {
        let place = Place::with(WRONG);
        let (tree, victim) = (place.file("."), place.outside("victim"));
        fs::write(&victim, VICTIM).unwrap();
        let home = if git { place.file("home") } else { place.outside("home") };
        let state = home.join(".local/state/haproxy-lint");
        fs::create_dir_all(&state).unwrap();
        if git {
            fs::create_dir(tree.join(".git")).unwrap();
        }
        fs::set_permissions(&state, fs::Permissions::from_mode(mode)).unwrap();
        let journal = state.join(journal_name(&tree.canonicalize().unwrap()));
        let new = victim.with_file_name(".victim.haproxy-lint-new");
        fs::write(&new, "evil\n").unwrap();
        fs::write(&journal, entry(&victim.canonicalize().unwrap(), &new, VICTIM, "evil\n") + "complete\n").unwrap();
        fs::set_permissions(&journal, fs::Permissions::from_mode(0o600)).unwrap();
        let mut command = place.command(&["--fix", "haproxy.cfg"]);
        let out = command.env_remove("XDG_STATE_HOME").env("HOME", &home).output().unwrap();
        assert_eq!(out.status.code(), Some(0), "{}", said(&out));
        assert_eq!(fs::read_to_string(&victim).unwrap(), VICTIM, "git: {git}");
        assert!(journal.exists());
        assert_eq!(fs::read_to_string(place.file("haproxy.cfg")).unwrap(), RIGHT);
    }
}

/// A true journal, and a tree that has changed since: what a folder was is a link to another one now.
#[cfg(unix)]
#[test]
fn a_true_one_does_not_follow_new_links() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(RIGHT);
    let elsewhere = place.outside("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("a.cfg"), VICTIM).unwrap();
    fs::write(elsewhere.join(".a.cfg.haproxy-lint-new"), "evil\n").unwrap();
    std::os::unix::fs::symlink(&elsewhere, place.file("conf")).unwrap();
    let folder = place.file(".").canonicalize().unwrap();
    for end in ["complete\n", "complete 0\n", ""] {
        let journal = place.journal(&folder);
        fs::create_dir_all(journal.parent().unwrap()).unwrap();
        fs::write(&journal, entry(&folder.join("conf/a.cfg"), Path::new(""), VICTIM, "evil\n") + end).unwrap();
        fs::write(journal.with_extension("0.old"), VICTIM).unwrap();
        fs::write(journal.with_extension("0.new"), "evil\n").unwrap();
        fs::set_permissions(journal.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(&journal, fs::Permissions::from_mode(0o600)).unwrap();
        let out = place.run(&["--fix", "haproxy.cfg"]);
        assert!(said(&out).contains("killed run") || said(&out).contains("changed meanwhile"), "{}", said(&out));
        assert_eq!(fs::read_to_string(elsewhere.join("a.cfg")).unwrap(), VICTIM);
        assert!(elsewhere.join(".a.cfg.haproxy-lint-new").exists(), "nothing is removed through a link");
    }
}

/// Without a home, as in containers, and without any place that can be written to.
#[cfg(unix)]
#[test]
fn no_home() {
    let place = Place::with(WRONG);
    let temporary = place.outside("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut command = place.command(&["--fix", "haproxy.cfg"]);
    let out = command.env_remove("XDG_STATE_HOME").env("HOME", "/nonexistent").env("TMPDIR", &temporary).output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert_eq!(fs::read_to_string(place.file("haproxy.cfg")).unwrap(), RIGHT);

    let place = Place::with(WRONG);
    let mut command = place.command(&["--fix", "haproxy.cfg"]);
    let out = command.env("XDG_STATE_HOME", "/proc/none").env("HOME", "/proc/none").env("TMPDIR", "/proc/none").output().unwrap();
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("XDG_STATE_HOME"), "{}", said(&out));
    assert_eq!(fs::read_to_string(place.file("haproxy.cfg")).unwrap(), WRONG);
}
