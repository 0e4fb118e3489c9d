//! `security/jwt-algorithm-from-token`.

use memchr::memmem::Finder;

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
    for word in lines().filter(verifies).flat_map(|line| line.words()) {
        let Some((text, variable)) = word.known().and_then(|text| Some((text, algorithm(text)?))) else { continue };
        let sets = |line: &Statement<'_>| {
            let named = line.words().any(|w| w.known().is_some_and(|t| sets(t, variable)));
            named && line.words().any(|w| w.known().is_some_and(|t| t.contains("jwt_header_query(")))
        };
        let Some(set) = lines().find(sets) else { continue };
        if lines().flat_map(|line| line.words()).any(|w| w.known().is_none_or(|text| looks_at(text, variable))) {
            continue;
        }
        let start = text.find("jwt_verify(").map_or(0, |at| at + "jwt_verify(".len());
        let message = format!("who sends a token says how it is verified: `{variable}` comes from the token itself");
        let draft = Draft::at(word.part(start..start + variable.len()), message).label("`none` is an algorithm, too");
        let help = format!(
            "name the algorithm here, or deny what is not expected first: `http-request deny unless {{ var({variable}) -m str RS256 }}`"
        );
        out.report(draft.also(set.location(), "set here").help(help));
    }
}

/// The variable that names the algorithm of `jwt_verify`.
fn algorithm(text: &str) -> Option<&str> {
    let (_, arguments) = text.split_once("jwt_verify(")?;
    let first = arguments.split([',', ')']).next()?;
    first.contains('.').then_some(first)
}

/// Whether a word is the action that sets a variable.
fn sets(text: &str, variable: &str) -> bool {
    text.strip_prefix("set-var(").and_then(|rest| rest.strip_prefix(variable)).is_some_and(|rest| rest.starts_with([')', ',']))
}

/// Whether a word does more with a variable than to set it and to verify with it.
fn looks_at(text: &str, variable: &str) -> bool {
    let verifies = text.matches("jwt_verify(").filter(|_| algorithm(text) == Some(variable)).count();
    text.matches(variable).count() > verifies + usize::from(sets(text, variable) || text.starts_with("unset-var("))
}
