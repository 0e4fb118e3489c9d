//! `dead/unused-acl`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{Declared, NameKind, SectionView},
    rules::prelude::*,
};

rule! {
    /// An ACL is declared, and no condition of its section names it.
    ///
    /// ## Why
    ///
    /// An ACL does nothing by itself, and it is known in its own section alone: one that is declared in a `frontend` cannot
    /// be used in a `backend`, and those of a `defaults` section are not inherited. One that nothing names is left over, or
    /// the rule that should name it is missing, which may leave something open.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_admin path_beg /admin
    ///     http-request deny if { src 203.0.113.0/24 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_admin path_beg /admin
    ///     http-request deny if is_admin
    /// ```
    ///
    /// ```haproxy good target=3.0.0
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_admin path_beg /admin
    ///     acl is_near src 203.0.113.0/24
    ///     acl is_meant acl(is_admin,!is_near)
    ///     http-request deny if is_meant
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.
    "dead/unused-acl", Info, World(check), about: ["acl"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let names = &cx.config.names;
    let used = names.are_used(NameKind::Acl);
    let is_idle = |section, name| names.acl_number(section, name).is_some_and(|number| !used[number]);
    let mut behind = 0;
    let mut is_used = |same: &Declared<'_, '_>| {
        behind += same.len();
        used[behind - same.len()]
    };
    let idle_in: FxHashSet<usize> =
        names.acls().filter(|same| !is_used(same)).filter_map(|same| same.first()).map(|acl| acl.section()).collect();
    let mut elsewhere = None;
    for section in cx.config.sections() {
        if !idle_in.contains(&section.index()) {
            continue;
        }
        let mut told = FxHashSet::default();
        // `acl NAME` without more is refused, and so is used by nobody.
        let acls = section.with("acl").filter(|s| s.len() > 2);
        let names = acls.filter_map(|s| s.word(1)).map(|w| (w, w.known().unwrap_or("")));
        let idle: Vec<_> = names.filter(|(_, text)| !text.is_empty() && is_idle(section.index(), text) && told.insert(*text)).collect();
        if idle.is_empty() {
            continue;
        }
        // Conditions are not the only place that can name an ACL.
        let Some(mentioned) = mentioned(section.statements()) else { continue };
        let lines = lines(&section);
        for (name, text) in idle.into_iter().filter(|(_, text)| !mentioned.contains(text)) {
            let elsewhere = elsewhere.get_or_insert_with(|| undeclared(cx)).get(text);
            let draft = Draft::at(name.location, format!("the ACL `{text}` is used nowhere in its section"))
                .label("never asked")
                .help("remove it, or name it in the condition that was meant");
            out.report(match elsewhere {
                Some(used) => draft.help("declare it in the section that uses it").also(*used, "this section cannot see it"),
                None => draft.offer("delete the line", lines[text].iter().map(|line| Edit::delete(line.whole_line())).collect()),
            });
        }
    }
}

/// The lines of each ACL.
fn lines<'r>(section: &SectionView<'r>) -> FxHashMap<&'r str, Vec<Statement<'r>>> {
    let mut lines: FxHashMap<&str, Vec<Statement<'_>>> = FxHashMap::default();
    section.with("acl").for_each(|line| lines.entry(line.str(1)).or_default().push(line));
    lines
}

/// Every word of the section that may name an ACL; `None` if one of them is not known.
fn mentioned<'r>(lines: impl Iterator<Item = Statement<'r>>) -> Option<FxHashSet<&'r str>> {
    let mut words = FxHashSet::default();
    for line in lines {
        if line.keyword() == "acl" {
            // One ACL asks for others with `acl()` and `when()` alone.
            let asked = line.word(2).and_then(|word| word.known()).filter(|text| text.contains("acl(") || text.contains("when("));
            asked.into_iter().for_each(|text| words.extend(names_in(text)));
            continue;
        }
        let mut condition = false;
        for word in line.words() {
            match word.known() {
                Some(text) => {
                    condition |= matches!(text, "if" | "unless");
                    words.insert(text.trim_start_matches('!'));
                    words.extend(names_in(text));
                }
                None if condition || line.keyword().is_empty() || word.text == Text::Many => return None,
                None => {}
            }
        }
    }
    Some(words)
}

/// What may be the name of an ACL in a word: arguments of `when()` and `acl()` are conditions of their own.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(['(', ')', ',', '!', '[', ']', '"', '\'', '|', ' '])
}

/// The uses of ACLs that their own section does not declare, by name.
fn undeclared<'r>(cx: &Context<'r>) -> FxHashMap<&'r str, Location> {
    cx.config.names.undeclared(NameKind::Acl).map(|used| (used.name, used.location())).collect()
}
