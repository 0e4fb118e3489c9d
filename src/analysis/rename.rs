//! Another name for something, in all places at once.
//!
//! Before it is given out, the new text is read and asked for the new name: it must stand in the same places.

use std::{fmt, sync::Arc};

use crate::{
    finding::Edit,
    fix::apply,
    source::{Location, Span},
};

use super::{Access, Cursor, Snapshot, Symbol, SymbolKind, View, define};

/// Why something cannot be given another name, in a sentence for whoever wants to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

fn refuse<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}

/// What stands at the cursor, if it can have another name.
///
/// # Errors
/// Where there is no name, or one that is not declared here, or that HAProxy works out while it runs.
pub fn renamable(view: &View<'_>, cursor: Cursor) -> Result<Symbol, Refusal> {
    let Some(symbol) = define(view, cursor).filter(|symbol| !symbol.name.contains("%[")) else {
        return if is_worked_out(view, cursor) {
            refuse("this name is worked out for each request: what it will be is not written here")
        } else {
            refuse("there is no name here that could be another one")
        };
    };
    let declared = symbol.occurrences.iter().any(|place| place.access != Access::Reads);
    if !declared && symbol.kind != SymbolKind::Variable {
        return refuse(format!("`{}` is not declared in these files", symbol.name));
    }
    let file = |place: Location| view.snapshot.sources.file(place.file).str(place.span);
    if let Some(odd) = symbol.occurrences.iter().find(|place| file(place.location) != Some(symbol.name.as_str())) {
        let written = file(odd.location).unwrap_or("…");
        return refuse(format!("`{}` is written as `{written}` somewhere, with quotes, escapes or variables in it", symbol.name));
    }
    Ok(symbol)
}

/// Whether the word at the cursor holds an expression.
fn is_worked_out(view: &View<'_>, cursor: Cursor) -> bool {
    let Some(statement) = view.statement(cursor) else { return false };
    let here = statement.words().find(|word| super::at::touches(word.location.span, cursor.offset));
    here.is_some_and(|word| word.display().contains("%["))
}

/// The edits that give what stands at the cursor the name `new`. What is in quotes stays in quotes.
///
/// # Errors
/// Where [`renamable`] says so, or `new` is no name, is taken, or would be read as something else.
pub fn rename(view: &View<'_>, cursor: Cursor, new: &str) -> Result<Vec<Edit>, Refusal> {
    let symbol = renamable(view, cursor)?;
    is_name(&symbol, new)?;
    let places = everywhere(view, cursor, &symbol);
    let edits: Vec<Edit> = places.iter().map(|place| Edit::replace(*place, new)).collect();
    if new != symbol.name {
        prove(view, cursor, &symbol, &edits, new)?;
    }
    Ok(edits)
}

/// Whether HAProxy takes `new` for a name of this kind wherever it stands.
fn is_name(symbol: &Symbol, new: &str) -> Result<(), Refusal> {
    let variable = symbol.kind == SymbolKind::Variable;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.') || !variable && matches!(c, '-' | ':');
    if new.is_empty() || !new.chars().all(part) {
        let letters = if variable { "letters, digits, `_` and `.`" } else { "letters, digits, `_`, `-`, `.` and `:`" };
        return refuse(format!("`{}` is no name: it may be made of {letters}", crate::shown::line(new)));
    }
    let scope = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    if variable && (scope(new) != scope(&symbol.name) || !new.contains('.') || new.ends_with('.')) {
        return refuse(format!("a variable keeps its scope: its name begins with `{}.`", scope(&symbol.name)));
    }
    Ok(())
}

/// All places of the name, also in lines that are only read in another way.
fn everywhere(view: &View<'_>, cursor: Cursor, symbol: &Symbol) -> Vec<Location> {
    let mut places: Vec<Location> = symbol.occurrences.iter().map(|place| place.location).collect();
    view.snapshot.others(|view| {
        let more = define(view, cursor).filter(|other| other.name == symbol.name);
        places.extend(more.into_iter().flat_map(|other| other.occurrences).map(|place| place.location));
    });
    let file = |place: &Location| view.snapshot.sources.file(place.file).str(place.span);
    places.retain(|place| file(place) == Some(symbol.name.as_str()));
    places.sort_unstable();
    places.dedup();
    places
}

/// Reads the new text: the new name must be in the places of the old one, and nowhere else.
fn prove(view: &View<'_>, cursor: Cursor, symbol: &Symbol, edits: &[Edit], new: &str) -> Result<(), Refusal> {
    let sources = apply(&view.snapshot.sources, &edits.iter().collect::<Vec<_>>());
    let moved = |at: Location| {
        let before = edits.iter().filter(|edit| edit.location.file == at.file && edit.location.span.start < at.span.start).count();
        let start = at.span.start as usize + before * new.len() - before * symbol.name.len();
        Location { file: at.file, span: Span::new(start as u32, (start + new.len()) as u32) }
    };
    let wanted: Vec<(Location, Access)> = symbol.occurrences.iter().map(|place| (moved(place.location), place.access)).collect();
    let cursor = Cursor { offset: moved(symbol.location).span.start, ..cursor };
    let snapshot = Snapshot::new(Arc::new(sources), view.snapshot.options.clone());
    let found = snapshot.with(|view| define(view, cursor));
    let found: Vec<(Location, Access)> = found
        .into_iter()
        .filter(|found| found.name == new)
        .flat_map(|found| found.occurrences)
        .map(|at| (at.location, at.access))
        .collect();
    if found.iter().any(|place| !wanted.contains(place)) {
        return refuse(format!("`{new}` is the name of something else already"));
    }
    if wanted.iter().any(|place| !found.contains(place)) {
        return refuse(format!("with the name `{new}` this would mean something else"));
    }
    Ok(())
}
