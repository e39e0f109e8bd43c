//! Messages and their protection, as the program's half of a package offers it.

use std::ops::Range;

use super::error::Result;
use super::secret::SecretBytes;

/// `SecPkgContext_Sizes`: bounds that are always large enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The longest token of a handshake.
    pub max_token: u32,
    /// The TOKEN buffer of `MakeSignature`.
    pub max_signature: u32,
    /// The PADDING buffer of `EncryptMessage`.
    pub block_size: u32,
    /// The TOKEN buffer of `EncryptMessage`.
    pub security_trailer: u32,
}

/// `SecPkgContext_KeyInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyInfo {
    /// Name of the signature algorithm.
    pub signature_name: &'static str,
    /// Name of the encryption algorithm.
    pub encrypt_name: &'static str,
    /// Bits of the key.
    pub key_size: u32,
    /// Number of the signature algorithm.
    pub signature_algorithm: u32,
    /// Number of the encryption algorithm.
    pub encrypt_algorithm: u32,
}

/// Quality of protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qop {
    /// 0: what the context offers.
    Default,
    /// `SECQOP_WRAP_NO_ENCRYPT`: in the form of an encrypted message, but only signed.
    WrapNoEncrypt,
}

/// One buffer of a message, in the caller's order.
#[derive(Debug)]
pub enum Part<'a> {
    /// Encrypted or decrypted in place, and covered by the signature.
    Data(&'a mut [u8]),
    /// Covered by the signature and never changed (`SECBUFFER_READONLY_WITH_CHECKSUM`).
    Signed(&'a [u8]),
}

impl Part<'_> {
    /// The bytes, whichever kind they are.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Data(bytes) => bytes,
            Self::Signed(bytes) => bytes,
        }
    }
}

/// How much of the caller's buffers a sealed message used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// Bytes of TOKEN.
    pub token: usize,
    /// Bytes of PADDING.
    pub padding: usize,
}

/// A message that came as one block: where the plaintext lies in it, and how it was protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The plaintext within the block.
    pub data: Range<usize>,
    /// `None` where the package does not report it (NTLM leaves the caller's value alone).
    pub qop: Option<Qop>,
}

/// The sending direction of a context. Nothing here allocates on success.
pub trait MessageSender: Send {
    /// Signs the parts (`MakeSignature`); returns the bytes of `token` used.
    fn sign(&mut self, qop: Qop, parts: &[&[u8]], token: &mut [u8], seq: u32) -> Result<usize>;

    /// Encrypts the parts in place (`EncryptMessage`).
    fn seal(
        &mut self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        seq: u32,
    ) -> Result<Sealed>;

    /// The state from which another process goes on with the next message.
    fn save(&self) -> SecretBytes;

    /// Begins the keystream anew and keeps the numbers, as NTLM does after the MIC of SPNEGO's
    /// list of mechanisms ([MS-SPNG] 3.3.5.1). Other packages have no keystream.
    fn restart_keystream(&mut self) {}
}

/// The receiving direction of a context. Nothing here allocates on success.
pub trait MessageReceiver: Send {
    /// Verifies a signature over the parts (`VerifySignature`).
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], seq: u32) -> Result<Option<Qop>>;

    /// Decrypts the parts in place (`DecryptMessage` with TOKEN and DATA).
    fn unseal(
        &mut self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        seq: u32,
    ) -> Result<Option<Qop>>;

    /// Decrypts a whole message in place (`DecryptMessage` with STREAM).
    fn unseal_stream(&mut self, stream: &mut [u8], seq: u32) -> Result<Opened>;

    /// The state from which another process goes on with the next message.
    fn save(&self) -> SecretBytes;

    /// As [`MessageSender::restart_keystream`].
    fn restart_keystream(&mut self) {}
}

/// Both directions of a context and what they say of themselves. The two are independent: one
/// thread may send while another receives.
pub struct MessageProtection {
    /// Bounds for the caller's buffers.
    pub sizes: Sizes,
    /// Algorithms.
    pub key_info: KeyInfo,
    /// The sending direction.
    pub sender: Box<dyn MessageSender>,
    /// The receiving direction.
    pub receiver: Box<dyn MessageReceiver>,
}
