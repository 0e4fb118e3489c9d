//! `lsp`: the language server. Whatever an editor asks is a question of `haproxy_lint::analysis`, or of a check; here it is
//! only translated. Types of the protocol are nowhere else in the program.
//!
//! One thread reads what comes in and keeps the texts. Each configuration that has an open document has two more: one
//! [reads](reader) it and answers, the other [checks](checker) it, so that nobody who types waits for a check.

mod board;
mod checker;
mod client;
mod colours;
mod diagnostics;
mod document;
mod gather;
mod handler;
mod layout;
#[cfg(target_env = "gnu")]
mod memory;
mod outcome;
mod place;
mod reader;
mod requests;
mod session;
mod text;
mod wire;
mod workspace;

use std::{
    io::{self, BufReader},
    sync::mpsc,
    thread,
};

use crate::{CLEAN, FINDINGS, error::Result};
use session::{Session, Then};
use wire::Outbox;

/// Speaks with a client over standard input and output until it says `exit`, or nothing more. As the protocol wants it, the
/// status is 1 where it has not said `shutdown` before.
pub(crate) fn run() -> Result<u8> {
    #[cfg(target_env = "gnu")]
    memory::settle();
    let (outbox, writer) = Outbox::to_stdout();
    let (send, received) = mpsc::sync_channel(64);
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin().lock());
        while let Ok(Some(message)) = wire::read(&mut input) {
            if send.send(message).is_err() {
                break;
            }
        }
    });
    let mut session = Session::new(outbox.clone());
    let mut in_order = false;
    while let Ok(message) = received.try_recv().or_else(|_| {
        session.settle();
        received.recv()
    }) {
        if let Then::End { was_shut_down } = session.take(message) {
            in_order = was_shut_down;
            break;
        }
    }
    outbox.end();
    let _ = writer.join();
    Ok(if in_order { CLEAN } else { FINDINGS })
}
