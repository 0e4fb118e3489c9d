//! What lines cost does not depend on how many there are: each shape at three sizes, and the time of a line within a factor
//! of two between them. `cargo bench --bench growth` fails otherwise.
//!
//! The shapes are those that were dear once: circles, names that repeat, comments that silence, nesting. And every example of every
//! rule's page, many times over: with the names of its sections numbered, as in a large configuration, and as it is, with all names
//! declared again and again; and with the lines of each section repeated in that one section, both ways. What looks at all lines for each
//! thing that it finds is seen there. All examples together are one file more, for what one rule has to look at because of what another one
//! is about.

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::{Options, check},
    config::Config,
    report::{Checked, Format, Style, render},
    rules::{RULES, Rule},
    source::Sources,
    syntax::{ReadOptions, Tree, read, section_kind},
};

use examples::{Example, examples};

/// How the rules' own tests read the pages.
#[expect(dead_code, reason = "what an example is to show is asked by those tests alone")]
#[path = "../tests/rules/examples.rs"]
mod examples;

/// How much dearer a line may be in the largest file than in the smallest.
const FACTOR: f64 = 2.0;

/// The best of so many runs: what else the machine does makes some of them slower.
const RUNS: usize = 5;

/// How many lines the smallest, the middle and the largest file have.
const SIZES: [usize; 3] = [5_000, 10_000, 20_000];

const HEAD: &str = "defaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n";

type Shape = (&'static str, fn(usize) -> String);

const SHAPES: [Shape; 17] = [
    ("a ring of track", |n| {
        let server = |i| format!("    server s{i} 192.0.2.1:80 track be/s{}\n", (i + 1) % n);
        format!("{HEAD}backend be\n{}", (0..n).map(server).collect::<String>())
    }),
    ("a chain of track", |n| {
        let server = |i| format!("    server s{i} 192.0.2.1:80 track be/s{}\n", i + 1);
        format!("{HEAD}backend be\n{}    server s{n} 192.0.2.1:80 check\n", (0..n).map(server).collect::<String>())
    }),
    ("%{ in a log-format", |n| format!("{HEAD}frontend fe\n    bind :80\n    log-format {}\n", "%{".repeat(n * 5))),
    ("%[ in a log-format", |n| format!("{HEAD}frontend fe\n    bind :80\n    log-format {}\n", "%[path,lower]".repeat(n))),
    ("lines of one ACL", |n| {
        let acls: String = (0..n / 2).map(|i| format!("    acl one path /{i}\n")).collect();
        let rules: String = (0..n / 2).map(|i| format!("    http-request set-header X-{i} y if one\n")).collect();
        format!("{HEAD}frontend fe\n    bind :80\n{acls}{rules}")
    }),
    ("resolvers", |n| {
        let section = |i| format!("resolvers r{i}\n    nameserver a 192.0.2.1:53\n");
        let server = |i| format!("    server s{i} a.example:80 resolvers r{i}\n");
        format!("{HEAD}{}backend be\n{}", (0..n / 3).map(section).collect::<String>(), (0..n / 3).map(server).collect::<String>())
    }),
    ("comments that silence a section", |n| {
        let section = |i| format!("backend b{i}\n    # haproxy-lint: ignore-section reference/unknown-section\n    use-server x if nope\n");
        format!("{HEAD}{}", (0..n / 3).map(section).collect::<String>())
    }),
    ("comments that silence the file", |n| {
        let line = |i| format!("# haproxy-lint: ignore-file dead/unused-backend\nbackend b{i}\n");
        format!("{HEAD}{}", (0..n / 2).map(line).collect::<String>())
    }),
    ("conditions with many terms", |n| {
        let terms = vec!["{ path /a }"; 28].join(" or ");
        format!(
            "{HEAD}frontend fe\n    bind :80\n{}",
            (0..n / 10).map(|i| format!("    http-request deny if {terms} or {{ path /{i} }}\n")).collect::<String>()
        )
    }),
    ("questions of .if", |n| (0..n / 6).map(|i| format!(".if defined(X{i})\n.endif\n")).collect()),
    ("parentheses in .if", |n| format!(".if {}1{}\n.endif\n", "(".repeat(n * 5), ")".repeat(n * 5))),
    ("defaults from defaults", |n| {
        let section = |i| format!("defaults d{} from d{i}\n    mode http\n", i + 1);
        format!("defaults d0\n    mode http\n{}", (0..n / 2).map(section).collect::<String>())
    }),
    ("what inherits from a long chain", |n| {
        let section = |i| format!("defaults d{} from d{i}\n    mode http\n", i + 1);
        let heir = |i| format!("frontend f{i} from d{}\n    bind :80\n    http-request deny if {{ src_http_req_rate gt 3 }}\n", n / 5);
        let chain: String = (0..n / 5).map(section).collect();
        format!("defaults d0\n    mode http\n{chain}{}", (0..n / 5).map(heir).collect::<String>())
    }),
    ("what inherits many rules", |n| {
        let rule = |i| format!("    http-request set-header X-{i} y\n");
        let rules: String = (0..n / 2).map(rule).collect();
        format!("defaults d\n    mode http\n{rules}{}", (0..n / 4).map(|i| format!("frontend f{i}\n    bind :80\n")).collect::<String>())
    }),
    ("tables that are not there", |n| {
        let section = |i| format!("frontend f{i}\n    bind :80\n    filter bwlim-out l limit 1k key src table t{i}\n");
        format!("{HEAD}{}", (0..n / 3).map(section).collect::<String>())
    }),
    ("servers of one name", |n| format!("{HEAD}backend be\n{}", "    server one 192.0.2.1:80\n".repeat(n))),
    ("unknown keywords", |n| {
        format!("{HEAD}backend be\n{}", (0..n).map(|i| format!("    serverr{i} one 192.0.2.1:80\n")).collect::<String>())
    }),
];

fn measured(mut run: impl FnMut()) -> Duration {
    let once = |()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_n((), RUNS).map(once).min().unwrap_or_default()
}

/// How often lines are looked at again that seem to grow: where a line costs a fraction of a microsecond, what else the machine does
/// may well be twice that.
const AGAIN: usize = 3;

/// Prints what lines cost, and says whether they cost the same.
fn judge(name: &str, times: impl Fn() -> [Duration; 3]) -> bool {
    let cost = || -> Vec<f64> { times().iter().zip(SIZES).map(|(time, lines)| time.as_secs_f64() * 1e6 / lines as f64).collect() };
    let is_even = |costs: &[f64]| costs[2] <= costs[0] * FACTOR;
    let mut costs = cost();
    for _ in 0..AGAIN {
        if !is_even(&costs) {
            costs = cost();
        }
    }
    let even = is_even(&costs);
    println!("{name:<36}{:>9.2}{:>9.2}{:>9.2}  {}", costs[0], costs[1], costs[2], if even { "" } else { "GROWS" });
    even
}

/// How many lines of examples there are in the small file, and how many times as many in the large one.
const EXAMPLES: (usize, usize) = (2_000, 8);

/// `text` with `number` behind each of `names`.
fn numbered(text: &str, names: &[&str], number: usize) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let mut all = String::with_capacity(text.len() * 2);
    for part in text.split_inclusive(|c| !is_name(c)) {
        let name = part.trim_end_matches(|c| !is_name(c));
        all += name;
        if names.contains(&name) {
            all += &format!("_{number}");
        }
        all += &part[name.len()..];
    }
    all
}

/// The names of the sections of an example.
fn section_names(text: &str) -> Vec<&str> {
    let words = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    words
        .filter(|words| words.first().is_some_and(|first| section_kind(first).is_some()))
        .filter_map(|words| words.get(1).copied())
        .collect()
}

/// An example so many times, each time with other names of sections if they are to be `renamed`.
fn repeated(text: &str, count: usize, renamed: bool) -> String {
    let names = if renamed { section_names(text) } else { Vec::new() };
    (0..count).map(|number| numbered(text, &names, number) + "\n").collect()
}

/// What an example declares in its sections: ACLs, filters, servers.
fn own_names(text: &str) -> Vec<String> {
    let sources = Sources::single("haproxy.cfg", text);
    let trees = [Tree::new(&sources.files()[0])];
    let readings = read(&sources, &trees, &ReadOptions::default());
    let sections = section_names(text);
    let declared =
        |config: &Config<'_>| config.names.declared().filter_map(|same| Some(same.first()?.name().to_owned())).collect::<Vec<_>>();
    readings.iter().flat_map(|reading| declared(&Config::new(reading))).filter(|name| !sections.contains(&&**name)).collect()
}

/// An example whose sections have their lines so many times, each time with other names of what they declare.
fn lengthened(text: &str, count: usize, names: &[&str]) -> String {
    let is_header = |line: &str| line.split_whitespace().next().is_some_and(|first| section_kind(first).is_some());
    let (mut all, mut body) = (String::new(), String::new());
    for line in text.lines().chain(["global"]) {
        if is_header(line) {
            all.extend((0..count).map(|number| numbered(&body, names, number)));
            body.clear();
        }
        let to = if is_header(line) { &mut all } else { &mut body };
        *to += &format!("{line}\n");
    }
    all
}

/// Holds the cost of a line in a small file against that in a large one of the same kind; says so if it grows.
fn grows(name: &str, text: impl Fn(usize) -> String, options: &Options) -> bool {
    let files = [1, EXAMPLES.1].map(|times| Sources::single("haproxy.cfg", text(times)));
    let mut best = [Duration::MAX; 2];
    for _ in 0..RUNS {
        for (best, sources) in best.iter_mut().zip(&files) {
            let start = Instant::now();
            drop(black_box(check(sources, options)));
            *best = start.elapsed().min(*best);
        }
        if best[1].as_secs_f64() <= best[0].as_secs_f64() * EXAMPLES.1 as f64 * FACTOR {
            return false;
        }
    }
    println!("{name:<60}{:>9.2}{:>9.2} ms  GROWS", best[0].as_secs_f64() * 1e3, best[1].as_secs_f64() * 1e3);
    true
}

/// Whether all examples, each alone and all together, cost the same a line however often they stand there.
fn examples_are_even() -> bool {
    let all: Vec<(String, Example)> =
        RULES.iter().flat_map(|rule: &&Rule| examples(rule).into_iter().map(|e| (rule.name.to_owned(), e))).collect();
    let configurations = || all.iter().filter(|(_, example)| !example.topology && !example.runtime);
    let mut grown = 0;
    for (name, example) in configurations() {
        let count = EXAMPLES.0.div_ceil(example.text.lines().count().max(1));
        for renamed in [true, false] {
            let text = |times| repeated(&example.text, count * times, renamed);
            grown += usize::from(grows(&format!("{name}{}", if renamed { "" } else { ", names and all" }), text, &example.options));
        }
        let own = own_names(&example.text);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        for (names, how) in [(&own[..], ", within its sections"), (&[], ", within its sections, names and all")] {
            grown += usize::from(grows(&format!("{name}{how}"), |times| lengthened(&example.text, count * times, names), &example.options));
        }
    }
    // Conditions make several configurations of a file, and of a large one fewer.
    let plain = || configurations().filter(|(_, example)| !example.text.contains(".if"));
    let together =
        |times| (0..times).flat_map(|number| plain().map(move |(_, e)| numbered(&e.text, &section_names(&e.text), number))).collect();
    grown += usize::from(grows("all examples together", together, &Options::default()));
    println!("{} examples, {grown} shapes of them grow", configurations().count());
    grown == 0
}

fn main() -> ExitCode {
    println!("{:<36}{:>9}{:>9}{:>9}  µs a line", "lines", SIZES[0], SIZES[1], SIZES[2]);
    let options = Options { target: "2.8.10".parse().ok(), ..Options::default() };
    let mut even = true;
    for (name, shape) in SHAPES {
        let files = SIZES.map(|lines| Sources::single("haproxy.cfg", shape(lines)));
        even &= judge(name, || files.each_ref().map(|sources| measured(|| drop(black_box(check(sources, &options))))));
    }
    let faults = SIZES.map(|lines| Sources::single("haproxy.cfg", format!("{HEAD}backend be\n{}", "    nonsense\n".repeat(lines))));
    for (name, format) in Format::ALL {
        let time = |sources: &Sources| {
            let report = check(sources, &options);
            let checked = [Checked { sources, report: &report, target: options.target }];
            let style = Style::plain(80);
            measured(|| render(format, &checked, style, &mut std::io::sink()).expect("a sink takes everything"))
        };
        even &= judge(&format!("findings as {name}"), || faults.each_ref().map(time));
    }
    even &= examples_are_even();
    if even { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
