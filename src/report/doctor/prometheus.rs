//! The text format of Prometheus, for a textfile collector or a push.

use std::io::{self, Write};

use crate::{finding::Severity, runtime::Remote, shown::line};

use super::Shown;

type Value = fn(&Remote<'_>) -> Option<u64>;

const GAUGES: [(&str, &str, &str, Value); 8] = [
    ("peer_established", "gauge", "Whether the node has a session with the peer.", |r| {
        Some(u64::from(r.seen.state == crate::runtime::State::Established))
    }),
    ("pair_established", "gauge", "Whether either side of the pair has a session.", |r| Some(u64::from(r.pair.established))),
    ("peer_connections_total", "counter", "Connections that the node made to the peer.", |r| r.peer.fields.number("new_conn")),
    ("peer_heartbeats_received_total", "counter", "Heartbeats received from the peer.", |r| r.peer.fields.number("rx_hbt")),
    ("peer_heartbeats_sent_total", "counter", "Heartbeats sent to the peer.", |r| r.peer.fields.number("tx_hbt")),
    ("peer_silent_sessions_total", "counter", "Sessions that ended for silence.", |r| r.peer.fields.number("no_hbt")),
    ("peer_protocol_errors_total", "counter", "Messages that could not be understood.", |r| r.peer.fields.number("proto_err")),
    ("peer_collisions_total", "counter", "Connections that crossed.", |r| r.peer.fields.number("coll")),
];

pub(super) fn render(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let well = u8::from(shown.diagnosis.health.is_well());
    head(out, "up", "gauge", "Whether the doctor finds nothing broken.")?;
    writeln!(out, "haproxy_peers_up {well}")?;
    head(out, "findings", "gauge", "What the doctor found, by severity.")?;
    for severity in Severity::ALL {
        let count = shown.diagnosis.findings.iter().filter(|f| f.severity == severity).count();
        writeln!(out, "haproxy_peers_findings{{severity=\"{severity}\"}} {count}")?;
    }
    for (name, kind, help, value) in GAUGES {
        head(out, name, kind, help)?;
        for remote in shown.cluster.remotes() {
            if let Some(value) = value(&remote) {
                writeln!(out, "haproxy_peers_{name}{{{}}} {value}", labels(&remote))?;
            }
        }
    }
    head(out, "peer_state", "gauge", "How it stands with the peer, as a label.")?;
    for remote in shown.cluster.remotes() {
        writeln!(out, "haproxy_peers_peer_state{{{},state=\"{}\"}} 1", labels(&remote), remote.seen.state.as_str())?;
    }
    head(out, "table_lag", "gauge", "Updates of a table that the peer did not acknowledge.")?;
    for remote in shown.cluster.remotes().filter(|r| r.seen.state == crate::runtime::State::Established) {
        for table in &remote.peer.tables {
            if let Some(lag) = table.lag() {
                writeln!(out, "haproxy_peers_table_lag{{{},table=\"{}\"}} {lag}", labels(&remote), escaped(&table.name))?;
            }
        }
    }
    Ok(())
}

fn head(out: &mut dyn Write, name: &str, kind: &str, help: &str) -> io::Result<()> {
    writeln!(out, "# HELP haproxy_peers_{name} {help}\n# TYPE haproxy_peers_{name} {kind}")
}

fn labels(remote: &Remote<'_>) -> String {
    let parts = [("node", remote.node.name.as_str()), ("section", &remote.section.name), ("peer", &remote.peer.name)];
    parts.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).join(",")
}

fn escaped(text: &str) -> String {
    // A line feed ends a sample for whoever reads without a parser, and the rest is read by people too.
    line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
