//! `security/plain-passwords`.

use crate::{rules::prelude::*, secret};

rule! {
    /// Passwords stand in the configuration as they are.
    ///
    /// ## Why
    ///
    /// `insecure-password` is what it says: who reads the file, a backup of it or its history in a repository, has the password.
    /// `password` takes what `mkpasswd -m sha-256` prints. Each request is checked anew, so that hashes with many rounds cost time.
    ///
    /// What only names a variable, or stands for a password that is written later (`${PASSWORD}`, `<password>`, `@PASSWORD@`), is none.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/plain-passwords
    /// userlist staff
    ///     user one insecure-password geheim
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/plain-passwords
    /// userlist staff
    ///     user one password $5$k6x8wmOLeTm/5$w3d2Xk2bnIi6Wb3Tg6cTjv1Yg6HVz1FJcNX2j3Yq5XB
    /// ```
    ///
    /// ```haproxy good select=security/plain-passwords
    /// userlist staff
    ///     user one insecure-password "${PASSWORD}"
    ///     user two insecure-password <password>
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `user`.
    "security/plain-passwords", Warning, World(check), about: ["userlist"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Userlist) {
        let users = section.statements().filter(|line| line.keyword() == "user");
        let mut found = users.filter_map(|line| {
            let mut words = line.words().skip_while(|word| !word.is("insecure-password"));
            let keyword = words.next()?;
            let is_told = |password: Word<'_>| !secret::is_placeholder(&cx.text(password.location));
            words.next().is_some_and(is_told).then_some(keyword)
        });
        let Some(first) = found.next() else { continue };
        let more = found.count();
        let draft = Draft::at(first.location, format!("passwords of userlist `{}` stand here as they are", section.name_str()))
            .label("anybody who reads the file has it")
            .help("write `password` and what `mkpasswd -m sha-256` prints");
        out.report(if more == 0 { draft } else { draft.note(format!("the same is true of {more} more of this list")) });
    }
}
