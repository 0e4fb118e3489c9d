//! Many configurations on all cores, in the order they were given; one that breaks down does not stop the others.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    io::{self, IsTerminal, Write},
    panic::{self, AssertUnwindSafe},
    sync::{
        Once, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use haproxy_lint::threads;

/// What `work` makes of each item, in their order. Where that takes its time, `progress` is told how many are done.
pub(crate) fn each<T: Sync, R: Send + Sync>(items: &[T], work: impl Fn(&T) -> R + Sync, progress: &Progress) -> Vec<R> {
    let results: Vec<OnceLock<R>> = items.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let take = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(item), Some(place)) = (items.get(at), results.get(at)) else { break };
            // Nobody else has this place.
            let _ = place.set(work(item));
            progress.step(items.len());
        }
    };
    let others = threads::count().min(items.len()).saturating_sub(1);
    thread::scope(|scope| {
        for _ in 0..others {
            scope.spawn(take);
        }
        take();
    });
    progress.end();
    results.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// A line on standard error that says how far it is, for people alone and only where they wait.
pub(crate) struct Progress {
    wanted: bool,
    begun: Instant,
    done: AtomicUsize,
    /// When the line was last written, in tenths of a second from the beginning; 0 for never.
    written: AtomicU64,
}

impl Progress {
    /// From when on somebody waits, in tenths of a second.
    const PATIENCE: u64 = 10;

    pub(crate) fn new(wanted: bool) -> Self {
        let wanted = wanted && io::stderr().is_terminal();
        Self { wanted, begun: Instant::now(), done: AtomicUsize::new(0), written: AtomicU64::new(0) }
    }

    fn step(&self, all: usize) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.begun.elapsed().as_millis() as u64 / 100;
        // One thread alone writes in each tenth of a second.
        if self.wanted && now >= Self::PATIENCE && self.written.fetch_max(now, Ordering::Relaxed) < now {
            let _ = write!(io::stderr(), "\rchecked {done} of {all}");
        }
    }

    fn end(&self) {
        if self.written.load(Ordering::Relaxed) > 0 {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

thread_local! {
    /// Whether panics of this thread are caught.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// What the last one said, with its place.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What `work` gives, or what it said as it panicked. That is not printed. One may be within another.
pub(crate) fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                return usual(info);
            }
            let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
            PANIC.set(Some(format!("{}{place}", words(info.payload()))));
        }));
    });
    let before = GUARDED.replace(true);
    // What a panic leaves half done is thrown away with `work`.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result.map_err(|payload| PANIC.take().unwrap_or_else(|| words(&*payload)))
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let slow = |n: &u64| {
            thread::sleep(std::time::Duration::from_micros(200 - n));
            n * 2
        };
        assert_eq!(each(&items, slow, &Progress::new(false)), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert!(each(&[], |n: &u64| *n, &Progress::new(false)).is_empty());
    }

    #[test]
    fn a_panic_is_words() {
        let results = each(&[1, 0, 2], |n| guarded(|| 10_u32.checked_div(*n).expect("division")), &Progress::new(false));
        assert_eq!((&results[0], &results[2]), (&Ok(10), &Ok(5)));
        let message = results[1].as_ref().unwrap_err();
        assert!(message.starts_with("division (") && message.contains("parallel.rs:"), "{message}");
    }
}
