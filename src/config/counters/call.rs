//! Counters by name: how fetches, converters and actions ask for them, and what a table has to store for it.

use std::ops::Range;

use crate::{catalog::table, cut::Cut, expression::lookup_fetch};

/// Where a call looks for its entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The entry that this slot tracks: `sc_…(N)`, `scN_…`, `sc-inc-gpc0(N)`.
    Slot(u32),
    /// The entry of the client's address: `src_…`.
    Client,
    /// The entry of whatever stands before it: `table_…`.
    Key,
}

/// What a call does with the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It reads.
    Get,
    /// It raises or sets it.
    Raise,
    /// It sets it to zero.
    Clear,
}

/// A call that has to do with a counter of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where the entry comes from.
    pub source: Source,
    /// The counter, as a table stores it: `http_req_rate`, `gpc0`. Nothing for what any entry has, such as `sc_tracked`.
    pub counter: Option<String>,
    /// What it does.
    pub deed: Deed,
    /// The table that it names.
    pub table: Option<String>,
    /// Where in the text the call stands, with its arguments.
    pub range: Range<usize>,
}

/// Whether fetches call a counter by the name that tables have for it.
fn is_plain(name: &str) -> bool {
    let stored = |key: &str| table("stored-data").is_some_and(|table| !table.find(key).is_empty());
    (stored(name) || stored(&format!("{name}("))) && !lookup_fetch(&format!("sc_{name}")).is_empty()
}

/// Finds the calls in the expression that begins `text` at `start`.
pub(super) fn in_expression(text: &str, start: usize, found: &mut impl FnMut(Call)) {
    let mut from = start;
    loop {
        let rest = text.cut(from..);
        let end = from + rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-+:".contains(c))).unwrap_or(rest.len());
        let inside = match text.cut(end..).strip_prefix('(').map(|inside| inside.find(')')) {
            Some(Some(length)) => Some(end + 1..end + 1 + length),
            Some(None) => return,
            None => None,
        };
        let next = inside.as_ref().map_or(end, |inside| inside.end + 1);
        let arguments: Vec<&str> = inside.map_or(Vec::new(), |inside| text.cut(inside).split(',').map(str::trim).collect());
        if let Some(call) = named(text.cut(from..end), &arguments, from > start, from..next) {
            found(call);
        }
        if !text.cut(next..).starts_with(',') {
            return;
        }
        from = next + 1;
    }
}

/// The call of this name, a converter if it is `behind` a fetch.
fn named(name: &str, arguments: &[&str], behind: bool, range: Range<usize>) -> Option<Call> {
    if behind {
        let (counter, deed, indexed) = counter(name.strip_prefix("table_")?, arguments)?;
        return call(Source::Key, counter, deed, arguments.get(usize::from(indexed)), range);
    }
    if let Some(rest) = name.strip_prefix("src_") {
        let (counter, deed, indexed) = counter(rest, arguments)?;
        return call(Source::Client, counter, deed, arguments.get(usize::from(indexed)), range);
    }
    if let Some(rest) = name.strip_prefix("sc_") {
        let (counter, deed, indexed) = counter(rest, arguments)?;
        let at = usize::from(indexed);
        return call(Source::Slot(arguments.get(at)?.parse().ok()?), counter, deed, arguments.get(at + 1), range);
    }
    let digit = name.strip_prefix("sc").and_then(|rest| rest.bytes().next()).filter(u8::is_ascii_digit)?;
    let (counter, deed, _) = counter(name.cut(3..).strip_prefix('_')?, arguments)?;
    call(Source::Slot(u32::from(digit - b'0')), counter, deed, arguments.first(), range)
}

fn call(source: Source, counter: Option<String>, deed: Deed, table: Option<&&str>, range: Range<usize>) -> Option<Call> {
    let table = table.map(|name| name.trim_matches(['"', '\''])).filter(|name| !name.is_empty()).map(str::to_owned);
    Some(Call { source, counter, deed, table, range })
}

/// The counter behind `sc_`, `src_` or `table_`, what is done with it, and whether its number is the first argument.
fn counter(name: &str, arguments: &[&str]) -> Option<(Option<String>, Deed, bool)> {
    let numbered = |array: &str| arguments.first().map_or_else(|| array.to_owned(), |index| format!("{array}{index}"));
    let (deed, rest) = match name.split_once('_') {
        Some(("get", rest)) => (Deed::Get, rest),
        Some(("inc" | "updt", rest)) => (Deed::Raise, rest),
        Some(("clr", rest)) => (Deed::Clear, rest),
        _ => (Deed::Get, name),
    };
    Some(match rest {
        "gpc" | "gpt" => (Some(numbered(rest)), deed, true),
        "gpc_rate" => (Some(numbered("gpc") + "_rate"), deed, true),
        "gpc0" | "gpc1" | "gpt0" | "gpc0_rate" | "gpc1_rate" => (Some(rest.to_owned()), deed, false),
        "kbytes_in" => (Some("bytes_in_cnt".to_owned()), deed, false),
        "kbytes_out" => (Some("bytes_out_cnt".to_owned()), deed, false),
        "trackers" | "tracked" | "key" | "idle" | "expire" => (None, deed, false),
        _ if is_plain(rest) => (Some(rest.to_owned()), deed, false),
        _ => return None,
    })
}

/// The counter that an action of this name raises or sets: `sc-inc-gpc0(1)`.
pub(super) fn action(name: &str) -> Option<Call> {
    let (bare, inside) = name.split_once('(').map_or((name, None), |(bare, rest)| (bare, rest.strip_suffix(')')));
    let arguments: Vec<&str> = inside.map_or(Vec::new(), |inside| inside.split(',').map(str::trim).collect());
    let (counter, slot) = match bare {
        "sc-inc-gpc0" | "sc-inc-gpc1" | "sc-set-gpt0" => (bare.cut(7..).to_owned(), arguments.first()),
        "sc-inc-gpc" | "sc-add-gpc" | "sc-set-gpt" => (format!("{}{}", bare.cut(7..), arguments.first()?), arguments.get(1)),
        _ => return None,
    };
    let slot = slot.map_or(Some(0), |slot| slot.parse().ok())?;
    Some(Call { source: Source::Slot(slot), counter: Some(counter), deed: Deed::Raise, table: None, range: 0..name.len() })
}

/// The array that a numbered counter may be in, and its number: `gpc` and 1 for `gpc1`.
pub(super) fn array(counter: &str) -> Option<(&'static str, u32)> {
    let number = |text: &str| text.parse().ok();
    match counter.strip_suffix("_rate") {
        Some(rest) => Some(("gpc_rate", number(rest.strip_prefix("gpc")?)?)),
        None => counter
            .strip_prefix("gpc")
            .and_then(number)
            .map(|n| ("gpc", n))
            .or_else(|| Some(("gpt", number(counter.strip_prefix("gpt")?)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<(Source, String, Deed, Option<String>)> {
        let mut all = Vec::new();
        in_expression(text, 0, &mut |call| all.push(call));
        all.into_iter().next().map(|c| (c.source, c.counter.unwrap_or_default(), c.deed, c.table))
    }

    #[test]
    fn every_spelling_of_a_counter_is_read() {
        let t = || Some("t".to_owned());
        for (text, source, counter, deed, table) in [
            ("sc_http_req_rate(0)", Source::Slot(0), "http_req_rate", Deed::Get, None),
            ("sc_http_req_rate(1,t)", Source::Slot(1), "http_req_rate", Deed::Get, t()),
            ("sc2_conn_cur", Source::Slot(2), "conn_cur", Deed::Get, None),
            ("sc0_get_gpc0(t),add(1)", Source::Slot(0), "gpc0", Deed::Get, t()),
            ("sc_inc_gpc(3,1)", Source::Slot(1), "gpc3", Deed::Raise, None),
            ("sc_gpc_rate(1,0)", Source::Slot(0), "gpc1_rate", Deed::Get, None),
            ("src_clr_gpc0(t)", Source::Client, "gpc0", Deed::Clear, t()),
            ("src,table_http_err_rate(t)", Source::Key, "http_err_rate", Deed::Get, t()),
            ("sc_kbytes_in(0)", Source::Slot(0), "bytes_in_cnt", Deed::Get, None),
            ("sc_tracked(0)", Source::Slot(0), "", Deed::Get, None),
        ] {
            assert_eq!(one(text), Some((source, counter.to_owned(), deed, table)), "{text}");
        }
        for text in [
            "src",
            "src_port",
            "sc_http_req_rate(x)",
            "scheme",
            "path,table_x(t)",
            "src,table_server_id(t)",
            "table_gpc0(t)",
            "sc_http_req_rate(0",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
        let call = action("sc-inc-gpc(1,2)").unwrap();
        assert_eq!((call.source, call.counter.as_deref()), (Source::Slot(2), Some("gpc1")));
        assert_eq!(action("sc-inc-gpc0").unwrap().source, Source::Slot(0));
        assert_eq!(array("gpc1_rate"), Some(("gpc_rate", 1)));
        assert_eq!(array("http_req_rate"), None);
    }
}
