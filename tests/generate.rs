//! What is generated: every model comes back from its text, real HAProxy takes it, and all rules are content with it.
//!
//! `haproxy` of the search path and the one that `HAPROXY_2_8` names are asked; one that is missing is skipped, under
//! `CI` both must be there.

use std::{ffi::OsString, fs, path::Path, process::Command};

use haproxy_lint::{
    check::Options,
    generate::{
        Body, Condition, Config, Form, If, Item, Line, Made, Piece, Refusal, Request, Section, Style, Word, config, manifests, peers,
        sysctl,
    },
    rules::RULES,
    source::{SourceFile, Sources},
    syntax::{Environment, ProblemKind, ReadOptions, Reading, SectionKind, Tree, read},
    topology::{self, Mesh, Topology, matrix::Verdict, yaml},
    version::{Version, VersionSet},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config as Cases, TestRunner},
};

/// The variables that random models ask for, with their values; `UNSET` has none.
const VARIABLES: [(&str, &str); 4] = [("POD_NAME", "haproxy-0"), ("_x9", "a b#\"'\\"), ("EMPTY", ""), ("PORT", "10000")];

fn environment() -> Environment {
    VARIABLES.iter().fold(Environment::default(), |env, (name, value)| env.with(*name, *value)).closed()
}

fn value(name: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// Sections and lines as HAProxy would see them.
type Seen = Vec<(SectionKind, Vec<String>, Vec<Vec<String>>)>;

fn word_value(word: &Word) -> String {
    let of_piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Variable { name, default } => value(name).or(default.as_deref()).unwrap_or("").into(),
    };
    let bytes: Vec<u8> = word.pieces().iter().flat_map(of_piece).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn holds(condition: &Condition) -> bool {
    match condition {
        Condition::Predicate("streq", arguments) => word_value(&arguments[0]) == word_value(&arguments[1]),
        Condition::Predicate("strneq", arguments) => word_value(&arguments[0]) != word_value(&arguments[1]),
        Condition::Predicate("strstr", arguments) => word_value(&arguments[0]).contains(&word_value(&arguments[1])),
        Condition::Predicate("defined", arguments) => value(&word_value(&arguments[0])).is_some(),
        Condition::Predicate("version_before", _) => false,
        Condition::Predicate(..) => true,
        Condition::Not(inner) => !holds(inner),
        Condition::All(list) => list.iter().all(holds),
        Condition::Any(list) => list.iter().any(holds),
    }
}

/// The parts of a body that are read.
fn in_force<'b, T>(body: &'b Body<T>, found: &mut Vec<&'b T>) {
    for item in &body.0 {
        match item {
            Item::Part(part) => found.push(part),
            Item::If(block) => {
                let taken = block.branches.iter().find(|(condition, _)| holds(condition)).map(|(_, body)| body);
                taken.or(block.otherwise.as_ref()).into_iter().for_each(|body| in_force(body, found));
            }
            Item::Comment(_) | Item::Blank => {}
        }
    }
}

fn of_model(config: &Config) -> Seen {
    let words = |words: &[Word]| words.iter().map(word_value).collect::<Vec<_>>();
    let mut sections = Vec::new();
    in_force(config, &mut sections);
    let section = |section: &Section| {
        let mut lines = Vec::new();
        in_force(&section.body, &mut lines);
        (section.kind, words(&section.header), lines.into_iter().map(|line| words(&line.words)).collect())
    };
    sections.into_iter().map(section).collect()
}

fn of_text(reading: &Reading<'_>) -> Seen {
    let words = |index: usize| reading.statement(index).words().map(|w| w.known().unwrap_or("?").to_owned()).collect::<Vec<_>>();
    let section = |section: &haproxy_lint::syntax::Section| {
        let header = section.header().map(words).unwrap_or_default().split_off(1);
        (section.kind, header, section.body().map(words).collect())
    };
    reading.sections.iter().map(section).collect()
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9./:_-]{1,8}",
        2 => "[ a-z\"'\\\\#$,()\\[\\]{}&|!\t]{0,8}",
        1 => proptest::collection::vec(any::<char>().prop_filter("mark", |c| !"\0\u{FFFC}".contains(*c)), 0..6).prop_map(String::from_iter),
        1 => Just("[a]".to_owned()),
        1 => Just(String::new()),
    ]
}

fn any_word() -> impl Strategy<Value = Word> {
    let name = || prop_oneof![Just("POD_NAME"), Just("_x9"), Just("EMPTY"), Just("PORT")];
    let variable = prop_oneof![
        name().prop_map(Word::variable),
        (prop_oneof![name(), Just("UNSET")], "[a-z0-9.:$-]{0,4}").prop_map(|(name, default)| Word::variable_or(name, default)),
    ];
    let piece = prop_oneof![any_text().prop_map(Word::from), variable];
    prop_oneof![
        6 => any_text().prop_map(Word::from),
        1 => proptest::collection::vec(1u8.., 0..6).prop_map(Word::bytes),
        2 => proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.into_iter().fold(Word::default(), Word::join)),
    ]
}

fn any_line() -> impl Strategy<Value = Line> {
    // What `no` and `default` stand before is dropped where HAProxy drops it, and some keywords change the environment.
    let special = ["no", "default", "setenv", "presetenv", "unsetenv", "resetenv"];
    let first = any_word().prop_filter("special", move |word| {
        let value = word_value(word);
        !value.is_empty() && !value.starts_with('.') && !special.contains(&value.as_str())
    });
    let line = (first, proptest::collection::vec(any_word(), 0..5), proptest::option::of(any_text()));
    line.prop_map(|(first, words, comment)| Line { words: [vec![first], words].concat(), comment })
}

/// Conditions of HAProxy 2.8, or those that 2.6 knows too.
fn any_condition(recent: bool) -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        4 => (any_word(), any_word()).prop_map(|(a, b)| Condition::streq(a, b)),
        1 => (any_word(), any_word()).prop_map(|(a, b)| Condition::strneq(a, b)),
        1 => (any_word(), "[a-c]{1,2}").prop_map(move |(a, b)| if recent { Condition::strstr(a, b) } else { Condition::streq(a, b) }),
        1 => any_word().prop_map(|a| Condition::streq(a.clone(), a)),
        1 => Just(Condition::streq(Word::variable("POD_NAME"), "haproxy-0")),
        1 => prop_oneof![Just("PORT"), Just("UNSET")].prop_map(Condition::defined),
        1 => Just(Condition::version_atleast("2.8")),
        1 => Just(Condition::version_before("2.8")),
    ];
    // The value of a variable is read a second time inside of a condition; only plain ones come through.
    let is_plain = |word: &Word| {
        !word.pieces().iter().any(|p| matches!(p, Piece::Variable { name, .. } if name == "_x9" || name == "EMPTY" || name == "UNSET"))
    };
    let leaf = leaf.prop_filter("value with quotes", move |c| match c {
        Condition::Predicate(_, arguments) => arguments.iter().all(|a| is_plain(a) && a.plain().is_none_or(|t| !t.contains('\u{FFFD}'))),
        _ => true,
    });
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Condition::not),
            proptest::collection::vec(inner.clone(), 1..3).prop_map(Condition::All),
            proptest::collection::vec(inner, 1..3).prop_map(Condition::Any),
        ]
    })
}

fn any_body<T>(part: impl Strategy<Value = T> + 'static, most: usize, recent: bool) -> BoxedStrategy<Body<T>>
where
    T: Clone + std::fmt::Debug + 'static,
{
    let (part, condition) = (part.boxed(), any_condition(recent).boxed());
    let leaf = prop_oneof![
        6 => part.prop_map(Item::Part),
        1 => any_text().prop_map(Item::Comment),
        1 => Just(Item::Blank),
    ];
    let item = leaf.prop_recursive(2, 4, 2, move |item| {
        let body = || proptest::collection::vec(item.clone(), 0..2).prop_map(Body);
        let branches = proptest::collection::vec((condition.clone(), body()), 1..3);
        (branches, proptest::option::of(body())).prop_map(|(branches, otherwise)| Item::If(If { branches, otherwise }))
    });
    proptest::collection::vec(item, 0..most).prop_map(Body).boxed()
}

fn any_config() -> impl Strategy<Value = Config> {
    let kind = prop_oneof![
        Just(SectionKind::Global),
        Just(SectionKind::Defaults),
        Just(SectionKind::Frontend),
        Just(SectionKind::Backend),
        Just(SectionKind::Peers),
        Just(SectionKind::Resolvers),
        Just(SectionKind::Userlist),
    ];
    let section = (kind, "[a-zA-Z0-9._:-]{1,9}", any_body(any_line(), 4, true)).prop_map(|(kind, name, body)| {
        let header = if kind == SectionKind::Global { Vec::new() } else { vec![name.into()] };
        Section { kind, header, body }
    });
    any_body(section, 3, true)
}

proptest! {
    #![proptest_config(Cases { cases: if cfg!(debug_assertions) { 4_000 } else { 10_000 }, failure_persistence: None, ..Cases::default() })]

    #[test]
    fn a_model_comes_back_from_its_text(config in any_config()) {
        prop_assume!(config.misfits().is_empty());
        let text = config.to_string();
        let sources = Sources::single("haproxy.cfg", text.clone());
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let versions = VersionSet::only(Version::new(2, 8, 25));
        let options = ReadOptions { versions, environment: environment(), ..ReadOptions::default() };
        let readings = read(&sources, &trees, &options);
        prop_assert_eq!(readings.len(), 1, "{}", text);
        // HAProxy reads an empty word, and remarks on it.
        let harmless = |kind: &ProblemKind| matches!(kind, ProblemKind::EmptyArgument { .. });
        let problem = readings[0].problems.iter().find(|p| p.versions.meets(versions) && !harmless(&p.kind));
        prop_assert!(problem.is_none(), "{:?}\n{}", problem, text);
        prop_assert_eq!(of_text(&readings[0]), of_model(&config), "{}", text);
    }
}

/// Every HAProxy on this machine that generated text is held against.
fn judges() -> Vec<OsString> {
    let works = |program: &OsString| Command::new(program).arg("-v").output().is_ok_and(|o| o.status.success());
    let programs: Vec<OsString> = [Some("haproxy".into()), std::env::var_os("HAPROXY_2_8")].into_iter().flatten().filter(works).collect();
    assert!(programs.len() == 2 || std::env::var_os("CI").is_none(), "CI needs HAProxy 2.6 and 2.8");
    if programs.len() < 2 {
        println!("skipped: {} of 2 HAProxy are on this machine", programs.len());
    }
    programs
}

/// Asks a real HAProxy whether it takes `text`, as the node `name` with `environment`.
fn accepted(program: &OsString, text: &str, name: &str, environment: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("haproxy.cfg");
    fs::write(&path, text).unwrap();
    let mut command = Command::new(program);
    let path_variable = std::env::var_os("PATH").map(|path| ("PATH", path));
    command.env_clear().envs(path_variable).envs(environment.iter().copied()).args(["-c", "-L", name, "-f"]).arg(&path);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {}: {said}\n{text}", program.display(), output.status);
    assert!(!said.contains("[WARNING]") && !said.contains("[ALERT]"), "{}: {said}\n{text}", program.display());
}

/// A proxy with words of every kind where HAProxy takes any word.
fn any_proxy(at: usize) -> impl Strategy<Value = Section> {
    let text = || any_text().prop_filter("an empty word ends the line", |text| !text.is_empty());
    let word = prop_oneof![4 => text().prop_map(Word::from), 1 => text().prop_map(|t| Word::variable("POD_NAME").text(t))].boxed();
    let line = prop_oneof![
        word.clone().prop_map(|word| Line::new("acl any path -m str --").word(word)),
        word.clone().prop_map(|word| Line::new("http-request deny if { path -m str --").word(word).word("}")),
        // In a log format `%` begins a variable, and blanks and brackets have a meaning of their own.
        "[a-z \"'#$]{1,8}".prop_map(|text| Line::new("http-request set-header x-any").word(text)),
        word.prop_map(|word| Line::new("description").word(word)),
    ];
    let line = (line, proptest::option::of(any_text())).prop_map(|(line, comment)| Line { comment, ..line });
    any_body(line, 6, false).prop_map(move |body| Section { body, ..Section::named(SectionKind::Backend, format!("any-{at}")) })
}

#[test]
fn haproxy_takes_what_is_built() {
    let mut runner = TestRunner::deterministic();
    let defaults =
        Section::new(SectionKind::Defaults).lines(["mode http", "timeout connect 5s", "timeout client 30s", "timeout server 30s"]);
    let frontend = Section::named(SectionKind::Frontend, "web").line("bind :8080");
    let mut config = Config::new().section(defaults).section(frontend);
    while config.0.len() < 400 {
        let section = any_proxy(config.0.len()).new_tree(&mut runner).unwrap().current();
        let one = Config::new().section(section);
        if one.misfits().is_empty() {
            config.0.extend(one.0);
        }
    }
    for program in judges() {
        accepted(&program, &config.to_string(), "lb1", &VARIABLES);
    }
}

/// The files of a topology of this test.
fn sources(names: &[&str]) -> Vec<SourceFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generate");
    names.iter().map(|name| SourceFile::new(*name, fs::read(folder.join(name)).unwrap())).collect()
}

fn topology(files: Vec<SourceFile>) -> Topology {
    let (topology, problems) = topology::read(files);
    assert_eq!(problems, []);
    topology
}

type Make = fn(&Mesh<'_>, &Request) -> Result<Made, Refusal>;

fn made(make: Make, files: &[&str], request: &Request) -> Made {
    let topology = topology(sources(files));
    make(&haproxy_lint::check::nodes::check(&topology, &Options::default()).mesh, request).unwrap()
}

fn refused(make: Make, files: &[&str], request: &Request) -> Refusal {
    let topology = topology(sources(files));
    make(&haproxy_lint::check::nodes::check(&topology, &Options::default()).mesh, request).unwrap_err()
}

/// Everything that was made, in one text.
fn shown(made: &Made) -> String {
    let files: String = made.files.iter().map(|file| format!("--- {}\n{}", file.name, file.text)).collect();
    files + &made.notes.iter().map(|note| format!("note: {note}\n")).collect::<String>()
}

fn snapshot(name: &str, text: String) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("generate__{name}"), text);
    });
}

/// Every rule there is, those of opinion among them.
fn all_rules() -> Options {
    let mut options = Options::default();
    RULES.iter().for_each(|rule| options.selection.select(rule.name).unwrap());
    options
}

/// All rules are content with `config` where the nodes of `files` read it, or with what these have themselves.
fn clean(files: Vec<SourceFile>, config: Option<&str>) {
    let mut topology = topology(files);
    if let Some(config) = config {
        let configuration = topology.add_configuration(vec![SourceFile::new("haproxy.cfg", config.into())]);
        assert!(topology.distribute(&[configuration]).is_ok_and(|alone| alone.is_empty()));
        assert!(topology.nodes.iter().all(|node| node.configuration == Some(configuration)));
    }
    let checked = haproxy_lint::check::nodes::check(&topology, &all_rules());
    // What users have written keeps its layout.
    let told = checked.report.findings.iter().filter(|f| f.rule.group() != "style");
    let findings: Vec<String> = told.map(|f| format!("{}: {} ({:?})", f.rule.name, f.message, f.nodes)).collect();
    assert!(findings.is_empty(), "{}\n{}", findings.join("\n"), config.unwrap_or(""));
}

/// Real HAProxy takes `config` as each node of `files`.
fn started(files: Vec<SourceFile>, config: &str) {
    let topology = topology(files);
    let names: Vec<&str> = topology.nodes.iter().map(|node| node.local_name().known().unwrap()).collect();
    names.iter().for_each(|name| started_as(name, &names, config));
}

/// Real HAProxy takes `config` as the node `name`. What only the cluster's DNS knows is replaced by an address.
fn started_as(name: &str, names: &[&str], config: &str) {
    let hosts = names.iter().flat_map(|n| ["-peer.lb.svc:", ".haproxy.lb.svc:", ".lb.svc:", ":"].map(|end| format!(" {n}{end}")));
    let text = hosts.fold(config.to_owned(), |text, host| text.replace(&host, " 192.0.2.9:"));
    assert!(!text.contains(".svc:"), "{text}");
    judges().iter().for_each(|program| accepted(program, &text, name, &[]));
}

/// A request in this style.
fn style(style: Style) -> Request {
    Request { style: Some(style), ..Request::default() }
}

const STATEFULSET: [&str; 1] = ["statefulset.yaml"];
const PAIR: [&str; 3] = ["lb1.json", "lb2.json", "keepalived.conf"];
const READY_PAIR: [&str; 3] = ["lb1-with-sysctl.json", "lb2.json", "keepalived.conf"];

#[test]
fn one_section_serves_all_nodes() {
    for (name, wanted) in Style::ALL.into_iter().take(2) {
        snapshot(&format!("peers_{name}"), shown(&made(peers, &STATEFULSET, &style(wanted))));
    }
    snapshot("peers_hosts", shown(&made(peers, &PAIR, &Request::default())));
    snapshot("peers_compose", shown(&made(peers, &["compose.yaml"], &Request::default())));
    snapshot("peers_per_node", shown(&made(peers, &STATEFULSET, &Request { per_node: true, ..Request::default() })));
}

#[test]
fn a_configuration_is_complete() {
    for (name, files) in [("hosts", &PAIR[..]), ("hosts_vip", &READY_PAIR[..]), ("compose", &["compose.yaml"][..])] {
        let made = made(config, files, &Request::default());
        snapshot(&format!("config_{name}"), shown(&made));
        clean(sources(files), Some(&made.files[0].text));
        started(sources(files), &made.files[0].text);
    }
}

#[test]
fn manifests_bring_what_pods_need() {
    for (name, wanted) in Style::ALL.into_iter().take(2) {
        let made = made(manifests, &STATEFULSET, &style(wanted));
        snapshot(&format!("manifests_{name}"), shown(&made));
        let applied = || vec![SourceFile::new("manifests.yaml", made.files[0].text.clone().into())];
        if wanted == Style::Services {
            clean(applied().into_iter().chain([policy()]).collect(), None);
        }
        let topology = topology(applied());
        let config = String::from_utf8(topology.configurations[0].files[0].bytes.clone()).unwrap();
        started(applied(), &config);
        let again = manifests(&haproxy_lint::check::nodes::check(&topology, &Options::default()).mesh, &style(wanted)).unwrap();
        assert_eq!(again.files, [], "{}", shown(&again));
    }
}

/// What the fixture has beside what is written anew.
fn policy() -> SourceFile {
    let text = String::from_utf8(sources(&STATEFULSET)[0].bytes().to_vec()).unwrap();
    let policy = text.split("---\n").find(|part| part.contains("kind: NetworkPolicy")).unwrap();
    SourceFile::new("policy.yaml", policy.into())
}

#[test]
fn a_deployment_becomes_a_statefulset() {
    let made = made(manifests, &["deployment.yaml"], &Request::default());
    snapshot("manifests_deployment", shown(&made));
    let applied = || vec![SourceFile::new("manifests.yaml", made.files[0].text.clone().into())];
    clean(applied(), None);
    let config = topology(applied()).configurations[0].files[0].bytes.clone();
    started(applied(), &String::from_utf8(config).unwrap());
}

#[test]
fn a_component_and_values_are_other_forms() {
    for (name, form) in Form::ALL.into_iter().skip(1) {
        let made = made(manifests, &STATEFULSET, &Request { form, ..Request::default() });
        snapshot(&format!("manifests_{name}"), shown(&made));
    }
    let form = Form::HelmValues;
    for (file, names) in [("statefulset.yaml", &["haproxy-0", "haproxy-1", "haproxy-2"][..]), ("deployment.yaml", &["edge-0", "edge-1"])] {
        let made = made(manifests, &[file], &Request { form, ..Request::default() });
        for (file, name) in made.files.iter().zip(names) {
            let documents = yaml::documents(&SourceFile::new(file.name.clone(), file.text.clone().into())).unwrap();
            let values = &documents.list[0];
            assert_eq!(values.str_at(&["fullnameOverride"]), Some(*name));
            started_as(name, names, values.str_at(&["config"]).unwrap());
        }
    }
}

#[test]
fn each_node_may_have_a_file_of_its_own() {
    let made = made(config, &STATEFULSET, &Request { per_node: true, ..Request::default() });
    let names = ["haproxy-0", "haproxy-1", "haproxy-2"];
    for (file, name) in made.files.iter().zip(names) {
        assert_eq!(file.name, format!("haproxy-{name}.cfg"));
        started_as(name, &names, &file.text);
    }
    assert_eq!(made.files.len(), names.len());
}

#[test]
fn only_hosts_that_need_it_get_a_sysctl() {
    let vip = |files: &[&str]| {
        let mut topology = topology(sources(files));
        let configuration = topology.add_configuration(sources(&["vip.cfg"]));
        assert_eq!(topology.distribute(&[configuration]), Ok(Vec::new()));
        sysctl(&haproxy_lint::check::nodes::check(&topology, &Options::default()).mesh, &Request::default()).unwrap()
    };
    snapshot("sysctl", shown(&vip(&PAIR)));
    assert_eq!(vip(&READY_PAIR).files, []);
}

#[test]
fn what_cannot_be_known_is_refused_with_what_to_do() {
    let random = refused(peers, &["deployment.yaml"], &Request::default());
    assert!(random.help.contains("generate manifests"), "{random:?}");
    let services = refused(peers, &PAIR, &style(Style::Services));
    assert!(services.help.contains("--style hosts"), "{services:?}");
    let several = refused(peers, &["statefulset.yaml", "deployment.yaml"], &Request::default());
    assert!(several.help.contains("haproxy") && several.help.contains("edge"), "{several:?}");
    let nobody = refused(peers, &PAIR, &Request { nodes: vec!["lb3".to_owned()], ..Request::default() });
    assert!(nobody.message.contains("lb3") && nobody.help.contains("lb1"), "{nobody:?}");
    let odd = refused(peers, &PAIR, &Request { section: Some("a b".to_owned()), ..Request::default() });
    assert!(odd.message.contains("`a b`"), "{odd:?}");
    assert!(refused(sysctl, &STATEFULSET, &Request::default()).help.contains("pods"));
}

/// The manifests of a case of the topology work.
fn manifests_of(case: &str, request: &Request) -> Result<Made, Refusal> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases").join(case);
    let topology = topology::read(vec![SourceFile::new(case, fs::read(path).unwrap())]).0;
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    manifests(&checked.mesh, request)
}

#[test]
fn one_of_several_workloads_does_not_take_the_lines_of_the_others() {
    let only = |names: &[&str]| Request { nodes: names.iter().map(|n| (*n).to_owned()).collect(), ..Request::default() };
    let one = manifests_of("two-deployments-one-mesh.yaml", &only(&["lb-a"])).unwrap_err();
    assert!(one.message.contains("would lose its line") && one.help.contains("--node lb-b"), "{one:?}");
    let right = manifests_of("two-deployments-one-mesh.yaml", &Request::default()).unwrap();
    // No more than a port that is named.
    assert!(right.left.is_empty() && !right.files[0].text.contains("kind: ConfigMap"), "{}", shown(&right));
    assert_eq!(manifests_of("two-deployments-one-mesh.yaml", &only(&["lb-a", "lb-b"])).unwrap(), right);
    let mended = manifests_of("two-deployments-listening-on-services.yaml", &Request::default()).unwrap();
    let text = &mended.files[0].text;
    assert!(text.contains("server a lb-a:10000") && text.contains("server b lb-b:10000") && !text.contains("kind: Service"), "{text}");
}

#[test]
fn what_stays_wrong_is_said() {
    let made = |case| manifests_of(case, &Request::default()).unwrap();
    let selector = made("headless-selects-others.yaml");
    assert!(selector.files[0].text.contains("selector:\n    app: haproxy\n"), "{}", shown(&selector));
    assert!(!selector.files[0].text.contains("tier: edge") && selector.left.is_empty(), "{}", shown(&selector));
    for case in ["service-target-port-wrong.yaml", "service-target-port-unnamed.yaml"] {
        let text = &made(case).files[0].text;
        assert!(text.contains("targetPort: 8080") && text.contains("name: wire") && text.matches("name: peers").count() == 1, "{text}");
    }
    let named = made("deployment-of-one-name.yaml");
    assert!(!named.files[0].text.contains("-L") && named.left.is_empty(), "{}", shown(&named));
    // The lines of other sections are nobody's here.
    let text = include_str!("topology/cases/two-deployments-one-mesh.yaml")
        .replace("100k expire 30m peers cluster", "100k expire 30m peers clutser");
    let topology = topology::read(vec![SourceFile::new("pods.yaml", text.into())]).0;
    let made = manifests(&haproxy_lint::check::nodes::check(&topology, &Options::default()).mesh, &Request::default()).unwrap();
    assert!(made.left.iter().any(|left| left.contains("[peers/missing-section]")), "{}", shown(&made));
}

/// The kind and name of each object of a file, with its text.
fn objects(text: &str) -> Vec<(String, String, String)> {
    let object = |text: &str| {
        let documents = yaml::documents(&SourceFile::new("object.yaml", text.into())).unwrap();
        let at = |path: &[&str]| documents.list.first().and_then(|d| d.str_at(path)).unwrap_or("").to_owned();
        (at(&["kind"]), at(&["metadata", "name"]), text.to_owned())
    };
    text.split("\n---\n").map(object).collect()
}

/// Over every case of the topology work: where manifests can be written and nothing is said to be wrong still, all pods can synchronise once they are
/// applied, what was wrong with links is right, and nothing else is said that was not said before. Written again, nothing is to do.
#[test]
fn manifests_heal_the_cases() {
    // These tell what the generator tells too: no table is shared, and a Service waits for a pod that an autoscaler may make.
    const TOLD: [&str; 2] = ["table/unattached-table", "topology/service-no-endpoints"];
    // What no list of peers and no Service can mend.
    const LEFT: [&str; 11] = [
        "keyword/missing-argument",
        "reference/unknown-backend",
        "topology/argument-misread",
        "topology/chroot-without-root",
        "topology/dns-policy",
        "topology/file-not-mounted",
        "topology/local-addr-not-on-pod",
        "topology/nothing-mounted",
        "topology/port-of-another-container",
        "topology/privileged-port",
        "topology/unsafe-sysctl",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases");
    let (mut healed, mut refused, mut said) = (0, Vec::new(), Vec::new());
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let (name, text) = (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap());
        if !text.contains("\nkind: ") || text.contains("\nkind: List") {
            continue;
        }
        let before = topology::read(vec![SourceFile::new("pods.yaml", text.clone().into())]).0;
        let checked = haproxy_lint::check::nodes::check(&before, &Options::default());
        let made = match manifests(&checked.mesh, &Request::default()) {
            Ok(made) => made,
            Err(refusal) => {
                refused.push(format!("{name}: {}", refusal.message));
                continue;
            }
        };
        if !made.left.is_empty() {
            said.extend(made.left.iter().map(|left| format!("{name}: {left}")));
            continue;
        }
        let new = made.files.first().map(|file| objects(&file.text)).unwrap_or_default();
        let becomes = new.iter().any(|(kind, ..)| kind == "StatefulSet");
        let replaced = |kind: &str, name: &str| {
            let gone = becomes && matches!(kind, "Deployment" | "DaemonSet" | "Rollout");
            gone || new.iter().any(|(k, n, _)| k == kind && n == name)
        };
        let kept = objects(&text).into_iter().filter(|(kind, name, _)| !replaced(kind, name));
        let applied: Vec<String> = kept.chain(new.iter().cloned()).map(|(_, _, text)| text).collect();
        let after = topology::read(vec![SourceFile::new("pods.yaml", applied.join("\n---\n").into())]).0;
        let again = haproxy_lint::check::nodes::check(&after, &Options::default());
        let broken: Vec<_> = again.mesh.matrix.links.iter().filter(|link| link.verdict == Verdict::Broken).collect();
        assert!(broken.is_empty(), "{name}: {broken:?}\n{}", shown(&made));
        let rules =
            |checked: &haproxy_lint::check::nodes::Checked<'_>| checked.report.findings.iter().map(|f| f.rule.name).collect::<Vec<_>>();
        let known = rules(&checked);
        let worse: Vec<_> = rules(&again).into_iter().filter(|rule| !known.contains(rule) && !TOLD.contains(rule)).collect();
        assert!(worse.is_empty(), "{name}: {worse:?}\n{}", applied.join("\n---\n"));
        let second = manifests(&again.mesh, &Request::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!(second.files, [], "{name}");
        healed += 1;
    }
    // Bare pods, and names that all pods have alike or that nobody knows, are refused.
    let reasons =
        ["is no workload", "two nodes take themselves for", "nobody knows beforehand", "several workloads", "no HAProxy was found"];
    let other: Vec<_> = refused.iter().filter(|line| !reasons.iter().any(|reason| line.contains(reason))).collect();
    assert!(healed > 80 && other.is_empty(), "{healed} healed; {other:?}");
    assert!(refused.len() <= 50, "{}: {}", refused.len(), refused.join("\n"));
    // What else is wrong with them is no matter of peers: it is said, and left as it is.
    // What a script writes is for its script to say.
    said.retain(|line| !line.starts_with("heredoc-"));
    let of_others: Vec<_> = said.iter().filter(|line| !LEFT.iter().any(|rule| line.ends_with(&format!("[{rule}]")))).collect();
    assert!(of_others.is_empty(), "{of_others:?}");
}
