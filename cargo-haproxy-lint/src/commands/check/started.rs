//! A configuration that was checked alone, and a compose file beside it that starts HAProxy with it: its services have the names that
//! the configuration speaks of.

use std::path::{Path, PathBuf};

use haproxy_lint::{source::By, topology};

use super::Done;
use crate::{input::jobs, live::files, output};

/// What compose files are called.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// Names the compose file that says what a finding asks for: as which node the configuration is read.
pub(super) fn tell(done: &Done) {
    let asks = |rule: &str| matches!(rule, "peers/local-name-missing" | "peers/hostname-resolved-once");
    let mut asking = done.report.findings.iter().filter(|finding| done.report.seen.nodes == 0 && asks(finding.rule.name));
    let Some(place) = asking.find_map(|finding| finding.location) else { return };
    let name = done.sources.file(place.file).name();
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    let folders = [Some(folder.to_owned()), folder.parent().map(Path::to_owned)];
    let candidates = folders.into_iter().flatten().flat_map(|folder| NAMES.map(|name| folder.join(name)));
    if let Some(file) = candidates.into_iter().find(|file| starts(file, name)) {
        let (file, program) = (file.display(), output::program());
        output::note(&format!(
            "`{file}` starts HAProxy with `{name}`: `{program} {file}` checks it as its services read it, by their names"
        ));
    }
}

/// Whether a compose file mounts this configuration into HAProxy.
fn starts(compose: &Path, name: &str) -> bool {
    if !compose.is_file() {
        return false;
    }
    let Ok(source) = jobs::source(compose, By::Repository, "<stdin>") else { return false };
    let own = files::real(Path::new(name));
    let is_it = |path: &String| {
        let path = files::real(&PathBuf::from(path));
        path == own || own.parent() == Some(path.as_path())
    };
    topology::read(vec![source]).0.wanted().iter().flatten().any(is_it)
}
