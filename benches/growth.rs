//! What lines cost does not depend on how many there are: each shape at three sizes, and the time of a line within a factor
//! of two between them. `cargo bench --bench growth` fails otherwise.
//!
//! The shapes are those that were dear once: circles, names that repeat, comments that silence, nesting.

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::{Options, check},
    report::{Checked, Format, Style, render},
    source::Sources,
};

/// How much dearer a line may be in the largest file than in the smallest.
const FACTOR: f64 = 2.0;

/// The best of so many runs: what else the machine does makes some of them slower.
const RUNS: usize = 5;

/// How many lines the smallest, the middle and the largest file have.
const SIZES: [usize; 3] = [5_000, 10_000, 20_000];

const HEAD: &str = "defaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n";

type Shape = (&'static str, fn(usize) -> String);

const SHAPES: [Shape; 14] = [
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

/// Prints what lines cost, and says whether they cost the same.
fn judge(name: &str, times: [Duration; 3]) -> bool {
    let costs: Vec<f64> = times.iter().zip(SIZES).map(|(time, lines)| time.as_secs_f64() * 1e6 / lines as f64).collect();
    let even = costs[2] <= costs[0] * FACTOR;
    println!("{name:<36}{:>9.2}{:>9.2}{:>9.2}  {}", costs[0], costs[1], costs[2], if even { "" } else { "GROWS" });
    even
}

fn main() -> ExitCode {
    println!("{:<36}{:>9}{:>9}{:>9}  µs a line", "lines", SIZES[0], SIZES[1], SIZES[2]);
    let options = Options { target: "2.8.10".parse().ok(), ..Options::default() };
    let mut even = true;
    for (name, shape) in SHAPES {
        let files = SIZES.map(|lines| Sources::single("haproxy.cfg", shape(lines)));
        even &= judge(name, files.each_ref().map(|sources| measured(|| drop(black_box(check(sources, &options))))));
    }
    let faults = SIZES.map(|lines| Sources::single("haproxy.cfg", format!("{HEAD}backend be\n{}", "    nonsense\n".repeat(lines))));
    for (name, format) in Format::ALL {
        let time = |sources: &Sources| {
            let report = check(sources, &options);
            let checked = [Checked { sources, report: &report, target: options.target }];
            let style = Style::plain(80);
            measured(|| render(format, &checked, style, &mut std::io::sink()).expect("a sink takes everything"))
        };
        even &= judge(&format!("findings as {name}"), faults.each_ref().map(time));
    }
    if even { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
