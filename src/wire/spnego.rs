//! The tokens of SPNEGO (RFC 4178 4.2, [MS-SPNG] 2.2.1): `NegTokenInit`, `NegTokenInit2`,
//! `NegTokenResp`; and what a token is that may be none of them.
//!
//! Reading is DER: lengths in their shortest form, fields once and in their order, nothing left
//! over. Tolerated is what others are known to send: a frame around later tokens and a missing
//! SEQUENCE (old Sun), an empty token in the place of none (old IIS), the token once more in the
//! place of the MIC (Windows 2000), and fields behind the last known one (`...`).

mod reader;
#[cfg(test)]
mod tests;

use self::reader::{Reader, malformed};
use super::gss;
use super::kerberos::Writer;
use crate::spi::error::{Error, PeerFault, Result};

/// Object identifiers, without tag and length. Kerberos' are [`gss::Mechanism`]'s.
pub mod oid {
    /// 1.3.6.1.5.5.2: SPNEGO itself, which is never in a list.
    pub const SPNEGO: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x02];
    /// 1.3.6.1.4.1.311.2.2.10: NTLM.
    pub const NTLM: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0A];
    /// 1.3.6.1.4.1.311.2.2.30: NegoEx, which is passed over.
    pub const NEGOEX: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x1E];
}

/// No token is longer.
pub const MAX_TOKEN: usize = 1 << 20;

/// What a token is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `NegTokenInit` or `NegTokenInit2`, in a frame.
    Init,
    /// `NegTokenResp`.
    Response,
    /// NTLM without SPNEGO.
    RawNtlm,
    /// Kerberos without SPNEGO, in a frame or (DCE style) without.
    RawKerberos,
}

impl Kind {
    /// Looks at a token; `None` is for bytes that are nothing known.
    pub fn of(token: &[u8]) -> Option<Self> {
        if token.starts_with(NTLMSSP) {
            return Some(Self::RawNtlm);
        }
        match *token.first()? {
            RESPONSE => Some(Self::Response),
            AP_REQ | AP_REP | KRB_ERROR => Some(Self::RawKerberos),
            FRAME => match unframe(token) {
                Ok(inner) if inner.first() == Some(&RESPONSE) => Some(Self::Response),
                Ok(_) => Some(Self::Init),
                Err(_) => gss::Header::read(token).ok().map(|_| Self::RawKerberos),
            },
            _ => None,
        }
    }
}

/// The first token: of a client its offer, of a server that speaks first a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NegTokenInit<'a> {
    /// `mechTypes`
    pub mech_types: MechTypes<'a>,
    /// `mechToken`, made by the first of the mechanisms.
    pub mech_token: Option<&'a [u8]>,
    /// `mechListMIC`; never empty.
    pub mech_list_mic: Option<&'a [u8]>,
    /// There are `negHints`: it is a `NegTokenInit2`.
    pub has_hints: bool,
}

impl<'a> NegTokenInit<'a> {
    /// Reads a token in its frame.
    pub fn decode(token: &'a [u8]) -> Result<Self> {
        let mut outer = Reader(unframe(token)?);
        let contents = outer.take(INIT)?;
        outer.end()?;
        let mut fields = sequence(contents)?;
        let mech_types = MechTypes::read(fields.take(field(0))?)?;
        // `reqFlags` are unprotected and mean nothing (RFC 4178 4.2.1).
        fields.optional(field(1))?;
        let mech_token = octets(&mut fields, 2)?;
        let hints_or_mic = fields.optional(field(3))?;
        let has_hints = hints_or_mic.is_some_and(|contents| contents.first() == Some(&SEQUENCE));
        let mech_list_mic = match hints_or_mic {
            Some(contents) if !has_hints => Some(Reader::whole(contents, OCTET_STRING)?),
            _ => octets(&mut fields, 4)?,
        };
        let mech_list_mic = mech_list_mic.filter(|mic| !mic.is_empty());
        fields.skip_behind(field(4))?;
        Ok(Self { mech_types, mech_token, mech_list_mic, has_hints })
    }

    /// A client's first token: the encoded list ([`MechTypes::encode`]) and, if there is one, the
    /// token of its first mechanism.
    pub fn encode(mech_types: &[u8], mech_token: &[u8]) -> Vec<u8> {
        framed(|fields| {
            fields.tagged(field(0), |out| out.bytes(mech_types));
            if !mech_token.is_empty() {
                put_octets(fields, 2, mech_token);
            }
        })
    }

    /// A server's hint: the encoded list, and a name by which nobody shall be known
    /// ([MS-SPNG] 2.2.1, 3.2.5.2).
    pub fn encode_hint(mech_types: &[u8]) -> Vec<u8> {
        framed(|fields| {
            fields.tagged(field(0), |out| out.bytes(mech_types));
            fields.tagged(field(3), |out| {
                out.tagged(SEQUENCE, |hints| {
                    hints.tagged(field(0), |out| {
                        out.tagged(GENERAL_STRING, |out| out.bytes(HINT_NAME));
                    });
                });
            });
        })
    }
}

/// `MechTypeList`, as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MechTypes<'a> {
    der: &'a [u8],
}

impl<'a> MechTypes<'a> {
    /// The list of these object identifiers, as `mechListMIC` covers it.
    pub fn encode<'o>(oids: impl IntoIterator<Item = &'o [u8]>) -> Vec<u8> {
        let mut out = Writer::new();
        out.tagged(SEQUENCE, |list| {
            for oid in oids {
                list.tagged(OBJECT_IDENTIFIER, |out| out.bytes(oid));
            }
        });
        out.into_bytes()
    }

    /// The bytes that `mechListMIC` covers: the SEQUENCE as the client sent it.
    pub const fn der(self) -> &'a [u8] {
        self.der
    }

    /// The object identifiers, without tag and length, in the client's order.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        // Read before: what cannot be read is not in the list.
        let mut list = Reader(Reader::whole(self.der, SEQUENCE).unwrap_or_default());
        std::iter::from_fn(move || list.take(OBJECT_IDENTIFIER).ok())
    }

    fn read(der: &'a [u8]) -> Result<Self> {
        if der.len() > MAX_LIST {
            return Err(malformed("its list of mechanisms is too long"));
        }
        let mut list = Reader(Reader::whole(der, SEQUENCE)?);
        while !list.0.is_empty() {
            if list.take(OBJECT_IDENTIFIER)?.is_empty() {
                return Err(malformed("a mechanism has no name"));
            }
        }
        Ok(Self { der })
    }
}

/// `negState`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum NegState {
    /// The sender has all that it needs.
    AcceptCompleted = 0,
    /// Another token is expected.
    AcceptIncomplete = 1,
    /// It is over.
    Reject = 2,
    /// As incomplete, and `mechListMIC` must be exchanged.
    RequestMic = 3,
}

/// Every token but the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NegTokenResp<'a> {
    /// `negState`
    pub neg_state: Option<NegState>,
    /// `supportedMech`, without tag and length.
    pub supported_mech: Option<&'a [u8]>,
    /// `responseToken`; never empty.
    pub response_token: Option<&'a [u8]>,
    /// `mechListMIC`; never empty.
    pub mech_list_mic: Option<&'a [u8]>,
}

impl<'a> NegTokenResp<'a> {
    /// Reads a token.
    pub fn decode(token: &'a [u8]) -> Result<Self> {
        if token.len() > MAX_TOKEN {
            return Err(malformed("it is too long"));
        }
        let framed = token.first() == Some(&FRAME);
        let mut outer = Reader(if framed { unframe(token)? } else { token });
        let contents = outer.take(RESPONSE)?;
        outer.end()?;
        let mut fields = sequence(contents)?;
        let neg_state = fields.optional(field(0))?.map(neg_state).transpose()?;
        let supported_mech = match fields.optional(field(1))? {
            Some(contents) => Some(Reader::whole(contents, OBJECT_IDENTIFIER)?),
            None => None,
        };
        let response_token = octets(&mut fields, 2)?.filter(|token| !token.is_empty());
        let mic = octets(&mut fields, 3)?.filter(|mic| !mic.is_empty());
        fields.skip_behind(field(3))?;
        let mech_list_mic = mic.filter(|_| mic != response_token);
        Ok(Self { neg_state, supported_mech, response_token, mech_list_mic })
    }

    /// Writes it, without a frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.tagged(RESPONSE, |out| out.tagged(SEQUENCE, |fields| self.put(fields)));
        out.into_bytes()
    }

    fn put(&self, fields: &mut Writer) {
        if let Some(state) = self.neg_state {
            let state = [state as u8];
            fields.tagged(field(0), |out| out.tagged(ENUMERATED, |out| out.bytes(&state)));
        }
        if let Some(oid) = self.supported_mech {
            fields.tagged(field(1), |out| out.tagged(OBJECT_IDENTIFIER, |out| out.bytes(oid)));
        }
        if let Some(token) = self.response_token {
            put_octets(fields, 2, token);
        }
        if let Some(mic) = self.mech_list_mic {
            put_octets(fields, 3, mic);
        }
    }
}

/// No list of mechanisms comes near this, and it is kept through the handshake.
const MAX_LIST: usize = 4096;

const NTLMSSP: &[u8] = b"NTLMSSP\0";
const FRAME: u8 = 0x60;
const INIT: u8 = 0xA0;
const RESPONSE: u8 = 0xA1;
const AP_REQ: u8 = 0x6E;
const AP_REP: u8 = 0x6F;
const KRB_ERROR: u8 = 0x7E;
const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0A;
const GENERAL_STRING: u8 = 0x1B;
const HINT_NAME: &[u8] = b"not_defined_in_RFC4178@please_ignore";

/// The tag of a field.
const fn field(number: u8) -> u8 {
    0xA0 | number
}

/// Takes the frame of a first token off (RFC 4178 4.2, RFC 2743 3.1).
fn unframe(token: &[u8]) -> Result<&[u8]> {
    if token.len() > MAX_TOKEN {
        return Err(malformed("it is too long"));
    }
    let mut inner = Reader(Reader::whole(token, FRAME)?);
    if inner.take(OBJECT_IDENTIFIER)? != oid::SPNEGO {
        return Err(malformed("its frame is another mechanism's"));
    }
    Ok(inner.0)
}

/// The fields: in a SEQUENCE, or where old Sun servers leave that out, without.
fn sequence(contents: &[u8]) -> Result<Reader<'_>> {
    if contents.first() == Some(&SEQUENCE) {
        return Reader::whole(contents, SEQUENCE).map(Reader);
    }
    Ok(Reader(contents))
}

fn octets<'a>(fields: &mut Reader<'a>, number: u8) -> Result<Option<&'a [u8]>> {
    match fields.optional(field(number))? {
        Some(contents) => Reader::whole(contents, OCTET_STRING).map(Some),
        None => Ok(None),
    }
}

fn neg_state(contents: &[u8]) -> Result<NegState> {
    match Reader::whole(contents, ENUMERATED)? {
        [0] => Ok(NegState::AcceptCompleted),
        [1] => Ok(NegState::AcceptIncomplete),
        [2] => Ok(NegState::Reject),
        [3] => Ok(NegState::RequestMic),
        _ => Err(malformed("negState is none that there is")),
    }
}

fn framed(fields: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::new();
    out.tagged(FRAME, |out| {
        out.tagged(OBJECT_IDENTIFIER, |out| out.bytes(oid::SPNEGO));
        out.tagged(INIT, |out| out.tagged(SEQUENCE, fields));
    });
    out.into_bytes()
}

fn put_octets(fields: &mut Writer, number: u8, octets: &[u8]) {
    fields.tagged(field(number), |out| out.tagged(OCTET_STRING, |out| out.bytes(octets)));
}

/// A token that is none of SPNEGO's, nor one of a mechanism.
pub fn unknown() -> Error {
    Error::new(PeerFault::MalformedToken, "the token is neither SPNEGO nor NTLM nor Kerberos")
}
