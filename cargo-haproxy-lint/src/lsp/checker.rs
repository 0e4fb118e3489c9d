//! The thread that checks one configuration: the newest text alone counts, and a check of an older one is broken off.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
};

use haproxy_lint::{cancel::Cancel, check::Options};
use lsp_server::RequestId;
use serde_json::Value;

use super::{
    board::Board,
    handler::{Checked, OfChecked},
    outcome::Outcome,
    text::Text,
    wire::{Fail, Outbox},
};
use crate::{STACK, parallel::guarded};

/// A question that is answered once the text is checked.
pub(super) struct Question {
    /// The request.
    pub(super) id: RequestId,
    /// What is asked.
    pub(super) answer: &'static OfChecked,
    /// The parameters.
    pub(super) params: Value,
}

/// What the thread is told.
pub(super) enum Told {
    /// There is another text.
    Text(Arc<Text>),
    /// A question.
    Ask(Question),
}

/// How the thread is spoken to.
pub(super) struct Checker {
    tell: mpsc::Sender<Told>,
    newest: Arc<AtomicU64>,
}

impl Checker {
    /// Starts the thread, which waits for a text. It ends when nobody can tell it anything any more.
    pub(super) fn start(set: u64, board: Arc<Board>, outbox: Outbox) -> Self {
        let (tell, told) = mpsc::channel();
        let newest = Arc::default();
        let work = Work { set, board, outbox, newest: Arc::clone(&newest), waiting: Vec::new() };
        // Where no thread can be started, nobody listens.
        let _ = thread::Builder::new().name("checker".to_owned()).stack_size(STACK).spawn(move || work.serve(&told));
        Self { tell, newest }
    }

    /// There is another text: a check that runs ends.
    pub(super) fn text(&self, text: Arc<Text>) {
        self.newest.store(text.number, Ordering::Release);
        let _ = self.tell.send(Told::Text(text));
    }

    /// Asks something; where nobody listens, the question comes back.
    pub(super) fn ask(&self, question: Question) {
        let _ = self.tell.send(Told::Ask(question));
    }
}

impl Drop for Checker {
    /// Nobody wants to know any more.
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Release);
    }
}

struct Work {
    set: u64,
    board: Arc<Board>,
    outbox: Outbox,
    newest: Arc<AtomicU64>,
    /// The questions, and the text that each was asked about.
    waiting: Vec<(u64, Question)>,
}

impl Work {
    fn serve(mut self, told: &mpsc::Receiver<Told>) {
        let mut text: Option<Arc<Text>> = None;
        let mut done: Option<Outcome> = None;
        while let Ok(next) = told.recv() {
            for next in std::iter::once(next).chain(told.try_iter()) {
                match next {
                    Told::Text(new) => (text, done) = (Some(new), None),
                    Told::Ask(question) => self.waiting.push((text.as_ref().map_or(0, |text| text.number), question)),
                }
            }
            let Some(text) = &text else { continue };
            if done.is_none() {
                done = self.check(text);
            }
            if let Some(outcome) = &done {
                self.answer(outcome);
            }
        }
    }

    /// Checks a text and shows what is found; nothing where a newer one came meanwhile.
    fn check(&self, text: &Arc<Text>) -> Option<Outcome> {
        let (newest, own) = (Arc::clone(&self.newest), text.number);
        let cancel = Cancel::when(move || newest.load(Ordering::Acquire) != own);
        let options = Options { cancel, ..text.frame.options.clone() };
        let outcome = Outcome::of(text, &options);
        if outcome.report.incomplete && options.cancel.is_over() {
            return None;
        }
        self.board.show(self.set, &outcome.text, &outcome.report, &self.outbox);
        Some(outcome)
    }

    fn answer(&mut self, outcome: &Outcome) {
        let Outcome { text, report, .. } = outcome;
        for (asked, Question { id, answer, params }) in std::mem::take(&mut self.waiting) {
            if self.outbox.is_open(&id) {
                let checked = Checked { text, report, outcome, current: asked == text.number };
                let answer = guarded(|| answer(&checked, params));
                self.outbox.answer(id, answer.unwrap_or_else(|panic| Err(Fail::internal(&panic))));
            }
        }
    }
}
