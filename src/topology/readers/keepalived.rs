//! `keepalived.conf`: the addresses that move between hosts, and who begins with them.

use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Span},
};

use super::{Reader, Text};
use crate::topology::model::{Role, Topology, Vip, VrrpScript};
use crate::topology::vrrp;

pub(super) static READER: Reader = Reader {
    rank: 40,
    about: &[(
        "`keepalived.conf`",
        "addresses that move between hosts, who begins as BACKUP, what the hosts must have alike for that, and what its scripts ask; beside one configuration alone it is that of its host",
    )],
    named: |name| name.starts_with("keepalived") && name.ends_with(".conf"),
    text: Some(Text { is: |file, plain| plain && is_keepalived(file), read: |file, id, reading| read(file, id, &mut reading.topology) }),
    ..Reader::NEW
};

/// Whether a file is a configuration of keepalived.
pub(in crate::topology) fn is_keepalived(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    text.lines().any(|l| l.trim_start().starts_with("vrrp_instance "))
}

/// What is said of the instance that is being read.
#[derive(Default)]
struct Instance {
    /// The place of its first address in the topology.
    first: usize,
    master: Option<bool>,
    source: Option<String>,
}

/// Adds the virtual addresses of every instance.
pub(in crate::topology) fn read(file: &SourceFile, id: FileId, topology: &mut Topology) {
    let mut addresses = false;
    let mut router: Option<String> = None;
    let mut script: Option<String> = None;
    let mut instance = Instance::default();
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span).into_owned();
        let plain = text.split(['#', '!']).next().unwrap_or("");
        let mut words = plain.split_ascii_whitespace().peekable();
        while let Some(word) = words.next() {
            match word.trim_end_matches('{') {
                "router_id" => router = words.next().map(str::to_owned),
                "vrrp_script" => script = words.next().map(|name| name.trim_end_matches('{').to_owned()),
                "script" => {
                    if let Some(name) = script.take() {
                        topology.vrrp_scripts.extend(vrrp_script(name, &text, id, span));
                    }
                    break;
                }
                "vrrp_instance" => {
                    instance.finish(router.as_deref(), topology);
                    instance = Instance { first: topology.vips.len(), ..Instance::default() };
                }
                "state" => instance.master = words.next().map(|w| w == "MASTER"),
                "unicast_src_ip" => instance.source = words.next().map(str::to_owned),
                "virtual_ipaddress" | "virtual_ipaddress_excluded" => addresses = true,
                "}" => addresses = false,
                text if addresses => {
                    let Some(address) = text.split('/').next().and_then(|a| a.parse().ok()) else { continue };
                    let start = span.start + plain.find(text).unwrap_or(0) as u32;
                    let at = Location { file: id, span: Span::new(start, start + text.len() as u32) };
                    topology.vips.push(Vip { address, at, role: None });
                    // What follows on the line says where to put it.
                    while words.next_if(|w| *w != "}").is_some() {}
                }
                _ => {}
            }
        }
    }
    instance.finish(router.as_deref(), topology);
    vrrp::read(file, id, topology);
}

/// What stands behind `script`, which `#` and `!` do not end.
fn vrrp_script(name: String, line: &str, file: FileId, span: Span) -> Option<VrrpScript> {
    let at = line.find("script")? + "script".len();
    let rest = line.cut(at..);
    let command = rest.trim();
    let start = span.start + (at + rest.find(command)?) as u32;
    let at = Location { file, span: Span::new(start, start + command.len() as u32) };
    Some(VrrpScript { name, command: command.trim_matches(['"', '\'']).to_owned(), at })
}

impl Instance {
    /// Tells the addresses of the instance who has them at first.
    fn finish(&self, router: Option<&str>, topology: &mut Topology) {
        let host = router.or(self.source.as_deref());
        let (Some(master), Some(host)) = (self.master, host) else { return };
        for vip in topology.vips.iter_mut().skip(self.first) {
            vip.role = Some(Role { master, host: host.to_owned() });
        }
    }
}
