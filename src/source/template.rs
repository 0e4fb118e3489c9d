//! Files that are no configurations yet: templates, which some program renders before HAProxy sees them.

use crate::cut::Cut;

use super::{SourceFile, Span};

/// The language a template is written in, as far as its marks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateLanguage {
    /// `<%= … %>`: ERB, or Puppet's EPP.
    Erb,
    /// `{% … %}`, or `{{ … }}` without the marks of another language: Jinja, as Ansible and Salt use it.
    Jinja,
    /// `{{ .Values… }}`, `{{- include … }}`, `{{ range … }}`: Go's text/template.
    Go,
    /// `{{#list}} … {{/list}}`
    Mustache,
    /// `__NAME__` or `@NAME@`, which a script replaces.
    Placeholder,
}

/// What shows that a file is a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// In which language.
    pub language: TemplateLanguage,
    /// The first mark that shows it.
    pub span: Span,
}

/// The marks of templates that HAProxy could not read, outside of comments; `None` if there is none.
pub fn template(file: &SourceFile) -> Option<Template> {
    let bytes = file.bytes();
    let mut braces: Option<Span> = None;
    let mut go = false;
    let mut names = Vec::new();
    let mut placeholder: Option<Span> = None;
    let mut next = 0;
    for mark in marks(bytes) {
        if mark < next {
            continue;
        }
        let begins = memchr::memrchr(b'\n', &bytes[..mark]).map_or(0, |feed| feed + 1);
        let end = memchr::memchr(b'\n', &bytes[mark..]).map_or(bytes.len(), |feed| mark + feed);
        next = end;
        let line = &bytes[begins..end];
        if is_comment(line) {
            continue;
        }
        let Ok(text) = std::str::from_utf8(line) else { continue };
        let span = |at: usize, len: usize| Span::new((begins + at) as u32, (begins + at + len) as u32);
        if let Some((at, len)) = tag(text, "<%", "%>").or_else(|| tag(text, "{%", "%}")) {
            let language = if text.cut(at..).starts_with('<') { TemplateLanguage::Erb } else { TemplateLanguage::Jinja };
            return Some(Template { language, span: span(at, len) });
        }
        if let Some((at, len, inside)) = double_braces(text) {
            if inside.starts_with(['#', '/', '^']) {
                return Some(Template { language: TemplateLanguage::Mustache, span: span(at, len) });
            }
            braces.get_or_insert(span(at, len));
            go |= is_go(inside);
        }
        if placeholder.is_none() {
            placeholder = self::placeholder(text, &mut names).map(|(at, len)| span(at, len));
        }
    }
    let language = if go { TemplateLanguage::Go } else { TemplateLanguage::Jinja };
    let braces = braces.map(|span| Template { language, span });
    braces.or_else(|| placeholder.map(|span| Template { language: TemplateLanguage::Placeholder, span }))
}

/// Where two bytes are that a mark may begin with, in order: most files have none.
fn marks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let named = |at: &usize| bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase);
    let mut signs = memchr::memchr_iter(b'@', bytes).filter(named).peekable();
    let mut pairs = ["<%", "{%", "{{", "__"].map(|pair| pair_at(pair, bytes).peekable());
    std::iter::from_fn(move || {
        let nearest = (0..pairs.len()).min_by_key(|at| pairs[*at].peek().copied().unwrap_or(usize::MAX))?;
        let nearest = &mut pairs[nearest];
        match (nearest.peek(), signs.peek()) {
            (Some(pair), Some(sign)) if sign < pair => signs.next(),
            (None, _) => signs.next(),
            _ => nearest.next(),
        }
    })
}

/// Where a pair of bytes is, those among them that begin within another one.
fn pair_at<'b>(pair: &'static str, bytes: &'b [u8]) -> impl Iterator<Item = usize> + use<'b> {
    let finder = memchr::memmem::Finder::new(pair);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(bytes.get(from..)?)?;
        from = at + 1;
        Some(at)
    })
}

fn is_comment(line: &[u8]) -> bool {
    line.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'#')
}

/// The text before a comment that begins at a blank.
fn before_comment(text: &str) -> &str {
    text.find(" #").map_or(text, |at| text.cut(..at))
}

/// The first mark that begins with `open`: a blank, a word or one of `=-+#` follows it, or the line ends, as `%[` never does.
fn tag(text: &str, open: &str, close: &str) -> Option<(usize, usize)> {
    let (mut from, line) = (0, before_comment(text));
    // Looked for once, and again only behind the last one that was found.
    let mut next_close = text.find(close);
    while let Some(at) = line.cut(from..).find(open).map(|at| from + at) {
        let rest = text.cut(at + 2..);
        let follows = rest.trim_start_matches(['=', '-', '+', '#', '%', '|']);
        let begins = rest.is_empty() || rest.starts_with([' ', '\t', '\r', '=', '-', '#', '+']);
        if next_close.is_some_and(|close| close < at + 2) {
            next_close = rest.find(close).map(|end| at + 2 + end);
        }
        let end = next_close.map_or(2, |close| close - at + 2);
        // What ends on a later line begins with a word of the language.
        if begins && (end > 2 || follows.trim().is_empty() || follows.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())) {
            return Some((at, end));
        }
        from = at + 2;
    }
    None
}

/// The first `{{ … }}` with a name in it.
fn double_braces(text: &str) -> Option<(usize, usize, &str)> {
    let at = before_comment(text).find("{{")?;
    let inside = text.cut(at + 2..);
    let end = inside.find("}}")?;
    let inside = inside.cut(..end).trim_start_matches(['-', '{', '&']).trim_start();
    let name = inside.trim_start_matches(['#', '/', '^', '.', '$', '(', '"', '!', '>']);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some((at, end + 4, inside))
}

/// Whether what stands between `{{` and `}}` is Go and nothing else.
fn is_go(inside: &str) -> bool {
    let word = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    inside.starts_with(['.', '$'])
        || inside.contains(":=")
        || matches!(word, "range" | "if" | "with" | "end" | "else" | "include" | "template" | "define")
}

/// The first `__NAME__` or `@NAME@` that is not the name of something declared in the file.
fn placeholder<'a>(text: &'a str, names: &mut Vec<&'a str>) -> Option<(usize, usize)> {
    let text = before_comment(text);
    let mut words = text.split_ascii_whitespace();
    if let (Some("acl" | "backend" | "frontend" | "listen" | "server" | "defaults" | "peers" | "userlist"), Some(name)) =
        (words.next(), words.next())
        && is_placeholder(name)
    {
        names.push(name);
    }
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '@';
    let mut from = 0;
    text.split(|c: char| !name(c)).find_map(|part| {
        let at = from;
        from += part.len() + 1;
        (is_placeholder(part) && !names.contains(&part)).then_some((at, part.len()))
    })
}

fn is_placeholder(word: &str) -> bool {
    let upper = |inner: &str| {
        inner.len() > 1
            && inner.starts_with(|c: char| c.is_ascii_uppercase())
            && !inner.ends_with('_')
            && inner.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    ["__", "@"].iter().any(|mark| word.strip_prefix(mark).and_then(|w| w.strip_suffix(mark)).is_some_and(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(TemplateLanguage, &str)> {
        let file = SourceFile::new("f", text.as_bytes().to_vec());
        template(&file).map(|t| (t.language, text.cut(t.span.start as usize..t.span.end as usize)))
    }

    #[test]
    fn marks_of_templates_are_found() {
        use TemplateLanguage as L;
        assert_eq!(of("bind <%= @ip %>:80\n"), Some((L::Erb, "<%= @ip %>")));
        assert_eq!(of("<%\nx = 1\n%>\n"), Some((L::Erb, "<%")));
        assert_eq!(of("# {{ managed }}\nbind {{ ip }}:80\n"), Some((L::Jinja, "{{ ip }}")));
        assert_eq!(of("{%- if x %}\n"), Some((L::Jinja, "{%- if x %}")));
        assert_eq!(of("bind *:{{ .Values.port }}\n"), Some((L::Go, "{{ .Values.port }}")));
        assert_eq!(of("{{#domains}} x {{/domains}}\n"), Some((L::Mustache, "{{#domains}}")));
        assert_eq!(of("server a __IP_1__:80\n"), Some((L::Placeholder, "__IP_1__")));
        assert_eq!(of("log @SYSLOG@ local0\n"), Some((L::Placeholder, "@SYSLOG@")));
    }

    #[test]
    fn configurations_are_no_templates() {
        for text in [
            "# bind {{ ip }}:80\n",
            "bind :80 # <%= @ip %>\n",
            "log-format \"dbg={%[fs.debug_str]} {%{+Q}r}\"\n",
            "log-format '{\"a\":{\"b\":{\"c\":\"%ci\"}}}'\n",
            "log-format \"<%pid> %{+X}o\"\n",
            "acl x path_reg ^/[a-z]{2}$\n",
            "acl __INIT__ always_true\nuse_backend b if __INIT__\n",
            "server a unix@/run/x abns@X@y\n",
            "http-request set-var(txn.__x__) str(a)\n",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
