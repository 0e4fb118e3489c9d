//! Two things at once.

/// From how many lines on a configuration pays for a second thread.
pub(crate) const LARGE: usize = 5_000;

/// Does two things: at once where there is `much` to do, and threads to do it with, which a browser has not.
pub(crate) fn both<A: Send, B>(much: bool, first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    if !much || cfg!(target_family = "wasm") {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}
