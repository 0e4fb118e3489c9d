//! Whatever a help text or an error says to type can be typed.

use std::fs;

use crate::place::{Place, err, out, status};

/// The commands, as the help lists them.
fn commands(place: &Place) -> Vec<String> {
    let help = out(&place.run(&["--help"]));
    let list = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// What the examples of the help texts speak of.
fn place() -> Place {
    let read = |path: &str| fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    Place::with(&[
        ("haproxy.cfg", "global\n    maxconn 10\npeers p\n    peer lb1 127.0.0.1:10000\n    peer lb2 127.0.0.1:10001\n"),
        ("conf.d/web.cfg", "listen web\n    mode http\n    bind :80\n    timeout client 9s\n"),
        ("deploy/haproxy.yaml", read("examples/kubernetes.yaml").as_str()),
        ("show-peers.txt", read("examples/show-peers/healthy.txt").as_str()),
    ])
}

/// The words of a command as a shell has them, without where its output goes.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" > ").next().unwrap();
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 { words.push(part.to_owned()) } else { words.extend(part.split_whitespace().map(str::to_owned)) }
    }
    words
}

/// Runs what was shown, whose first words are those of the program; what it takes to be wrong on the command line is what clap says.
fn follow(place: &Place, shown: &str) {
    let words = words(shown);
    let arguments: Vec<&str> = words.iter().map(String::as_str).skip_while(|word| matches!(*word, "cargo" | "haproxy-lint")).collect();
    let output = place.command(&arguments).write_stdin("").timeout(std::time::Duration::from_secs(60)).output().unwrap();
    let told = err(&output);
    // This machine may have no such socket.
    let is_usage = told.contains("For more information, try") || told.contains("there is no command") || told.contains("there is no rule");
    assert!(!is_usage && (status(&output) < 2 || arguments.contains(&"--socket")), "`{shown}`: {}\n{told}", status(&output));
}

#[test]
fn every_example_of_a_help_text_works() {
    let place = place();
    let mut count = 0;
    let commands = commands(&place);
    assert!(commands.iter().any(|command| command == "check") && commands.len() > 10, "{commands:?}");
    let general = [vec!["--help"], vec!["help"]];
    for arguments in general.into_iter().chain(commands.iter().map(|command| vec![command, "--help"])) {
        let output = place.run(&arguments);
        assert_eq!(status(&output), 0, "{arguments:?}");
        for line in out(&output).lines().filter(|line| line.starts_with("  cargo haproxy-lint")) {
            follow(&place, line);
            count += 1;
        }
        assert!(out(&output).lines().all(|line| line.chars().count() <= 100), "{arguments:?}");
    }
    assert!(count > 30, "{count}");
}

#[test]
fn what_an_error_says_to_type_works() {
    let place = place();
    fs::write(place.path().join("up.cfg"), "global\n").unwrap();
    let mistakes: [&[&str]; 12] = [
        &["chek", "haproxy.cfg"],
        &["lint"],
        &["validate"],
        &["rulse"],
        &["explain", "qqqqqqqqq"],
        &["explain", "peers/local-name-mising"],
        &["--select", "no-such-group", "haproxy.cfg"],
        &["--target", "3.2", "--upgrade-to", "2.6", "up.cfg"],
        &["--format", "json", "--format", "sarif", "haproxy.cfg"],
        &["doctor"],
        &["generate", "peers"],
        &["--topology", "haproxy.cfg"],
    ];
    let mut followed = 0;
    for arguments in mistakes {
        let output = place.run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}: {}", err(&output));
        let joined = err(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains("error: ") && !joined.contains("`haproxy-lint "), "{arguments:?}: {joined}");
        for shown in joined.split('`').skip(1).step_by(2).filter(|quoted| quoted.starts_with("cargo haproxy-lint ")) {
            follow(&place, shown);
            followed += 1;
        }
        // Options alone go in the place of what was typed.
        for shown in joined.split('`').skip(1).step_by(2).filter(|quoted| quoted.starts_with("--target ")) {
            follow(&place, &format!("haproxy-lint {shown} up.cfg"));
            followed += 1;
        }
    }
    assert!(followed >= 6, "{followed}");
}

#[test]
fn a_command_that_was_meant_is_told() {
    let place = place();
    for (word, meant) in [("chek", "check"), ("lint", "check"), ("expalin", "explain"), ("format", "fmt"), ("docter", "doctor")] {
        let output = place.run(&[word, "haproxy.cfg"]);
        let said = format!("error: there is no command and no file `{word}`\n  help: did you mean `cargo haproxy-lint {meant}`?\n\n");
        assert_eq!((status(&output), err(&output)), (2, said));
    }
    // What is no command, and a file of such a name, are files.
    assert!(err(&place.run(&["nothing-like-it"])).contains("cannot read `nothing-like-it`"));
    fs::write(place.path().join("lint"), "global\n").unwrap();
    assert_eq!(status(&place.run(&["lint"])), 0);
    assert_eq!(out(&place.run(&["help", "check"])), out(&place.run(&["check", "--help"])));
}

#[test]
fn the_program_is_called_as_the_user_called_it() {
    let place = place();
    let run = |binary: &str| {
        let mut command = assert_cmd::Command::cargo_bin(binary).unwrap();
        err(&command.current_dir(place.path()).args(["explain", "qqqqqqqqq"]).output().unwrap())
    };
    assert!(run("haproxy-lint").contains("`haproxy-lint rules`"), "{}", run("haproxy-lint"));
    assert!(run("cargo-haproxy-lint").contains("`cargo haproxy-lint rules`"), "{}", run("cargo-haproxy-lint"));
}

#[test]
fn colours_are_as_the_environment_wants_them() {
    let place = place();
    let colored = |name: &str, value: &str| {
        out(&place.command(&["haproxy.cfg", "--local-name", "x"]).env(name, value).output().unwrap()).contains('\x1b')
    };
    assert!(!colored("TERM", "xterm") && colored("FORCE_COLOR", "1") && colored("CLICOLOR_FORCE", "1"));
    assert!(!colored("FORCE_COLOR", "0") && !colored("NO_COLOR", "1"));
    let both = place.command(&["haproxy.cfg", "--local-name", "x"]).env("NO_COLOR", "1").env("FORCE_COLOR", "1").output().unwrap();
    assert!(!out(&both).contains('\x1b'));
}
