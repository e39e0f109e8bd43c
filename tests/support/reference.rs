//! A second NTLM client, written from the specification for tests alone: it makes AUTHENTICATE
//! messages in which every part can be wrong. Keys come from the hash crates directly.

use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;
use rc4::StreamCipher;

/// Zero-based places of the fields in an AUTHENTICATE header.
const FIELDS: [usize; 6] = [12, 20, 28, 36, 44, 52];

pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut mac = Hmac::<Md5>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

pub fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    rc4::Rc4::new_from_slice(key).unwrap().apply_keystream(&mut data);
    data
}

pub fn nt_hash(password: &str) -> [u8; 16] {
    Md4::digest(utf16(password)).into()
}

pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The bytes of a field of any message.
pub fn field(message: &[u8], at: usize) -> &[u8] {
    let offset = u32_at(message, at + 4) as usize;
    &message[offset..][..usize::from(u16_at(message, at))]
}

/// The pairs of a list, without the end.
pub fn pairs(mut list: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut pairs = Vec::new();
    loop {
        let (id, length) = (u16_at(list, 0), usize::from(u16_at(list, 2)));
        if id == 0 {
            return pairs;
        }
        pairs.push((id, list[4..4 + length].to_vec()));
        list = &list[4 + length..];
    }
}

/// The pairs that a client sent in its NTLMv2 response.
pub fn response_pairs(authenticate: &[u8]) -> Vec<(u16, Vec<u8>)> {
    pairs(&field(authenticate, 20)[44..])
}

pub fn write_pairs(pairs: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut list = Vec::new();
    for (id, value) in pairs {
        list.extend_from_slice(&id.to_le_bytes());
        list.extend_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
        list.extend_from_slice(value);
    }
    list
}

/// A client whose every word can be changed before it speaks.
#[derive(Clone)]
pub struct Forger {
    pub domain: String,
    pub user: String,
    /// The names as they go into the key, if not as Windows writes them.
    pub key_names: Option<(String, String)>,
    pub workstation: String,
    pub password: String,
    pub flags: u32,
    pub time: u64,
    pub client_challenge: [u8; 8],
    pub pairs: Vec<(u16, Vec<u8>)>,
    pub end: Vec<u8>,
    pub tail: Vec<u8>,
    pub session_key: [u8; 16],
    /// What stands in the session key's field instead of the encrypted key.
    pub session_key_field: Option<Vec<u8>>,
    /// Instead of the NTLMv2 response.
    pub nt: Option<Vec<u8>>,
    pub lm: Vec<u8>,
    /// 52, 64, 72, 80 or 88.
    pub header: usize,
    pub mic: bool,
}

impl Forger {
    /// An honest answer of `DOM\alice` to a challenge.
    pub fn honest(challenge: &[u8]) -> Self {
        let mut pairs = pairs(field(challenge, 40));
        let time = pairs.iter().find(|pair| pair.0 == 7).unwrap().1.clone();
        pairs.push((6, 2_u32.to_le_bytes().to_vec()));
        pairs.push((10, vec![0; 16]));
        pairs.push((9, utf16("cifs/server.example")));
        Self {
            domain: "DOM".into(),
            user: "alice".into(),
            key_names: None,
            workstation: "WS".into(),
            password: "secret".into(),
            flags: u32_at(challenge, 20) & !0x0003_0002,
            time: u64::from_le_bytes(time.try_into().unwrap()),
            client_challenge: *b"CLIENTCH",
            pairs,
            end: vec![0; 4],
            tail: vec![0; 4],
            session_key: *b"0123456789abcdef",
            session_key_field: None,
            nt: None,
            lm: vec![0; 24],
            header: 88,
            mic: true,
        }
    }

    pub fn pair(&mut self, id: u16) -> &mut Vec<u8> {
        &mut self.pairs.iter_mut().find(|pair| pair.0 == id).unwrap().1
    }

    pub fn without(&mut self, id: u16) {
        self.pairs.retain(|pair| pair.0 != id);
    }

    /// The message, with a code over what it answers.
    pub fn speak(&self, negotiate: &[u8], challenge: &[u8]) -> Vec<u8> {
        let (nt, key) = match &self.nt {
            Some(nt) => (nt.clone(), [0; 16]),
            None => self.response(&challenge[24..32]),
        };
        let exchanges = self.flags & 0x4000_0000 != 0 && self.flags & 0x30 != 0;
        let exported = if exchanges { self.session_key } else { key };
        let encrypted = if exchanges { rc4(&key, &self.session_key) } else { Vec::new() };
        let encrypted = self.session_key_field.clone().unwrap_or(encrypted);
        let text = |text: &str| {
            if self.flags & 1 == 1 { utf16(text) } else { text.as_bytes().to_vec() }
        };
        let (domain, user) = (text(&self.domain), text(&self.user));
        let workstation = text(&self.workstation);
        let values = [&self.lm, &nt, &domain, &user, &workstation, &encrypted];
        let mut message = self.lay_out(&values);
        if self.mic && self.header >= 80 {
            let mic = hmac_md5(&exported, &[negotiate, challenge, &message]);
            let at = if self.header == 80 { 64 } else { 72 };
            message[at..at + 16].copy_from_slice(&mic);
        }
        message
    }

    fn response(&self, server_challenge: &[u8]) -> (Vec<u8>, [u8; 16]) {
        let names = self.key_names.clone();
        let (user, domain) = names.unwrap_or((self.user.to_uppercase(), self.domain.clone()));
        let v2 = hmac_md5(&nt_hash(&self.password), &[&utf16(&(user + &domain))]);
        let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
        blob.extend_from_slice(&self.time.to_le_bytes());
        blob.extend_from_slice(&self.client_challenge);
        blob.extend_from_slice(&[0; 4]);
        blob.extend_from_slice(&write_pairs(&self.pairs));
        blob.extend_from_slice(&self.end);
        blob.extend_from_slice(&self.tail);
        let proof = hmac_md5(&v2, &[server_challenge, &blob]);
        ([&proof[..], &blob].concat(), hmac_md5(&v2, &[&proof]))
    }

    fn lay_out(&self, values: &[&Vec<u8>; 6]) -> Vec<u8> {
        let mut message = b"NTLMSSP\0\x03\0\0\0".to_vec();
        message.resize(self.header, 0);
        let fields = if self.header < 64 { &FIELDS[..5] } else { &FIELDS[..] };
        for (&at, value) in fields.iter().zip(values) {
            let offset = u32::try_from(message.len()).unwrap();
            let length = u16::try_from(value.len()).unwrap();
            message[at..at + 2].copy_from_slice(&length.to_le_bytes());
            message[at + 2..at + 4].copy_from_slice(&length.to_le_bytes());
            message[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
            message.extend_from_slice(value);
        }
        if self.header >= 64 {
            message[60..64].copy_from_slice(&self.flags.to_le_bytes());
        }
        message
    }
}

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// An AUTHENTICATE message in the form of Windows 9x: without session key and flags.
pub fn short_form(message: &[u8]) -> Vec<u8> {
    let mut short = message[..12].to_vec();
    short.resize(52, 0);
    for at in &FIELDS[..5] {
        let value = field(message, *at);
        let offset = u32::try_from(short.len()).unwrap();
        short[*at..at + 4].copy_from_slice(&message[*at..at + 4]);
        short[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
        short.extend_from_slice(value);
    }
    short
}
