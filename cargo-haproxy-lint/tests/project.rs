//! What is set for a whole project: settings that extend others, what is left out, `init`, and the ways to show less.

mod place;

use std::fs;

use place::{Place, err, out, status};

const BAD: &str = "frontend web\n    bind :80\n    default_backend nope\n    timeout client 9s\n";

fn checked(place: &Place, arguments: &[&str]) -> Vec<String> {
    let output = place.run(&[&["--select", "reference", "--format", "short"], arguments].concat());
    out(&output).lines().map(|line| line.split(':').next().unwrap_or("").to_owned()).collect()
}

#[test]
fn settings_extend_others() {
    let place = Place::with(&[
        ("haproxy-lint.toml", "extend = \"shared/base.toml\"\nfail-on = \"error\"\n"),
        ("shared/base.toml", "target = \"2.6\"\nfail-on = \"info\"\nexclude = [\"old.cfg\"]\n[[config]]\nfiles = [\"a.cfg\"]\n"),
        ("shared/a.cfg", BAD),
        ("shared/old.cfg", BAD),
        ("old.cfg", BAD),
    ]);
    assert_eq!(checked(&place, &[]), ["shared/a.cfg"]);
    // The patterns of a file hold below its own folder.
    assert_eq!(checked(&place, &["."]), ["./old.cfg", "./shared/a.cfg"]);
    let shown = out(&place.run(&["--show-settings", "--severity", "tls=info"]));
    for line in
        ["target = \"2.6.31\"", "fail-on = \"error\"", "files = [\"shared/a.cfg\"]", "\"tls\" = \"info\"", "shared/base.toml`, with"]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    // What is shown is a settings file that means the same.
    fs::write(place.path().join("haproxy-lint.toml"), &shown).unwrap();
    let again = out(&place.run(&["--show-settings"]));
    assert_eq!(shown.lines().skip(1).collect::<Vec<_>>(), again.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn a_baseline_of_the_settings_holds_from_any_folder() {
    let place = Place::with(&[("haproxy-lint.toml", "baseline = \"known.json\"\n"), ("lb/a.cfg", BAD)]);
    let missing = place.run(&["lb"]);
    assert!(status(&missing) == 2 && err(&missing).contains("--write-baseline known.json"), "{}", err(&missing));
    assert_eq!(status(&place.run(&["--write-baseline", "known.json", "lb"])), 0);
    let in_folder = || place.command(&["a.cfg"]).current_dir(place.path().join("lb")).output().unwrap();
    for output in [place.run(&[]), place.run(&["lb/a.cfg"]), place.run(&["-f", "./lb/a.cfg"]), in_folder()] {
        assert_eq!(status(&output), 0, "{}", out(&output));
        assert!(err(&output).contains("known.json` hides"), "{}", err(&output));
    }
    fs::write(place.path().join("lb/b.cfg"), BAD).unwrap();
    assert_eq!(status(&place.run(&["lb/b.cfg"])), 1);
    // Nothing was looked for in the other file.
    assert!(!err(&place.run(&["lb/b.cfg"])).contains("can shrink"));
    assert_eq!(status(&place.run(&["--no-config", "lb/a.cfg"])), 1);
    fs::write(place.path().join("haproxy-lint.toml"), "baseline = \"/etc/hostname\"\n").unwrap();
    let outside = place.run(&["lb/a.cfg"]);
    assert!(status(&outside) == 2 && err(&outside).contains("--allow-outside"), "{}", err(&outside));
}

#[test]
fn what_is_off_speaks_beside_everything_else() {
    let place = Place::with(&[(
        "a.cfg",
        "global\n  stats socket /run/a level admin\nuserlist u\n  user a insecure-password stats\nbackend b\n  http-request auth unless { http_auth(u) }\n  stats auth a:stats\n  tiemout server 1s\n",
    )]);
    let rules = |arguments: &[&str]| out(&place.run(&[&["--format", "short"], arguments].concat()));
    assert!(!rules(&[]).contains("security/plain-passwords"));
    for arguments in [&["--also", "hardening"][..], &["--also", "security/plain-passwords"], &["--select", "all"]] {
        let found = rules(arguments);
        assert!(found.contains("security/plain-passwords") && found.contains("tiemout"), "{found}");
    }
    fs::write(place.path().join("haproxy-lint.toml"), "also = [\"security\"]\n").unwrap();
    assert!(rules(&[]).contains("security/plain-passwords"));
    assert!(!rules(&["--select", "keyword"]).contains("security/plain-passwords"), "a selection of the command line stands for itself");
}

#[test]
fn settings_that_go_round_are_told() {
    let place = Place::with(&[("haproxy-lint.toml", "extend = \"a.toml\"\n"), ("a.toml", "extend = \"haproxy-lint.toml\"\n")]);
    let output = place.run(&["."]);
    assert_eq!(status(&output), 2);
    let words = err(&output).split_whitespace().filter(|w| *w != "|").collect::<Vec<_>>().join(" ");
    assert!(words.contains("`a.toml` and `haproxy-lint.toml` extend each other"), "{words}");
    fs::write(place.path().join("a.toml"), "ignroe = [\"tls\"]\n").unwrap();
    let message = err(&place.run(&["."]));
    assert!(message.contains("a.toml:1:1") && message.contains("did you mean `ignore`?"), "{message}");
}

#[test]
fn what_git_ignores_is_not_looked_for() {
    let place = Place::with(&[
        (".git/HEAD", ""),
        (".gitignore", "build/\n"),
        ("build/b.cfg", BAD),
        ("vendor/v.cfg", BAD),
        ("site/s.cfg", BAD),
        ("haproxy-lint.toml", "exclude = [\"vendor/\"]\n"),
    ]);
    assert_eq!(checked(&place, &[]), ["site/s.cfg"]);
    assert_eq!(checked(&place, &["--no-ignore"]), ["build/b.cfg", "site/s.cfg"]);
    assert_eq!(checked(&place, &["build/b.cfg", "vendor/v.cfg", "vendor"]), ["build/b.cfg", "vendor/v.cfg"]);
    assert_eq!(checked(&place, &["--force-exclude", "build/b.cfg", "vendor/v.cfg"]), ["build/b.cfg"]);
    let nothing = place.run(&["--force-exclude", "vendor/v.cfg"]);
    assert_eq!((status(&nothing), out(&nothing).as_str()), (0, ""));
    let output = place.run(&["--no-config", "vendor"]);
    assert_eq!(status(&output), 1);
}

#[test]
fn init_looks_at_the_repository_and_overwrites_nothing() {
    let place = Place::with(&[
        ("lb/haproxy.cfg", "global\n    daemon\n"),
        ("lb/conf.d/10-web.cfg", BAD),
        ("setup.cfg", "[metadata]\nname = x\n"),
        ("Dockerfile", "FROM docker.io/library/haproxy:2.8-alpine\n"),
        ("deploy/haproxy.yaml", "image: haproxy:2.8.3\n"),
    ]);
    let output = place.run(&["init"]);
    assert_eq!(
        (status(&output), out(&output).as_str()),
        (0, "wrote haproxy-lint.toml: 2 configuration files were found\nnext: cargo haproxy-lint\n")
    );
    let written = fs::read_to_string(place.path().join("haproxy-lint.toml")).unwrap();
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("init", written);
    });
    let output = place.run(&["--select", "reference"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    let again = place.run(&["init"]);
    assert_eq!(status(&again), 2);
    assert!(err(&again).contains("there is a `haproxy-lint.toml` already"), "{}", err(&again));
    assert_eq!(fs::read_to_string(place.path().join("haproxy-lint.toml")).unwrap(), written);
    // Every line that is commented out is a setting, too.
    let is_setting = |line: &&str| line.starts_with("[[") || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let all: Vec<&str> = written.lines().map(|line| line.strip_prefix("# ").filter(is_setting).unwrap_or(line)).collect();
    let all = all.join("\n");
    assert!(haproxy_lint::settings::Settings::parse(&all).is_ok(), "{all}");
}

#[test]
fn less_is_shown_on_demand() {
    let place = Place::with(&[("bad.cfg", BAD), ("worse.cfg", BAD)]);
    let quiet = place.run(&["-q", "bad.cfg", "--format", "json=report.json"]);
    assert_eq!((status(&quiet), out(&quiet), err(&quiet)), (1, String::new(), String::new()));
    assert!(place.path().join("report.json").is_file());
    let counted = place.run(&["--statistics", "--select", "reference", "."]);
    assert_eq!((status(&counted), out(&counted).as_str()), (1, "      2  error    reference/unknown-backend\n"));
    let counted: serde_json::Value =
        serde_json::from_slice(&place.run(&["--statistics", "--select", "reference", "--format", "json", "."]).stdout).unwrap();
    assert_eq!((&counted[0]["findings"], &counted[0]["configurations"]), (&2.into(), &2.into()));
    assert_eq!(status(&place.run(&["--statistics", "--format", "junit", "."])), 2);
}

#[test]
fn shells_and_manuals() {
    let place = Place::with(&[]);
    for (shell, word) in [("bash", "_haproxy__lint()"), ("zsh", "#compdef haproxy-lint"), ("fish", "complete -c haproxy-lint")] {
        let output = place.run(&["completions", shell]);
        assert!(status(&output) == 0 && out(&output).contains(word), "{shell}: {}", out(&output));
    }
    assert!(out(&place.run(&["man"])).contains(".TH haproxy-lint 1"));
    assert_eq!(status(&place.run(&["man", "pages"])), 0);
    assert!(place.path().join("pages/haproxy-lint-check.1").is_file());
}

#[test]
fn some_files_are_otherwise() {
    let base = "[[override]]\nfiles = [\"old/\"]\nseverity = { reference = \"info\" }\n";
    let settings = "extend = \"base.toml\"\n[[override]]\nfiles = [\"*.test.cfg\"]\nignore = [\"reference\"]\n\
                    [[override]]\nfiles = [\"old/worst.cfg\"]\nseverity = { \"reference/unknown-backend\" = \"warning\" }\n";
    let place = Place::with(&[
        ("haproxy-lint.toml", settings),
        ("base.toml", base),
        ("a.test.cfg", BAD),
        ("b.cfg", BAD),
        ("old/c.cfg", BAD),
        ("old/worst.cfg", BAD),
    ]);
    let shown = out(&place.run(&["--select", "reference", "--format", "short", "."]));
    let found: Vec<&str> = shown.lines().filter_map(|line| line.split('[').next()).collect();
    assert_eq!(found, ["./b.cfg:3:21: error", "./old/c.cfg:3:21: note", "./old/worst.cfg:3:21: warning"]);
    assert_eq!(status(&place.run(&["--select", "reference", "old"])), 0);
}

#[test]
fn comments_silence_what_is_found_today_and_nothing_else() {
    let text = "# first\r\nfrontend web\r\n    bind :80\r\n    default_backend nope # why\r\n\tuse_backend caf\u{e9} if A";
    let manifest = "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  haproxy.cfg: |\n    frontend web\n        bind :80\n        default_backend nope\n\
                    ---\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n  haproxy.cfg: \"frontend web\\n  default_backend nope\\n\"\n";
    let place = Place::with(&[("a, b.cfg", text), ("map.yaml", manifest)]);
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    let output = place.run(&["--add-ignores=later, perhaps", "--format", "short", "a, b.cfg"]);
    assert_eq!((status(&output), out(&output).as_str()), (0, ""), "{}", err(&output));
    let mended = read("a, b.cfg");
    assert!(err(&output).contains("comments written into `a, b.cfg`"), "{}", err(&output));
    assert!(
        mended.contains("\r\n    # haproxy-lint: ignore[reference/unknown-backend] later, perhaps\r\n    default_backend nope # why\r\n"),
        "{mended}"
    );
    assert!(
        mended.contains("\r\n\t# haproxy-lint: ignore[reference/unknown-acl, syntax/missing-final-newline] later, perhaps\r\n\tuse"),
        "{mended}"
    );
    let without: String = mended.split_inclusive('\n').filter(|line| !line.contains("haproxy-lint:")).collect();
    assert_eq!(without, text);
    let output = place.run(&["--add-ignores", "a, b.cfg"]);
    assert_eq!((status(&output), err(&output).as_str(), read("a, b.cfg")), (0, "", mended));
    // In a manifest only where a line can be put.
    let output = place.run(&["--add-ignores=x", "--select", "reference", "--format", "short", "--topology", "map.yaml"]);
    assert_eq!(out(&output).lines().count(), 1, "{}", out(&output));
    assert!(err(&output).contains("no comment can silence 1 finding: a comment stands in a configuration"), "{}", err(&output));
    let added = manifest.replacen(
        "        default_backend",
        "        # haproxy-lint: ignore[reference/unknown-backend] x\n        default_backend",
        1,
    );
    assert_eq!(read("map.yaml"), added);
    let output = place.command(&["--add-ignores", "-"]).write_stdin("frontend f\n").output().unwrap();
    assert_eq!(status(&output), 2);
}

/// The text of the code blocks of this kind in a section of docs/settings.md.
fn guide(section: &str, kind: &str) -> String {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md")).unwrap();
    let section = guide.split("\n## ").find(|part| part.starts_with(section)).unwrap();
    let block = section.split("```").find_map(|block| block.strip_prefix(&format!("{kind}\n")));
    block.unwrap().to_owned()
}

#[test]
fn a_project_has_rules_of_its_own_as_the_guide_says() {
    let rules = guide("Rules of your own", "toml");
    let place = Place::with(&[("haproxy-lint.toml", &rules), ("haproxy.cfg", &guide("Rules of your own", "haproxy"))]);
    let run = |arguments: &[&str]| place.run(&[arguments, &["--format", "short", "haproxy.cfg"]].concat());
    assert_eq!(out(&run(&[])), guide("Rules of your own", "text"), "{}", err(&run(&[])));
    assert_eq!(out(&run(&["--ignore", "project"])), "");
    assert_eq!(out(&run(&["--select", "project/access-log"])).lines().count(), 1);
    assert_eq!(status(&run(&["--severity", "project=info"])), 0);
    let wrong = run(&["--select", "project/acces-log"]);
    assert!(status(&wrong) == 2 && err(&wrong).contains("did you mean `project/access-log`?"), "{}", err(&wrong));
    let sarif: serde_json::Value = serde_json::from_slice(&place.run(&["--format", "sarif", "haproxy.cfg"]).stdout).unwrap();
    let run_of = &sarif["runs"][0];
    for result in run_of["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run_of["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    assert!(out(&place.run(&["explain", "project/no-plain-http"])).contains("plain HTTP is not offered to the public."));
    assert!(out(&place.run(&["rules"])).contains("project/access-log"));
    let shown = out(&place.run(&["--show-settings"]));
    fs::write(place.path().join("haproxy-lint.toml"), &shown).unwrap();
    assert_eq!(shown, out(&place.run(&["--show-settings"])));
    // Defaults count, comments silence, and what is not known is neither.
    let text = "defaults\n  mode http\n  option httplog\n  timeout client 9s\n\nfrontend public-b\n  # haproxy-lint: ignore[project/no-plain-http] why not\n  \
                bind :80\n  bind :80 \"${X}\"\n  http-request return status 204\n";
    fs::write(place.path().join("haproxy.cfg"), text).unwrap();
    assert_eq!(out(&run(&["--select", "project,style"])), "");
    assert_eq!(out(&run(&["--no-config", "--select", "style"])), "");
    fs::write(
        place.path().join("haproxy-lint.toml"),
        "[[rule]]\nname = \"x\"\nline = \"bind\"\nmessage = \"m\"\nsection = [\"fronted\"]\n",
    )
    .unwrap();
    assert!(err(&run(&[])).contains("did you mean `frontend`?"), "{}", err(&run(&[])));
}

#[test]
fn settings_say_where_it_is_deployed_and_what_reads_which_file() {
    let compose = "services:\n  a:\n    image: haproxy:2.8\n    hostname: a\n    volumes: [./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n  \
                   b:\n    image: haproxy:2.8\n    hostname: b\n    volumes: [./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n";
    let peers = "peers p\n    peer a a:10000\n    peer c c:10000\n";
    let place = Place::with(&[
        ("haproxy-lint.toml", "extend = \"base.toml\"\nnode = [\"b\"]\n[[override]]\nfiles = [\"old/\"]\ntarget = \"2.4\"\n"),
        ("base.toml", "topology = [\"compose.yaml\"]\n"),
        ("compose.yaml", compose),
        ("haproxy.cfg", peers),
        ("old/o.cfg", "traces\n"),
    ]);
    let nodes = |arguments: &[&str]| -> Vec<String> {
        let output = place.run(&[arguments, &["--select", "peers/local-name-missing", "--format", "jsonl"]].concat());
        let lines: Vec<serde_json::Value> = out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        lines.iter().flat_map(|l| l["nodes"].as_array().unwrap()).map(|n| n.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(nodes(&[]), ["b"]);
    assert_eq!(nodes(&["haproxy.cfg"]), ["b"]);
    assert!(nodes(&["--no-config", "haproxy.cfg"]).is_empty());
    assert!(nodes(&["--node", "a"]).is_empty());
    fs::write(place.path().join("base.toml"), "topology = [\"compose.yaml\"]\n[[config]]\nfiles = [\"haproxy.cfg\"]\n").unwrap();
    assert_eq!(nodes(&[]), ["b"]);
    let shown = out(&place.run(&["--show-settings"]));
    assert!(shown.contains("topology = [\"compose.yaml\"]\nnode = [\"b\"]\n") && shown.contains("target = \"2.4"), "{shown}");
    fs::write(place.path().join("base.toml"), "").unwrap();
    let target = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_slice::<serde_json::Value>(&place.run(&[arguments, &["--format", "json"]].concat()).stdout).unwrap()["target"]
            .clone()
    };
    assert!(target(&["old/o.cfg"]).as_str().unwrap().starts_with("2.4"));
    assert!(target(&["haproxy.cfg"]).is_null());
    assert_eq!(target(&["old/o.cfg", "--target", "3.0.1"]), "3.0.1");
}

#[test]
fn the_page_shows_the_links_between_the_nodes() {
    let node = |name: &str| {
        format!("  {name}:\n    image: haproxy:2.8\n    hostname: {name}\n    volumes: [./h.cfg:/usr/local/etc/haproxy/haproxy.cfg]\n")
    };
    let compose = format!("services:\n{}{}", node("a"), node("b"));
    let place = Place::with(&[("compose.yaml", &compose), ("h.cfg", "peers p\n    peer a a:10000\n    peer b b:10000\n")]);
    let page = out(&place.run(&["--topology", "compose.yaml", "--format", "html"]));
    assert!(page.contains("<summary>Links between the nodes</summary>") && page.matches("<svg").count() == 1, "{page}");
    assert!(!out(&place.run(&["h.cfg", "--format", "html"])).contains("<svg"));
}

/// A repository with 300 faults, many of them on lines with the same words.
#[test]
fn a_baseline_tells_the_one_new_fault_in_three_hundred() {
    let backend = |n: usize| {
        format!(
            "frontend web{n}\n    bind :{}\n    timeout client 9s\n    use_backend nope if TRUE\n    use_backend gone{n} if TRUE\n    use_backend nope if TRUE\n",
            8000 + n
        )
    };
    let file = |from: usize| (from..from + 10).map(backend).collect::<String>() + "backend known\n";
    let texts: Vec<(String, String)> = (0..10).map(|n| (format!("lb/{n}.cfg"), file(n * 10))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let place = Place::with(&files);
    let base = ["--select", "reference", "--format", "short"];
    let found = |arguments: &[&str]| -> Vec<String> { out(&place.run(&[&base, arguments].concat())).lines().map(str::to_owned).collect() };
    assert_eq!(found(&[]).len(), 300);
    let written = place.run(&[&base[..], &["--write-baseline", "known.json"]].concat());
    assert_eq!((status(&written), out(&written).as_str()), (0, ""));
    let known = ["--baseline", "known.json"];
    assert!(found(&known).is_empty());
    // The same by its name, as a hook says it.
    assert!(found(&[&known[..], &["lb/3.cfg"]].concat()).is_empty());
    let path = place.path().join("lb/3.cfg");
    let text = fs::read_to_string(&path).unwrap();
    let with_fault = text.replacen("    timeout client 9s\n", "    timeout client 9s\n    use_backend brand-new if TRUE\n", 5);
    let with_fault = with_fault.replacen("    use_backend brand-new if TRUE\n", "", 4);
    fs::write(&path, &with_fault).unwrap();
    let new = found(&known);
    assert!(new.len() == 1 && new[0].contains("brand-new"), "{new:#?}");
    // Ten lines further down, and all the rest with it.
    fs::write(&path, "# moved\n".repeat(10) + &with_fault.replace("    use_backend", "\tuse_backend")).unwrap();
    let moved = found(&known);
    assert!(moved.len() == 1 && moved[0].contains("brand-new"), "{moved:#?}");
    // What is mended can leave the baseline.
    fs::write(&path, "").unwrap();
    let output = place.run(&[&base[..], &known[..]].concat());
    assert!(err(&output).contains("30 of its entries"), "{}", err(&output));
}

#[test]
fn what_haproxy_does_not_read_of_a_folder_is_told() {
    let place = Place::with(&[("conf.d/a.cfg", "defaults\n    timeout client 1s\n"), ("conf.d/10-peers.conf", "peers p\n")]);
    let said = err(&place.run(&["check", "-f", "conf.d"]));
    assert!(said.contains("`conf.d/10-peers.conf` is not read: of a directory HAProxy reads `*.cfg` alone"), "{said}");
}

#[test]
fn a_file_of_several_that_is_named_alone_speaks_for_itself() {
    let web = "frontend web\n    bind :80\n    default_backend app\n    maxcon 4\n";
    let app = "backend app\n    balanc x\n    server a 10.0.0.1:80\n";
    let place = Place::with(&[("haproxy.cfg", "defaults\n    mode http\n"), ("conf.d/10-web.cfg", web), ("conf.d/20-app.cfg", app)]);
    let run = |arguments: &[&str]| {
        let output = place.run(&[&["--select", "reference,keyword", "--format", "short"], arguments].concat());
        let found: Vec<String> = out(&output).lines().map(|line| line.split(' ').next().unwrap_or("").to_owned()).collect();
        (status(&output), found, err(&output))
    };
    let of = |(status, found, told): (i32, Vec<String>, String), more: bool| {
        let tells = told.contains("1 error more in other files") && told.contains("check -f haproxy.cfg -f conf.d` shows all");
        assert_eq!(tells, more, "{told}");
        (status, found)
    };
    assert_eq!(of(run(&["conf.d/20-app.cfg"]), true), (1, vec!["conf.d/20-app.cfg:2:5:".to_owned()]));
    assert_eq!(run(&["haproxy.cfg"]).0, 0, "what changed is sound");
    assert_eq!(run(&["."]).1.len(), 2);
    assert!(run(&["-q", "haproxy.cfg"]).2.is_empty());
    // Fixes go into what was named alone, and what the baseline knows is no more.
    let patch = out(&place.run(&["--diff", "--unsafe-fixes", "conf.d/20-app.cfg"]));
    assert!(patch.contains("+    balance x") && !patch.contains("maxconn"), "{patch}");
    assert_eq!(status(&place.run(&["--write-baseline", "known.json", "."])), 0);
    assert_eq!(of(run(&["--baseline", "known.json", "conf.d/20-app.cfg"]), false), (0, Vec::new()));
    // A name that went missing is told wherever it is used.
    fs::write(place.path().join("conf.d/20-app.cfg"), "backend other\n").unwrap();
    assert_eq!(of(run(&["conf.d/20-app.cfg"]), true), (1, vec!["conf.d/10-web.cfg:3:21:".to_owned()]));
}
