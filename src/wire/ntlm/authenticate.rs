//! `AUTHENTICATE_MESSAGE` ([MS-NLMP] 2.2.1.3).

use super::layout::{Builder, Header};
use super::{MessageType, NegotiateFlags, Version, expect, malformed};
use crate::spi::error::Result;

/// Windows 9x ends its header here, without session key and flags.
const SHORT: usize = 52;
const WITH_FLAGS: usize = 64;
const WITH_VERSION: usize = 72;
/// Old clients leave the version out and put the code in its place.
const WITH_MIC_ONLY: usize = 80;
const WITH_MIC: usize = 88;

/// The client's last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Authenticate<'a> {
    /// `LmChallengeResponse`
    pub lm: &'a [u8],
    /// `NtChallengeResponse`
    pub nt: &'a [u8],
    /// The account's domain, in the code page that the flags say.
    pub domain: &'a [u8],
    /// The account.
    pub user: &'a [u8],
    /// The client's machine.
    pub workstation: &'a [u8],
    /// `EncryptedRandomSessionKey`
    pub session_key: &'a [u8],
    /// What the client settles on; `None` in the short form, where the server's flags hold.
    pub flags: Option<NegotiateFlags>,
    /// The client's version.
    pub version: Option<Version>,
    /// The message integrity code, if the header has room for one. Whether it is one only the
    /// NTLMv2 response tells.
    pub mic: Option<Mic>,
}

/// A message integrity code and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mic {
    /// Where in the message the 16 bytes are.
    pub offset: usize,
    /// The code.
    pub value: [u8; 16],
}

impl<'a> Authenticate<'a> {
    /// Reads every form: headers of 52, 64, 72, 80 and 88 bytes. What is in the header is told
    /// by where the payload begins, because the flags do not say it reliably.
    pub fn decode(message: &'a [u8]) -> Result<Self> {
        expect(message, MessageType::Authenticate)?;
        let header = Header::new(message, SHORT)?;
        let [lm, nt, domain, user, workstation] = [12, 20, 28, 36, 44];
        let lm = header.field(lm, SHORT)?;
        let nt = header.field(nt, SHORT)?;
        let domain = header.field(domain, SHORT)?;
        let user = header.field(user, SHORT)?;
        let workstation = header.field(workstation, SHORT)?;
        let fields = [lm, nt, domain, user, workstation];
        let payload = fields.iter().map(|field| field.offset).min().unwrap_or(header.len());
        let decoded = Self {
            lm: lm.bytes,
            nt: nt.bytes,
            domain: domain.bytes,
            user: user.bytes,
            workstation: workstation.bytes,
            ..Self::default()
        };
        if payload < WITH_FLAGS { Ok(decoded) } else { decoded.with_flags(header, payload) }
    }

    fn with_flags(mut self, header: Header<'a>, payload: usize) -> Result<Self> {
        let session_key = header.field(52, WITH_FLAGS)?;
        self.session_key = session_key.bytes;
        self.flags = Some(NegotiateFlags::from_bits_retain(header.u32(60)?));
        let payload = payload.min(session_key.offset);
        if payload >= WITH_MIC {
            self.version = Some(Version(header.array(64)?));
            self.mic = Some(Mic { offset: 72, value: header.array(72)? });
        } else if payload >= WITH_MIC_ONLY {
            self.mic = Some(Mic { offset: 64, value: header.array(64)? });
        } else if payload >= WITH_VERSION {
            self.version = Some(Version(header.array(64)?));
        }
        Ok(self)
    }

    /// Writes the form with a version, with zeros for the code if [`Self::mic`] asks for one.
    /// The payload is in Windows' order: domain, user, workstation, LM, NT, session key.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let header = if self.mic.is_some() { WITH_MIC } else { WITH_VERSION };
        let mut builder = Builder::new(MessageType::Authenticate, header);
        let domain = builder.place("domain name", self.domain)?;
        let user = builder.place("user name", self.user)?;
        let workstation = builder.place("workstation name", self.workstation)?;
        let lm = builder.place("LM response", self.lm)?;
        let nt = builder.place("NT response", self.nt)?;
        let session_key = builder.place("session key", self.session_key)?;
        for field in [lm, nt, domain, user, workstation, session_key] {
            builder.header(&field);
        }
        builder.header(&self.flags.unwrap_or_default().bits().to_le_bytes());
        builder.header(&self.version.map_or([0; 8], |version| version.0));
        if self.mic.is_some() {
            builder.header(&[0; 16]);
        }
        Ok(builder.finish())
    }
}

impl Mic {
    /// Asks [`Authenticate::encode`] for room.
    pub const ROOM: Self = Self { offset: 72, value: [0; 16] };

    /// The message as it was when the code was made: before, zeros, behind.
    pub fn around(self, message: &[u8]) -> Result<[&[u8]; 3]> {
        let before = message.get(..self.offset);
        let behind = self.offset.checked_add(16).and_then(|end| message.get(end..));
        let parts = before.zip(behind).ok_or_else(|| malformed("no room for the NTLM MIC"))?;
        Ok([parts.0, &[0; 16], parts.1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with a user of one character at `payload`.
    fn message(payload: usize) -> Vec<u8> {
        let mut message = b"NTLMSSP\0\x03\0\0\0".to_vec();
        message.resize(payload, 0);
        message[36] = 2;
        message[40..44].copy_from_slice(&u32::try_from(payload).unwrap().to_le_bytes());
        if payload >= 64 {
            message[60..64].copy_from_slice(&1_u32.to_le_bytes());
        }
        message.extend_from_slice(b"U\0");
        message
    }

    #[test]
    fn the_payload_tells_the_form() {
        let forms = [
            (52, false, false, None),
            (60, false, false, None),
            (64, true, false, None),
            (72, true, true, None),
            (80, true, false, Some(64)),
            (88, true, true, Some(72)),
            (96, true, true, Some(72)),
        ];
        for (payload, flags, version, mic) in forms {
            let message = message(payload);
            let decoded = Authenticate::decode(&message).unwrap();
            assert_eq!(decoded.user, b"U\0", "{payload}");
            assert_eq!(decoded.flags.is_some(), flags, "{payload}");
            assert_eq!(decoded.version.is_some(), version, "{payload}");
            assert_eq!(decoded.mic.map(|mic| mic.offset), mic, "{payload}");
        }
        assert!(Authenticate::decode(&message(51)).is_err());
    }

    #[test]
    fn n20_fields_point_neither_into_the_header_nor_outside() {
        for offset in [0, 8, 51, 89, 90, 1 << 20, u32::MAX, u32::MAX - 1] {
            let mut message = message(88);
            message[40..44].copy_from_slice(&offset.to_le_bytes());
            assert!(Authenticate::decode(&message).is_err(), "{offset}");
        }
        let mut message = message(88);
        // A session key whose bytes would be the flags.
        message[52] = 4;
        message[56] = 60;
        assert!(Authenticate::decode(&message).is_err());
    }

    #[test]
    fn every_part_makes_the_round_and_no_truncation_does() {
        let sent = Authenticate {
            lm: &[1; 24],
            nt: &[2; 60],
            domain: b"D\0",
            user: b"U\0",
            workstation: b"W\0",
            session_key: &[3; 16],
            flags: Some(NegotiateFlags::UNICODE),
            version: Some(Version::OURS),
            mic: Some(Mic::ROOM),
        };
        let message = sent.encode().unwrap();
        assert_eq!(Authenticate::decode(&message).unwrap(), sent);
        for length in 0..message.len() {
            assert!(Authenticate::decode(&message[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn n25_a_field_that_does_not_fit_is_refused() {
        let long = vec![0; 0x1_0000];
        let sent = Authenticate { user: &long, ..Authenticate::default() };
        assert!(sent.encode().is_err());
        let sent = Authenticate { user: &long[1..], nt: &long[1..], ..Authenticate::default() };
        let message = sent.encode().unwrap();
        assert_eq!(Authenticate::decode(&message).unwrap().nt.len(), 0xFFFF);
    }
}
