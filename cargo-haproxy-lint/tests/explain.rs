//! `explain KEYWORD`: what people read, frozen for some keywords and versions, and where parts of names lead.

mod place;

use place::{Place, err, out, status};

/// A name of a snapshot, what is asked for, and the version.
const ASKED: [(&str, &str, &str); 14] = [
    ("mode_2_6", "mode", "2.6"),
    ("mode", "mode", ""),
    ("balance_leastconn", "balance leastconn", "3.2"),
    ("server_2_6", "server", "2.6"),
    ("timeout_2_8", "timeout", "2.8"),
    ("maxconn", "maxconn", ""),
    ("http_request_deny_3_4", "http-request deny", "3.4"),
    ("check_2_8", "check", "2.8"),
    ("stick_3_0", "stick", "3.0"),
    ("quic_2_8", "quic-initial", "2.8"),
    ("idle_timeout_3_4", "tune.quic.frontend.max-idle-timeout", "3.4"),
    ("reqrep", "reqrep", ""),
    ("fetch_3_0", "req.ssl_sni", "3.0"),
    ("converter_2_4", "host_only", "2.4"),
];

#[test]
fn keywords_are_explained_as_a_version_knows_them() {
    let place = Place::with(&[]);
    for (name, asked, target) in ASKED {
        let mut arguments = vec!["explain", asked];
        if !target.is_empty() {
            arguments.extend(["--target", target]);
        }
        let explained = place.run(&arguments);
        assert_eq!(status(&explained), 0, "{asked}: {}", err(&explained));
        // The newest patch level known is not of interest.
        let text = without_patch(&out(&explained));
        insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("explain__{name}"), text);
        });
    }
}

/// The text without the patch level of `HAProxy X.Y.Z`.
fn without_patch(text: &str) -> String {
    let line = |line: &str| match line.split_once("  target      HAProxy ") {
        Some((before, behind)) => {
            let (version, verdict) = behind.split_once(' ').unwrap();
            format!("{before}  target      HAProxy {} {verdict}\n", version.rsplit_once('.').unwrap().0)
        }
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn parts_of_names_lead_somewhere() {
    let place = Place::with(&[]);
    // What lies about is not looked at.
    std::fs::write(place.path().join("haproxy.cfg"), "nonsense\n").unwrap();
    let said = |asked: &str| {
        let explained = place.run(&["explain", asked]);
        assert_eq!(status(&explained), 0, "{asked}: {}", err(&explained));
        out(&explained)
    };
    assert!(said("http-request den").starts_with("http-request deny "));
    assert!(said("dead").contains("explain dead/unused-backend"));
    assert!(said("tune.ssl").contains("explain tune.ssl.lifetime"));
    assert!(said("tune").lines().count() > 150);
    assert!(said("backend mode").starts_with("mode "));
    assert!(said("crt-store load").starts_with("load "));
    for asked in ["server", "bind", "timeout", "option", "stats"] {
        let text = said(asked);
        assert!(text.contains("  The ") && !text.contains("src/") && !text.contains("<server>"), "{text}");
    }
}

#[test]
fn what_is_not_there_is_answered_with_what_is_near() {
    let place = Place::with(&[]);
    for (asked, near) in [
        ("http-request dney", "did you mean `http-request deny`?"),
        ("balance leastcom", "did you mean `balance leastconn`?"),
        ("peers/lop", "there are `peers/local-name-case-or-fqdn`, `peers/local-name-missing`"),
        ("timeut client", "did you mean `timeout client`?"),
    ] {
        let explained = place.command(&["explain", asked]).env("COLUMNS", "200").output().unwrap();
        assert_eq!(status(&explained), 2, "{asked}");
        assert!(err(&explained).contains(near), "{asked}: {}", err(&explained));
    }
}

#[test]
fn topics_speak_other_languages() {
    let place = Place::with(&[]);
    let explained = |arguments: &[&str]| {
        let output = place.command(&[&["explain"], arguments].concat()).env("COLUMNS", "60").output().unwrap();
        assert_eq!(status(&output), 0, "{}", err(&output));
        out(&output)
    };
    let text = explained(&["local-inactive", "--lang", "zh"]);
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("explain__local_inactive_zh", &text);
    });
    assert!(text.lines().all(|line| haproxy_lint::report::Style::columns(line) <= 60), "{text}");
    // What leads to a topic leads to it in every language.
    assert_eq!(explained(&["inactive", "--lang", "zh_CN.UTF-8"]), text);
    let english = explained(&["inactive"]);
    assert!(english.contains("\nIn other languages: ") && english.ends_with(" --lang zh`\n"), "{english}");
    let unknown = place.run(&["explain", "peers", "--lang", "tlh"]);
    assert!(status(&unknown) == 2 && err(&unknown).contains("there are en and zh"), "{}", err(&unknown));
}
