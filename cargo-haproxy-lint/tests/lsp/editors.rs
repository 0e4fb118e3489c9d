//! Real editors as clients, driven by the scripts in `tests/editors`; where one is not installed, that is said and skipped.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::place::Place;

/// How long an editor may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// Two files of one configuration, and one fault.
const FILES: [(&str, &str); 3] = [
    ("haproxy-lint.toml", "[[config]]\nfiles = [\"lb\"]\n"),
    (
        "lb/10-web.cfg",
        "frontend web\n    bind :80\n    mode http\n    default_backend app\n    timeout client 3s\n    acl unused path /x\n",
    ),
    ("lb/20-app.cfg", "backend app\n    mode http\n    timeout connect 3s\n    timeout server 3s\n    server a 10.0.0.1:80\n"),
];

/// What an editor leaves in `out.txt`; `None` where there is no such editor.
fn driven(place: &Place, program: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let ours = std::path::Path::new(env!("CARGO_BIN_EXE_haproxy-lint")).parent().unwrap();
    let path = format!("{}:{}", ours.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(place.path()).env("PATH", path).env("HOME", place.path());
    command.env("XDG_CACHE_HOME", place.path()).env("XDG_STATE_HOME", place.path()).env("XDG_CONFIG_HOME", place.path());
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no {program} on this machine");
        return None;
    };
    let end = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() && Instant::now() < end {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    let text = fs::read_to_string(place.path().join("out.txt")).unwrap_or_default();
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn neovim() {
    let place = Place::with(&FILES);
    fs::write(place.path().join("run.lua"), include_str!("../editors/nvim.lua")).unwrap();
    let Some(found) = driven(&place, "nvim", &["--headless", "-u", "NONE", "-c", "luafile run.lua"]) else { return };
    let expected = [
        "diagnostics 5:8 dead/unused-acl",
        "hover backend `app` / declared here: / - [20-app.cfg:1] `backend app` / used here: / - [10-web.cfg:4] `default_backend app`",
        "completion true",
        "definition 20-app.cfg 0",
        "reference 10-web.cfg 3",
        "reference 20-app.cfg 0",
        "symbol web 2",
        "renamed here     default_backend shop",
        "renamed there backend shop",
        "action Delete the line",
        "action Ignore `dead/unused-acl` in this line",
        "action Ignore `dead/unused-acl` in this section",
        "action Ignore `dead/unused-acl` in this file",
        "lines 5",
    ];
    assert_eq!(found, expected);
}

/// A block of the guide: the one that holds some words.
fn block(language: &str, words: &str) -> String {
    let guide = include_str!("../../../docs/editors.md");
    let fence = format!("```{language}\n");
    let blocks = guide.split(&fence).skip(1).filter_map(|block| block.split("\n```").next());
    blocks.into_iter().find(|block| block.contains(words)).expect("the guide has this block").to_owned() + "\n"
}

#[test]
fn emacs_with_eglot() {
    let place = Place::with(&FILES);
    fs::write(place.path().join("guide.el"), block("elisp", "eglot-server-programs")).unwrap();
    fs::write(place.path().join("run.el"), include_str!("../editors/eglot.el")).unwrap();
    let Some(found) = driven(&place, "emacs", &["-q", "--batch", "-l", "run.el"]) else { return };
    if found == ["none"] {
        println!("skipped: there is no eglot on this machine");
        return;
    }
    assert_eq!(
        found,
        [
            "diagnostic 6 haproxy-lint [dead/unused-acl]: the ACL `unused` is used nowhere in its section",
            "action Delete the line",
            "lines 5"
        ]
    );
}

#[test]
fn vim_with_ale() {
    let place = Place::with(&FILES);
    let linter = place.path().join("vimrt/ale_linters/haproxy/haproxy_lint.vim");
    fs::create_dir_all(linter.parent().unwrap()).unwrap();
    fs::write(&linter, block("vim", "'lsp': 'stdio'")).unwrap();
    fs::write(place.path().join("run.vim"), include_str!("../editors/ale.vim")).unwrap();
    let Some(found) = driven(&place, "vim", &["-es", "-N", "-u", "NONE", "-S", "run.vim"]) else { return };
    if found == ["none"] {
        println!("skipped: there is no ALE on this machine");
        return;
    }
    assert_eq!(found, ["6|9|dead/unused-acl", "action", "5"]);
}
