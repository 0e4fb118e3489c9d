//! What `docs/editors.md` shows, fed to the editors themselves; where one is not installed, that is said and skipped.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::place::Place;

const BAD: &str = "frontend web\n    bind :80\n    timeout client 9s\n    acl x src 10.0.0.1\n    default_backend nope\n";
const ACL: &str = "the ACL `x` is used nowhere in its section";
const BACKEND: &str = "no backend is named `nope`";
/// How long an editor may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The blocks of a language in the guide.
fn blocks(language: &str) -> Vec<String> {
    let guide = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/editors.md")).unwrap();
    let fence = format!("```{language}\n");
    guide.split(&fence).skip(1).filter_map(|block| Some(block.split("\n```").next()?.to_owned() + "\n")).collect()
}

/// A program in a place, which finds ours; `None` where it is not installed.
fn start(place: &Place, program: &str, arguments: &[&str]) -> Option<Child> {
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_haproxy-lint"));
    let path = format!("{}:{}", ours.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(place.path()).env("PATH", path).env("HOME", place.path()).env("XDG_CACHE_HOME", place.path());
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    if child.is_err() {
        println!("skipped: there is no {program} on this machine");
    }
    child.ok()
}

/// What it left in `out.txt`, in lines without our help.
fn written(place: &Place, mut child: Child) -> Vec<String> {
    let end = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() && Instant::now() < end {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let text = fs::read_to_string(place.path().join("out.txt"));
    text.unwrap_or_default().lines().map(|line| line.split("; help").next().unwrap_or("").to_owned()).collect()
}

/// Both kinds of Vim, with the arguments that keep them from drawing.
const VIMS: [(&str, &[&str]); 2] =
    [("vim", &["-es", "-N", "-u", "NONE", "-S", "run.vim"]), ("nvim", &["--headless", "-u", "NONE", "-S", "run.vim"])];

#[test]
fn make_in_vim_fills_the_quickfix_list() {
    let list = "{_, q -> printf('%s|%d|%d|%s|%s', bufname(q.bufnr), q.lnum, q.col, q.type, q.text)}";
    let run = format!("edit haproxy.cfg\nsource guide.vim\nsilent make\ncall writefile(map(getqflist(), {list}), 'out.txt')\nqall!\n");
    for (vim, arguments) in VIMS {
        let place = Place::with(&[("haproxy.cfg", BAD), ("guide.vim", &blocks("vim")[0]), ("run.vim", &run)]);
        let Some(child) = start(&place, vim, arguments) else { continue };
        let expected =
            [format!("haproxy.cfg|4|9|n|[dead/unused-acl]: {ACL}"), format!("haproxy.cfg|5|21|e|[reference/unknown-backend]: {BACKEND}")];
        assert_eq!(written(&place, child), expected, "{vim}");
    }
}

#[test]
fn ale_shows_what_is_typed() {
    let list = "{_, q -> printf('%d|%d|%s|%s|%s', q.lnum, q.col, q.type, get(q, 'code', ''), q.text)}";
    let run = format!(
        "set nocompatible\nset rtp^=vimrt\nsilent! packadd ale\nif !exists('*ale#Queue') && empty(globpath(&rtp, 'autoload/ale.vim'))\n\
         call writefile(['none'], 'out.txt')\nqall!\nendif\nedit haproxy.cfg\nset filetype=haproxy\ncall ale#Queue(0)\nlet n = 0\n\
         while n < 200 && empty(ale#engine#GetLoclist(bufnr('%')))\nsleep 50m\nlet n += 1\nendwhile\n\
         call writefile(map(copy(ale#engine#GetLoclist(bufnr('%'))), {list}), 'out.txt')\nqall!\n"
    );
    let place = Place::with(&[("haproxy.cfg", BAD), ("vimrt/ale_linters/haproxy/haproxy_lint.vim", &blocks("vim")[1]), ("run.vim", &run)]);
    let Some(child) = start(&place, VIMS[0].0, VIMS[0].1) else { return };
    match written(&place, child).as_slice() {
        [none] if none == "none" => println!("skipped: there is no ALE on this machine"),
        found => assert_eq!(found, [format!("4|9|I|dead/unused-acl|{ACL}"), format!("5|21|E|reference/unknown-backend|{BACKEND}")]),
    }
}

#[test]
fn flycheck_shows_what_is_found() {
    let run = "(unless (require 'flycheck nil t) (write-region \"none\\n\" nil \"out.txt\") (kill-emacs))\n\
               (load (expand-file-name \"guide.el\"))\n(find-file \"haproxy.cfg\")\n(conf-space-mode)\n(flycheck-mode)\n(flycheck-buffer)\n\
               (let ((n 0)) (while (and (flycheck-running-p) (< n 200)) (accept-process-output nil 0.1) (setq n (1+ n))))\n\
               (write-region (mapconcat (lambda (e) (format \"%s|%s|%s|%s|%s\" (flycheck-error-line e) (flycheck-error-column e)\n\
               (flycheck-error-level e) (flycheck-error-id e) (flycheck-error-message e))) flycheck-current-errors \"\\n\") nil \"out.txt\")\n";
    let place = Place::with(&[("haproxy.cfg", BAD), ("guide.el", &blocks("elisp")[0]), ("run.el", run)]);
    let Some(child) = start(&place, "emacs", &["-q", "--batch", "-l", "run.el"]) else { return };
    match written(&place, child).as_slice() {
        [none] if none == "none" => println!("skipped: there is no Flycheck on this machine"),
        found => assert_eq!(found, [format!("4|9|info|dead/unused-acl|{ACL}"), format!("5|21|error|reference/unknown-backend|{BACKEND}")]),
    }
}

#[test]
fn efm_langserver_publishes_diagnostics() {
    let place = Place::with(&[("haproxy.cfg", BAD), ("efm.yaml", &blocks("yaml")[0])]);
    let Some(mut child) = start(&place, "efm-langserver", &["-c", "efm.yaml"]) else { return };
    let root = format!("file://{}", place.path().canonicalize().unwrap().display());
    let mut input = child.stdin.take().unwrap();
    let mut send = |message: serde_json::Value| {
        let text = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        input.flush().unwrap();
    };
    let document = serde_json::json!({ "uri": format!("{root}/haproxy.cfg"), "languageId": "haproxy", "version": 1, "text": BAD });
    send(serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "rootUri": root, "capabilities": {} } }));
    send(serde_json::json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    send(serde_json::json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    let mut output = BufReader::new(child.stdout.take().unwrap());
    // It is ended where it does not answer.
    let watch = thread::spawn(move || {
        thread::sleep(Duration::from_secs(20));
        let _ = child.kill();
        let _ = child.wait();
    });
    let diagnostics = loop {
        let message = message(&mut output);
        if message["method"] == "textDocument/publishDiagnostics" {
            break message["params"]["diagnostics"].clone();
        }
    };
    drop(watch);
    let found: Vec<String> = diagnostics
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            format!("{}|{}|{}", d["range"]["start"]["line"], d["severity"], d["message"].as_str().unwrap().split("; help").next().unwrap())
        })
        .collect();
    assert_eq!(found, [format!("3|4|[dead/unused-acl]: {ACL}"), format!("4|1|[reference/unknown-backend]: {BACKEND}")]);
}

/// One message of the language server protocol.
fn message(from: &mut impl BufRead) -> serde_json::Value {
    let mut length = 0;
    loop {
        let mut line = String::new();
        assert!(from.read_line(&mut line).unwrap() > 0, "it ended without an answer");
        match line.trim().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    from.read_exact(&mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}
