//! One line of a data file is enough: a keyword that no HAProxy knows (`tests/made-up.sig`) is understood in all it names.
//!
//! The library has to be built with it: `HAPROXY_LINT_EXTRA_SIG=tests/made-up.sig cargo test --test made_up --target-dir target/made-up`.

use std::sync::Arc;

use haproxy_lint::{
    check::{Options, check},
    source::Sources,
    surroundings::Listed,
};

/// Whether the library was built with the keyword; says so if not.
fn is_built_with_it() -> bool {
    let built = !haproxy_lint::catalog::keywords("made-up").is_empty();
    if !built {
        println!("skipped: the library was built without tests/made-up.sig; set HAPROXY_LINT_EXTRA_SIG to it");
    }
    built
}

/// What is said of a line in a frontend: the rule and the text it is about.
fn said(line: &str) -> Vec<String> {
    let text = format!(
        "defaults\n mode http\n timeout client 1s\n timeout connect 1s\n timeout server 1s\nresolvers dns\n nameserver a 10.0.0.1:53\n\
         backend app\n server a 10.0.0.2:80\nfrontend web\n bind :80\n acl inside src 10.0.0.0/8\n default_backend app\n {line}\n"
    );
    let options = Options { surroundings: Some(Arc::new(Listed::default())), ..Options::default() };
    let report = check(&Sources::single("haproxy.cfg", text.as_str()), &options);
    let place = |f: &haproxy_lint::finding::Finding| f.location.map_or("", |at| &text[at.span.start as usize..at.span.end as usize]);
    let of_line = report.findings.iter().filter(|f| f.location.is_some_and(|at| at.span.start as usize > text.len() - line.len() - 2));
    of_line.map(|f| format!("{}: {}", f.rule.name, place(f))).collect()
}

#[test]
fn a_keyword_is_understood_from_its_line_alone() {
    if !is_built_with_it() {
        return;
    }
    assert_eq!(said("made-up app dns /etc/x src slow if inside"), ["reference/missing-file: /etc/x"]);
    assert_eq!(
        said("made-up nope dns /etc/x src if inside"),
        ["reference/unknown-backend: nope", "reference/missing-file: /etc/x"],
        "a name"
    );
    assert_eq!(said("made-up app nope /etc/x src"), ["reference/unknown-resolvers: nope", "reference/missing-file: /etc/x"]);
    assert_eq!(
        said("made-up app dns /etc/x nbsrv(nope) if other"),
        ["reference/missing-file: /etc/x", "reference/unknown-backend: nope", "reference/unknown-acl: other"],
        "names in its expression and its condition"
    );
    assert_eq!(said("made-up app dns /etc/x scr"), ["reference/missing-file: /etc/x", "keyword/unknown-fetch: scr"]);
    assert_eq!(
        said("made-up nope dns /etc/x src sloow if other"),
        [
            "reference/unknown-backend: nope",
            "reference/missing-file: /etc/x",
            "keyword/unexpected-argument: sloow",
            "reference/unknown-acl: other"
        ],
        "a slip hides nothing of what stands before and behind it"
    );
    assert_eq!(said("made-up app dns"), ["keyword/missing-argument: dns"]);
}
