//! UTF-16 and upper case as Windows means them.

/// Upper-cases by Windows' simple mapping: one code unit to one code unit, no locale, so that
/// `ß` stays `ß` and characters outside the basic plane stay as they are. Nothing becomes an ASCII
/// letter that was none (`ı`, `ſ`): no name is another one in disguise.
pub fn upcase(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.chars().map(upcase_char).collect()
}

/// Whether two names are the same account name: equal after [`upcase`].
pub fn same_name(a: &str, b: &str) -> bool {
    a == b || a.chars().map(upcase_char).eq(b.chars().map(upcase_char))
}

/// The little-endian bytes of a text.
pub fn utf16le(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.bytes().flat_map(|byte| [byte, 0]).collect();
    }
    let mut bytes = Vec::with_capacity(text.len() * 2);
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes
}

/// Reads little-endian UTF-16; an odd length or a lone surrogate is `None`.
pub fn from_utf16le(bytes: &[u8]) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    let mut text = String::with_capacity(units.len());
    for c in char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))) {
        text.push(c.ok()?);
    }
    Some(text)
}

fn upcase_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None)
            if !single.is_ascii() && (c.len_utf16(), single.len_utf16()) == (1, 1) =>
        {
            single
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_maps_one_unit_to_one_unit() {
        assert_eq!(upcase("straße"), "STRAßE");
        assert_eq!(upcase("zoë ÿ"), "ZOË Ÿ");
        assert_eq!(upcase("user.Name$-7"), "USER.NAME$-7");
        // Deseret small letter long I lies outside the basic plane.
        assert_eq!(upcase("\u{10428}"), "\u{10428}");
        assert_eq!(upcase("ŉ"), "ŉ");
    }

    #[test]
    fn n18_no_letter_becomes_an_ascii_one() {
        let strange = |c: &char| !c.is_ascii() && upcase_char(*c).is_ascii();
        assert_eq!(('\0'..=char::MAX).find(strange), None);
        assert!(!same_name("admin", "adm\u{131}n"));
        assert!(!same_name("sam", "\u{17F}am"));
    }

    #[test]
    fn names_are_compared_without_case() {
        assert!(same_name("Alice", "ALICE"));
        assert!(!same_name("ss", "ß"));
        assert!(!same_name("alice", "alice "));
        assert!(!same_name("alice", "alice\0"));
    }

    #[test]
    fn utf16_is_strict() {
        assert_eq!(from_utf16le(&utf16le("Zoë 😀")).as_deref(), Some("Zoë 😀"));
        assert_eq!(utf16le("aZ"), [0x61, 0, 0x5A, 0]);
        assert_eq!(utf16le("aë"), [0x61, 0, 0xEB, 0]);
        assert_eq!(from_utf16le(&[0x41]), None);
        assert_eq!(from_utf16le(&[0x00, 0xD8]), None);
        assert_eq!(from_utf16le(&[]).as_deref(), Some(""));
    }
}
