//! For programs: the report of `check --format json` with the nodes, the pairs, the ladder and the probes beside it.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{
    check::Report,
    report::{self, Checked},
    runtime::Node,
};

use super::Shown;

pub(super) fn render(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = Report { findings: shown.diagnosis.findings.clone(), ..Report::default() };
    let checked = [Checked { sources: shown.sources, report: &report, target: shown.target }];
    let mut value = report::json_value(&checked)?;
    let Value::Object(all) = &mut value else { return Ok(()) };
    all.insert("status".to_owned(), json!(shown.diagnosis.health.as_str()));
    all.insert("nodes".to_owned(), shown.cluster.nodes.iter().enumerate().map(|(at, n)| node(shown, at, n)).collect());
    all.insert("pairs".to_owned(), pairs(shown));
    all.insert("ladder".to_owned(), ladders(shown));
    all.insert("probes".to_owned(), probes(shown));
    report::pretty::write(&value, out)
}

fn node(shown: &Shown<'_>, at: usize, node: &Node) -> Value {
    let dump = node.dump();
    let peer = |r: &crate::runtime::Remote<'_>| {
        json!({
            "section": r.section.name,
            "name": r.peer.name,
            "address": r.peer.address(),
            "status": r.peer.status().map(|s| s.letters()),
            "active": r.peer.has_session(),
            "state": r.seen.state.as_str(),
            "established": r.pair.established,
            "new_conn": r.peer.fields.number("new_conn"),
            "rx_hbt": r.peer.fields.number("rx_hbt"),
            "tx_hbt": r.peer.fields.number("tx_hbt"),
            "no_hbt": r.peer.fields.number("no_hbt"),
            "proto_err": r.peer.fields.number("proto_err"),
            "coll": r.peer.fields.number("coll"),
            "connections_per_second": r.seen.change.and_then(|c| c.rate()),
            "tables": r.peer.tables.iter().map(|t| json!({
                "name": t.name,
                "remote_id": t.fields.number("remote_id"),
                "remote_data": t.fields.text("remote_data"),
                "last_pushed": t.fields.number("last_pushed"),
                "acknowledged": t.fields.number("update"),
                "lag": t.lag(),
            })).collect::<Value>(),
        })
    };
    json!({
        "name": node.name,
        "source": node.source,
        "local_peer": dump.local_name(),
        "haproxy": dump.version().map(|v| v.to_string()),
        "format": dump.format().map(|f| f.versions()),
        "answers": node.samples.len(),
        "complete": !dump.is_short(),
        "sections": dump.sections.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
        "peers": shown.cluster.remotes().filter(|r| r.seen.node == at).map(|r| peer(&r)).collect::<Value>(),
    })
}

fn pairs(shown: &Shown<'_>) -> Value {
    let side = |at: Option<usize>| at.map(|at| shown.cluster.seen[at].state.as_str());
    let pair = |p: &crate::runtime::Pair| json!({"section": p.section, "peers": p.names, "established": p.established, "states": [side(p.sides[0]), side(p.sides[1])]});
    shown.cluster.pairs.iter().map(pair).collect()
}

fn ladders(shown: &Shown<'_>) -> Value {
    let step = |s: &crate::runtime::Step| json!({"number": s.number, "title": s.title, "mark": s.mark.as_str(), "details": s.details, "command": s.command});
    shown.ladders.iter().map(|l| json!({"node": l.node, "steps": l.steps.iter().map(step).collect::<Value>()})).collect()
}

fn probes(shown: &Shown<'_>) -> Value {
    let probe = |p: &crate::runtime::probe::Probe| {
        json!({
            "section": p.section,
            "peer": p.peer,
            "address": p.address,
            "resolved": p.resolved.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "tried": p.tried.map(|a| a.to_string()),
            "from": p.from.map(|a| a.ip().to_string()),
            "own": p.own,
            "milliseconds": p.took.map(|t| t.as_secs_f64() * 1000.0),
            "good": p.is_good(),
            "meaning": p.meaning(),
        })
    };
    shown.cluster.probes.iter().map(probe).collect()
}
