//! The packed context: what crosses the line from the authority to the program, as plain data.
//!
//! The same value is what `ExportSecurityContext` hands out and `ImportSecurityContext` takes.

mod client_form;

use super::error::{PeerFault, Result};
use super::flags::ContextFlags;
use super::package::PackageId;
use super::secret::SecretBytes;
use super::time::FileTime;
use super::token::ClientIdentity;

/// Which side of the handshake a context was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The client.
    Initiator,
    /// The server.
    Acceptor,
}

/// An established context. It holds keys: encoded, it is a secret.
#[derive(Debug, PartialEq, Eq)]
pub struct PackedContext {
    /// The package that made it.
    pub package: PackageId,
    /// Negotiate chose the package.
    pub negotiated: bool,
    /// Our side.
    pub role: Role,
    /// What it offers.
    pub flags: ContextFlags,
    /// The client, `DOMAIN\user`; empty for an anonymous one.
    pub client_name: String,
    /// On servers the client with all that was verified of it.
    pub client: Option<Box<ClientIdentity>>,
    /// The server, if the package knows its name.
    pub server_name: Option<String>,
    /// The domain or realm that vouched for the client.
    pub authority: Option<String>,
    /// The target name that the client asked for: on servers as verified with its proof.
    pub client_target: Option<String>,
    /// The server's description of itself, in the package's own form.
    pub target_information: Vec<u8>,
    /// Since when, UTC.
    pub start: FileTime,
    /// Until when, UTC.
    pub expiry: FileTime,
    /// When the client's password expires; `NEVER` where the package does not know.
    pub password_expiry: FileTime,
    /// The logon session with what the client delegated; it lives in the authority.
    pub logon: Option<u64>,
    /// The session key (`SECPKG_ATTR_SESSION_KEY`).
    pub session_key: SecretBytes,
    /// What the package's `seal` half needs to make fresh message protection.
    pub protection: SecretBytes,
    /// The state of the sending direction, once messages have been sent.
    pub sender: Option<SecretBytes>,
    /// The state of the receiving direction.
    pub receiver: Option<SecretBytes>,
}

const MAGIC: &[u8; 8] = b"SECUR32C";
const VERSION: u16 = 4;
/// No packed context of ours comes near this; a larger one is refused before it is read.
const MAX_ENCODED: usize = 1 << 20;

impl PackedContext {
    /// The bytes of the context: a secret.
    pub fn encode(&self) -> SecretBytes {
        let mut writer = Writer(Vec::with_capacity(2048));
        writer.0.extend_from_slice(MAGIC);
        writer.0.extend_from_slice(&VERSION.to_le_bytes());
        writer.0.push(self.package as u8);
        writer.0.push(u8::from(self.negotiated));
        writer.0.push(u8::from(self.role == Role::Acceptor));
        writer.0.extend_from_slice(&self.flags.bits().to_le_bytes());
        writer.0.extend_from_slice(&self.start.0.to_le_bytes());
        writer.0.extend_from_slice(&self.expiry.0.to_le_bytes());
        writer.0.extend_from_slice(&self.password_expiry.0.to_le_bytes());
        writer.0.extend_from_slice(&self.logon.unwrap_or(0).to_le_bytes());
        writer.bytes(self.client_name.as_bytes());
        writer.0.push(u8::from(self.client.is_some()));
        if let Some(client) = &self.client {
            client_form::write(&mut writer, client);
        }
        writer.optional(self.server_name.as_ref().map(String::as_bytes));
        writer.optional(self.authority.as_ref().map(String::as_bytes));
        writer.optional(self.client_target.as_ref().map(String::as_bytes));
        writer.bytes(&self.target_information);
        writer.bytes(self.session_key.expose());
        writer.bytes(self.protection.expose());
        writer.optional(self.sender.as_ref().map(SecretBytes::expose));
        writer.optional(self.receiver.as_ref().map(SecretBytes::expose));
        SecretBytes::new(writer.0)
    }

    /// Reads the bytes of a context; anything damaged, longer or of another version is refused.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_ENCODED {
            return Err(PeerFault::MalformedToken.into());
        }
        let mut reader = Reader(bytes);
        if reader.array()? != *MAGIC || u16::from_le_bytes(reader.array()?) != VERSION {
            return Err(PeerFault::MalformedToken.into());
        }
        let context = Self {
            package: package(reader.byte()?)?,
            negotiated: boolean(reader.byte()?)?,
            role: role(reader.byte()?)?,
            flags: ContextFlags::from_bits(u32::from_le_bytes(reader.array()?))
                .ok_or(PeerFault::MalformedToken)?,
            start: FileTime(u64::from_le_bytes(reader.array()?)),
            expiry: FileTime(u64::from_le_bytes(reader.array()?)),
            password_expiry: FileTime(u64::from_le_bytes(reader.array()?)),
            logon: Some(u64::from_le_bytes(reader.array()?)).filter(|&logon| logon != 0),
            client_name: reader.text()?,
            client: reader.optional(client_form::read)?.map(Box::new),
            server_name: reader.optional(Reader::text)?,
            authority: reader.optional(Reader::text)?,
            client_target: reader.optional(Reader::text)?,
            target_information: reader.bytes()?.to_vec(),
            session_key: reader.secret()?,
            protection: reader.secret()?,
            sender: reader.optional(Reader::secret)?,
            receiver: reader.optional(Reader::secret)?,
        };
        if reader.0.is_empty() { Ok(context) } else { Err(PeerFault::MalformedToken.into()) }
    }
}

const fn package(number: u8) -> Result<PackageId, PeerFault> {
    match number {
        1 => Ok(PackageId::Negotiate),
        2 => Ok(PackageId::Kerberos),
        3 => Ok(PackageId::Ntlm),
        _ => Err(PeerFault::MalformedToken),
    }
}

const fn boolean(number: u8) -> Result<bool, PeerFault> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(PeerFault::MalformedToken),
    }
}

const fn role(number: u8) -> Result<Role, PeerFault> {
    match number {
        0 => Ok(Role::Initiator),
        1 => Ok(Role::Acceptor),
        _ => Err(PeerFault::MalformedToken),
    }
}

/// Writes what [`Reader`] reads.
struct Writer(Vec<u8>);

impl Writer {
    fn bytes(&mut self, bytes: &[u8]) {
        // Everything in a context is bounded by the 16-bit lengths of the protocols it came from.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn count(&mut self, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&count.to_le_bytes());
    }

    fn texts(&mut self, texts: &[String]) {
        self.count(texts.len());
        for text in texts {
            self.bytes(text.as_bytes());
        }
    }

    fn optional(&mut self, bytes: Option<&[u8]>) {
        self.0.push(u8::from(bytes.is_some()));
        if let Some(bytes) = bytes {
            self.bytes(bytes);
        }
    }
}

/// Reads a context; every length is looked at before anything is taken.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(PeerFault::MalformedToken)?;
        self.0 = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        let (head, rest) = self.0.split_at_checked(length).ok_or(PeerFault::MalformedToken)?;
        self.0 = rest;
        Ok(head)
    }

    fn text(&mut self) -> Result<String> {
        let text = std::str::from_utf8(self.bytes()?).map_err(|_| PeerFault::MalformedToken)?;
        Ok(text.to_owned())
    }

    fn secret(&mut self) -> Result<SecretBytes> {
        Ok(SecretBytes::new(self.bytes()?.to_vec()))
    }

    /// The number of elements is no reason to allocate: each of them has to be there.
    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = u32::from_le_bytes(self.array()?);
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(PeerFault::MalformedToken.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> PackedContext {
        PackedContext {
            package: PackageId::Ntlm,
            negotiated: true,
            role: Role::Acceptor,
            flags: ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY,
            client_name: "DOMAIN\\zoë".into(),
            client: Some(Box::new(client_form::sample())),
            server_name: None,
            authority: Some("DOMAIN".into()),
            client_target: Some("http/host".into()),
            target_information: vec![1, 2, 3],
            start: FileTime(5),
            expiry: FileTime::NEVER,
            password_expiry: FileTime(9),
            logon: Some(3),
            session_key: SecretBytes::new(vec![7; 16]),
            protection: SecretBytes::new(vec![8; 24]),
            sender: Some(SecretBytes::new(vec![9; 262])),
            receiver: None,
        }
    }

    #[test]
    fn a_context_survives_the_journey() {
        let context = sample();
        assert_eq!(PackedContext::decode(context.encode().expose()).unwrap(), context);
    }

    #[test]
    fn x1_every_truncation_and_every_extension_is_refused() {
        let encoded = sample().encode();
        for length in 0..encoded.expose().len() {
            assert!(PackedContext::decode(&encoded.expose()[..length]).is_err(), "{length}");
        }
        let mut longer = encoded.expose().to_vec();
        longer.push(0);
        assert!(PackedContext::decode(&longer).is_err());
        assert!(PackedContext::decode(&vec![0; MAX_ENCODED + 1]).is_err());
    }
}
