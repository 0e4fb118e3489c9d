//! What could stand where a word is missing or wrong, and what is said of that.

use super::*;

/// How many words are listed where one of them is to be written.
const LISTED: usize = 20;

impl<'m, 'r> Matcher<'m, 'r> {
    /// A word that must be somewhere on the line and is not.
    pub(in crate::catalog) fn lacks<T>(&mut self, node: &'static Node) -> Option<T> {
        let location = self.statement.location();
        let word = self.statement.word(self.first).map_or(location, |w| w.location);
        let message = format!("`{}` needs {}", self.path(), self.expected(node));
        self.refuse(FaultKind::MissingArgument, word, message)
    }

    /// The line ends where something must follow.
    pub fn missing<T>(&mut self, node: &'static Node, at: usize) -> Option<T> {
        let before = at.saturating_sub(1).max(self.first).min(self.statement.len().saturating_sub(1));
        let location = self.statement.word(before).map_or_else(|| self.statement.location(), |w| w.location);
        let message = if self.path.is_empty() {
            format!("{} is missing", self.expected(node))
        } else {
            format!("`{}` needs {}", self.path(), self.expected(node))
        };
        self.refuse(FaultKind::MissingArgument, location, message)
    }

    /// A word that is none of those that may stand here.
    pub fn unknown<T>(&mut self, node: &'static Node, at: usize) -> Option<T> {
        let piece = self.piece(at)?;
        let text = piece.text?;
        if let Some(versions) = elsewhere(node, text) {
            return self.known_elsewhere(piece, text, versions);
        }
        let options = matches!(node, Node::Table(t) if is_options(TABLES[*t].name));
        let kind = if options { FaultKind::UnknownOption } else { FaultKind::UnknownArgument };
        let words = self.words_of(node);
        let owner = self.path();
        let message = if owner.is_empty() { format!("`{text}` is not known here") } else { format!("`{owner}` does not know `{text}`") };
        let help = self.suggest(piece, &words, node);
        self.fault(Fault { help, ..Fault::refused(kind, piece.location, message, self.versions) });
        None
    }

    /// A word that only other versions know.
    fn known_elsewhere<T>(&mut self, piece: Piece<'r>, text: &str, known: VersionSet) -> Option<T> {
        let gone = known.iter().last() < self.versions.iter().next();
        let (kind, word) = if gone { (FaultKind::Removed, "any more") } else { (FaultKind::TooNew, "yet") };
        let message = format!("`{} {text}` is not known {word}: HAProxy {known} has it", self.path());
        self.refuse(kind, piece.location, message)
    }

    /// What is left behind the end of the signature; where an option was expected the next one is looked for.
    pub(in crate::catalog) fn behind(&mut self, mut at: usize) -> Option<()> {
        let piece = self.piece(at)?;
        let text = piece.text?;
        if let Some((stopped, node)) = self.stopped
            && stopped == at
            && self.each_word(node, &mut |_| true)
        {
            self.unknown::<()>(node, at);
            self.mute();
            while at < self.end {
                at = if self.goes_on(node, at) == Some(true) { self.node(node, at)?.max(at + 1) } else { at + 1 };
            }
            return None;
        }
        let message = format!("`{text}` is one word too many for `{}`", self.path());
        self.fault(
            Fault::refused(FaultKind::UnexpectedArgument, piece.location, message, self.versions)
                .help("delete it, or quote what belongs together"),
        );
        None
    }

    /// The words that can stand where `node` is, in the versions judged and this section.
    pub(in crate::catalog) fn words_of(&self, node: &'static Node) -> Vec<&'static str> {
        let mut words = Vec::new();
        self.each_word(node, &mut |word| {
            words.push(word);
            false
        });
        words.dedup();
        words
    }

    /// Whether `found` holds for one of the words that can stand where `node` is.
    fn each_word(&self, node: &'static Node, found: &mut impl FnMut(&'static str) -> bool) -> bool {
        match node {
            Node::Literal(word) => found(word),
            Node::Call(name, _) => found(name),
            Node::Table(index) => self.words_of_table(&TABLES[*index]).any(found),
            Node::Seq(nodes) => {
                // Behind what may be left out another can be the first.
                let begins = nodes.iter().position(|n| !matches!(n, Node::Optional(_) | Node::Repeat(_, false) | Node::Guard(..)));
                let first = &nodes[..begins.map_or(nodes.len(), |last| last + 1)];
                first.iter().any(|node| self.each_word(node, found))
            }
            Node::Choice(nodes) => nodes.iter().any(|node| self.each_word(node, found)),
            Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => self.each_word(node, found),
            Node::Guard(set, node) => set.meets(self.versions) && self.each_word(node, found),
            _ => false,
        }
    }

    /// The keywords of a table that these versions take in this section.
    pub(in crate::catalog) fn words_of_table(&self, table: &'static Table) -> impl Iterator<Item = &'static str> + use<'m, 'r> {
        let (versions, line) = (self.versions, self.line);
        table.entries.iter().filter(move |e| e.taken_by().meets(versions) && line.takes(e)).map(|e| e.key)
    }

    /// "Did you mean", or what may stand here.
    fn suggest(&self, piece: Piece<'r>, words: &[&'static str], node: &'static Node) -> Option<Help> {
        let may_stand = || match plain(words).as_slice() {
            [] => None,
            words if words.len() <= LISTED => Some(format!("write {}", self.expected(node))),
            words => Some(format!("{} words may stand here, `{}` among them", words.len(), words[0])),
        };
        self.near(piece, words.iter().copied()).or_else(|| may_stand().map(Help::from))
    }

    /// "Did you mean": the nearest of `forms`, in place of the name alone that `piece` begins with.
    pub(in crate::catalog) fn near(&self, piece: Piece<'r>, forms: impl Iterator<Item = &'static str>) -> Option<Help> {
        let near = nearest_form(piece.text?, forms)?;
        let wrong = piece.text?.cut(..near.wrong);
        let help = Help::meant(self.part(piece, 0, near.wrong), wrong, near.name);
        // It takes arguments that are not there, or none where there are some: somebody has to write the rest.
        Some(if near.fits { help } else { Help::Say(help.to_string()) })
    }

    /// What may stand where `node` is, in words.
    pub(in crate::catalog) fn expected(&self, node: &'static Node) -> String {
        match node {
            Node::Place(place) => with_article(place.label),
            Node::Required(node) | Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) => self.expected(node),
            Node::Seq(nodes) => nodes.first().map_or_else(String::new, |first| match first {
                Node::Literal(word) if nodes.len() > 1 => {
                    format!("`{word}` and {}", nodes[1..].iter().map(|n| self.expected(n)).next().unwrap_or_default())
                }
                _ => self.expected(first),
            }),
            _ => {
                let words = plain(&self.words_of(node));
                let shown: Vec<String> = words.iter().take(LISTED).map(|w| format!("`{w}`")).collect();
                let more =
                    if words.len() > LISTED { format!(" or {}", crate::counted(words.len() - LISTED, "other")) } else { String::new() };
                match shown.split_last() {
                    None => "an argument".to_owned(),
                    Some((last, [])) => last.clone(),
                    Some((last, rest)) if more.is_empty() => format!("{} or {last}", rest.join(", ")),
                    Some(_) => shown.join(", ") + &more,
                }
            }
        }
    }
}

/// Words of signatures as they are told: each once, without what follows its name, and without its opposite.
fn plain(words: &[&'static str]) -> Vec<&'static str> {
    let mut plain: Vec<&str> = Vec::with_capacity(words.len());
    for word in words.iter().map(|word| word.trim_end_matches(['(', '#'])) {
        let is_opposite = word.strip_prefix('!').is_some_and(|rest| rest.is_empty() || words.contains(&rest));
        if !is_opposite && !plain.contains(&word) {
            plain.push(word);
        }
    }
    plain
}

/// The versions that know `text` at a place where the versions judged do not.
fn elsewhere(node: &'static Node, text: &str) -> Option<VersionSet> {
    match node {
        Node::Guard(set, inner) => begins_with(inner, text).then_some(*set),
        Node::Choice(nodes) => nodes.iter().find_map(|n| elsewhere(n, text)),
        Node::Seq(nodes) => nodes.first().and_then(|n| elsewhere(n, text)),
        Node::Optional(inner) | Node::Repeat(inner, _) | Node::Required(inner) => elsewhere(inner, text),
        _ => None,
    }
}

fn begins_with(node: &'static Node, text: &str) -> bool {
    match node {
        Node::Literal(word) => *word == text,
        Node::Call(name, _) => text.starts_with(name),
        Node::Seq(nodes) => nodes.first().is_some_and(|n| begins_with(n, text)),
        _ => false,
    }
}

/// The tables whose words people call options.
fn is_options(table: &str) -> bool {
    matches!(table, "bind" | "server" | "option" | "crt-list")
}

/// Labels whose words are said otherwise than they are written.
const SPOKEN: [(&str, &str); 9] = [
    ("acl", "an ACL"),
    ("alpn", "a list of protocols"),
    ("cond", "a condition"),
    ("data", "data"),
    ("fmt", "a format"),
    ("npn", "a list of protocols"),
    ("percent", "a percentage"),
    ("uri", "a URI"),
    ("url", "a URL"),
];

/// `a size`, `an address`, `seconds`.
pub(in crate::catalog) fn with_article(label: &str) -> String {
    if let Some((_, spoken)) = SPOKEN.iter().find(|(known, _)| *known == label) {
        return (*spoken).to_owned();
    }
    let has_vowel = label.starts_with(['a', 'e', 'i', 'o', 'u']) && !label.starts_with("us");
    match label {
        _ if is_plural(label) => label.to_owned(),
        _ if has_vowel => format!("an {label}"),
        _ => format!("a {label}"),
    }
}

/// Whether a label names several things: `seconds`, but not `status`, `address` or `alias`.
pub(in crate::catalog) fn is_plural(label: &str) -> bool {
    label.ends_with('s') && !["ss", "us", "as"].iter().any(|end| label.ends_with(end))
}
