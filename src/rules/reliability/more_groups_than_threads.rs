//! `reliability/more-groups-than-threads`.

use crate::rules::prelude::*;

rule! {
    /// There are to be more groups of threads than threads.
    ///
    /// ## Why
    ///
    /// HAProxy gives each group of `thread-groups` a thread at least, and refuses to start where `nbthread` says that there are
    /// fewer.
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
    /// HAProxy's own check, observed with 2.8 to 3.5.
    "reliability/more-groups-than-threads", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Groups whose threads are named need none of the others.
    if cx.is_open() || cx.config.global_line("thread-group").is_some() {
        return;
    }
    let number = |keyword: &str| {
        let line = cx.config.global_line(keyword)?;
        Some((line, line.str(1).parse::<u32>().ok()?))
    };
    let (Some((line, groups)), Some((threads_line, threads))) = (number("thread-groups"), number("nbthread")) else { return };
    // Before 2.7 there is one group.
    let versions = VersionSet::since(2, 7, 0);
    if groups > threads && threads > 0 {
        let message = format!("there are to be {groups} groups of threads, and only {threads} threads");
        let draft = Draft::at(line.location(), message).also(threads_line.location(), "set here").label("more than threads");
        let draft = draft.help(format!("write `thread-groups {threads}` at most, or a larger `nbthread`")).stage(Stage::Whole);
        out.report(draft.only(versions).rejected_by(versions));
    }
}
