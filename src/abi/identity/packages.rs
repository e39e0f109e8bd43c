//! The package list of an identity, with one package less.
//!
//! Holds: what SspiExcludePackage makes. May use: `spi`. Must not touch: pointers.

use super::view::{Charset, MAX_CHARACTERS, View, refused};
use crate::spi::error::Result;
use crate::spi::identity::PackageList;
use crate::spi::text::utf16le;

/// The list of the identity and `!package`, in the identity's characters.
pub fn excluding(view: &View<'_>, package: &str) -> Result<Vec<u8>> {
    let package = package.trim();
    if package.is_empty() || package.contains([',', '!']) {
        return Err(refused("one package's name is wanted"));
    }
    let list = view.packages_text()?.unwrap_or_default();
    let excluded = &PackageList::parse(&list).never;
    let list = if excluded.iter().any(|name| name.eq_ignore_ascii_case(package)) {
        list
    } else if list.is_empty() {
        format!("!{package}")
    } else {
        format!("{list},!{package}")
    };
    let bytes = match view.charset {
        Charset::Ansi => list.into_bytes(),
        Charset::Wide => utf16le(&list),
    };
    if bytes.len() > MAX_CHARACTERS * view.charset.unit() {
        return Err(refused("PackageList is too long"));
    }
    Ok(bytes)
}
