//! The time that a run may take.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::cancel::Cancel;

use crate::{FAILED, error::Error};

/// How much longer it may take until what does not look at the clock is ended with the whole program.
const GRACE: Duration = Duration::from_secs(2);

/// Runs from the beginning until everything is checked. Within [`GRACE`] what was found is written; after it nothing is.
pub(crate) struct Clock {
    end: Option<Instant>,
    stopped: Arc<AtomicBool>,
}

impl Clock {
    /// Starts it; without a limit it never ends anything.
    pub(crate) fn start(limit: Option<Duration>) -> Self {
        let clock = Self { end: limit.map(|limit| Instant::now() + limit), stopped: Arc::default() };
        if let Some(limit) = limit {
            let stopped = Arc::clone(&clock.stopped);
            thread::spawn(move || {
                thread::sleep(limit + GRACE);
                if !stopped.load(Ordering::SeqCst) {
                    over().report();
                    process::exit(FAILED.into());
                }
            });
        }
        clock
    }

    /// What the library asks whether it shall end.
    pub(crate) fn cancel(&self) -> Cancel {
        self.end.map_or_else(Cancel::default, |end| Cancel::when(move || Instant::now() >= end))
    }

    /// Everything was looked at, or not: then that is an error.
    pub(crate) fn stop(&self, incomplete: bool, errors: &mut Vec<Error>) {
        self.stopped.store(true, Ordering::SeqCst);
        if incomplete {
            errors.push(over());
        }
    }
}

fn over() -> Error {
    Error::new("the time is over: not everything was looked at", "give it more with `--time-limit`, or check fewer files at once")
}
