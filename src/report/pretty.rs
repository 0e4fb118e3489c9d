//! JSON as people can read it too: two blanks a level.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Writes a value, and ends its line.
pub(crate) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // JSON is made of small pieces: they are put together before anybody looks at them.
    let mut out = BufWriter::new(out);
    value.serialize(&mut Serializer::with_formatter(&mut out, Pretty::default()))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The layout of `serde_json::to_writer_pretty` in fewer pieces: what stands before a key is one, and so is what stands behind it.
struct Pretty {
    /// A comma, the end of a line, the blanks of the next, and the quote that a key begins with.
    line: Vec<u8>,
    /// Whether the list or object that was begun last has anything in it.
    is_filled: bool,
    /// Whether what is written is a key: its quotes are in the pieces around it.
    is_key: bool,
}

impl Default for Pretty {
    fn default() -> Self {
        Self { line: b",\n\"".to_vec(), is_filled: false, is_key: false }
    }
}

impl Pretty {
    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.line.pop();
        self.line.extend_from_slice(b"  \"");
        self.is_filled = false;
        out.write_all(bracket)
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.line.truncate(self.line.len() - 3);
        self.line.push(b'"');
        if self.is_filled {
            self.value(out, true)?;
        }
        self.is_filled = true;
        out.write_all(bracket)
    }

    /// Begins the line of a value; what is no longer the first of its kind has a comma before it.
    fn value<W: Write + ?Sized>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        out.write_all(&self.line[usize::from(is_first)..self.line.len() - 1])
    }
}

impl Formatter for Pretty {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.value(out, is_first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.is_key = true;
        out.write_all(&self.line[usize::from(is_first)..])
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.is_key = false;
        out.write_all(b"\": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_filled = true;
        Ok(())
    }

    fn begin_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.is_key { Ok(()) } else { out.write_all(b"\"") }
    }

    fn end_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.is_key { Ok(()) } else { out.write_all(b"\"") }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn same(value: &impl Serialize) {
        let mut out = Vec::new();
        write(value, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string_pretty(value).unwrap() + "\n");
    }

    #[test]
    fn it_is_laid_out_as_by_serde_json() {
        let deep = (0..20)
            .fold(json!({ "a": 1, "b": [] }), |inner, at| if at % 2 == 0 { json!([inner, {}]) } else { json!({ "in": inner, "x": [[]] }) });
        let odd = json!({ "a\"b": "c\"d", "": "", "\n": ["\u{1}"], "n": { "m": null } });
        [deep, odd, json!([]), json!({}), json!("x"), json!([[], {}, [{}], { "a": {} }, null])].iter().for_each(same);
        same(&std::collections::BTreeMap::from([(1, "x"), (2, "y")]));
    }
}
