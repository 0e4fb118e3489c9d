//! What a finding is known by when lines have moved.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::{finding::Finding, source::Sources};

/// Names a finding so that it is known again after lines have moved: by its rule, its file, the words of its line,
/// and its place among findings that have all of these in common.
#[derive(Debug, Default)]
pub struct Fingerprints(FxHashMap<u64, usize>);

impl Fingerprints {
    /// The fingerprint of the next finding: the same call order gives the same names.
    pub fn of(&mut self, sources: &Sources, finding: &Finding) -> String {
        // `./a.cfg` and `a.cfg` are one file, found on two ways.
        self.called(sources, finding, |mut name| {
            while let Some(rest) = name.strip_prefix("./") {
                name = rest;
            }
            Cow::Borrowed(name)
        })
    }

    /// The same with other names of files: `called` says how one is called.
    pub(crate) fn called<'n>(&mut self, sources: &'n Sources, finding: &Finding, called: impl Fn(&'n str) -> Cow<'n, str>) -> String {
        let mut hash = Fnv::default();
        hash.add(finding.rule.name.as_bytes());
        match finding.location {
            Some(location) => {
                let file = sources.file(location.file);
                hash.add(called(file.name()).as_bytes());
                let line = file.slice(file.line_span(file.line_of(location.span.start)));
                line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).for_each(|word| hash.add(word));
            }
            None => hash.add(finding.message.as_bytes()),
        }
        let count = self.0.entry(hash.0).or_default();
        *count += 1;
        let mut print = String::with_capacity(20);
        (0..16).rev().for_each(|place| print.push(char::from(b"0123456789abcdef"[(hash.0 >> (4 * place)) as usize & 15])));
        print.push(':');
        print + &count.to_string()
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every release, which std's hasher does not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        // The separator keeps `ab c` and `a bc` apart.
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
