//! The options, as clap reads them.

pub(crate) mod complete;
mod fmt;
pub(crate) mod help;

pub(crate) use fmt::Fmt;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use haproxy_lint::{
    finding::Severity,
    report::Format,
    syntax::{SectionKind, section_kind},
    topics,
    version::{UnknownVersion, Version},
};

/// Checks HAProxy configurations, and the clusters they are deployed to.
#[derive(Debug, Parser)]
#[command(name = "haproxy-lint", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check configurations (what is done where no command is named)
    Check(Box<Check>),
    /// Lay configurations out: indentation, blank lines and the blanks between words
    Fmt(Fmt),
    /// Show what each stage of reading sees in a file
    Parse(Parse),
    /// Show the nodes of a topology and the links between them
    Topology(Topology),
    /// Write what a topology needs: a peers section, a configuration, manifests, files for sysctl.d
    Generate(Generate),
    /// Print what this host says of itself as JSON, for --topology elsewhere
    Facts,
    /// Say what `show peers` of running nodes means, and what to do
    Doctor(Box<Doctor>),
    /// List all rules
    Rules(Rules),
    /// Explain a rule, a keyword, a sample fetch or a converter, or how peers work
    Explain(Explain),
    /// Write a haproxy-lint.toml for the repository in the working directory
    Init,
    /// Speak with an editor as its language server, over standard input and output
    Lsp(Lsp),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page, or write those of all commands into a directory
    Man(Man),
}

const COMMANDS: [&str; 13] =
    ["check", "fmt", "parse", "topology", "generate", "facts", "doctor", "rules", "explain", "init", "lsp", "completions", "man"];

/// Puts `check` in front of arguments that name no command.
pub(crate) fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    help::helped(&mut arguments);
    let first = arguments.get(1).map(|a| a.to_string_lossy().into_owned()).unwrap_or_default();
    let general = ["-h", "--help", "-V", "--version"];
    if !COMMANDS.contains(&first.as_str()) && !general.contains(&first.as_str()) {
        arguments.insert(1.min(arguments.len()), "check".into());
    }
    arguments
}

/// What HAProxy will be, and what it will find.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Machine {
    /// HAProxy to check for: X.Y (its newest patch known), X.Y.Z or `latest`, from 2.4 to 3.4, and 3.5 as a preview; if nothing is
    /// said, what every supported version refuses is an error
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// The build to check for: a HAProxy binary, or a file with what its -vv prints
    #[arg(long, value_name = "PATH", conflicts_with = "target")]
    pub(crate) target_from: Option<PathBuf>,
    /// A variable of the environment HAProxy will have
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub(crate) env: Vec<(String, String)>,
    /// A file of NAME=VALUE lines
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Variables that are not named are not set; without this they are unknown
    #[arg(long)]
    pub(crate) env_closed: bool,
    /// What -L or the host name will be: the local peer's name
    #[arg(long, value_name = "NAME")]
    pub(crate) local_name: Option<String>,
    /// The input is the body of this section, without its header
    #[arg(long = "as", value_name = "SECTION", value_parser = section)]
    pub(crate) section: Option<SectionKind>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    /// Configurations: files, `-` for standard input, or directories to look for *.cfg in
    pub(crate) paths: Vec<PathBuf>,
    /// One configuration made of several files and directories, read in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR", conflicts_with = "paths")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
    /// Report only what changes on the way from the target to this later HAProxy
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) upgrade_to: Option<Version>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-")]
    pub(crate) topology: Vec<PathBuf>,
    /// With a topology: show what is found for these nodes alone
    #[arg(long, value_name = "NAME", requires = "topology")]
    pub(crate) node: Vec<String>,
    /// This machine is the node: its host name and environment are read
    #[arg(long)]
    pub(crate) host: bool,
    /// A local name that is unknown or in no peers section is an error
    #[arg(long)]
    pub(crate) require_local_peer: bool,
    /// Also look on this machine for the files, directories, users and groups that the configuration names
    #[arg(long, conflicts_with = "topology")]
    pub(crate) env_checks: bool,
    /// Also run the `-c` of this HAProxy, mark what it says too and tell what it alone says; it is the target where none is named
    #[arg(long, value_name = "PATH", conflicts_with_all = ["topology", "section", "fix", "diff", "upgrade_to"])]
    pub(crate) haproxy: Option<PathBuf>,
    /// How many seconds that HAProxy may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "haproxy", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) haproxy_timeout: u64,
    /// The name that standard input goes by
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    pub(crate) stdin_filename: String,
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format, help = formats())]
    pub(crate) format: Vec<(Format, Option<PathBuf>)>,
    /// Let only these rules and groups speak
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Silence these rules and groups
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Give a rule or group another severity
    #[arg(long, value_name = "RULE=LEVEL", value_parser = rule_severity)]
    pub(crate) severity: Vec<(String, Severity)>,
    /// End with status 1 from this severity on: error (if nothing is said), warning or info
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) fail_on: Option<Severity>,
    /// End with status 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Write the corrected files: what is certain; standard input comes out corrected
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Print what --fix would change as a patch; end with status 1 if there is something
    #[arg(long)]
    pub(crate) diff: bool,
    /// With --fix or --diff: also what was probably meant
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found into this file, to be left out from now on
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Write a comment before each line that something is found in, so that it is silent from now on
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "known before haproxy-lint was used here",
        conflicts_with_all = ["fix", "diff", "baseline", "write_baseline", "haproxy"]
    )]
    pub(crate) add_ignores: Option<String>,
    /// Read the settings from this file, instead of the haproxy-lint.toml here or above
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Say what is read, as what, and why
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show the settings that count, and where they come from, and check nothing
    #[arg(long)]
    pub(crate) show_settings: bool,
    /// Leave out what the settings exclude even where it is named
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Look for *.cfg also where .gitignore says to look away
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Also read what lies outside the repository: links that leave it, and what settings and manifests name
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
    /// End after this time with status 2 and what was found until then
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) time_limit: Option<Duration>,
    /// Count the findings of each rule instead of showing them; text, or JSON with --format json
    #[arg(long)]
    pub(crate) statistics: bool,
    /// How many findings of a rule are shown for a file at a terminal, 0 for all; formats for programs have all
    #[arg(long, value_name = "N", default_value_t = haproxy_lint::report::Style::MOST)]
    pub(crate) max_per_rule: usize,
    /// Print nothing but errors of the program: the exit status and --format FORMAT=FILE tell the rest
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
}

impl Check {
    /// Whether other text is tried than what was read.
    pub(crate) fn changes_text(&self) -> bool {
        self.fix || self.diff || self.add_ignores.is_some()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The file, rebuilt from its tokens
    Text,
    /// The words of each statement, with their values
    Words,
    /// Every token with its bytes
    Tree,
    /// Sections, proxies, peers and names
    Model,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Parse {
    /// The file, or `-` for standard input
    pub(crate) file: PathBuf,
    /// The stage to show
    #[arg(long, value_name = "STAGE", default_value = "words")]
    pub(crate) emit: Stage,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) machine: Machine,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Topology {
    /// Configurations that nodes of the topology read: files, or `-` for standard input
    pub(crate) paths: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-", required = true)]
    pub(crate) topology: Vec<PathBuf>,
    /// HAProxy to check for, where the topology does not say
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// text, json, dot, mermaid or svg
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = picture)]
    pub(crate) format: haproxy_lint::topology::picture::Format,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wanted {
    /// A peers section
    Peers,
    /// A complete small configuration
    Config,
    /// Kubernetes objects
    Manifests,
    /// Files for sysctl.d, for the hosts that need one
    Sysctl,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// What to write
    #[arg(value_name = "WHAT")]
    pub(crate) wanted: Wanted,
    /// Configurations that nodes of the topology read now: files, or `-` for standard input
    pub(crate) paths: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-", required = true)]
    pub(crate) topology: Vec<PathBuf>,
    /// Only for these nodes or workloads
    #[arg(long, value_name = "NAME")]
    pub(crate) node: Vec<String>,
    /// How nodes reach each other: services, headless or hosts; if nothing is said, what suits the topology
    #[arg(long, value_name = "STYLE", value_parser = style)]
    pub(crate) style: Option<haproxy_lint::generate::Style>,
    /// The port that peers listen on; if nothing is said, the one they have, else 10000
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// The name of the peers section; if nothing is said, the one it has, else haproxy_peers
    #[arg(long, value_name = "NAME")]
    pub(crate) section: Option<String>,
    /// A file for each node, instead of one for all
    #[arg(long)]
    pub(crate) per_node: bool,
    /// The form of manifests: plain, kustomize or helm-values (for the chart haproxytech/haproxy)
    #[arg(long = "as", value_name = "FORM", default_value = "plain", value_parser = form)]
    pub(crate) form: haproxy_lint::generate::Form,
    /// HAProxy to write for, where the topology does not say
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// Where to write; several files go into a folder. If nothing is said, standard output
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write nothing; end with status 1 if what is there differs: the file behind --output, else the section that the nodes read
    #[arg(long, conflicts_with = "diff")]
    pub(crate) check: bool,
    /// Write nothing; print what would change as a patch, and end with status 1 if there is something
    #[arg(long, requires = "output")]
    pub(crate) diff: bool,
    /// Also replace files that this command has not written
    #[arg(long)]
    pub(crate) force: bool,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Ask a running HAProxy: the path of a stats socket, or HOST:PORT; `@1:PATH` is the first worker behind a master socket
    #[arg(long, value_name = "[NAME=]PATH|HOST:PORT")]
    pub(crate) socket: Vec<String>,
    /// What `show peers` printed, in a file, `-` for standard input; several of one NAME are answers of one node in time order
    #[arg(long, value_name = "[NAME=]FILE|-")]
    pub(crate) show_peers: Vec<String>,
    /// The configuration that the nodes read; several files are one configuration, in HAProxy's order
    #[arg(short = 'f', long = "file", value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,
    /// Where it is deployed: manifests, compose files, facts of hosts; `-` for standard input
    #[arg(long, value_name = "FILE|DIR|-")]
    pub(crate) topology: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
    /// This machine is the node: its host name, addresses, sysctls and listening sockets are read
    #[arg(long)]
    pub(crate) host: bool,
    /// Try every configured peer from here: name, route, TCP, and the hello of the peers protocol
    #[arg(long)]
    pub(crate) probe: bool,
    /// How long a socket or a probe may take
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    pub(crate) timeout: Duration,
    /// The time between two questions to a socket
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = time)]
    pub(crate) interval: Duration,
    /// How often a socket is asked, so that counters become rates
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) samples: usize,
    /// Ask again until every pair is established, no longer than this
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) wait: Option<Duration>,
    /// Show the peers as they are, again and again, until interrupted
    #[arg(long, conflicts_with = "wait")]
    pub(crate) watch: bool,
    /// human, json or prometheus
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = diagnosis)]
    pub(crate) format: haproxy_lint::report::doctor::Format,
    /// Let only these rules and groups speak
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Silence these rules and groups
    #[arg(long, value_name = "RULE|GROUP", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// End with status 1 from this severity on: error (if nothing is said), warning or info
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) fail_on: Option<Severity>,
    /// Show the ladder of steps of every node with its commands, also where all is well
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// How large a file may be: bytes, or with KB, MB or GB behind
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = size)]
    pub(crate) max_file_size: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Standard input and output are all there is; editors say so all the same
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Where to write the pages
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A rule (`peers/local-name-missing`), a keyword (`http-request deny`, `maxconn`), a topic (`peers`, `ip_nonlocal_bind`,
    /// `local-inactive`), a state of `show peers` (`CONN`), or a message of HAProxy about peers; without one, the topics
    #[arg(value_name = "RULE|KEYWORD|TOPIC|MESSAGE", allow_hyphen_values = true)]
    pub(crate) word: Option<String>,
    /// More words of a keyword or a message
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// Show keywords as this HAProxy knows them
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) target: Option<Version>,
    /// Show topics in this language, where they have it, such as `zh`
    #[arg(long, value_name = "LANGUAGE", default_value = "en", hide_default_value = true, value_parser = language)]
    pub(crate) lang: String,
}

fn language(text: &str) -> Result<String, String> {
    let known = topics::TOPICS.iter().any(|topic| topic.text_in(text).is_some());
    let mut languages: Vec<&str> = topics::TOPICS.iter().flat_map(|topic| topic.languages()).chain(["en"]).collect();
    languages.sort_unstable();
    languages.dedup();
    if known { Ok(text.to_owned()) } else { Err(format!("there are no texts in this language; there are {}", languages.join(" and "))) }
}

fn version(text: &str) -> Result<Version, String> {
    Version::named(text).map_err(|error: UnknownVersion| format!("{error}; {}", UnknownVersion::help()))
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if name.is_empty() { Err("a name must stand before the `=`".to_owned()) } else { Ok((name.to_owned(), value.to_owned())) }
}

fn section(text: &str) -> Result<SectionKind, String> {
    let names = || haproxy_lint::syntax::SECTIONS.iter().map(|s| s.keyword);
    section_kind(text).map(|s| s.kind).ok_or_else(|| match haproxy_lint::nearest::nearest(text, names()) {
        Some(near) => format!("there is no such section; did you mean `{near}`?"),
        None => format!("there is no such section; the sections are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// What `--format` takes, as its help says it.
fn formats() -> String {
    let names = Format::ALL.map(|(name, _)| name);
    let (last, first) = names.split_last().expect("there are formats");
    format!("{} or {last}; if nothing is said, fancy; with =FILE into a file", first.join(", "))
}

fn format(text: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(PathBuf::from(file))));
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        return Err(format!("a file must follow the `=`: {name}=FILE"));
    }
    let known = || Format::ALL.iter().map(|(name, _)| *name);
    Format::from_name(name)
        .map(|format| (format, file))
        .ok_or_else(|| format!("the formats are {}", known().collect::<Vec<_>>().join(", ")))
}

fn picture(text: &str) -> Result<haproxy_lint::topology::picture::Format, String> {
    use haproxy_lint::topology::picture::Format;
    let known = || Format::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Format::from_name(text).ok_or_else(|| format!("the formats are {}", known()))
}

fn style(text: &str) -> Result<haproxy_lint::generate::Style, String> {
    one_of(&haproxy_lint::generate::Style::ALL, text)
}

fn form(text: &str) -> Result<haproxy_lint::generate::Form, String> {
    one_of(&haproxy_lint::generate::Form::ALL, text)
}

fn one_of<T: Copy>(all: &[(&str, T)], text: &str) -> Result<T, String> {
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    all.iter().find(|(name, _)| *name == text).map(|(_, it)| *it).ok_or_else(|| format!("it is one of {}", names()))
}

fn diagnosis(text: &str) -> Result<haproxy_lint::report::doctor::Format, String> {
    let formats = haproxy_lint::report::doctor::Format::ALL;
    let found = formats.into_iter().find(|(name, _)| *name == text).map(|(_, format)| format);
    found.ok_or_else(|| format!("the formats are {}", formats.map(|(name, _)| name).join(", ")))
}

/// `4096`, `512KB`, `64MB`, `1GB`.
fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.to_ascii_uppercase().as_str() {
        "" => 0,
        "KB" => 10,
        "MB" => 20,
        "GB" => 30,
        _ => return Err("write a size such as 512KB, 64MB or 1GB".to_owned()),
    };
    let number = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift));
    // Places in a file are numbers of 32 bits.
    number.filter(|n| (1..=1 << 31).contains(n)).ok_or_else(|| "write a size between 1 and 2GB, such as 64MB".to_owned())
}

/// `500ms`, `5s`, `2m`; a bare number is seconds.
fn time(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let unit = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a time such as 500ms, 5s or 2m".to_owned()),
    };
    let number = number.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).filter(|n| (1..=86_400_000).contains(n));
    number.map(Duration::from_millis).ok_or_else(|| "write a time between 1ms and 24h, such as 5s".to_owned())
}

fn level(text: &str) -> Result<Severity, String> {
    Severity::from_name(text).ok_or_else(|| "the severities are error, warning and info".to_owned())
}

fn rule_severity(text: &str) -> Result<(String, Severity), String> {
    let (rule, name) = text.split_once('=').ok_or("write RULE=LEVEL, such as peers/no-tls=warning")?;
    Ok((rule.to_owned(), level(name)?))
}
