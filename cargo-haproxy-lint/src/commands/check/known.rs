//! `--baseline` and `--write-baseline`: what is known is left out.

use std::{
    cell::RefCell,
    collections::HashMap,
    io::Write,
    path::{Component, Path, PathBuf},
};

use haproxy_lint::{baseline::Baseline, counted, project::STDIN, source::By};

use super::{Check, Done};
use crate::{
    error::{Error, Result},
    live::files,
    output,
};

/// Leaves out what the `baseline` knows, or writes one.
pub(super) fn finish(options: &Check, baseline: Option<&(PathBuf, By)>, done: &mut [Done], failed: bool) -> Result<()> {
    match (&options.write_baseline, baseline) {
        (Some(path), _) => write(path, options, done, failed),
        (None, Some((path, by))) => leave_out(path, *by, options, done),
        (None, None) => Ok(()),
    }
}

fn write(path: &Path, options: &Check, done: &mut [Done], failed: bool) -> Result<()> {
    let refused = |why: &str, help: &str| Err(Error::new(format!("`{}` is not written: not everything {why}", path.display()), help));
    if done.iter().any(|d| d.report.incomplete) {
        return refused("was looked at", "write it without `--time-limit`");
    }
    if failed {
        return refused("could be looked at", "mend what is told here, and write it then");
    }
    let names = Names::from(path);
    let baseline = Baseline::of(done.iter().map(|d| (&d.sources, &d.report)), |name| names.of(name));
    files::create(path)?.write_all(baseline.to_text().as_bytes()).map_err(|error| Error::write(path, &error))?;
    if !options.quiet {
        let (path, known) = (path.display(), counted(findings(done), "finding"));
        output::note(&format!("wrote {known} into `{path}`: `--baseline {path}` leaves them out from now on"));
    }
    done.iter_mut().for_each(|d| d.report.findings.clear());
    Ok(())
}

fn leave_out(path: &Path, by: By, options: &Check, done: &mut [Done]) -> Result<()> {
    if !path.exists() {
        let path = path.display();
        return Err(Error::new(format!("there is no baseline `{path}`"), format!("write it with `--write-baseline {path}`")));
    }
    let text = files::text(path, by, files::largest())?;
    let baseline = Baseline::parse(&text)
        .map_err(|error| Error::new(format!("`{}` is no baseline: {error}", path.display()), "write one with `--write-baseline`"))?;
    let before = findings(done);
    let names = Names::from(path);
    let gone =
        baseline.filter(done.iter_mut().flat_map(|d| [(&d.sources, &mut d.report), (&d.sources, &mut d.elsewhere)]), |name| names.of(name));
    let hidden = before - findings(done);
    if hidden > 0 && !options.quiet {
        output::note(&format!("`{}` hides {}", path.display(), counted(hidden, "finding")));
    }
    if gone > 0 && !options.quiet && !done.iter().any(|d| d.report.incomplete) {
        output::note(&format!(
            "`{}` can shrink: nothing is found any more for {gone} of its entries; `--write-baseline` leaves them out",
            path.display()
        ));
    }
    Ok(())
}

fn findings(done: &[Done]) -> usize {
    done.iter().map(|d| d.report.findings.len()).sum()
}

/// How files are called from the folder of a baseline, wherever the program runs.
struct Names {
    folder: PathBuf,
    known: RefCell<HashMap<String, String>>,
}

impl Names {
    fn from(baseline: &Path) -> Self {
        Self { folder: folder(baseline), known: RefCell::default() }
    }

    fn of(&self, name: &str) -> String {
        // Standard input without a name is nowhere.
        if name == STDIN || name.starts_with('<') {
            return name.to_owned();
        }
        self.known.borrow_mut().entry(name.to_owned()).or_insert_with(|| self.way(Path::new(name))).clone()
    }

    /// The way from the folder, with `/` on every system.
    fn way(&self, file: &Path) -> String {
        let whole = file.file_name().map_or_else(|| folder(file), |last| folder(file).join(last));
        let shared = whole.components().zip(self.folder.components()).take_while(|(a, b)| a == b).count();
        let up = self.folder.components().skip(shared).map(|_| "..".to_owned());
        let down = whole.components().skip(shared).map(|part: Component<'_>| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// The folder of a file, links followed: not the file's own, which may be one for each machine.
fn folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::disk().whole(folder)
}
