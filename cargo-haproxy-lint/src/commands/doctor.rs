//! `doctor`: asks running nodes, or reads what they said, and tells what it means.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    finding::{Finding, Severity},
    project,
    report::doctor::{self as report, Shown},
    runtime::{self, Answers, Cluster, Instead},
    shown::Form,
    source::{By, Fence, FileId, Location, SourceFile, Span},
    topology::{self, Group, Kind, Name, Node, Origin, Platform, Topology, Variable, Variables, View},
};

use super::{Command, Example};
use crate::{
    CLEAN, FAILED, FINDINGS,
    cli::{
        Limit, Machine, When,
        values::{level, time},
    },
    error::{Error, Result},
    input::{here, jobs, machine, topology as files},
    live::{
        files::{Disk, limit},
        probe::{self, Wanted},
        socket::{Socket, within},
    },
    output,
};
use clap::Args;

/// Say what `show peers` of running nodes means, and what to do
#[derive(Debug, Args)]
#[command(display_order = 7)]
pub(crate) struct Doctor {
    /// Ask a running HAProxy: the path of a stats socket, or HOST:PORT; `@1:PATH` is the first worker behind a master socket
    #[arg(long, value_name = "[NAME=]PATH|HOST:PORT")]
    pub(crate) socket: Vec<String>,
    /// What `show peers` printed, in a file, `-` for standard input; several of one NAME are answers of one node in time order
    #[arg(long, value_name = "[NAME=]FILE|-")]
    pub(crate) show_peers: Vec<String>,
    /// The configuration that the nodes read; several files are one configuration, in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-")]
    pub(crate) topology: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
    /// This machine is the node: its host name, addresses, sysctls and listening sockets are read
    #[arg(long)]
    pub(crate) host: bool,
    /// Try every configured peer from here: name, route, TCP, and the hello of the peers protocol
    #[arg(long)]
    pub(crate) probe: bool,
    /// How long a socket or a probe may take
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    pub(crate) timeout: Duration,
    /// The time between two questions to a socket
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = time)]
    pub(crate) interval: Duration,
    /// How often a socket is asked, so that counters become rates
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) samples: usize,
    /// Ask again until every pair is established, no longer than this
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) wait: Option<Duration>,
    /// Show the peers as they are, again and again, until interrupted
    #[arg(long, conflicts_with = "wait")]
    pub(crate) watch: bool,
    /// human, json or prometheus
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = diagnosis)]
    pub(crate) format: report::Format,
    /// Let only these rules and groups speak
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Silence these rules and groups
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// End with status 1 from this severity on: error (if nothing is said), warning or info
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) fail_on: Option<Severity>,
    /// Show the ladder of steps of every node with its commands, also where all is well
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

impl Command for Doctor {
    const EXAMPLES: &[Example] = &[
        ("--show-peers show-peers.txt", "what `show peers` printed, explained"),
        ("--socket /run/haproxy/admin.sock", "the same from a running HAProxy"),
        ("--probe -f haproxy.cfg --local-name lb1", "before it runs: try every peer from here"),
    ];
    const JUDGES: bool = true;

    fn run(&self) -> Result<u8> {
        run(self)
    }
}

fn diagnosis(text: &str) -> Result<report::Format, String> {
    let formats = report::Format::ALL;
    let found = formats.into_iter().find(|(name, _)| *name == text).map(|(_, format)| format);
    found.ok_or_else(|| format!("the formats are {}", formats.map(|(name, _)| name).join(", ")))
}

/// A text of a node, with where it comes from.
struct Text {
    name: Option<String>,
    source: String,
    text: String,
    seconds: Option<f64>,
}

/// What was gathered, before anything is made of it.
#[derive(Default)]
struct Gathered {
    texts: Vec<Text>,
    errors: Vec<Error>,
}

pub(crate) fn run(options: &Doctor) -> Result<u8> {
    limit(options.limit.max_file_size);
    output::errors_in(options.color);
    if options.socket.is_empty() && options.show_peers.is_empty() && !options.probe {
        return Err(nothing());
    }
    let begun = Instant::now();
    loop {
        let gathered = gather(options, begun);
        let left = options.wait.map(|wait| wait.saturating_sub(begun.elapsed())).filter(|left| !left.is_zero());
        let done = examine(options, gathered)?;
        if options.watch {
            done.watch()?;
            thread::sleep(options.interval);
        } else if let (false, Some(left)) = (done.status == CLEAN, left) {
            thread::sleep(options.interval.min(left));
        } else {
            return done.show();
        }
    }
}

fn nothing() -> Error {
    Error::steps(
        "there is no dump to look at",
        &[
            "ask a running HAProxy: `--socket /run/haproxy/admin.sock`, or give what it printed:",
            "`echo \"show peers\" | socat stdio /run/haproxy/admin.sock | haproxy-lint doctor --show-peers -`",
            "`kubectl exec POD -- sh -c 'echo \"show peers\" | socat stdio /var/run/haproxy/admin.sock' > POD.txt`, then `--show-peers POD=POD.txt` for each pod;",
            "before HAProxy runs: `--probe -f haproxy.cfg`",
        ],
    )
}

/// Splits `NAME=FILE`; a `=` behind a `/` is part of a path.
fn named(text: &str) -> (Option<String>, &str) {
    match text.split_once('=') {
        Some((name, rest)) if !name.is_empty() && !name.contains('/') => (Some(name.to_owned()), rest),
        _ => (None, text),
    }
}

fn gather(options: &Doctor, begun: Instant) -> Gathered {
    let mut gathered = Gathered::default();
    for given in &options.show_peers {
        let (name, path) = named(given);
        // A pipe that nobody writes into, or never closes, ends with the time.
        let end = Instant::now() + options.timeout;
        let owned = PathBuf::from(path);
        let read = within(end, move || Ok(jobs::source(&owned, By::User, "<stdin>")));
        let read = read.unwrap_or_else(|why| {
            let message = format!("cannot read `{path}`: {why}");
            Err(Error::new(message, "give a file with what `show peers` printed, or a longer `--timeout`"))
        });
        match read {
            Ok(file) => {
                let text = String::from_utf8_lossy(file.bytes()).into_owned();
                gathered.texts.push(Text { name, source: file.name().to_owned(), text, seconds: None });
            }
            Err(error) => gathered.errors.push(error),
        }
    }
    for sample in 0..options.samples.max(1) {
        if sample > 0 && !options.socket.is_empty() {
            thread::sleep(options.interval);
        }
        ask(options, begun, &mut gathered);
    }
    gathered
}

/// Asks every socket once, all at the same time.
fn ask(options: &Doctor, begun: Instant, gathered: &mut Gathered) {
    let timeout = options.timeout;
    let asked = options.socket.iter().map(|given| {
        let (name, path) = named(given);
        let socket = Socket::new(path);
        (name, socket.clone(), thread::spawn(move || (socket.ask(timeout), begun.elapsed())))
    });
    for (name, socket, thread) in asked.collect::<Vec<_>>() {
        match thread.join() {
            Ok((Ok(text), at)) => gathered.texts.push(Text { name, source: socket.name, text, seconds: Some(at.as_secs_f64()) }),
            Ok((Err(error), _)) => gathered.errors.push(Error::new(
                format!("`{}` cannot be asked: {error}", socket.name),
                "name a `stats socket` of a running HAProxy that you may read (`level user` suffices), or `@1:PATH` for a worker behind a master socket",
            )),
            Err(_) => gathered.errors.push(Error::new(format!("`{}` cannot be asked", socket.name), "try it again")),
        }
    }
}

/// What is to be printed.
struct Done {
    status: u8,
    text: Vec<u8>,
    errors: Vec<Error>,
}

impl Done {
    fn show(self) -> Result<u8> {
        self.errors.into_iter().for_each(Error::report);
        output::to_stdout(Form::Raw, |out| out.write_all(&self.text))?;
        Ok(self.status)
    }

    /// Over what was shown before.
    fn watch(self) -> Result<()> {
        if std::io::stdout().is_terminal() {
            output::to_stdout(Form::Raw, |out| out.write_all(b"\x1b[H\x1b[2J"))?;
        }
        self.show().map(drop)
    }
}

fn examine(options: &Doctor, gathered: Gathered) -> Result<Done> {
    let Gathered { texts, mut errors } = gathered;
    let mut topology = match (options.topology.is_empty(), options.host) {
        (false, _) => files::load(&options.topology, false, &mut errors),
        (true, true) => topology::read(here::files()).0,
        (true, false) => Topology::default(),
    };
    let of_machine = if options.topology.is_empty() { machine::options_here } else { machine::options };
    let mut library = of_machine(&options.machine, Options::default(), options.host)?;
    options.select.iter().try_for_each(|name| library.selection.select(name))?;
    options.ignore.iter().try_for_each(|name| library.selection.ignore(name))?;
    let nodes = runtime::nodes(read(texts, &mut topology, &mut errors));
    configure(options, &mut topology, &nodes, &library)?;
    // What this host says of itself is no stranger's.
    let fence = files::fence(&options.topology, &options.files, options.topology.is_empty());
    files::mounted(&mut topology, &fence);
    // What is configured is checked by all rules; which of them speak is for the doctor alone.
    let checked = haproxy_lint::check::nodes::check(&topology, &Options { selection: Default::default(), ..library.clone() });
    let mesh = (!checked.mesh.views.is_empty()).then_some(&checked.mesh);
    let mut cluster = Cluster::new(nodes, mesh, Vec::new());
    if options.probe {
        cluster.probes = probe::all(wanted(&cluster, &library), options.timeout);
    }
    if cluster.nodes.is_empty() && cluster.probes.is_empty() {
        // Each says what is wrong with it, and what to do.
        if errors.is_empty() {
            errors.push(nothing());
        }
        return Ok(Done { status: FAILED, text: Vec::new(), errors });
    }
    let diagnosis =
        haproxy_lint::check::doctor::diagnose(&cluster, &library, &topology.sources).with_causes(&cluster, checked.report.findings);
    let ladders = runtime::ladder(&cluster);
    let shown = Shown {
        cluster: &cluster,
        diagnosis: &diagnosis,
        ladders: &ladders,
        sources: &topology.sources,
        target: checked.target,
        style: output::style(output::Looks { color: options.color, most: 0 }),
        verbose: options.verbose,
    };
    let mut text = Vec::new();
    let drawn =
        if options.watch { report::table(&cluster, shown.style, &mut text) } else { report::render(&shown, options.format, &mut text) };
    drawn.map_err(|error| Error::write(Path::new("standard output"), &error))?;
    let fails = |f: &Finding| options.fail_on.is_some_and(|level| f.severity >= level);
    let broken = !diagnosis.health.is_well() || diagnosis.findings.iter().any(fails);
    let status = if !errors.is_empty() {
        FAILED
    } else if broken {
        FINDINGS
    } else {
        CLEAN
    };
    Ok(Done { status, text, errors })
}

/// A text without a dump; the log of a HAProxy that did not start says why there is none.
fn no_dump(source: &str, text: &str) -> Error {
    let alert = text.lines().find(|l| l.contains("[ALERT]")).map(|l| l.trim().chars().take(200).collect::<String>());
    match alert {
        Some(alert) => Error::new(
            format!("`{source}` holds no dump, and HAProxy did not start: {alert}"),
            "give the configuration to `haproxy-lint check --host`, which names what keeps it from starting; `cannot bind` is an address that is not \
             this machine's, or a port that is taken",
        ),
        None => no_answer(source, runtime::instead(text)),
    }
}

/// A text in which a tool says why it has no answer, or something else altogether.
fn no_answer(source: &str, instead: Option<Instead>) -> Error {
    let (why, help) = match instead {
        Some(Instead::NoProgram) => (
            "nothing was asked, as the container does not have the program",
            "from outside: `kubectl debug -it POD --image=alpine/socat --target=haproxy -- sh`, whose `/proc/1/root` has the socket; or ask a \
             `stats socket ipv4@127.0.0.1:9999` by `kubectl port-forward POD 9999` and `--socket 127.0.0.1:9999`",
        ),
        Some(Instead::Denied) => (
            "the socket may not be asked by this user",
            "ask as the user that HAProxy runs as, or as root, or say `mode`, `user` and `level user` on the `stats socket` line",
        ),
        Some(Instead::NoSocket) => (
            "nothing listens at that socket",
            "take the path of the `stats socket` line in `global`; without such a line HAProxy cannot be asked, and where it does not run there is \
             no socket either",
        ),
        Some(Instead::Tables) => (
            "it is what `show table` prints: the entries of tables, and nothing of peers",
            "ask `show peers` as well, and give both: the sizes of the tables are compared then",
        ),
        Some(Instead::Nothing) => (
            "it is empty, and HAProxy ends every answer with a line, also where it runs no peers",
            "ask again: `socat` waits half a second for an answer, longer with `-t5`; and see whether HAProxy runs, and whether what was to ask \
             it could",
        ),
        _ => (
            "it holds nothing that `show peers` prints",
            "give all that `echo \"show peers\" | socat stdio SOCKET` prints, or name the socket itself: `--socket SOCKET`",
        ),
    };
    Error::new(format!("`{source}` is no answer: {why}"), help)
}

/// The answers in the texts; each text becomes a file that findings point into.
fn read(texts: Vec<Text>, topology: &mut Topology, errors: &mut Vec<Error>) -> Vec<Answers> {
    let mut answers = Vec::new();
    for Text { name, source, text, seconds } in texts {
        let parsed = if text.len() > runtime::MAX_BYTES { None } else { runtime::parse(&text) };
        let Some(dumps) = parsed else {
            errors.push(no_dump(&source, &text));
            continue;
        };
        let file = topology.sources.add(SourceFile::new(source.clone(), text.into_bytes()));
        answers.push(Answers { name, source, file, dumps, seconds });
    }
    answers
}

/// Gives the configuration to the nodes of the topology; without one, to those that were asked, or to this machine.
fn configure(options: &Doctor, topology: &mut Topology, nodes: &[runtime::Node], library: &Options) -> Result<()> {
    let here = options.host && options.topology.is_empty();
    if here {
        // What is said, or what the process says of itself, is surer than the arguments of some HAProxy on this host.
        let told = nodes.iter().find_map(|n| n.dump().local_name()).filter(|_| nodes.len() == 1);
        let local = options.machine.local_name.as_deref().or(told).map(|name| Name::Known(name.to_owned()));
        topology.nodes.iter_mut().for_each(|node| node.option_l = local.clone().or(node.option_l.take()));
    }
    if options.files.is_empty() {
        return Ok(());
    }
    let mut read = Vec::new();
    for path in &options.files {
        for file in project::configuration(&Disk, path, &Fence::around(&Disk, [path.as_path()], false), "a folder")? {
            let by = if file == *path { By::User } else { By::Repository };
            read.push(jobs::source(&file, by, "<stdin>")?);
        }
    }
    let configuration = topology.add_configuration(read);
    if here {
        topology.nodes.iter_mut().for_each(|node| node.configuration = Some(configuration));
        return Ok(());
    }
    if !topology.nodes.is_empty() {
        files::distribute(topology, &[configuration])?;
        return Ok(());
    }
    let at = Location { file: FileId(topology.sources.files().len() as u32 - 1), span: Span::default() };
    let told = nodes.iter().map(|n| (n.name.clone(), n.dump().local_name().map(str::to_owned)));
    let mut hosts: Vec<(String, Option<String>)> = told.collect();
    if hosts.is_empty() {
        hosts.push((library.local_name.clone().unwrap_or_else(|| "this machine".to_owned()), None));
    }
    let alone = hosts.len() == 1;
    let variable = |(name, value): (&str, &str)| (name.to_owned(), Variable { value: Some(value.to_owned()), origin: Origin::Literal });
    let environment: Variables = library.environment.values().map(variable).collect();
    for (name, local) in hosts {
        let given = library.local_name.clone().filter(|_| alone).or(local);
        let group = Group::new(Platform::Host, Kind::Host, "", &name, at);
        topology.groups.push(group);
        topology.nodes.push(Node {
            group: topology.groups.len() - 1,
            host_name: given.map_or_else(|| Name::Known(name.clone()), Name::Known),
            title: name.clone(),
            name,
            option_l: None,
            addresses: None,
            names: Vec::new(),
            environment: environment.clone(),
            closed: library.environment.is_closed(),
            configuration: Some(configuration),
            facts: None,
        });
    }
    Ok(())
}

/// The peers to try: those that are configured for this node, else those that its dump shows.
fn wanted(cluster: &Cluster<'_>, library: &Options) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    if let Some(mesh) = cluster.mesh {
        let is_here = |v: &&View| library.local_name.is_none() || v.local == library.local_name;
        let asked = |v: &&View| cluster.nodes.is_empty() || cluster.nodes.iter().any(|n| v.local.as_deref() == Some(n.local_name()));
        for view in mesh.views.iter().filter(is_here).filter(asked) {
            for section in &mesh.summary(view).sections {
                for line in view.remotes(section) {
                    let Some((name, address)) = line.name.clone().zip(line.address.as_ref()) else { continue };
                    wanted.push(Wanted {
                        section: section.name.clone(),
                        peer: name,
                        address: address.text.clone(),
                        tls: line.tls,
                        at: Some(address.at),
                    });
                }
            }
        }
    }
    for remote in cluster.remotes() {
        let known = wanted.iter().any(|w| w.peer == remote.peer.name && w.section == remote.section.name);
        if !known && remote.peer.host_and_port().is_some() {
            let (section, peer) = (remote.section.name.clone(), remote.peer.name.clone());
            wanted.push(Wanted { section, peer, address: remote.peer.address().to_owned(), tls: false, at: None });
        }
    }
    wanted
}
