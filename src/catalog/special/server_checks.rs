//! `agent-check` of a server needs a port.

use super::prelude::*;

/// `agent-check` of a server needs a port.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    // The options stand behind the name and the address.
    let numbers = || Options::of_server(m.statement, m.first + 3).numbers().filter(|number| *number < at);
    let options = || numbers().filter_map(|n| m.piece(n));
    if (m.first + 3..at).filter_map(|n| m.peek(n)).any(|p| p.text.is_none()) {
        return None;
    }
    let agent = options().filter(|p| matches!(p.text, Some("agent-check" | "no-agent-check"))).reduce(|_, later| later);
    let inherited = || m.piece(m.first).filter(|_| m.line.agent_checks);
    // The last port counts, as far as 16 bits go.
    let port = numbers().rev().find(|n| m.str(*n) == "agent-port").map(|n| c_number(m.str(n + 1)) & 0xffff);
    let without = || port.map_or(!m.line.agent_ports, |port| port == 0);
    match agent.map_or_else(inherited, |p| Some(p).filter(|p| p.text == Some("agent-check"))) {
        Some(agent) if without() => {
            m.fault(
                Fault::refused(FaultKind::MissingArgument, agent.location, "`agent-check` needs `agent-port`", m.versions)
                    .help("write `agent-port` and the port of the agent"),
            );
            None
        }
        _ => Some(at),
    }
}
