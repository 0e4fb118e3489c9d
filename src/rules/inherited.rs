//! What many proxies have, or lack, because of the one `defaults` section that they inherit from.

use crate::{
    config::Proxy,
    finding::Edit,
    source::{Location, Span},
};

use super::Context;

/// The `defaults` section that a proxy inherits from.
pub(super) fn defaults<'a>(cx: &Context<'a>, proxy: &Proxy<'a>) -> Option<&'a Proxy<'a>> {
    cx.config.proxies.get(proxy.defaults()?)
}

/// How a `defaults` section is called in a sentence.
pub(super) fn called(defaults: &Proxy<'_>) -> String {
    match defaults.name() {
        "" => "`defaults`".to_owned(),
        name => format!("`defaults {name}`"),
    }
}

/// Where to tell of a `defaults` section as a whole: at its first line.
pub(super) fn place(defaults: &Proxy<'_>) -> Option<Location> {
    defaults.section.header().map(|header| header.location())
}

/// Puts lines behind the header of a section.
pub(super) fn write(section: &Proxy<'_>, lines: String) -> Option<Vec<Edit>> {
    let whole = section.section.header()?.whole_line();
    let end = whole.span.end;
    Some(vec![Edit::replace(Location { span: Span::new(end, end), ..whole }, lines)])
}
