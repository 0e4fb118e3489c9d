//! `doctor`: asks running nodes, or reads what they said, and tells what it means.

use std::{
    io::{IsTerminal, Write},
    net::IpAddr,
    path::Path,
    thread,
    time::Instant,
};

use haproxy_lint::{
    check::Options,
    finding::Severity,
    runtime::{
        self, Answers, Cluster, Diagnosis, Health, Ladder,
        probe::Probe,
        report::{self, Format, Shown},
    },
    source::{Disk, FileId, Location, SourceFile, Span, configuration_files},
    topology::{self, Group, Kind, Mesh, Name, Node, Platform, Topology},
};

use super::{jobs, machine, topology as files};
use crate::{
    CLEAN, FAILED, FINDINGS,
    cli::{Doctor, When},
    error::{Error, Result},
    live::{
        self,
        probe::{self, Wanted},
        socket::Socket,
    },
    output,
};

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
    output::errors_in(options.color);
    if options.socket.is_empty() && options.show_peers.is_empty() && !options.probe {
        return Err(nothing());
    }
    let begun = Instant::now();
    loop {
        let gathered = gather(options, begun);
        let last = options.wait.is_none_or(|wait| begun.elapsed() + options.interval > wait);
        let (status, shown) = examine(options, gathered, last)?;
        if options.watch {
            thread::sleep(options.interval);
        } else if status == CLEAN || last {
            shown.show(options)?;
            return Ok(status);
        } else {
            thread::sleep(options.interval.min(options.wait.unwrap_or_default().saturating_sub(begun.elapsed())));
        }
    }
}

fn nothing() -> Error {
    Error::new(
        "there is no dump to look at",
        "ask a running HAProxy: `--socket /run/haproxy/admin.sock`, or give what it printed:\n\
         `echo \"show peers\" | socat stdio /run/haproxy/admin.sock | cargo haproxy-lint doctor --show-peers -`\n\
         `kubectl exec POD -- sh -c 'echo \"show peers\" | socat stdio /var/run/haproxy.sock' > POD.txt`, then `--show-peers POD=POD.txt` for each pod;\n\
         before HAProxy runs: `--probe -f haproxy.cfg`",
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
        match jobs::source(Path::new(path), "<stdin>") {
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
    let asked: Vec<_> = options.socket.iter().map(|given| {
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

/// What is to be printed, once it is known that this is the last time.
struct Done {
    text: Vec<u8>,
    errors: Vec<Error>,
}

impl Done {
    fn show(self, _: &Doctor) -> Result<()> {
        self.errors.into_iter().for_each(Error::report);
        output::to_stdout(|out| out.write_all(&self.text))
    }
}

fn examine(options: &Doctor, gathered: Gathered, last: bool) -> Result<(u8, Done)> {
    let Gathered { texts, mut errors } = gathered;
    let mut topology = match options.topology.is_empty() {
        true => Topology::default(),
        false => files::load(&options.topology, &mut errors),
    };
    let library = machine::options(&options.machine, &Default::default(), None, options.host)?;
    let answers = read(texts, &mut topology, &mut errors);
    let nodes = runtime::nodes(answers);
    configure(options, &mut topology, &nodes, &library, &mut errors)?;
    let checked = topology::check(&topology, &library);
    let mesh = (!checked.mesh.views.is_empty()).then_some(&checked.mesh);
    let cluster = Cluster::new(nodes, mesh, Vec::new());
    let wanted = if options.probe && last { wanted(&cluster, mesh, &library) } else { Vec::new() };
    let Cluster { nodes, .. } = cluster;
    let cluster = Cluster::new(nodes, mesh, probe::all(wanted, options.timeout));
    let mut selection = library.clone();
    super::project::select(&mut selection.selection, &options.select, &options.ignore)?;
    let diagnosis = diagnose(&cluster, &selection, &topology, checked.report.findings);
    let ladders = runtime::ladder(&cluster);
    let status = status(options, &cluster, &diagnosis, &errors);
    let text = print(options, &topology, &cluster, &diagnosis, &ladders, checked.target)?;
    Ok((status, Done { text, errors }))
}
