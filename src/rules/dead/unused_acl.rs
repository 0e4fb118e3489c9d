//! `dead/unused-acl`.

use rustc_hash::FxHashSet;

use crate::{config::NameKind, rules::prelude::*};

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
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.
    "dead/unused-acl", Info, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let mut told = FxHashSet::default();
    for section in cx.config.sections() {
        let acls = || section.statements().filter(|s| s.keyword() == "acl");
        if acls().next().is_none() {
            continue;
        }
        let Some(mentioned) = mentioned(section.statements()) else { continue };
        for acl in acls() {
            let Some(name) = acl.word(1) else { continue };
            let text = name.known().unwrap_or("");
            // `acl NAME` without more is refused, and so is used by nobody.
            if acl.len() < 3 || text.is_empty() || mentioned.contains(text) || !told.insert((section.index, text)) {
                continue;
            }
            let draft = Draft::at(name.location, format!("the ACL `{text}` is used nowhere in its section"))
                .label("never asked")
                .help("remove it, or name it in the condition that was meant");
            out.report(elsewhere(cx, &section, text, draft));
        }
    }
}

/// Every word of the section that may name an ACL; `None` if one of them is not known.
fn mentioned<'r>(lines: impl Iterator<Item = Statement<'r>>) -> Option<FxHashSet<&'r str>> {
    let mut words = FxHashSet::default();
    for line in lines.filter(|l| l.keyword() != "acl") {
        let mut condition = false;
        for word in line.words() {
            match word.known() {
                Some(text) => {
                    condition |= matches!(text, "if" | "unless");
                    words.insert(text.trim_start_matches('!'));
                    // Arguments of `when()` and `acl()` are conditions of their own.
                    words.extend(text.split(['(', ')', ',', '!', '[', ']', '"', '\'', '|', ' ']));
                }
                None if condition || line.keyword().is_empty() || word.text == Text::Many => return None,
                None => {}
            }
        }
    }
    Some(words)
}

/// Points at a use in another section, where the name is not known.
fn elsewhere(cx: &Context<'_>, section: &crate::config::SectionView<'_>, name: &str, draft: Draft) -> Draft {
    let mut uses = cx.config.names.uses.iter().filter(|u| u.kind == NameKind::Acl && u.name == name && u.section != section.index);
    match uses.next() {
        Some(used) if cx.config.names.find(NameKind::Acl, Some(used.section), used.name).is_empty() => {
            draft.help("declare it in the section that uses it").also(used.location, "this section cannot see it")
        }
        _ => draft,
    }
}
