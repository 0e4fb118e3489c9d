//! Looks whether a program needs anything of the machine that it runs on.

use std::{fs, path::Path};

use super::Result;

/// The kind of the program header that names a dynamic linker, and the kind of files that are at home at any address.
const INTERPRETER: u32 = 3;
const ANYWHERE: u16 = 3;

/// An error where the program needs a dynamic linker, or its addresses are to be worked out when it starts.
pub(super) fn is_static(program: &Path) -> Result<()> {
    let bytes = fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    let wrong = |what: &str| Err(format!("{}: {what}", program.display()));
    match headers(&bytes) {
        None => wrong("is no 64-bit ELF file"),
        Some((kind, _)) if kind == ANYWHERE => wrong("is position independent"),
        Some((_, headers)) if headers.contains(&INTERPRETER) => wrong("needs a dynamic linker"),
        Some(_) => Ok(()),
    }
}

/// The kind of the file, and those of its program headers.
fn headers(bytes: &[u8]) -> Option<(u16, Vec<u32>)> {
    let half = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (size, count) = (usize::from(half(54)?), usize::from(half(56)?));
    let first = usize::try_from(u64::from_le_bytes(*bytes.get(32..)?.first_chunk()?)).ok()?;
    let kind = |number: usize| Some(u32::from_le_bytes(*bytes.get(first + number * size..)?.first_chunk()?));
    Some((half(16)?, (0..count).map(kind).collect::<Option<_>>()?))
}
