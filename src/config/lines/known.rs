//! Sections that another world has, too. Worlds differ in few lines: what is read alike, and begins alike, is understood already.

use std::ops::Range;

use crate::{
    catalog::{Fault, Shape, Shapes, State},
    source::Location,
    syntax::{Reading, Section, SectionKind},
};

use super::{Lines, SectionView};

/// What came of the lines of a section.
#[derive(Clone, Debug)]
pub(in crate::config) struct Known {
    begin: State,
    end: State,
    faults: Range<usize>,
}

impl Known {
    /// Of formats of FastCGI applications it counts who uses them, in other sections.
    pub(super) fn of(section: &SectionView<'_>, [begin, end]: [State; 2], faults: Range<usize>) -> Option<Self> {
        (section.kind != SectionKind::FcgiApp).then_some(Self { begin, end, faults })
    }

    /// The same behind so many more faults.
    pub(super) fn behind(mut self, faults: usize) -> Self {
        self.faults = self.faults.start + faults..self.faults.end + faults;
        self
    }
}

/// An earlier world for the same versions.
#[derive(Clone, Copy)]
pub(in crate::config) struct Earlier<'e> {
    pub(in crate::config) reading: &'e Reading<'e>,
    pub(in crate::config) known: &'e [Option<Known>],
    pub(in crate::config) faults: &'e [Fault],
    pub(in crate::config) shapes: &'e Shapes,
}

/// Takes sections over from an earlier world.
pub(super) struct Takeover<'e> {
    earlier: Earlier<'e>,
    /// The number that each of its shapes has here.
    renumbered: Vec<Option<Shape>>,
}

impl<'e> Takeover<'e> {
    pub(super) fn new(earlier: Earlier<'e>) -> Self {
        Self { earlier, renumbered: Vec::new() }
    }

    /// Takes over what came of a section, and says how it ends; `None` where the earlier world has it otherwise.
    pub(super) fn section(&mut self, section: &SectionView<'_>, begin: &State, lines: &mut Lines) -> Option<State> {
        let (reading, earlier) = (section.reading, self.earlier);
        let at = place(section.header()?.location());
        let place_of = |other: &Section| other.header().map(|header| place(earlier.reading.statement(header).location()));
        let found = earlier.reading.sections.binary_search_by_key(&Some(at), place_of).ok()?;
        let known = earlier.known.get(found)?.as_ref().filter(|known| known.begin == *begin)?;
        let (here, there) = (reading.sections[section.index()].all(), earlier.reading.sections[found].all());
        let mut both = reading.statements(here.clone()).zip(earlier.reading.statements(there.clone()));
        if here.len() != there.len() || !both.all(|(here, there)| here.is_same(&there)) {
            return None;
        }
        lines.faults.extend_from_slice(&earlier.faults[known.faults.clone()]);
        for (here, there) in here.zip(there) {
            let shape = lines.shapes.copy(earlier.shapes, there, &mut self.renumbered);
            lines.shapes.line(here, shape);
        }
        Some(known.end)
    }
}

/// Places in the order in which files are read.
fn place(location: Location) -> (u32, u32) {
    (location.file.0, location.span.start)
}

#[cfg(test)]
mod tests {
    use crate::{
        cancel::Cancel,
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    #[test]
    fn what_is_taken_over_is_what_would_be_understood() {
        let head = "global\n.if defined(A)\n expose-experimental-directives\n.endif\n description x\n\
                    defaults d\n.if defined(B)\n mode tcp\n.else\n mode http\n.endif\n timeout client 5s\n default-server sni nope(\n";
        let header = ".if defined(C)\nbackend c\n.else\nbackend other\n.endif\n balance none\n server s 10.0.0.256:80\n";
        let fcgi = "fcgi-app f\n docroot /x\n set-param X %[nope]\nbackend uses from d\n.if defined(C)\n use-fcgi-app f\n.endif\n";
        let part = |n: usize| {
            format!(
                "backend b{n} from d\n acl a sr 10.0.0.1\n http-request deny if a\n http-request normalize-uri path-merge-slashes\n \
                 server \"s {n}\" \"$X\":80 chekc\n server t 10.0.0.{n}:80 check\n http-request set-header X %[hdr(y)] if {{ path /{n} }}\n\
                 traces\n trace h1 sink buf0\nbackend e{n}\n.if defined(C)\n balance roundrobin\n.else\n balance none\n.endif\npeers p{n}\n.if defined(C)\n peer x{n} 10.0.0.1:1\n.endif\n peer y 10.0.0.2:1 nope\n"
            )
        };
        let text = format!("{head}{header}{fcgi}{}", (0..40).map(part).collect::<String>());
        let sources = Sources::single("a.cfg", text.repeat(2));
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        assert!(readings.len() >= 8, "{}", readings.len());
        let cancel = Cancel::default();
        let worlds = Config::of_worlds(&readings, None, &cancel);
        for (reading, config) in readings.iter().zip(&worlds) {
            let told = |config: &Config<'_>| {
                let marks: Vec<_> = (0..reading.len()).map(|number| config.shapes.of(number)).map(|marks| format!("{marks:?}")).collect();
                (format!("{:#?}", config.faults), marks)
            };
            assert_eq!(told(&Config::new(reading)), told(config), "{:?}", reading.world);
        }
        // Some have taken over sections, and are not remembered themselves.
        assert!(worlds.iter().any(|config| !config.is_remembered()));
    }
}
