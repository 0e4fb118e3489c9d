//! `security/jwt-algorithm-from-token`.

use memchr::memmem::Finder;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::prelude::*;

rule! {
    /// A token says itself how it is to be verified.
    ///
    /// ## Why
    ///
    /// The first argument of `jwt_verify` is the algorithm. Where that is a variable with the `alg` of the token's own header, whoever
    /// sends the token chooses: with `none` a token without a signature is good, and with `HS256` one that is signed with the name of
    /// the key file. Guides for HAProxy compare the variable first, which is what is missing here:
    /// `http-request deny unless { var(txn.alg) -m str RS256 }`. With one kind of tokens the variable is not needed at all.
    ///
    /// Nothing is said where anything else looks at the variable.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend api
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
    ///     http-request deny unless { http_auth_bearer,jwt_verify(txn.alg,\"secret\") 1 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend api
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request deny unless { http_auth_bearer,jwt_verify(HS256,\"secret\") 1 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: a token of the algorithm `none` without a signature was good, and so was one that
    /// was signed by HS256 with the path of the key file.
    "security/jwt-algorithm-from-token", Warning, World(check), mentions: ["jwt_verify"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let lines = || cx.config.sections().flat_map(|section| section.statements());
    let verify = Finder::new("jwt_verify(");
    let verifies = |line: &Statement<'_>| line.plain_text().is_none_or(|text| verify.find(text).is_some());
    let verifying = lines().filter(verifies).flat_map(|line| line.words());
    let asking: Vec<_> = verifying.filter_map(|word| word.known().and_then(|text| Some((word, text, algorithm(text)?)))).collect();
    let mut chosen = chosen(lines(), asking.iter().map(|(.., variable)| *variable).collect());
    // Where nothing is left to tell of, nothing more is read.
    for word in lines().flat_map(|line| line.words()).take_while(|_| !asking.is_empty()) {
        match word.known() {
            Some(text) => chosen.drop_used(text),
            None => return,
        }
    }
    for (word, text, variable) in asking {
        let Some(set) = chosen.0.get(variable) else { continue };
        let start = text.find("jwt_verify(").map_or(0, |at| at + "jwt_verify(".len());
        let message = format!("who sends a token says how it is verified: `{variable}` comes from the token itself");
        let draft = Draft::at(word.part(start..start + variable.len()), message).label("`none` is an algorithm, too");
        let help = format!(
            "name the algorithm here, or deny what is not expected first: `http-request deny unless {{ var({variable}) -m str RS256 }}`"
        );
        out.report(draft.also(set.location(), "set here").help(help));
    }
}

/// The variables that take what the token says, with the first line that sets each.
struct Chosen<'r>(FxHashMap<&'r str, Statement<'r>>);

/// Of the variables that tokens are verified by, those that are set from the token.
fn chosen<'r>(lines: impl Iterator<Item = Statement<'r>>, asked: FxHashSet<&'r str>) -> Chosen<'r> {
    let mut chosen = FxHashMap::default();
    let reads = |line: &Statement<'_>| line.words().any(|word| word.known().is_some_and(|text| text.contains("jwt_header_query(")));
    for line in lines.take_while(|_| !asked.is_empty()).filter(reads) {
        for variable in line.words().filter_map(|word| set(word.known()?)).filter_map(|variable| asked.get(variable)) {
            chosen.entry(*variable).or_insert(line);
        }
    }
    Chosen(chosen)
}

impl Chosen<'_> {
    /// Takes out the variables that a word does more with than to set them and to verify with them.
    fn drop_used(&mut self, text: &str) {
        let mut count: FxHashMap<&str, usize> = FxHashMap::default();
        for name in text.split(|c| !in_name(c)).filter(|name| name.contains('.') && self.0.contains_key(name)) {
            *count.entry(name).or_default() += 1;
        }
        if count.is_empty() {
            return;
        }
        let (verified, set) = (algorithm(text), set(text));
        let verifies = text.matches("jwt_verify(").count();
        for (name, count) in count {
            let sets = set == Some(name) || text.starts_with("unset-var(");
            if count > usize::from(sets) + if verified == Some(name) { verifies } else { 0 } {
                self.0.remove(name);
            }
        }
    }
}

/// Whether `c` can stand in the name of a variable.
fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// The variable that names the algorithm of `jwt_verify`.
fn algorithm(text: &str) -> Option<&str> {
    let (_, arguments) = text.split_once("jwt_verify(")?;
    let first = arguments.split([',', ')']).next()?;
    (first.contains('.') && first.chars().all(in_name)).then_some(first)
}

/// The variable that a word sets, if it is the action that does.
fn set(text: &str) -> Option<&str> {
    text.strip_prefix("set-var(")?.split([',', ')']).next()
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
    };

    use super::*;

    /// The variables that are told of.
    fn told(rules: &[&str]) -> Vec<String> {
        let rules: String = rules.iter().map(|rule| format!(" http-request {rule}\n")).collect();
        let text = format!("frontend f\n mode http\n bind :80\n timeout client 5s\n{rules}");
        let findings = check(&Sources::single("f", text), &Options::default()).findings;
        let own = findings.iter().filter(|finding| finding.rule.name == RULE.name);
        own.filter_map(|finding| finding.message.split('`').nth(1)).map(str::to_owned).collect()
    }

    #[test]
    fn each_variable_is_judged_by_its_own_uses() {
        let set = |name: &str| format!("set-var({name}) http_auth_bearer,jwt_header_query('$.alg')");
        let verify = |name: &str| format!("deny unless {{ http_auth_bearer,jwt_verify({name},x) 1 }}");
        let (a, b) = (["txn.a"; 2], ["txn.ab"; 2]);
        let (set_a, verify_a, set_b, verify_b) = (set(a[0]), verify(a[1]), set(b[0]), verify(b[1]));
        assert_eq!(told(&[&set_a, &verify_a]), ["txn.a"]);
        assert_eq!(told(&[&set_a, &set_b, &verify_a, &verify_b, &verify_a]), ["txn.a", "txn.ab", "txn.a"]);
        assert_eq!(told(&[&set_a, &set_b, "deny if { var(txn.a) -m str none }", &verify_a, &verify_b]), ["txn.ab"]);
        assert_eq!(told(&[&set_a, "unset-var(txn.a)", &verify_a]), ["txn.a"], "to forget it is no look at it");
        assert_eq!(told(&["set-var(txn.a) str(RS256)", &verify_a]), [""; 0]);
        assert_eq!(told(&[&set_a, "set-header X \"%[var(txn.a)] %[http_auth_bearer,jwt_verify(txn.a,x)]\""]), [""; 0]);
    }
}
