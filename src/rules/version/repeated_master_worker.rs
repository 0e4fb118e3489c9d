//! `version/repeated-master-worker`.

use super::deprecated_master_worker::{WARNS, lines};
use crate::rules::prelude::*;

rule! {
    /// `master-worker` stands in the configuration more than once.
    ///
    /// ## Why
    ///
    /// The second line changes nothing. Since 3.3 HAProxy warns of it, beside the warning that the keyword is deprecated.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=version/deprecated-master-worker
    /// global
    ///     master-worker
    ///     master-worker
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// # started with haproxy -W
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.4.
    "version/repeated-master-worker", Info, World(check), about: ["master-worker"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut lines = lines(cx);
    let Some(first) = lines.next() else { return };
    for line in lines {
        let draft = Draft::at(line.location(), "`master-worker` is set already").label("says it again").help("remove this line");
        out.report(draft.also(first.location(), "set here").stage(Stage::Words).warned_by(WARNS));
    }
}
