//! Projects that are only in memory.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Found, Project, Set, Wanted};
use crate::{
    check::check,
    source::{Fence, Memory, Overlay},
};

const BAD: &str = "frontend web\n    bind :80\n    default_backend nope\n    timeout client 9s\n";

fn memory(files: &[(&str, &str)]) -> Memory {
    files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(*path, *text))
}

fn project(files: &[(&str, &str)]) -> Project {
    Project::open(Arc::new(memory(files)), Path::new("/r"), false).unwrap()
}

fn paths(set: &Set) -> Vec<String> {
    set.parts().iter().map(|part| part.path.display().to_string()).collect()
}

fn found(project: &Project, named: &[&str], all: bool) -> Found {
    let named: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
    project.sets(&Wanted { paths: &named, all, force_exclude: false, apart: false })
}

/// The files of each configuration.
fn sets(project: &Project, named: &[&str]) -> Vec<Vec<String>> {
    found(project, named, false).sets.iter().map(paths).collect()
}

#[test]
fn settings_are_found_above_and_extend_others() {
    let project = project(&[
        ("/haproxy-lint.toml", "extend = \"shared/base.toml\"\nlocal-name = \"lb\"\n"),
        ("/shared/base.toml", "target = \"2.6\"\nlocal-name = \"no\"\nexclude = [\"old.cfg\"]\n[[config]]\nfiles = [\"a.cfg\"]\n"),
        ("/shared/a.cfg", BAD),
        ("/shared/old.cfg", BAD),
        ("/r/b.cfg", BAD),
    ]);
    assert_eq!(project.files, [Path::new("haproxy-lint.toml"), Path::new("shared/base.toml")]);
    assert_eq!(sets(&project, &[]), [["shared/a.cfg"]]);
    assert_eq!(sets(&project, &["/"]), [["/r/b.cfg"], ["/shared/a.cfg"]]);
    let options = project.options(None).unwrap();
    assert_eq!((options.target.unwrap().minor, options.local_name.as_deref()), (6, Some("lb")));
}

#[test]
fn a_file_belongs_to_the_set_that_names_it_or_its_folder() {
    let settings = "[[config]]\nfiles = [\"global.cfg\", \"conf.d\"]\nlocal-name = \"a\"\nenv = { A = \"1\" }\n[[override]]\nfiles = [\"old/\"]\ntarget = \"2.4\"\n";
    let project = project(&[
        ("/r/haproxy-lint.toml", settings),
        ("/r/global.cfg", "global\n"),
        ("/r/conf.d/1.cfg", "defaults\n"),
        ("/r/conf.d/2.cfg", BAD),
        ("/r/old/o.cfg", BAD),
    ]);
    let set = project.set_of(Path::new("r/conf.d/../conf.d/2.cfg")).unwrap();
    assert_eq!(paths(&set), ["r/global.cfg", "r/conf.d/1.cfg", "r/conf.d/2.cfg"]);
    let options = project.options(Some(&set)).unwrap();
    assert_eq!((options.local_name.as_deref(), options.environment.values().next()), (Some("a"), Some(("A", "1"))));
    let alone = project.set_of(Path::new("/r/old/o.cfg")).unwrap();
    assert_eq!((paths(&alone), alone.declared()), (vec!["/r/old/o.cfg".to_owned()], None));
    assert_eq!(project.options(Some(&alone)).unwrap().target.unwrap().minor, 4);
    // Of a set that is met by one of its files, only what is in that file is shown.
    let met = found(&project, &["/r/conf.d/2.cfg"], false).sets.remove(0);
    assert_eq!(paths(&met), ["r/global.cfg", "r/conf.d/1.cfg", "/r/conf.d/2.cfg"]);
    let sources = project.sources(&met, 1 << 20).unwrap();
    assert_eq!(sources.iter().map(|(file, _)| met.shows(file)).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn what_git_ignores_is_left_out_as_git_does_it() {
    let project = project(&[
        ("/r/.git/HEAD", ""),
        ("/r/.git/info/exclude", "secret.cfg\n"),
        ("/r/.gitignore", "\u{feff}build/\n*.bak.cfg\n!keep.bak.cfg\n/top.cfg\n[\n!.seen.cfg\n"),
        ("/r/build/b.cfg", BAD),
        ("/r/x.bak.cfg", BAD),
        ("/r/keep.bak.cfg", BAD),
        ("/r/top.cfg", BAD),
        ("/r/secret.cfg", BAD),
        ("/r/.hidden.cfg", BAD),
        ("/r/.seen.cfg", BAD),
        ("/r/.folder/f.cfg", BAD),
        ("/r/sub/.ignore", "!x.bak.cfg\nown.cfg\n"),
        ("/r/sub/x.bak.cfg", BAD),
        ("/r/sub/top.cfg", BAD),
        ("/r/sub/own.cfg", BAD),
        ("/r/other/.git", "gitdir: ../.git/worktrees/other\n"),
        ("/r/.git/worktrees/other/commondir", "../..\n"),
        ("/r/other/x.bak.cfg", BAD),
        ("/r/other/secret.cfg", BAD),
    ]);
    let expected = ["/r/.seen.cfg", "/r/keep.bak.cfg", "/r/other/x.bak.cfg", "/r/sub/top.cfg", "/r/sub/x.bak.cfg"];
    assert_eq!(sets(&project, &["/r"]).concat(), expected);
    assert_eq!(found(&project, &["/r"], true).sets.len(), 10);
    // Without a repository there is nothing that git would ignore.
    let project = self::project(&[("/r/.gitignore", "a.cfg\n"), ("/r/.ignore", "b.cfg\n"), ("/r/a.cfg", BAD), ("/r/b.cfg", BAD)]);
    assert_eq!(sets(&project, &["/r"]).concat(), ["/r/a.cfg"]);
}

#[test]
fn patterns_that_cannot_be_known_are_told() {
    let huge = "#".repeat((1 << 20) + 1);
    let project = project(&[("/r/.git/HEAD", ""), ("/r/a.cfg", BAD), ("/r/sub/.gitignore", &huge), ("/r/sub/b.cfg", BAD)]);
    let found = found(&project, &["/r", "/r/sub"], false);
    assert_eq!(found.sets.iter().map(paths).collect::<Vec<_>>(), [["/r/a.cfg"]]);
    assert!(found.notes[0].contains("`/r/sub` is not looked through: cannot read `/r/sub/.gitignore`"), "{:?}", found.notes);
    assert!(found.errors[0].message.contains("it is larger than 1 MB; `--no-ignore` does without it"), "{:?}", found.errors);
}

#[test]
fn settings_that_are_wrong_are_told_with_their_place() {
    let open = |files: &[(&str, &str)]| Project::open(Arc::new(memory(files)), Path::new("/r"), false).unwrap_err();
    let error = open(&[("/r/haproxy-lint.toml", "\nignroe = [\"tls\"]\n")]);
    assert_eq!((error.place.unwrap().span, error.help.as_deref()), (1..7, Some("did you mean `ignore`?")));
    let error = open(&[("/r/haproxy-lint.toml", "extend = \"../b.toml\"\n"), ("/b.toml", "")]);
    assert!(error.message.contains("which `extend` names, lies outside the repository"), "{error}");
    let error = open(&[("/r/haproxy-lint.toml", "extend = \"b.toml\"\n"), ("/r/b.toml", "extend = \"haproxy-lint.toml\"\n")]);
    assert!(error.message.contains("extend each other"), "{error}");
    // Whether a rule of the project exists is known only when all settings are read.
    let project = project(&[("/r/haproxy-lint.toml", "extend = \"b.toml\"\nignore = [\"project/x\"]\n"), ("/r/b.toml", "")]);
    assert_eq!(project.options(None).unwrap_err().to_string(), "there is no rule or group `project/x`");
}

#[test]
fn what_is_not_saved_counts_everywhere() {
    let overlay = Arc::new(Overlay::over(memory(&[("/r/a.cfg", BAD), ("/r/haproxy-lint.toml", "target = \"2.6\"\n")])));
    let rules = |project: &Project, file: &str| -> Vec<&str> {
        let set = project.set_of(Path::new(file)).unwrap();
        let sources = project.sources(&set, 1 << 20).unwrap();
        let mut report = check(&sources, &project.options(Some(&set)).unwrap());
        project.overrule(&sources, &mut report);
        report.findings.iter().map(|finding| finding.rule.name).filter(|name| name.starts_with("reference/")).collect()
    };
    let project = Project::open(overlay.clone(), Path::new("/r"), false).unwrap();
    assert_eq!(rules(&project, "/r/a.cfg"), ["reference/unknown-backend"]);
    // The text of an open file, a file that is not on the disk yet, and settings.
    overlay.open(Path::new("/r/a.cfg"), BAD.replace("nope", "app"));
    overlay.open(Path::new("/r/b.cfg"), "backend app\n    server a 10.0.0.1:80\n");
    overlay.open(Path::new("/r/haproxy-lint.toml"), "[[config]]\nfiles = [\"a.cfg\", \"b.cfg\"]\n");
    let project = Project::open(overlay.clone(), Path::new("/r"), false).unwrap();
    assert_eq!(rules(&project, "/r/b.cfg"), [""; 0]);
    assert_eq!(sets(&project, &["/r"]), [["/r/a.cfg", "/r/b.cfg"]]);
    overlay.open(Path::new("/r/haproxy-lint.toml"), "[[override]]\nfiles = [\"a.cfg\"]\nignore = [\"reference\"]\n");
    overlay.close(Path::new("/r/a.cfg"));
    let project = Project::open(overlay, Path::new("/r"), false).unwrap();
    assert_eq!(rules(&project, "/r/a.cfg"), [""; 0]);
}

#[test]
fn files_of_topologies_are_read_through_the_same_reader() {
    let compose = "services:\n  lb:\n    image: haproxy:2.8\n    volumes: [../secret.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro]\n  \
                   in:\n    image: haproxy:2.8\n    volumes: [./in.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro]\n";
    let reader =
        memory(&[("/r/deploy/compose.yaml", compose), ("/r/deploy/.x/y.yaml", ""), ("/r/deploy/in.cfg", BAD), ("/r/secret.cfg", BAD)]);
    let mut notes = Vec::new();
    let files = super::manifests(&reader, Path::new("/r/deploy"), false, &mut notes).unwrap();
    assert_eq!(files, [Path::new("/r/deploy/compose.yaml")]);
    let read = crate::source::SourceFile::read(&reader, &files[0], crate::source::By::User, 1 << 20).unwrap();
    let (mut topology, _) = crate::topology::read(vec![read]);
    let fence: Fence = super::around(&reader, &files, false);
    super::mounted(&reader, &mut topology, &fence, 1 << 20, &mut notes);
    assert_eq!(topology.nodes.iter().filter(|node| node.configuration.is_some()).count(), 1);
    assert!(notes.len() == 1 && notes[0].contains("secret.cfg`, which a node reads, lies outside"), "{notes:?}");
}

#[test]
fn folders_of_hosts_say_what_is_set_there() {
    let hosts = "topology: 1\nhosts: [{name: lb1}, {name: lb2}]\n";
    let reader = memory(&[
        ("/r/hosts.yaml", hosts),
        ("/r/lb1/etc/sysctl.d/90-lb.conf", ""),
        ("/r/lb2/haproxy.service", ""),
        ("/r/lb2/.old/haproxy.service", ""),
        ("/r/other/sysctl.d/1.conf", ""),
    ]);
    let paths = [Path::new("/r/hosts.yaml").to_owned()];
    let read = crate::source::SourceFile::read(&reader, &paths[0], crate::source::By::User, 1 << 20).unwrap();
    let (topology, _) = crate::topology::read(vec![read]);
    let found = super::described(&reader, &topology, &paths);
    assert_eq!(found, ["/r/lb1/etc/sysctl.d/90-lb.conf", "/r/lb2/haproxy.service"].map(Path::new));
    // A folder that is named is read as a whole.
    assert!(super::described(&reader, &topology, &[Path::new("/r").to_owned()]).is_empty());
}

const MAIN: &str = "global\n    daemon\ndefaults\n    mode http\n";
const WEB: &str = "frontend web\n    bind :80\n    default_backend app\n";
const APP: &str = "backend app\n    server a 192.0.2.1:80\n";

#[test]
fn files_that_lie_together_are_one_configuration() {
    let files = [("/r/haproxy.cfg", MAIN), ("/r/conf.d/app.cfg", APP), ("/r/conf.d/web.cfg", WEB), ("/r/conf.d/README", "x")];
    let project = project(&files);
    let whole = ["haproxy.cfg", "conf.d/app.cfg", "conf.d/web.cfg"];
    let below = |folder: &str| whole.map(|file| format!("{folder}{file}"));
    assert_eq!(sets(&project, &["/r"]), [below("/r/")]);
    assert_eq!(sets(&project, &["/r/haproxy.cfg", "/r/conf.d"]), [below("/r/")]);
    // Met by one of its files, what is in the others is not shown.
    let met = found(&project, &["r/conf.d/web.cfg"], false).sets.remove(0);
    let shown: Vec<bool> = project.sources(&met, 1 << 20).unwrap().iter().map(|(file, _)| met.shows(file)).collect();
    assert_eq!((paths(&met), shown), (below("r/").to_vec(), vec![false, false, true]));
    // An editor names files from the root; they are shown from where the program was started.
    assert_eq!(paths(&project.set_of(Path::new("/r/conf.d/app.cfg")).unwrap()), below("r/"));
    // Bodies of sections stand for themselves, and what `-f` names is all there is.
    let wanted = [PathBuf::from("/r")];
    assert_eq!(project.sets(&Wanted { paths: &wanted, apart: true, ..Wanted::default() }).sets.len(), 3);
    assert_eq!(paths(&project.together(&[PathBuf::from("/r/haproxy.cfg")]).sets[0]), ["/r/haproxy.cfg"]);
}

#[test]
fn the_settings_know_better_how_files_belong_together() {
    let settings = "[[config]]\nfiles = [\"haproxy.cfg\", \"conf.d/app.cfg\"]\n";
    let files = [("/r/haproxy-lint.toml", settings), ("/r/haproxy.cfg", MAIN), ("/r/conf.d/app.cfg", APP), ("/r/conf.d/web.cfg", WEB)];
    assert_eq!(sets(&project(&files), &["/r"]), [vec!["/r/haproxy.cfg", "/r/conf.d/app.cfg"], vec!["/r/conf.d/web.cfg"]]);
}

#[test]
fn what_may_not_be_one_configuration_is_told_and_left_apart() {
    let doubt = |files: &[(&str, &str)]| {
        let found = found(&project(files), &["/r"], false);
        assert_eq!(found.sets.len(), files.iter().filter(|(name, _)| name.ends_with(".cfg")).count());
        assert!(found.doubtful.len() < 2);
        found.doubtful.first().map(|neighbours| (neighbours.options(), neighbours.doubt.clone().unwrap()))
    };
    let told = |files: &[(&str, &str)], options: &str, why: &str| {
        let (found, doubt) = doubt(files).unwrap();
        assert_eq!((found.as_str(), doubt.as_str()), (options, why));
    };
    let whole = "global\ndefaults\nfrontend web\n    bind :80\n";
    told(
        &[("/r/conf.d/a.cfg", whole), ("/r/conf.d/b.cfg", "global\nlisten b\n    bind :81\n")],
        "-f /r/conf.d",
        "several of them have a `global` section and proxies of their own",
    );
    told(
        &[("/r/haproxy.cfg", MAIN), ("/r/sites.d/a.cfg", WEB), ("/r/sites.d/b.cfg", WEB)],
        "-f /r/haproxy.cfg -f /r/sites.d",
        "all that `/r/sites.d/a.cfg` declares is declared in another one, too",
    );
    told(&[("/r/my lb.cfg", MAIN), ("/r/conf.d/a.cfg", WEB)], "-f '/r/my lb.cfg' -f /r/conf.d", "`/r/my lb.cfg` may go without them");
    told(
        &[("/r/10-web.cfg", WEB), ("/r/20-app.cfg", APP), ("/r/main.cfg", MAIN)],
        "-f /r/main.cfg -f /r/10-web.cfg -f /r/20-app.cfg",
        "`/r/10-web.cfg` names backends that `/r/20-app.cfg` declares",
    );
    // Files that need nothing of each other are nobody's business, and neither are those of other programs.
    assert_eq!(doubt(&[("/r/a.cfg", whole), ("/r/b.cfg", whole)]), None);
    assert_eq!(doubt(&[("/r/haproxy.cfg", MAIN), ("/r/setup.d/a.cfg", "[metadata]\nname = x\n")]), None);
}

#[test]
fn settings_may_be_named() {
    let memory = memory(&[("/s/other.toml", "local-name = \"lb\"\n[[config]]\nfiles = [\"a.cfg\"]\n"), ("/s/a.cfg", BAD)]);
    let project = Project::with_settings(Arc::new(memory), Path::new("s/other.toml"), false).unwrap();
    assert_eq!((sets(&project, &[]), project.settings.local_name.as_deref()), (vec![vec!["s/a.cfg".to_owned()]], Some("lb")));
}
