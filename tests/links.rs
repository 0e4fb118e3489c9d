//! Documentation leads somewhere: each link of README.md and of `docs/` goes to a file that is there, and to a heading in it; and
//! every page is in the contents of the book.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Files of the repository by their address, for pages that are read elsewhere, too.
const REPOSITORY: &str = "https://github.com/haproxy-lint/haproxy-lint/blob/main/";

/// What a page has for others to link to, and where it links itself.
#[derive(Default)]
struct Page {
    anchors: BTreeSet<String>,
    links: Vec<String>,
}

impl Page {
    fn new(text: &str) -> Self {
        let (mut page, mut heading) = (Self::default(), None::<String>);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.anchor(&heading.take().unwrap_or_default()),
                Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| *heading += &text),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => page.links.push(dest_url.into_string()),
                _ => {}
            }
        }
        page
    }

    /// What a heading is called in addresses, here as at GitHub and in the book.
    fn anchor(&mut self, heading: &str) {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
        let name = kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase();
        let taken = (1..).map(|n| format!("{name}-{n}"));
        let free = std::iter::once(name.clone()).chain(taken).find(|name| !self.anchors.contains(name));
        self.anchors.extend(free);
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages below a folder, by their paths.
fn pages_below(folder: &Path, pages: &mut BTreeMap<PathBuf, Page>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            pages_below(&path, pages);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            pages.insert(path.clone(), Page::new(&fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all() -> BTreeMap<PathBuf, Page> {
    let mut pages = BTreeMap::new();
    pages_below(&root().join("docs"), &mut pages);
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"] {
        if let Ok(text) = fs::read_to_string(root().join(name)) {
            pages.insert(root().join(name), Page::new(&text));
        }
    }
    pages
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |plain, part| match part.as_os_str() {
        up if up == ".." => plain.parent().map(Path::to_owned).unwrap_or_default(),
        name => plain.join(name),
    })
}

/// Why a link of the page at `from` leads nowhere.
fn lost(pages: &BTreeMap<PathBuf, Page>, from: &Path, link: &str) -> Option<String> {
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let path = match file.strip_prefix(REPOSITORY) {
        Some(path) => root().join(path),
        None if file.contains("://") || file.starts_with("mailto:") => return None,
        None if file.is_empty() => from.to_owned(),
        None => plain(&from.parent()?.join(file)),
    };
    if !path.exists() {
        return Some("there is no such file".to_owned());
    }
    // The book has the pages of this folder alone.
    let docs = root().join("docs");
    if from.starts_with(&docs) && !path.starts_with(&docs) && !file.starts_with(REPOSITORY) {
        return Some(format!("it leaves the book: write {REPOSITORY}"));
    }
    let anchor = anchor.filter(|_| path.extension().is_some_and(|ending| ending == "md"))?;
    let known = pages.get(&path).is_some_and(|page| page.anchors.contains(anchor));
    (!known).then(|| format!("there is no heading `{anchor}`"))
}

#[test]
fn every_link_leads_somewhere() {
    let pages = all();
    let links = || pages.iter().flat_map(|(from, page)| page.links.iter().map(move |link| (from, link)));
    let lost: Vec<String> =
        links().filter_map(|(from, link)| Some(format!("{}: {link}: {}", from.display(), lost(&pages, from, link)?))).collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(links().count() > 300);
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let (pages, from) = (all(), root().join("docs/ci.md"));
    for link in ["nothing.md", "settings.md#nothing", "#nothing", "../README.md", &format!("{REPOSITORY}nothing")] {
        assert!(lost(&pages, &from, link).is_some(), "{link}");
    }
    for link in ["settings.md#rules-of-your-own", "#github", "schema/report-v1.schema.json", &format!("{REPOSITORY}README.md")] {
        assert_eq!(lost(&pages, &from, link), None, "{link}");
    }
}

#[test]
fn the_book_has_every_page_once() {
    let pages = all();
    let docs = root().join("docs");
    let contents = docs.join("SUMMARY.md");
    let mut listed: Vec<PathBuf> = pages[&contents].links.iter().filter(|link| !link.is_empty()).map(|link| docs.join(link)).collect();
    let there: Vec<&PathBuf> = pages.keys().filter(|path| path.starts_with(&docs) && **path != contents).collect();
    listed.sort();
    let missing: Vec<_> = there.iter().filter(|page| !listed.contains(page)).collect();
    assert!(
        missing.is_empty(),
        "docs/SUMMARY.md is without {missing:?}; `cargo xtask docs` writes its rules and topics, the rest is written by hand"
    );
    assert_eq!(listed.iter().collect::<Vec<_>>(), there);
}
