//! `KRB-PRIV` (RFC 4120 5.7): a protected message of its own, which changes passwords.

use super::asn1::{Optional, SecretOctetString, UInt32, messages, secret_messages, sequence};
use super::types::{EncryptedData, HostAddress};
use crate::spi::kerberos::KerberosTime;
use crate::spi::secret::SecretBytes;

/// `KRB-PRIV` (RFC 4120 5.7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KrbPriv {
    /// `enc-part`: an [`EncKrbPrivPart`].
    pub enc_part: EncryptedData,
}

sequence! { KrbPriv [APPLICATION 21] {
    [0] pvno = 5,
    [1] msg_type = 21,
    [3] enc_part: EncryptedData,
}}

/// `EncKrbPrivPart` (RFC 4120 5.7.1).
#[derive(Debug, PartialEq, Eq)]
pub struct EncKrbPrivPart {
    /// `user-data`.
    pub user_data: SecretBytes,
    /// `timestamp`.
    pub timestamp: Option<KerberosTime>,
    /// `usec`.
    pub usec: Option<u32>,
    /// `seq-number`.
    pub seq_number: Option<u32>,
    /// `s-address`.
    pub s_address: HostAddress,
    /// `r-address`.
    pub r_address: Option<HostAddress>,
}

sequence! { EncKrbPrivPart [APPLICATION 28] {
    [0] user_data: SecretOctetString,
    [1] timestamp: Optional<KerberosTime>,
    [2] usec: Optional<UInt32>,
    [3] seq_number: Optional<UInt32>,
    [4] s_address: HostAddress,
    [5] r_address: Optional<HostAddress>,
}}

messages! { KrbPriv: "KRB-PRIV" }
secret_messages! { EncKrbPrivPart: "EncKrbPrivPart" }
