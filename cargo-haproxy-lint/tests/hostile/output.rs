//! What leaves the program is inert, and holds no secret.

use std::fs;

use crate::place::{Place, err, out, status};

/// What a name may hold: line feeds with commands behind them, and characters that terminals and browsers obey.
const NAME: &str = r#""x\n::error file=a::forged\n\t::stop-commands::t\x1b[31m\x07##[error]##vso[a]""#;
/// The same, as bytes of the file.
const RAW: &str = "\u{9b}31m\u{202e}\u{200b}\u{2028}\u{e0041}\u{61c}\u{feff}";

fn hostile() -> String {
    format!(
        "frontend web\n  bind :80\n  timeout client 1s\n  default_backend {NAME}{RAW}\n  mode {NAME}\n  use_backend \"y`![i](http://e.example)`z|<img src=x>\" if TRUE\n"
    )
}

/// Whether something in it would be obeyed; tabs and the ends of lines are not.
fn is_inert(text: &str) -> bool {
    let obeyed = |c: char| {
        c.is_control() && !"\n\t".contains(c)
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    !text.contains(obeyed)
}

/// Whether a log of GitHub holds a command.
fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect()
}

#[test]
fn no_name_in_a_configuration_does_anything_in_any_format() {
    let place = Place::with(&[("a.cfg", &hostile())]);
    for format in
        ["fancy", "short", "classic", "markdown", "html", "json", "jsonl", "sarif", "gitlab", "rdjson", "checkstyle", "junit", "github"]
    {
        let output = place.run(&["--no-config", "--format", format, "a.cfg"]);
        let text = out(&output);
        assert!(text.contains("unknown-backend"), "{format}: {text}");
        assert!(is_inert(&text), "{format}: {text:?}");
        if format == "github" {
            assert!(text.lines().all(|line| line.starts_with("::") && line.contains(" title=")), "{text}");
        } else {
            assert!(commands(&text).is_empty(), "{format}: {text}");
        }
    }
    let short = out(&place.run(&["--no-config", "--format", "short", "a.cfg"]));
    assert!(short.lines().all(|line| line.starts_with("a.cfg:")), "{short}");
    // For people the characters are there to be seen; for programs the text is whole.
    assert!(short.contains(r"x␊::error file=a::forged␊") && short.contains(r"\u{202e}\u{200b}"), "{short}");
    let json: serde_json::Value = serde_json::from_str(&out(&place.run(&["--no-config", "--format", "json", "a.cfg"]))).unwrap();
    let messages: Vec<&str> = json["findings"].as_array().unwrap().iter().filter_map(|f| f["message"].as_str()).collect();
    assert!(messages.iter().any(|m| m.contains("x\n::error") && m.contains(RAW)), "{messages:?}");
}

#[test]
fn a_sentence_that_is_broken_into_lines_begins_no_command() {
    // Wherever a line of help or of a message is broken, a command may be what comes next.
    for blanks in 0..60 {
        let name = format!("{}\\ ::warning::forged\\ ##[error]forged", "a".repeat(blanks + 1));
        let place =
            Place::with(&[("a.cfg", &format!("frontend web\n  bind :80\n  default_backend {name}\n  mode {name}\nbackend {name}x\n"))]);
        for format in ["fancy", "classic", "short"] {
            let text = out(&place.run(&["--no-config", "--format", format, "a.cfg"]));
            assert!(text.contains("unknown-argument") && commands(&text).is_empty(), "{format}: {text}");
        }
    }
}

#[test]
fn own_colours_pass_and_those_of_names_do_not() {
    let place = Place::with(&[("a.cfg", &hostile())]);
    let text = out(&place.run(&["--no-config", "--color", "always", "a.cfg"]));
    assert!(text.contains("\x1b[") && is_inert(&text.replace('\x1b', "")), "{text:?}");
    assert!(text.contains("␛[31m") && !text.contains("\x1b]"), "{text:?}");
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_does_anything() {
    let name = "a\n::error::forged\x1b[2J`![i](x)<b>|.cfg";
    let place = Place::with(&[(name, "frontend web\n  bind :80\n  default_backend no\n")]);
    for format in ["fancy", "short", "classic", "markdown", "html", "checkstyle", "junit"] {
        let output = place.run(&["--no-config", "--format", format, "."]);
        let text = out(&output) + &err(&output);
        assert!(text.contains("unknown-backend") && is_inert(&text) && commands(&text).is_empty(), "{format}: {text:?}");
    }
    for arguments in [
        &["--no-config", "no\n::error::forged\x1b[2J.cfg"][..],
        &["--no-config", "--fix", name],
        &["parse", "no\n::debug::\x1b.cfg"],
        &["explain", "\n::error::x\x1b"],
        &["\n::error::x\x1b", "--no\n::error::x\x1b"],
    ] {
        let output = place.run(arguments);
        let text = out(&output) + &err(&output);
        assert!(is_inert(&text) && commands(&text).is_empty(), "{arguments:?}: {text:?}");
    }
}

#[test]
fn settings_and_manifests_that_cannot_be_read_are_quoted_shortly() {
    let long = "x".repeat(100_000);
    for (name, text, arguments) in [
        ("haproxy-lint.toml", format!("select = [\"\x1b[31m\n::error::{long}\n"), &["a.cfg"][..]),
        ("haproxy-lint.toml", format!("\"{long}\u{202e}\" = 1 \n"), &["a.cfg"]),
        ("t.yaml", format!("a: [\n::error::b\u{202e}: {long}}}\n"), &["--no-config", "--topology", "t.yaml"]),
        ("t.yaml", format!("{long}: [}} {long}\n"), &["--no-config", "--topology", "t.yaml"]),
    ] {
        let place = Place::with(&[("a.cfg", "global\n"), (name, &text)]);
        let output = place.run(arguments);
        let said = err(&output);
        assert_eq!(status(&output), 2, "{said}");
        assert!(is_inert(&said) && commands(&said).is_empty(), "{said:?}");
        let longest = said.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(longest < 400, "{longest}: {said}");
    }
    // Of what would be a Secret nothing is quoted.
    let place = Place::with(&[("t.yaml", "kind: Secret\nstringData: {a: hunter2, b: [}\n")]);
    let said = err(&place.run(&["--no-config", "--topology", "t.yaml"]));
    assert!(said.contains("t.yaml:2") && !said.contains("hunter2"), "{said}");
}

const DEPLOYED: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: cfg}
data:
  haproxy.cfg: |
    peers p
      peer lb-0 lb-0.lb:1024
      peer lb-1 lb-1.lb:1024
    userlist u
      user joe insecure-password hunter2a
    frontend web
      bind :80
      timeout client 1s
      default_backend nothere
      stats auth admin:hunter2b
      stats auth
      http-request set-header Authorization hunter2c
      http-request set-header X-Plain \"${DB_PASSWORD}\" foo
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {token: hunter2d}
data: {tls.key: aHVudGVyMg==}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: lb}
spec:
  serviceName: lb
  replicas: 2
  selector: {matchLabels: {app: lb}}
  template:
    metadata: {labels: {app: lb}}
    spec:
      containers:
      - name: haproxy
        image: haproxy:2.8
        env:
        - {name: PLAIN, value: shown}
        - name: DB_PASSWORD
          value: hunter2e
        volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}]
      volumes: [{name: c, configMap: {name: cfg}}]
";

#[test]
fn secrets_are_in_no_format() {
    let place = Place::with(&[("k.yaml", DEPLOYED)]);
    for format in ["fancy", "short", "classic", "markdown", "html", "json", "sarif", "gitlab", "rdjson", "checkstyle", "junit", "github"] {
        let output = place.run(&["--no-config", "--topology", "k.yaml", "--format", format]);
        let text = out(&output) + &err(&output);
        assert!(text.contains("unknown-backend"), "{format}: {text}");
        assert!(!text.contains("hunter2") && !text.contains("aHVudGVyMg"), "{format}: {text}");
    }
    let page = out(&place.run(&["--no-config", "--topology", "k.yaml", "--format", "html"]));
    assert!(page.contains("DB_PASSWORD") && page.contains("value: •••") && page.contains("value: shown"), "{page}");
    for format in ["text", "json", "dot", "mermaid", "svg"] {
        let text = out(&place.run(&["topology", "--topology", "k.yaml", "--format", format]));
        assert!(text.contains("lb-0") && !text.contains("hunter2"), "{format}: {text}");
    }
}

#[test]
fn lines_are_shown_without_their_secrets() {
    let text = "backend b\n  option httpchk\n  http-check send hdr Authorization hunter2a foo\n  stats auth joe:hunter2b foo\n  dynamic-cookie-key hunter2c foo\nuserlist u\n  user joe insecure-password hunter2d foo\n  user ann password hunter2e foo\n";
    let place = Place::with(&[("a.cfg", text)]);
    for format in ["fancy", "classic", "short", "html", "json", "markdown"] {
        let shown = out(&place.run(&["--no-config", "--format", format, "a.cfg"]));
        assert!(!shown.contains("hunter2"), "{format}: {shown}");
        assert!(format == "short" || format == "json" || format == "markdown" || shown.contains("•••"), "{format}: {shown}");
    }
}

#[test]
fn what_is_generated_holds_no_value_of_a_secret_variable() {
    let place = Place::with(&[("k.yaml", &DEPLOYED.replace("StatefulSet", "Deployment"))]);
    let output = place.run(&["generate", "manifests", "--topology", "k.yaml"]);
    let text = out(&output);
    assert!(
        text.contains("name: DB_PASSWORD") && text.contains("key: DB_PASSWORD") && text.contains("value: shown"),
        "{text}{}",
        err(&output)
    );
    assert!(!text.contains("hunter2e") && err(&output).contains("`DB_PASSWORD` is not copied"), "{text}{}", err(&output));
    let shown = out(&place.run(&["--no-config", "--show-settings", "--env", "DB_PASSWORD=hunter2", "--env", "A=seen"]));
    assert!(shown.contains("DB_PASSWORD") && shown.contains("seen") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn names_of_nodes_do_nothing_in_pictures() {
    let node = r#"n<img src=x>\n::error::forged\u001b[31m`](x)\u202e\u200b"#;
    let hosts = format!(
        "topology: 1\nhosts:\n- {{name: \"{node}\", addresses: [10.0.0.1], config: a.cfg}}\n- {{name: two, addresses: [10.0.0.2], config: a.cfg}}\n"
    );
    let place = Place::with(&[("hosts.yaml", &hosts), ("a.cfg", "peers p\n  peer two 10.0.0.2:1024\n  peer one 10.0.0.1:1024\n")]);
    for format in ["text", "dot", "mermaid", "svg", "json"] {
        let output = place.run(&["topology", "--topology", "hosts.yaml", "--format", format]);
        let text = out(&output);
        assert!(text.contains("two"), "{format}: {text}{}", err(&output));
        assert!(is_inert(&(text.clone() + &err(&output))) && commands(&text).is_empty(), "{format}: {text}");
        assert!(format == "json" || format == "text" || format == "dot" || !text.contains("<img"), "{format}: {text}");
    }
}

#[test]
fn a_patch_keeps_latin_1_and_shows_the_rest() {
    let place = Place::with(&[("a.cfg", "")]);
    fs::write(place.path().join("a.cfg"), b"global\n    # caf\xe9 \xff\n    maxconn 10").unwrap();
    let output = place.run(&["--no-config", "--diff", "a.cfg"]);
    assert!(output.stdout.windows(4).any(|bytes| bytes == b"caf\xe9"), "{output:?}");
    assert_eq!(err(&output), "note: the patch mends 1 finding\n");
    fs::write(place.path().join("a.cfg"), b"global\n    # \x1b[31m\x9b\n    ::error::x\n    maxconn 10").unwrap();
    let output = place.run(&["--no-config", "--diff", "a.cfg"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(is_inert(&text) && commands(&text).is_empty() && err(&output).contains("does not apply"), "{text}{}", err(&output));
}

#[test]
fn one_bad_byte_hides_nothing() {
    let place = Place::with(&[("a.cfg", "")]);
    fs::write(place.path().join("a.cfg"), b"frontend\n\x80var()\n  use_backend caf\xe9(\xff) if { var(\x80) }\n").unwrap();
    let text = out(&place.run(&["--no-config", "--format", "short", "a.cfg"]));
    assert!(!text.contains("internal-error") && text.contains("missing-section-name") && text.contains("unknown-keyword"), "{text}");
}

#[test]
fn parse_alone_gives_the_bytes_and_its_other_stages_do_not() {
    let place = Place::with(&[("a.cfg", &hostile())]);
    let raw = place.run(&["parse", "--emit", "text", "a.cfg"]);
    assert_eq!(raw.stdout, hostile().as_bytes());
    for stage in ["words", "tree", "model"] {
        for format in ["text", "json"] {
            let text = out(&place.run(&["parse", "--emit", stage, "--format", format, "a.cfg"]));
            assert!(!text.is_empty() && is_inert(&text), "{stage} {format}: {text:?}");
        }
    }
}

#[test]
fn the_page_runs_its_own_script_alone() {
    let place = Place::with(&[("a.cfg", &hostile())]);
    let page = out(&place.run(&["--no-config", "--format", "html", "a.cfg"]));
    let between = |open: &str, close: &str| page.split_once(open).and_then(|(_, rest)| rest.split_once(close)).unwrap().0.to_owned();
    for (source, element) in [("script-src", between("<script>", "</script>")), ("style-src", between("<style>", "</style>"))] {
        let allowed = page.split_once(&format!("{source} 'sha256-")).unwrap().1.split_once('\'').unwrap().0;
        assert_eq!(
            allowed,
            base64(&sha256(element.as_bytes())),
            "{source}: what stands in `head.html` is not the hash of what is on the page"
        );
    }
    assert!(!page.contains("unsafe-inline") && !page.contains("<img"), "{page}");
}

#[test]
fn markdown_shows_names_and_runs_none_of_them() {
    let place = Place::with(&[(
        "a.cfg",
        "frontend web\n  bind :80\n  default_backend \"x`![img](http://e.example/a.png)`y\"\n  mode \"p|` **b** [c](http://e.example) @team `q\"\n",
    )]);
    let text = out(&place.run(&["--no-config", "--format", "markdown", "a.cfg"]));
    assert!(text.contains("\n| ❌"), "{text}");
    // An image or link of the name would stand outside of code; in a row there are four cells.
    for row in text.lines().filter(|line| line.starts_with("| ❌")) {
        assert_eq!(row.split('|').count(), 6, "{row}");
        let outside: String = row.split("<code>").map(|part| part.rsplit("</code>").next().unwrap_or(part)).collect();
        let outside: String = outside.split('`').step_by(2).collect();
        assert!(!outside.contains("![") && !outside.contains("@team") && !outside.contains("**"), "{outside}");
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let bits = part.iter().fold(0_usize, |bits, b| bits << 8 | usize::from(*b)) << (8 * (3 - part.len()));
        (0..4).for_each(|at| text.push(if at <= part.len() { char::from(LETTERS[bits >> (18 - 6 * at) & 63]) } else { '=' }));
    }
    text
}

/// FIPS 180-4. The constants are the first bits of the roots of the first primes.
fn sha256(message: &[u8]) -> [u8; 32] {
    let primes: Vec<u32> = (2..312).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
    let fraction = |root: f64| ((root - root.floor()) * 4_294_967_296.0) as u32;
    let k: Vec<u32> = primes.iter().map(|p| fraction(f64::from(*p).cbrt())).collect();
    let mut hash: Vec<u32> = primes.iter().take(8).map(|p| fraction(f64::from(*p).sqrt())).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64) + if padded.len() % 64 > 56 { 64 } else { 0 }, 0);
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w: Vec<u32> = block.chunks(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect();
        for i in 16..64 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let (a, b) = (a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3, b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10);
            w.push(w[i - 16].wrapping_add(a).wrapping_add(w[i - 7]).wrapping_add(b));
        }
        let mut v = hash.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = v[4] & v[5] ^ !v[4] & v[6];
            let t1 = [s1, choice, k[i], w[i]].iter().fold(v[7], |sum, n| sum.wrapping_add(*n));
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let t2 = s0.wrapping_add(v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(t2);
        }
        hash.iter_mut().zip(&v).for_each(|(h, v)| *h = h.wrapping_add(*v));
    }
    let bytes: Vec<u8> = hash.iter().flat_map(|h| h.to_be_bytes()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn where_something_went_wrong_no_report_says_that_nothing_was_found() {
    let place = Place::with(&[("bad.yaml", "a: [\n"), ("good.cfg", "global\n")]);
    for arguments in [&["--topology", "bad.yaml"][..], &["good.cfg", "missing.cfg"], &["missing.cfg"]] {
        for format in ["fancy", "short", "classic", "markdown", "html", "junit"] {
            // What an earlier run found does not stay, either.
            fs::write(place.path().join("report"), "no findings").unwrap();
            let named = format!("{format}=report");
            let output = place.run(&[&["--no-config"], arguments, &["--format", &named]].concat());
            let text = fs::read_to_string(place.path().join("report")).unwrap_or_default() + &out(&output);
            assert_eq!(status(&output), 2);
            assert!(!text.to_lowercase().contains("no findings") && !text.contains("Nothing found"), "{format}: {text}");
        }
        let sarif = out(&place.run(&[&["--no-config"], arguments, &["--format", "sarif"]].concat()));
        assert!(sarif.contains("\"executionSuccessful\": false"), "{arguments:?}");
    }
    let clean = place.run(&["--no-config", "good.cfg", "--format", "junit"]);
    assert!(status(&clean) == 0 && out(&clean).contains("no findings"));
    let place = Place::with(&[("haproxy-lint.toml", "exclude = [\"good.cfg\"]\n"), ("good.cfg", "global\n")]);
    let nothing = place.run(&["--force-exclude", "good.cfg", "--format", "sarif"]);
    assert!(status(&nothing) == 0 && out(&nothing).contains("\"executionSuccessful\": true"), "{}{}", out(&nothing), err(&nothing));
}

#[test]
fn titles_of_fixes_hold_no_secret() {
    let place = Place::with(&[("a.cfg", "frontend f\n  mode http\n  bind :80\n  reqadd Authorization:\\ Bearer\\ hunter2222\n")]);
    let page = out(&place.run(&["--no-config", "--format", "html", "a.cfg"]));
    assert!(page.contains("http-request add-header Authorization") && !page.contains("hunter2222"), "{page}");
}

#[test]
fn errors_quote_no_secret_however_it_is_written() {
    for (name, text) in [
        ("t.yaml", "kind:  Secret\nstringData:\n  a: x\n b: {hunter2: [}\n"),
        ("t.yaml", "kind: 'Secret' # of mine\nstringData:\n  a: x\n b: {hunter2: [}\n"),
        ("t.toml", "hosts = [{name = \"a\", token = \"hunter2\"\n"),
    ] {
        let place = Place::with(&[(name, text)]);
        let output = place.run(&["--no-config", "--topology", name]);
        assert!(status(&output) == 2 && !err(&output).contains("hunter2"), "{}", err(&output));
    }
    for settings in ["[env]\nAPI_TOKEN = \"hunter2\n", "[env]\n\"API_TOKEN\" = [\"hunter2\"]\n", "[env]\nDB_PASSWORD = 'hunter2\n"] {
        let place = Place::with(&[("haproxy-lint.toml", settings), ("a.cfg", "global\n")]);
        let output = place.run(&["a.cfg"]);
        assert!(status(&output) == 2 && !err(&output).contains("hunter2"), "{}", err(&output));
    }
}
