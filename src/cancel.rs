//! How a run is told to end early: by a time limit, or by an editor whose text has changed meanwhile.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Asked between rules, sections and lines whether the run shall end. The library has no clock: whoever makes it says when.
///
/// ```
/// use haproxy_lint::{cancel::Cancel, check::{Options, check}, source::Sources};
/// let options = Options { cancel: Cancel::when(|| true), ..Options::default() };
/// let report = check(&Sources::single("haproxy.cfg", "frontend web\n"), &options);
/// assert!(report.incomplete);
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Option<Arc<State>>);

struct State {
    /// Once it was told to end, it ends everywhere.
    over: AtomicBool,
    ask: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Cancel {
    /// Ends the run once `ask` has said so. It is asked often, and by several threads.
    pub fn when(ask: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(State { over: AtomicBool::new(false), ask: Box::new(ask) })))
    }

    /// Whether the run shall end.
    pub fn is_over(&self) -> bool {
        self.0.as_ref().is_some_and(|state| {
            let over = state.over.load(Ordering::Relaxed) || (state.ask)();
            state.over.fetch_or(over, Ordering::Relaxed) || over
        })
    }

    /// The same for the `number`th of many small things: only every so often somebody is asked.
    pub(crate) fn is_over_at(&self, number: usize) -> bool {
        const CHUNK: usize = 256;
        number.is_multiple_of(CHUNK) && self.is_over()
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Cancel::when(..)" } else { "Cancel::default()" })
    }
}
