//! `reliability/threads-share-processors`.

use std::collections::BTreeSet;

use crate::rules::prelude::*;

rule! {
    /// `cpu-map` binds several threads to one processor, or some of the threads and not the others.
    ///
    /// ## Why
    ///
    /// HAProxy's threads never sleep for long: two of them on one processor wait for each other, with locks held. That is slower than
    /// one thread alone. A thread that is bound to no processor is put by the system where it likes, which may be where another is
    /// bound. HAProxy warns of both since 3.0.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     nbthread 4
    ///     cpu-map 1/1-4 0-1
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     nbthread 4
    ///     cpu-map auto:1/1-2 0-1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     nbthread 4
    ///     cpu-map auto:1/1-4 0-3
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.0, 3.2 and 3.4; 2.6 and 2.8 say nothing.
    "reliability/threads-share-processors", Warning, World(check), about: ["cpu-map"]
}

/// The versions that warn.
const WARNS: VersionSet = VersionSet::since(3, 0, 0);

/// So many threads are one group in every version where nothing is said of groups.
const ONE_GROUP: usize = 16;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.config.reading.may_have(&["thread-group", "thread-groups"]) {
        return;
    }
    let Some(number) = cx.config.global_line("nbthread") else { return };
    let Some(threads) = number.str(1).parse::<usize>().ok().filter(|threads| (2..=ONE_GROUP).contains(threads)) else { return };
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let maps: Vec<Statement<'_>> = globals.flat_map(|s| s.statements()).filter(|line| line.keyword() == "cpu-map").collect();
    let mut bound = vec![BTreeSet::new(); threads];
    let Some(last) = maps.last().filter(|_| maps.iter().all(|line| bind(line, &mut bound).is_some())) else { return };
    let some = bound.iter().filter(|processors| !processors.is_empty()).count();
    let processors: BTreeSet<usize> = bound.into_iter().flatten().collect();
    let message = match some {
        0 => return,
        _ if some < threads => {
            format!("`cpu-map` binds {some} of the {threads} threads of `nbthread`, and leaves the others where the system puts them")
        }
        _ if processors.len() < threads => {
            format!(
                "`cpu-map` binds {threads} threads to {}, so that some share one",
                if processors.len() == 1 { "one processor".to_owned() } else { format!("{} processors", processors.len()) }
            )
        }
        _ => return,
    };
    let draft = Draft::at(last.location(), message).label("as bound by these lines").also(number.location(), "so many threads");
    let draft = draft.help(format!("bind each thread to its own: `cpu-map auto:1/1-{threads} 0-{}`", threads - 1));
    out.report(draft.stage(Stage::Whole).only(WARNS).warned_by(WARNS));
}

/// Binds threads as a line says; `None` where that is not known.
fn bind(line: &Statement<'_>, bound: &mut [BTreeSet<usize>]) -> Option<()> {
    let text = line.word(1)?.known()?;
    let (auto, text) = text.strip_prefix("auto:").map_or((false, text), |rest| (true, rest));
    let (groups, set) = text.split_once('/').unwrap_or((text, "all"));
    let first_group = matches!(groups, "1" | "all" | "odd") || groups.starts_with("1-");
    let mut processors = BTreeSet::new();
    for word in line.words().skip(2) {
        for part in word.known()?.split(',') {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            let (low, high) = (low.parse::<usize>().ok()?, high.parse::<usize>().ok().filter(|high| *high < 1024)?);
            processors.extend(low.min(high)..=low.max(high));
        }
    }
    let chosen = threads(set, bound.len())?;
    for (turn, thread) in chosen.into_iter().enumerate().filter(|_| first_group) {
        if auto {
            bound[thread] = processors.iter().nth(turn).copied().into_iter().collect();
        } else {
            bound[thread].clone_from(&processors);
        }
    }
    Some(())
}

/// The threads of a set, counted from 0.
fn threads(set: &str, number: usize) -> Option<Vec<usize>> {
    let (low, high) = match set {
        "all" => (1, number),
        "odd" => return Some((0..number).step_by(2).collect()),
        "even" => return Some((1..number).step_by(2).collect()),
        _ => {
            let (low, high) = set.split_once('-').unwrap_or((set, set));
            (low.parse().ok()?, if high.is_empty() { number } else { high.parse().ok()? })
        }
    };
    (low >= 1).then(|| (low.min(high) - 1..low.max(high).min(number)).collect())
}
