//! A name server that is asked over TCP takes the options of a server.

use super::{
    super::{
        options::is_value,
        signature::{Node, table},
    },
    prelude::*,
};

/// A name server that is asked over TCP takes the options of a server. Of others HAProxy reads nothing more.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let address = m.str(at - 1);
    if !["tcp@", "tcp4@", "tcp6@"].iter().any(|kind| address.starts_with(kind)) {
        return Some(at);
    }
    let known = table("server")?;
    for number in Options::of_server(m.statement, at).numbers().filter(|number| *number < m.end) {
        let piece = m.piece(number)?;
        let text = piece.text?;
        // What follows an address belongs to it.
        if known.find(text).is_empty() && !Options::of_server(m.statement, at).takes_value(text) {
            return m.refuse(FaultKind::UnknownArgument, piece.location, format!("`{text}` is no option of a server"));
        }
        // Some options take nothing for a value.
        let needs = |node: &Node| match node {
            Node::Seq(nodes) => nodes.iter().any(is_value),
            node => is_value(node),
        };
        if number + 1 >= m.end && known.find(text).iter().any(|entry| needs(&entry.arguments)) {
            return m.refuse(FaultKind::MissingArgument, piece.location, format!("`{text}` needs a value"));
        }
    }
    Some(m.end)
}
