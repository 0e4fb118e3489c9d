//! `syntax/empty-argument`.

use crate::rules::prelude::*;

rule! {
    /// An empty word ends the arguments of a line.
    ///
    /// ## Why
    ///
    /// HAProxy takes an empty argument for the end of the line, so nothing behind it is read. Up to 3.1 it says nothing, 3.2
    /// warns, and from 3.3 on it refuses the line, even where the empty word is the last. The usual cause is a variable that is empty or not set.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=keyword/missing-argument
    /// global
    ///     description "" "second word"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     description "second word"
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6.12 to 3.5; 3.3 introduced the refusal.
    "syntax/empty-argument", Warning, World(check), about: [PROBLEM]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.problems() {
        let ProblemKind::EmptyArgument { index, variable } = &problem.kind else { continue };
        let (message, help) = match variable {
            Some(name) => (
                format!("`{name}` is empty here, which ends the arguments of this line"),
                format!("give it a default with `${{{name}-…}}`, or write `\"${{{name}[*]}}\"`, which is no word at all where it is empty"),
            ),
            None => (
                "this word is empty, which ends the arguments of this line".to_owned(),
                "delete it, or write what should stand here".to_owned(),
            ),
        };
        let draft = Draft::at(problem.location, message).label(format!("argument {index}; nothing behind it is read")).help(help);
        // 3.2 warns in its first pass, later versions look only in the second.
        let early = VersionSet::branch(3, 2).covers(cx.config.reading.world.versions);
        let draft = draft.only(problem.versions).stage(if early { Stage::Words } else { Stage::Lines });
        out.report(draft.rejected_by(VersionSet::since(3, 3, 0)).warned_by(VersionSet::branch(3, 2)));
    }
}
