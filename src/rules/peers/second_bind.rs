use crate::{config::address, rules::prelude::*};

rule! {
    /// A `peers` section listens in more than one place.
    ///
    /// ## Why
    ///
    /// HAProxy takes one listener for a `peers` section. A second `bind` line is refused since 2.5; several
    /// addresses or a range of ports on one line since 2.9, and by the later 2.8.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=lb1
    /// peers mesh
    ///     bind :10000
    ///     bind :10001
    ///     server lb1
    ///     server lb2 192.0.2.2:10000
    ///     table seen type ip size 1m
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=lb1
    /// peers mesh
    ///     bind :10000
    ///     server lb1
    ///     server lb2 192.0.2.2:10000
    ///     table seen type ip size 1m
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5 (experiments s18 to s20).
    "peers/second-bind", Error, World(check), about: ["peers"], asked: ByNode
}

/// What counts lines: 2.4 takes the last one.
const ONE_LINE: VersionSet = VersionSet::since(2, 5, 0);

/// What counts the addresses of a line.
const ONE_ADDRESS: VersionSet = VersionSet::since(2, 9, 0).or(VersionSet::branch_since(2, 8, 1));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for peers in &cx.config.peers {
        let mut first: Option<Statement<'_>> = None;
        for line in peers.section.statements().filter(|s| s.keyword() == "bind" && s.len() > 1) {
            if let Some(first) = first {
                let draft = Draft::at(line.location(), "a `peers` section has one `bind` line, and this is another one");
                out.report(draft.also(first.location(), "the first").help("delete one of them").only(ONE_LINE).rejected_by(ONE_LINE));
                continue;
            }
            first = Some(line);
            let Some(word) = line.word(1) else { continue };
            let Some(text) = word.known() else { continue };
            let several = address::list(text).filter(|r| !r.is_empty()).count() > 1;
            let ranged = matches!(address::parse(text, &|name| line.environment().get(name)).port, address::Port::Range(..));
            if several || ranged {
                let message = format!("`{text}` is more than one address, and a `peers` section listens on one");
                // Before that, HAProxy takes them all and has room for one.
                let draft = Draft::at(word.location, message).severity(Severity::Warning).help("keep one address with one port");
                out.report(draft.note("HAProxy 2.6.12 takes it, and was seen to crash at its start").rejected_by(ONE_ADDRESS));
            }
        }
    }
}
