//! Dockerfiles that compose files name: what an image is built from, and the files that are copied into it.

use crate::source::SourceFile;

use super::{Reader, Text, file_name};

pub(super) static READER: Reader = Reader {
    rank: 70,
    about: &[(
        "Dockerfiles that compose files name",
        "the image that the last stage is built from, the configuration that it copies, and what it runs",
    )],
    text: Some(Text {
        is: |file, plain| plain && is_one(file.name()),
        read: |file, _, reading| reading.topology.dockerfiles.push((file.name().to_owned(), of(file))),
    }),
    ..Reader::NEW
};

/// What a Dockerfile says of the image that is made.
#[derive(Debug, Default)]
pub(in crate::topology) struct Dockerfile {
    /// The image that the last stage is built from.
    pub(in crate::topology) from: String,
    /// What is copied to where, out of the folder that it is built in.
    pub(in crate::topology) copies: Vec<(String, String)>,
    /// What `ENTRYPOINT` says, word by word.
    pub(in crate::topology) entrypoint: Option<Vec<String>>,
    /// What `CMD` says.
    pub(in crate::topology) command: Option<Vec<String>>,
}

impl Dockerfile {
    /// Whether it says itself what runs.
    pub(in crate::topology) fn runs(&self) -> bool {
        self.entrypoint.is_some() || self.command.is_some()
    }
}

/// The words of an instruction that says what runs: a list as JSON has it, or a text for a shell.
fn runs(rest: &str) -> Vec<String> {
    serde_json::from_str(rest.trim()).unwrap_or_else(|_| vec!["/bin/sh".to_owned(), "-c".to_owned(), rest.trim().to_owned()])
}

/// Whether a path is that of a Dockerfile.
fn is_one(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|known| name.starts_with(known) || name.ends_with(known))
}

fn of(file: &SourceFile) -> Dockerfile {
    let text = String::from_utf8_lossy(file.bytes()).replace("\\\r\n", " ").replace("\\\n", " ");
    let mut stage = Dockerfile::default();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((instruction, rest)) = line.split_once(char::is_whitespace) else { continue };
        // The words stand between brackets, behind the options.
        let is_list = rest.split_whitespace().find(|word| !word.starts_with("--")).is_some_and(|word| word.starts_with('['));
        let word = |word: &str| if is_list { word.trim_matches(|c: char| "[]\",".contains(c)).to_owned() } else { word.to_owned() };
        let (options, words): (Vec<String>, Vec<String>) =
            rest.split_whitespace().map(word).filter(|word| !word.is_empty()).partition(|word| word.starts_with("--"));
        match instruction.to_ascii_uppercase().as_str() {
            "FROM" => stage = Dockerfile { from: words.first().cloned().unwrap_or_default(), ..Dockerfile::default() },
            // What another stage has made is not known.
            "COPY" | "ADD" if !options.iter().any(|option| option.starts_with("--from")) => {
                let Some((to, from)) = words.split_last() else { continue };
                let inside = |from: &String| if to.ends_with('/') { format!("{to}{}", file_name(from)) } else { to.clone() };
                stage.copies.extend(from.iter().map(|from| (from.clone(), inside(from))));
            }
            "CMD" => stage.command = Some(runs(rest)),
            "ENTRYPOINT" => stage.entrypoint = Some(runs(rest)),
            _ => {}
        }
    }
    stage
}
