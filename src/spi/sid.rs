//! Security identifiers ([MS-DTYP] 2.4.2): who somebody is, whatever the name.

use std::fmt;
use std::str::FromStr;

use smallvec::SmallVec;

use super::error::{Error, PeerFault, Result};

/// A SID: an authority and up to 15 numbers below it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sid {
    /// `IdentifierAuthority`, 48 bits.
    authority: u64,
    /// `SubAuthority`
    sub_authorities: SmallVec<[u32; 6]>,
}

/// `SID_MAX_SUB_AUTHORITIES`
pub const MAX_SUB_AUTHORITIES: usize = 15;
const REVISION: u8 = 1;
const MAX_AUTHORITY: u64 = (1 << 48) - 1;

impl Sid {
    /// A SID of these parts; `None` when there are more than a SID can have.
    pub fn new(authority: u64, sub_authorities: &[u32]) -> Option<Self> {
        let fits = authority <= MAX_AUTHORITY && sub_authorities.len() <= MAX_SUB_AUTHORITIES;
        fits.then(|| Self { authority, sub_authorities: SmallVec::from_slice(sub_authorities) })
    }

    /// `IdentifierAuthority`
    pub const fn authority(&self) -> u64 {
        self.authority
    }

    /// `SubAuthority`
    pub fn sub_authorities(&self) -> &[u32] {
        &self.sub_authorities
    }

    /// The SID below this one with one number more; `None` when this one is full.
    pub fn child(&self, rid: u32) -> Option<Self> {
        let mut child = self.clone();
        child.sub_authorities.push(rid);
        (child.sub_authorities.len() <= MAX_SUB_AUTHORITIES).then_some(child)
    }

    /// The SID above, and the last number: the domain and the RID of an account.
    pub fn split(&self) -> Option<(Self, u32)> {
        let mut domain = self.clone();
        let rid = domain.sub_authorities.pop()?;
        Some((domain, rid))
    }

    /// Reads `RPC_SID`'s and `SID`'s own form (2.4.2.2); all of the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let malformed = || Error::new(PeerFault::MalformedToken, "a SID is malformed");
        let (&[revision, count], rest) = bytes.split_first_chunk().ok_or_else(malformed)?;
        let (authority, numbers) = rest.split_first_chunk::<6>().ok_or_else(malformed)?;
        let count = usize::from(count);
        if revision != REVISION || count > MAX_SUB_AUTHORITIES || numbers.len() != count * 4 {
            return Err(malformed());
        }
        let authority = authority.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        let (numbers, _) = numbers.as_chunks();
        let sub_authorities = numbers.iter().map(|&number| u32::from_le_bytes(number)).collect();
        Ok(Self { authority, sub_authorities })
    }

    /// Its own form (2.4.2.2).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 4 * self.sub_authorities.len());
        bytes.extend([REVISION, self.sub_authorities.len() as u8]);
        bytes.extend_from_slice(&self.authority.to_be_bytes()[2..]);
        for number in &self.sub_authorities {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes
    }
}

/// `S-1-5-21-…` (2.4.2.1): authorities above 32 bits in hexadecimal.
impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.authority > u64::from(u32::MAX) {
            write!(f, "S-1-0x{:012X}", self.authority)?;
        } else {
            write!(f, "S-1-{}", self.authority)?;
        }
        self.sub_authorities.iter().try_for_each(|number| write!(f, "-{number}"))
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text)
            .ok_or_else(|| Error::new(PeerFault::MalformedToken, format!("{text:.200?} is no SID")))
    }
}

fn parse(text: &str) -> Option<Sid> {
    let rest = text.strip_prefix("S-1-").or_else(|| text.strip_prefix("s-1-"))?;
    let mut parts = rest.split('-');
    let authority = parts.next()?;
    let authority = match authority.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(plain(digits, 16)?, 16).ok()?,
        None => plain(authority, 10)?.parse().ok()?,
    };
    let numbers: Option<SmallVec<[u32; 6]>> =
        parts.map(|part| plain(part, 10)?.parse().ok()).collect();
    Sid::new(authority, &numbers?)
}

/// Digits and nothing else: `parse` would take a sign.
fn plain(digits: &str, radix: u32) -> Option<&str> {
    digits.chars().all(|digit| digit.is_digit(radix)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_go_over_and_back() {
        for (text, bytes) in [
            ("S-1-0", &b"\x01\x00\0\0\0\0\0\0"[..]),
            ("S-1-5-18", b"\x01\x01\0\0\0\0\0\x05\x12\0\0\0"),
            ("S-1-5-32-544", b"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0"),
            ("S-1-0x010203040506-4294967295", b"\x01\x01\x01\x02\x03\x04\x05\x06\xff\xff\xff\xff"),
        ] {
            let sid: Sid = text.parse().unwrap();
            assert_eq!(sid.to_string(), text);
            assert_eq!(sid.to_bytes(), bytes, "{text}");
            assert_eq!(Sid::from_bytes(bytes).unwrap(), sid);
        }
    }

    #[test]
    fn p9_malformed_sids_are_refused() {
        let most = Sid::new(5, &[7; 15]).unwrap().to_bytes();
        assert!(Sid::from_bytes(&most).is_ok());
        for length in 0..most.len() {
            assert!(Sid::from_bytes(&most[..length]).is_err(), "{length}");
        }
        let mut sixteen = most.clone();
        sixteen[1] = 16;
        sixteen.extend([0; 4]);
        assert!(Sid::from_bytes(&sixteen).is_err());
        let mut revision = most;
        revision[0] = 2;
        assert!(Sid::from_bytes(&revision).is_err());
        for text in ["", "S-1", "S-2-5", "S-1-5-", "S-1-5-+3", "S-1-5--3", "S-1-5-4294967296", "x"]
        {
            assert!(text.parse::<Sid>().is_err(), "{text}");
        }
        assert!(format!("S-1-5{}", "-1".repeat(16)).parse::<Sid>().is_err());
        assert!(Sid::new(1 << 48, &[]).is_none() && Sid::new(5, &[0; 16]).is_none());
    }

    #[test]
    fn a_domain_and_its_accounts() {
        let domain: Sid = "S-1-5-21-1-2-3".parse().unwrap();
        let account = domain.child(1104).unwrap();
        assert_eq!(account.to_string(), "S-1-5-21-1-2-3-1104");
        assert_eq!(account.split(), Some((domain, 1104)));
        assert!(Sid::new(5, &[0; 15]).unwrap().child(1).is_none());
        assert!(Sid::new(5, &[]).unwrap().split().is_none());
    }
}
