//! The exchange of client and server (RFC 4120 5.5), and what comes before it when the server
//! has no key but its TGT (draft-swift-win2k-krb-user2user).

use super::asn1::{
    KerberosFlags, KerberosString, Optional, OptionalSequenceOf, UInt32, messages, secret_messages,
    sequence,
};
use super::authorization::AuthorizationDataEntry;
use super::ticket::EncodedTicket;
use super::types::{Checksum, EncryptedData, PrincipalName};
use crate::spi::kerberos::{KerberosTime, KeyBlock};

/// `AP-REQ` (RFC 4120 5.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApReq {
    /// `ap-options`: [`numbers::ap_options`](super::numbers::ap_options).
    pub ap_options: u32,
    /// `ticket`.
    pub ticket: EncodedTicket,
    /// `authenticator`: an [`Authenticator`].
    pub authenticator: EncryptedData,
}

sequence! { ApReq [APPLICATION 14] {
    [0] pvno = 5,
    [1] msg_type = 14,
    [2] ap_options: KerberosFlags,
    [3] ticket: EncodedTicket,
    [4] authenticator: EncryptedData,
}}

/// `Authenticator` (RFC 4120 5.5.1).
#[derive(Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// `crealm`.
    pub crealm: String,
    /// `cname`.
    pub cname: PrincipalName,
    /// `cksum`: in GSS the pseudo checksum [`GssChecksum`](super::GssChecksum).
    pub cksum: Option<Checksum>,
    /// `cusec`.
    pub cusec: u32,
    /// `ctime`.
    pub ctime: KerberosTime,
    /// `subkey`.
    pub subkey: Option<KeyBlock>,
    /// `seq-number`.
    pub seq_number: Option<u32>,
    /// `authorization-data`.
    pub authorization_data: Vec<AuthorizationDataEntry>,
}

sequence! { Authenticator [APPLICATION 2] {
    [0] authenticator_vno = 5,
    [1] crealm: KerberosString,
    [2] cname: PrincipalName,
    [3] cksum: Optional<Checksum>,
    [4] cusec: UInt32,
    [5] ctime: KerberosTime,
    [6] subkey: Optional<KeyBlock>,
    [7] seq_number: Optional<UInt32>,
    [8] authorization_data: OptionalSequenceOf<AuthorizationDataEntry>,
}}

/// `AP-REP` (RFC 4120 5.5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApRep {
    /// `enc-part`: an [`EncApRepPart`].
    pub enc_part: EncryptedData,
}

sequence! { ApRep [APPLICATION 15] {
    [0] pvno = 5,
    [1] msg_type = 15,
    [2] enc_part: EncryptedData,
}}

/// `EncAPRepPart` (RFC 4120 5.5.2).
#[derive(Debug, PartialEq, Eq)]
pub struct EncApRepPart {
    /// `ctime`: the authenticator's.
    pub ctime: KerberosTime,
    /// `cusec`: the authenticator's.
    pub cusec: u32,
    /// `subkey`.
    pub subkey: Option<KeyBlock>,
    /// `seq-number`.
    pub seq_number: Option<u32>,
}

sequence! { EncApRepPart [APPLICATION 27] {
    [0] ctime: KerberosTime,
    [1] cusec: UInt32,
    [2] subkey: Optional<KeyBlock>,
    [3] seq_number: Optional<UInt32>,
}}

/// `KERB-TGT-REQUEST` (user-to-user, draft-swift-win2k-krb-user2user): asks a server for its TGT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TgtReq {
    /// `server-name`.
    pub server_name: Option<PrincipalName>,
    /// `realm`.
    pub realm: Option<String>,
}

sequence! { TgtReq {
    [0] pvno = 5,
    [1] msg_type = 16,
    [2] server_name: Optional<PrincipalName>,
    [3] realm: Optional<KerberosString>,
    extensible
}}

/// `KERB-TGT-REPLY`: the server's TGT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TgtRep {
    /// `ticket`.
    pub ticket: EncodedTicket,
}

sequence! { TgtRep {
    [0] pvno = 5,
    [1] msg_type = 17,
    [2] ticket: EncodedTicket,
    extensible
}}

messages! {
    ApReq: "AP-REQ",
    ApRep: "AP-REP",
    TgtReq: "KERB-TGT-REQUEST",
    TgtRep: "KERB-TGT-REPLY",
}
secret_messages! {
    Authenticator: "Authenticator",
    EncApRepPart: "EncAPRepPart",
}
