//! `keepalived.conf`: the addresses that move between hosts, who begins with them, what instances are to have alike, and the scripts
//! that they track.

mod statements;

use std::{collections::HashSet, net::IpAddr};

use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Span},
};

use super::{Reader, Text, file_name};
use crate::topology::model::{Role, Said, Topology, Vip, VrrpInstance, VrrpScript};
use statements::{Statement, Word, statements};

pub(super) static READER: Reader = Reader {
    rank: 40,
    about: &[(
        "`keepalived.conf`",
        "addresses that move between hosts, who begins as BACKUP, what the hosts must have alike for that, and what its scripts ask; beside one configuration alone it is that of its host",
    )],
    named: |path| file_name(path).starts_with("keepalived") && path.ends_with(".conf"),
    text: Some(Text { is: |file, plain| plain && is_keepalived(file), read: |file, id, reading| read(file, id, &mut reading.topology) }),
    ..Reader::NEW
};

/// So many bytes of `auth_pass` count.
const PASSWORD: usize = 8;

/// Whether a file is a configuration of keepalived.
pub(in crate::topology) fn is_keepalived(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    text.lines().any(|l| l.trim_start().starts_with("vrrp_instance "))
}

/// Adds what `file` says.
pub(in crate::topology) fn read(file: &SourceFile, id: FileId, topology: &mut Topology) {
    let mut reading = Reading::new(file, id);
    statements(file, id).iter().for_each(|statement| reading.take(statement));
    reading.finish(topology);
}

/// An instance, and what it says of who has its addresses at first.
struct Instance {
    vrrp: VrrpInstance,
    master: Option<bool>,
    /// The number of its first address.
    first: usize,
    /// The `router_id` that was said before it ends.
    router: Option<String>,
}

/// What was read so far.
struct Reading<'f> {
    file: &'f SourceFile,
    id: FileId,
    vips: Vec<Vip>,
    instances: Vec<Instance>,
    /// The names of all scripts, and what those run that say it.
    scripts: Vec<Said<String>>,
    commands: Vec<VrrpScript>,
    tracked: HashSet<String>,
    router: Option<String>,
    version_3: bool,
    /// There is more than this file says.
    open: bool,
}

impl<'f> Reading<'f> {
    fn new(file: &'f SourceFile, id: FileId) -> Self {
        Self {
            file,
            id,
            vips: Vec::new(),
            instances: Vec::new(),
            scripts: Vec::new(),
            commands: Vec::new(),
            tracked: HashSet::new(),
            router: None,
            version_3: false,
            open: false,
        }
    }

    fn take(&mut self, statement: &Statement) {
        let (first, value) = (statement.str(0), statement.str(1));
        let blocks: Vec<&str> = statement.blocks.iter().map(String::as_str).collect();
        let made = first.starts_with(['@', '~']) || first == "include" || statement.words.iter().any(|word| word.text.contains('$'));
        self.open |= made;
        match (blocks.as_slice(), first) {
            (_, "router_id") => self.router = Some(value.to_owned()),
            ([], "vrrp_script") => self.scripts.extend(statement.words.get(1).map(|name| Said { value: name.text.clone(), at: name.at })),
            (["vrrp_script"], "script") => self.command(statement),
            ([], "vrrp_instance") => self.instance(statement.words.get(1)),
            ([.., "track_script"], name) => _ = self.tracked.insert(name.to_owned()),
            (["global_defs"], "vrrp_version") => self.version_3 = value == "3",
            ([.., "virtual_ipaddress" | "virtual_ipaddress_excluded"], _) => self.address(&blocks, &statement.words[0]),
            (["vrrp_instance", inside @ ..], _) => self.of_instance(inside, first, value),
            _ => {}
        }
    }

    /// What stands behind `script`, which `#` and `!` do not end.
    fn command(&mut self, statement: &Statement) {
        let span = self.file.line_span(statement.line);
        let line = self.file.text(span);
        let Some(name) = self.scripts.last() else { return };
        let Some(at) = line.find("script").map(|at| at + "script".len()) else { return };
        let rest = line.cut(at..);
        let quoted = statement.str(1).starts_with('"');
        let command = if quoted { statement.str(1) } else { rest.trim() };
        let start = (span.start + (at + rest.find(command).unwrap_or(0)) as u32).min(span.end);
        let at = Location { file: self.id, span: Span::new(start, (start + command.len() as u32).min(span.end)) };
        self.commands.push(VrrpScript { name: name.value.clone(), command: command.trim_matches(['"', '\'']).to_owned(), at });
    }

    fn instance(&mut self, name: Option<&Word>) {
        self.end();
        let at = name.map_or(Location { file: self.id, span: Span::new(0, 0) }, |name| name.at);
        let vrrp = VrrpInstance {
            name: name.map_or(String::new(), |name| name.text.clone()),
            at,
            text: Location { file: self.id, span: Span::new(0, 0) },
            id: None,
            interval: "1".to_owned(),
            password: None,
            version_3: false,
            addresses: Some(Vec::new()),
            unicast: (None, Vec::new()),
        };
        self.instances.push(Instance { vrrp, master: None, first: self.vips.len(), router: None });
    }

    fn address(&mut self, blocks: &[&str], word: &Word) {
        let text = word.text.split('/').next().unwrap_or("");
        let address: Option<IpAddr> = text.parse().ok();
        self.vips.extend(address.map(|address| Vip { address, at: word.at, role: None }));
        if let (["vrrp_instance", "virtual_ipaddress"], Some(Instance { vrrp, .. })) = (blocks, self.instances.last_mut()) {
            vrrp.addresses = vrrp.addresses.take().zip(address).map(|(mut all, one)| {
                all.push(one);
                all
            });
        }
    }

    fn of_instance(&mut self, inside: &[&str], first: &str, value: &str) {
        let Some(Instance { vrrp, master, .. }) = self.instances.last_mut() else { return };
        match (inside, first) {
            ([], "state") => *master = Some(value == "MASTER"),
            ([], "virtual_router_id") => vrrp.id = value.parse().ok(),
            ([], "advert_int") => value.clone_into(&mut vrrp.interval),
            ([], "version") => vrrp.version_3 = value == "3",
            ([], "unicast_src_ip") => vrrp.unicast.0 = Some(value.to_owned()),
            (["unicast_peer"], peer) => vrrp.unicast.1.push(peer.to_owned()),
            (["authentication"], "auth_pass") => {
                vrrp.password = Some(value.trim_matches('"').bytes().take(PASSWORD).map(char::from).collect());
            }
            _ => {}
        }
    }

    /// Ends the instance that is being read.
    fn end(&mut self) {
        if let Some(last) = self.instances.last_mut() {
            last.router.clone_from(&self.router);
        }
    }

    /// Adds all of it. What instances are to have alike is certain only where the file is all there: one that includes others, or that
    /// something fills in first, is not.
    fn finish(mut self, topology: &mut Topology) {
        self.end();
        for instance in &self.instances {
            let host = instance.router.as_ref().or(instance.vrrp.unicast.0.as_ref());
            let role = instance.master.zip(host).map(|(master, host)| Role { master, host: host.clone() });
            self.vips.iter_mut().skip(instance.first).for_each(|vip| vip.role.clone_from(&role));
        }
        topology.vips.append(&mut self.vips);
        topology.vrrp_scripts.append(&mut self.commands);
        let text = String::from_utf8_lossy(self.file.bytes());
        if self.open || ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark)) {
            return;
        }
        let version_3 = self.version_3;
        topology
            .vrrp_instances
            .extend(self.instances.into_iter().map(|i| VrrpInstance { version_3: i.vrrp.version_3 || version_3, ..i.vrrp }));
        topology.vrrp_untracked.extend(self.scripts.into_iter().filter(|script| !self.tracked.contains(&script.value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is no UTF-8 is longer as text, and moves no place; a brace may stand anywhere.
    #[test]
    fn places_are_those_of_the_file() {
        let mut bytes = b"# \xff\xff\xff\xff\n".to_vec();
        bytes.extend(
            b"global_defs\n{\n router_id lb1\n}\nvrrp_script chk { script \"/bin/a #b\" }\nvrrp_instance v{\n state MASTER\n virtual_ipaddress { 10.0.0.9/24 dev eth0 }\n}\n",
        );
        let file = SourceFile::new("keepalived.conf", bytes);
        let mut topology = Topology::default();
        read(&file, FileId(0), &mut topology);
        let shown = |at: Location| String::from_utf8_lossy(file.slice(at.span)).into_owned();
        let role = topology.vips[0].role.as_ref().map(|role| (role.master, role.host.as_str()));
        assert_eq!((shown(topology.vips[0].at).as_str(), role), ("10.0.0.9/24", Some((true, "lb1"))));
        assert_eq!((topology.vrrp_instances[0].name.as_str(), shown(topology.vrrp_instances[0].at).as_str()), ("v", "v"));
        assert_eq!(topology.vrrp_untracked.iter().map(|script| shown(script.at)).collect::<Vec<_>>(), ["chk"]);
        assert_eq!((topology.vrrp_scripts[0].name.as_str(), topology.vrrp_scripts[0].command.as_str()), ("chk", "/bin/a #b"));
    }
}
