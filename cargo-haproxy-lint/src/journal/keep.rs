//! What a file is beside its text: owner, mode, extended attributes (which access lists and security labels are).

use std::{
    fs::{File, Metadata},
    io,
};

/// Makes `new` what `old` is; `false` where that cannot be done, and only the old file itself will do.
pub(super) fn all(old: &File, new: &File) -> io::Result<bool> {
    let metadata = old.metadata()?;
    // An owner takes away bits of the mode, and the mode changes access lists: in this order each stays.
    Ok(owner(&metadata, new)? && new.set_permissions(metadata.permissions()).is_ok() && attributes(old, new))
}

/// Whether the file goes by other names, too.
pub(super) fn has_other_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

fn owner(old: &Metadata, new: &File) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = new.metadata()?;
    Ok((now.uid(), now.gid()) == (old.uid(), old.gid()) || fchown(new, Some(old.uid()), Some(old.gid())).is_ok())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn attributes(old: &File, new: &File) -> bool {
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr};
    let (Some(wanted), Some(there)) = (listed(old), listed(new)) else { return false };
    let add = wanted.iter().filter(|(name, value)| there.get(*name) != Some(value));
    let mut add = add.map(|(name, value)| fsetxattr(new, name.as_slice(), value, XattrFlags::empty()));
    let mut remove = there.keys().filter(|name| !wanted.contains_key(*name)).map(|name| fremovexattr(new, name.as_slice()));
    add.all(|done| done.is_ok()) && remove.all(|done| done.is_ok())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn attributes(_: &File, _: &File) -> bool {
    true
}

/// The attributes with their values; `None` where they cannot be read.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn listed(file: &File) -> Option<std::collections::BTreeMap<Vec<u8>, Vec<u8>>> {
    use rustix::{
        fs::{fgetxattr, flistxattr},
        io::Errno,
    };
    // The most that Linux gives.
    let mut buffer = vec![0; 1 << 16];
    let names = match flistxattr(file, &mut buffer[..]) {
        Ok(len) => buffer[..len].to_vec(),
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => Vec::new(),
        Err(_) => return None,
    };
    let mut value = |name: &[u8]| fgetxattr(file, name, &mut buffer[..]).map(|len| (name.to_vec(), buffer[..len].to_vec()));
    names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(|name| value(name).ok()).collect()
}
