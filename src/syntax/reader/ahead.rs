//! The second half of a large file, read while the first is read. What stands above it is not known then, and mostly makes no
//! difference: where it might, the half is read again, behind the first.

use crate::{
    source::{FileId, SourceFile},
    syntax::{ReadOptions, Reading, Section, SectionKind, Tree, reading::Record, tree::Half},
    threads::{LARGE, count},
};

use super::{Reader, Role, Unsettled};

/// What is read ahead. Its first section stands for the one that is open where it begins.
pub(super) struct Ahead<'a>(Reading<'a>);

impl<'a> Reader<'a> {
    /// Whether this half of `file` may be read ahead: it is large, and no variable and no quote is in it.
    pub(super) fn may_read_ahead(file: &SourceFile, half: &Half) -> bool {
        half.len() >= LARGE / 2 && half.is_plain() && file.is_utf8() && count() > 1
    }

    /// A reader that has read nothing, of the same world.
    pub(super) fn beginning(&self, options: &ReadOptions) -> Self {
        Reader::new(self.reading.sources, self.reading.trees, options, self.reading.world.clone(), Unsettled::LeaveOut)
    }

    /// Reads the second half of a file; `None` where what stands above it makes a difference.
    pub(super) fn ahead(mut self, id: FileId) -> Option<Ahead<'a>> {
        let (file, tree): (&'a SourceFile, &'a Tree) = (self.reading.sources.file(id), &self.reading.trees[id.0 as usize]);
        self.file = id;
        let mut section = Some(self.open(SectionKind::Defaults, None));
        self.half(file, tree, 1, &mut section).ok()?;
        self.close(section);
        // A directive asks what is known by then, and a global section changes it.
        let asks = self.roles.iter().any(|role| matches!(role, Role::Directive));
        let changes = self.reading.sections.iter().any(|section| section.kind == SectionKind::Global);
        (!asks && !changes).then_some(Ahead(self.reading))
    }

    /// Whether what was read ahead is what would be read now.
    pub(super) fn may_take(&self, ahead: &Ahead<'a>, section: Option<usize>) -> bool {
        let begins_with_a_section = ahead.0.sections[0].body().is_empty();
        let open = section.map(|section| self.reading.sections[section].kind);
        self.blocks.unterminated().next().is_none() && (begins_with_a_section || open.is_some_and(|kind| kind != SectionKind::Global))
    }

    /// Goes on behind what was read ahead, as if it had been read now.
    pub(super) fn take(&mut self, Ahead(ahead): Ahead<'a>, section: &mut Option<usize>) {
        let (before, rare) = (self.reading.records.len() as u32, self.reading.rare.len() as u32);
        let mut number = |keyword: &str| match self.reading.numbers.get(keyword) {
            Some(number) => *number,
            None => self.intern(keyword.to_owned()),
        };
        // The first stands for words that are not known.
        let numbers: Vec<u32> = std::iter::once(0).chain(ahead.keywords.iter().skip(1).map(|keyword| number(keyword))).collect();
        self.reading.records.extend(ahead.records.into_iter().map(|record| Record {
            keyword: numbers[record.keyword as usize],
            first: if record.mark & Record::RARE == 0 { record.first } else { record.first + rare },
            ..record
        }));
        self.reading.rare.extend(ahead.rare);
        ahead.problems.into_iter().for_each(|problem| self.problem(problem.location, problem.versions, problem.kind));
        let mut own = ahead.sections.into_iter().skip(1).peekable();
        if let Some(next) = own.peek() {
            self.close_before(*section, (before + next.first) as usize);
        }
        for Section { kind, opened, first, end } in own {
            self.reading.sections.push(Section { kind, opened, first: first + before, end: end + before });
            *section = Some(self.reading.sections.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{source::Sources, syntax::read};

    use super::*;

    /// Says all that a reading holds.
    fn told(reading: &Reading<'_>) -> String {
        let lines: Vec<_> = reading
            .statements(0..reading.len())
            .map(|line| format!("{} {} {:?} {line:?} {:?}", line.line(), line.keyword(), line.mark(), line.location().span))
            .collect();
        let numbers: Vec<_> = reading.keywords().map(|keyword| reading.keyword_number(keyword)).collect();
        let Reading { sections, problems, opaque, environment, met, .. } = reading;
        format!("{lines:#?} {numbers:?} {sections:?} {problems:?} {opaque} {environment:?} {met:?}")
    }

    #[test]
    fn what_is_read_ahead_is_what_would_be_read_now() {
        let section = |n: usize| format!("backend b{n}\n mode http\n server s{n} 10.0.0.1:80 check\n # {}\n", "x".repeat(700));
        let many = |from: usize| (from..from + 800).map(section).collect::<String>();
        let body = |n: usize| format!(" acl a{n} src 10.0.0.1\n http-request deny if a{n}\n # {}\n", "y".repeat(500));
        let long = format!(" acl long src {}\n", "10.0.0.1 ".repeat(60));
        let set = |n: usize| format!(" setenv V{n} 1\n # {}\n", "z".repeat(500));
        let words = format!(" acl many src {}\n", "10.0.0.1 ".repeat(90));
        let middles = [
            "",
            "backend new\n option httpchk\n",
            "[scope\n unknown words\n",
            long.as_str(),
            words.as_str(),
            ".if defined(X)\nbackend x\n.endif\n",
            ".notice \"a\"\n",
            " log-tag \"a b\" \"$X\"\n",
            "global\n setenv X y\n localpeer me\nbackend behind\n",
            "global\n setenv X y\n localpeer me\nbackend behind\n server s \"$X\":80\n",
            "default-server nowhere\nno option x\n",
        ];
        let heads = ["", "global\n maxconn 1\n", " out of section\n", ".if defined(Y)\n", ".if 0\n", "frontend f\n"];
        let mut tried = 0;
        for (head, middle) in heads.iter().flat_map(|head| middles.iter().map(move |middle| (head, middle))) {
            let bodies: String = (0..2_000).map(body).collect();
            let sets: String = (0..3_000).map(set).collect();
            let texts = [
                // The second half begins among sections, in the body of one, and in a global one.
                format!("{head}{}{middle}{}", many(0), many(800)),
                format!("backend first\n{long}{head}{bodies}{middle}{}", section(0).trim_end()),
                format!("{head}global\n{sets}{middle}"),
            ];
            for text in texts {
                let sources = Sources::single("f", text);
                let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
                let options = ReadOptions::default();
                let readings = read(&sources, &trees, &options);
                let now = super::super::read_by(&sources, &trees, &options, false);
                let second = trees[0].halves()[1].0;
                tried += usize::from(Reader::may_read_ahead(&sources.files()[0], second));
                let told = |readings: &[Reading<'_>]| readings.iter().map(told).collect::<Vec<_>>();
                let (ahead, now) = (told(&readings).join("\n"), told(&now).join("\n"));
                let differs = ahead.lines().zip(now.lines()).find(|(a, b)| a != b);
                assert!(ahead == now, "{head:?} {middle:?}: {differs:?}");
            }
        }
        assert!(tried > 80 || count() == 1, "{tried}");
    }
}
