//! `html`: one page that needs nothing but itself, the configuration's text with the findings in it.

use std::io::{self, Write};

use rustc_hash::FxHashSet;

use super::Spec;
use crate::shown::Form;
use crate::{
    finding::{Finding, Severity},
    secret, shown,
    source::{FileId, Location, SourceFile, Span},
};

use crate::report::{
    Checked, followers,
    gather::{Told, told},
    summary,
};

pub(super) static FORMAT: Spec = Spec {
    about: "people: one page with the text and the findings in it, and with `--topology` a picture of the links between the nodes. Passwords, keys and tokens are shown as `•••`.",
    is_document: true,
    form: |_| Form::Html,
    render: |checked, _, out| render(checked, out),
};

/// What is longer is cut off: somebody's certificate in one line is not to be read here.
const LONGEST: usize = 2_000;

/// One configuration on the page.
struct Page<'a> {
    checked: &'a Checked<'a>,
    /// How many files stand on the page before those of this configuration: numbers of files go on, and links need them.
    before: usize,
    findings: Vec<Told<'a>>,
}

fn render(checked: &[Checked<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut before = 0;
    let mut pages = Vec::new();
    for checked in checked {
        pages.push(Page { checked, before, findings: told(checked.report, checked.sources) });
        before += checked.sources.files().len();
    }
    let title = summary::lines(checked).first().cloned().unwrap_or_default();
    write!(
        out,
        "{}<title>haproxy-lint: {}</title>\n<style>\n{}</style>\n",
        include_str!("html/head.html"),
        text(&title),
        include_str!("html/page.css")
    )?;
    writeln!(out, "</head>\n<body>\n<header>\n<h1>haproxy-lint</h1>")?;
    summary::lines(checked).iter().try_for_each(|line| writeln!(out, "<p>{}</p>", words(line)))?;
    filters(&pages, out)?;
    writeln!(out, "</header>\n<main>")?;
    pictures(&pages, out)?;
    contents(&pages, out)?;
    pages.iter().try_for_each(|page| page.render(out))?;
    clean(&pages, out)?;
    write!(out, "</main>\n<script>\n{}</script>\n</body>\n</html>\n", include_str!("html/page.js"))
}

/// What may be shown; of no use without the script, which uncovers it.
fn filters(pages: &[Page<'_>], out: &mut dyn Write) -> io::Result<()> {
    let findings = || pages.iter().flat_map(|page| &page.findings).map(|f| &*f.finding);
    let mut rules: Vec<&str> = findings().map(|f| f.rule.name).collect();
    rules.sort_unstable();
    rules.dedup();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "<form id=\"filters\" hidden>")?;
    for severity in Severity::ALL.into_iter().rev() {
        let count = findings().filter(|f| f.severity == severity).count();
        writeln!(
            out,
            "<label class=\"{severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {severity} ({count})</label>"
        )?;
    }
    writeln!(out, "<label>rule <select name=\"rule\"><option value=\"\">all</option>")?;
    rules.iter().try_for_each(|rule| writeln!(out, "<option>{rule}</option>"))?;
    writeln!(out, "</select></label>\n<label>text <input type=\"search\" name=\"text\"></label>\n<output></output>\n</form>")
}

/// Who reaches whom.
fn pictures(pages: &[Page<'_>], out: &mut dyn Write) -> io::Result<()> {
    let pictures = pages.iter().filter_map(|page| page.checked.report.picture.as_ref());
    pictures
        .into_iter()
        .try_for_each(|svg| writeln!(out, "<details open><summary>Links between the nodes</summary>\n<figure>\n{svg}</figure>\n</details>"))
}

/// All findings in short, each with a link to its place.
fn contents(pages: &[Page<'_>], out: &mut dyn Write) -> io::Result<()> {
    if pages.iter().all(|page| page.findings.is_empty()) {
        return Ok(());
    }
    writeln!(out, "<details open><summary>Findings</summary>\n<ol>")?;
    for page in pages {
        for (at, Told { finding, .. }) in page.findings.iter().enumerate() {
            let place = finding.location.map(|location| text(&page.checked.sources.at(location))).unwrap_or_default();
            let (of, link, message) = (attributes(finding), page.link(at), words(&finding.message));
            writeln!(out, "<li {of}><a href=\"#{link}\">{place}</a> {message} <small>{}</small></li>", finding.rule.name)?;
        }
    }
    writeln!(out, "</ol>\n</details>")
}

/// The files that nothing is to be said of.
fn clean(pages: &[Page<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut names = Vec::new();
    for page in pages.iter().filter(|page| !page.checked.report.incomplete) {
        let shown = page.shown();
        names.extend(page.checked.sources.iter().filter(|(id, _)| !shown.contains(id)).map(|(_, file)| file.name()));
    }
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details><summary>Nothing found ({})</summary>\n<ul>", names.len())?;
    names.iter().try_for_each(|name| writeln!(out, "<li>{}</li>", text(name)))?;
    writeln!(out, "</ul>\n</details>")
}

impl Page<'_> {
    fn link(&self, finding: usize) -> String {
        format!("finding-{}-{finding}", self.before)
    }

    /// The files that findings are in or lead to.
    fn shown(&self) -> FxHashSet<FileId> {
        let findings = || self.findings.iter().map(|f| &*f.finding);
        let related = findings().flat_map(|f| &f.related).map(|label| label.location.file);
        findings().filter_map(|f| Some(f.location?.file)).chain(related).collect()
    }

    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        for (at, folded) in self.findings.iter().enumerate().filter(|(_, f)| f.finding.location.is_none()) {
            self.finding(at, folded, out)?;
        }
        let shown = self.shown();
        // By file and line; where they stand in the list is the order on a line.
        let line = |l: Location| self.checked.sources.file(l.file).line_of(l.span.start);
        let places = self.findings.iter().enumerate().filter_map(|(at, f)| f.finding.location.map(|l| (l.file, line(l), at)));
        let mut places: Vec<(FileId, usize, usize)> = places.collect();
        places.sort_unstable();
        let mut places = places.as_slice();
        for (id, file) in self.checked.sources.iter().filter(|(id, _)| shown.contains(id)) {
            let (own, rest) = places.split_at(places.partition_point(|(file, ..)| *file <= id));
            places = rest;
            self.file(id, file, own, out)?;
        }
        Ok(())
    }

    /// The text of a file, with what is found in it.
    fn file(&self, id: FileId, file: &SourceFile, mut places: &[(FileId, usize, usize)], out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<section>\n<h2>{}</h2>\n<div class=\"text\">", text(file.name()))?;
        for line in 0..file.line_starts().len() {
            let (here, rest) = places.split_at(places.partition_point(|(_, of, _)| *of <= line));
            places = rest;
            let span = file.line_span(line);
            if span.is_empty() && here.is_empty() && line + 1 == file.line_starts().len() {
                break;
            }
            let marks =
                here.iter().filter_map(|(.., at)| Some((self.findings[*at].finding.location?.span, self.findings[*at].finding.severity)));
            let (file_number, number) = (self.before + id.0 as usize, line + 1);
            let marked = marked(file, span, marks.collect());
            writeln!(out, "<div class=\"line\" id=\"line-{file_number}-{number}\"><i>{number}</i><code>{marked}</code></div>")?;
            here.iter().try_for_each(|(.., at)| self.finding(*at, &self.findings[*at], out))?;
        }
        writeln!(out, "</div>\n</section>")
    }

    fn finding(&self, at: usize, folded: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
        let f = &*folded.finding;
        let (of, link, rule) = (attributes(f), self.link(at), f.rule.name);
        write!(
            out,
            "<article {of} id=\"{link}\"><p><b>{}</b> {} <a class=\"rule\" href=\"{}\">{rule}</a></p>",
            f.severity,
            words(&f.message),
            f.rule.url()
        )?;
        if let Some(help) = &f.help {
            write!(out, "<p class=\"help\"><b>help</b> {}</p>", words(help))?;
        }
        f.notes.iter().try_for_each(|note| write!(out, "<p class=\"note\"><b>note</b> {}</p>", words(note)))?;
        if let Some(fix) = &f.fix {
            write!(out, "<p class=\"note\"><b>fix</b> {} ({})</p>", words(&fix.title), fix.applicability.as_str())?;
        }
        for label in &f.related {
            let file = self.checked.sources.file(label.location.file);
            let (number, line) = (self.before + label.location.file.0 as usize, file.line_of(label.location.span.start) + 1);
            let place = text(&self.checked.sources.at(label.location));
            write!(out, "<p class=\"note\"><b>see</b> <a href=\"#line-{number}-{line}\">{place}</a> {}</p>", words(&label.message))?;
        }
        if !f.nodes.is_empty() {
            write!(out, "<p class=\"note\"><b>nodes</b> {}</p>", text(&f.nodes.join(", ")))?;
        }
        followers(folded.followers).map_or(Ok(()), |line| write!(out, "<p class=\"note\">{line}</p>"))?;
        writeln!(out, "</article>")
    }
}

/// What the filters go by.
fn attributes(finding: &Finding) -> String {
    format!("class=\"finding {0}\" data-severity=\"{0}\" data-rule=\"{1}\"", finding.severity, finding.rule.name)
}

/// The text of a line with the places of its findings marked; of places that overlap, the first.
fn marked(file: &SourceFile, line: Span, mut marks: Vec<(Span, Severity)>) -> String {
    let end = line.end.min(line.start.saturating_add(LONGEST as u32));
    marks.sort_by_key(|(span, _)| span.start);
    let secrets = secret::places(file, file.line_of(line.start));
    let text = |span: Span| text(&secret::part(file, span, &secrets));
    let mut html = String::new();
    let mut done = line.start;
    for (span, severity) in marks {
        let (from, to) = (span.start, span.end.min(end));
        if from < done || from >= to {
            continue;
        }
        html += &text(Span::new(done, from));
        html += &format!("<mark class=\"{severity}\">{}</mark>", text(Span::new(from, to)));
        done = to;
    }
    html += &text(Span::new(done, end));
    if end < line.end {
        html += "…";
    }
    html
}

/// Text for HTML, with everything in it to be seen; a carriage return that ends a line is not shown.
fn text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.strip_suffix('\r').unwrap_or(text).chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\t' => html.push(c),
            _ => shown::push(&mut html, c),
        }
    }
    html
}

/// A message: what stands in backticks is code.
fn words(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let closed = parts.len() % 2 == 1;
    let part = |(at, part): (usize, &&str)| match at % 2 {
        1 if closed => format!("<code>{}</code>", text(part)),
        1 => format!("`{}", text(part)),
        _ => text(part),
    };
    parts.iter().enumerate().map(part).collect()
}
