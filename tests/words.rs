//! What is said of keywords: every one has a sentence, every example is right, and what a version is said to take it takes.

use haproxy_lint::{
    analysis::{Cursor, Description, Snapshot, beginning, describe, describe_at, describe_expression, names},
    catalog::{TABLES, Words, all_words, routes, table, words},
    check::{Options, check},
    expression::{acl_names, aliases, converter_names, fetch_names},
    finding::{Finding, Severity},
    source::{FileId, Sources},
    syntax::{ReadOptions, SECTIONS, SectionKind},
    version::{Version, VersionSet},
};

/// The versions that answers are made for.
const TARGETS: [(u8, u8); 5] = [(2, 6), (2, 8), (3, 0), (3, 2), (3, 4)];

/// The newest patch level of a branch.
fn newest_of((major, minor): (u8, u8)) -> Version {
    format!("{major}.{minor}").parse().unwrap()
}

#[test]
fn every_keyword_has_a_sentence() {
    if !haproxy_lint::catalog::keywords("made-up").is_empty() {
        println!("skipped: the library was built with tests/made-up.sig");
        return;
    }
    let keywords = TABLES.iter().flat_map(|table| table.entries.iter().map(|entry| (table.name, entry.key)));
    let sections = SECTIONS.iter().map(|section| ("section", section.keyword));
    let samples = fetch_names().map(|name| ("fetch", name)).chain(converter_names().map(|name| ("converter", name)));
    let without: Vec<_> = keywords.chain(sections).chain(samples).filter(|(table, word)| words(table, word, "").is_none()).collect();
    assert!(without.is_empty(), "a line of src/catalog/data/words is missing for {without:?}");
}

#[test]
fn criteria_and_aliases_say_what_they_do() {
    let criteria = acl_names().map(|name| (name, "True where"));
    let aliases = aliases().iter().map(|alias| (alias.name, ""));
    for (name, says) in criteria.chain(aliases) {
        let told = describe_expression(name, VersionSet::ALL);
        let right = |d: &Description| d.text.ends_with('.') && d.text.contains(says) && !d.manual.is_empty() && !d.forms.is_empty();
        assert!(told.iter().any(right), "{name}: {told:?}");
    }
    let told = &describe_expression("hdr_beg", VersionSet::ALL)[0];
    assert_eq!(told.forms[0].text, "hdr_beg([str,int])");
    assert!(told.text.ends_with("True where it begins with one of the patterns."), "{}", told.text);
}

#[test]
fn sentences_are_sentences() {
    for said in all_words().iter().filter(|said| said.table != "type") {
        let place = format!("{} {} {}: {}", said.table, said.word, said.argument, said.text);
        assert!(said.text.ends_with('.') && said.text.len() < 400, "{place}");
        assert!(said.text.starts_with(|c: char| c.is_uppercase() || c == '`' || c.is_ascii_digit()), "{place}");
        assert_eq!(said.text.matches('`').count() % 2, 0, "{place}");
        assert!(!said.short().is_empty() && said.short().len() < 180, "{place}");
    }
    let with_example = |said: &&Words| matches!(said.table, "fetch" | "converter") && !said.examples.is_empty();
    assert!(all_words().iter().filter(with_example).count() >= 150);
}

/// The section that an example stands in.
fn section(said: &Words, line: &str) -> Option<SectionKind> {
    let first = line.split(' ').next().unwrap_or_default();
    if matches!(said.table, "fetch" | "converter" | "section") {
        return Some(SectionKind::Frontend);
    }
    let ways = routes(table(said.table).unwrap());
    let way = ways.iter().find(|way| way.words.first().is_none_or(|word| word == first))?;
    let takes = |kind: &&SectionKind| match kind {
        SectionKind::Defaults => false,
        // A bit each for defaults, frontend, listen and backend.
        SectionKind::Frontend => table("proxy").unwrap().find(first).iter().any(|entry| entry.sections.taken & 0b10 != 0),
        _ => true,
    };
    way.sections.iter().find(takes).copied()
}

/// The configuration around an example; what it names is there.
fn around(kind: SectionKind, line: &str) -> String {
    let common = "defaults\n mode http\n timeout client 1s\n timeout connect 1s\n timeout server 1s\n timeout http-request 1s\n\
        userlist staff\n group admins users admin\n user admin insecure-password x\nresolvers dns\n nameserver a 10.0.0.1:53\n";
    let tables = "backend limits\n stick-table type ipv6 size 1k expire 1m store gpc0,http_req_rate(1m),http_req_cnt,http_err_cnt,http_err_rate(1m),\
        conn_cnt,conn_cur,conn_rate(1m),sess_cnt,sess_rate(1m),bytes_in_rate(1m),bytes_out_rate(1m),bytes_in_cnt,bytes_out_cnt\n\
        backend pages\n stick-table type binary len 20 size 1k expire 1m store http_req_rate(1m)\n\
        backend clients\n stick-table type ip size 1k expire 1m\n";
    let pools = "backend app\n server a 10.0.0.1:80\nbackend api\n server a 10.0.0.1:80\nbackend beta\n server a 10.0.0.1:80\n\
        backend grpc\n server a 10.0.0.1:80\nbackend mail\n server a 10.0.0.1:80\nbackend overflow\n server a 10.0.0.1:80\n\
        backend sorry\n server a 10.0.0.1:80\n";
    let track = if line.contains("sc0_") || line.contains("sc_") || line.contains("sc-") {
        " http-request track-sc0 src table limits\n"
    } else {
        ""
    };
    let own = match kind {
        SectionKind::Global => format!("global\n {line}\n"),
        SectionKind::Frontend => format!(
            "frontend web\n bind :80\n declare capture request len 20\n acl is_local src 10.0.0.0/8\n default_backend app\n{track} {line}\n"
        ),
        SectionKind::Backend | SectionKind::Listen => format!("backend own\n server z 10.0.0.9:80\n {line}\n"),
        kind => format!("{} own\n {line}\n", kind.keyword()),
    };
    // A table has either general counters by their numbers, or the old one.
    let tables = if line.contains("gpc(") { tables.replace("gpc0", "gpc(1)") } else { tables.to_owned() };
    if kind == SectionKind::Global { own + common } else { format!("{common}{tables}{pools}{own}") }
}

/// Errors about the words of a line, not about what it names.
fn errors(text: &str, target: Version) -> Vec<Finding> {
    let options = Options { target: Some(target), ..Options::default() };
    let mut found = check(&Sources::single("haproxy.cfg", text), &options).findings;
    found.retain(|finding| finding.severity == Severity::Error && !finding.rule.name.starts_with("peers/"));
    found
}

/// The newest supported version that has it.
fn newest(said: &Words) -> Version {
    let set = match said.table {
        "fetch" | "converter" | "section" => describe_expression(said.word, VersionSet::ALL).first().map(|d| d.forms[0].versions),
        name => table(name).unwrap().find(said.word).last().map(|entry| entry.taken_by()),
    };
    (set.unwrap_or(VersionSet::ALL) & VersionSet::supported()).iter().last().unwrap()
}

#[test]
fn examples_are_right() {
    let mut wrong = Vec::new();
    for said in all_words() {
        for line in said.examples {
            // The examples of `http-request` belong to `http-response`, too, and are shown there no more.
            let Some(section) = section(said, line) else { continue };
            let text = around(section, line);
            let found = errors(&text, newest(said));
            let told: Vec<String> = found.iter().map(|finding| format!("{}: {}", finding.rule.name, finding.message)).collect();
            wrong.extend((!told.is_empty()).then(|| format!("{} {}: `{line}`: {told:?}", said.table, said.word)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines in which a word of a keyword's list may stand: the keyword, its section, and what is around the word.
const LINES: [(&str, SectionKind, &str, &str); 12] = [
    ("server", SectionKind::Backend, "server a 127.0.0.1:80 ", ""),
    ("bind", SectionKind::Frontend, "bind :81 ", ""),
    ("option", SectionKind::Backend, "option ", ""),
    ("timeout", SectionKind::Backend, "timeout ", " 1s"),
    ("mode", SectionKind::Backend, "mode ", ""),
    ("balance", SectionKind::Backend, "balance ", ""),
    ("hash-type", SectionKind::Backend, "hash-type ", ""),
    ("compression", SectionKind::Backend, "compression ", ""),
    ("http-request", SectionKind::Frontend, "http-request ", ""),
    ("http-response", SectionKind::Backend, "http-response ", ""),
    ("tcp-request content", SectionKind::Frontend, "tcp-request content ", ""),
    ("stats", SectionKind::Backend, "stats ", ""),
];

/// Whether a word of a line is not known to this version.
fn is_unknown(kind: SectionKind, before: &str, word: &str, behind: &str, target: Version) -> bool {
    let text = format!("{} own\n {before}{word}{behind}\n", kind.keyword());
    let at = text.find(before).unwrap() + before.len();
    let here = |finding: &Finding| finding.location.is_some_and(|place| place.span.start as usize == at);
    let unknown = |name: &str| name.starts_with("keyword/unknown") || matches!(name, "version/too-new-keyword" | "version/removed-keyword");
    errors(&text, target).iter().any(|finding| here(finding) && unknown(finding.rule.name))
}

/// The words that a description says are only known to other versions.
fn of_others(description: &Description) -> Vec<String> {
    let rows = description.rows.iter().filter(|(name, _)| matches!(*name, "later" | "earlier"));
    let parts = rows.flat_map(|(_, text)| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    parts.map(|part| part.split(' ').next().unwrap_or_default().to_owned()).filter(|word| !word.contains(['(', '<'])).collect()
}

#[test]
fn what_a_version_is_said_to_take_it_takes() {
    let (mut taken, mut refused) = (0, 0);
    for target in TARGETS.map(newest_of) {
        for (keyword, kind, before, behind) in LINES {
            let description = &describe(keyword, Some(kind), VersionSet::only(target))[0];
            let list = description.lists.iter().find(|list| keyword != "compression" || list.noun == "argument").unwrap();
            for member in list.members.iter().filter(|member| !member.name.contains(['(', ' ']) && member.name != "lua.") {
                assert!(!is_unknown(kind, before, &member.name, behind, target), "{target}: {before}{}", member.name);
                taken += 1;
            }
            for word in of_others(description) {
                assert!(is_unknown(kind, before, &word, behind, target), "{target}: {before}{word}");
                refused += 1;
            }
        }
    }
    assert!(taken > 1500 && refused > 200, "{taken} {refused}");
}

#[test]
fn every_part_of_a_name_leads_somewhere() {
    for (part, wanted) in [
        ("http-request den", "http-request deny"),
        ("balance leastc", "balance leastconn"),
        ("tcp-request content acc", "tcp-request content accept"),
        ("tune.ssl.cache", "tune.ssl.cachesize"),
        ("check-via", "server check-via-socks4"),
        ("ssl_fc_sn", "ssl_fc_sni"),
    ] {
        let found = beginning(part, VersionSet::ALL);
        assert_eq!(found.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), [wanted], "{part}");
    }
    assert!(beginning("tune", VersionSet::ALL).len() > 150);
    assert!(beginning("the moon", VersionSet::ALL).is_empty());
}

#[test]
fn every_description_leads_to_the_manual() {
    for target in [(2, 6), (3, 4)].map(newest_of) {
        let versions = VersionSet::only(target);
        let manual = format!("https://docs.haproxy.org/{}.{}/configuration.html#", target.major, target.minor);
        let mut count = 0;
        for name in names(versions) {
            for description in describe(&name.name, None, versions).iter().chain(&describe_expression(&name.name, versions)) {
                let taken = description.rows.iter().any(|(row, text)| *row == "target" && text.ends_with("takes it"));
                let is_alias = description.text.is_empty();
                assert!(is_alias || !taken || description.manual.starts_with(&manual), "{target}: {description:#?}");
                assert!(!description.forms.is_empty() && description.forms.iter().all(|form| !form.text.is_empty()), "{description:#?}");
                count += 1;
            }
        }
        assert!(count > 2000, "{target}: {count}");
    }
}

/// What is said where the `|` is.
fn hovered(text: &str) -> Option<Description> {
    let offset = text.find('|').unwrap() as u32;
    let snapshot = Snapshot::new(Sources::single("haproxy.cfg", text.replacen('|', "", 1)), ReadOptions::default());
    snapshot.with(|view| describe_at(view, Cursor { file: FileId(0), offset }))
}

#[test]
fn an_editor_asks_for_the_word_at_the_cursor() {
    for (text, path) in [
        ("backend b\n    bal|ance leastconn\n", "balance"),
        ("backend b\n    balance least|conn\n", "balance leastconn"),
        ("backend b\n    server a 10.0.0.1:80 che|ck\n", "server check"),
        ("frontend f\n    http-request de|ny if TRUE\n", "http-request deny"),
        ("frontend f\n    tcp-request content acc|ept\n", "tcp-request content accept"),
        ("frontend f\n    no option http|log\n", "option httplog"),
        ("global\n    max|conn 10\n", "maxconn"),
        ("frontend f\n    bind :443 ssl crt a.pem al|pn h2\n", "bind alpn"),
        ("backend b\n    server a 10.0.0.1:80 check inter 2s fa|ll 3\n", "server fall"),
        ("backend b\n    stick-table type ip size 1m exp|ire 30s\n", "stick-table expire"),
    ] {
        assert_eq!(hovered(text).map(|description| description.path).as_deref(), Some(path), "{text}");
    }
    let name = hovered("backend b\n    server a| 10.0.0.1:80\n").unwrap();
    assert_eq!(name.marked.clone().map(|marked| &name.forms[0].text[marked]), Some("<name>"));
    assert_eq!(hovered("|\n"), None);
}

#[test]
fn what_is_wrong_reads_as_a_sentence() {
    let told = |line: &str| {
        let global = ["nbthread", "tune", "spread-checks", "ssl-default"].iter().any(|word| line.starts_with(word));
        let section = if global { "global" } else { "backend b" };
        let sources = haproxy_lint::source::Sources::single("haproxy.cfg", format!("{section}\n    {line}\n"));
        let report = haproxy_lint::check::check(&sources, &haproxy_lint::check::Options::default());
        let found = report.findings.into_iter().find(|finding| matches!(finding.rule.group(), "keyword"));
        found.map(|finding| format!("{}; {}", finding.message, finding.help.unwrap_or_default())).unwrap_or_default()
    };
    for (line, sentence) in [
        ("server a 10.0.0.1:80 rise 0", "`0` is too small: `server rise` must be at least 1; "),
        ("server a 10.0.0.1:80 weight 300", "`300` is too large: the weight must be at most 256; "),
        ("nbthread 0", "`0` is too small: the number of threads must be at least 1; "),
        ("spread-checks 60", "`60` is too large: the percentage must be at most 50; "),
        ("tcp-check send", "`tcp-check send` needs data; "),
        ("stats admin", "`stats admin` needs a condition; "),
        (
            "tcp-check expect +PONG",
            "`tcp-check expect` does not know `+PONG`; write `custom`, `binary`, `binary-lf`, `rbinary`, `rstring`, `string` or `string-lf`",
        ),
        // Which number was meant cannot be told from another one.
        (
            "ssl-default-bind-options ssl-min-ver TLSv1.4",
            "`ssl-default-bind-options` does not know `TLSv1.4`; write `SSLv3`, `TLSv1.0`, `TLSv1.1`, `TLSv1.2` or `TLSv1.3`",
        ),
    ] {
        assert_eq!(told(line), sentence);
    }
}
