//! The sentences of `src/catalog/data/words/*.txt`, which docs/catalog.md describes: each belongs to words that the catalog knows,
//! and one that belongs to none is an error of the build.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

/// Where the sentences are.
pub(crate) const FOLDER: &str = "src/catalog/data/words";

/// The words that sentences may be about, by the table they are in: each with the words of its arguments.
pub(crate) type Known = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The tables under `[…]`: their names, and the constant that holds the chapters of the manual.
struct Head {
    tables: Vec<String>,
    chapters: String,
}

/// The tables of Rust as they are made.
#[derive(Default)]
struct Made {
    /// The words that stand for one of a table, as `option` does.
    nouns: BTreeMap<String, String>,
    /// Table, word, argument, and the constant.
    words: BTreeMap<(String, String, String), String>,
    /// The texts of chapters, with their numbers.
    chapters: BTreeMap<String, usize>,
}

/// Where the names of what has no table are: its name here, the file, and what stands before each name.
const OTHERS: [(&str, &str, &str); 3] = [
    ("section", "src/syntax/section.rs", "        section(\""),
    ("fetch", "src/expression/data/fetches.txt", ""),
    ("converter", "src/expression/data/converters.txt", ""),
];

/// The same words, and those of sections, sample fetches and converters, and the types.
pub(crate) fn with_others(mut known: Known, types: &[String]) -> Result<Known, String> {
    known.insert("type".to_owned(), types.iter().map(|name| (name.clone(), BTreeSet::new())).collect());
    for (table, path, sign) in OTHERS {
        let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
        let lines = text.lines().filter_map(|line| line.strip_prefix(sign)).filter(|line| !line.starts_with(['#', '=']));
        let names = lines.map(|line| line.split(['(', ':', '"']).next().unwrap_or_default().to_owned()).filter(|name| !name.is_empty());
        known.insert(table.to_owned(), names.map(|name| (name, BTreeSet::new())).collect());
    }
    Ok(known)
}

/// Reads all files, and gives the text of Rust.
pub(crate) fn generate(known: &Known, range: &mut dyn FnMut(&str) -> Result<String, String>) -> Result<String, String> {
    let mut files: Vec<_> = fs::read_dir(FOLDER).map_err(|e| format!("{FOLDER}: {e}"))?.flatten().map(|e| e.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let mut made = Made::default();
    for path in files {
        file(&path, known, range, &mut made)?;
    }
    Ok(made.text())
}

fn file(path: &Path, known: &Known, range: &mut dyn FnMut(&str) -> Result<String, String>, made: &mut Made) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut head = None;
    for (line, entry) in entries(&text) {
        let place = |error: String| format!("{}:{line}: {error}", path.display());
        if entry.starts_with('[') {
            head = Some(self::head(&entry, known, range, made).map_err(place)?);
        } else {
            let head = head.as_ref().ok_or_else(|| place("no `[table]` stands before it".to_owned()))?;
            sentence(&entry, head, known, made).map_err(place)?;
        }
    }
    Ok(())
}

/// The lines, each with those that are indented behind it; comments and empty lines are left out.
fn entries(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        match all.last_mut() {
            Some((_, last)) if line.starts_with(' ') => {
                last.push('\n');
                last.push_str(line.trim());
            }
            _ => all.push((number + 1, line.trim_end().to_owned())),
        }
    }
    all
}

/// `[table, table] <noun> CHAPTER@RANGE CHAPTER`.
fn head(line: &str, known: &Known, range: &mut dyn FnMut(&str) -> Result<String, String>, made: &mut Made) -> Result<Head, String> {
    let (names, rest) = line.trim_start_matches('[').split_once(']').ok_or("`]` is missing")?;
    let tables: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    if let Some(wrong) = tables.iter().find(|table| !known.contains_key(*table)) {
        return Err(format!("there is no table `{wrong}`"));
    }
    let mut chapters = String::new();
    for word in rest.split_whitespace() {
        if let Some(noun) = word.strip_prefix('<') {
            made.nouns.extend(tables.iter().map(|table| (table.clone(), noun.trim_end_matches('>').to_owned())));
            continue;
        }
        let (chapter, versions) = match word.split_once('@') {
            Some((chapter, versions)) => (chapter, range(versions)?),
            None => (word, "ALL".to_owned()),
        };
        let _ = write!(chapters, "({versions}, {chapter:?}), ");
    }
    let number = made.chapters.len();
    let number = *made.chapters.entry(chapters).or_insert(number);
    Ok(Head { tables, chapters: format!("C{number}") })
}

/// `word, word argument, ~word : text`, with examples in lines of their own that begin with `>`.
fn sentence(entry: &str, head: &Head, known: &Known, made: &mut Made) -> Result<(), String> {
    let (keys, text) = entry.split_once(" : ").ok_or("write `KEYWORD : sentence`")?;
    let (examples, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('>'));
    let examples: Vec<&str> = examples.into_iter().map(|line| line.trim_start_matches('>').trim()).collect();
    let text = lines.join(" ");
    for key in keys.split(',').map(str::trim) {
        let listed = !key.starts_with('~');
        let mut words = key.trim_start_matches('~').splitn(2, ' ');
        let (word, argument) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let has = |table: &&String| {
            let arguments = known.get(*table).and_then(|words| words.get(word));
            arguments.is_some_and(|known| argument.split_whitespace().all(|word| known.contains(word)))
        };
        let homes: Vec<&String> = head.tables.iter().filter(has).collect();
        if homes.is_empty() {
            return Err(format!("`{key}` is in none of these tables: {}", head.tables.join(", ")));
        }
        for table in homes {
            let what = format!(
                "Words {{ table: {table:?}, word: {word:?}, argument: {argument:?}, text: {text:?}, examples: &{examples:?}, listed: {listed}, chapters: {} }}",
                head.chapters
            );
            if made.words.insert((table.clone(), word.to_owned(), argument.to_owned()), what).is_some() {
                return Err(format!("`{key}` of `{table}` has a sentence already"));
            }
        }
    }
    Ok(())
}

impl Made {
    fn text(&self) -> String {
        let mut out = String::new();
        for (chapters, number) in &self.chapters {
            let _ = writeln!(out, "const C{number}: &[(VersionSet, &str)] = &[{chapters}];");
        }
        let _ = writeln!(out, "/// The word that stands for one of a table.\nstatic NOUNS: [(&str, &str); {}] = [", self.nouns.len());
        for (table, noun) in &self.nouns {
            let _ = writeln!(out, "    ({table:?}, {noun:?}),");
        }
        let _ = writeln!(out, "];\n/// Every sentence, by table, word and argument.\nstatic WORDS: [Words; {}] = [", self.words.len());
        for words in self.words.values() {
            let _ = writeln!(out, "    {words},");
        }
        out.push_str("];\n");
        out
    }
}
