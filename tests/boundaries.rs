//! Words and lines that have grown together, or that a blank cuts in two: one finding stands for all that follows from it, and asks
//! for what makes the line right.

use haproxy_lint::{
    check::{Options, Report, check},
    finding::{Applicability, Severity, Verdict},
    fix::fix,
    source::Sources,
};

const RULE: &str = "syntax/word-boundary";

const GOOD: &str = "\
global
  log 127.0.0.1 local0
  maxconn 4000
defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend web
  bind 192.0.2.1:80
  acl is_api path_beg /api
  http-request deny if is_api { src 192.0.2.7 } || { path_end .php }
  default_backend app
backend app
  balance roundrobin
  stick-table type ip size 100k expire 5m store conn_cnt,http_req_rate(1m)
  stick on src
  server s 192.0.2.9:80 check inter 2s
  server t 192.0.2.8:80 check inter 2s
";

fn said(text: &str) -> Report {
    check(&Sources::single("haproxy.cfg", text), &Options::default())
}

/// What stands for itself, infos aside.
fn shown(report: &Report) -> Vec<(&str, Severity, &str)> {
    let shown = report.findings.iter().filter(|f| !f.consequence && f.severity > Severity::Info);
    shown.map(|f| (f.rule.name, f.severity, f.message.as_str())).collect()
}

#[test]
fn nothing_is_said_of_what_is_right() {
    assert_eq!(shown(&said(GOOD)), []);
}

#[test]
fn on_the_way_to_a_later_version_a_line_is_cut_as_that_version_takes_it() {
    // 2.8 knows neither fetch, and 3.2 only minds the blank.
    let rule = "  use-server s if { req.ssl_cipherlist,hex -m sub 1302 } || { req.ssl_supported_groups, hex,lower -m sub 0017 }\n";
    let text = format!("{GOOD}{rule}")
        .replace("mode http\n", "mode tcp\n")
        .replace("  http-request deny if is_api { src 192.0.2.7 } || { path_end .php }\n", "");
    let options = Options { target: "2.8.25".parse().ok(), upgrade_to: "3.2.0".parse().ok(), ..Options::default() };
    let report = check(&Sources::single("haproxy.cfg", text), &options);
    let cuts: Vec<&str> = report.findings.iter().filter(|f| f.rule.name == RULE).map(|f| f.message.as_str()).collect();
    assert_eq!(cuts, ["a blank cuts `req.ssl_supported_groups,hex,lower` in two"]);
}

#[test]
fn the_name_of_an_acl_is_whole_where_it_asks_for_something() {
    let report = said(&GOOD.replace("acl is_api path_beg /api", "acl is-api-path path").replace("is_api {", "is-api-path {"));
    let rules: Vec<&str> = shown(&report).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(rules, ["keyword/dubious-acl"]);
}

/// What is written in the place of a part of the good file: one finding is shown, an error that speaks of `word`, and its fix
/// gives the good file back.
#[test]
fn one_slip_is_one_finding() {
    let slips = [
        ("bind 192", "bind192", "`bind192.0.2.1:80`"),
        ("mode http", "modehttp", "`modehttp`"),
        ("timeout client 5s", "timeoutclient 5s", "`timeoutclient`"),
        ("client 5s", "client5s", "`client5s`"),
        ("backend app\n  balance", "backendapp\n  balance", "`backendapp`"),
        ("frontend web", "frontendweb", "`frontendweb`"),
        ("default_backend app\n", "default_backendapp\n", "`default_backendapp`"),
        ("acl is_api", "aclis_api", "`aclis_api`"),
        ("is_api path_beg", "is_apipath_beg", "`is_apipath_beg`"),
        ("path_beg /api", "path_beg/api", "`path_beg/api`"),
        ("deny if is_api", "deny ifis_api", "`ifis_api`"),
        ("http-request deny", "http-requestdeny", "`http-requestdeny`"),
        ("{ src 192.0.2.7 }", "{src 192.0.2.7 }", "`{src`"),
        ("{ src 192.0.2.7 }", "{src 192.0.2.7}", "`{src 192.0.2.7}`"),
        ("log 127", "log127", "`log127.0.0.1`"),
        ("127.0.0.1 local0", "127.0.0.1local0", "`127.0.0.1local0`"),
        ("balance roundrobin", "balanceroundrobin", "`balanceroundrobin`"),
        ("check inter 2s\n  server", "checkinter 2s\n  server", "`checkinter`"),
        ("inter 2s\n  server", "inter2s\n  server", "`inter2s`"),
        ("size 100k", "size100k", "`size100k`"),
        ("192.0.2.9:80", "192.0.2.9 :80", "`192.0.2.9:80`"),
        ("rate(1m)", "rate (1m)", "`conn_cnt,http_req_rate(1m)`"),
        ("conn_cnt,", "conn_cnt, ", "`conn_cnt,http_req_rate(1m)`"),
        ("timeout client 5s", "timeout client 5 s", "`5s`"),
        ("http\n  timeout client", "http timeout client", "`timeout`"),
        ("http\n  timeout client", "httptimeout client", "`timeout`"),
        ("4000\ndefaults", "4000defaults", "`defaults`"),
        ("5s\nfrontend", "5sfrontend", "`frontend`"),
        ("5s\nfrontend", "5s frontend", "`frontend`"),
        ("app\nbackend", "appbackend", "`backend`"),
        ("roundrobin\n  stick", "roundrobinstick", "`stick-table`"),
        ("2s\n  server t", "2s server t", "`server`"),
    ];
    for (right, wrong, word) in slips {
        let text = GOOD.replacen(right, wrong, 1);
        assert_ne!(text, GOOD, "{right}");
        let report = said(&text);
        let found = shown(&report);
        assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        let (rule, severity, message) = found[0];
        // Not every version refuses a number with letters behind it.
        let severe = if wrong == "4000defaults" || wrong == "127.0.0.1local0" { Severity::Warning } else { Severity::Error };
        assert!(rule == RULE && severity >= severe && message.contains(word), "{wrong}: {found:?}");
        let fixed = fix(Sources::single("haproxy.cfg", text), report, Applicability::Unsafe, |s| check(s, &Options::default()));
        assert_eq!(String::from_utf8_lossy(fixed.sources.files()[0].bytes()), GOOD, "{wrong}");
    }
}

#[test]
fn more_than_two_lines_are_one() {
    let text = GOOD.replacen("web\n  bind 192.0.2.1:80\n  acl", "web bind 192.0.2.1:80 acl", 1);
    let report = said(&text);
    assert_eq!(shown(&report).iter().map(|f| f.0).collect::<Vec<_>>(), [RULE]);
    assert_eq!(report.findings.iter().find(|f| f.rule.name == RULE).unwrap().haproxy, Some(Verdict::Reject));
}

#[test]
fn other_mistakes_keep_their_names() {
    let slips = [
        ("mode http", "modes http", "keyword/unknown-keyword"),
        ("balance roundrobin", "balanse roundrobin", "keyword/unknown-keyword"),
        ("server s 192.0.2.9:80 check", "server my s 192.0.2.9:80 check", "keyword/unknown-option"),
        ("check inter 2s\n  server", "chek inter 2s\n  server", "keyword/unknown-option"),
        ("if is_api", "if is_apis", "reference/unknown-acl"),
        ("roundrobin", "roundrobbin", "keyword/unknown-argument"),
        ("default_backend app", "default_backend ap", "reference/unknown-backend"),
        ("http-request deny if", "http-request set-header X-A log global if", "keyword/unexpected-argument"),
    ];
    for (right, wrong, rule) in slips {
        let report = said(&GOOD.replacen(right, wrong, 1));
        let found: Vec<&str> = shown(&report).iter().map(|f| f.0).collect();
        assert!(found.contains(&rule) && !found.contains(&RULE), "{wrong}: {found:?}");
    }
}

#[test]
fn the_rule_can_be_silenced_like_any_other() {
    let text = GOOD.replacen("bind 192", "bind192", 1);
    let mut options = Options::default();
    options.selection.ignore(RULE).unwrap();
    let report = check(&Sources::single("haproxy.cfg", text), &options);
    assert!(report.findings.iter().any(|f| f.rule.name == "keyword/unknown-keyword"));
}

#[test]
fn carriage_returns_are_the_cause_of_what_they_hide() {
    let report = said(&GOOD.replacen("defaults\n  mode http\n", "defaults\r  mode http\r", 1));
    let found = shown(&report);
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), ["syntax/lone-carriage-return"], "{found:?}");
}

#[test]
fn a_password_that_is_read_over_protects_nothing() {
    let notes = |line: &str| {
        let text = format!("listen stats\n  mode http\n  bind :8404\n  timeout client 5s\n  timeout server 5s\n  stats enable\n  {line}\n");
        let report = said(&text);
        report.findings.iter().find(|f| f.rule.name == RULE).map(|f| f.notes.join(" ")).unwrap_or_default()
    };
    let lost = "HAProxy reads over what stands there: it has no effect";
    assert_eq!(notes("stats realm X stats auth admin:public"), format!("{lost}, and the password in it protects nothing"));
    assert_eq!(notes("stats realm X stats refresh 5s"), lost);
    // Here HAProxy refuses the line.
    assert_eq!(notes("maxconn 10 stats auth admin:public"), "");
}

/// Behind a criterion anything may stand: no cut in its name or between its converters says what is wrong there.
#[test]
fn a_wrong_criterion_is_no_missing_blank() {
    for criterion in
        ["req.hdrs_bin,foo", "path,lower,len", "method,lowr get", "http_auth_bearer,jwt_payload_query('$.exp','int'),sub(date()) lt 0"]
    {
        let report = said(&GOOD.replace("{ src 192.0.2.7 }", &format!("{{ {criterion} }}")));
        let shown = shown(&report);
        assert!(!shown.is_empty() && shown.iter().all(|(rule, ..)| *rule != RULE), "{criterion}: {shown:?}");
    }
    let boundary = |report: &Report| report.findings.iter().any(|f| f.rule.name == RULE);
    assert!(!boundary(&said(&GOOD.replace("{ src 192.0.2.7 }", "{ path_beg,lower /admin }"))));
    assert!(boundary(&said(&GOOD.replace("{ src 192.0.2.7 }", "{ src192.0.2.7 }"))));
}
