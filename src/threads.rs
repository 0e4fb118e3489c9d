//! Several things at once: what is large is shared by threads, and what comes out is the same whatever their number.

use std::{
    num::NonZeroUsize,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rayon_core::{ThreadPool, ThreadPoolBuilder};

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

/// How much stack each of them has: files may be nested deeply.
const STACK: usize = 16 << 20;

/// The threads that share what is large, where there is `much` of it and more than one thread to do it; without them one alone does it.
/// They are started once: a new thread mostly begins where another one works, and waits for that.
fn pool(much: bool) -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    if !much || count() < 2 {
        return None;
    }
    POOL.get_or_init(|| ThreadPoolBuilder::new().num_threads(count()).stack_size(STACK).build().ok()).as_ref()
}

/// Does `work` on one of the threads that share it, where there is `much`: to hand over a part of it is cheap there.
pub(crate) fn within<R: Send>(much: bool, work: impl FnOnce() -> R + Send) -> R {
    match pool(much) {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Does two things: at once where there is `much` to do, and threads to do it with. Neither may be waited for by something that the
/// other waits for.
pub(crate) fn both<A: Send, B: Send>(much: bool, first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    match pool(much) {
        Some(pool) => {
            let (second, first) = pool.join(second, first);
            (first, second)
        }
        None => (first(), second()),
    }
}

/// What each of the threads makes that do `work` together: one alone where there is not `much` to do.
pub(crate) fn all<R: Send>(much: bool, work: impl Fn() -> R + Sync) -> Vec<R> {
    match pool(much) {
        Some(pool) => pool.broadcast(|_| work()),
        None => vec![work()],
    }
}
