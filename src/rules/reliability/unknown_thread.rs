//! `reliability/unknown-thread`.

use crate::rules::prelude::*;

rule! {
    /// A listener is to run on threads that do not exist.
    ///
    /// ## Why
    ///
    /// `nbthread` says how many threads there are, and `thread` on a `bind` line which of them take its connections. HAProxy refuses
    /// a listener that is left without any, or that names a group of threads that `thread-groups` does not make.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     nbthread 2
    ///
    /// frontend web
    ///     mode http
    ///     bind :80 thread 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     nbthread 2
    ///
    /// frontend web
    ///     mode http
    ///     bind :80 thread 2
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "reliability/unknown-thread", Error, World(check), about: ["nbthread", "thread-groups"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    unknown_groups(cx, out);
    // With several groups their sizes depend on the machine.
    if cx.is_open() || cx.config.global_line("thread-groups").is_some() {
        return;
    }
    let Some(number) = cx.config.global_line("nbthread") else { return };
    let Some(threads) = number.str(1).parse::<u32>().ok() else { return };
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for word in proxy.binds.iter().filter_map(|bind| bind.options().value("thread")) {
            if word.known().is_some_and(|set| all_beyond(set, threads)) {
                let message = match threads {
                    1 => "there is one thread, and this listener is not for that".to_owned(),
                    _ => format!("there are {threads} threads, and this listener is for none of them"),
                };
                let draft = Draft::at(word.location, message).also(number.location(), "set here").label("no such thread");
                let draft = draft.help(format!("write a number up to {threads}, or `all`")).stage(Stage::Whole);
                let versions = VersionSet::since(2, 6, 0);
                out.report(draft.only(versions).rejected_by(versions));
            }
        }
    }
}

/// Whether all threads of a set like `1/3,5-8` have a number above `threads`.
fn all_beyond(set: &str, threads: u32) -> bool {
    let set = set.strip_prefix("1/").unwrap_or(set);
    set.split(',').all(|part| part.split('-').next().and_then(|first| first.parse::<u32>().ok()).is_some_and(|first| first > threads))
}

/// So many threads are one group where nothing is said of groups.
const ONE_GROUP: usize = 16;

/// Listeners for a group that there is not: `2/all`, where there is one.
fn unknown_groups(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let number = |keyword: &str| cx.config.global_line(keyword).and_then(|line| Some((line, line.str(1).parse::<usize>().ok()?)));
    let (line, groups) = match (number("thread-groups"), number("nbthread")) {
        (Some(set), _) => set,
        (None, Some((line, threads))) if threads <= ONE_GROUP => (line, 1),
        _ => return,
    };
    // Before 2.7 the number of a group is no error.
    let versions = VersionSet::since(2, 7, 0);
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for word in proxy.binds.iter().filter_map(|bind| bind.options().value("thread")) {
            let Some(group) = word.known().and_then(|set| set.split(',').filter_map(group_of).find(|g| *g > groups)) else {
                continue;
            };
            let message = format!(
                "there is no group {group} of threads: there {}",
                if groups == 1 { "is one".to_owned() } else { format!("are {groups}") }
            );
            let draft = Draft::at(word.location, message).also(line.location(), "set here").label("no such group").stage(Stage::Whole);
            out.report(
                draft.help("write a number of a group that there is, or a larger `thread-groups`").only(versions).rejected_by(versions),
            );
        }
    }
}

/// The group in `2/1-4`.
fn group_of(part: &str) -> Option<usize> {
    part.split_once('/')?.0.parse().ok()
}
