//! Pages in Markdown as a terminal shows them: paragraphs within the width, examples and tables as they are.

use haproxy_lint::report::{Style, Tone};

/// The text for so many columns; `None` where somebody reads it on.
pub(super) fn fit(text: &str, width: Option<usize>) -> String {
    let mut shown = String::new();
    let mut open = Vec::new();
    let mut fenced = false;
    let wide = |line: &&str| width.is_some_and(|width| line.starts_with('|') && Style::columns(line) > width);
    let lists = text.lines().any(|line| wide(&line));
    for line in text.lines() {
        if let Some(width) = width.filter(|_| lists && !fenced && line.starts_with('|')) {
            shown += &row(line, width);
            continue;
        }
        let is_fence = line.trim_start().starts_with("```");
        if fenced || is_fence || is_alone(line) {
            shown += &paragraph(&mut open, width);
            // Words behind the language are for the tests of examples.
            let mark = if is_fence && !fenced { line.split(' ').next().unwrap_or(line) } else { line };
            shown += &format!("{mark}\n");
            fenced ^= is_fence;
        } else {
            if begins(line) {
                shown += &paragraph(&mut open, width);
            }
            open.push(line);
        }
    }
    shown + &paragraph(&mut open, width)
}

/// A row of a table that is too wide, as an item of a list.
fn row(line: &str, width: usize) -> String {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    match cells.split_first() {
        Some((first, _)) if first.starts_with("---") => String::new(),
        Some((first, others)) => Style::plain(width).paragraph("- ", Tone::Message, &format!("{first}: {}", others.join("; "))),
        None => String::new(),
    }
}

/// Lines that stay as they are: headings, rows of tables, what is indented as code, empty ones.
fn is_alone(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#') || line.starts_with('|') || line.starts_with("    ")
}

/// Whether a line begins an item of a list.
fn begins(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || line.starts_with("* ") || line.split_once(". ").is_some_and(|(n, _)| n.bytes().all(|b| b.is_ascii_digit()))
}

/// The lines of a paragraph, broken anew.
fn paragraph(open: &mut Vec<&str>, width: Option<usize>) -> String {
    let lines = std::mem::take(open);
    let Some(width) = width else { return lines.iter().map(|line| format!("{line}\n")).collect() };
    let Some(first) = lines.first() else { return String::new() };
    let item = first.len() - first.trim_start().len();
    let indent = if begins(first) { item + 2 } else { item };
    let text = lines.iter().fold(" ".repeat(item), |text, line| joined(text, line.trim()));
    Style::plain(width).wrapped(&text, indent).iter().map(|line| format!("{line}\n")).collect()
}

/// The text and its next line: with a blank between them, but for languages that are written without any.
fn joined(text: String, line: &str) -> String {
    let wide = |letter: Option<char>| letter.is_some_and(|c| !c.is_ascii() && Style::columns(c.encode_utf8(&mut [0; 4])) > 1);
    let close = text.trim().is_empty() || (wide(text.chars().next_back()) && wide(line.chars().next()));
    text + if close { "" } else { " " } + line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_broken_anew_and_examples_are_not() {
        let page = "# A title that is long enough\n\nSome words that\nstand on two lines.\n- an item of a list that goes on\n```yaml bad\nkey: a value that is long\n```\n";
        let shown = "# A title that is long enough\n\nSome words that\nstand on two\nlines.\n- an item of a\n  list that goes\n  on\n```yaml\nkey: a value that is long\n```\n";
        assert_eq!(fit(page, Some(16)), shown);
        assert_eq!(fit(page, None), page.replace(" bad", ""));
    }

    #[test]
    fn chinese_letters_take_two_columns_and_need_no_blanks() {
        let page = "这是正常现象。本地那一行就是\n节点自己，`show peers` 如此。\n";
        let shown = "这是正常现象。本\n地那一行就是节点\n自己，`show\npeers` 如此。\n";
        assert_eq!(fit(page, Some(16)), shown);
    }
}
