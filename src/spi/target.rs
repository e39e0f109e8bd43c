//! Marshalled target information: what is known of a server, as a string that can hang behind a
//! service name.
//!
//! ```text
//! header (28 bytes as 38 characters) ‖ credential types ‖ names ‖ size (4 bytes as 6 characters)
//!
//!  0  u32  0x91856535         12  7 × u16  bytes of each name, in the order of the structure
//!  4  u32  Flags              26  u16      nothing
//!  8  u32  CredTypeCount
//! ```
//!
//! Numbers are little-endian, six bits in a character, the lowest first; names are as they are. The
//! size is that of all in bytes, UTF-16, itself counted: so the end tells where the beginning is.
//! Windows prints `1UWhRCAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAfileserversBAAAA` for a TargetName alone.

use super::error::{CallerFault, Error, Result};

/// `CREDENTIAL_TARGET_INFORMATIONW`. Names are UTF-16 without a terminator, as the caller gave
/// them; none is as good as an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetInformation {
    /// In the order of the structure: TargetName, NetbiosServerName, DnsServerName,
    /// NetbiosDomainName, DnsDomainName, DnsTreeName, PackageName.
    pub names: [Option<Vec<u16>>; NAMES],
    /// `CRED_TI_…`
    pub flags: u32,
    /// `CRED_TYPE_…`
    pub credential_types: Vec<u32>,
}

/// How many names there are.
pub const NAMES: usize = 7;

/// Their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// `TargetName`: the server as the caller named it.
    Target = 0,
    /// `NetbiosServerName`
    NetbiosServer = 1,
    /// `DnsServerName`
    DnsServer = 2,
    /// `NetbiosDomainName`
    NetbiosDomain = 3,
    /// `DnsDomainName`
    DnsDomain = 4,
    /// `DnsTreeName`
    DnsTree = 5,
    /// `PackageName`: the package that found the others out.
    Package = 6,
}

/// The most units that a marshalled string may have: what fits a `UNICODE_STRING`.
pub const MAX_UNITS: usize = 32_766;

const MAGIC: u32 = 0x9185_6535;
const HEADER: usize = 28;
const TRAILER: usize = 4;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#-";

impl TargetInformation {
    /// What a package knows, before it says what.
    pub fn new(package: &str) -> Self {
        Self::default().with(Name::Package, Some(package))
    }

    /// The same with a name, if there is one.
    #[must_use]
    pub fn with(mut self, name: Name, value: Option<&str>) -> Self {
        if let Some(place) = self.names.get_mut(name as usize) {
            *place =
                value.filter(|text| !text.is_empty()).map(|text| text.encode_utf16().collect());
        }
        self
    }

    /// The string, without a terminator.
    pub fn marshal(&self) -> Result<Vec<u16>> {
        let name = |index: usize| self.names.get(index).and_then(Option::as_deref).unwrap_or(&[]);
        let names: usize = (0..NAMES).map(|index| name(index).len()).sum();
        let types = self.credential_types.len().saturating_mul(4);
        let units = characters(HEADER)
            .saturating_add(characters(types))
            .saturating_add(names)
            .saturating_add(characters(TRAILER));
        if units > MAX_UNITS {
            let story = format!("{units} characters of target information, {MAX_UNITS} at most");
            return Err(Error::new(CallerFault::InvalidParameter, story));
        }
        // Bounded by the line above.
        let mut header =
            [MAGIC, self.flags, self.credential_types.len() as u32].map(u32::to_le_bytes).concat();
        for index in 0..NAMES {
            header.extend_from_slice(&((name(index).len() * 2) as u16).to_le_bytes());
        }
        header.extend_from_slice(&[0, 0]);
        let mut string = Vec::with_capacity(units);
        put(&mut string, &header);
        let types: Vec<u8> = self.credential_types.iter().flat_map(|t| t.to_le_bytes()).collect();
        put(&mut string, &types);
        (0..NAMES).for_each(|index| string.extend_from_slice(name(index)));
        put(&mut string, &((units * 2) as u32).to_le_bytes());
        Ok(string)
    }

    /// Reads what a string ends in: the information, and how many units of it it takes.
    pub fn unmarshal(string: &[u16]) -> Result<(Self, usize)> {
        parse(string).ok_or_else(|| {
            let story = "the string does not end in marshalled target information";
            Error::new(CallerFault::InvalidParameter, story)
        })
    }
}

/// The host of a target name: what stands between the first slash and the next slash or colon.
pub fn host_of(target: &str) -> Option<&str> {
    let (_, instance) = target.split_once('/')?;
    instance.split(['/', ':', '@']).next().filter(|host| !host.is_empty())
}

/// Whether a target name ends in marshalled target information.
pub fn is_marshalled(target: &str) -> bool {
    // Nobody pays for it whose name does not look like it.
    target.contains("1UWhRC") && parse(&target.encode_utf16().collect::<Vec<_>>()).is_some()
}

fn parse(string: &[u16]) -> Option<(TargetInformation, usize)> {
    let (_, trailer) = string.split_at_checked(string.len().checked_sub(characters(TRAILER))?)?;
    let size = u32::from_le_bytes(take(trailer, TRAILER)?.try_into().ok()?);
    let units = usize::try_from(size).ok()?.checked_div(2)?;
    if size % 2 != 0 || units > MAX_UNITS {
        return None;
    }
    let whole = string.get(string.len().checked_sub(units)?..)?;
    let body = whole.get(..whole.len().checked_sub(characters(TRAILER))?)?;
    let (header, body) = body.split_at_checked(characters(HEADER))?;
    let header = take(header, HEADER)?;
    let (numbers, lengths) = header.split_first_chunk::<12>()?;
    let (numbers, _) = numbers.as_chunks::<4>();
    let [magic, flags, count] = numbers else { return None };
    if u32::from_le_bytes(*magic) != MAGIC {
        return None;
    }
    let types = usize::try_from(u32::from_le_bytes(*count)).ok()?.checked_mul(4)?;
    let (encoded, mut rest) = body.split_at_checked(characters(types))?;
    let types = take(encoded, types)?;
    let (types, _) = types.as_chunks::<4>();
    let mut information = TargetInformation {
        flags: u32::from_le_bytes(*flags),
        credential_types: types.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
        ..TargetInformation::default()
    };
    let (lengths, _) = lengths.as_chunks::<2>();
    for (place, length) in information.names.iter_mut().zip(lengths) {
        let length = u16::from_le_bytes(*length);
        if length % 2 != 0 {
            return None;
        }
        let (name, behind) = rest.split_at_checked(usize::from(length / 2))?;
        // What is in the middle of a string cannot have its end.
        if name.contains(&0) {
            return None;
        }
        *place = Some(name.to_vec()).filter(|name| !name.is_empty());
        rest = behind;
    }
    rest.is_empty().then_some((information, units))
}

/// How many characters so many bytes take.
const fn characters(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

fn put(string: &mut Vec<u16>, bytes: &[u8]) {
    for group in bytes.chunks(3) {
        let bits = group.iter().rev().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        for place in 0..characters(group.len()) {
            let index = (bits >> (6 * place)) & 0x3F;
            let character = ALPHABET.get(index as usize).copied().unwrap_or(b'A');
            string.push(u16::from(character));
        }
    }
}

/// The bytes of exactly their characters; bits that belong to none are 0.
fn take(characters: &[u16], length: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    for group in characters.chunks(4) {
        let mut bits = 0_u32;
        for unit in group.iter().rev() {
            bits = (bits << 6) | value(*unit)?;
        }
        let whole = group.len() * 6 / 8;
        if bits.checked_shr(u32::try_from(whole * 8).ok()?)? != 0 {
            return None;
        }
        bytes.extend_from_slice(bits.to_le_bytes().get(..whole)?);
    }
    (bytes.len() == length).then_some(bytes)
}

fn value(unit: u16) -> Option<u32> {
    let character = u8::try_from(unit).ok()?;
    let index = ALPHABET.iter().position(|known| *known == character)?;
    u32::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn named(index: usize, name: &str) -> TargetInformation {
        let mut information = TargetInformation::default();
        information.names[index] = Some(units(name));
        information
    }

    /// Strings that Windows made, as published: the two unused bytes of the second are what lay on
    /// its stack.
    const EMPTY: &str = "1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYBAAAA";
    const EMPTY_UNCLEAN: &str = "1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA";
    const FILESERVER: &str = "1UWhRCAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAfileserversBAAAA";

    #[test]
    fn the_strings_are_those_of_windows() {
        let marshal = |information: &TargetInformation| {
            String::from_utf16(&information.marshal().unwrap()).unwrap()
        };
        assert_eq!(marshal(&TargetInformation::default()), EMPTY);
        assert_eq!(marshal(&named(0, "fileserver")), FILESERVER);
        for (text, information) in [
            (EMPTY, TargetInformation::default()),
            (EMPTY_UNCLEAN, TargetInformation::default()),
            (FILESERVER, named(0, "fileserver")),
        ] {
            let behind = units(&format!("cifs/host{text}"));
            let read = TargetInformation::unmarshal(&behind).unwrap();
            assert_eq!(read, (information, text.len()));
        }
    }

    #[test]
    fn everything_comes_back() {
        let information = TargetInformation {
            names: std::array::from_fn(|at| Some(units(&format!("nämé{at}")))),
            flags: 0x3F,
            credential_types: vec![1, 2, 0xFFFF_FFFF],
        };
        let string = information.marshal().unwrap();
        assert_eq!(TargetInformation::unmarshal(&string).unwrap(), (information, string.len()));
    }

    #[test]
    fn t1_every_truncation_and_mutation_is_refused_or_true() {
        let mut information = named(2, "server.example.com");
        information.credential_types = vec![2];
        let good = information.marshal().unwrap();
        for length in 0..good.len() {
            assert!(TargetInformation::unmarshal(&good[..length]).is_err(), "{length}");
            assert!(length == 0 || TargetInformation::unmarshal(&good[length..]).is_err());
        }
        for place in 0..good.len() {
            for unit in [0, 0x20, 0x41, 0x42, 0x67, 0xFF41, 0xD800] {
                let mut changed = good.clone();
                changed[place] = unit;
                // What is read is what would be written.
                if let Ok((read, length)) = TargetInformation::unmarshal(&changed) {
                    assert_eq!(length, good.len());
                    let again = read.marshal().unwrap();
                    // But for the bytes that mean nothing.
                    assert!(again == changed || (34..38).contains(&place), "{place} {unit:#x}");
                }
            }
        }
    }

    #[test]
    fn t2_lengths_and_counts_that_lie_are_refused() {
        // 28 bytes with a count of 2^32 - 1, and of 2^30, whose four bytes each wrap a usize of 32.
        for (count, length) in [(u32::MAX, 0_u16), (1 << 30, 0), (0, 1), (0, 0xFFFE), (0, 2)] {
            let mut header = [MAGIC, 0, count].map(u32::to_le_bytes).concat();
            header.extend_from_slice(&length.to_le_bytes());
            header.extend_from_slice(&[0; 14]);
            let mut string = Vec::new();
            put(&mut string, &header);
            let size = (string.len() + 6) as u32 * 2;
            put(&mut string, &size.to_le_bytes());
            assert!(TargetInformation::unmarshal(&string).is_err(), "{count} {length}");
        }
        for size in [0, 1, 2, 87, 89, 90, 0xFFFF_FFFE, 0xFFFF_FFFF] {
            let mut string = units(&EMPTY[..38]);
            put(&mut string, &u32::to_le_bytes(size));
            assert!(TargetInformation::unmarshal(&string).is_err(), "{size}");
        }
    }

    #[test]
    fn t2_what_is_too_long_is_not_marshalled() {
        let fits = MAX_UNITS - EMPTY.len();
        assert!(named(3, &"x".repeat(fits)).marshal().is_ok());
        assert!(named(3, &"x".repeat(fits + 1)).marshal().is_err());
        let types = TargetInformation { credential_types: vec![1; 7000], ..Default::default() };
        assert!(types.marshal().is_err());
    }

    #[test]
    fn hosts_are_found_in_names_of_services() {
        for (target, host) in [
            ("cifs/srv", Some("srv")),
            ("cifs/srv:445/name@REALM", Some("srv")),
            ("cifs/srv@REALM", Some("srv")),
            ("cifs/", None),
            ("alice", None),
        ] {
            assert_eq!(host_of(target), host);
        }
    }

    #[test]
    fn t3_names_with_information_behind_them_are_seen() {
        assert!(is_marshalled(&format!("cifs/srv{EMPTY}")));
        assert!(is_marshalled(&format!("cifs/srv{FILESERVER}")));
        for other in ["cifs/srv", "cifs/1UWhRC", &format!("{EMPTY}.example.com"), ""] {
            assert!(!is_marshalled(other), "{other}");
        }
    }
}
