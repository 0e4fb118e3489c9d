//! How much the process may take.

use std::num::NonZeroUsize;

use rustix::process::{Resource, getrlimit};

/// For how many bytes of addresses there may be one thread: it reserves 16 MB for its stack and 64 MB or more for what it
/// allocates, used or not, and a check of large files wants some for itself.
const EACH: u64 = 320 << 20;

/// How many threads there may be where addresses are limited (`ulimit -v`): one at least.
pub(crate) fn threads() -> Option<NonZeroUsize> {
    getrlimit(Resource::As).current.map(fitting)
}

fn fitting(addresses: u64) -> NonZeroUsize {
    usize::try_from(addresses / EACH).ok().and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN)
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn threads_fit_into_what_is_there() {
        assert_eq!([0, 300_000 << 10, 1 << 30, 8 << 30].map(|addresses| fitting(addresses).get()), [1, 1, 3, 25]);
    }
}
