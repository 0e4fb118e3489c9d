//! The names that may be asked for.

use crate::{
    catalog::{TABLES, Words, arguments, words},
    expression::{Signature, converter_names, fetch_names, lookup_converter, lookup_fetch},
    version::VersionSet,
};

use super::{Member, joined, known_argument, ways};

/// Every name of a keyword, an argument, a sample fetch or a converter, with the words that lead to it, that begins with `prefix`;
/// where none does, options and actions that begin so themselves.
///
/// ```
/// use haproxy_lint::{analysis::beginning, version::VersionSet};
/// assert_eq!(beginning("http-request den", VersionSet::ALL)[0].name, "http-request deny");
/// ```
pub fn beginning(prefix: &str, versions: VersionSet) -> Vec<Member> {
    let mut found = names(versions);
    found.retain(|member| member.name.starts_with(prefix));
    if found.is_empty() && !prefix.contains(' ') {
        found = named(versions, 1);
        found.retain(|member| member.name.rsplit(' ').next().is_some_and(|word| word.starts_with(prefix)));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|b, a| {
        let same = a.name == b.name;
        if same {
            a.versions = a.versions | b.versions;
        }
        same
    });
    // What has more words only where nothing has as many.
    let words = |name: &str| name.split(' ').count();
    let fewest = found.iter().map(|member| words(&member.name)).min().unwrap_or_default();
    found.retain(|member| words(&member.name) == fewest);
    found
}

/// Every name of a keyword, an argument, a sample fetch or a converter that any of these versions has, with the words that lead to it.
pub fn names(versions: VersionSet) -> Vec<Member> {
    named(versions, usize::MAX)
}

/// The same, with so many of the ways to each word.
fn named(versions: VersionSet, most: usize) -> Vec<Member> {
    let mut all = Vec::new();
    for table in &TABLES {
        let mut routes = ways(table, &[], None);
        routes.truncate(most);
        for entry in table.entries.iter().filter(|entry| entry.taken_by().meets(versions)) {
            let text = words(table.name, entry.key, "").map_or("", Words::short);
            let names = routes.iter().map(|route| joined(&route.words, " ", entry.key.trim_end_matches(['(', '#'])));
            all.extend(names.map(|name| Member { name, text, versions: entry.taken_by() }));
            for said in arguments(table.name, entry.key) {
                let Some(versions) = known_argument(entry, said.argument).filter(|set| set.meets(versions)) else { continue };
                let argument = format!("{} {}", said.word, said.argument);
                all.extend(routes.first().map(|route| Member { name: joined(&route.words, " ", &argument), text: said.short(), versions }));
            }
        }
    }
    let known = |signatures: &[Signature]| signatures.iter().fold(VersionSet::NONE, |all, signature| all | signature.versions);
    let fetches = fetch_names().map(|name| ("fetch", name, known(lookup_fetch(name))));
    let converters = converter_names().map(|name| ("converter", name, known(lookup_converter(name))));
    let taken = fetches.chain(converters).filter(|(_, _, known)| known.meets(versions));
    all.extend(taken.map(|(table, name, versions)| {
        let text = words(table, name, "").map_or("", Words::short);
        Member { name: name.to_owned(), text, versions }
    }));
    all
}
