//! What real HAProxy says of expressions, in every form that they are written in, and ours of the same.

use std::{collections::BTreeMap, ffi::OsString, fs, process::Command};

use super::*;

/// Lines of a frontend in HTTP mode that HAProxy 2.6 and 2.8 are asked about.
const LINES: &[&str] = &[
    // Arguments.
    r#"http-request set-header x "%[str('a b')]""#,
    r#"http-request set-header x "%[str(\"a,b\")]""#,
    r#"http-request set-header x '%[str("a,b)")]'"#,
    r#"http-request set-header x %[str("a,b")]"#,
    "http-request set-header x %[str(a]",
    "http-request set-header x %[str(a)",
    "http-request set-header x %[str]",
    "http-request set-header x %[str()]",
    "http-request set-header x %[int]",
    "http-request set-header x %[int()]",
    "http-request set-header x %[int(5x)]",
    "http-request set-header x %[int(-5)]",
    "http-request set-header x %[int(-)]",
    "http-request set-header x %[ipv4(1.2.3)]",
    "http-request set-header x %[ipv6(::1)]",
    "http-request set-header x %[src()]",
    "http-request set-header x %[src(1)]",
    "http-request set-header x %[src,ipmask(24)]",
    "http-request set-header x %[src,ipmask(33)]",
    "http-request set-header x %[src,ipmask(255.255.0.0,64)]",
    "http-request set-header x %[src,ipmask]",
    "http-request set-header x %[rand()]",
    "http-request set-header x %[req.hdr(a,b)]",
    "http-request set-header x %[req.hdr(a,-1)]",
    "http-request set-header x %[req.hdr(a,)]",
    "http-request set-header x %[path,field(1)]",
    "http-request set-header x %[path,field(0,/)]",
    "http-request set-header x %[path,field(2,/)]",
    "http-request set-header x %[path,field(2,/,)]",
    "http-request set-header x %[path,field(,/)]",
    "http-request set-header x '%[path,word(2,\",\")]'",
    "http-request set-header x %[path,lower(x)]",
    "http-request set-header x %[path,lower()]",
    "http-request set-header x '%[path,regsub(\"/+\",\"/\",g)]'",
    "http-request set-header x '%[path,regsub(a,b,x)]'",
    "http-request set-header x '%[path,regsub(a)]'",
    "http-request set-header x %[path,json(utf9)]",
    "http-request set-header x %[path,json]",
    "http-request set-header x %[req.body,bytes(1,2)]",
    "http-request set-header x %[req.body,bytes(x)]",
    "http-request set-header x %[rand,add(1)]",
    "http-request set-header x %[rand,add(txn.a)]",
    "http-request set-header x %[rand,add(x)]",
    "http-request set-header x %[rand,add()]",
    "http-request set-header x %[date(0,us)]",
    "http-request set-header x %[date(0,min)]",
    "http-request set-header x %[var(txn.a)]",
    "http-request set-header x %[var(a)]",
    "http-request set-header x %[var(txn.a-b)]",
    "http-request set-header x %[var()]",
    "http-request set-header x %[var(ptxn.a)]",
    "http-request set-header x %[path,set-var(txn.a,ifexists)]",
    "http-request set-header x %[path,set-var(txn.a,nope)]",
    "http-request set-header x %[bool(yes)]",
    "http-request set-header x %[bin(0a1)]",
    "http-request set-header x %[req.body,ungrpc(1.2)]",
    "http-request set-header x %[req.body,ungrpc(1..2)]",
    "http-request set-header x %[path,concat(a,txn.b)]",
    "http-request set-header x %[path,concat(a,b)]",
    "http-request set-header x '%[path,regsub(\"a(\",b)]'",
    "http-request set-header x '%[path,regsub(,b)]'",
    "http-request set-header x %[http_auth()]",
    "http-request set-header x %[srv_conn]",
    "http-request set-header x %[hdr(a,-11)]",
    "http-request set-header x %[hdr(a,-10)]",
    "http-request set-header x %[path,url_enc(query)]",
    "http-request set-header x %[path,url_enc(path)]",
    "http-request set-header x %[path,json_query($.a,int)]",
    "http-request set-header x %[path,json_query($.a,str)]",
    "http-request set-header x %[path,json_query()]",
    "http-request set-header x %[path,sha2(256)]",
    "http-request set-header x %[path,sha2(255)]",
    "http-request set-header x %[req.body,be2dec(:,2)]",
    "http-request set-header x %[req.body,be2dec(:,9)]",
    "http-request set-header x %[req.payload_lv(0,0)]",
    "http-request set-header x %[req.payload_lv(1,2,x)]",
    "acl a req.payload_lv(1,2,+1) -m found",
    "acl a path,map() -m found",
    "acl a path,map_beg_ip(/dev/null,x) -m found",
    "acl a req.body,be2hex(:) -m found",
    "acl a req.body,be2hex() -m found",
    "acl a uuid(1) -m found",
    "acl a fc_rtt() -m found",
    "acl a src a:b -m found",
    "acl a src (",
    "acl a ssl_c_s_dn(cn,1,x) -m found",
    // Chains and types.
    "http-request set-header x %[src,lower,]",
    "http-request set-header x %[src,,lower]",
    r#"http-request set-header x "%[src, lower]""#,
    r#"http-request set-header x "%[ src ]""#,
    "http-request set-header x %[nosuch]",
    "http-request set-header x %[src,nosuch]",
    "http-request set-header x %[res.hdr(a)]",
    "http-request set-header x %[method,add(1)]",
    "http-request set-header x %[ssl_fc,bytes(1)]",
    "http-request set-header x %[ssl_fc,ipmask(8)]",
    "http-request set-header x %[req.body,add(1)]",
    "http-request set-header x %[path,add(1)]",
    "http-request set-header x %[src,add(1)]",
    "http-request set-header x %[src,map_ip(/dev/null),lower]",
    "http-request set-header x %[src,ipmask(8),lower]",
    "http-request set-header x %[rand,ipmask(8)]",
    "http-request set-header x %[method,lower]",
    "http-request set-header x %[bc_src]",
    "http-request set-header x %[be_name]",
    "http-request set-header x %[txn.timer.total]",
    "http-response set-header x %[res.hdr(a)]",
    "http-response set-header x %[req.hdr(a)]",
    "http-response set-header x %[path]",
    "http-request set-var(txn.a) path,lower upper",
    "http-request set-var(txn.a) path, lower if TRUE",
    "http-request set-var(txn.a) path,lower2",
    "http-request set-var(txn.a) res.hdr(x)",
    "http-request set-var(txn.a) path]",
    // Log-format strings.
    "http-request set-header x %[src]b%",
    r#"http-request set-header x "% a""#,
    "http-request set-header x %zz",
    "http-request set-header x %{+Q}",
    "http-request set-header x %{+Q}[src]",
    "http-request set-header x %{+Z}[src]",
    "http-request set-header x %{+Q",
    "http-request set-header x %-%ci%%",
    "http-request set-header x %%zz",
    "http-request set-header x %ciao",
    "http-request set-header x %1",
    "http-request set-header x %(name)ci",
    "http-request set-header x %(name)zz",
    "http-request set-header x %[]",
    "http-request set-header x %[src}",
    r#"log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r""#,
    r#"log-format "%[res.hdr(a)]""#,
    r#"log-format "%[res.ver]""#,
    r#"log-format "%[capture.res.hdr(0)]""#,
    r#"log-format "%Hx""#,
    // ACLs.
    "acl a path",
    "acl a path (foo",
    "acl a path -- (foo",
    "acl a ssl_fc",
    "acl a src",
    "acl a src -n name.invalid",
    "acl a src -n 10.0.0.0/8 ::1",
    "acl a path_beg -m end /x",
    "acl a path_beg,lower /x",
    "acl a hdr(host) -i -x foo",
    "acl a src 1.2.3.4/33",
    "acl a src 1.2.3.4/255.255.0.0",
    "acl a src ::1/64 10.0.0.0/8",
    "acl a src ::1/129",
    "acl a src 1:2",
    "acl a src 1.2.3.400",
    "acl a path_reg [",
    "acl a path_reg ^/(a|b$",
    "acl a path_reg ^/a)",
    "acl a path_reg '^/[]a]/[^]]\\(x\\)$'",
    "acl a path_reg 'a\\'",
    "acl a path -m reg [[:alpha:]]+",
    "acl a hdr_ip(x,1,2) 1.1.1.1",
    "acl a lower(x)",
    "acl a path,foo a",
    "acl a path, lower a",
    "acl a path,lower a",
    "acl a path, a",
    "acl a hdr_cnt(x) ge 1",
    "acl a hdr_cnt(x) foo 1",
    "acl a hdr_cnt(x) 1:5 -- 7",
    "acl a hdr_cnt(x) 5:1",
    "acl a hdr_cnt(x) :5 6:",
    "acl a hdr_cnt(x) gt 1.5",
    "acl a hdr_cnt(x) 1.5",
    "acl a hdr_cnt(x) gt gt 3",
    "acl a hdr_cnt(x) -- -3",
    "acl a src -f",
    "acl a src -u",
    "acl a src -u x 1.1.1.1",
    "acl a path -m",
    "acl a path -m nope x",
    "acl a path -m len gt 5",
    "acl a path -m len x",
    "acl a path -m ip 10.0.0.1",
    "acl a src -m ip 10.0.0.1",
    "acl a src -m bin 0a",
    "acl a src -m bin 0",
    "acl a ssl_fc -m ip 10.0.0.1",
    "acl a var(txn.a) x",
    "acl a var(txn.a) -m found",
    "acl a var(txn.a) -m str x",
    "acl a req.body a",
    "acl a req.body -m sub a",
    "acl a method GET",
    "acl a meth(GET) GET",
    "acl a req.ssl_ver 3.1",
    "acl a req.ssl_ver gt 3",
    "acl a req.ssl_ver 3.x",
    "acl a req_ssl_hello_type 1",
    "acl a src_conn_rate gt abc",
    "acl a src_port 1024:65535",
    "acl a rand(100) lt 50",
    "acl a nosuch x",
    "acl a path_begin /x",
    "acl x",
    "acl a path -f /nonexistent -m str",
    "acl a path -m str -m beg /x",
    "acl a req.hdr(x),lower length 5",
    "acl a req.fhdr(x) lower x",
    // Conditions.
    "http-request deny if { nosuch }",
    "http-request deny if { path /x",
    "http-request deny if { path /x}",
    "http-request deny if { }",
    "http-request deny if",
    "http-request deny if or TRUE",
    "http-request deny if !{ path /x } || ! TRUE",
    "http-request deny unless { src 10.0.0.0/8 } { path_beg /a /b }",
    "http-request deny if { path }",
    "http-request deny if { path -m nope x }",
    "http-request deny if { res.hdr(x) y }",
    "http-response deny if { req.hdr(x) y }",
    "http-response deny if { path /x }",
    "tcp-request connection reject if { path /x }",
    "tcp-request session reject if { src 10.0.0.0/8 }",
    "tcp-request content reject if { path /x }",
];

fn judges() -> Vec<(OsString, Version)> {
    let candidates = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")];
    let judge = |program: OsString| {
        let output = Command::new(&program).arg("-v").output().ok()?;
        let version = String::from_utf8_lossy(&output.stdout).split_whitespace().nth(2)?.parse().ok()?;
        Some((program, version))
    };
    candidates.into_iter().flatten().filter_map(judge).collect()
}

/// What HAProxy says: whether it refuses the configuration, and whether it warns.
fn ask(program: &OsString, text: &str) -> (bool, bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("haproxy.cfg");
    fs::write(&path, text).unwrap();
    let output = Command::new(program).args(["-c", "-f"]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let warns = said.lines().any(|line| line.starts_with("[WARNING]") && !line.contains("log format ignored"));
    (!output.status.success(), warns, said)
}

#[test]
fn real_haproxy_judges_the_same() {
    let judges = judges();
    if judges.is_empty() {
        println!("skipped: there is no haproxy on this machine");
    }
    let mut wrong = Vec::new();
    for (program, version) in judges {
        for line in LINES {
            let text = config(line);
            let (refuses, warns, said) = ask(&program, &text);
            let found = faults(&text, VersionSet::only(version));
            let any = |verdict| found.iter().any(|(_, fault)| fault.verdict == Some(verdict));
            // An ACL that cannot be read is warned of as well or not; what counts is that it is refused.
            let same = refuses == any(Verdict::Reject) && (refuses || warns == any(Verdict::Warning));
            if !same {
                let ours: Vec<_> = found.iter().map(|(_, fault)| &fault.message).collect();
                wrong.push(format!("{version} {line}\n  HAProxy: {said}\n  ours: {ours:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Pieces of log-format strings, of expressions and of conditions: what stands before `None` is well formed, mostly.
const LOG_PIECES: &[&str] = &[
    "%ci",
    "%[src]",
    "%[path,lower]",
    "%{+Q}ID",
    "%%",
    " ",
    "x",
    "%[str(a)]",
    "%[int(1),add(2)]",
    "%-",
    "%{-Q}[path]",
    "%[date(1,ms)]",
    "%",
    "%[",
    "]",
    "{",
    "}",
    "%{+Q}",
    "(",
    "1",
    "%(",
    "%zz",
    "%[str(",
    "%(n)",
];
const CHAIN_PIECES: &[&str] = &[
    ",lower",
    ",length",
    ",add(1)",
    ",field(1,/)",
    ",concat(a,txn.b,c)",
    ",hex",
    ",bytes(1,2)",
    ",,lower",
    ",crc32",
    ",ipmask(24)",
    ",bool",
    ",json(utf8)",
    "(",
    ")",
    ",",
    "1",
    "a",
    "\"",
    "\\",
    "(1,a)",
    " ",
    "\\,",
    "regsub",
    "-m",
];
const CONDITION_PIECES: &[&str] = &[
    "{ path /a }",
    "{ src 1.1.1.1 }",
    "!{ path_beg /x /y }",
    "TRUE",
    "||",
    "or",
    "! TRUE",
    "{ hdr_cnt(x) gt 3 }",
    "{ src -n 10.0.0.0/8 }",
    "{ hdr(host),lower -m str x }",
    "{ res.hdr(x) a }",
    "{ be_id 1 }",
    "{",
    "}",
    "!",
    "path",
    "/a",
    "-m",
    "str",
    "--",
    "gt",
    "!{",
    "3",
    "-x",
];

/// Lines made of pieces by chance, always the same ones: four of five pieces from the first half.
fn made_up(pieces: &[&str], separator: &str, seed: &mut u64) -> String {
    let mut random = |below: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % below
    };
    let half = pieces.len() / 2;
    let count = 1 + random(4);
    let chosen: Vec<&str> = (0..count).map(|_| pieces[random(half) + if random(5) == 0 { half } else { 0 }]).collect();
    chosen.join(separator).replace('\'', "")
}

/// The lines that HAProxy refuses, by what it says, each with whether an unknown ACL is the reason.
fn refused_lines(said: &str) -> BTreeMap<usize, bool> {
    let line = |message: &str| {
        let (_, rest) = message.split_once("arsing [").filter(|_| message.starts_with("[ALERT]"))?;
        Some((rest.split_once(']')?.0.rsplit_once(':')?.1.parse().ok()?, message.contains("no such ACL")))
    };
    said.lines().filter_map(line).collect()
}

#[test]
fn real_haproxy_judges_made_up_lines_the_same() {
    let (judges, mut seed, mut wrong) = (judges(), 1, Vec::new());
    for _ in 0..15 {
        let mut text = "defaults\n mode http\n timeout client 1s\nbackend b\nfrontend f\n bind 127.0.0.1:18080\n".to_owned();
        for _ in 0..20 {
            text += &format!(" acl a 'src{}' -m found\n", made_up(CHAIN_PIECES, "", &mut seed));
            text += &format!(" use_backend b if {}\n", made_up(CONDITION_PIECES, " ", &mut seed));
        }
        let formats: String = (0..20).map(|i| format!("frontend f{i}\n log-format '{}'\n", made_up(LOG_PIECES, "", &mut seed))).collect();
        // Log formats are read once all lines were, so they have a file of their own.
        for text in [text, format!("defaults\n mode http\n timeout client 1s\n{formats}")] {
            for (program, version) in &judges {
                let (.., said) = ask(program, &text);
                let refused = refused_lines(&said);
                let found: Vec<_> = faults_by_line(&text, VersionSet::only(*version));
                for (number, line) in text.lines().enumerate() {
                    let ours = found.contains(&(number + 1));
                    let same = match refused.get(&(number + 1)) {
                        Some(unknown_acl) => ours || *unknown_acl,
                        None => !ours,
                    };
                    if !same {
                        wrong.push(format!("{version} {line}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines that are refused.
fn faults_by_line(text: &str, versions: VersionSet) -> Vec<usize> {
    let sources = Sources::single("haproxy.cfg", text);
    let refused = faults(text, versions).into_iter().filter(|(_, fault)| fault.verdict == Some(Verdict::Reject));
    refused.map(|(_, fault)| sources.files()[0].line_of(fault.location.span.start) + 1).collect()
}
