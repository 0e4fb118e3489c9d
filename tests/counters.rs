//! What the rules about counters of stick tables say of small configurations, each measured on loopback with HAProxy 2.6.12 and 2.8.25,
//! and where they must say nothing.

use haproxy_lint::{
    check::{Options, check},
    source::Sources,
};

const RULES: [&str; 13] = [
    "table/counter-not-stored",
    "table/slot-not-tracked",
    "order/counter-before-track",
    "table/counter-never-rises",
    "table/key-misses-clients",
    "order/increment-waits-for-itself",
    "table/limit-lifts-itself",
    "table/requests-count-as-connections",
    "table/expires-before-period",
    "order/slot-taken",
    "table/too-small",
    "table/sticks-to-backup",
    "dead/unused-table",
];

const DEFAULTS: &str = "defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n";
const FRONTEND: &str = "frontend f\n bind 192.0.2.1:80\n default_backend b\n";
const RATE: &str = " stick-table type ip size 1k expire 1m store http_req_rate(1m)\n";
const DENY: &str = " http-request deny if { sc_http_req_rate(0) gt 3 }\n";
const BACKEND: &str = "backend b\n server s 192.0.2.9:80\n";

/// What the rules say, as `rule severity`.
fn said(text: &str) -> Vec<String> {
    let mut options = Options::default();
    RULES.iter().for_each(|rule| options.selection.select(rule).unwrap());
    let mut found: Vec<String> =
        check(&Sources::single("f", text), &options).findings.iter().map(|f| format!("{} {}", f.rule.name, f.severity)).collect();
    found.sort();
    found.dedup();
    found
}

fn expect(name: &str, text: &str, wanted: &[&str]) {
    assert_eq!(said(text), wanted, "{name}:\n{text}");
}

/// A frontend with these lines, its own table first, and a backend.
fn frontend(lines: &str) -> String {
    format!("{DEFAULTS}{FRONTEND}{lines}{BACKEND}")
}

#[test]
fn a_counter_is_read_where_it_is_stored() {
    let track = " http-request track-sc0 src\n";
    let table = |store: &str| format!(" stick-table type ip size 1k expire 1m store {store}\n{track}");
    let not_stored = &["table/counter-not-stored warning"];
    expect("another counter", &frontend(&(table("conn_cnt") + DENY)), not_stored);
    expect("short form", &frontend(&(table("conn_cnt") + " http-request deny if { sc0_http_req_rate gt 3 }\n")), not_stored);
    expect("by an ACL", &frontend(&(table("conn_cnt") + " acl a sc0_http_req_rate gt 3\n http-request deny if a\n")), not_stored);
    expect("an ACL that nobody uses", &frontend(&(table("conn_cnt") + " acl a sc0_http_req_rate gt 3\n")), &[]);
    expect("in a header", &frontend(&(table("conn_cnt") + " http-request set-header x %[sc_http_req_rate(0)]\n")), not_stored);
    expect("in a log", &frontend(&(table("conn_cnt") + " log-format %ci,%[sc_http_req_rate(0)]\n")), &["table/counter-not-stored info"]);
    expect("stored", &frontend(&(table("http_req_rate(1m)") + DENY)), &[]);
    expect("client", &frontend(&(table("conn_cnt") + " http-request deny if { src_http_req_rate gt 3 }\n")), not_stored);
    expect("key", &frontend(&(table("conn_cnt") + " http-request deny if { src,table_http_req_rate(f) gt 3 }\n")), not_stored);
    expect("servers", &frontend(&(table("http_req_cnt") + " http-request set-header x %[src,table_server_id(f)]\n")), &[]);
    expect("any entry", &frontend(&(table("conn_cnt") + " http-request deny if { sc_tracked(0) } { sc_trackers(0) gt 3 }\n")), &[]);
    let inc = " http-request sc-inc-gpc0(0)\n http-request deny if { sc_get_gpc0(0) gt 3 } { sc_gpc0_rate(0) gt 3 }\n";
    expect("an array", &frontend(&(table("gpc(2),gpc_rate(2,1m)") + inc)), &[]);
    expect("a rate alone", &frontend(&(table("gpc0_rate(1m)") + inc)), not_stored);
    expect("a place in an array", &frontend(&(table("gpc(2)") + " http-request sc-inc-gpc(2,0)\n")), not_stored);
    expect("variable", &frontend(&(table("\"${STORE}\"") + DENY)), &[]);
    let two = "backend one\n stick-table type ip size 1k expire 1m store conn_cnt\nbackend two\n stick-table type ip size 1k expire 1m store http_req_rate(1m)\n";
    let tracks = " http-request track-sc0 src table one if { path /a }\n http-request track-sc0 src table two\n";
    expect("two tables for one slot", &format!("{DEFAULTS}{FRONTEND}{tracks}{DENY}{BACKEND}{two}"), &[]);
    let lua = format!("global\n lua-load /x.lua\n{}", frontend(&(table("conn_cnt") + DENY)));
    expect("Lua", &lua, &[]);
}

#[test]
fn a_slot_is_tracked_and_tracked_before() {
    let before = &["order/counter-before-track warning"];
    let track = " http-request track-sc0 src\n";
    expect("below", &frontend(&format!("{RATE}{DENY}{track}")), before);
    expect("above", &frontend(&format!("{RATE}{track}{DENY}")), &[]);
    let session = " tcp-request session track-sc0 src\n";
    expect("the session", &frontend(&format!("{RATE}{DENY}{session}")), &[]);
    let conn = " stick-table type ip size 1k expire 1m store conn_rate(1m)\n tcp-request connection reject if { sc_conn_rate(0) gt 3 }\n";
    expect("an earlier phase", &frontend(&format!("{conn}{session}")), before);
    expect("a lookup", &frontend(&format!("{}{session}", conn.replace("sc_conn_rate(0)", "src_conn_rate"))), &[]);
    let backend = format!("backend b\n{RATE}{track} server s 192.0.2.9:80\n");
    expect("only the backend tracks", &format!("{DEFAULTS}{FRONTEND}{DENY}{backend}"), before);
    let after = DENY.replace("http-request deny", "http-after-response set-status 429");
    expect("and the response reads", &format!("{DEFAULTS}{FRONTEND}{after}{backend}"), &[]);
    expect("the frontend tracks, the backend reads", &format!("{DEFAULTS}{FRONTEND}{RATE}{track}{BACKEND}{DENY}"), &[]);
    let route = " use_backend b if { sc_http_req_rate(0) gt 3 }\n";
    expect("routes come later", &frontend(&format!("{RATE}{route}{track}")), &[]);
    let content = " tcp-request inspect-delay 5s\n tcp-request content reject if { sc_http_req_rate(0) gt 3 }\n tcp-request content track-sc0 req.hdr(a)\n";
    expect("rules that wait are read again", &frontend(&format!("{RATE}{content}")), &[]);

    let not_tracked = &["table/slot-not-tracked warning"];
    expect("another slot", &frontend(&format!("{RATE}{track}{}", DENY.replace("(0)", "(1)"))), not_tracked);
    expect("nobody", &frontend(DENY), not_tracked);
    let increment = " http-request sc-inc-gpc0(1)\n";
    expect("raised", &frontend(&format!("{RATE}{track}{DENY}{increment}")), not_tracked);
    let other = format!("frontend g\n bind 192.0.2.1:81\n{DENY} default_backend b\n");
    expect("another frontend", &frontend(&format!("{RATE}{track}{DENY}")).replace(BACKEND, &(other.clone() + BACKEND)), not_tracked);
    let shared = format!("{DEFAULTS}{FRONTEND}{RATE}{track}frontend g\n bind 192.0.2.1:81\n default_backend b\n{BACKEND}{DENY}");
    expect("one of two frontends", &shared, &[]);
    let named = format!(
        "defaults d\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n http-request track-sc0 src table t\n\
         frontend f from d\n bind 192.0.2.1:80\n{DENY} http-request return status 200\n{DEFAULTS}backend t\n{RATE}"
    );
    expect("defaults track", &named, &[]);
    expect("a check of the slot", &frontend(&format!("{RATE}{track}{DENY} http-request deny if {{ sc_tracked(2) }}\n")), &[]);
}

#[test]
fn a_slot_is_filled_once() {
    let taken = &["order/slot-taken warning"];
    let tables = format!("backend a\n{RATE}backend c\n{RATE}");
    let both = |first: &str, second: &str| format!("{DEFAULTS}{FRONTEND} {first}\n {second}\n{DENY}{BACKEND}{tables}");
    expect("twice", &both("http-request track-sc0 src table a", "http-request track-sc0 src table c"), taken);
    expect("session", &both("tcp-request session track-sc0 src table a", "http-request track-sc0 hdr(x) table c"), taken);
    expect("condition", &both("http-request track-sc0 src table a if { path /a }", "http-request track-sc0 src table c"), &[]);
    expect("a key that may be missing", &both("http-request track-sc0 hdr(x) table a", "http-request track-sc0 src table c"), &[]);
    expect("slots", &both("http-request track-sc1 src table a", "http-request track-sc0 src table c"), &[]);
    expect("the same", &both("http-request track-sc0 src table a", "http-request track-sc0 src table a"), &["dead/unused-table warning"]);
    let allowed = both(
        "tcp-request connection accept if { src 10.0.0.0/8 }\n tcp-request connection track-sc0 src table a",
        "http-request track-sc0 src table c",
    );
    expect("some are let through before", &allowed, &[]);
    let v6 = both("http-request track-sc0 src table a", "http-request track-sc0 src table c").replace("192.0.2.1:80", ":::80 v4v6");
    expect("each for its family", &v6.replace(&format!("backend c\n{RATE}"), &format!("backend c\n{}", RATE.replace("ip ", "ipv6 "))), &[]);
    let backend = format!("backend b\n http-request track-sc0 src table c\n server s 192.0.2.9:80\n{tables}");
    expect("frontend and backend", &format!("{DEFAULTS}{FRONTEND} http-request track-sc0 src table a\n{DENY}{backend}"), taken);
}

#[test]
fn a_counter_rises_somewhere() {
    let never = &["table/counter-never-rises warning"];
    let table = " stick-table type ip size 1k expire 1m store sess_rate(1m)\n";
    let deny = " http-request deny if { sc_sess_rate(0) gt 3 }\n";
    for (rules, wanted) in
        [("http-request", &never[..]), ("tcp-request content", never), ("tcp-request session", &[]), ("tcp-request connection", &[])]
    {
        expect(rules, &frontend(&format!("{table} {rules} track-sc0 src\n{deny}")), wanted);
    }
    let second = " tcp-request session track-sc1 src\n http-request track-sc0 src\n";
    expect("another slot counts", &frontend(&format!("{table}{second}{deny}")), &[]);
    let peers = "peers p\n peer a 192.0.2.3:1024\n peer c 192.0.2.4:1024\n";
    let shared =
        format!("{peers}{}", frontend(&format!("{table} http-request track-sc0 src\n{deny}")).replace("expire 1m", "expire 1m peers p"));
    expect("peers", &shared, &[]);
    let tcp = "defaults\n mode tcp\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n";
    let reject = " tcp-request connection track-sc0 src\n tcp-request content reject if { sc_http_req_rate(0) gt 3 }\n";
    expect("TCP", &format!("{tcp}{FRONTEND}{RATE}{reject}{BACKEND}"), never);
    expect("TCP, then HTTP", &format!("{tcp}{FRONTEND}{RATE}{reject}{BACKEND} mode http\n"), &[]);
    let lookup = " http-request deny if { src_http_req_rate gt 3 }\n";
    expect("nobody tracks", &frontend(&format!("{RATE}{lookup}")), never);
    let gpc =
        " stick-table type ip size 1k expire 1m store gpc0\n http-request track-sc0 src\n http-request deny if { sc_get_gpc0(0) gt 3 }\n";
    expect("nobody raises", &frontend(gpc), never);
    let by_hand = format!("global\n stats socket /run/h.sock level admin\n{}", frontend(gpc));
    expect("but people may", &by_hand, &["table/counter-never-rises info"]);
    expect("the backend raises", &format!("{} http-response sc-inc-gpc0(0) if {{ status 401 }}\n", frontend(gpc)), &[]);
}

#[test]
fn keys_hold_what_listeners_take() {
    let misses = &["table/key-misses-clients warning"];
    let with =
        |bind: &str, table: &str| frontend(&format!("{table} http-request track-sc0 src\n{DENY}")).replace("bind 192.0.2.1:80", bind);
    for bind in ["bind :::80 v4v6", "bind [::]:80", "bind :::80", "bind 192.0.2.1:80,:::80", "bind [2001:db8::1]:80", "bind ipv6@:80"] {
        expect(bind, &with(bind, RATE), misses);
        expect(bind, &with(bind, &RATE.replace("ip ", "ipv6 ")), &[]);
    }
    for bind in
        ["bind :80", "bind *:80", "bind ipv4@:80", "bind :::80 accept-proxy", "bind ::1:80", "bind /run/a.sock", "bind \"${ADDR}:80\""]
    {
        expect(bind, &with(bind, RATE), &[]);
    }
    let forwarded = with("bind :::80", RATE).replace("track-sc0 src", "track-sc0 hdr_ip(x)");
    expect("another key", &forwarded, &[]);
    expect("a condition", &with("bind :::80", RATE).replace("track-sc0 src", "track-sc0 src if { src 10.0.0.0/8 }"), &[]);
    expect("set-src", &with("bind :::80", RATE).replace(" http-request track", " http-request set-src hdr(x)\n http-request track"), &[]);
    let sticks = format!(
        "{DEFAULTS}frontend f\n bind :::80\n default_backend b\nbackend b\n{}",
        " stick-table type ip size 1k expire 1m\n stick on src\n server s 192.0.2.9:80\n"
    );
    expect("stick", &sticks, misses);
}

#[test]
fn an_increment_does_not_wait_for_itself() {
    let waits = &["order/increment-waits-for-itself warning"];
    let table = " stick-table type ip size 1k expire 1m store gpc0\n http-request track-sc0 src\n acl many sc0_get_gpc0 gt 3\n acl mark sc0_inc_gpc0 gt 0\n";
    let with = |rules: &str| frontend(&format!("{table}{rules}"));
    expect("behind", &with(" http-request deny if many mark\n"), waits);
    expect("before", &with(" http-request deny if mark many\n"), &[]);
    expect("or", &with(" http-request deny if many or mark\n"), &[]);
    expect("not", &with(" http-request deny if !many mark\n"), &[]);
    expect("unless", &with(" http-request deny unless many mark\n"), &[]);
    expect("elsewhere too", &with(" http-request deny if many mark\n http-request sc-inc-gpc0(0) if { path /a }\n"), &[]);
    expect("an action", &with(" http-request sc-inc-gpc0(0) if many\n http-request deny if many\n"), waits);
    expect("another condition", &with(" http-request sc-inc-gpc0(0) if { path /a }\n http-request deny if many\n"), &[]);
    let rate = with(" http-request deny if fast mark\n")
        .replace("store gpc0", "store gpc0,http_req_rate(1m)")
        .replace(" acl many", " acl fast sc0_http_req_rate gt 3\n acl many");
    expect("another counter", &rate, &[]);
}

#[test]
fn limits_last_and_tables_have_room() {
    let over = " acl over src_http_req_rate gt 3\n";
    let lifts = frontend(&format!("{RATE}{over} http-request track-sc0 src if !over\n http-request deny if over\n"));
    expect("lifts itself", &lifts, &["table/limit-lifts-itself info"]);
    let blind = frontend(&format!("{RATE}{over} http-request track-sc0 src if !over\n{DENY}"));
    expect("and blinds the limit", &blind, &["table/limit-lifts-itself warning"]);
    let path = frontend(&format!("{RATE} http-request track-sc0 src if !{{ path /a }}\n{DENY}"));
    expect("another condition", &path, &[]);

    let conn = " stick-table type ip size 1k expire 1m store conn_rate(1m)\n";
    let deny = " http-request deny if { sc_conn_rate(0) gt 3 }\n";
    expect("requests", &frontend(&format!("{conn} http-request track-sc0 src\n{deny}")), &["table/requests-count-as-connections info"]);
    expect("connections", &frontend(&format!("{conn} tcp-request connection track-sc0 src\n{deny}")), &[]);

    let short = |expire: &str| frontend(&format!("{} http-request track-sc0 src\n{DENY}", RATE.replace("expire 1m", expire)));
    expect("too short", &short("expire 10s"), &["table/expires-before-period warning"]);
    for fine in ["expire 1m", "expire 60000", "expire 2h", ""] {
        expect(fine, &short(fine), &[]);
    }

    let app = |table: &str, stick: &str| {
        format!(
            "{DEFAULTS}{FRONTEND}backend b\n stick-table type string {table}\n {stick}\n server s 192.0.2.9:80\n server t 192.0.2.8:80\n"
        )
    };
    expect("few", &app("size 100", "stick on hdr(x)"), &["table/too-small warning"]);
    expect("one", &app("size 1", "stick on cookie(x)").replace("cookie(x)", "req.cook(x)"), &["table/too-small warning"]);
    expect("enough", &app("size 1k", "stick on hdr(x)"), &[]);
    expect("nopurge", &app("size 1 nopurge", "stick on hdr(x)"), &[]);
    expect("one for all", &app("size 1", "stick on dst"), &[]);
    expect("unused", &app("size 1k", "balance source"), &["dead/unused-table warning"]);
    let backup = app("size 1k", "stick on hdr(x)").replace("192.0.2.8:80", "192.0.2.8:80 backup");
    expect("backup", &backup, &["table/sticks-to-backup info"]);
    expect("all for one", &backup.replace("hdr(x)", "dst"), &[]);
}
