//! `security/weak-ciphers`.

use std::ops::Range;

use crate::{cut::Cut, rules::prelude::*};

rule! {
    /// A list of ciphers lets broken ones in.
    ///
    /// ## Why
    ///
    /// RC4, DES and triple DES, ciphers for export, without encryption (`NULL`) or without any proof of who is there (`aNULL`, `ADH`)
    /// are broken, and RFC 7465, RFC 9325 and PCI DSS forbid them. The TLS libraries of today leave them out by themselves, so that such
    /// a list is mostly one that was copied long ago; with an older library, or `@SECLEVEL=0`, it lets them in. What is behind `!` or
    /// `-` is taken out, and nothing is said of it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/weak-ciphers
    /// global
    ///     ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA:DES-CBC3-SHA
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/weak-ciphers
    /// global
    ///     ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:!RC4:!3DES
    /// ```
    ///
    /// ## Source
    ///
    /// RFC 9325; OpenSSL manual, `ciphers`; HAProxy manual, `ciphers`.
    "security/weak-ciphers", Warning, World(check), mentions: ["ciphers"], quiet: true
}

/// Parts of the names of broken ciphers.
const BROKEN: [&str; 14] = ["RC4", "RC2", "DES", "3DES", "CBC3", "NULL", "eNULL", "aNULL", "ADH", "AECDH", "EXP", "EXPORT", "LOW", "MD5"];

/// So many of them are named and shown.
const SHOWN: usize = 4;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for line in cx.config.sections().flat_map(|s| s.statements()) {
        let own = line.keyword().starts_with("ssl-default-") && line.keyword().ends_with("-ciphers");
        let list = if own { line.word(1) } else { line.after("ciphers", 2) };
        let Some((word, text)) = list.and_then(|word| Some((word, word.known()?))) else { continue };
        let weak = weak(text);
        let [first, others @ ..] = weak.as_slice() else { continue };
        let names: Vec<String> = weak.iter().take(SHOWN).map(|item| format!("`{}`", text.cut(item.clone()))).collect();
        let more = if weak.len() > SHOWN { format!(" and {} more", weak.len() - SHOWN) } else { String::new() };
        let message = format!("this list of ciphers has broken ones: {}{more}", names.join(", "));
        let draft = Draft::at(word.part(first.clone()), message).label("broken");
        let draft = others.iter().take(SHOWN - 1).fold(draft, |draft, item| draft.also(word.part(item.clone()), "broken"));
        out.report(draft.help("take them out, or the whole list: the library's own has none"));
    }
}

/// Where the items of a list stand that let something broken in and that no other item takes out again.
fn weak(list: &str) -> Vec<Range<usize>> {
    let items: Vec<&str> = list.split([':', ',', ' ']).filter(|item| !item.is_empty()).collect();
    let parts = |item: &str| item.trim_start_matches(['!', '-', '+']).split(['-', '+', '_']).map(str::to_owned).collect::<Vec<_>>();
    let killed: Vec<String> = items.iter().filter(|item| item.starts_with('!')).flat_map(|item| parts(item)).collect();
    let is_weak = |item: &&str| {
        !item.starts_with(['!', '-'])
            && (item.eq_ignore_ascii_case("@SECLEVEL=0")
                || parts(item).iter().any(|part| BROKEN.contains(&part.as_str()) && !killed.contains(part)))
    };
    let found: Vec<&str> = items.iter().copied().filter(is_weak).collect();
    // `!3DES` takes `DES-CBC3-SHA` out, and `!DES` does not.
    let triple = killed.iter().any(|part| part == "3DES");
    let start = |item: &str| item.as_ptr() as usize - list.as_ptr() as usize;
    let found = found.into_iter().filter(|item| !(triple && item.contains("DES-CBC3")));
    found.map(|item| start(item)..start(item) + item.len()).collect()
}

#[cfg(test)]
mod tests {
    use crate::cut::Cut;

    fn weak(list: &str) -> Vec<&str> {
        super::weak(list).into_iter().map(|at| list.cut(at)).collect()
    }

    #[test]
    fn what_is_taken_out_is_not_weak() {
        assert_eq!(weak("ECDHE-RSA-AES128-GCM-SHA256:!aNULL:!MD5:!RC4:-DES"), [""; 0]);
        assert_eq!(weak("HIGH:RC4-SHA:!RC4"), [""; 0]);
        assert_eq!(weak("DES-CBC3-SHA:!3DES"), [""; 0]);
        assert_eq!(weak("AES128-SHA:DES-CBC3-SHA:!DES:@SECLEVEL=0"), ["DES-CBC3-SHA", "@SECLEVEL=0"]);
        assert_eq!(weak("ALL+RC4:EXP-RC4-MD5,ADH-AES128-SHA"), ["ALL+RC4", "EXP-RC4-MD5", "ADH-AES128-SHA"]);
    }
}
