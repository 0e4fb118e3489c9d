//! What several test files share: where the recorded facts of real HAProxy are.

use std::path::{Path, PathBuf};

/// The folder with the corpus and the experiments: `HAPROXY_LINT_SHARED`, else `../shared` beside the project.
/// Without it a test says that it was skipped; under `CI` it must be there.
pub fn shared(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("HAPROXY_LINT_SHARED").map_or(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "CI needs the recorded facts at {}", path.display());
    println!("skipped {test}: there is no {}", path.display());
    None
}
