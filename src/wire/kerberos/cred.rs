//! `KRB-CRED` (RFC 4120 5.8): tickets with their keys, for somebody else.

use super::asn1::{
    KerberosFlags, KerberosString, Optional, OptionalSequenceOf, SequenceOf, UInt32, messages,
    secret_messages, sequence,
};
use super::ticket::EncodedTicket;
use super::types::{EncryptedData, HostAddress, PrincipalName};
use crate::spi::kerberos::{KerberosTime, KeyBlock};

/// `KRB-CRED` (RFC 4120 5.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KrbCred {
    /// `tickets`.
    pub tickets: Vec<EncodedTicket>,
    /// `enc-part`: an [`EncKrbCredPart`].
    pub enc_part: EncryptedData,
}

sequence! { KrbCred [APPLICATION 22] {
    [0] pvno = 5,
    [1] msg_type = 22,
    [2] tickets: SequenceOf<EncodedTicket>,
    [3] enc_part: EncryptedData,
}}

/// `EncKrbCredPart` (RFC 4120 5.8.1).
#[derive(Debug, PartialEq, Eq)]
pub struct EncKrbCredPart {
    /// `ticket-info`: of the tickets, in their order.
    pub ticket_info: Vec<KrbCredInfo>,
    /// `nonce`.
    pub nonce: Option<u32>,
    /// `timestamp`.
    pub timestamp: Option<KerberosTime>,
    /// `usec`.
    pub usec: Option<u32>,
    /// `s-address`.
    pub s_address: Option<HostAddress>,
    /// `r-address`.
    pub r_address: Option<HostAddress>,
}

sequence! { EncKrbCredPart [APPLICATION 29] {
    [0] ticket_info: SequenceOf<KrbCredInfo>,
    [1] nonce: Optional<UInt32>,
    [2] timestamp: Optional<KerberosTime>,
    [3] usec: Optional<UInt32>,
    [4] s_address: Optional<HostAddress>,
    [5] r_address: Optional<HostAddress>,
}}

/// `KrbCredInfo` (RFC 4120 5.8.1).
#[derive(Debug, PartialEq, Eq)]
pub struct KrbCredInfo {
    /// `key`: the session key.
    pub key: KeyBlock,
    /// `prealm`: the client's realm.
    pub prealm: Option<String>,
    /// `pname`: the client.
    pub pname: Option<PrincipalName>,
    /// `flags`: [`numbers::ticket_flags`](super::numbers::ticket_flags).
    pub flags: Option<u32>,
    /// `authtime`.
    pub authtime: Option<KerberosTime>,
    /// `starttime`.
    pub starttime: Option<KerberosTime>,
    /// `endtime`.
    pub endtime: Option<KerberosTime>,
    /// `renew-till`.
    pub renew_till: Option<KerberosTime>,
    /// `srealm`.
    pub srealm: Option<String>,
    /// `sname`.
    pub sname: Option<PrincipalName>,
    /// `caddr`.
    pub caddr: Vec<HostAddress>,
}

sequence! { KrbCredInfo {
    [0] key: KeyBlock,
    [1] prealm: Optional<KerberosString>,
    [2] pname: Optional<PrincipalName>,
    [3] flags: Optional<KerberosFlags>,
    [4] authtime: Optional<KerberosTime>,
    [5] starttime: Optional<KerberosTime>,
    [6] endtime: Optional<KerberosTime>,
    [7] renew_till: Optional<KerberosTime>,
    [8] srealm: Optional<KerberosString>,
    [9] sname: Optional<PrincipalName>,
    [10] caddr: OptionalSequenceOf<HostAddress>,
}}

messages! { KrbCred: "KRB-CRED" }
secret_messages! { EncKrbCredPart: "EncKrbCredPart" }
