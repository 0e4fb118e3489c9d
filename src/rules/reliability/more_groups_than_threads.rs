//! `reliability/more-groups-than-threads`.

use crate::rules::prelude::*;

rule! {
    /// Threads and groups of threads do not come out even.
    ///
    /// ## Why
    ///
    /// `nbthread` says how many threads there are, `thread-groups` how many groups, and `thread-group` which threads are in one. HAProxy
    /// gives each other group a thread at least, and each other thread a group: where no thread or no group is left it refuses to start.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     nbthread 2
    ///     thread-groups 4
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     nbthread 8
    ///     thread-groups 4
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, `thread_map_to_groups()` in thread.c; observed with 2.6 to 3.5.
    "reliability/more-groups-than-threads", Error, World(check), about: ["nbthread"]
}

/// The most threads a group may have.
const LARGEST: usize = 64;

/// What is said of one or of several.
fn words(count: usize) -> (&'static str, &'static str) {
    if count == 1 { ("is", "it") } else { ("are", "them") }
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let Some(plan) = Plan::of(cx) else { return };
    let (groups, threads) = (plan.empty_groups(), plan.free_threads());
    let at = plan.place();
    let (draft, versions) = if groups > threads {
        let [(are, them), (left, _)] = [groups, threads].map(words);
        let (to_fill, free) = (counted(groups, "group"), counted(threads, "thread"));
        let message = format!("{to_fill} of threads {are} to be filled, and only {free} {left} left for {them}");
        let help = format!("write `thread-groups {}` at most, or a larger `nbthread`", plan.groups - (groups - threads).min(plan.groups));
        (Draft::at(at, message).label("more than threads").help(help), VersionSet::since(2, 7, 0))
    } else if groups == 0 && threads > 0 {
        let (are, them) = words(threads);
        let message = format!("{} {are} in no group, and no group is left for {them}", counted(threads, "thread"));
        let help = "write a larger `thread-groups`, a smaller `nbthread`, or more threads behind `thread-group`";
        (Draft::at(at, message).help(help), VersionSet::ALL)
    } else if groups > 0 && threads.div_ceil(groups) > LARGEST {
        let message = format!("{threads} threads are more than {} can have: {LARGEST} each", counted(groups, "group"));
        // Later versions start fewer threads.
        (Draft::at(at, message).help("write a larger `thread-groups`"), VersionSet::before(3, 1, 0) & VersionSet::since(2, 7, 0))
    } else {
        return;
    };
    let draft = if at == plan.threads_line.location() { draft } else { draft.also(plan.threads_line.location(), "the threads") };
    out.report(draft.stage(Stage::Whole).only(versions).rejected_by(versions));
}

/// What `global` says of threads.
struct Plan<'r> {
    threads_line: Statement<'r>,
    groups_line: Option<Statement<'r>>,
    groups: usize,
    /// The group of each thread, from the first thread on.
    group_of: Vec<Option<usize>>,
    /// The groups that `thread-group` lines fill.
    filled: Vec<usize>,
}

impl<'r> Plan<'r> {
    /// Only where `nbthread` is written: else the machine decides.
    fn of(cx: &Context<'r>) -> Option<Self> {
        let threads_line = cx.config.global_line("nbthread")?;
        let threads: usize = threads_line.str(1).parse().ok().filter(|n| (1..=1024).contains(n))?;
        let groups_line = cx.config.global_line("thread-groups");
        let groups = match groups_line {
            Some(line) => line.str(1).parse().ok()?,
            None => 1,
        };
        let mut plan = Self { threads_line, groups_line, groups, group_of: vec![None; threads], filled: Vec::new() };
        for line in cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements()) {
            if line.keyword() == "thread-group" {
                plan.assign(line)?;
            }
        }
        Some(plan)
    }

    /// `thread-group GROUP THREADS…`: what an earlier line said of the group is forgotten.
    fn assign(&mut self, line: Statement<'_>) -> Option<()> {
        let group: usize = line.str(1).parse().ok()?;
        self.group_of.iter_mut().filter(|of| **of == Some(group)).for_each(|of| *of = None);
        self.filled.retain(|g| *g != group);
        for word in line.words().skip(2) {
            let text = word.known()?;
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let (first, last): (usize, usize) = (first.parse().ok().filter(|n| *n > 0)?, last.parse().ok()?);
            self.group_of.iter_mut().take(last).skip(first - 1).for_each(|of| *of = Some(group));
            self.filled.push(group);
        }
        Some(())
    }

    fn empty_groups(&self) -> usize {
        (1..=self.groups).filter(|group| !self.filled.contains(group)).count()
    }

    fn free_threads(&self) -> usize {
        self.group_of.iter().filter(|of| of.is_none()).count()
    }

    /// Where to say it.
    fn place(&self) -> Location {
        self.groups_line.unwrap_or(self.threads_line).location()
    }
}
