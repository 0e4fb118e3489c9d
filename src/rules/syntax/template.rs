//! `syntax/template`.

use crate::{rules::prelude::*, source::TemplateLanguage};

rule! {
    /// The file is a template, which must be rendered before it can be checked.
    ///
    /// ## Why
    ///
    /// `{{ … }}`, `{% … %}`, `<%= … %>` and placeholders such as `__NAME__` mean nothing to HAProxy: some other program
    /// replaces them first. What comes out cannot be known from the template, so nothing else is said of the file, and where
    /// it is one of several, names that seem to be missing may be declared in it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind {{ haproxy_address }}:80
    ///     default_backend {{ backend }}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     timeout client 30s
    ///     bind 192.0.2.1:80
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// Templates in public repositories: Jinja, ERB, Go, Mustache, scripts.
    "syntax/template", Info, Text(check)
}

fn check(cx: &TextContext<'_>, out: &mut Sink<'_>) {
    for ((id, _), found) in cx.sources.iter().zip(cx.templates) {
        let Some(found) = found else { continue };
        let (language, help) = words(found.language);
        let draft = Draft::at(
            Location { file: id, span: found.span },
            format!("this file is a template ({language}): it is not checked as it stands"),
        )
        .label("replaced before HAProxy sees it")
        .help(help);
        out.report(draft);
    }
}

/// What the language is called, and how what is written in it is rendered.
fn words(language: TemplateLanguage) -> (&'static str, &'static str) {
    match language {
        TemplateLanguage::Erb => {
            ("ERB or EPP", "render it first, for instance `erb FILE | haproxy-lint check -`, or check what Puppet or Chef wrote")
        }
        TemplateLanguage::Jinja => {
            ("Jinja", "check what it is rendered to: in Ansible, say `validate: haproxy-lint check %s` in the `template` task")
        }
        TemplateLanguage::Go => (
            "Go",
            "render it first, for instance with `helm template`, `consul-template -once -dry` or `confd -onetime`, and check what comes out",
        ),
        TemplateLanguage::Mustache => ("Mustache", "render it first, for instance `mustache DATA FILE | haproxy-lint check -`"),
        TemplateLanguage::Placeholder => {
            ("placeholders", "put in what the placeholders stand for, as the script does, and check what comes out")
        }
    }
}
