//! Names and files wherever HAProxy looks them up: lines that second tables forgot once.

use std::sync::Arc;

use haproxy_lint::{
    check::{Options, check},
    source::Sources,
    surroundings::Listed,
};

const PROXY: &str = "frontend f\n  mode http\n  timeout client 1m\n  bind :80\n  filter bwlim-in lim default-limit 1m default-period 1s\n  default_backend b\n";
const BACKEND: &str =
    "backend b\n  mode http\n  timeout connect 5s\n  timeout server 1m\n  stick-table type ip size 1m expire 1m store bytes_out_rate(1s)\n";

/// The rules that refuse one `line`, which stands in the frontend or in the backend.
fn rules(line: &str, in_backend: bool) -> Vec<&'static str> {
    let (front, back) = if in_backend { ("", line) } else { (line, "") };
    let text = format!("{PROXY}  {front}\n{BACKEND}  {back}\n  server s 127.0.0.1:80\n");
    // A machine that has nothing.
    let surroundings = Some(Arc::new(Listed::default()) as Arc<_>);
    let options = Options { target: "3.4".parse().ok(), surroundings, ..Options::default() };
    let report = check(&Sources::single("haproxy.cfg", text), &options);
    let refused = report.findings.iter().filter(|f| f.haproxy.is_some() || f.rule.name == "reference/missing-file");
    refused.map(|f| f.rule.name).collect()
}

#[test]
fn every_place_of_a_name_is_looked_at() {
    for (line, in_backend, rule) in [
        ("http-request set-bandwidth-limit lim limit nbsrv(nope)", false, "reference/unknown-backend"),
        ("http-request set-bandwidth-limit lim limit 1m period nbsrv(nope)", false, "reference/unknown-backend"),
        ("filter bwlim-out out limit 1m key nbsrv(nope) table b", true, "reference/unknown-backend"),
        ("filter bwlim-out out limit 1m key src table nosuch", true, "reference/unknown-table"),
        ("force-be-switch if nosuch", false, "reference/unknown-acl"),
        ("http-request set-retries nbsrv(nope)", true, "reference/unknown-backend"),
        ("http-request pause nbsrv(nope)", false, "reference/unknown-backend"),
        ("http-request set-header x %[base32+src,table_http_req_rate(nope)]", false, "reference/unknown-table"),
        ("http-request tarpit status 500 content-type text/plain file /nope/x", true, "reference/missing-file"),
        ("http-response deny status 500 content-type text/plain file /nope/x", true, "reference/missing-file"),
        ("server-template t 2 127.0.0.1:80 ssl verify required ca-file /nope/ca.pem", true, "reference/missing-file"),
    ] {
        assert_eq!(rules(line, in_backend), [rule], "{line}");
    }
}

#[test]
fn names_that_are_there_are_found() {
    for (line, in_backend) in [
        ("http-request set-bandwidth-limit lim limit nbsrv(b) period 10s", false),
        ("filter bwlim-out out limit 1m key src table b", true),
        ("filter bwlim-out out default-limit 1m default-period 1s", true),
        ("http-request set-retries nbsrv(b)", true),
        ("http-request pause nbsrv(b)", false),
        ("http-request set-header x %[base32+src,table_http_req_rate(b)]", false),
    ] {
        assert_eq!(rules(line, in_backend), [""; 0], "{line}");
    }
}
