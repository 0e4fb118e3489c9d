//! Files of `/etc/sysctl.d`: what is set whenever a host starts.

use crate::source::{Location, SourceFile, Span};

use super::{Reader, Text};
use crate::topology::{
    assign::named_after,
    model::{Platform, Sysctl, Topology},
};

pub(super) static READER: Reader = Reader {
    rank: 55,
    about: &[(
        "files of `sysctl.d`, `*sysctl*.conf`, and others of sysctls of the network alone",
        "sysctls of the host whose name is in their path, else of every host",
    )],
    named: is_one,
    text: Some(Text {
        is: |file, plain| is_one(file.name()) || plain && sets_the_network(file),
        read: |file, id, reading| {
            let at = |span| Location { file: id, span };
            let sysctls = lines(file).map(|(name, value, span)| Sysctl { name, value, at: Some(at(span)) }).collect();
            reading.topology.sysctls.push((file.name().to_owned(), sysctls));
        },
    }),
    ..Reader::NEW
};

/// Whether a path is that of such a file.
pub(in crate::topology) fn is_one(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    name.ends_with(".conf") && (name.contains("sysctl") || folder.rsplit('/').next() == Some("sysctl.d"))
}

/// Whether a file that is called otherwise holds nothing but sysctls of the network, as roles of Ansible have them among their files.
fn sets_the_network(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    let mut said = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])).peekable();
    let is_one = |line: &str| line.trim_start_matches('-').starts_with("net.") && line.contains('=');
    said.peek().is_some() && said.all(is_one)
}

/// The sysctls that a file sets, with the places of their names.
pub(in crate::topology) fn lines(file: &SourceFile) -> impl Iterator<Item = (String, String, Span)> + '_ {
    (0..file.line_starts().len()).filter_map(|number| {
        let span = file.line_span(number);
        let text = file.text(span);
        let line = text.trim_start();
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with(['#', ';']))?;
        let start = span.start + (text.len() - line.len()) as u32;
        let name = name.trim_end();
        let span = Span::new(start, start + name.len() as u32);
        // The sign says that an error does not matter.
        Some((name.trim_start_matches('-').replace('/', "."), value.trim().to_owned(), span))
    })
}

/// Tells every host what the files set: those in whose path its name is, and those whose path names no host. What a host says itself
/// is right.
pub(in crate::topology) fn apply(topology: &mut Topology) {
    let mut files = std::mem::take(&mut topology.sysctls);
    // A later name wins, in whichever folder it is; one for a host alone comes last.
    files.sort_by_cached_key(|(path, _)| path.rsplit('/').next().unwrap_or("").to_owned());
    let owners: Vec<Vec<usize>> = files.iter().map(|(path, _)| named_after(topology, path)).collect();
    for at in 0..topology.nodes.len() {
        let group = &mut topology.groups[topology.nodes[at].group];
        if group.platform != Platform::Host {
            continue;
        }
        let said = group.sysctls.len();
        for own in [false, true] {
            for ((_, sysctls), _) in files.iter().zip(&owners).filter(|(_, o)| o.is_empty() != own && (!own || o.contains(&at))) {
                let new: Vec<Sysctl> =
                    sysctls.iter().filter(|s| group.sysctls[..said].iter().all(|own| own.name != s.name)).cloned().collect();
                group.sysctls.extend(new);
            }
        }
    }
    topology.sysctls = files;
}
