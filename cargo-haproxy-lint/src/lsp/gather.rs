//! Answers of several configurations to one question: a manifest may hold more than one, and some questions are put to all.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use lsp_server::RequestId;
use serde_json::Value;

use super::{
    colours::Colours,
    handler::{OfRead, Together},
    reader::{Question, Told},
    wire::{Answer, Outbox},
};

/// A request that several answer.
#[derive(Clone)]
pub(super) struct Request {
    /// Its number.
    pub(super) id: RequestId,
    /// What is asked.
    pub(super) answer: &'static OfRead,
    /// Makes one answer of all.
    pub(super) together: Together,
    /// The parameters.
    pub(super) params: Value,
    /// Who takes it.
    pub(super) outbox: Outbox,
    /// What clients were told of colours.
    pub(super) colours: Arc<Colours>,
}

struct State {
    waiting: usize,
    answers: Vec<Option<Answer>>,
}

impl Request {
    /// Asks them all; the last that answers gives what all have said, in the order of those that were asked.
    pub(super) fn put(&self, readers: &[&mpsc::Sender<Told>]) {
        let state = Arc::new(Mutex::new(State { waiting: readers.len(), answers: vec![None; readers.len()] }));
        for (number, reader) in readers.iter().enumerate() {
            let (state, request, asked, open) = (Arc::clone(&state), self.clone(), self.id.clone(), self.outbox.clone());
            let then = Box::new(move |answer: Answer| {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.answers[number] = Some(answer);
                state.waiting -= 1;
                if state.waiting == 0 {
                    request.finish(std::mem::take(&mut state.answers));
                }
            });
            let wanted = Box::new(move || open.is_open(&asked));
            let _ = reader.send(Told::Ask(Question { wanted, answer: self.answer, params: self.params.clone(), then }));
        }
    }

    fn finish(self, answers: Vec<Option<Answer>>) {
        let (mut good, mut bad) = (Vec::new(), None);
        for answer in answers.into_iter().flatten() {
            match answer {
                Ok(answer) => good.push(answer),
                Err(fail) => bad = bad.or(Some(fail)),
            }
        }
        let answer = match bad {
            Some(fail) if good.is_empty() => Err(fail),
            _ => (self.together)(&self.colours, &self.params, good),
        };
        self.outbox.answer(self.id, answer);
    }
}

/// The members of all lists in one; nothing where nobody has a list.
pub(super) fn lists(_: &Colours, _: &Value, answers: Vec<Value>) -> Answer {
    let mut all: Option<Vec<Value>> = None;
    for answer in answers {
        let Value::Array(list) = answer else { continue };
        let known = all.get_or_insert_default();
        // A file can be a part of several configurations.
        let new: Vec<Value> = list.into_iter().filter(|one| !known.contains(one)).collect();
        known.extend(new);
    }
    Ok(all.map_or(Value::Null, Value::Array))
}
