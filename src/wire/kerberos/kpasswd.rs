//! The password-change protocol (RFC 3244): its frames and what is in them.

use super::asn1::{KerberosString, Optional, SecretOctetString, secret_messages, sequence};
use super::types::PrincipalName;
use super::{WireError, application_tag, numbers};
use crate::spi::secret::SecretBytes;

/// Change one's own password: the user data are the new password.
pub const VERSION_CHANGE: u16 = 0x0001;
/// Set a password (RFC 3244 2): the user data are [`ChangePasswdData`].
pub const VERSION_SET: u16 = 0xFF80;

const HEADER: usize = 6;

/// A request: a frame around an AP-REQ and a KRB-PRIV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KpasswdRequest {
    /// [`VERSION_CHANGE`] or [`VERSION_SET`].
    pub version: u16,
    /// The AP-REQ for `kadmin/changepw`, with a subkey.
    pub ap_req: Vec<u8>,
    /// The KRB-PRIV.
    pub krb_priv: Vec<u8>,
}

impl KpasswdRequest {
    /// Reads a request; all of the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let (version, ap_req, krb_priv) = unframe(bytes)?;
        Ok(Self { version, ap_req: ap_req.to_vec(), krb_priv: krb_priv.to_vec() })
    }

    /// Writes it, without the length that TCP puts before it. What is too long for 16 bits is
    /// an error.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        frame(self.version, &self.ap_req, &self.krb_priv)
    }
}

/// A reply: what the server proves, or an error that nobody vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KpasswdReply {
    /// AP-REP and KRB-PRIV, whose user data are a [`KpasswdResult`].
    Protected {
        /// The AP-REP.
        ap_rep: Vec<u8>,
        /// The KRB-PRIV.
        krb_priv: Vec<u8>,
    },
    /// A KRB-ERROR, in a frame or (as Active Directory does it) without.
    Error(Vec<u8>),
}

impl KpasswdReply {
    /// Reads a reply; all of the bytes. Its version means nothing.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        if application_tag(bytes) == Some(numbers::application::KRB_ERROR) {
            return Ok(Self::Error(bytes.to_vec()));
        }
        let (_, ap_rep, rest) = unframe(bytes)?;
        if ap_rep.is_empty() {
            return Ok(Self::Error(rest.to_vec()));
        }
        Ok(Self::Protected { ap_rep: ap_rep.to_vec(), krb_priv: rest.to_vec() })
    }

    /// Writes it in a frame.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        match self {
            Self::Protected { ap_rep, krb_priv } => frame(VERSION_CHANGE, ap_rep, krb_priv),
            Self::Error(error) => frame(VERSION_CHANGE, &[], error),
        }
    }
}

/// What a password server answers: in the KRB-PRIV of a reply, or in the `e-data` of its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KpasswdResult {
    /// [`numbers::kpasswd_result`].
    pub code: u16,
    /// A text for people, or Active Directory's policy.
    pub message: KpasswdMessage,
}

/// The rest of a [`KpasswdResult`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KpasswdMessage {
    /// A text; what is not UTF-8 in it is replaced.
    Text(String),
    /// The rules that the password breaks.
    Policy(PasswordPolicy),
}

/// The password policy of Active Directory, as its password server tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The least number of characters.
    pub min_length: u32,
    /// How many old passwords may not come again.
    pub history: u32,
    /// `DOMAIN_PASSWORD_*`; bit 0: complex.
    pub properties: u32,
    /// How long it holds, in 100 ns.
    pub expire: u64,
    /// How long it stays, in 100 ns.
    pub min_age: u64,
}

impl KpasswdResult {
    /// Reads it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let Some((code, rest)) = bytes.split_first_chunk() else {
            return Err(WireError::new("kpasswd result", "too short"));
        };
        let message = match policy(rest) {
            Some(policy) => KpasswdMessage::Policy(policy),
            None => KpasswdMessage::Text(String::from_utf8_lossy(rest).into_owned()),
        };
        Ok(Self { code: u16::from_be_bytes(*code), message })
    }

    /// Writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.code.to_be_bytes().to_vec();
        match &self.message {
            KpasswdMessage::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            KpasswdMessage::Policy(policy) => {
                bytes.extend_from_slice(&[0; 2]);
                for number in [policy.min_length, policy.history, policy.properties] {
                    bytes.extend_from_slice(&number.to_be_bytes());
                }
                bytes.extend_from_slice(&policy.expire.to_be_bytes());
                bytes.extend_from_slice(&policy.min_age.to_be_bytes());
            }
        }
        bytes
    }
}

/// `ChangePasswdData` (RFC 3244 2).
#[derive(Debug, PartialEq, Eq)]
pub struct ChangePasswdData {
    /// `newpasswd`, UTF-8.
    pub newpasswd: SecretBytes,
    /// `targname`: whose; absent, one's own.
    pub targname: Option<PrincipalName>,
    /// `targrealm`.
    pub targrealm: Option<String>,
}

sequence! { ChangePasswdData {
    [0] newpasswd: SecretOctetString,
    [1] targname: Optional<PrincipalName>,
    [2] targrealm: Optional<KerberosString>,
}}

secret_messages! { ChangePasswdData: "ChangePasswdData" }

/// 30 bytes with the two zeros before them; no text is like that.
fn policy(bytes: &[u8]) -> Option<PasswordPolicy> {
    let rest = bytes.strip_prefix(&[0; 2])?;
    let (words, rest) = rest.split_first_chunk::<12>()?;
    let (times, []) = rest.split_first_chunk::<16>()? else { return None };
    let [min_length, history, properties] = *words.as_chunks::<4>().0 else { return None };
    let [expire, min_age] = *times.as_chunks::<8>().0 else { return None };
    Some(PasswordPolicy {
        min_length: u32::from_be_bytes(min_length),
        history: u32::from_be_bytes(history),
        properties: u32::from_be_bytes(properties),
        expire: u64::from_be_bytes(expire),
        min_age: u64::from_be_bytes(min_age),
    })
}

fn frame(version: u16, first: &[u8], second: &[u8]) -> Result<Vec<u8>, WireError> {
    let total = HEADER.saturating_add(first.len()).saturating_add(second.len());
    let lengths = u16::try_from(total).ok().zip(u16::try_from(first.len()).ok());
    let Some((total, length)) = lengths else {
        return Err(WireError::new("kpasswd message", "too long"));
    };
    let header = [total.to_be_bytes(), version.to_be_bytes(), length.to_be_bytes()];
    Ok([header.as_flattened(), first, second].concat())
}

/// The version, the AP message (which may be empty) and the rest, which is not.
fn unframe(bytes: &[u8]) -> Result<(u16, &[u8], &[u8]), WireError> {
    let malformed = || WireError::new("kpasswd message", "lengths do not fit");
    let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or_else(malformed)?;
    let [total, version, length] = *header.as_chunks().0 else { return Err(malformed()) };
    if usize::from(u16::from_be_bytes(total)) != bytes.len() {
        return Err(malformed());
    }
    let length = u16::from_be_bytes(length).into();
    match rest.split_at_checked(length) {
        Some((first, second)) if !second.is_empty() => {
            Ok((u16::from_be_bytes(version), first, second))
        }
        _ => Err(malformed()),
    }
}
