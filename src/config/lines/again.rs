//! Faults that are told again on lines of the same form: programs write the same mistake on each of a thousand lines.

use crate::{
    catalog::Fault,
    finding::{Edit, Help, sentence::LEFT_OUT},
    source::{Location, Span},
    syntax::Statement,
};

/// The faults of a line of a form, with their places by its words.
pub(super) struct Again {
    /// A fault, and where the places in it are, in the order of [`places`].
    faults: Vec<(Fault, Vec<Anchor>)>,
}

/// Where a place is by the words it begins and ends in.
type Anchor = (Edge, Edge);

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
        let anchored = |fault: &Fault| Some((fault.clone(), places(fault).map(|at| line.anchor(at)).collect::<Option<Vec<_>>>()?));
        let others = || alike.iter().map(|at| statement.str(usize::from(*at))).chain([proxy]).filter(|word| !word.is_empty());
        // Of a text that was cut nobody knows.
        let general = |fault: &&Fault| texts(fault).all(|text| [LEFT_OUT].into_iter().chain(others()).all(|word| !text.contains(word)));
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
    fn anchor(&self, at: Location) -> Option<Anchor> {
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

#[cfg(test)]
mod tests {
    use crate::{
        catalog::Fault,
        check::{Options, check},
        config::Config,
        finding::Help,
        source::{Sources, Span},
        syntax::{ReadOptions, Tree, read},
        version::Version,
    };

    /// The faults of a backend with these lines: the line, where in it they are, what they say, and what to write where.
    fn faults(name: &str, lines: &[&str]) -> Vec<(String, String)> {
        let text = format!("backend {name}\n{}\n", lines.join("\n"));
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let file = &sources.files()[0];
        let told = |span: Span| {
            let line = file.line_span(file.line_of(span.start));
            format!("{}..{} of {}", span.start - line.start, span.end - line.start, file.text(line))
        };
        let config = Config::new(&readings[0]);
        let said = |fault: &Fault| {
            let meant = fault.help.as_ref().and_then(Help::suggestion).map(|meant| format!("{}: {}", told(meant.at.span), meant.text));
            let edits = fault.fix.iter().flat_map(|fix| &fix.edits).map(|edit| format!("{} {}", told(edit.location.span), edit.text));
            format!("{} {meant:?} {:?}", fault.message, edits.collect::<Vec<_>>())
        };
        config.faults.iter().map(|fault| (told(fault.location.span), said(fault))).collect()
    }

    #[test]
    fn a_fault_that_is_told_again_is_the_one_of_that_line() {
        let lines = [
            "server s1 10.0.0.1:80 chekc",
            "  server s1000 10.0.0.1:80 chekc",
            "server long-name 192.168.255.254:65535 chekc",
            "server chekc 10.0.0.1:80 chekc",
            "server s1 10.0.0.1:80 chekc inter 5x",
            "server s22 10.0.0.2:80 chekc inter 5x",
            "server s22 10.0.0.2:80 chekc inter 50x",
            "server s1 10.0.0.256:80 check",
            "server s2 10.0.0.256:80 check",
            "http-request dney if is_api",
            "http-request dney if is_other",
            "acl is_bad hdr(host) -mm beg a.example",
            "acl is_worse hdr(host) -mm beg b.example.org",
            "use_backend app iff is_bad",
            "use_backend other-app iff is_bad",
            "timeout sever 5s",
            "timeout sever 50s",
            "server a 10.0.0.1:80 cookie a cookie",
            "server app 10.0.0.1:80 cookie app cookie",
        ];
        let alone: Vec<_> = lines.iter().flat_map(|line| faults("app", &[line])).collect();
        assert!(alone.len() >= lines.len() - 3, "{alone:?}");
        assert_eq!(faults("app", &lines), alone);
    }

    #[test]
    fn what_speaks_of_its_proxy_is_not_told_of_another() {
        // The first section is read in another state than those that follow one.
        let names = ["one", "two", "three"];
        let text: String = names.iter().map(|name| format!("backend {name}\n timeout client-fin 5s\n")).collect();
        let options = Options { target: Some(Version::new(2, 6, 0)), ..Options::default() };
        let report = check(&Sources::single("f", text), &options);
        let said: Vec<_> = report.findings.iter().map(|f| f.message.as_str()).filter(|m| m.contains("client-fin")).collect();
        assert!(said.len() == 3 && said.iter().zip(names).all(|(said, name)| said.contains(&format!("`{name}`"))), "{said:?}");
    }
}
