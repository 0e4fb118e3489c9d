//! From options and settings to what the library takes: target, environment, local name.

use std::{collections::BTreeSet, path::Path};

use haproxy_lint::{
    check::Options,
    source::{By, SETTINGS},
};

use crate::{
    cli::{Machine, values::Target},
    error::{Error, Result},
    live,
};

/// What the library is to check for; the command line wins over `settings`, and they over what this machine is.
pub(crate) fn options(machine: &Machine, settings: Options, host: bool) -> Result<Options> {
    let mut options = Options { fragment_of: machine.section, ..settings };
    options.target = machine.version().or(options.target);
    if let Some(path) = &machine.target_from {
        let build = live::build(path)?;
        options.target = Some(build.version);
        options.build = Some(build);
    }
    let env = &mut options.environment;
    if host {
        let said: BTreeSet<String> = env.values().map(|(name, _)| name.to_owned()).collect();
        live::environment().filter(|(name, _)| !said.contains(name)).for_each(|(name, value)| env.set(name, Some(value)));
    }
    for file in &machine.env_file {
        env_file(file)?.into_iter().for_each(|(name, value)| env.set(name, Some(value)));
    }
    machine.env.iter().for_each(|(name, value)| env.set(name, Some(value.clone())));
    if machine.env_closed || host {
        options.environment = options.environment.closed();
    }
    options.local_name = machine.local_name.clone().or(options.local_name).or_else(|| if host { live::host_name() } else { None });
    Ok(options)
}

/// The same where no topology says which HAProxy runs: `--target auto` then is that of this machine.
pub(crate) fn options_here(machine: &Machine, settings: Options, host: bool) -> Result<Options> {
    let mut options = options(machine, settings, host)?;
    if machine.target == Some(Target::Auto) && options.target.is_none() {
        options.target = live::installed();
    }
    Ok(options)
}

/// Reads `NAME=VALUE` lines, as systemd's EnvironmentFile and shells write them: comments, `export` and quotes are taken off.
fn env_file(path: &Path) -> Result<Vec<(String, String)>> {
    let text = live::files::text(path, By::User, SETTINGS)?;
    let mut variables = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|(name, _)| !name.trim().is_empty()) else {
            // The line is not shown: such files hold passwords, and this may end up in a log.
            let message = format!("line {} of `{}` is no variable", number + 1, path.display());
            return Err(Error::new(message, "write NAME=VALUE lines; comments begin with `#`"));
        };
        let value = value.trim();
        let unquoted = ['"', '\''].iter().find_map(|q| value.strip_prefix(*q)?.strip_suffix(*q));
        variables.push((name.trim().to_owned(), unquoted.unwrap_or(value).to_owned()));
    }
    Ok(variables)
}
