//! Mistakes that look alike, and the harmless twin of each: what takes in what, what a rewrite takes away, what loops.

use haproxy_lint::{
    check::{Options, check},
    source::Sources,
};

/// Whether `rule` has something to say of a frontend with these lines.
fn speaks(rule: &str, lines: &str) -> bool {
    let backend = |name: &str| format!("backend {name}\n  mode http\n  timeout server 1s\n  timeout connect 1s\n  server s 192.0.2.1:80\n");
    let frontend = format!("frontend web\n  mode http\n  bind :80\n  timeout client 1s\n{lines}\n  default_backend one\n");
    let sources = Sources::single("haproxy.cfg", frontend + &backend("one") + &backend("two"));
    check(&sources, &Options::default()).findings.iter().any(|f| f.rule.name == rule)
}

fn hold(rule: &str, wrong: &[&str], right: &[&str]) {
    for (lines, expected) in wrong.iter().map(|l| (l, true)).chain(right.iter().map(|l| (l, false))) {
        assert_eq!(speaks(rule, lines), expected, "{rule}:\n{lines}");
    }
}

#[test]
fn patterns_that_take_each_other_in() {
    hold(
        "dead/shadowed-rule",
        &[
            "use_backend one if { path_beg /kitchen }\nuse_backend two if { path_beg /kitchen-api }",
            "use_backend one if { path_beg / }\nuse_backend two if { hdr(host) a }",
            "use_backend %[path,map(/etc/hosts)] if { path_beg /kitchen }\nuse_backend two if { path_beg /kitchen-api }",
            "use_backend one if { hdr_end(host) -i .example.com }\nuse_backend two if { hdr(host) a.example.com } METH_GET",
            "use_backend one if { src 10.0.0.0/8 }\nuse_backend two if { src 10.1.0.0/16 }",
            "use_backend one if { hdr(host) a b c }\nuse_backend two if { hdr(host) b }",
            "use_backend one if !{ path_beg /api }\nuse_backend two if { path_beg /web }",
            "acl w path_beg /a\nacl w path_beg /b\nacl n path /b/x\nacl n path_beg /ab\nuse_backend one if w\nuse_backend two if n",
            "http-request deny if { path_beg /a }\nhttp-request set-header X-A b\nhttp-request return status 200 if { path_beg /ab }",
            "use_backend one if { path_reg ^/api }\nuse_backend two if { path_beg /api/v2 }",
        ],
        &[
            "use_backend one if { path_beg /kitchen }\nuse_backend two if { path_beg -i /kitchen-api }",
            "use_backend one if { path_dir kitchen }\nuse_backend two if { path_beg /kitchen }",
            "acl n path_beg /api\nacl n path_beg /rest\nuse_backend one if { path_beg /api }\nuse_backend two if n",
            "acl k path_beg /kitchen\nuse_backend one if !k METH_POST\nuse_backend two if { path_beg /bath }",
            "acl h hdr(host) -f /etc/hosts\nuse_backend one if h\nuse_backend two if { hdr(host) a }",
            "use_backend one if { path -m end /kitchen }\nuse_backend two if { path_beg /kitchen-api }",
            "use_backend %[path,map(/etc/hosts)] if { path_beg /kitchen }\nuse_backend two if { path_beg /garden }",
            "use_backend one if { src 10.0.0.0/8 }\nuse_backend two if { src 2001:db8::/32 }",
            "use_backend one if { rand(100) lt 50 }\nuse_backend two if { rand(100) lt 50 }",
            "http-request deny if { path_beg /a }\nhttp-request set-path /x\nhttp-request return status 200 if { path_beg /ab }",
        ],
    );
}

#[test]
fn conditions_behind_a_rewrite() {
    hold(
        "order/condition-after-rewrite",
        &[
            "acl a path_beg /api/\nhttp-request replace-path ^/api/(.*) /\\1 if a\nuse_backend two if a",
            "acl a path_beg /api/\nhttp-request set-path %[path,regsub(^/api/,/)] if a\nhttp-request deny if !a\nuse_backend two if METH_GET",
            "http-request set-header Host b if { hdr(host) www.example.com }\nuse_backend two if { hdr(host) www.example.com }",
            "acl d hdr(X-Debug) -m found\nhttp-request del-header X-Debug if d\nuse_backend two if d",
        ],
        &[
            "acl a path_beg /api/\nuse_backend two if a",
            "acl a path_beg /api\nhttp-request set-path /api/v2%[path] if a\nuse_backend two if a",
            "acl a path_beg /api\nhttp-request replace-path ^/api/old/(.*) /new/\\1 if a\nuse_backend two if a",
            "acl j path_end .js\nhttp-request set-path /static%[path] if j\nuse_backend two if j",
            "http-request set-header X-Forwarded-Proto https if { ssl_fc }\nuse_backend two if { hdr(X-Forwarded-Proto) https }",
            "http-request del-header X-A\nhttp-request set-header X-A 1 if METH_GET\nuse_backend two if { hdr(X-A) -m found }",
        ],
    );
}

#[test]
fn redirects_that_loop() {
    hold(
        "reliability/https-redirect-loop",
        &[
            "http-request redirect scheme https if !{ ssl_fc }",
            "acl tls ssl_fc\nredirect scheme https code 301 if !tls !{ path_beg /.well-known/ }",
            "http-request redirect location https://%[hdr(host)]%[path] unless { ssl_fc }",
        ],
        &[
            "http-request redirect scheme https",
            "http-request redirect scheme https if !{ ssl_fc } !{ hdr(X-Forwarded-Proto) https }",
            "http-request redirect scheme https if !{ ssl_fc } !{ dst_port 443 }",
            "bind :443 ssl crt /etc/haproxy/site.pem\nhttp-request redirect scheme https if !{ ssl_fc }",
        ],
    );
}

/// Whether `rule` has something to say of a whole configuration, where it is selected.
fn tells(rule: &str, text: &str) -> bool {
    let mut options = Options::default();
    options.selection.select(rule).unwrap();
    !check(&Sources::single("haproxy.cfg", text), &options).findings.is_empty()
}

#[test]
fn both_ends_of_a_connection_speak_the_proxy_protocol() {
    let text = |server: &str, bind: &str, address: &str| {
        format!(
            "frontend tls\n  mode tcp\n  bind :443\n  default_backend inner\nbackend inner\n  mode tcp\n  server s {address} {server}\nfrontend web\n  mode http\n{bind}"
        )
    };
    let own = |bind: &str| format!("  bind 127.0.0.1:8443 {bind}\n");
    let cases = [
        ("", own("accept-proxy"), "127.0.0.1:8443", true),
        ("send-proxy", own(""), "127.0.0.1:8443", true),
        ("send-proxy-v2 check", own("ssl crt /x"), "localhost:8443", false),
        ("send-proxy-v2 check", "  bind *:8443\n".to_owned(), "127.0.0.1:8443", true),
        ("send-proxy-v2", "  bind abns@x ssl crt /x\n".to_owned(), "abns@x", true),
        ("", "  bind /run/x.sock accept-proxy\n".to_owned(), "unix@/run/x.sock", true),
        ("send-proxy", own("accept-proxy"), "127.0.0.1:8443", false),
        ("", own(""), "127.0.0.1:8443", false),
        ("send-proxy", own(""), "127.0.0.1:8444", false),
        ("send-proxy", own(""), "192.0.2.1:8443", false),
        ("send-proxy", "  bind *:8443\n".to_owned(), "192.0.2.1:8443", false),
        ("send-proxy", own("") + "  tcp-request connection expect-proxy layer4 if { src 127.0.0.1 }\n", "127.0.0.1:8443", false),
        ("send-proxy", own("\"${HOW}\""), "127.0.0.1:8443", false),
        ("send-proxy", own("") + &own("accept-proxy"), "127.0.0.1:8443", false),
    ];
    for (server, bind, address, expected) in cases {
        let text = text(server, &bind, address);
        assert_eq!(tells("reliability/proxy-protocol-mismatch", &text), expected, "{text}");
    }
    let inherited = text("", &own(""), "127.0.0.1:8443").replace("  server", "  default-server send-proxy\n  server");
    assert!(tells("reliability/proxy-protocol-mismatch", &inherited));
}

#[test]
fn cookies_that_are_never_set() {
    let backend =
        |cookie: &str, one: &str, two: &str| format!("backend b\n  mode http\n  cookie {cookie}\n  server a 192.0.2.1:80 {one}\n{two}");
    let two = "  server b 192.0.2.2:80\n";
    for cookie in ["SRV insert indirect nocache", "SRV prefix", "SRV rewrite"] {
        assert!(tells("dead/cookie-without-value", &backend(cookie, "", two)), "{cookie}");
    }
    let silent = [
        backend("SRV insert", "cookie a", two),
        backend("SRV insert dynamic", "", two),
        backend("SRV insert", "", ""),
        backend("SRV insert", "", two).replace("mode http", "mode tcp"),
        backend("SRV insert", "", two).replace("  server a", "  default-server cookie x\n  server a"),
        backend("SRV insert", "\"${X}\"", two),
    ];
    for text in silent {
        assert!(!tells("dead/cookie-without-value", &text), "{text}");
    }
}

#[test]
fn names_of_tls_and_of_requests() {
    let tcp = |bind: &str, rule: &str| {
        format!("frontend f\n  mode tcp\n  bind :443 {bind}\n{rule}\n  default_backend b\nbackend b\n  mode tcp\n")
    };
    let hello = "tls/client-hello-already-read";
    assert!(tells(hello, &tcp("ssl crt /x", "  use_backend b if { req.ssl_sni -i a }")));
    assert!(tells(hello, &tcp("ssl crt /x", "  acl a req_ssl_sni -m end .a\n  use_backend b if a")));
    assert!(!tells(hello, &tcp("", "  use_backend b if { req.ssl_sni -i a }")));
    assert!(!tells(hello, &tcp("ssl crt /x\n  bind :444", "  use_backend b if { req.ssl_sni -i a }")));
    assert!(!tells(hello, &tcp("ssl crt /x", "  use_backend b if { ssl_fc_sni -i a }")));
    let route = "reliability/route-by-tls-name";
    let http = |rule: &str| tcp("ssl crt /x", rule).replace("mode tcp", "mode http");
    assert!(tells(route, &http("  use_backend b if { ssl_fc_sni -i a }")));
    assert!(tells(route, &http("  acl a ssl_fc_sni_end .a\n  use_backend b if a")));
    assert!(!tells(route, &http("  use_backend b if { req.hdr(host) -i a }")));
    assert!(!tells(route, &tcp("ssl crt /x", "  use_backend b if { ssl_fc_sni -i a }")));
    assert!(!tells(
        route,
        &http("  http-request deny deny_status 421 if !{ ssl_fc_sni,strcmp(txn.host) eq 0 }\n  use_backend b if { ssl_fc_sni -i a }")
    ));
}

#[test]
fn patterns_with_commas_stars_and_words() {
    hold(
        "dead/pattern-never-matches",
        &[
            "acl h hdr(host) -i a.example.com,b.example.com\nuse_backend two if h",
            "use_backend two if { req.hdr(host) -m end .a,.b }",
            "use_backend two if { hdr(host) -i *.example.com }",
            "use_backend two if { path_beg /api, /v2 }",
        ],
        &[
            "use_backend two if { hdr(host) -i a.example.com b.example.com }",
            "use_backend two if { hdr(accept) -m sub text/html,text/* }",
            "use_backend two if { req.fhdr(host) -m sub , }",
            "use_backend two if { hdr(host) -m reg ^.*[.]example[.]com$ }",
            "use_backend two if { path_beg /a,b }",
        ],
    );
    hold(
        "keyword/dubious-acl",
        &["acl o method OPTIONS AND hdr_sub(host) -i api\nuse_backend two if o", "use_backend two if { path_beg /a || path_beg /b }"],
        &["use_backend two if { path_beg /a } || { path_beg /b }", "use_backend two if { method OPTIONS }"],
    );
}

#[test]
fn doors_that_a_selection_asks_for() {
    let cookie = |how: &str, bind: &str| {
        format!(
            "frontend f\n  mode http\n  bind :443 {bind}\n  default_backend b\nbackend b\n  mode http\n  cookie S {how}\n  server a 192.0.2.1:80 cookie a\n"
        )
    };
    let flags = "security/cookie-flags";
    assert!(tells(flags, &cookie("insert", "")) && tells(flags, &cookie("insert httponly", "ssl crt /x")));
    assert!(!tells(flags, &cookie("insert httponly", "")) && !tells(flags, &cookie("insert httponly secure", "ssl crt /x")));
    assert!(!tells(flags, &cookie("prefix", "")));
    let frontend = |bind: &str, rule: &str| format!("frontend f\n  mode http\n  bind {bind}\n{rule}");
    let proxied = "security/proxy-protocol-from-anybody";
    assert!(tells(proxied, &frontend(":80 accept-proxy", "")));
    assert!(tells(proxied, &frontend(":80", "  tcp-request connection expect-proxy layer4\n")));
    assert!(!tells(proxied, &frontend("127.0.0.1:80 accept-proxy", "")) && !tells(proxied, &frontend("/run/x.sock accept-proxy", "")));
    assert!(!tells(proxied, &frontend(":80", "  tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 }\n")));
    let root = "security/root-without-chroot";
    assert!(
        tells(root, "global\n  user haproxy\n") && tells(root, "global\n  daemon\n") && tells(root, "global\n  user root\n  group root\n")
    );
    assert!(
        !tells(root, "global\n  daemon\n  user haproxy\n  group haproxy\n  chroot /var/empty\n") && !tells(root, "global\n  maxconn 10\n")
    );
}
