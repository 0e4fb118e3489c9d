//! HTTP replies of `deny`, `tarpit`, `return` and `http-error`: what their arguments are together.

use super::{super::types::page::error_page, prelude::*};

/// The arguments of an HTTP reply, as the words of a line have them.
#[derive(Default)]
struct Reply {
    status: Option<usize>,
    content_type: Option<usize>,
    header: Option<usize>,
    body: Option<usize>,
}

/// What the arguments of `deny`, `tarpit`, `return` and `http-error` are together (http_htx.c); each has been judged
/// alone.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let start = (m.first..at).rev().find(|n| matches!(m.str(*n), "deny" | "tarpit" | "return" | "http-error"))?;
    let reply = reply_words(m, start + 1, at)?;
    let short = at == start + 1 || at == start + 3 && m.str(start + 1) == "deny_status";
    let body = match reply.body {
        Some(body) => body,
        None if short && m.str(start) != "return" => return default_status(m, reply.status, "", at),
        None => return warn_unused(m, &reply, "there is no body").map(|()| at),
    };
    match m.str(body) {
        kind @ ("errorfiles" | "default-errorfiles") => {
            default_status(m, reply.status, kind, at)?;
            warn_unused(m, &reply, "it is all in the error file")?;
        }
        "errorfile" => warn_unused(m, &reply, "it is all in the error file")?,
        // Only HAProxy sees whether a file is empty; then it wants no type.
        "file" if m.str(body + 1) == "/dev/null" => warn_unused(m, &Reply { header: None, ..reply }, "it is empty")?,
        "file" => {}
        _ => own_body(m, &reply, body)?,
    }
    Some(at)
}

/// Finds the arguments between `at` and `end`; a second body is refused.
fn reply_words(m: &mut Matcher<'_, '_>, mut at: usize, end: usize) -> Option<Reply> {
    let mut reply = Reply::default();
    while at < end {
        match m.str(at) {
            "status" | "deny_status" => reply.status = Some(at + 1),
            "content-type" => reply.content_type = Some(at),
            "hdr" => {
                header_of_reply(m, at + 1);
                reply.header = Some(at);
                at += 1;
            }
            body => {
                if let Some(first) = reply.body {
                    let message = format!("`{body}` cannot stand beside `{}`: a reply has one body", m.str(first));
                    return m.refuse(FaultKind::Conflict, m.piece(at)?.location, message);
                }
                reply.body = Some(at);
                at -= usize::from(body == "default-errorfiles");
            }
        }
        at += 2;
    }
    Some(reply)
}

/// `hdr` leaves out the headers that HAProxy makes itself.
fn header_of_reply(m: &mut Matcher<'_, '_>, at: usize) {
    let Some(piece) = m.piece(at) else { return };
    let name = piece.text.unwrap_or("");
    if ["content-length", "transfer-encoding", "content-type"].iter().any(|own| name.eq_ignore_ascii_case(own)) {
        let message = format!("`{name}` is left out of the reply: HAProxy makes it itself");
        let fault = Fault::warned(FaultKind::Ignored, piece.location, message, m.versions);
        m.fault(if name.eq_ignore_ascii_case("content-type") { fault.help("write `content-type` and the type") } else { fault });
    }
}

/// Replies from error files have one of the statuses that HAProxy has error files for.
fn default_status(m: &mut Matcher<'_, '_>, status: Option<usize>, kind: &str, at: usize) -> Option<usize> {
    let Some(piece) = status.and_then(|at| m.piece(at)) else { return Some(at) };
    let text = piece.text?;
    let known = error_page(c_number(text));
    if m.all_in(&known) {
        return Some(at);
    }
    if m.split.is_some() {
        return None;
    }
    let what = if kind.is_empty() { "with this status".to_owned() } else { format!("for `{kind}`") };
    let message = format!("there is no error page {what}: `{text}`");
    let help = "write `return` or `status` with a body of its own (`errorfile`, `string`, `lf-string`), or another status";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// A reply with a body in the configuration needs its type, and a status that can have one.
fn own_body(m: &mut Matcher<'_, '_>, reply: &Reply, body: usize) -> Option<()> {
    let (kind, piece) = (m.str(body), m.piece(body)?);
    if let Some(status) = reply.status.map(|at| m.str(at)).filter(|s| matches!(*s, "204" | "304")) {
        return m.refuse(FaultKind::Conflict, piece.location, format!("a reply with status {status} has no body, and here is `{kind}`"));
    }
    if reply.content_type.is_none() {
        let message = format!("`{}` needs `content-type` beside `{kind}`", m.path());
        m.fault(
            Fault::refused(FaultKind::MissingArgument, piece.location, message, m.versions)
                .help("write the type before it: `content-type text/plain`"),
        );
        return None;
    }
    Some(())
}

/// Warns of a type, and with a body from a file also of headers, that come to nothing.
fn warn_unused(m: &mut Matcher<'_, '_>, reply: &Reply, why: &str) -> Option<()> {
    let header = reply.header.filter(|_| reply.body.is_some());
    for at in [reply.content_type, header].into_iter().flatten() {
        let piece = m.piece(at)?;
        let message = format!("`{}` is left out of the reply: {why}", piece.text?);
        m.fault(Fault::warned(FaultKind::Ignored, piece.location, message, m.versions).help("delete it"));
    }
    Some(())
}
