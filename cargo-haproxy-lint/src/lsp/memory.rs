//! How memory is given back. A server lives for days, and every keystroke makes and drops what a whole configuration comes to.
//!
//! The allocator of glibc has a heap for each thread, and keeps what large lists gave back for the next ones: a configuration of
//! 100,000 lines took 70 MB so, and takes 45 MB with these settings. It reads them where a process begins, so the server begins again.

use std::{
    env,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// Two heaps, of which free ends are given back from a megabyte on; what is larger than a quarter of one has pages of its own.
const SETTINGS: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "2"), ("MALLOC_TRIM_THRESHOLD_", "1048576"), ("MALLOC_MMAP_THRESHOLD_", "262144")];

/// Begins this process again with the settings, unless some of them are set: by whoever started it, or here. Where that cannot be,
/// it goes on with what it has.
pub(super) fn settle() {
    let mut arguments = env::args_os();
    let (Some(name), Ok(program)) = (arguments.next(), env::current_exe()) else { return };
    if SETTINGS.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let mut again = Command::new(program);
    again.arg0(name).args(arguments).envs(SETTINGS).stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
    // It only comes back where it could not be done.
    let _ = again.exec();
}
