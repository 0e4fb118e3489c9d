//! `init`: looks at the repository and writes its settings, with a comment on each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use haproxy_lint::{
    project::{Neighbours, Walk, is_haproxy},
    settings::{FILE_NAME, SCHEMA_URL},
    shown,
    source::{By, Entry, Fence},
    version::Version,
};

use super::Command;
use crate::{
    CLEAN,
    error::{Error, Result},
    live::files::{self, Disk},
    output,
};
use clap::Args;

/// Write a haproxy-lint.toml for the repository in the working directory
#[derive(Debug, Args)]
#[command(display_order = 10)]
pub(crate) struct Init {}

impl Command for Init {
    fn run(&self) -> Result<u8> {
        run()
    }
}

/// Files larger than this are neither configurations nor manifests that somebody wrote.
const LARGEST: u64 = 1 << 20;

/// What the repository shows.
#[derive(Default)]
struct Seen {
    configurations: Vec<PathBuf>,
    /// Images of HAProxy: their versions, each with a file that names it.
    versions: BTreeMap<Version, PathBuf>,
    /// Directories with manifests or compose files that run HAProxy.
    deployed: BTreeSet<PathBuf>,
}

pub(crate) fn run() -> Result<u8> {
    let seen = look();
    let file = OpenOptions::new().write(true).create_new(true).open(FILE_NAME);
    let written = file.and_then(|mut file| file.write_all(text(&seen).as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Error::new(
            format!("there is a `{FILE_NAME}` already"),
            "`haproxy-lint --show-settings` says what it means; it is never overwritten",
        ),
        _ => Error::write(Path::new(FILE_NAME), &error),
    })?;
    let found = match seen.configurations.len() {
        0 => "no configuration of HAProxy was found here; name yours in it".to_owned(),
        1 => "1 configuration was found".to_owned(),
        n => format!("{n} configuration files were found"),
    };
    output::to_stdout(output::TEXT, |out| writeln!(out, "wrote {FILE_NAME}: {found}\nnext: {}", output::program()))?;
    Ok(CLEAN)
}

fn look() -> Seen {
    let mut seen = Seen::default();
    let here = Path::new(".");
    let mut walk = Walk::new(&Disk, Fence::around(&Disk, [here], false), false);
    let met = walk.below(here, |met| met.entry == Entry::File);
    walk.notes.iter().for_each(|note| output::note(note));
    let met = met.unwrap_or_else(|error| {
        output::note(&format!("nothing was looked for: {error}"));
        Vec::new()
    });
    for met in met {
        let path = met.path.strip_prefix(here).unwrap_or(&met.path).to_owned();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_configuration = name.ends_with(".cfg");
        let is_deployment =
            [".yaml", ".yml"].iter().any(|end| name.ends_with(end)) || name.contains("dockerfile") || name.contains("containerfile");
        if !(is_configuration || is_deployment) {
            continue;
        }
        let Ok(text) = files::text(&met.path, By::Repository, LARGEST) else { continue };
        if is_configuration && is_haproxy(&text) {
            seen.configurations.push(path);
        } else if is_deployment && let Some(versions) = images(&text) {
            for version in versions {
                seen.versions.entry(version).or_insert_with(|| path.clone());
            }
            if name.ends_with("ml") {
                seen.deployed.insert(path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| path.clone(), Path::to_owned));
            }
        }
    }
    seen
}

/// The versions of the images of HAProxy that a file names: `haproxy:2.8-alpine`, `haproxytech/haproxy-debian:3.0.5`.
fn images(text: &str) -> Option<BTreeSet<Version>> {
    let words = text.split(|c: char| c.is_whitespace() || "\"'".contains(c)).filter(|word| word.contains("haproxy"));
    let tags = words.filter_map(|word| word.split('@').next()?.rsplit_once(':')).filter(|(name, tag)| {
        name.rsplit('/').next().is_some_and(|image| image.starts_with("haproxy") && !image.contains("ingress")) && !tag.is_empty()
    });
    let mut tags = tags.map(|(_, tag)| tag.split('-').next().unwrap_or(tag)).peekable();
    tags.peek()?;
    Some(tags.filter_map(|tag| tag.parse().ok()).collect())
}

fn text(seen: &Seen) -> String {
    let mut text =
        format!("#:schema {SCHEMA_URL}\n# Settings of haproxy-lint. What begins with `#` is not set; options of the command line win.\n\n");
    text += &target(seen);
    text += "\n# What -L or the host name of the load balancer will be: its name in the peers section.\n# local-name = \"lb-1\"\n\
             \n# From which severity on the exit status is 1: \"error\", \"warning\" or \"info\".\nfail-on = \"error\"\n\
             \n# Rules and groups that do not speak; `haproxy-lint rules` lists all of them.\n# ignore = [\"style\", \"peers/no-tls\"]\n\
             \n# Files that are not looked for in directories, as patterns of a .gitignore.\n# exclude = [\"vendor/\", \"*.example.cfg\"]\n\
             \n# Environment variables that HAProxy will have; others are unknown, or with `env-closed = true` not set.\n# env = { DOMAIN = \"example.org\" }\n\
             \n# Other severities for rules and groups.\n# severity = { tls = \"error\", \"dead/unused-acl\" = \"info\" }\n";
    if !seen.deployed.is_empty() {
        let folders = seen.deployed.iter().map(|folder| toml::Value::String(folder.display().to_string()).to_string());
        let folders = folders.collect::<Vec<_>>().join(", ");
        text += &format!(
            "\n# Where HAProxy is deployed: each configuration is then read as its nodes will read it.\n# topology = [{folders}]\n"
        );
    }
    text + &sets(&seen.configurations)
}

fn target(seen: &Seen) -> String {
    let comment = "# The HAProxy that is run, X.Y or X.Y.Z. Without it every supported one is asked.\n";
    let named = |(version, file): (&Version, &PathBuf)| {
        format!("{}.{} in `{}`", version.major, version.minor, shown::line(&file.display().to_string()))
    };
    let branches: BTreeSet<(u8, u8)> = seen.versions.keys().map(|version| (version.major, version.minor)).collect();
    match (branches.first(), branches.len()) {
        (Some((major, minor)), 1) => {
            let from: Vec<String> =
                seen.versions.values().take(1).map(|file| format!("# `{}` says so.\n", shown::line(&file.display().to_string()))).collect();
            format!("{comment}{}target = \"{major}.{minor}\"\n", from.concat())
        }
        (Some(_), _) => {
            let all = seen.versions.iter().map(named).collect::<Vec<_>>().join(", ");
            format!("{comment}# There are several: {all}.\n# target = \"2.8\"\n")
        }
        (None, _) => format!("{comment}# target = \"2.8\"\n"),
    }
}

/// Files that lie as the parts of one configuration do, each such set once.
fn sets(configurations: &[PathBuf]) -> String {
    let mut text = "\n# Files that make one configuration together, in the order that HAProxy is given them.\n".to_owned();
    let mut known: BTreeSet<PathBuf> = BTreeSet::new();
    for file in configurations {
        let Some(neighbours) = Neighbours::around(&Disk, file, false).filter(|_| !known.contains(file)) else { continue };
        known.extend(neighbours.files.iter().cloned());
        let files = neighbours.paths.iter().map(|path| toml::Value::String(path.display().to_string()).to_string());
        let files = files.collect::<Vec<_>>().join(", ");
        text += &match neighbours.doubt {
            None => format!("[[config]]\nfiles = [{files}]\n"),
            Some(doubt) => format!("# {}\n# [[config]]\n# files = [{files}]\n", shown::line(&format!("Are these one? {doubt}."))),
        };
    }
    if known.is_empty() {
        text += "# [[config]]\n# files = [\"haproxy.cfg\", \"conf.d\"]\n";
    }
    text
}
