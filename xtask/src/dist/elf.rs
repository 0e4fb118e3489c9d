//! Looks whether a program needs anything of the machine that it runs on.

use std::{fs, path::Path};

use super::Result;

/// The kind of the program header that names a dynamic linker.
const INTERPRETER: u32 = 3;
/// The kind of the section that names functions for who looks for faults.
const SYMBOLS: u32 = 2;
/// The kind of files that are at home at any address.
const ANYWHERE: u16 = 3;

/// An error where the program needs a dynamic linker, its addresses are to be worked out when it starts, or it has names in it that
/// only make it larger.
pub(super) fn is_static(program: &Path) -> Result<()> {
    let bytes = fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    let wrong = |what: &str| Err(format!("{}: {what}", program.display()));
    // Where the headers are, how large each is and how many, and where in one its kind stands.
    match (half(&bytes, 16), kinds(&bytes, [32, 54, 56, 0]), kinds(&bytes, [40, 58, 60, 4])) {
        _ if !bytes.starts_with(b"\x7fELF\x02\x01") => wrong("is no 64-bit ELF file"),
        (Some(ANYWHERE), ..) => wrong("is position independent"),
        (_, Some(parts), _) if parts.contains(&INTERPRETER) => wrong("needs a dynamic linker"),
        (_, _, Some(sections)) if sections.contains(&SYMBOLS) => wrong("has symbols in it"),
        (Some(_), Some(_), Some(_)) => Ok(()),
        _ => wrong("ends in its headers"),
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The kinds of headers in a list.
fn kinds(bytes: &[u8], [first, size, count, kind]: [usize; 4]) -> Option<Vec<u32>> {
    let first = usize::try_from(u64::from_le_bytes(*bytes.get(first..)?.first_chunk()?)).ok()?;
    let (size, count) = (usize::from(half(bytes, size)?), usize::from(half(bytes, count)?));
    let one = |number: usize| Some(u32::from_le_bytes(*bytes.get(first + number * size + kind..)?.first_chunk()?));
    (0..count).map(one).collect()
}
