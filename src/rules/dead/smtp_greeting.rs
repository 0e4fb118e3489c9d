//! `dead/smtp-greeting`.

use rustc_hash::FxHashSet;

use crate::{nearest::nearest, rules::prelude::*};

rule! {
    /// The greeting of `option smtpchk` is not sent: another word than `HELO` or `EHLO`, or no name behind it.
    ///
    /// ## Why
    ///
    /// `option smtpchk EHLO NAME` says how HAProxy greets a mail server when it checks it. With any other word, in small letters, or without a
    /// name, HAProxy sends `HELO localhost` and says nothing. A server that wants to know who calls then refuses the check, and is taken
    /// for dead.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend mail
    ///     mode tcp
    ///     option smtpchk HELLO lb.example.com
    ///     server one 192.0.2.1:25 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend mail
    ///     mode tcp
    ///     option smtpchk EHLO lb.example.com
    ///     server one 192.0.2.1:25 check
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 3.4.
    "dead/smtp-greeting", Warning, World(check), about: ["option"], mentions: ["smtpchk"], mends: true
}

/// The words that HAProxy sends.
const GREETINGS: [&str; 2] = ["EHLO", "HELO"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut told = FxHashSet::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.is_backend()) {
        let Some(line) = proxy.in_force.get("check").filter(|line| line.str(1) == "smtpchk") else { continue };
        let Some((word, said)) = line.word(2).and_then(|word| Some((word, word.known()?))) else { continue };
        // What proxies inherit from one line is told once.
        if !told.insert(word.location) {
            continue;
        }
        let known = GREETINGS.contains(&said);
        let named = line.word(3).is_some_and(|name| name.known() != Some(""));
        let sent = "HAProxy greets with `HELO localhost`";
        let draft = match (known, named) {
            (true, true) => continue,
            (true, false) => Draft::at(word.location, format!("no name stands behind `{said}`: {sent}")),
            (false, _) => Draft::at(word.location, format!("`{}` is neither `HELO` nor `EHLO`: {sent}", word.display())),
        };
        let near = nearest(&said.to_ascii_uppercase(), GREETINGS).filter(|_| !known && named);
        let edit = near.map(|near| vec![Edit::replace(word.location, near)]);
        let title = format!("write `{}`", near.unwrap_or("EHLO"));
        out.report(draft.label("not sent").offer_if(title, edit).help("write `option smtpchk EHLO NAME`, in capital letters"));
    }
}
