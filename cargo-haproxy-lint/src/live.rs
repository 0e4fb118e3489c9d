//! The one place that looks at the machine; it hands plain facts on.

/// The host name as HAProxy takes it: verbatim, domain and case kept, cut to 63 bytes (peers.md §1).
pub(crate) fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim_end_matches('\n');
    let end = (0..=name.len().min(63)).rev().find(|i| name.is_char_boundary(*i)).unwrap_or(0);
    (!name.is_empty()).then(|| name[..end].to_owned())
}

/// The environment of this process.
pub(crate) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
}
