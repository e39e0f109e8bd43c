//! Tickets (RFC 4120 5.3).

use der::Reader as _;

use super::asn1::{
    Element, Int32, KerberosFlags, KerberosString, OctetString, Optional, OptionalSequenceOf,
    Reader, Writer, application, messages, other_tag, secret_messages, sequence,
};
use super::authorization::AuthorizationDataEntry;
use super::types::{EncryptedData, HostAddress, PrincipalName};
use super::{WireError, numbers};
use crate::spi::kerberos::{KerberosTime, KeyBlock};

/// A `Ticket` inside another message: its bytes, as they came. Nobody but its service changes
/// or understands them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedTicket(pub Vec<u8>);

impl EncodedTicket {
    /// Reads the part that is not encrypted.
    pub fn parse(&self) -> Result<Ticket, WireError> {
        Ticket::from_der(&self.0)
    }
}

impl Element for EncodedTicket {
    type Value = Self;

    fn read_element(reader: &mut Reader<'_>) -> der::Result<Self> {
        if reader.peek_byte() != Some(application(numbers::application::TICKET)) {
            return Err(other_tag(reader));
        }
        reader.tlv_bytes().map(|bytes| Self(bytes.to_vec()))
    }

    fn write_element(value: &Self, out: &mut Writer) {
        out.bytes(&value.0);
    }
}

/// `Ticket` (RFC 4120 5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// `realm`: the service's.
    pub realm: String,
    /// `sname`.
    pub sname: PrincipalName,
    /// `enc-part`: an [`EncTicketPart`] under the service's key.
    pub enc_part: EncryptedData,
}

sequence! { Ticket [APPLICATION 1] {
    [0] tkt_vno = 5,
    [1] realm: KerberosString,
    [2] sname: PrincipalName,
    [3] enc_part: EncryptedData,
}}

impl Ticket {
    /// The ticket as part of other messages.
    pub fn encode(&self) -> EncodedTicket {
        EncodedTicket(self.to_der())
    }
}

/// `TransitedEncoding` (RFC 4120 5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitedEncoding {
    /// `tr-type`: 1, the compressed list of RFC 4120 3.3.3.2, is the only one.
    pub tr_type: i32,
    /// `contents`.
    pub contents: Vec<u8>,
}

sequence! { TransitedEncoding {
    [0] tr_type: Int32,
    [1] contents: OctetString,
}}

/// `EncTicketPart` (RFC 4120 5.3).
#[derive(Debug, PartialEq, Eq)]
pub struct EncTicketPart {
    /// `flags`: [`numbers::ticket_flags`].
    pub flags: u32,
    /// `key`: the session key.
    pub key: KeyBlock,
    /// `crealm`.
    pub crealm: String,
    /// `cname`.
    pub cname: PrincipalName,
    /// `transited`.
    pub transited: TransitedEncoding,
    /// `authtime`.
    pub authtime: KerberosTime,
    /// `starttime`; absent, it is `authtime`.
    pub starttime: Option<KerberosTime>,
    /// `endtime`.
    pub endtime: KerberosTime,
    /// `renew-till`.
    pub renew_till: Option<KerberosTime>,
    /// `caddr`.
    pub caddr: Vec<HostAddress>,
    /// `authorization-data`.
    pub authorization_data: Vec<AuthorizationDataEntry>,
}

sequence! { EncTicketPart [APPLICATION 3] {
    [0] flags: KerberosFlags,
    [1] key: KeyBlock,
    [2] crealm: KerberosString,
    [3] cname: PrincipalName,
    [4] transited: TransitedEncoding,
    [5] authtime: KerberosTime,
    [6] starttime: Optional<KerberosTime>,
    [7] endtime: KerberosTime,
    [8] renew_till: Optional<KerberosTime>,
    [9] caddr: OptionalSequenceOf<HostAddress>,
    [10] authorization_data: OptionalSequenceOf<AuthorizationDataEntry>,
}}

messages! { Ticket: "Ticket" }
secret_messages! { EncTicketPart: "EncTicketPart" }
