//! Faults that are told again on lines of the same form: programs write the same mistake on each of a thousand lines.

use crate::{
    catalog::Fault,
    finding::{Edit, Help},
    source::{Location, Span},
    syntax::Statement,
};

/// The faults of a line of a form, with their places by its words.
pub(super) struct Again {
    /// A fault, and the places in it in the order of [`places`].
    faults: Vec<(Fault, Vec<Place>)>,
}

/// A place by the words it begins and ends in.
type Place = (Edge, Edge);

/// A byte by the word it is in or behind.
#[derive(Clone, Copy)]
struct Edge {
    word: u16,
    /// How many bytes behind the beginning of that word, or before its end.
    bytes: u32,
    from_end: bool,
}

impl Again {
    /// The faults of a line whose words number `alike` may be others on another line; `None` if the faults speak of those, or of
    /// `proxy`, which is another one elsewhere.
    pub(super) fn of(faults: &[Fault], statement: Statement<'_>, alike: &[u16], proxy: &str) -> Option<Self> {
        let line = Words { statement, alike };
        let anchored = |fault: &Fault| Some((fault.clone(), places(fault).map(|at| line.place(at)).collect::<Option<Vec<_>>>()?));
        let others = || alike.iter().map(|at| statement.str(usize::from(*at))).chain([proxy]).filter(|word| !word.is_empty());
        let general = |fault: &&Fault| texts(fault).all(|text| others().all(|word| !text.contains(word)));
        let faults = faults.iter().map(|fault| Some(fault).filter(general).and_then(anchored));
        Some(Self { faults: faults.collect::<Option<Vec<_>>>()? })
    }

    /// The same faults on another line of the form.
    pub(super) fn tell(&self, statement: Statement<'_>, faults: &mut Vec<Fault>) {
        for (fault, at) in &self.faults {
            let mut told = fault.clone();
            for (place, at) in places_mut(&mut told).zip(at) {
                place.span = Span::new(at.0.of(statement), at.1.of(statement));
            }
            faults.push(told);
        }
    }
}

impl Edge {
    fn of(self, statement: Statement<'_>) -> u32 {
        let span = statement.word(usize::from(self.word)).map_or_else(|| statement.location().span, |word| word.location.span);
        if self.from_end { span.end - self.bytes } else { span.start + self.bytes }
    }
}

/// The words of a line, with the numbers of those that may be longer or shorter on another.
struct Words<'r, 'a> {
    statement: Statement<'r>,
    alike: &'a [u16],
}

impl Words<'_, '_> {
    fn place(&self, at: Location) -> Option<Place> {
        if at.file != self.statement.location().file {
            return None;
        }
        Some((self.edge(at.span.start, false)?, self.edge(at.span.end, true)?))
    }

    fn edge(&self, byte: u32, from_end: bool) -> Option<Edge> {
        let mut words = self.statement.words().map(|word| word.location.span).enumerate();
        let (word, span) = words.find(|(_, span)| span.start <= byte && byte <= span.end)?;
        let bytes = if from_end { span.end - byte } else { byte - span.start };
        let word = u16::try_from(word).ok()?;
        let known = bytes == 0 || !self.alike.contains(&word);
        known.then_some(Edge { word, bytes, from_end })
    }
}

/// All that a fault says.
fn texts(fault: &Fault) -> impl Iterator<Item = &str> {
    let help = fault.help.iter().map(|help| match help {
        Help::Say(text) => text.as_str(),
        Help::Meant(suggestion) => suggestion.text.as_str(),
    });
    let fix = fault.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.text.as_str()).chain([fix.title.as_str()]));
    help.chain(fix).chain([fault.message.as_str()])
}

/// All places in a fault.
fn places(fault: &Fault) -> impl Iterator<Item = Location> {
    let meant = fault.help.iter().filter_map(Help::suggestion).map(|suggestion| suggestion.at);
    let edits = fault.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.location);
    [fault.location].into_iter().chain(meant).chain(edits)
}

/// The same, to be changed.
fn places_mut(fault: &mut Fault) -> impl Iterator<Item = &mut Location> {
    let meant = fault.help.iter_mut().filter_map(|help| match help {
        Help::Meant(suggestion) => Some(&mut suggestion.at),
        Help::Say(_) => None,
    });
    let edits = fault.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit: &mut Edit| &mut edit.location);
    [&mut fault.location].into_iter().chain(meant).chain(edits)
}
