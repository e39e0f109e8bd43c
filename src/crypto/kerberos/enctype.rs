//! The table of enctypes.

use std::fmt;

use aes::{Aes128, Aes256};

use super::aes_sha2::AesSha2;
use super::hash::{Sha256, Sha384};
use super::profile::Profile;
use super::rc4_hmac::Rc4Hmac;
use super::simplified::Simplified;

/// An encryption type, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i32)]
pub enum Enctype {
    /// `aes128-cts-hmac-sha1-96` (RFC 3962)
    Aes128CtsHmacSha1 = 17,
    /// `aes256-cts-hmac-sha1-96` (RFC 3962)
    Aes256CtsHmacSha1 = 18,
    /// `aes128-cts-hmac-sha256-128` (RFC 8009)
    Aes128CtsHmacSha256 = 19,
    /// `aes256-cts-hmac-sha384-192` (RFC 8009)
    Aes256CtsHmacSha384 = 20,
    /// `arcfour-hmac` (RFC 4757)
    Rc4Hmac = 23,
}

/// What is known of an enctype.
struct Row {
    enctype: Enctype,
    /// MIT's name, then its other names.
    names: &'static [&'static str],
    family: &'static str,
    key: usize,
    confounder: usize,
    tag: usize,
    tag_first: bool,
    checksum: i32,
    weak: bool,
    profile: &'static dyn Profile,
}

/// In the order in which MIT lists the members of a family.
#[rustfmt::skip]
static TABLE: [Row; 5] = [
    Row { enctype: Enctype::Aes256CtsHmacSha1, names: &["aes256-cts-hmac-sha1-96", "aes256-cts", "aes256-sha1"], family: "aes", key: 32, confounder: 16, tag: 12, tag_first: false, checksum: 16, weak: false, profile: &Simplified::<Aes256>::new(Enctype::Aes256CtsHmacSha1) },
    Row { enctype: Enctype::Aes128CtsHmacSha1, names: &["aes128-cts-hmac-sha1-96", "aes128-cts", "aes128-sha1"], family: "aes", key: 16, confounder: 16, tag: 12, tag_first: false, checksum: 15, weak: false, profile: &Simplified::<Aes128>::new(Enctype::Aes128CtsHmacSha1) },
    Row { enctype: Enctype::Aes256CtsHmacSha384, names: &["aes256-cts-hmac-sha384-192", "aes256-sha2"], family: "aes", key: 32, confounder: 16, tag: 24, tag_first: false, checksum: 20, weak: false, profile: &AesSha2::<Aes256, Sha384>::new(Enctype::Aes256CtsHmacSha384) },
    Row { enctype: Enctype::Aes128CtsHmacSha256, names: &["aes128-cts-hmac-sha256-128", "aes128-sha2"], family: "aes", key: 16, confounder: 16, tag: 16, tag_first: false, checksum: 19, weak: false, profile: &AesSha2::<Aes128, Sha256>::new(Enctype::Aes128CtsHmacSha256) },
    Row { enctype: Enctype::Rc4Hmac, names: &["arcfour-hmac", "rc4-hmac", "arcfour-hmac-md5"], family: "rc4", key: 16, confounder: 8, tag: 16, tag_first: true, checksum: -138, weak: true, profile: &Rc4Hmac },
];

impl Enctype {
    /// The enctype of a number on the wire, if it is one of ours.
    pub fn from_number(number: i32) -> Option<Self> {
        TABLE.iter().map(|row| row.enctype).find(|enctype| enctype.number() == number)
    }

    /// Its number on the wire.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// Its name in MIT's files.
    pub fn name(self) -> &'static str {
        self.row().names.first().copied().unwrap_or_default()
    }

    /// The enctype of one of its names, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = |row: &&Row| row.names.iter().any(|known| known.eq_ignore_ascii_case(name));
        TABLE.iter().find(named).map(|row| row.enctype)
    }

    /// Bytes of a key.
    pub const fn key_length(self) -> usize {
        self.row().key
    }

    /// Random bytes of which a key is made.
    pub const fn seed_length(self) -> usize {
        self.row().key
    }

    /// Random bytes before each plaintext.
    pub const fn confounder_length(self) -> usize {
        self.row().confounder
    }

    /// Bytes of an integrity tag, or of a checksum.
    pub const fn tag_length(self) -> usize {
        self.row().tag
    }

    /// Whether the tag stands before the ciphertext.
    pub(super) const fn tag_comes_first(self) -> bool {
        self.row().tag_first
    }

    /// The type of the keyed checksum that goes with this enctype.
    pub const fn checksum_type(self) -> i32 {
        self.row().checksum
    }

    /// Of use only where configuration allows it (RFC 8429).
    pub const fn is_weak(self) -> bool {
        self.row().weak
    }

    /// A list in krb5.conf's words: names, families, `DEFAULT`, each added, or with `-` removed.
    /// What is not known is passed over, as MIT does.
    pub fn parse_list(text: &str, default: &[Self]) -> Vec<Self> {
        let mut list = Vec::new();
        let words = text.split(|c: char| c == ',' || c.is_ascii_whitespace());
        for word in words.filter(|word| !word.is_empty()) {
            let (removed, word) = match word.strip_prefix('-') {
                Some(word) => (true, word),
                None => (false, word.strip_prefix('+').unwrap_or(word)),
            };
            for enctype in named_by(word, default) {
                if removed {
                    list.retain(|&kept| kept != enctype);
                } else if !list.contains(&enctype) {
                    list.push(enctype);
                }
            }
        }
        list
    }

    /// What it does in its own way.
    pub(super) fn profile(self) -> &'static dyn Profile {
        self.row().profile
    }

    const fn row(self) -> &'static Row {
        match self {
            Self::Aes256CtsHmacSha1 => &TABLE[0],
            Self::Aes128CtsHmacSha1 => &TABLE[1],
            Self::Aes256CtsHmacSha384 => &TABLE[2],
            Self::Aes128CtsHmacSha256 => &TABLE[3],
            Self::Rc4Hmac => &TABLE[4],
        }
    }
}

/// What a word of a list stands for.
fn named_by(word: &str, default: &[Enctype]) -> Vec<Enctype> {
    if word.eq_ignore_ascii_case("DEFAULT") {
        return default.to_vec();
    }
    let meant = |row: &&Row| {
        row.family.eq_ignore_ascii_case(word)
            || row.names.iter().any(|name| name.eq_ignore_ascii_case(word))
    };
    TABLE.iter().filter(meant).map(|row| row.enctype).collect()
}

impl fmt::Display for Enctype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Enctype::{
        Aes128CtsHmacSha1, Aes128CtsHmacSha256, Aes256CtsHmacSha1, Aes256CtsHmacSha384, Rc4Hmac,
    };
    use super::*;

    #[test]
    fn each_enctype_has_its_own_row() {
        for row in &TABLE {
            assert_eq!(row.enctype.row().enctype, row.enctype);
            assert_eq!(Enctype::from_number(row.enctype.number()), Some(row.enctype));
            assert_eq!(Enctype::from_name(row.enctype.name()), Some(row.enctype));
            assert_eq!(row.enctype.to_string(), row.enctype.name());
        }
        for unknown in [0, 1, 3, 16, 21, 22, 24, 25, -128, -133, -138] {
            assert_eq!(Enctype::from_number(unknown), None);
        }
    }

    #[test]
    fn lists_are_read_as_mit_reads_them() {
        let default = [Aes256CtsHmacSha1, Aes128CtsHmacSha1];
        let parse = |text| Enctype::parse_list(text, &default);
        assert_eq!(parse("aes256-cts,RC4-HMAC\taes256-cts"), [Aes256CtsHmacSha1, Rc4Hmac]);
        assert_eq!(parse("DEFAULT +arcfour-hmac-md5 -aes128-sha1"), [Aes256CtsHmacSha1, Rc4Hmac]);
        let all_aes =
            [Aes256CtsHmacSha1, Aes128CtsHmacSha1, Aes256CtsHmacSha384, Aes128CtsHmacSha256];
        assert_eq!(parse("aes"), all_aes);
        assert_eq!(parse("aes -default"), all_aes[2..]);
        assert_eq!(parse("des3-cbc-sha1 camellia rc4 nonsense"), [Rc4Hmac]);
        assert!(parse(" , aes -aes").is_empty());
    }
}
