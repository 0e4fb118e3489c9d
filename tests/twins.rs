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
            "use_backend %[path,map(/etc/hosts)] if { path_beg /kitchen }\nuse_backend two if { path_beg /kitchen-api }",
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
