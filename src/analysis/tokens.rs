//! What each word of a file is, for colours.

use crate::{
    catalog::{NameKind, Role, ask},
    config::SectionView,
    source::{FileId, Location, Span},
    syntax::{Statement, Tail},
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
    /// A keyword, an option, an action.
    Keyword,
    /// The name of a section.
    Namespace,
    /// Another name that is declared somewhere.
    Name,
    /// An ACL.
    Acl,
    /// A variable.
    Variable,
    /// A number, a time, a size.
    Number,
    /// A regular expression.
    Regex,
    /// An address, a path, any other text.
    Text,
    /// A sample expression or a log format.
    Expression,
    /// `.if` and the like.
    Directive,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// Its bytes, in one line.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether a name is declared there.
    pub declares: bool,
}

/// The tokens of a file between two bytes, in their order. None lies in another.
pub fn tokens(view: &View<'_>, file: FileId, within: Span) -> Vec<Token> {
    let mut all = comments_and_directives(view, file, within);
    let outer = |place: Location| place.file == file && place.span.start < within.end && within.start < place.span.end;
    for section in view.config().sections() {
        all.extend(section.header.filter(|header| outer(header.location())).and_then(|header| header.word(0)).map(|word| Token {
            span: word.location.span,
            kind: TokenKind::Section,
            declares: false,
        }));
        for line in section.statements().filter(|line| outer(line.location())) {
            all.extend(of_line(view, &section, line));
        }
    }
    for (place, kind, access) in names(view) {
        if outer(place) {
            all.push(Token { span: place.span, kind: of_name(kind), declares: access == Access::Declares });
        }
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

fn of_role(role: Role) -> Option<TokenKind> {
    Some(match role {
        Role::Keyword | Role::Condition => TokenKind::Keyword,
        Role::Number | Role::Time | Role::Size => TokenKind::Number,
        Role::Regex => TokenKind::Regex,
        Role::Variable => TokenKind::Variable,
        Role::Name(kind) => of_name(SymbolKind::Name(kind)),
        Role::Sample | Role::Format | Role::Acl => TokenKind::Expression,
        Role::Address | Role::Outside(_) | Role::Value => TokenKind::Text,
    })
}

fn of_line(view: &View<'_>, section: &SectionView<'_>, line: Statement<'_>) -> Vec<Token> {
    let marks = ask(line, &view.place(Some(section)), view.versions()).marks;
    let token = |mark: &crate::catalog::Mark| {
        let span = line.word(mark.word.into())?.part(mark.within(usize::MAX)).span;
        Some(Token { span, kind: of_role(mark.role)?, declares: false })
    };
    marks.iter().filter_map(token).collect()
}

fn comments_and_directives(view: &View<'_>, file: FileId, within: Span) -> Vec<Token> {
    let Some(tree) = view.snapshot.trees.get(file.0 as usize) else { return Vec::new() };
    let source = view.snapshot.sources.file(file);
    let (first, last) = (source.line_of(within.start), source.line_of(within.end));
    let mut all = Vec::new();
    for (number, line) in tree.lines().iter().enumerate().take(last + 1).skip(first) {
        if line.tail == Tail::Comment {
            all.push(Token { span: Span::new(line.tail_start, line.span.end), kind: TokenKind::Comment, declares: false });
        }
        let word = tree.words(number).first().map(|word| word.span());
        let directive = word.filter(|span| source.slice(*span).starts_with(b"."));
        all.extend(directive.map(|span| Token { span, kind: TokenKind::Directive, declares: false }));
    }
    all
}

/// The tokens in their order: what lies in another takes its part of it.
fn apart(mut all: Vec<Token>) -> Vec<Token> {
    all.retain(|token| !token.span.is_empty());
    // At one place the most exact is the last.
    all.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end), token.declares));
    let mut done: Vec<Token> = Vec::new();
    for token in all {
        let mut behind = None;
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
