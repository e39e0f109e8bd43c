//! Requests to the KDC and its replies (RFC 4120 5.4).

use super::asn1::{
    Asn1, Element, Int32, KerberosFlags, KerberosString, Optional, OptionalSequenceOf, Reader,
    SequenceOf, UInt32, Writer, application, messages, other_tag, read_whole, sequence, tagged,
};
use super::preauth::PaData;
use super::ticket::EncodedTicket;
use super::types::{EncryptedData, HostAddress, PrincipalName};
use super::{WireError, application_tag, numbers};
use crate::spi::kerberos::{KerberosTime, KeyBlock};
use crate::spi::secret::SecretBytes;

/// Which of the KDC's two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KdcMessage {
    /// The authentication service: AS-REQ, AS-REP.
    As,
    /// The ticket-granting service: TGS-REQ, TGS-REP.
    Tgs,
}

impl KdcMessage {
    const fn request(self) -> u8 {
        match self {
            Self::As => numbers::application::AS_REQ,
            Self::Tgs => numbers::application::TGS_REQ,
        }
    }

    const fn reply(self) -> u8 {
        match self {
            Self::As => numbers::application::AS_REP,
            Self::Tgs => numbers::application::TGS_REP,
        }
    }

    const fn encrypted_reply(self) -> u8 {
        match self {
            Self::As => numbers::application::ENC_AS_REP_PART,
            Self::Tgs => numbers::application::ENC_TGS_REP_PART,
        }
    }

    fn of(number: impl Into<i32>, numbers: impl Fn(Self) -> u8) -> Option<Self> {
        let number = number.into();
        [Self::As, Self::Tgs].into_iter().find(|message| i32::from(numbers(*message)) == number)
    }
}

/// `KDC-REQ` (RFC 4120 5.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KdcReq {
    /// `msg-type`, and the outer tag.
    pub msg_type: KdcMessage,
    /// `padata`.
    pub padata: Vec<PaData>,
    /// `req-body`.
    pub req_body: KdcReqBody,
}

sequence! { KdcReq {
    [1] pvno = 5,
    [2] msg_type: RequestType,
    [3] padata: OptionalSequenceOf<PaData>,
    [4] req_body: KdcReqBody,
}}

impl KdcReq {
    /// Reads an AS-REQ or a TGS-REQ; all of the bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, WireError> {
        read_either("KDC-REQ", bytes, KdcMessage::request, |request: &Self| request.msg_type)
    }

    /// Writes it.
    pub fn to_der(&self) -> Vec<u8> {
        write_either(self, self.msg_type.request()).into_bytes()
    }
}

/// `KDC-REQ-BODY` (RFC 4120 5.4.1). Its bytes of its own are what checksums cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KdcReqBody {
    /// `kdc-options`: [`numbers::kdc_options`].
    pub kdc_options: u32,
    /// `cname`: in an AS-REQ only.
    pub cname: Option<PrincipalName>,
    /// `realm`: the server's, in an AS-REQ also the client's.
    pub realm: String,
    /// `sname`.
    pub sname: Option<PrincipalName>,
    /// `from`.
    pub from: Option<KerberosTime>,
    /// `till`.
    pub till: KerberosTime,
    /// `rtime`.
    pub rtime: Option<KerberosTime>,
    /// `nonce`. Peers take it for a signed number: stay below 2³¹.
    pub nonce: u32,
    /// `etype`: best first.
    pub etype: Vec<i32>,
    /// `addresses`.
    pub addresses: Vec<HostAddress>,
    /// `enc-authorization-data`.
    pub enc_authorization_data: Option<EncryptedData>,
    /// `additional-tickets`.
    pub additional_tickets: Vec<EncodedTicket>,
}

sequence! { KdcReqBody {
    [0] kdc_options: KerberosFlags,
    [1] cname: Optional<PrincipalName>,
    [2] realm: KerberosString,
    [3] sname: Optional<PrincipalName>,
    [4] from: Optional<KerberosTime>,
    [5] till: KerberosTime,
    [6] rtime: Optional<KerberosTime>,
    [7] nonce: UInt32,
    [8] etype: SequenceOf<Int32>,
    [9] addresses: OptionalSequenceOf<HostAddress>,
    [10] enc_authorization_data: Optional<EncryptedData>,
    [11] additional_tickets: OptionalSequenceOf<EncodedTicket>,
}}

messages! { KdcReqBody: "KDC-REQ-BODY" }

/// `KDC-REP` (RFC 4120 5.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KdcRep {
    /// `msg-type`, and the outer tag.
    pub msg_type: KdcMessage,
    /// `padata`.
    pub padata: Vec<PaData>,
    /// `crealm`.
    pub crealm: String,
    /// `cname`.
    pub cname: PrincipalName,
    /// `ticket`.
    pub ticket: EncodedTicket,
    /// `enc-part`: an [`EncKdcRepPart`].
    pub enc_part: EncryptedData,
}

sequence! { KdcRep {
    [0] pvno = 5,
    [1] msg_type: ReplyType,
    [2] padata: OptionalSequenceOf<PaData>,
    [3] crealm: KerberosString,
    [4] cname: PrincipalName,
    [5] ticket: EncodedTicket,
    [6] enc_part: EncryptedData,
}}

impl KdcRep {
    /// Reads an AS-REP or a TGS-REP; all of the bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, WireError> {
        read_either("KDC-REP", bytes, KdcMessage::reply, |reply: &Self| reply.msg_type)
    }

    /// Writes it.
    pub fn to_der(&self) -> Vec<u8> {
        write_either(self, self.msg_type.reply()).into_bytes()
    }
}

/// `LastReq` (RFC 4120 5.4.2), an element of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastReq {
    /// `lr-type`: [`numbers::lr_type`].
    pub lr_type: i32,
    /// `lr-value`.
    pub lr_value: KerberosTime,
}

sequence! { LastReq {
    [0] lr_type: Int32,
    [1] lr_value: KerberosTime,
}}

/// `EncKDCRepPart` (RFC 4120 5.4.2, RFC 6806 11).
#[derive(Debug, PartialEq, Eq)]
pub struct EncKdcRepPart {
    /// `key`: the session key.
    pub key: KeyBlock,
    /// `last-req`.
    pub last_req: Vec<LastReq>,
    /// `nonce`.
    pub nonce: u32,
    /// `key-expiration`: when the client's key ends.
    pub key_expiration: Option<KerberosTime>,
    /// `flags`: [`numbers::ticket_flags`].
    pub flags: u32,
    /// `authtime`.
    pub authtime: KerberosTime,
    /// `starttime`; absent, it is `authtime`.
    pub starttime: Option<KerberosTime>,
    /// `endtime`.
    pub endtime: KerberosTime,
    /// `renew-till`.
    pub renew_till: Option<KerberosTime>,
    /// `srealm`.
    pub srealm: String,
    /// `sname`.
    pub sname: PrincipalName,
    /// `caddr`.
    pub caddr: Vec<HostAddress>,
    /// `encrypted-pa-data`.
    pub encrypted_pa_data: Vec<PaData>,
}

sequence! { EncKdcRepPart {
    [0] key: KeyBlock,
    [1] last_req: SequenceOf<LastReq>,
    [2] nonce: UInt32,
    [3] key_expiration: Optional<KerberosTime>,
    [4] flags: KerberosFlags,
    [5] authtime: KerberosTime,
    [6] starttime: Optional<KerberosTime>,
    [7] endtime: KerberosTime,
    [8] renew_till: Optional<KerberosTime>,
    [9] srealm: KerberosString,
    [10] sname: PrincipalName,
    [11] caddr: OptionalSequenceOf<HostAddress>,
    [12] encrypted_pa_data: OptionalSequenceOf<PaData>,
}}

impl EncKdcRepPart {
    /// Reads an EncASRepPart or an EncTGSRepPart; all of the bytes. The tag is not the reply's
    /// with every KDC (RFC 4120 5.4.2): MIT's have 26 in both. [`Self::tag`] tells.
    pub fn from_der(bytes: &[u8]) -> Result<Self, WireError> {
        let name = "EncKDCRepPart";
        let message = Self::tag(bytes).ok_or_else(|| WireError::new(name, "other tag"))?;
        let tag = application(message.encrypted_reply());
        read_whole(name, bytes, |reader| tagged(tag, reader, Self::read_element))
    }

    /// What the tag of the encoding says.
    pub fn tag(bytes: &[u8]) -> Option<KdcMessage> {
        KdcMessage::of(application_tag(bytes)?, KdcMessage::encrypted_reply)
    }

    /// Writes it with the tag of this message, into memory that is wiped.
    pub fn to_der_secret(&self, message: KdcMessage) -> SecretBytes {
        write_either(self, message.encrypted_reply()).into_secret()
    }
}

/// `msg-type` of a KDC-REQ.
struct RequestType;

/// `msg-type` of a KDC-REP.
struct ReplyType;

impl Asn1 for RequestType {
    type Value = KdcMessage;
    const TAG: u8 = Int32::TAG;

    fn read(contents: &mut Reader<'_>) -> der::Result<KdcMessage> {
        read_message_type(contents, KdcMessage::request)
    }

    fn write(value: &KdcMessage, out: &mut Writer) {
        Int32::write(&value.request().into(), out);
    }
}

impl Asn1 for ReplyType {
    type Value = KdcMessage;
    const TAG: u8 = Int32::TAG;

    fn read(contents: &mut Reader<'_>) -> der::Result<KdcMessage> {
        read_message_type(contents, KdcMessage::reply)
    }

    fn write(value: &KdcMessage, out: &mut Writer) {
        Int32::write(&value.reply().into(), out);
    }
}

fn read_message_type(
    contents: &mut Reader<'_>,
    numbers: impl Fn(KdcMessage) -> u8,
) -> der::Result<KdcMessage> {
    KdcMessage::of(Int32::read(contents)?, numbers)
        .ok_or_else(|| der::ErrorKind::Value { tag: der::Tag::Integer }.to_error())
}

/// Reads a message with one of two tags, and compares the tag with `msg-type`.
fn read_either<K: Element<Value = K>>(
    name: &'static str,
    bytes: &[u8],
    numbers: impl Fn(KdcMessage) -> u8,
    msg_type: impl Fn(&K) -> KdcMessage,
) -> Result<K, WireError> {
    let tag = application_tag(bytes).and_then(|tag| KdcMessage::of(tag, &numbers));
    let value = read_whole(name, bytes, |reader| match tag {
        Some(tag) => tagged(application(numbers(tag)), reader, K::read_element),
        None => Err(other_tag(reader)),
    })?;
    if Some(msg_type(&value)) == tag {
        Ok(value)
    } else {
        Err(WireError::new(name, "msg-type is not the tag's"))
    }
}

fn write_either<K: Element<Value = K>>(value: &K, number: u8) -> Writer {
    let mut out = Writer::new();
    out.tagged(application(number), |out| K::write_element(value, out));
    out
}
