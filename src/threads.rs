//! Several things at once: what is large is shared by threads, and what comes out is the same whatever their number.

use std::{
    num::NonZeroUsize,
    panic::resume_unwind,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// From how many lines on a configuration pays for a second thread.
pub(crate) const LARGE: usize = 5_000;

/// How many threads the process may use at once; 0 where nobody has said it.
static MOST: AtomicUsize = AtomicUsize::new(0);

/// Lets checks of this process use so many threads at once, and no more.
///
/// ```
/// haproxy_lint::threads::at_most(std::num::NonZeroUsize::MIN);
/// assert_eq!(haproxy_lint::threads::count(), 1);
/// ```
pub fn at_most(threads: NonZeroUsize) {
    MOST.store(threads.get(), Ordering::Relaxed);
}

/// How many threads may be used at once: as many as were allowed, or one for each processor. A browser has one.
pub fn count() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    if cfg!(target_family = "wasm") {
        return 1;
    }
    match MOST.load(Ordering::Relaxed) {
        0 => *PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from)),
        most => most,
    }
}

/// Does two things: at once where there is `much` to do, and threads to do it with.
pub(crate) fn both<A: Send, B>(much: bool, first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    if !much || count() < 2 {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| resume_unwind(panic)), second)
    })
}

/// What each of the threads makes that do `work` together: one alone where there is not `much` to do.
pub(crate) fn all<R: Send>(much: bool, work: impl Fn() -> R + Sync) -> Vec<R> {
    let others = if much { count().saturating_sub(1) } else { 0 };
    thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(&work)).collect();
        let mut made = vec![work()];
        made.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        made
    })
}
