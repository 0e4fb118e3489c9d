//! `explain`: the page of a rule.

use haproxy_lint::{
    nearest::nearest,
    rules::{RULES, Rule},
};

use crate::{
    CLEAN,
    cli::Explain,
    error::{Error, Result},
    output,
};

pub(crate) fn run(options: &Explain) -> Result<u8> {
    let rule = find(&options.rule)?;
    output::to_stdout(|out| {
        writeln!(out, "# {} ({})\n", rule.name, rule.severity)?;
        for line in rule.docs.trim_end().lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            // The words behind `haproxy` are for the tests of the examples.
            writeln!(out, "{}", if line.starts_with("```haproxy") { "```haproxy" } else { line })?;
        }
        Ok(())
    })?;
    Ok(CLEAN)
}

/// The rule of that name, or of that last part of a name.
fn find(name: &str) -> Result<&'static Rule> {
    let short = |rule: &&&'static Rule| rule.name.split('/').next_back() == Some(name);
    let found = Rule::by_name(name).or_else(|| RULES.iter().find(short).copied());
    found.ok_or_else(|| {
        let help = match nearest(name, RULES.iter().map(|r| r.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`cargo haproxy-lint rules` lists them".to_owned(),
        };
        Error::new(format!("there is no rule `{name}`"), help)
    })
}
