//! What all messages are made of (RFC 4120 5.2).

use super::asn1::{Int32, KerberosString, OctetString, Optional, SecretOctetString, SequenceOf};
use super::asn1::{UInt32, messages, sequence};
use crate::spi::kerberos::{KeyBlock, Principal};

/// `PrincipalName` (RFC 4120 5.2.2): a name without its realm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalName {
    /// `name-type`: [`numbers::name_type`](super::numbers::name_type).
    pub name_type: i32,
    /// `name-string`: the components, whatever characters they have.
    pub name_string: Vec<String>,
}

impl PrincipalName {
    /// The name of a principal.
    pub fn of(principal: &Principal) -> Self {
        Self { name_type: principal.name_type, name_string: principal.components.clone() }
    }

    /// The principal of this name in a realm.
    pub fn in_realm(&self, realm: &str) -> Principal {
        self.clone().into_principal(realm.to_owned())
    }

    /// The principal of this name in a realm.
    pub fn into_principal(self, realm: String) -> Principal {
        Principal { name_type: self.name_type, components: self.name_string, realm }
    }

    /// The same components; the type is a hint (RFC 4120 6.2).
    pub fn same_name(&self, other: &Self) -> bool {
        self.name_string == other.name_string
    }
}

sequence! { PrincipalName {
    [0] name_type: Int32,
    [1] name_string: SequenceOf<KerberosString>,
}}

/// `HostAddress` (RFC 4120 5.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAddress {
    /// `addr-type`: [`numbers::address_type`](super::numbers::address_type).
    pub addr_type: i32,
    /// `address`.
    pub address: Vec<u8>,
}

sequence! { HostAddress {
    [0] addr_type: Int32,
    [1] address: OctetString,
}}

/// `EncryptedData` (RFC 4120 5.2.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptedData {
    /// `etype`.
    pub etype: i32,
    /// `kvno`: the version of a long-term key.
    pub kvno: Option<u32>,
    /// `cipher`.
    pub cipher: Vec<u8>,
}

sequence! { EncryptedData {
    [0] etype: Int32,
    [1] kvno: Optional<UInt32>,
    [2] cipher: OctetString,
}}

/// `Checksum` (RFC 4120 5.2.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// `cksumtype`.
    pub cksumtype: i32,
    /// `checksum`.
    pub checksum: Vec<u8>,
}

sequence! { Checksum {
    [0] cksumtype: Int32,
    [1] checksum: OctetString,
}}

// `EncryptionKey` (RFC 4120 5.2.9); the type belongs to all rooms.
sequence! { KeyBlock {
    [0] enctype: Int32,
    [1] value: SecretOctetString,
}}

messages! {
    PrincipalName: "PrincipalName",
    EncryptedData: "EncryptedData",
    Checksum: "Checksum",
}
