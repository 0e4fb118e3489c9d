//! What is told where the cursor rests.

use crate::analysis::{Part, hover};

use super::{ask, v2_8};

/// What is told of the cursor, in lines.
fn told(marked: &str) -> String {
    ask(marked, v2_8(), |view, cursor| {
        let Some(told) = hover(view, cursor, Some("lb1")) else { return String::new() };
        let file = &view.snapshot.sources.files()[0];
        let part = |part: &Part| match part {
            Part::Description(description) => description.markdown(),
            Part::Code(text) | Part::Text(text) => text.clone(),
            Part::Lines { heading, lines, .. } => {
                format!("{heading}: {}", lines.iter().map(|line| file.text(line.span)).collect::<Vec<_>>().join("; "))
            }
        };
        told.parts.iter().map(part).collect::<Vec<_>>().join("\n")
    })
}

#[test]
fn what_is_told_is_what_the_configuration_makes_of_it() {
    assert!(told("frontend w\n  http-request de|ny\n").contains("http-request deny "));
    assert!(told("backend b\n  server s 10.0.0.1:80 che|ck\n").contains("check"));
    let acl = "frontend w\n  acl in src ::1\n  acl in src ::2\n  http-request deny if i|n\n";
    assert!(told(acl).contains("one of which must match: acl in src ::1; acl in src ::2"));
    assert!(told("defaults\n  mode http\nfrontend w|\n  bind :80\n").contains("inherited settings in force: mode http"));
    let server =
        "defaults\n  default-server inter 1s\nbackend b\n  default-server rise 1\n  server s| 10.0.0.1:80\n  default-server fall 9\n";
    assert!(told(server).contains("with what these lines say: default-server inter 1s; default-server rise 1\n"), "{}", told(server));
    let peers = "peers p\n  peer lb1 10.0.0.1:1024\n  peer lb2| 10.0.0.2:1024\n";
    assert!(told(peers).contains("another node, which others reach at `10.0.0.2:1024`"));
    assert!(told("frontend w\n  http-request set-header a %[src,lo|wer]\n").contains("lower"));
    assert!(told("frontend w\n  log-format %c|i\n").contains("a log-format alias"));
    assert!(told("frontend w\n  acl a path_b|eg /x\n").contains("`path_beg` is short for `path -m beg`"));
    assert_eq!(told("frontend w\n  bind :80 # com|ment\n"), "");
}

/// The form that is told of, with what is marked of it.
fn form(marked: &str) -> String {
    let told = told(marked);
    let mut lines = told.lines().skip_while(|line| !line.starts_with("```")).skip(1);
    let form = lines.next().unwrap_or_default();
    let carets = lines.next().filter(|line| line.trim_start().starts_with('^')).unwrap_or_default();
    let start = carets.find('^').unwrap_or(0);
    format!("{form} | {}", form.get(start..carets.len()).unwrap_or_default())
}

#[test]
fn every_option_of_a_line_is_known_and_so_are_its_values() {
    let bind = "frontend w\n  bind :443 ssl crt a.pem alpn h2 ssl-min-ver TLSv1.2 maxconn 10\n";
    for (word, wanted) in [
        ("ssl ", "bind ... ssl | "),
        ("crt", "bind ... crt <crt> | "),
        ("a.pem", "bind ... crt <crt> | <crt>"),
        ("alpn", "bind ... alpn <alpn> | "),
        ("h2", "bind ... alpn <alpn> | <alpn>"),
        ("TLSv1.2", "bind ... ssl-min-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 } | TLSv1.2"),
        ("10\n", "bind ... maxconn <number> | <number>"),
        (":443", "bind <address> <option>* | <address>"),
    ] {
        assert_eq!(form(&bind.replacen(word, &format!("|{word}"), 1)), wanted, "{word}");
    }
    let table = "backend b\n  stick-table type ip size 1m expire 30s store http_req_rate(10s),gpc0\n";
    for (word, wanted) in [
        ("size", "stick-table size <size> | "),
        ("1m", "stick-table size <size> | <size>"),
        ("30s", "stick-table expire <time> | <time>"),
        ("http_req", "stick-table ... http_req_rate(<period>) | "),
        ("10s", "stick-table ... http_req_rate(<period>) | <period>"),
        ("gpc0", "stick-table ... gpc0 | "),
    ] {
        assert_eq!(form(&table.replacen(word, &format!("|{word}"), 1)), wanted, "{word}");
    }
    assert_eq!(form("backend b\n  default-server inter 5s fall |3\n"), "default-server ... fall <number> | <number>");
    assert_eq!(form("defaults\n  timeout client 3|0s\n"), "timeout client <time> | <time>");
    let log = "global\n  log 127.0.0.1 local0 notice |err\n";
    assert!(form(log).starts_with("log ... err"), "{}", form(log));
}

#[test]
fn words_of_expressions_and_conditions_are_known() {
    let rule = "frontend w\n  http-request set-header a %{+Q}[src,ipmask(24,64)] unless !x { path,lower -m beg -i /a } or TRUE\n";
    for (word, wanted) in [
        ("+Q", "`+Q`: values stand in double quotes"),
        ("24", "number 1 of `ipmask`: an IPv4 mask"),
        ("64", "number 2 of `ipmask`: an IPv6 mask"),
        ("unless", "`unless`: what stands before it happens where"),
        ("!x", "`!`: the term behind it must not hold"),
        ("{ path", "`{`: begins an ACL without a name"),
        ("lower", "a converter"),
        ("-m", "The method by which"),
        ("beg", "true where it begins with one of the patterns"),
        ("-i", "Capital and small letters"),
        ("/a", "a pattern that `path,lower` is compared with, by `-m beg`"),
        ("or ", "`or`: what stands before it holds"),
        ("TRUE", "predefined, no line declares it: always"),
    ] {
        let told = told(&rule.replacen(word, &format!("|{word}"), 1));
        assert!(told.contains(wanted), "{word}: {told}");
    }
    assert_eq!(form("frontend w\n  http-request deny if { src,ipmask(24,|64) 1 }\n"), "ipmask(mask4[,mask6]) | mask6");
    let acl = "frontend w\n  acl a req.len -u 7 gt 10 -f\n";
    assert!(told(&acl.replace("gt", "g|t")).contains("above this one"));
    assert!(told(&acl.replace("req", "|req")).contains("a sample fetch"));
    for (line, wanted) in
        [("n|o option httplog", "turns the option or keyword behind it off"), ("defa|ult option httpclose", "its default value")]
    {
        assert!(told(&format!("backend b\n  {line}\n")).contains(wanted), "{line}");
    }
    assert!(told("defaults d\nbackend b fr|om d\n").contains("is the one that this section begins with"));
    // What a set-var sets is no variable because `set-var` stands before it.
    assert!(told("frontend w\n  http-request set-var(txn.a) req.h|dr(b)\n").contains("a sample fetch"));
}
