//! Completions in the real shells, at every level, with values.

use std::{fs, process::Command};

use crate::place::{Place, out};

/// What is typed, and what one of the completions is.
const TYPED: [(&str, &str); 12] = [
    ("haproxy-lint ch", "check"),
    ("haproxy-lint --targ", "--target"),
    ("haproxy-lint --target 3.", "3.4"),
    ("haproxy-lint check --targ", "--target-from"),
    ("haproxy-lint check --format js", "jsonl"),
    ("haproxy-lint check --select peers/loop", "peers/loopback-bind"),
    ("haproxy-lint check --as front", "frontend"),
    ("haproxy-lint explain balan", "balance"),
    ("haproxy-lint explain url_de", "url_dec"),
    ("haproxy-lint doctor --sock", "--socket"),
    ("haproxy-lint generate mani", "manifests"),
    ("haproxy-lint topology --format merm", "mermaid"),
];

/// Runs a script in a shell beside the completion script; without the shell there is nothing to test, but under CI.
fn in_shell(shell: &str, script: &str) -> Option<String> {
    let place = Place::with(&[("script", script)]);
    fs::write(place.path().join("completions"), place.run(&["completions", shell]).stdout).unwrap();
    let run = Command::new(shell).arg("script").current_dir(place.path()).env("HOME", place.path()).output();
    match run {
        Ok(output) => Some(out(&output) + &String::from_utf8_lossy(&output.stderr)),
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "CI needs {shell}");
            println!("skipped: there is no {shell} here");
            None
        }
    }
}

#[test]
fn bash_completes() {
    let mut script = "source ./completions\ntry() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); \
                      _haproxy__lint haproxy-lint \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; echo \"=${COMPREPLY[*]}\"; }\n"
        .to_owned();
    TYPED.iter().for_each(|(typed, _)| script += &format!("try {typed}\n"));
    let Some(shown) = in_shell("bash", &script) else { return };
    judge(&shown.split('=').skip(1).map(str::to_owned).collect::<Vec<_>>(), &shown);
}

#[test]
fn fish_completes() {
    let mut script = "source ./completions\n".to_owned();
    TYPED.iter().for_each(|(typed, _)| script += &format!("echo \"=\"(complete -C '{typed}' | cut -f1)\n"));
    let Some(shown) = in_shell("fish", &script) else { return };
    let lines: Vec<String> = shown.split("\n=").map(|line| line.trim_start_matches('=').replace('\n', " ").replace(" =", " ")).collect();
    // Each completion comes with the `=` before it.
    judge(&lines, &shown);
}

#[test]
fn zsh_completes() {
    // A terminal of its own: the line as it is after a tab.
    let head = r#"
zmodload zsh/zpty || exit
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; source ./completions; compdef _haproxy-lint haproxy-lint; show() { print -r -- "<<$BUFFER>>"; BUFFER=; zle reset-prompt }; zle -N show; bindkey "^X" show; print READY'
while zpty -r shell line; do [[ $line == READY* ]] && break; done
try() {
    zpty -n -w shell "$1"$'\t'
    sleep 0.4
    zpty -n -w shell $'\x18'
    all=
    while zpty -r shell line; do all+=$line; [[ $line == *">>"* ]] && break; done
    print -r -- "=${all//$'\r'/}"
}
"#;
    let whole = TYPED.iter().filter(|(_, one)| !["--target", "3.4", "--target-from", "jsonl"].contains(one));
    let script = head.to_owned() + &whole.clone().map(|(typed, _)| format!("try '{typed}'\n")).collect::<String>();
    let Some(shown) = in_shell("zsh", &script) else { return };
    for (typed, one) in whole {
        let before = typed.rsplit_once(' ').unwrap().0;
        assert!(shown.contains(&format!("<<{before} {one}")), "{typed}: {shown:?}");
    }
}

fn judge(found: &[String], shown: &str) {
    assert!(found.len() >= TYPED.len(), "{shown}");
    for ((typed, one), found) in TYPED.iter().zip(found) {
        assert!(found.split_whitespace().any(|word| word == *one), "{typed}: {found:?}");
    }
}

#[test]
fn every_shell_has_a_script() {
    let place = Place::with(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = out(&place.run(&["completions", shell]));
        assert!(script.contains("haproxy-lint") && script.contains("target-from"), "{shell}");
    }
}
