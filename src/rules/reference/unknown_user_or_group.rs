//! `reference/unknown-user-or-group`.

use memchr::memmem::Finder;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::SectionView,
    rules::{criteria::criteria, prelude::*},
};

rule! {
    /// A userlist has no user or group of that name.
    ///
    /// ## Why
    ///
    /// `group … users` names users of the same `userlist`, `user … groups` its groups, and so does `http_auth_group(LIST)` of an
    /// ACL. HAProxy refuses a name that is missing there, without a line number.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// userlist people
    ///     group admins users ann,bob
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ```haproxy bad
    /// userlist people
    ///     group admins users ann
    ///     user ann insecure-password secret
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request auth unless { http_auth_group(people) admin }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// userlist people
    ///     group admins users ann
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "reference/unknown-user-or-group", Error, World(check), about: ["userlist"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Userlist && !cx.is_open()) {
        names(&section, "group", "user", "users", out);
        names(&section, "user", "group", "groups", out);
    }
    if cx.config.reading.may_mention("http_auth_group(") && !cx.is_open() {
        asked(cx, out);
    }
}

/// The groups that ACLs ask for.
fn asked(cx: &Context<'_>, out: &mut Sink<'_>) {
    let sign = Finder::new("http_auth_group(");
    let userlists = groups(cx);
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for criterion in criteria(&proxy.section, &sign) {
            let list = criterion.word.known().and_then(|text| text.strip_prefix("http_auth_group(")?.strip_suffix(')'));
            let Some((list, known)) = list.and_then(|list| Some((list, userlists.get(list)?.as_ref()?))) else { continue };
            let words = criterion.rest.iter().filter_map(|word| Some((word, word.known()?)));
            let patterns: Vec<_> = words.skip_while(|(_, text)| *text == "-i").collect();
            // What other flags do to the patterns is left to them.
            if patterns.iter().any(|(_, text)| text.starts_with('-')) {
                continue;
            }
            for (word, name) in patterns.into_iter().filter(|(_, name)| !known.contains(name)) {
                let draft = Draft::at(word.location, format!("the userlist `{list}` has no group `{name}`"))
                    .label("this group does not exist")
                    .help(format!("add a `group {name}` line to that userlist, or take the name out here"));
                out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
            }
        }
    }
}

/// The groups of each userlist; `None` where not all of them are known.
fn groups<'r>(cx: &Context<'r>) -> FxHashMap<&'r str, Option<FxHashSet<&'r str>>> {
    let mut lists: FxHashMap<&str, Option<FxHashSet<&str>>> = FxHashMap::default();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Userlist) {
        let known = lists.entry(section.name_str()).or_insert_with(|| Some(FxHashSet::default()));
        for line in section.statements().filter(|line| line.keyword() == "group") {
            match line.word(1).and_then(|word| word.known()) {
                Some(name) => known.iter_mut().for_each(|known| _ = known.insert(name)),
                None => *known = None,
            }
        }
    }
    lists
}

/// Looks up what the lines of `keyword` name behind `list`: things that lines of `declared` declare.
fn names(section: &SectionView<'_>, keyword: &str, declared: &str, list: &str, out: &mut Sink<'_>) {
    let lines = |keyword| section.statements().filter(move |s: &Statement<'_>| s.keyword() == keyword);
    if lines(declared).any(|s| s.word(1).is_some_and(|w| w.known().is_none())) {
        return;
    }
    let known: FxHashSet<&str> = lines(declared).map(|s| s.str(1)).collect();
    for line in lines(keyword) {
        // Settings have a word each, and the last counts.
        let last = (2..line.len()).step_by(2).rfind(|at| line.str(*at) == list);
        let Some(word) = last.and_then(|at| line.word(at + 1)) else { continue };
        for name in word.known().unwrap_or("").split(',').filter(|n| !n.is_empty() && !known.contains(n)) {
            let draft = Draft::at(word.location, format!("the userlist `{}` has no {declared} `{name}`", section.name_str()))
                .label(format!("this {declared} does not exist"))
                .help(format!("add a `{declared} {name}` line to this userlist, or take the name out here"));
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
    };

    use super::*;

    #[test]
    fn the_groups_of_all_sections_of_one_name_count() {
        let told = |lists: &str| {
            let text = format!(
                "{lists}frontend f\n mode http\n bind :80\n acl ok http_auth_group(staff) admins guests\n http-request deny if !ok\n"
            );
            let findings = check(&Sources::single("f", text), &Options::default()).findings;
            findings.iter().filter(|f| f.rule.name == RULE.name).map(|f| f.message.clone()).collect::<Vec<_>>()
        };
        let (no_guests, no_admins) = ("the userlist `staff` has no group `guests`", "the userlist `staff` has no group `admins`");
        assert_eq!(told("userlist staff\n group admins\n"), [no_guests]);
        assert_eq!(told("userlist staff\n group admins\nuserlist other\n group guests\n"), [no_guests]);
        assert_eq!(told("userlist staff\n group admins\nuserlist staff\n group guests\n"), [""; 0]);
        assert_eq!(told("userlist staff\n"), [no_admins, no_guests]);
        assert_eq!(told("userlist staff\n group \"$G\"\n"), [""; 0], "it may be any");
        assert_eq!(told("userlist other\n"), [""; 0], "another rule says that there is no such list");
    }
}
