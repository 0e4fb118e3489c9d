//! The traps by name, and what must hold of any bytes.

use proptest::prelude::*;

use super::*;

const ID: FileId = FileId(0);

fn all_styles() -> impl Iterator<Item = Style> {
    Indent::ALL.into_iter().flat_map(|(_, indent)| Spacing::ALL.into_iter().map(move |(_, spacing)| Style { indent, spacing }))
}

fn styled(text: &[u8], style: Style) -> Vec<u8> {
    let file = SourceFile::new("haproxy.cfg", text.to_vec());
    applied(text, &format(ID, &file, style, None).unwrap())
}

fn laid_out(text: &str) -> String {
    let new = styled(text.as_bytes(), Style::default());
    assert_eq!(styled(&new, Style::default()), new, "it is done at once: {text:?}");
    String::from_utf8(new).unwrap()
}

/// It is laid out well already.
fn stays(text: &str) {
    assert_eq!(laid_out(text), text);
}

#[test]
fn words_have_one_blank_between_them_and_lines_none_behind() {
    assert_eq!(laid_out("global\n    log  stdout\tformat   raw  local0   # all\t \n"), "global\n    log stdout format raw local0 # all\n");
    let keep = Style { spacing: Spacing::Keep, ..Style::default() };
    assert_eq!(styled(b"global\n    log  stdout\t# all \n", keep), b"global\n    log  stdout\t# all\n");
    stays("global\n    log \"a  b\" 'c  d' e\\ \\ f\n");
}

#[test]
fn the_indentation_is_that_of_the_file() {
    stays("global\n  daemon\n");
    stays("global\n\tdaemon\n");
    assert_eq!(laid_out("  global\n  daemon\n  maxconn 1\n     nbthread 2\n"), "global\n  daemon\n  maxconn 1\n  nbthread 2\n");
    assert_eq!(laid_out("global\ndaemon\n"), "global\n    daemon\n", "where there is none");
    assert_eq!(laid_out("global\n\t daemon\n  maxconn 1\nnbthread 2\n"), "global\n  daemon\n  maxconn 1\n  nbthread 2\n");
    let wide = format!("global\n{}daemon\n", " ".repeat(1000));
    assert_eq!(laid_out(&wide), "global\n    daemon\n", "nobody means that");
    for (indent, step) in [(Indent::Spaces(2), "  "), (Indent::Spaces(8), "        "), (Indent::Tab, "\t")] {
        let new = styled(b"global\n    daemon\n", Style { indent, ..Style::default() });
        assert_eq!(String::from_utf8(new).unwrap(), format!("global\n{step}daemon\n"));
    }
}

#[test]
fn one_blank_line_stands_before_a_section() {
    assert_eq!(
        laid_out("\n\nglobal\n\n\n    daemon\ndefaults\n    mode http\n\n\nfrontend a\n    bind :1\n\n\n"),
        "global\n\n    daemon\n\ndefaults\n    mode http\n\nfrontend a\n    bind :1\n"
    );
    assert_eq!(laid_out(" \n\t\n"), "");
    assert_eq!(laid_out("\u{b}\r\n"), "");
}

#[test]
fn comments_stay_with_what_they_stand_above() {
    // A block at column 0 goes with the header, an indented one with the body, and a line that was commented out stays.
    assert_eq!(
        laid_out("global\n    daemon\n# All of it\n# of the web\nfrontend a\n    bind :1\n#    bind :2\n  # more\n    mode http\n"),
        "global\n    daemon\n\n# All of it\n# of the web\nfrontend a\n    bind :1\n#    bind :2\n    # more\n    mode http\n"
    );
    assert_eq!(
        laid_out("global\n    daemon\n  # its own\nfrontend a\n    bind :1\n"),
        "global\n    daemon\n    # its own\n\nfrontend a\n    bind :1\n"
    );
    stays("# top\n\nglobal\n    daemon\n\n# apart\n\nfrontend a\n    bind :1\n#end\n");
}

#[test]
fn what_is_under_a_condition_is_one_step_deeper() {
    assert_eq!(
        laid_out(
            "frontend a\n    bind :1\n    .if feature(QUIC)\n    bind :2\n  # x\n    .if defined(X)\n    bind :3\n.endif\n.else\nbind :4\n.endif\n    mode http\n"
        ),
        "frontend a\n    bind :1\n    .if feature(QUIC)\n        bind :2\n        # x\n        .if defined(X)\n            bind :3\n        .endif\n    .else\n        bind :4\n    .endif\n    mode http\n"
    );
    // Sections under a condition.
    assert_eq!(
        laid_out(
            "global\n    daemon\n.if defined(X)\n# a\nfrontend a\n    bind :1\n  # b\nfrontend b\n    bind :2\n.else\nfrontend a\n    bind :3\n.endif\nbackend c\n    mode http\n"
        ),
        "global\n    daemon\n\n.if defined(X)\n# a\n    frontend a\n        bind :1\n\n    # b\n    frontend b\n        bind :2\n.else\n    frontend a\n        bind :3\n.endif\n\nbackend c\n    mode http\n"
    );
    stays(".endif\n.else\n");
    laid_out(&"global\n.if 1\n".repeat(3000));
}

#[test]
fn the_last_line_ends_and_all_end_alike() {
    assert_eq!(laid_out("global\n    daemon"), "global\n    daemon\n");
    assert_eq!(
        laid_out("global\r\n    daemon\r\n\n    maxconn 1\r\n    nbthread 2"),
        "global\r\n    daemon\r\n\r\n    maxconn 1\r\n    nbthread 2\r\n"
    );
    assert_eq!(laid_out("global\n    daemon \r\n    maxconn 1\n"), "global\n    daemon\n    maxconn 1\n");
    stays("");
}

#[test]
fn an_escaped_blank_at_the_end_is_part_of_a_word() {
    stays("backend a\n    http-request set-header X a\\ \n");
    assert_eq!(laid_out("backend a\n    http-request set-header X a\\   \n"), "backend a\n    http-request set-header X a\\ \n");
    stays("backend a\n    http-request set-header X a\\\n");
    // A backslash makes nothing of a tab, but would of a blank.
    stays("backend a\n    http-request set-header a\\\tb\\\t# c\n");
    assert_eq!(laid_out("backend a\n    http-request set-header a\\\\\tb\n"), "backend a\n    http-request set-header a\\\\ b\n");
}

#[test]
fn nul_lines_are_copied() {
    assert_eq!(
        laid_out("global\n  maxconn 1\n   maxconn  1\0  x \n   # a\0  \n"),
        "global\n  maxconn 1\n   maxconn  1\0  x \n   # a\0  \n"
    );
    assert_eq!(laid_out("global\n  daemon\n \0"), "global\n  daemon\n \0\n");
}

#[test]
fn scope_lines_are_copied_and_end_the_section() {
    stays("  [one] \t\nspoe-agent a\n    messages  x\n".replace("  x", " x").as_str());
    assert_eq!(laid_out("global\n  daemon\n[one] # x  \n       daemon\n"), "global\n  daemon\n[one] # x  \n       daemon\n");
}

#[test]
fn a_return_in_mid_line_is_copied() {
    let text = "global\n  daemon\n   maxconn  1\rfoo  bar \n   log \r x  \n  # a\rb \n";
    stays(text);
    stays(&text.replace('\n', "\r\n"));
}

#[test]
fn a_broken_word_has_the_rest_of_its_line() {
    stays("global\n    log \"a  b  \n");
    stays("global\r\n    daemon\r\n    log \"a  \n    log 'x \\\r\n");
    assert_eq!(laid_out("global\n    log   \"${A  b  "), "global\n    log \"${A  b  \n");
}

#[test]
fn templates_are_left_alone() {
    for text in ["global\n{% if x %}\n  maxconn  {{ x }}\n{% endif %}\n", "bind   <%= @ip %>:80\n", "server a   __IP__:80\n"] {
        let file = SourceFile::new("f", text.as_bytes().to_vec());
        assert!(matches!(format(ID, &file, Style::default(), None), Err(Refused::Template(_))), "{text}");
    }
}

#[test]
fn the_first_lines_of_the_data_plane_api_stay_first() {
    stays("# _md5hash=3cc276f5636b48ab3ccf7b74b8787379\n# _version=1\n# HAProxy Technologies\n\nglobal\n  daemon\n");
    let text = "# _md5hash=3cc276f5636b48ab3ccf7b74b8787379\n# _version=1\nglobal\n  daemon\n";
    stays(text);
}

#[test]
fn comments_for_the_linter_stay_above_their_lines() {
    let text = "backend a\n   # haproxy-lint: ignore[keyword/unknown-keyword] why\n\n\n  foo\n# haproxy-lint: ignore[keyword]\n\n  bar   # haproxy-lint: ignore[keyword] too\n";
    let found = |text: &str| {
        let report = crate::check::check(&crate::source::Sources::single("f", text), &crate::check::Options::default());
        let names = |list: &[crate::finding::Finding]| list.iter().map(|f| (f.rule.name, f.message.clone())).collect::<Vec<_>>();
        (names(&report.findings), names(&report.silenced))
    };
    let new = laid_out(text);
    assert_ne!(new, text);
    assert_eq!(found(&new), found(text));
    assert_eq!(found(text).1.len(), 2);
}

#[test]
fn sections_of_other_programs_are_sections() {
    stays(
        "# SPOE\nspoe-agent mirror\n    log global\n    messages a\n\nspoe-message a\n    args  ip=src\n".replace("  ip", " ip").as_str(),
    );
    stays("global\n    daemon\n\nwaf-global\n    rules-file x\n\nfrontend a\n    bind :1\n");
    assert_eq!(laid_out("global\ndaemon\n    maxconn 1\n"), "global\n    daemon\n    maxconn 1\n", "a keyword is none");
    assert_eq!(laid_out("defaults\nno log\n    mode http\n"), "defaults\n    no log\n    mode http\n");
}

#[test]
fn the_body_of_a_section_without_its_header_stays_where_it_is() {
    assert_eq!(
        laid_out("  http-request  deny\n\n\n    # x\n.if 1\n      mode  http \n.endif\n"),
        "  http-request deny\n\n    # x\n.if 1\n      mode http\n.endif\n"
    );
}

#[test]
fn a_range_touches_its_lines_alone() {
    let text = "global\n daemon\nfrontend a\n  bind  :1\n\n\n  mode   http";
    let file = SourceFile::new("f", text.as_bytes().to_vec());
    let lines = |lines| String::from_utf8(applied(text.as_bytes(), &format(ID, &file, Style::default(), Some(lines)).unwrap())).unwrap();
    assert_eq!(lines(3..=3), "global\n daemon\n\nfrontend a\n  bind  :1\n\n\n  mode   http");
    assert_eq!(lines(4..=6), "global\n daemon\nfrontend a\n  bind :1\n\n  mode   http");
    assert_eq!(lines(7..=9), "global\n daemon\nfrontend a\n  bind  :1\n\n\n  mode http\n");
}

#[test]
fn a_proof_that_fails_is_no_edit() {
    let text = |text: &str| SourceFile::new("f", text.as_bytes().to_vec());
    let proof = |before: &str, after: &str| {
        let file = text(before);
        proof::same_words(&file, &Tree::new(&file), &text(after))
    };
    assert_eq!(proof("a b\n\nc\n", "  a   b\nc  \r\n"), Ok(()));
    for (before, after, line) in [
        ("a b\n", "ab\n", 1),
        ("a\nb\n", "a b\n", 1),
        ("a\nb c\n", "a\nc b\n", 2),
        ("a\n'b'\n", "a\nb\n", 2),
        ("a # x\n", "a # y\n", 1),
        ("a # x\n", "a\n# x\n", 1),
        ("a\0 b\n", "a\0b\n", 1),
        ("a\rb\n", "a\n", 1),
        ("[a]\n", "a\n", 1),
        ("a\n", "a\nb\n", 1),
        ("a\nb\n", "a\n", 2),
    ] {
        assert_eq!(proof(before, after), Err(Refused::Words(line)), "{before:?} {after:?}");
    }
}

/// Bytes that make trouble, more often than chance would bring them, and lines that mean something.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        6 => prop::sample::select(b" \t\"'\\#$x{}[]*-\r\n\n\n.A_0a,\x0b\x0c".to_vec()),
        1 => any::<u8>(),
    ];
    let words = prop::sample::select(vec![
        "global\n",
        "  frontend a\n",
        "backend b \r\n",
        ".if defined(X)\n",
        "  .if 1\n",
        " .else\n",
        ".elif 2\n",
        "  .endif\n",
        "\n",
        " \r\n",
        "    mode http\n",
        "\tbind :1\n",
        "# x\n",
        "  # y \n",
        "[s]\n",
        "\0",
        "spoe-agent a\n",
        "foo\n",
        "log \"a b\"  c\n",
        "a\\ \n",
        "\"frontend\" q\n",
        "\"\n",
        "\\",
        "  ",
    ]);
    let part = prop_oneof![prop::collection::vec(byte, 0..12), words.prop_map(|word| word.as_bytes().to_vec())];
    prop::collection::vec(part, 0..16).prop_map(|parts| parts.concat())
}

/// What must hold of a text and a style: no panic, the same words, nothing left to do, and a line alone changes that line alone.
fn holds(text: &[u8], style: Style) {
    let file = SourceFile::new("f", text.to_vec());
    let Ok(edits) = format(ID, &file, style, None) else {
        assert!(template(&file).is_some(), "words would change: {text:?}");
        return;
    };
    let new = applied(text, &edits);
    let again = SourceFile::new("f", new.clone());
    match format(ID, &again, style, None) {
        Ok(more) => assert!(more.is_empty(), "not done at once: {text:?} gives {new:?}, then {more:?}"),
        Err(refused) => assert!(template(&again).is_some(), "{refused}: {text:?}"),
    }
    let (mut alone, mut starts) = (Vec::new(), file.line_starts().to_vec());
    starts.push(text.len() as u32);
    for (line, place) in starts.windows(2).enumerate() {
        let own = format(ID, &file, style, Some(line + 1..=line + 1)).unwrap();
        let inside = |edit: &Edit| place[0] <= edit.location.span.start && edit.location.span.end <= place[1];
        assert!(own.iter().all(inside), "line {} of {text:?}: {own:?}", line + 1);
        alone.extend(own);
    }
    assert_eq!(alone, edits, "lines one by one are the whole: {text:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_laid_out(text in texts()) {
        all_styles().for_each(|style| holds(&text, style));
    }

    #[test]
    fn any_bytes_can_be_laid_out(text in prop::collection::vec(any::<u8>(), 0..200)) {
        holds(&text, Style::default());
    }
}

/// `cargo test --release --lib format::tests::a_million -- --ignored`
#[test]
#[ignore = "takes a minute"]
fn a_million_random_texts_are_laid_out() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let letters = b" \t\"'\\#$x{}[]*-\r\n\n\n.A_0a,\x0b\x0c\0";
    for _ in 0..1_000_000 {
        let (len, wild) = (next() % 64, next() % 3 == 0);
        let byte = |random: u64| if wild { random as u8 } else { letters[random as usize % letters.len()] };
        let text: Vec<u8> = (0..len).map(|_| byte(next() >> 11)).collect();
        let style = all_styles().nth(next() as usize % 10).unwrap();
        holds(&text, style);
    }
}

/// What is written of a manifest, and what is said of what is left.
fn in_manifest(text: &str) -> (String, Vec<String>) {
    let file = SourceFile::new("cm.yaml", text.as_bytes().to_vec());
    let found = manifest(ID, &file, Style::default(), None).unwrap();
    let new = String::from_utf8(applied(text.as_bytes(), &found.edits)).unwrap();
    let again = SourceFile::new("cm.yaml", new.as_bytes().to_vec());
    assert!(manifest(ID, &again, Style::default(), None).unwrap().edits.is_empty(), "it is done at once: {new}");
    (new, found.left.into_iter().map(|left| left.reason).collect())
}

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lb}\ndata:\n";

#[test]
fn a_configuration_is_laid_out_within_its_block() {
    let before = format!(
        "{CONFIG_MAP}  é: 'x'\n  haproxy.cfg: |  # all\n    \n    global\n      maxconn   10\n    defaults\n     mode http  \n      \n\n      timeout client 1s\n    # é\n    frontend a\n\n  z: >-\n   a\n   b\n"
    );
    let after = format!(
        "{CONFIG_MAP}  é: 'x'\n  haproxy.cfg: |  # all\n    global\n      maxconn 10\n\n    defaults\n      mode http\n\n      timeout client 1s\n\n    # é\n    frontend a\n\n  z: >-\n   a\n   b\n"
    );
    assert_eq!(in_manifest(&before), (after.clone(), vec![]));
    let dos = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(in_manifest(&dos(&before)), (dos(&after), vec![]));
}

#[test]
fn the_header_of_a_block_says_how_it_ends() {
    let text = |header: &str, behind: &str| format!("{CONFIG_MAP}  haproxy.cfg: {header}\n    global\n      maxconn   10{behind}");
    for (header, behind, wanted) in [("|-", "\n", "\n"), ("|-", "", ""), ("|", "\n\n\n", "\n\n\n"), ("|+", "\n\n\n", "\n"), ("|+", "", "")]
    {
        let expected = text(header, wanted).replace("   10", " 10");
        assert_eq!(in_manifest(&text(header, behind)), (expected, vec![]), "{header} {behind:?}");
    }
    let text = format!("{CONFIG_MAP}  haproxy.cfg: |2\n       global\n      maxconn   10\n");
    assert_eq!(in_manifest(&text).0, format!("{CONFIG_MAP}  haproxy.cfg: |2\n    global\n      maxconn 10\n"));
}

#[test]
fn what_is_no_block_of_lines_is_left_with_a_word() {
    for (value, reason) in [
        ("\"global\\n  maxconn   10\\n\"", "only the lines"),
        (">\n    global\n      maxconn   10\n", "only the lines"),
        ("|\n    global\n      maxconn   {{ n }}\n    frontend a\n", "it is a template"),
    ] {
        let text = format!("{CONFIG_MAP}  haproxy.cfg: {value}\n");
        let (new, left) = in_manifest(&text);
        assert!(new == text && left.len() == 1 && left[0].starts_with(reason), "{value}: {left:?}");
    }
    let secret = "kind: Secret\napiVersion: v1\nmetadata: {name: lb}\nstringData:\n  haproxy.cfg: |\n    global\n      maxconn   10\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  containers: [{name: haproxy, image: 'haproxy:2.8', volumeMounts: [{name: c, mountPath: /usr/local/etc/haproxy}]}]\n  volumes: [{name: c, secret: {secretName: lb}}]\n";
    assert_eq!(in_manifest(secret), (secret.to_owned(), vec!["what is in a Secret is not shown".to_owned()]));
}

#[test]
fn a_range_of_a_manifest_is_its_lines() {
    let text = format!("{CONFIG_MAP}  haproxy.cfg: |\n    global\n      maxconn   10\n      log   x\n");
    let file = SourceFile::new("cm.yaml", text.clone().into_bytes());
    let edits = manifest(ID, &file, Style::default(), Some(8..=8)).unwrap().edits;
    assert_eq!(String::from_utf8(applied(text.as_bytes(), &edits)).unwrap(), text.replace("log   x", "log x"));
    let broken = SourceFile::new("cm.yaml", b"a: [1\nb: 2".to_vec());
    assert!(manifest(ID, &broken, Style::default(), None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever stands in a block: what the manifest says is the configuration as it is laid out.
    #[test]
    fn a_block_holds_what_a_file_would(text in texts(), keep in any::<bool>()) {
        let text: String = String::from_utf8_lossy(&text).chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect();
        let text = format!("global\n{text}\n");
        let indented: String = text.split_inclusive('\n').map(|line| if line == "\n" { line.to_owned() } else { format!("    {line}") }).collect();
        let manifest_text = format!("{CONFIG_MAP}  haproxy.cfg: |{}\n{indented}", if keep { "+" } else { "" });
        let file = SourceFile::new("cm.yaml", manifest_text.clone().into_bytes());
        let Ok(found) = manifest(ID, &file, Style::default(), None) else { return Ok(()) };
        let new = SourceFile::new("cm.yaml", applied(file.bytes(), &found.edits));
        let said = |file: &SourceFile| crate::yaml::documents(file).unwrap().list[0].str_at(&["data", "haproxy.cfg"]).unwrap_or_default().to_owned();
        let before = SourceFile::new("f", said(&file).into_bytes());
        let wanted = match format(ID, &before, Style::default(), None) {
            Ok(edits) if found.left.is_empty() => applied(before.bytes(), &edits),
            _ => before.bytes().to_vec(),
        };
        prop_assert_eq!(said(&new), String::from_utf8(wanted).unwrap());
    }
}
