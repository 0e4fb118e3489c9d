//! From options and settings to what the library takes: target, environment, local name.

use std::path::Path;

use haproxy_lint::{
    check::Options,
    settings::{ConfigSet, Settings},
};

use crate::{
    cli::Machine,
    error::{Error, Result},
    live,
};

/// What the library is to check for; the command line wins over the set, and the set over the rest of the settings.
pub(crate) fn options(machine: &Machine, settings: &Settings, set: Option<&ConfigSet>, host: bool) -> Result<Options> {
    let mut options = Options { fragment_of: machine.section, ..Options::default() };
    options.target = machine.target.or(set.and_then(|s| s.target)).or(settings.target);
    if let Some(path) = &machine.target_from {
        let build = live::build(path)?;
        options.target = Some(build.version);
        options.build = Some(build);
    }
    let env = &mut options.environment;
    if host {
        live::environment().for_each(|(name, value)| env.set(name, Some(value)));
    }
    let configured = settings.env.iter().chain(set.iter().flat_map(|s| &s.env));
    configured.for_each(|(name, value)| env.set(name, Some(value.clone())));
    for file in &machine.env_file {
        env_file(file)?.into_iter().for_each(|(name, value)| env.set(name, Some(value)));
    }
    machine.env.iter().for_each(|(name, value)| env.set(name, Some(value.clone())));
    if machine.env_closed || settings.env_closed == Some(true) || host {
        options.environment = options.environment.closed();
    }
    let configured = || set.and_then(|s| s.local_name.clone()).or_else(|| settings.local_name.clone());
    options.local_name = machine.local_name.clone().or_else(configured).or_else(|| if host { live::host_name() } else { None });
    Ok(options)
}

/// Reads `NAME=VALUE` lines, as systemd's EnvironmentFile and shells write them: comments, `export` and quotes are taken off.
fn env_file(path: &Path) -> Result<Vec<(String, String)>> {
    let text = live::files::text(path, live::files::By::User, live::files::SETTINGS)?;
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
