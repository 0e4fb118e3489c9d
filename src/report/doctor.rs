//! A diagnosis for people, programs and Prometheus.

mod human;
mod json;
mod prometheus;

use std::io::{self, Write};

use crate::{
    check::doctor::Diagnosis,
    report::Style,
    runtime::{Cluster, Ladder},
    shown::{self, Form},
    source::Sources,
    version::Version,
};

/// An output format of the doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// The text format of Prometheus.
    Prometheus,
}

impl Format {
    /// Every format with its name.
    pub const ALL: [(&'static str, Self); 3] = [("human", Self::Human), ("json", Self::Json), ("prometheus", Self::Prometheus)];
}

/// Everything that is shown.
pub struct Shown<'a> {
    /// Who was asked, and what they say.
    pub cluster: &'a Cluster<'a>,
    /// What it means.
    pub diagnosis: &'a Diagnosis,
    /// The steps for each node.
    pub ladders: &'a [Ladder],
    /// The texts.
    pub sources: &'a Sources,
    /// The HAProxy that was checked for.
    pub target: Option<Version>,
    /// How text for people is laid out.
    pub style: Style,
    /// Every step of every node is told, also where all is well.
    pub verbose: bool,
}

/// Writes `shown` in a format.
///
/// # Errors
/// If it cannot be written.
pub fn render(shown: &Shown<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let form = match format {
        Format::Human => Form::People { color: shown.style.color },
        Format::Json => Form::Json,
        Format::Prometheus => Form::People { color: false },
    };
    shown::inert(form, out, |out| match format {
        Format::Human => human::render(shown, out),
        Format::Json => json::render(shown, out),
        Format::Prometheus => prometheus::render(shown, out),
    })
}

/// The nodes and how each stands with its peers: also what `--watch` repeats.
///
/// # Errors
/// If it cannot be written.
pub fn table(cluster: &Cluster<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    shown::inert(Form::People { color: style.color }, out, |out| human::table(cluster, style, out))
}
