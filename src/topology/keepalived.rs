//! `keepalived.conf`: the addresses that move between hosts.

use crate::source::{FileId, Location, SourceFile, Span};

use super::model::{Topology, Vip};

/// Whether a file is a configuration of keepalived.
pub(super) fn is_keepalived(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    text.lines().any(|l| l.trim_start().starts_with("vrrp_instance "))
}

/// Adds the virtual addresses of every instance.
pub(super) fn read(file: &SourceFile, id: FileId, topology: &mut Topology) {
    let mut inside = false;
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span).into_owned();
        let plain = text.split(['#', '!']).next().unwrap_or("");
        let mut words = plain.split_ascii_whitespace().peekable();
        while let Some(word) = words.next() {
            match word.trim_end_matches('{') {
                "virtual_ipaddress" | "virtual_ipaddress_excluded" => inside = true,
                "}" => inside = false,
                text if inside => {
                    let Some(address) = text.split('/').next().and_then(|a| a.parse().ok()) else { continue };
                    let start = span.start + plain.find(text).unwrap_or(0) as u32;
                    let at = Location { file: id, span: Span::new(start, start + text.len() as u32) };
                    topology.vips.push(Vip { address, at });
                    // What follows on the line says where to put it.
                    while words.next_if(|w| *w != "}").is_some() {}
                }
                _ => {}
            }
        }
    }
}
