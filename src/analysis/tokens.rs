//! What each word of a file is, for colours.

mod line;

use crate::{
    catalog::NameKind,
    source::{FileId, Location, Span},
    syntax::Tail,
};

use super::{Access, SymbolKind, View, define::names};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TokenKind {
    /// A comment.
    Comment,
    /// The keyword that opens a section.
    Section,
    /// A keyword that begins a line; `if` and `unless`.
    Keyword,
    /// An option: a word behind a keyword with a meaning of its own.
    Option,
    /// What a rule does: `deny`.
    Action,
    /// One of a few words.
    Word,
    /// The name of a section.
    Namespace,
    /// Another name that is declared somewhere.
    Name,
    /// An ACL.
    Acl,
    /// A variable.
    Variable,
    /// A number.
    Number,
    /// A time.
    Time,
    /// A size.
    Size,
    /// An address.
    Address,
    /// A regular expression.
    Regex,
    /// The name of a file, a directory, a user.
    Path,
    /// Any other text.
    Text,
    /// A sample fetch, or a criterion of ACLs.
    Fetch,
    /// A converter.
    Converter,
    /// An alias of log formats.
    Alias,
    /// A flag of an ACL or a log format.
    Flag,
    /// `!`, `or`, `||`, a brace, `gt`.
    Operator,
    /// `.if` and the like.
    Directive,
}

/// What is true of a token beside its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Modifiers(u8);

impl Modifiers {
    /// A name is declared there.
    pub const DECLARES: Self = Self(1);
    /// The versions that read it warn of it, or have it no more.
    pub const DEPRECATED: Self = Self(2);
    /// HAProxy itself says what it is: a predefined ACL.
    pub const READONLY: Self = Self(4);
    /// A variable is set or forgotten there.
    pub const WRITES: Self = Self(8);
    /// None.
    pub const NONE: Self = Self(0);

    /// A bit for each of them, in this order.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether all of `other` are among them.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// Its bytes, in one line.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// What else is true of it.
    pub modifiers: Modifiers,
}

impl Token {
    fn plain(span: Span, kind: TokenKind) -> Self {
        Self { span, kind, modifiers: Modifiers::NONE }
    }
}

/// The tokens of a file between two bytes, in their order. None lies in another.
pub fn tokens(view: &View<'_>, file: FileId, within: Span) -> Vec<Token> {
    let mut all = comments_and_directives(view, file, within);
    let outer = |place: Location| place.file == file && place.span.start < within.end && within.start < place.span.end;
    for section in view.config().sections() {
        let header = section.header().filter(|header| outer(header.location())).and_then(|header| header.word(0));
        all.extend(header.map(|word| Token::plain(word.location.span, TokenKind::Section)));
        let place = view.place(Some(&section));
        for line in section.statements().filter(|line| outer(line.location())) {
            all.extend(line::tokens(line, &place, view.versions()));
        }
    }
    for (place, kind, access) in names(view).into_iter().filter(|(place, ..)| outer(*place)) {
        let modifiers = if access == Access::Declares { Modifiers::DECLARES } else { Modifiers::NONE };
        all.push(Token { span: place.span, kind: of_name(kind), modifiers });
    }
    apart(all)
}

fn of_name(kind: SymbolKind) -> TokenKind {
    match kind {
        SymbolKind::Name(NameKind::Acl) => TokenKind::Acl,
        SymbolKind::Variable => TokenKind::Variable,
        kind if kind.section().is_some() => TokenKind::Namespace,
        _ => TokenKind::Name,
    }
}

fn comments_and_directives(view: &View<'_>, file: FileId, within: Span) -> Vec<Token> {
    let Some(tree) = view.snapshot.trees.get(file.0 as usize) else { return Vec::new() };
    let source = view.snapshot.sources.file(file);
    let (first, last) = (source.line_of(within.start), source.line_of(within.end));
    let mut all = Vec::new();
    for (number, line) in tree.lines().enumerate().take(last + 1).skip(first) {
        if line.tail == Tail::Comment {
            all.push(Token::plain(Span::new(line.tail_start, line.span.end), TokenKind::Comment));
        }
        let word = tree.words(number).first().map(|word| word.span());
        let directive = word.filter(|span| source.slice(*span).starts_with(b"."));
        all.extend(directive.map(|span| Token::plain(span, TokenKind::Directive)));
    }
    all
}

/// The tokens in their order: what lies in another takes its part of it.
fn apart(mut all: Vec<Token>) -> Vec<Token> {
    all.retain(|token| !token.span.is_empty());
    // At one place the most exact is the last.
    all.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end), token.modifiers.has(Modifiers::DECLARES)));
    let mut done: Vec<Token> = Vec::new();
    for token in all {
        let mut behind = None;
        // One place is one thing; who has found it first may know more of it.
        if let Some(same) = done.last_mut().filter(|same| same.span == token.span) {
            // A section is more than the table in it.
            let kind = if same.kind == TokenKind::Namespace { same.kind } else { token.kind };
            *same = Token { kind, modifiers: Modifiers(same.modifiers.0 | token.modifiers.0), ..token };
            continue;
        }
        while let Some(outer) = done.last_mut().filter(|outer| outer.span.end > token.span.start) {
            if outer.span.end > token.span.end {
                behind = Some(Token { span: Span::new(token.span.end, outer.span.end), ..*outer });
            }
            outer.span.end = token.span.start;
            if outer.span.is_empty() {
                done.pop();
            } else {
                break;
            }
        }
        done.push(token);
        done.extend(behind);
    }
    done
}
