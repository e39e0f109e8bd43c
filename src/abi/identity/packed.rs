//! Packed credentials: the `PackedCredentials` of an EX2 identity.
//!
//! Holds: `SEC_WINNT_AUTH_PACKED_CREDENTIALS`. May use: `spi`. Must not touch: everything else.
//!
//! ```text
//!  0  u16   cbHeaderLength (28)      4  GUID  CredType
//!  2  u16   cbStructureLength       20  u32   CredData offset, from this structure's start
//!                                   24  u16   CredData length, in bytes
//! ```

use super::view::secret_utf16;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::identity::Proof;
use crate::spi::secret::{Secret, SecretBytes};

/// `SEC_WINNT_AUTH_DATA_TYPE_PASSWORD` {28bfc32f-10f6-4738-98d1-1ac061df716a}: UTF-16.
pub const PASSWORD: Guid = guid(0x28bf_c32f_10f6_4738_98d1_1ac0_61df_716a);

/// `SEC_WINNT_AUTH_DATA_TYPE_KEYTAB` {d587aae8-f78f-4455-a112-c934beee7ce1}: a whole keytab.
pub const KEYTAB: Guid = guid(0xd587_aae8_f78f_4455_a112_c934_beee_7ce1);

/// `SECUR32_AUTH_DATA_TYPE_NT_HASH` {20777c4d-f64b-467c-ad01-3969d7d6a1c2}, a type of our own,
/// since Windows has no public one: the 16 bytes of MD4(UTF-16LE(password)).
pub const NT_HASH: Guid = guid(0x2077_7c4d_f64b_467c_ad01_3969_d7d6_a1c2);

/// A GUID as it lies in memory.
pub type Guid = [u8; 16];

const HEADER: usize = 28;

/// Whether the bytes mean to be packed credentials: no text begins with U+001C.
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&(HEADER as u16).to_le_bytes())
}

/// Reads packed credentials. They are wholly inside `bytes`, or refused.
pub fn read(bytes: &[u8]) -> Result<Proof> {
    let (header, _) = bytes.split_first_chunk::<HEADER>().ok_or_else(truncated)?;
    let [_, _, s0, s1, cred_type @ .., o0, o1, o2, o3, l0, l1, _, _] = header;
    let structure = usize::from(u16::from_le_bytes([*s0, *s1]));
    let offset = u32::from_le_bytes([*o0, *o1, *o2, *o3]) as usize;
    let length = usize::from(u16::from_le_bytes([*l0, *l1]));
    let structure = bytes.get(..structure).ok_or_else(truncated)?;
    let end = offset.checked_add(length).ok_or_else(truncated)?;
    let data = structure.get(offset..end).filter(|_| offset >= HEADER).ok_or_else(truncated)?;
    proof(cred_type, data)
}

fn proof(cred_type: &Guid, data: &[u8]) -> Result<Proof> {
    match *cred_type {
        PASSWORD if data.is_empty() => Ok(Proof::None),
        PASSWORD => secret_utf16(data)
            .map(Proof::Password)
            .ok_or_else(|| refused("the password is no UTF-16")),
        NT_HASH => nt_hash(data),
        KEYTAB => Ok(Proof::Keytab(SecretBytes::new(data.to_vec()))),
        _ => Err(Error::new(
            CallerFault::UnknownCredentials,
            "packed credentials: only PASSWORD, KEYTAB and NT_HASH are known here",
        )),
    }
}

fn nt_hash(data: &[u8]) -> Result<Proof> {
    let data: &[u8; 16] = data.try_into().map_err(|_| refused("an NT hash has 16 bytes"))?;
    let mut hash = Secret::new([0; 16]);
    hash.expose_mut().copy_from_slice(data);
    Ok(Proof::NtHash(hash))
}

/// A GUID as it is written, in the order of memory: its first three fields are little-endian.
const fn guid(written: u128) -> Guid {
    let mut bytes = written.to_be_bytes();
    bytes.swap(0, 3);
    bytes.swap(1, 2);
    bytes.swap(4, 5);
    bytes.swap(6, 7);
    bytes
}

fn truncated() -> Error {
    refused("the structure is truncated, or its data lies outside of it")
}

fn refused(story: &str) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("packed credentials: {story}"))
}
