//! The model of a configuration that is written: sections, lines, comments and conditional blocks.

use std::fmt;

use crate::{
    check::{Options, Report, check},
    source::Sources,
    syntax::{SectionKind, Statement, section_kind},
};

use super::{Condition, Word};

/// A configuration. Its text is what [`ToString`] gives.
///
/// ```
/// use haproxy_lint::{check::Options, generate::{Condition, Config, If, Line, Section, Word}, syntax::SectionKind};
/// let own = Condition::streq(Word::variable("HAPROXY_LOCALPEER"), "lb1");
/// let config = Config::new()
///     .comment("Who we are, and who the other one is.")
///     .section(
///         Section::named(SectionKind::Peers, "cluster")
///             .line("bind :10000")
///             .either(
///                 If::when(own, |lines| lines.line("server lb1")).otherwise(|lines| lines.line("server lb1 192.0.2.1:10000")),
///             )
///             .line(Line::new("server lb2").word("192.0.2.2:10000").comment("in the other rack")),
///     );
/// assert_eq!(config.to_string(), r#"# Who we are, and who the other one is.
/// peers cluster
///     bind :10000
///     .if streq("${HAPROXY_LOCALPEER}",lb1)
///     server lb1
///     .else
///     server lb1 192.0.2.1:10000
///     .endif
///     server lb2 192.0.2.2:10000 # in the other rack
/// "#);
/// assert_eq!(config.misfits(), Vec::<String>::new());
/// let options = Options { local_name: Some("lb2".to_owned()), ..Options::default() };
/// let found = config.check(&options).findings;
/// assert!(found.iter().all(|finding| finding.rule.group() != "keyword"), "the catalog knows every keyword");
/// ```
pub type Config = Body<Section>;

/// What stands in a configuration or in a section: parts, and comments and conditions between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<T>(pub Vec<Item<T>>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<T> {
    /// A section, or a line of one.
    Part(T),
    /// A comment on lines of its own.
    Comment(String),
    /// An empty line.
    Blank,
    /// `.if` to `.endif`.
    If(If<T>),
}

/// A conditional block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct If<T> {
    /// The conditions with what each leads to: `.if`, then `.elif`.
    pub branches: Vec<(Condition, Body<T>)>,
    /// What stands behind `.else`.
    pub otherwise: Option<Body<T>>,
}

/// A section: its header and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// The words behind its keyword, the name first.
    pub header: Vec<Word>,
    /// Its lines.
    pub body: Body<Line>,
}

/// A line: words, and a comment behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The words, the keyword first.
    pub words: Vec<Word>,
    /// The comment.
    pub comment: Option<String>,
}

impl<T> Default for Body<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Body<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, item: Item<T>) -> Self {
        self.0.push(item);
        self
    }

    /// With a comment on lines of its own.
    #[must_use]
    pub fn comment(self, text: impl Into<String>) -> Self {
        self.with(Item::Comment(text.into()))
    }

    /// With an empty line.
    #[must_use]
    pub fn blank(self) -> Self {
        self.with(Item::Blank)
    }

    /// With a conditional block.
    #[must_use]
    pub fn either(self, block: If<T>) -> Self {
        self.with(Item::If(block))
    }
}

impl Body<Section> {
    /// With a section.
    #[must_use]
    pub fn section(self, section: Section) -> Self {
        self.with(Item::Part(section))
    }

    /// What no file can say, in plain words; a configuration without any comes back from its text as it is.
    pub fn misfits(&self) -> Vec<String> {
        let first = match self.0.first() {
            Some(Item::Part(section)) => section.header.iter().collect(),
            Some(Item::If(block)) => block.branches.first().map(|(condition, _)| condition.words()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let mut found: Vec<String> = grown(&first, usize::MAX).into_iter().collect();
        visit(self, &mut found, &mut |section: &Section, found| {
            found.extend(section.header.iter().find_map(Word::misfit));
            visit(&section.body, found, &mut |line: &Line, found| found.extend(line.misfit()));
        });
        found
    }

    /// What the rules say of it, those of the catalog of keywords among them.
    pub fn check(&self, options: &Options) -> Report {
        check(&Sources::single("haproxy.cfg", self.to_string()), options)
    }
}

impl Body<Line> {
    /// With a line.
    #[must_use]
    pub fn line(self, line: impl Into<Line>) -> Self {
        self.with(Item::Part(line.into()))
    }
}

/// HAProxy's buffer for lines grows by so many bytes, and when it does, defaults of variables on that line are misread.
const BUFFER: usize = 1024;

/// Whether a default stands on a line of `length` bytes where it may be misread; the first line of a file always is.
pub(super) fn grown(words: &[&Word], length: usize) -> Option<String> {
    let misread = length > BUFFER / 2 && words.iter().any(|word| word.has_default());
    misread.then(|| "HAProxy misreads the default of a variable on the first line of a file, and on a long line".to_owned())
}

/// Looks at every part, and at the conditions itself.
fn visit<T>(body: &Body<T>, found: &mut Vec<String>, look: &mut impl FnMut(&T, &mut Vec<String>)) {
    for item in &body.0 {
        match item {
            Item::Part(part) => look(part, found),
            Item::If(block) => {
                if block.branches.is_empty() {
                    found.push("a block has no condition".to_owned());
                }
                found.extend(block.branches.iter().find_map(|(condition, _)| condition.misfit()));
                block.branches.iter().map(|(_, body)| body).chain(&block.otherwise).for_each(|body| visit(body, found, look));
            }
            Item::Comment(_) | Item::Blank => {}
        }
    }
}

impl<T> If<T> {
    /// `.if`: what `build` adds is read where `condition` is true.
    pub fn when(condition: Condition, build: impl FnOnce(Body<T>) -> Body<T>) -> Self {
        Self { branches: vec![(condition, build(Body::new()))], otherwise: None }
    }

    /// `.elif`: the same where all before were false.
    #[must_use]
    pub fn or_when(mut self, condition: Condition, build: impl FnOnce(Body<T>) -> Body<T>) -> Self {
        self.branches.push((condition, build(Body::new())));
        self
    }

    /// `.else`: what is read where all were false.
    #[must_use]
    pub fn otherwise(mut self, build: impl FnOnce(Body<T>) -> Body<T>) -> Self {
        self.otherwise = Some(build(Body::new()));
        self
    }
}

impl Section {
    /// A section without a name.
    pub fn new(kind: SectionKind) -> Self {
        Self { kind, header: Vec::new(), body: Body::new() }
    }

    /// A section with a name.
    pub fn named(kind: SectionKind, name: impl Into<Word>) -> Self {
        Self { kind, header: vec![name.into()], body: Body::new() }
    }

    /// With another word in its header: `frontend web from base` is `named(Frontend, "web").word("from").word("base")`.
    #[must_use]
    pub fn word(mut self, word: impl Into<Word>) -> Self {
        self.header.push(word.into());
        self
    }

    /// With a line.
    #[must_use]
    pub fn line(mut self, line: impl Into<Line>) -> Self {
        self.body = self.body.line(line);
        self
    }

    /// With these lines.
    #[must_use]
    pub fn lines<L: Into<Line>>(self, lines: impl IntoIterator<Item = L>) -> Self {
        lines.into_iter().fold(self, Self::line)
    }

    /// With a comment on lines of its own.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.body = self.body.comment(text);
        self
    }

    /// With an empty line.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.body = self.body.blank();
        self
    }

    /// With a conditional block.
    #[must_use]
    pub fn either(mut self, block: If<Line>) -> Self {
        self.body = self.body.either(block);
        self
    }
}

/// Directives that are lines like any other.
const MESSAGES: [&str; 4] = [".alert", ".warning", ".notice", ".diag"];
/// HAProxy takes no more words on a line.
const MAX_WORDS: usize = 64;

impl Line {
    /// A line of plain words: `text` is divided at its blanks, and nothing else in it is special.
    pub fn new(text: &str) -> Self {
        Self { words: text.split_ascii_whitespace().map(Word::from).collect(), comment: None }
    }

    /// With one more word, whatever is in it.
    #[must_use]
    pub fn word(mut self, word: impl Into<Word>) -> Self {
        self.words.push(word.into());
        self
    }

    /// With more plain words: `text` is divided at its blanks.
    #[must_use]
    pub fn words(mut self, text: &str) -> Self {
        self.words.extend(Self::new(text).words);
        self
    }

    /// With a comment behind it.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    fn misfit(&self) -> Option<String> {
        let Some(first) = self.words.first() else { return Some("a line has no word".to_owned()) };
        match first.plain().as_deref() {
            Some("") => return Some("a line begins with an empty word".to_owned()),
            Some(first) if section_kind(first).is_some() => return Some(format!("`{first}` would begin a section")),
            Some(first) if first.starts_with('.') && !MESSAGES.contains(&first) => {
                return Some(format!("`{first}` would be a directive"));
            }
            _ => {}
        }
        // Before 3.2 the blank before a comment counts as the beginning of another word.
        if self.words.len() + usize::from(self.comment.is_some()) > MAX_WORDS {
            return Some(format!("HAProxy takes no more than {MAX_WORDS} words on a line"));
        }
        let words: Vec<&Word> = self.words.iter().collect();
        self.words.iter().find_map(Word::misfit).or_else(|| grown(&words, self.to_string().len()))
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<W: Into<Word>, const N: usize> From<[W; N]> for Line {
    fn from(words: [W; N]) -> Self {
        Self { words: words.map(Into::into).into(), comment: None }
    }
}

impl From<Statement<'_>> for Line {
    /// The line that was read, without its comment.
    fn from(statement: Statement<'_>) -> Self {
        Self { words: statement.words().map(Word::from).collect(), comment: None }
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, "", f, &|section, f| section.fmt(f))
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.keyword())?;
        self.header.iter().try_for_each(|word| write!(f, " {word}"))?;
        f.write_str("\n")?;
        write(&self.body, INDENT, f, &|line, f| writeln!(f, "{INDENT}{line}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, word) in self.words.iter().enumerate() {
            write!(f, "{}{word}", if at == 0 { "" } else { " " })?;
        }
        match &self.comment {
            Some(comment) => write!(f, " # {}", one_line(comment)),
            None => Ok(()),
        }
    }
}

/// What stands before the lines of a section.
const INDENT: &str = "    ";

type Write<'w, T> = &'w dyn Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result;

fn write<T>(body: &Body<T>, indent: &str, f: &mut fmt::Formatter<'_>, part: Write<'_, T>) -> fmt::Result {
    for item in &body.0 {
        match item {
            Item::Part(it) => part(it, f)?,
            Item::Blank => writeln!(f)?,
            Item::Comment(text) if text.is_empty() => writeln!(f, "{indent}#")?,
            Item::Comment(text) => {
                text.lines().try_for_each(|line| writeln!(f, "{}", format!("{indent}# {}", one_line(line)).trim_end()))?
            }
            Item::If(block) => {
                for (at, (condition, body)) in block.branches.iter().enumerate() {
                    writeln!(f, "{indent}{} {condition}", if at == 0 { ".if" } else { ".elif" })?;
                    write(body, indent, f, part)?;
                }
                if let Some(body) = &block.otherwise {
                    writeln!(f, "{indent}.else")?;
                    write(body, indent, f, part)?;
                }
                writeln!(f, "{indent}.endif")?;
            }
        }
    }
    Ok(())
}

/// A comment ends with its line, and at a NUL.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\0'], " ")
}
