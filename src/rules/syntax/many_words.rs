//! `syntax/many-words`.

use crate::rules::prelude::*;

rule! {
    /// A line comes near the limit of 64 words.
    ///
    /// ## Why
    ///
    /// HAProxy reads at most 64 words on a line, and refuses the whole configuration for one word more. Lists of addresses
    /// and of paths grow until that happens, and then the change that adds one more is the one that fails.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     acl office src 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9 192.0.2.10 192.0.2.11 192.0.2.12 192.0.2.13 192.0.2.14 192.0.2.15 192.0.2.16 192.0.2.17 192.0.2.18 192.0.2.19 192.0.2.20 192.0.2.21 192.0.2.22 192.0.2.23 192.0.2.24 192.0.2.25 192.0.2.26 192.0.2.27 192.0.2.28 192.0.2.29 192.0.2.30 192.0.2.31 192.0.2.32 192.0.2.33 192.0.2.34 192.0.2.35 192.0.2.36 192.0.2.37 192.0.2.38 192.0.2.39 192.0.2.40 192.0.2.41 192.0.2.42 192.0.2.43 192.0.2.44 192.0.2.45 192.0.2.46 192.0.2.47 192.0.2.48
    ///     http-request deny unless office
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl office src 192.0.2.0/27
    ///     acl office src 192.0.2.32/28
    ///     http-request deny unless office
    /// ```
    ///
    /// ## Source
    ///
    /// `MAX_LINE_ARGS` of HAProxy, 2.4 to 3.5.
    "syntax/many-words", Info, World(check)
}

/// From how many words on a line is told of.
const MANY: usize = 50;
/// How many HAProxy reads.
const MOST: usize = 64;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for line in cx.config.reading.statements(0..cx.config.reading.len()) {
        let count = line.len();
        if !(MANY..=MOST).contains(&count) {
            continue;
        }
        let draft =
            Draft::at(line.location(), format!("this line has {count} words, and HAProxy reads at most {MOST}")).label("near the limit");
        out.report(draft.help(help(&line)));
    }
}

fn help(line: &Statement<'_>) -> String {
    match line.keyword() {
        "acl" => format!("put the patterns into a file behind `-f`, or go on in another `acl {}` line: both add up", line.str(1)),
        _ => "spread it over several lines before it grows".to_owned(),
    }
}
