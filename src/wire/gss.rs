//! The frame around GSS tokens of Kerberos (RFC 2743 3.1, RFC 4121 4.1): `60 length 06 length
//! OID`, the token's id, and the rest.
//!
//! Tokens of a DCE-style handshake have no frame, and messages of RFC 4121 have none; messages of
//! RFC 4757 have one. Nothing vouches for a frame: whoever reads it may believe only what the
//! token inside confirms.

use crate::spi::error::{Error, PeerFault, Result};

/// The mechanism that a frame names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// 1.2.840.113554.1.2.2
    Krb5,
    /// 1.2.840.48018.1.2.2: the same with a number that lost a bit on its way, from Windows 2000.
    MsKrb5,
    /// 1.3.5.1.5.2: before RFC 1964.
    PreStandard,
    /// 1.2.840.113554.1.2.2.3: user-to-user.
    UserToUser,
}

impl Mechanism {
    const ALL: [Self; 4] = [Self::Krb5, Self::MsKrb5, Self::PreStandard, Self::UserToUser];

    /// The octets of the object identifier, without tag and length.
    pub const fn oid(self) -> &'static [u8] {
        match self {
            Self::Krb5 => &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02],
            Self::MsKrb5 => &[0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 0x01, 0x02, 0x02],
            Self::PreStandard => &[0x2B, 0x05, 0x01, 0x05, 0x02],
            Self::UserToUser => &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02, 0x03],
        }
    }

    fn from_oid(oid: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.oid() == oid)
    }
}

/// `TOK_ID` (RFC 4121 4.1, RFC 1964 1.2; `KRB_TGT_*` of user-to-user, [MS-KILE]).
pub mod tok_id {
    /// `KRB_AP_REQ`
    pub const AP_REQ: [u8; 2] = [1, 0];
    /// `KRB_AP_REP`
    pub const AP_REP: [u8; 2] = [2, 0];
    /// `KRB_ERROR`
    pub const ERROR: [u8; 2] = [3, 0];
    /// `KRB_TGT_REQ`
    pub const TGT_REQ: [u8; 2] = [4, 0];
    /// `KRB_TGT_REP`
    pub const TGT_REP: [u8; 2] = [4, 1];
    /// `GSS_GetMIC` of RFC 4757
    pub const MIC: [u8; 2] = [1, 1];
    /// `GSS_Wrap` of RFC 4757
    pub const WRAP: [u8; 2] = [2, 1];
    /// `GSS_GetMIC` of RFC 4121
    pub const CFX_MIC: [u8; 2] = [4, 4];
    /// `GSS_Wrap` of RFC 4121
    pub const CFX_WRAP: [u8; 2] = [5, 4];
}

/// A token that came in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GssToken<'a> {
    /// The mechanism; an answer names the same.
    pub mech: Mechanism,
    /// What the body is.
    pub tok_id: [u8; 2],
    /// What follows the id.
    pub body: &'a [u8],
}

/// Puts a frame around a token of a handshake.
pub fn frame(mech: Mechanism, tok_id: [u8; 2], body: &[u8]) -> Vec<u8> {
    let inner = body.len().saturating_add(tok_id.len());
    let mut token = vec![0; header_length(mech, inner)];
    // Made of the length that it writes: there is room.
    let _ = write_header(mech, inner, &mut token);
    token.reserve_exact(inner);
    token.extend_from_slice(&tok_id);
    token.extend_from_slice(body);
    token
}

/// Takes the frame of a token off. The frame must be DER and must cover the token exactly.
pub fn unframe(token: &[u8]) -> Result<GssToken<'_>> {
    let header = Header::read(token)?;
    let inner = token.get(header.length..).unwrap_or_default();
    if inner.len() != header.inner {
        return Err(malformed("the frame of the token has another length than the token"));
    }
    let (&tok_id, body) =
        inner.split_first_chunk().ok_or_else(|| malformed("the token ends within its frame"))?;
    Ok(GssToken { mech: header.mech, tok_id, body })
}

/// Whether a token begins like a frame. Raw AP-REQs begin with 6E, NTLM messages with 4E.
pub fn is_framed(token: &[u8]) -> bool {
    token.first() == Some(&FRAME)
}

const FRAME: u8 = 0x60;
const OBJECT_IDENTIFIER: u8 = 0x06;

/// A frame as it stands before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The mechanism that it names.
    pub mech: Mechanism,
    /// Bytes of the frame: what it covers begins there.
    pub length: usize,
    /// How many bytes it says that it covers, whether they are there or not.
    pub inner: usize,
}

impl Header {
    /// Reads the frame; `token` may end, or go on, anywhere behind it.
    pub fn read(token: &[u8]) -> Result<Self> {
        let (covered, rest) = tag_and_length(token, FRAME)?;
        let (oid_length, after) = tag_and_length(rest, OBJECT_IDENTIFIER)?;
        let (oid, behind) = after
            .split_at_checked(oid_length)
            .ok_or_else(|| malformed("the object identifier of the frame is cut off"))?;
        let mech = Mechanism::from_oid(oid)
            .ok_or_else(|| malformed("the token is for a mechanism other than Kerberos"))?;
        let inner = covered
            .checked_sub(rest.len().saturating_sub(behind.len()))
            .ok_or_else(|| malformed("the frame of the token ends within the mechanism's name"))?;
        Ok(Self { mech, length: token.len().saturating_sub(behind.len()), inner })
    }
}

/// Bytes of the frame around `inner` bytes.
pub const fn header_length(mech: Mechanism, inner: usize) -> usize {
    let named = 2_usize.saturating_add(mech.oid().len());
    let (_, octets) = length_octets(named.saturating_add(inner));
    1_usize.saturating_add(octets).saturating_add(named)
}

/// Writes the frame around `inner` bytes to the beginning of `out` and returns its length;
/// `None` if there is no room.
pub fn write_header(mech: Mechanism, inner: usize, out: &mut [u8]) -> Option<usize> {
    let oid = mech.oid();
    let (bytes, octets) = length_octets(oid.len().checked_add(2)?.checked_add(inner)?);
    let length = header_length(mech, inner);
    let (head, name) = out.get_mut(..length)?.split_at_mut_checked(octets.checked_add(1)?)?;
    let (tag, size) = head.split_first_mut()?;
    *tag = FRAME;
    size.copy_from_slice(bytes.get(..octets)?);
    let (kind, name) = name.split_first_chunk_mut()?;
    *kind = [OBJECT_IDENTIFIER, oid.len() as u8];
    name.copy_from_slice(oid);
    Some(length)
}

/// A DER length, and how many of the bytes it takes. No token has 4 GiB.
const fn length_octets(length: usize) -> ([u8; 5], usize) {
    let [b0, b1, b2, b3] = (length as u32).to_be_bytes();
    match length {
        0..0x80 => ([b3, 0, 0, 0, 0], 1),
        0x80..0x100 => ([0x81, b3, 0, 0, 0], 2),
        0x100..0x1_0000 => ([0x82, b2, b3, 0, 0], 3),
        0x1_0000..0x100_0000 => ([0x83, b1, b2, b3, 0], 4),
        _ => ([0x84, b0, b1, b2, b3], 5),
    }
}

/// A tag that is expected and a length in its shortest form; the length may promise more than is
/// there.
fn tag_and_length(bytes: &[u8], tag: u8) -> Result<(usize, &[u8])> {
    let (&[found, first], rest) =
        bytes.split_first_chunk().ok_or_else(|| malformed("the token ends within its frame"))?;
    if found != tag {
        return Err(malformed("the token is in no GSS frame"));
    }
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let octets = usize::from(first & 0x7F);
    let (length, rest) = rest
        .split_at_checked(octets)
        .filter(|_| (1..=4).contains(&octets))
        .ok_or_else(|| malformed("the length of the frame cannot be read"))?;
    let length = length.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
    if length_octets(length).1 != octets.saturating_add(1) {
        return Err(malformed("the length of the frame is not in its shortest form"));
    }
    Ok((length, rest))
}

fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_of_rfc_1964() {
        let token = frame(Mechanism::Krb5, tok_id::AP_REQ, b"body");
        let oid = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02];
        assert_eq!(token, [&[0x60, 17][..], &oid, &[1, 0], b"body"].concat());
    }

    #[test]
    fn what_is_framed_is_read_again() {
        for mech in Mechanism::ALL {
            for length in [0, 1, 100, 112, 113, 114, 115, 116, 240, 241, 245, 300, 65_522, 70_000] {
                let body = vec![7; length];
                let token = frame(mech, tok_id::AP_REP, &body);
                assert!(is_framed(&token));
                assert_eq!(token.len(), header_length(mech, length + 2) + length + 2);
                let read = unframe(&token).unwrap();
                assert_eq!(read, GssToken { mech, tok_id: tok_id::AP_REP, body: &body });
            }
        }
        assert_eq!(header_length(Mechanism::Krb5, 1 << 24), 17);
    }

    #[test]
    fn every_truncation_and_extension_is_refused() {
        for length in [3, 200, 300] {
            let mut token = frame(Mechanism::Krb5, tok_id::TGT_REQ, &vec![9; length]);
            for end in 0..token.len() {
                assert!(unframe(&token[..end]).is_err(), "{end}");
            }
            token.push(0);
            assert!(unframe(&token).is_err());
        }
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        let oid = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02];
        let long_forms: [&[u8]; 7] = [
            &[0x81, 13],
            &[0x82, 0, 13],
            &[0x80],
            &[0xFF, 13],
            &[0x84, 0xFF, 0xFF, 0xFF, 0xFF],
            &[0x85, 0, 0, 0, 0, 13],
            &[10],
        ];
        for length in long_forms {
            let token = [&[0x60], length, &oid, &[1, 0]].concat();
            assert!(unframe(&token).is_err(), "{length:x?}");
        }
        assert!(unframe(&[&[0x60, 13][..], &oid, &[1, 0]].concat()).is_ok());
        assert!(unframe(&[&[0x60, 12][..], &oid, &[1]].concat()).is_err());
        assert!(unframe(&[&[0x60, 13, 0x06, 8], &oid[2..], &[1, 0]].concat()).is_err());
    }

    #[test]
    fn a_frame_is_written_where_there_is_room() {
        let mut out = [0; 13];
        assert_eq!(write_header(Mechanism::Krb5, 32, &mut out), Some(13));
        assert_eq!(
            Header::read(&out).unwrap(),
            Header { mech: Mechanism::Krb5, length: 13, inner: 32 }
        );
        assert_eq!(write_header(Mechanism::Krb5, 32, &mut out[..12]), None);
        assert_eq!(write_header(Mechanism::Krb5, 200, &mut out), None);
    }
}
