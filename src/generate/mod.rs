//! Writes what a cluster needs: configurations, and what stands around them.
//!
//! [`Config`] is a typed model of a configuration. Words are plain values; how they are quoted is its own affair:
//!
//! ```
//! use haproxy_lint::{generate::{Config, Line, Section}, syntax::SectionKind};
//! let page = Line::new("http-request return status 503 content-type text/plain string").word("back soon: \"don't panic\" #42");
//! let config = Config::new().section(Section::named(SectionKind::Frontend, "web").line("bind :80").line(page));
//! assert!(config.to_string().ends_with("string \"back soon: \\\"don't panic\\\" #42\"\n"));
//! ```
//!
//! [`peers()`], [`config()`], [`manifests()`] and [`sysctl()`] make files of a topology:
//!
//! ```
//! use haproxy_lint::{check::{Options, nodes}, generate::{Request, peers}, source::SourceFile, topology};
//! let hosts = "topology: 1\nhosts:\n- {name: lb1, addresses: [192.0.2.1]}\n- {name: lb2, addresses: [192.0.2.2]}\n";
//! let (topology, _) = topology::read(vec![SourceFile::new("hosts.yaml", hosts.into())]);
//! let checked = nodes::check(&topology, &Options::default());
//! let made = peers(&checked.mesh, &Request::default()).unwrap();
//! assert!(made.files[0].text.ends_with("peers haproxy_peers\n    peer lb1 192.0.2.1:10000\n    peer lb2 192.0.2.2:10000\n"));
//! ```

mod cluster;
mod condition;
mod config;
mod ha;
mod helm;
mod left;
mod manifests;
mod peers;
mod sysctl;
mod word;
mod yaml;

pub use condition::Condition;
pub use config::{Body, Config, If, Item, Line, Section};
pub use ha::config;
pub use manifests::manifests;
pub use peers::{compare, peers};
pub use sysctl::sysctl;
pub use word::{Piece, Word};

use std::fmt;

use cluster::{Cluster, Member};

/// How the nodes of a cluster reach each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Through a Kubernetes Service for each pod: its name resolves before the pod is there.
    Services,
    /// By the names that a headless Service gives to the pods of a StatefulSet.
    Headless,
    /// By the addresses of hosts, or the names of containers.
    Hosts,
}

impl Style {
    /// Every style with its name.
    pub const ALL: [(&'static str, Self); 3] = [("services", Self::Services), ("headless", Self::Headless), ("hosts", Self::Hosts)];
}

/// How Kubernetes objects are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Whole objects for `kubectl apply`.
    #[default]
    Plain,
    /// A kustomize component: new objects, and patches for those that are there.
    Kustomize,
    /// Values for the chart haproxytech/haproxy, a file for each release.
    HelmValues,
}

impl Form {
    /// Every form with its name.
    pub const ALL: [(&'static str, Self); 3] = [("plain", Self::Plain), ("kustomize", Self::Kustomize), ("helm-values", Self::HelmValues)];
}

/// What is to be generated. Where nothing is said, the topology and the configurations in it decide.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How the nodes reach each other.
    pub style: Option<Style>,
    /// The port on which they listen for each other.
    pub port: Option<u16>,
    /// The name of the `peers` section.
    pub section: Option<String>,
    /// These nodes and workloads alone.
    pub nodes: Vec<String>,
    /// A file for each node, instead of one for all.
    pub per_node: bool,
    /// How Kubernetes objects are written.
    pub form: Form,
}

/// What was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The files.
    pub files: Vec<File>,
    /// What people should know of them.
    pub notes: Vec<String>,
    /// What is still wrong once they are applied, each in one sentence.
    pub left: Vec<String>,
    /// Whether they belong into a folder, were there only one.
    pub folder: bool,
    /// How the first line of each begins.
    pub mark: String,
}

/// A file that was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name inside of a folder.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl From<(String, String)> for File {
    fn from((name, text): (String, String)) -> Self {
        Self { name, text }
    }
}

/// Why nothing can be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In plain words.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for crate::project::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.message, refusal.help)
    }
}

/// How the first line of every generated file begins.
pub const MARK: &str = "# Written by haproxy-lint generate";

fn marker(what: &str) -> String {
    format!("{MARK} {what}; what is changed here is lost when it is run again.\n")
}

/// A configuration with nothing but the mark in it.
fn header(what: &str) -> Config {
    Config::new().comment(marker(what).trim_start_matches("# "))
}
