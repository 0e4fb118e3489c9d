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

/// The layout of `serde_json::to_writer_pretty`, with one piece for the end of a line and the blanks of the next.
#[derive(Default)]
struct Pretty {
    depth: usize,
    /// Whether the list or object that was begun last has anything in it.
    is_filled: bool,
}

impl Pretty {
    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_filled = false;
        out.write_all(bracket)
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.is_filled {
            self.line(out, true)?;
        }
        self.is_filled = true;
        out.write_all(bracket)
    }

    /// Begins a line; what is no longer the first of its kind has a comma before it.
    fn line<W: Write + ?Sized>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        const DEEP: usize = 16;
        const LINE: &[u8] = b",\n                                ";
        out.write_all(&LINE[usize::from(is_first)..2 + 2 * self.depth.min(DEEP)])?;
        (DEEP..self.depth).try_for_each(|_| out.write_all(b"  "))
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
        self.line(out, is_first)
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
        self.line(out, is_first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_laid_out_as_by_serde_json() {
        let deep = (0..20)
            .fold(json!({ "a": 1, "b": [] }), |inner, at| if at % 2 == 0 { json!([inner, {}]) } else { json!({ "in": inner, "x": [[]] }) });
        for value in [deep, json!([]), json!({}), json!("x"), json!([[], {}, [{}], { "a": {} }, null])] {
            let mut out = Vec::new();
            write(&value, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string_pretty(&value).unwrap() + "\n");
        }
    }
}
