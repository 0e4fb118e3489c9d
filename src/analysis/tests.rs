//! Small sentences: a configuration with a `|` where the cursor is, and what is answered.

use crate::cut::Cut;
use crate::{
    catalog::{NameKind, Role},
    fix::apply,
    source::{FileId, Location, Sources, Span},
    syntax::ReadOptions,
    version::VersionSet,
};

use super::{
    About, Access, Cursor, ItemKind, Modifiers, OutlineKind, Part, Snapshot, SymbolKind, TokenKind, View, Weight, at, complete,
    declarations, define, documented, folds, hints, hover, lenses, links, outline, renamable, rename, selections, settings, signature,
    tokens,
};

mod told;

/// Asks at the `|` of a configuration.
fn ask<T>(marked: &str, versions: VersionSet, question: impl FnOnce(&View<'_>, Cursor) -> T) -> T {
    let offset = marked.find('|').expect("there is a cursor");
    let text = marked.replacen('|', "", 1);
    let options = ReadOptions { versions, ..ReadOptions::default() };
    let snapshot = Snapshot::new(Sources::single("haproxy.cfg", text), options);
    snapshot.with(|view| question(view, Cursor { file: FileId(0), offset: offset as u32 }))
}

fn v2_8() -> VersionSet {
    VersionSet::branch(2, 8)
}

/// What is offered.
fn offered(marked: &str) -> Vec<String> {
    ask(marked, v2_8(), |view, cursor| complete(view, cursor).into_iter().map(|item| item.text.into_owned()).collect())
}

#[track_caller]
fn offers(marked: &str, wanted: &[&str]) {
    let all = offered(marked);
    for word in wanted {
        assert!(all.iter().any(|text| text == word), "`{word}` is not among {all:?}");
    }
}

#[track_caller]
fn withholds(marked: &str, unwanted: &[&str]) {
    let all = offered(marked);
    for word in unwanted {
        assert!(!all.iter().any(|text| text == word), "`{word}` is among {all:?}");
    }
}

/// What stands where a name does, each with `=` for a declaration, `!` where it is written, `line:` and the text.
fn places(marked: &str) -> Option<(SymbolKind, Vec<String>)> {
    ask(marked, v2_8(), |view, cursor| {
        let symbol = define(view, cursor)?;
        let file = &view.snapshot.sources.files()[0];
        let shown = |at: Location, access: Access| {
            let sign = match access {
                Access::Declares => "=",
                Access::Writes => "!",
                Access::Reads => "",
            };
            format!("{}:{sign}{}", file.line_of(at.span.start) + 1, file.text(at.span))
        };
        Some((symbol.kind, symbol.occurrences.iter().map(|o| shown(o.location, o.access)).collect()))
    })
}

#[track_caller]
fn stands(marked: &str, kind: SymbolKind, wanted: &[&str]) {
    let (found, all) = places(marked).expect("a name stands there");
    assert_eq!((found, all), (kind, wanted.iter().map(|s| (*s).to_owned()).collect()));
}

fn role(marked: &str) -> Option<(Role, &'static str)> {
    ask(marked, v2_8(), |view, cursor| {
        let word = at(view, cursor).word?;
        Some((word.role?, word.place.map_or("", |place| place.label)))
    })
}

/// The signature with the active part in brackets.
fn signed(marked: &str) -> Option<String> {
    ask(marked, v2_8(), |view, cursor| {
        let help = signature(view, cursor)?;
        let Some(active) = help.active else { return Some(help.label) };
        let part = help.parameters[active].clone();
        Some(format!("{}«{}»{}", help.label.cut(..part.start), help.label.cut(part.clone()), help.label.cut(part.end..)))
    })
}

#[test]
fn keywords_are_those_of_the_section_and_the_target() {
    offers("frontend web\n  |", &["bind", "use_backend", "no", "backend", "peers"]);
    withholds("frontend web\n  |", &["server", "balance", "nbthread"]);
    offers("backend app\n  ser|", &["server", "balance"]);
    offers("global\n  nb|", &["nbthread", "maxconn"]);
    offers("backend app\n  option |", &["httpchk", "forwardfor"]);
    offers("backend app\n  no opt|", &["option"]);
    offers("|", &["global", "defaults"]);
    withholds("|", &["bind", "traces"]);
    offers("defaults base\nbackend app from |", &["base"]);
    offers("defaults base\nbackend app |", &["from"]);
}

#[test]
fn a_position_takes_what_its_signature_says() {
    offers("backend app\n  balance |", &["roundrobin", "leastconn"]);
    offers("backend app\n  server a 10.0.0.1:80 ch|", &["check", "inter", "backup"]);
    offers("backend app\n  server a 10.0.0.1:80 check inter 2s |", &["check-ssl", "rise"]);
    offers("frontend web\n  http-request |", &["deny", "set-header", "set-var("]);
    offers("frontend web\n  http-request deny |", &["status", "deny_status", "if", "unless"]);
    withholds("frontend web\n  http-request deny |", &["set-header"]);
    withholds("frontend web\n  maxconn |", &["if", "deny"]);
    offers("defaults\n  mode |", &["http", "tcp"]);
    offers("frontend web\n  bind :443 ssl ver|", &["verify", "crt"]);
    offers("frontend web\n  bind :443 ssl verify |", &["none", "required", "optional"]);
    offers("frontend web\n  http-request track-s|", &["track-sc0", "track-sc1"]);
}

#[test]
fn names_are_those_that_are_declared() {
    offers("backend app\nlisten both\nfrontend web\n  default_backend |", &["app", "both"]);
    withholds("backend app\nfrontend web\n  default_backend |", &["web"]);
    offers("resolvers dns\nbackend app\n  server a x:80 resolvers |", &["dns"]);
    offers("frontend web\n  acl inside src 10.0.0.0/8\n  http-request deny if |", &["inside", "{", "TRUE"]);
    offers("frontend web\n  acl inside src 10.0.0.0/8\n  http-request deny if !in|", &["inside"]);
    withholds("frontend a\n  acl inside src 10.0.0.0/8\nfrontend web\n  http-request deny if |", &["inside"]);
    offers("backend app\n  server a 10.0.0.1:80\n  use-server |", &["a"]);
    offers("frontend web\n  http-request set-var(txn.x) src\n  http-request set-header a %[var(|", &["txn.x"]);
}

#[test]
fn expressions_take_fetches_then_converters() {
    offers("frontend web\n  http-request deny if { sr|", &["src", "path_beg", "req.hdr"]);
    offers("frontend web\n  http-request deny if { src |", &["-f", "}"]);
    offers("frontend web\n  http-request deny if { path -m |", &["beg", "reg"]);
    offers("frontend web\n  acl a pa|", &["path", "path_beg"]);
    offers("frontend web\n  http-request set-header a %[|", &["src"]);
    offers("frontend web\n  http-request set-header a %[src,lo|", &["lower", "map("]);
    withholds("frontend web\n  http-request set-header a %[src,|", &["src"]);
    offers("frontend web\n  http-request set-header a %[req.hdr(a),lower,|", &["upper", "base64"]);
    offers("frontend web\n  http-request set-header a %[rand,|", &["add(", "mod("]);
    withholds("frontend web\n  http-request set-header a %[|", &["res.hdr"]);
    offers("backend app\nfrontend web\n  http-request deny if { nbsrv(|", &["app"]);
    offers("frontend web\n  log-format %c|", &["ci", "cp"]);
}

#[test]
fn nothing_is_offered_in_a_comment() {
    assert!(offered("frontend web\n  bind :80 # b|").is_empty());
}

/// The proposals of a kind, the likeliest first.
fn weighed(marked: &str, of: impl Fn(ItemKind) -> bool) -> Vec<(String, Weight)> {
    ask(marked, v2_8(), |view, cursor| {
        let items = complete(view, cursor).into_iter().filter(|item| of(item.kind));
        let mut items: Vec<_> = items.map(|item| (item.text.into_owned(), item.weight)).collect();
        items.sort_by_key(|(_, weight)| *weight);
        items
    })
}

#[test]
fn what_is_likely_comes_first() {
    let names = |kind| matches!(kind, ItemKind::Name(_));
    let text = "backend count\n  stick-table type ip size 1m\nbackend app\n  server a 10.0.0.1:80\nfrontend w\n  use_backend |\n";
    assert_eq!(weighed(text, names), [("app".to_owned(), Weight::Possible), ("count".to_owned(), Weight::Unlikely)]);
    let text = "frontend w\n  acl a src ::1\n  http-request deny if |\n";
    assert_eq!(weighed(text, names)[0], ("a".to_owned(), Weight::Possible));
    let text = "backend a\n  server x 10.0.0.1:80 rise 2\nbackend b\n  server y 10.0.0.2:80 |\n";
    assert_eq!(weighed(text, |kind| kind == ItemKind::Keyword)[0], ("rise".to_owned(), Weight::Usual));
    let text = "backend a\n  balance first\nbackend b\n  |\n";
    let words = weighed(text, |kind| kind == ItemKind::Keyword);
    assert_eq!(words[0], ("balance".to_owned(), Weight::Usual));
    assert!(words.contains(&("no".to_owned(), Weight::Unlikely)));
}

#[test]
fn what_can_stand_once_is_not_offered_twice() {
    offers("backend b\n  server a 10.0.0.1:80 |", &["check", "inter"]);
    withholds("backend b\n  server a 10.0.0.1:80 check |", &["check"]);
    // With another value it says something else.
    offers("frontend w\n  bind :443 ssl crt a.pem |", &["crt"]);
    withholds("frontend w\n  bind :443 ssl crt a.pem |", &["ssl"]);
    withholds("backend b\n  cookie x insert |", &["insert"]);
    offers("backend b\n  cookie insert |", &["insert"]);
    withholds("frontend w\n  acl a src -i |", &["-i"]);
    offers("frontend w\n  acl a src -f x |", &["-f"]);
    offers("backend b\n  stick-table type ip size 1m store gpc0,|", &["gpc1", "http_req_rate("]);
    withholds("backend b\n  stick-table type ip size 1m store gpc0,|", &["gpc0"]);
    withholds("frontend w\n  http-request |", &["add-acl", "track-sc"]);
    offers("frontend w\n  http-request |", &["add-acl(", "track-sc0"]);
}

#[test]
fn a_proposal_says_more_when_it_is_asked() {
    let about = |marked: &str, word: &str| {
        ask(marked, v2_8(), |view, cursor| {
            let item = complete(view, cursor).into_iter().find(|item| item.text.trim_end_matches('(') == word).expect("it is offered");
            let first = documented(view, cursor, &item.about()).into_iter().next();
            match first {
                Some(Part::Description(description)) => description.forms[0].text.clone(),
                Some(Part::Text(text)) => text,
                Some(Part::Lines { heading, .. }) => heading,
                _ => String::new(),
            }
        })
    };
    assert_eq!(about("frontend w\n  http-request |", "reject"), "http-request reject [ { if | unless } <condition> ]");
    assert_eq!(about("backend b\n  balance |", "leastconn"), "balance leastconn");
    assert_eq!(about("backend b\nfrontend w\n  use_backend |", "b"), "declared here");
    assert_eq!(about("frontend w\n  http-request deny if { src,|", "ipmask"), "ipmask(mask4[,mask6])");
    assert_eq!(about("frontend w\n  http-request deny if |", "TRUE"), "`TRUE`: always");
    assert_eq!(about("frontend w\n  log-format %|", "ci"), "%ci");
    assert_eq!(about("|", "frontend"), "frontend <name>");
    ask("frontend w|", v2_8(), |view, cursor| {
        let odd = |of: &str| About { of: of.to_owned(), table: "nonsense".to_owned(), key: "(".to_owned(), word: "%".to_owned() };
        assert!(["entry", "word", "fetch", "alias", "name", "section", "x"].iter().all(|of| documented(view, cursor, &odd(of)).is_empty()));
    });
}

#[test]
fn an_item_takes_the_place_of_the_whole_name() {
    let replaced = ask("frontend web\n  default_ba|ckend app", v2_8(), |view, cursor| {
        let item = complete(view, cursor).into_iter().find(|item| item.text == "default_backend").expect("it is offered");
        (item.kind, item.detail(), view.snapshot.sources.files()[0].text(item.replaces.span).into_owned())
    });
    assert_eq!(replaced, (ItemKind::Keyword, "default_backend <backend>".to_owned(), "default_backend".to_owned()));
}

#[test]
fn a_name_has_its_declaration_and_its_uses() {
    let text = "backend a|pp\nfrontend web\n  use_backend app if { nbsrv(app) gt 1 }\n  default_backend \"app\"\n";
    stands(text, SymbolKind::Name(NameKind::Backend), &["1:=app", "3:app", "3:app", "4:app"]);
    let text = "frontend web\n  acl in src 10.0.0.0/8\n  acl in src ::1\n  http-request deny unless !i|n\nfrontend b\n  acl in src ::2\n";
    stands(text, SymbolKind::Name(NameKind::Acl), &["2:=in", "3:=in", "4:in"]);
    let text = "listen a|pp\n  server s 10.0.0.1:80\nfrontend w\n  use_backend app if { srv_is_up(app/s) }\n";
    stands(text, SymbolKind::Name(NameKind::Backend), &["1:=app", "4:app", "4:app"]);
    let text = "listen app\n  server s| 10.0.0.1:80\nfrontend w\n  use_backend app if { srv_is_up(app/s) }\n";
    stands(text, SymbolKind::Name(NameKind::Server), &["2:=s", "4:s"]);
}

#[test]
fn members_filters_and_users_have_theirs() {
    let text = "global\n  localpeer a\npeers mesh\n  peer a| 10.0.0.1:1\n  peer b 10.0.0.2:1\n";
    stands(text, SymbolKind::Member(crate::syntax::SectionKind::Peers), &["2:a", "4:=a"]);
    let text = "userlist u\n  group g| users x,y\n  user x password p groups g\n  user y password p\n";
    stands(text, SymbolKind::Group, &["2:=g", "3:g"]);
    let text = "userlist u\n  group g users x,y|\n  user x password p groups g\n  user y password p\n";
    stands(text, SymbolKind::User, &["2:y", "4:=y"]);
    let text = "frontend w\n  filter bwlim-out slow| default-limit 1k default-period 1s\n  http-response set-bandwidth-limit slow\n";
    stands(text, SymbolKind::Filter, &["2:=slow", "3:slow"]);
    let text =
        "peers mesh\n  peer a 10.0.0.1:1\n  table t type ip size 1k\nfrontend w\n  tcp-request connection track-sc0 src table mesh/t|\n";
    stands(text, SymbolKind::Name(NameKind::Table), &["3:=t", "5:t"]);
}

#[test]
fn a_variable_is_where_it_is_set_and_read() {
    let text = "frontend w\n  http-request set-var(txn.x) src # txn.x\n  http-request deny if { var(txn.x|) -m ip 10.0.0.1 }\n  http-request set-header a %[src,concat(a,txn.x)]%[var(txn.xy)]\n";
    stands(text, SymbolKind::Variable, &["2:!txn.x", "3:txn.x", "4:txn.x"]);
    assert_eq!(places("frontend w\n  bind :80 # txn.x|\n"), None);
}

#[test]
fn what_stands_somewhere_is_known() {
    assert_eq!(role("frontend w\n  default_b|ackend app"), Some((Role::Keyword, "")));
    assert_eq!(role("frontend w\n  default_backend a|pp"), Some((Role::Name(NameKind::Backend), "backend")));
    assert_eq!(role("backend w\n  server a 10.0.0.1:80 inte|r 2s"), Some((Role::Keyword, "")));
    assert_eq!(role("backend w\n  server a 10.0.0.1:80 inter 2|s").map(|(role, _)| role), Some(Role::Time));
    assert_eq!(role("frontend w\n  http-request set-var(txn|.x) src").map(|(role, _)| role), Some(Role::Variable));
    assert_eq!(role("frontend w\n  http-request deny if { sr|c ::1 }").map(|(role, _)| role), Some(Role::Condition));
    assert_eq!(role("fron|tend w\n"), Some((Role::Keyword, "")));
    let gives =
        ask("frontend w\n  http-request set-var(txn.x) sr|c,lower", v2_8(), |view, cursor| at(view, cursor).word.map(|w| w.gives.len()));
    assert_eq!(gives, Some(1));
}

#[test]
fn a_signature_shows_what_is_being_written() {
    assert_eq!(signed("frontend w\n  default_backend |").as_deref(), Some("default_backend «<backend>»"));
    assert_eq!(signed("backend w\n  server a 10.0.0.1:80 inter |").as_deref(), Some("inter «<interval>»"));
    assert_eq!(signed("frontend w\n  acl a hdr(|").map(|s| s.contains('«')), Some(true));
    assert_eq!(signed("frontend w\n  http-request set-var(|").map(|s| s.starts_with("set-var(«<")), Some(true));
    assert_eq!(signed("frontend w\n  http-request deny if { src,ipmask(24,|"), Some("ipmask(mask4[,«mask6»])".to_owned()));
}

#[test]
fn settings_in_force_say_where_they_were_said() {
    let text =
        "defaults\n  mode http\n  timeout client 1s\n  timeout server 2s\n  balance leastconn\nbackend app\n  timeout server 3s\n  |\n";
    let found = ask(text, v2_8(), |view, cursor| {
        let line = |setting: super::Setting<'_>| format!("{:?} {}", setting.statement, setting.inherited);
        settings(view, cursor).into_iter().map(line).collect::<Vec<_>>()
    });
    // A backend takes no `timeout client`, and its own line hides the inherited one.
    assert_eq!(found, [r#"["mode", "http"] true"#, r#"["balance", "leastconn"] true"#, r#"["timeout", "server", "3s"] false"#]);
}

#[test]
fn questions_about_odd_places_have_an_answer() {
    for text in
        ["|", "\n\n|", "# |", "bind |", "frontend w\n  acl a \"|", "frontend w\n bind :80\r\n|\r\n", "é|", "frontend é\n  use_backend é|"]
    {
        let odd = |view: &View<'_>, cursor: Cursor| {
            let beyond = [cursor, Cursor { offset: u32::MAX, ..cursor }, Cursor { file: FileId(9), offset: 0 }];
            for cursor in beyond {
                complete(view, cursor);
                define(view, cursor);
                signature(view, cursor);
                settings(view, cursor);
                at(view, cursor);
                hover(view, cursor, None);
                selections(view, cursor);
                let _ = (renamable(view, cursor), rename(view, cursor, "new"));
                let all = Span::new(0, cursor.offset.min(9));
                let _ = (outline(view, cursor.file), folds(view, cursor.file), links(view, cursor.file), lenses(view, cursor.file, None));
                if cursor.file == FileId(0) {
                    let _ = (tokens(view, cursor.file, all), hints(view, cursor.file, all), declarations(view));
                }
            }
        };
        ask(text, VersionSet::supported(), odd);
    }
}

const FILE: FileId = FileId(0);

/// The text with the name at the cursor renamed, or why not.
fn renamed(marked: &str, new: &str) -> String {
    ask(marked, v2_8(), |view, cursor| match rename(view, cursor, new) {
        Ok(edits) => {
            let after = apply(&view.snapshot.sources, &edits.iter().collect::<Vec<_>>());
            String::from_utf8_lossy(after.files()[0].bytes()).into_owned()
        }
        Err(refusal) => refusal.to_string(),
    })
}

#[test]
fn another_name_is_in_all_places_of_the_old_one() {
    let text = "backend a|pp\nfrontend web\n  use_backend app if { nbsrv(app) gt 1 }\n  default_backend \"app\"\n";
    assert_eq!(
        renamed(text, "shop"),
        "backend shop\nfrontend web\n  use_backend shop if { nbsrv(shop) gt 1 }\n  default_backend \"shop\"\n"
    );
    let text = "backend app\n  server s| 10.0.0.1:80\nfrontend w\n  use_backend app if { srv_is_up(app/s) }\n";
    assert_eq!(renamed(text, "t"), "backend app\n  server t 10.0.0.1:80\nfrontend w\n  use_backend app if { srv_is_up(app/t) }\n");
    let text = "frontend w\n  http-request set-var(txn.a|) src\n  http-request deny if { var(txn.a) -m found }\n";
    assert!(renamed(text, "txn.b").contains("set-var(txn.b) src") && renamed(text, "txn.b").contains("var(txn.b) -m"));
    // What only another version, or another machine, reads is there all the same.
    let text = "backend app|\nfrontend w\n.if defined(X)\n  use_backend app\n.else\n  default_backend app\n.endif\n";
    assert_eq!(renamed(text, "shop").matches("shop").count(), 3);
}

#[test]
fn what_cannot_have_another_name_says_why() {
    for (text, new, why) in [
        ("frontend w\n  ba|lance x\n", "y", "there is no name here"),
        ("frontend w\n  use_backend %[req.hdr(h|ost)]\n", "y", "worked out for each request"),
        ("frontend w\n  default_backend no|pe\n", "y", "is not declared in these files"),
        ("backend a|pp\n", "a b", "is no name"),
        ("backend a|pp\n", "", "is no name"),
        ("backend a|pp\nbackend shop\n", "shop", "the name of something else already"),
        ("frontend w\n  acl a| src ::1\n  acl b src ::2\n  http-request deny if a b\n", "b", "the name of something else already"),
        ("frontend w\n  http-request set-var(txn.a|) src\n", "sess.a", "keeps its scope"),
        ("backend app\nfrontend w\n  default_backend a\"p|p\"\n", "y", "with quotes, escapes or variables in it"),
        (
            "backend a|pp\n  server s 10.0.0.1:80\nfrontend w\n  http-request set-header x \"%[srv_conn(app/s)]\"\n",
            "y",
            "with quotes, escapes or variables in it",
        ),
    ] {
        let said = renamed(text, new);
        assert!(said.contains(why), "{text}: {said}");
    }
}

#[test]
fn a_file_has_an_outline_folds_and_links() {
    let text = "|# a\n# b\nglobal\n  crt-base /etc/ssl\nlisten all\n  bind :443 ssl crt a.pem\n  acl a src ::1\n  server s 10.0.0.1:80\n";
    ask(text, v2_8(), |view, _| {
        let outline = outline(view, FILE);
        let names: Vec<(&str, usize)> = outline.iter().map(|part| (part.name.as_str(), part.children.len())).collect();
        assert_eq!(names, [("global", 0), ("all", 3)]);
        assert_eq!(outline[1].children[0].kind, OutlineKind::Bind);
        let lines: Vec<(usize, usize, bool)> = folds(view, FILE).iter().map(|fold| (fold.first, fold.last, fold.comment)).collect();
        assert_eq!(lines, [(0, 1, true), (2, 3, false), (4, 7, false)]);
        assert_eq!(links(view, FILE).iter().map(|link| link.path.display().to_string()).collect::<Vec<_>>(), ["/etc/ssl/a.pem"]);
        assert!(links(view, FileId(7)).is_empty());
    });
}

#[test]
fn tokens_tile_what_they_colour() {
    let text =
        "frontend w|\n  acl a path -i /x # why\n  http-request set-var(txn.a) src,ipmask(24) if a\n.if defined(X)\n  maxconn 10\n.endif\n";
    ask(text, v2_8(), |view, _| {
        let file = &view.snapshot.sources.files()[0];
        let all = tokens(view, FILE, Span::new(0, file.bytes().len() as u32));
        assert!(all.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{all:?}");
        let kind = |text: &str| all.iter().find(|token| file.text(token.span) == text).map(|token| token.kind);
        assert_eq!(kind("frontend"), Some(TokenKind::Section));
        assert_eq!(kind("w"), Some(TokenKind::Namespace));
        assert_eq!(kind("# why"), Some(TokenKind::Comment));
        assert_eq!(kind(".if"), Some(TokenKind::Directive));
        assert_eq!(kind("10"), Some(TokenKind::Number));
        assert!(all.iter().any(|token| token.kind == TokenKind::Acl && token.modifiers.has(Modifiers::DECLARES)));
        let line = file.line_span(4);
        assert_eq!(tokens(view, FILE, line).len(), 2);
    });
}

#[test]
fn a_selection_grows_from_the_argument_to_the_file() {
    let text = "frontend w\n  use_backend app if { nbsrv(ap|p) gt 1 }\nbackend app\n";
    ask(text, v2_8(), |view, cursor| {
        let file = &view.snapshot.sources.files()[0];
        let grown: Vec<String> = selections(view, cursor).iter().map(|span| file.text(*span).trim().to_owned()).collect();
        assert_eq!(grown[..2], ["app", "nbsrv(app)"]);
        assert_eq!(grown.last().unwrap().lines().count(), 3);
    });
}

#[test]
fn what_is_inherited_is_hinted_at() {
    let text = "defaults\n  mode http\n  timeout client 1s\nfrontend w|\n  bind :80\npeers p\n  peer lb1 10.0.0.1:1024\n  peer lb2 10.0.0.2:1024\n";
    ask(text, v2_8(), |view, cursor| {
        let hints = hints(view, FILE, Span::new(0, u32::MAX));
        assert_eq!((hints.len(), hints[0].text.as_str(), hints[0].offset), (1, "inherits mode http, timeout client 1s", cursor.offset));
        let title = |local: Option<&str>| lenses(view, FILE, local).pop().map(|lens| lens.title);
        assert_eq!(title(Some("lb2")).as_deref(), Some("the local node is lb2, which connects to lb1"));
        assert_eq!(title(None).as_deref(), Some("which of these is the local node is not known"));
    });
}
