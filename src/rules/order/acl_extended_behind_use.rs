//! `order/acl-extended-behind-use`.

use rustc_hash::FxHashMap;

use crate::{config::NameKind, rules::prelude::*};

rule! {
    /// An ACL is declared again behind a rule that uses it.
    ///
    /// ## Why
    ///
    /// A second `acl` line of the same name does not replace the first: the patterns of both are joined with "or", and that
    /// for all rules of the section, also for those between the two lines. Rules above the line therefore apply to more
    /// than they seem to, and those below it too.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_app path_beg /one/
    ///     http-request set-header X-App one if is_app
    ///     acl is_app path_beg /two/
    ///     http-request set-header X-App two if is_app
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_one path_beg /one/
    ///     http-request set-header X-App one if is_one
    ///     acl is_two path_beg /two/
    ///     http-request set-header X-App two if is_two
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.1; acl.c.
    "order/acl-extended-behind-use", Warning, World(check), about: ["acl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !cx.config.names.repeats(NameKind::Acl, true) {
        return;
    }
    let again = || cx.config.names.acls().filter(|same| same.len() > 1);
    let mut uses: FxHashMap<(usize, &str), (Location, Location)> = FxHashMap::default();
    for used in cx.config.names.uses_of(NameKind::Acl) {
        let at = used.statement.location();
        uses.entry((used.section(), used.name)).and_modify(|(_, last)| *last = at).or_insert((at, at));
    }
    let mut found = Vec::new();
    for list in again() {
        let Some(declared) = list.first() else { continue };
        let name = declared.name();
        let Some((first, last)) = uses.get(&(declared.section(), name)) else { continue };
        let Some(later) = list.iter().find(|d| place(d.location()) > place(*first)) else { continue };
        // The same line once more changes nothing.
        let new = later.statement.words().skip(2).map(|w| w.known()).ne(declared.statement.words().skip(2).map(|w| w.known()));
        if place(declared.location()) > place(*first) || !new {
            continue;
        }
        let draft = Draft::at(
            later.statement.location(),
            format!("`{name}` is declared above already: this line adds to it, and does not replace it"),
        )
        .label("counts for the rules above, too")
        .also(declared.statement.location(), "declared here")
        .also(*first, "used here, with the patterns of both lines")
        .help("give one of the two another name, or put the lines together if both are meant");
        let again = place(*last) > place(later.location());
        found.push((place(later.location()), if again { draft } else { draft.severity(Severity::Info) }));
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().for_each(|(_, draft)| out.report(draft));
}

fn place(location: Location) -> (u32, u32) {
    (location.file.0, location.span.start)
}
