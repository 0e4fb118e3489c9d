//! The thread that answers for one configuration: it reads its newest text when it is asked, and keeps what it has read until
//! there is another. Checks never make it wait.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use haproxy_lint::analysis::Snapshot;
use lsp_server::RequestId;
use serde_json::Value;

use super::{
    handler::{OfRead, Read},
    text::Text,
    wire::{Answer, Fail, Outbox},
};
use crate::{STACK, parallel::guarded};

/// How long what was read is kept while nobody asks.
const KEPT: Duration = Duration::from_secs(5);

/// A question.
pub(super) struct Question {
    /// Whether somebody still wants to know.
    pub(super) wanted: Box<dyn Fn() -> bool + Send>,
    /// What is asked.
    pub(super) answer: &'static OfRead,
    /// The parameters.
    pub(super) params: Value,
    /// Who takes the answer.
    pub(super) then: Box<dyn FnOnce(Answer) + Send>,
}

impl Question {
    /// One whose answer is that of a request.
    pub(super) fn of_request(id: RequestId, outbox: &Outbox, answer: &'static OfRead, params: Value) -> Self {
        let (out, asked, open) = (outbox.clone(), id.clone(), outbox.clone());
        let then = Box::new(move |answer| out.answer(id, answer));
        Self { wanted: Box::new(move || open.is_open(&asked)), answer, params, then }
    }
}

/// What the thread is told.
pub(super) enum Told {
    /// There is another text.
    Text(Arc<Text>),
    /// A question.
    Ask(Question),
}

/// Starts the thread. It ends when nobody can tell it anything any more.
pub(super) fn start(text: Arc<Text>) -> mpsc::Sender<Told> {
    let (tell, told) = mpsc::channel();
    // Where no thread can be started, nobody listens.
    let _ = thread::Builder::new().name("reader".to_owned()).stack_size(STACK).spawn(move || serve(text, &told));
    tell
}

fn serve(mut text: Arc<Text>, told: &mpsc::Receiver<Told>) {
    while let Ok(next) = told.recv() {
        match next {
            Told::Text(new) => text = new,
            Told::Ask(question) => match answer_of(&text, question, told) {
                Some(new) => text = new,
                None => continue,
            },
        }
    }
}

/// Reads a text and answers a question, and all that come until there is another text, which is given back.
fn answer_of(text: &Arc<Text>, first: Question, told: &mpsc::Receiver<Told>) -> Option<Arc<Text>> {
    if !(first.wanted)() {
        return None;
    }
    let mut waiting = Some(first);
    let read = guarded(|| {
        let snapshot = Snapshot::new(Arc::clone(&text.sources), text.frame.options.read_options());
        snapshot.with(|view| {
            let read = Read { text, view };
            waiting.take().into_iter().for_each(|question| reply(&read, question));
            loop {
                match told.recv_timeout(KEPT) {
                    Ok(Told::Text(new)) => return Some(new),
                    Ok(Told::Ask(question)) => reply(&read, question),
                    Err(_) => return None,
                }
            }
        })
    });
    if let (Some(question), Err(panic)) = (waiting, &read) {
        (question.then)(Err(Fail::internal(panic)));
    }
    read.unwrap_or_default()
}

fn reply(read: &Read<'_>, question: Question) {
    if (question.wanted)() {
        let answer = guarded(|| (question.answer)(read, question.params));
        (question.then)(answer.unwrap_or_else(|panic| Err(Fail::internal(&panic))));
    }
}
