//! From answers to nodes.

use std::collections::BTreeSet;

use crate::source::FileId;

use super::{
    cluster::{Node, Sample},
    dump::Dump,
};

/// A text with answers, and what is known of where it comes from.
#[derive(Debug)]
pub struct Answers {
    /// The name that the user gave to the node.
    pub name: Option<String>,
    /// A file or a socket.
    pub source: String,
    /// The file that holds the text.
    pub file: FileId,
    /// What is in it.
    pub dumps: Vec<Dump>,
    /// When it was asked, in seconds since the first time.
    pub seconds: Option<f64>,
}

/// Puts answers of the same process together: those of one given name, or of one local peer with the same sections.
pub fn nodes(answers: Vec<Answers>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for given in answers {
        let locals: BTreeSet<String> = given.dumps.iter().filter_map(|d| d.local_name().map(str::to_owned)).collect();
        let named = given.name.is_some() && locals.len() <= 1;
        let several = given.dumps.len() > 1;
        for (at, dump) in given.dumps.into_iter().enumerate() {
            // Answers that do not say whose they are may be those of several processes.
            let silent = dump.local_name().is_none() && several && !named;
            let other = || if silent { format!("{} (answer {})", given.source, at + 1) } else { given.source.clone() };
            let name = given.name.clone().filter(|_| named).or_else(|| dump.local_name().map(str::to_owned)).unwrap_or_else(other);
            let sections = |d: &Dump| d.sections.iter().map(|s| s.name.clone()).collect::<BTreeSet<_>>();
            let same = |n: &&mut Node| n.name == name && n.named == named && (named || sections(n.dump()) == sections(&dump));
            let known = nodes.iter_mut().find(same);
            let sample = Sample { dump, file: given.file, seconds: given.seconds };
            match known {
                Some(node) => {
                    node.samples.push(sample);
                    node.source.clone_from(&given.source);
                }
                None => nodes.push(Node { name, named, source: given.source.clone(), samples: vec![sample] }),
            }
        }
    }
    nodes
}
