//! One value of each Kerberos message with all its fields, and what reads and writes it again.
#![allow(dead_code, reason = "each test uses some")]

use secur32::spi::kerberos::{KerberosTime, KeyBlock};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::*;

/// A message, encoded.
pub struct Sample {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Reads bytes as this message and writes what was read.
    pub again: fn(&[u8]) -> Option<Vec<u8>>,
}

pub const REALM: &str = "EXAMPLE.TEST";
pub const TIME: KerberosTime = KerberosTime(1_767_225_600);
/// Beyond 31 and 32 bits; Windows' "never" is like it.
pub const LATE: KerberosTime = KerberosTime(4_102_444_800);

pub fn name() -> PrincipalName {
    PrincipalName { name_type: 2, name_string: vec!["HTTP".into(), "wébsrv.example.test".into()] }
}

pub fn key() -> KeyBlock {
    KeyBlock { enctype: 18, value: SecretBytes::new((0..32).collect()) }
}

pub fn encrypted() -> EncryptedData {
    EncryptedData { etype: 18, kvno: Some(3), cipher: vec![0x5A; 150] }
}

pub fn addresses() -> Vec<HostAddress> {
    vec![
        HostAddress { addr_type: 2, address: vec![127, 0, 0, 1] },
        HostAddress { addr_type: 24, address: vec![0; 16] },
    ]
}

pub fn authorization() -> Vec<AuthorizationDataEntry> {
    let inner = AuthorizationDataEntry { ad_type: -3, ad_data: vec![1, 2, 3] };
    vec![AuthorizationDataEntry::if_relevant(&[inner])]
}

pub fn padata() -> Vec<PaData> {
    vec![
        PaData { padata_type: 2, padata_value: vec![9; 40] },
        PaData { padata_type: -128, padata_value: vec![] },
    ]
}

pub fn ticket() -> Ticket {
    Ticket { realm: REALM.into(), sname: name(), enc_part: encrypted() }
}

pub fn enc_ticket_part() -> EncTicketPart {
    EncTicketPart {
        flags: 0x40E1_0000,
        key: key(),
        crealm: REALM.into(),
        cname: name(),
        transited: TransitedEncoding { tr_type: 1, contents: b"A,B".to_vec() },
        authtime: TIME,
        starttime: Some(TIME),
        endtime: LATE,
        renew_till: Some(LATE),
        caddr: addresses(),
        authorization_data: authorization(),
    }
}

pub fn kdc_req(msg_type: KdcMessage) -> KdcReq {
    let req_body = KdcReqBody {
        kdc_options: 0x4001_0010,
        cname: Some(name()),
        realm: REALM.into(),
        sname: Some(name()),
        from: Some(TIME),
        till: LATE,
        rtime: Some(LATE),
        nonce: 0x7FFF_FFFF,
        etype: vec![18, 17, 20, 19, 23, -128],
        addresses: addresses(),
        enc_authorization_data: Some(encrypted()),
        additional_tickets: vec![ticket().encode(), ticket().encode()],
    };
    KdcReq { msg_type, padata: padata(), req_body }
}

pub fn kdc_rep(msg_type: KdcMessage) -> KdcRep {
    KdcRep {
        msg_type,
        padata: padata(),
        crealm: REALM.into(),
        cname: name(),
        ticket: ticket().encode(),
        enc_part: encrypted(),
    }
}

pub fn enc_kdc_rep_part() -> EncKdcRepPart {
    EncKdcRepPart {
        key: key(),
        last_req: vec![
            LastReq { lr_type: 0, lr_value: TIME },
            LastReq { lr_type: -6, lr_value: LATE },
        ],
        nonce: 0x1234_5678,
        key_expiration: Some(LATE),
        flags: 0x00C1_0000,
        authtime: TIME,
        starttime: Some(TIME),
        endtime: LATE,
        renew_till: Some(LATE),
        srealm: REALM.into(),
        sname: name(),
        caddr: addresses(),
        encrypted_pa_data: padata(),
    }
}

pub fn ap_req() -> ApReq {
    ApReq { ap_options: 0x2000_0000, ticket: ticket().encode(), authenticator: encrypted() }
}

pub fn authenticator() -> Authenticator {
    Authenticator {
        crealm: REALM.into(),
        cname: name(),
        cksum: Some(Checksum { cksumtype: 0x8003, checksum: vec![7; 24] }),
        cusec: 999_999,
        ctime: TIME,
        subkey: Some(key()),
        seq_number: Some(0x3FFF_FFFF),
        authorization_data: authorization(),
    }
}

pub fn enc_ap_rep_part() -> EncApRepPart {
    EncApRepPart { ctime: TIME, cusec: 1, subkey: Some(key()), seq_number: Some(77) }
}

pub fn krb_error() -> KrbError {
    KrbError {
        ctime: Some(TIME),
        cusec: Some(5),
        stime: TIME,
        susec: 6,
        error_code: 25,
        crealm: Some(REALM.into()),
        cname: Some(name()),
        realm: REALM.into(),
        sname: name(),
        e_text: Some("NEEDED_PREAUTH".into()),
        e_data: Some(PaData::list_to_der(&padata())),
    }
}

pub fn krb_cred() -> KrbCred {
    KrbCred { tickets: vec![ticket().encode()], enc_part: encrypted() }
}

pub fn enc_krb_cred_part() -> EncKrbCredPart {
    let info = KrbCredInfo {
        key: key(),
        prealm: Some(REALM.into()),
        pname: Some(name()),
        flags: Some(0x6000_0000),
        authtime: Some(TIME),
        starttime: Some(TIME),
        endtime: Some(LATE),
        renew_till: Some(LATE),
        srealm: Some(REALM.into()),
        sname: Some(name()),
        caddr: addresses(),
    };
    EncKrbCredPart {
        ticket_info: vec![info],
        nonce: Some(5),
        timestamp: Some(TIME),
        usec: Some(3),
        s_address: addresses().pop(),
        r_address: addresses().pop(),
    }
}

pub fn enc_krb_priv_part() -> EncKrbPrivPart {
    EncKrbPrivPart {
        user_data: SecretBytes::new(b"new password".to_vec()),
        timestamp: Some(TIME),
        usec: Some(9),
        seq_number: Some(1),
        s_address: addresses().remove(0),
        r_address: addresses().pop(),
    }
}

pub fn gss_checksum() -> GssChecksum {
    GssChecksum {
        bindings: [0xB1; 16],
        flags: 0x403F,
        delegation: Some(krb_cred().to_der()),
        extensions: vec![GssExtension { number: 2, data: vec![1; 5] }],
    }
}

/// What is written and read again.
macro_rules! plain {
    ($type:ident, $value:expr) => {
        Sample {
            name: stringify!($type),
            bytes: $value.to_der(),
            again: |bytes| $type::from_der(bytes).ok().map(|value| value.to_der()),
        }
    };
}

macro_rules! secret {
    ($type:ident, $value:expr) => {
        Sample {
            name: stringify!($type),
            bytes: $value.to_der_secret().expose().to_vec(),
            again: |bytes| {
                let value = $type::from_der(bytes).ok()?;
                Some(value.to_der_secret().expose().to_vec())
            },
        }
    };
}

macro_rules! list {
    ($type:ident, $value:expr) => {
        Sample {
            name: stringify!($type),
            bytes: $type::list_to_der(&$value),
            again: |bytes| $type::list_from_der(bytes).ok().map(|list| $type::list_to_der(&list)),
        }
    };
}

macro_rules! framed {
    ($type:ident, $value:expr) => {
        Sample {
            name: stringify!($type),
            bytes: $value.to_bytes().unwrap(),
            again: |bytes| $type::from_bytes(bytes).ok().map(|value| value.to_bytes().unwrap()),
        }
    };
}

fn pa_for_user() -> PaForUser {
    PaForUser {
        user_name: name(),
        user_realm: REALM.into(),
        cksum: Checksum { cksumtype: -138, checksum: vec![1; 16] },
        auth_package: PaForUser::PACKAGE.into(),
    }
}

fn s4u_user_id() -> S4uUserId {
    S4uUserId {
        nonce: 0x7FFF_0001,
        cname: Some(name()),
        crealm: REALM.into(),
        subject_certificate: Some(vec![3; 5]),
        options: Some(0x2000_0000),
    }
}

fn pa_s4u_x509_user() -> PaS4uX509User {
    PaS4uX509User {
        user_id: EncodedUserId(s4u_user_id().to_der()),
        checksum: Checksum { cksumtype: 16, checksum: vec![1; 12] },
    }
}

/// Messages in DER: no byte of them may be missing.
pub fn der_samples() -> Vec<Sample> {
    let info2 = EtypeInfo2Entry {
        etype: 18,
        salt: Some(b"EXAMPLE.TESTuser".to_vec()),
        s2kparams: Some(vec![0, 0, 16, 0]),
    };
    let change = ChangePasswdData {
        newpasswd: SecretBytes::new(b"secret".to_vec()),
        targname: Some(name()),
        targrealm: Some(REALM.into()),
    };
    vec![
        plain!(PrincipalName, name()),
        plain!(EncryptedData, encrypted()),
        plain!(Checksum, Checksum { cksumtype: -138, checksum: vec![1; 16] }),
        plain!(Ticket, ticket()),
        secret!(EncTicketPart, enc_ticket_part()),
        plain!(KdcReq, kdc_req(KdcMessage::As)),
        plain!(KdcReq, kdc_req(KdcMessage::Tgs)),
        plain!(KdcReqBody, kdc_req(KdcMessage::As).req_body),
        plain!(KdcRep, kdc_rep(KdcMessage::As)),
        plain!(KdcRep, kdc_rep(KdcMessage::Tgs)),
        enc_kdc_rep_sample(KdcMessage::As),
        enc_kdc_rep_sample(KdcMessage::Tgs),
        plain!(ApReq, ap_req()),
        secret!(Authenticator, authenticator()),
        plain!(ApRep, ApRep { enc_part: encrypted() }),
        secret!(EncApRepPart, enc_ap_rep_part()),
        plain!(TgtReq, TgtReq { server_name: Some(name()), realm: Some(REALM.into()) }),
        plain!(TgtRep, TgtRep { ticket: ticket().encode() }),
        plain!(KrbError, krb_error()),
        plain!(KrbCred, krb_cred()),
        secret!(EncKrbCredPart, enc_krb_cred_part()),
        plain!(KrbPriv, KrbPriv { enc_part: encrypted() }),
        secret!(EncKrbPrivPart, enc_krb_priv_part()),
        secret!(ChangePasswdData, change),
        plain!(KerbErrorData, KerbErrorData { data_type: 3, data_value: Some(vec![0; 12]) }),
        plain!(PaEncTsEnc, PaEncTsEnc { patimestamp: TIME, pausec: Some(123_456) }),
        plain!(PaPacOptions, PaPacOptions { options: 0x1000_0000 }),
        plain!(PaForUser, pa_for_user()),
        plain!(S4uUserId, s4u_user_id()),
        plain!(PaS4uX509User, pa_s4u_x509_user()),
        plain!(PaPacRequest, PaPacRequest { include_pac: true }),
        plain!(EtypeList, EtypeList(vec![20, 19, -1])),
        list!(PaData, padata()),
        list!(EtypeInfoEntry, [EtypeInfoEntry { etype: 23, salt: Some(vec![]) }]),
        list!(EtypeInfo2Entry, [info2]),
        list!(AuthorizationDataEntry, authorization()),
        list!(TypedData, [TypedData { data_type: 9, data_value: Some(vec![1]) }]),
    ]
}

/// Messages in frames of bytes.
pub fn framed_samples() -> Vec<Sample> {
    let request = KpasswdRequest {
        version: VERSION_SET,
        ap_req: ap_req().to_der(),
        krb_priv: KrbPriv { enc_part: encrypted() }.to_der(),
    };
    let reply = KpasswdReply::Protected {
        ap_rep: ApRep { enc_part: encrypted() }.to_der(),
        krb_priv: KrbPriv { enc_part: encrypted() }.to_der(),
    };
    vec![
        framed!(GssChecksum, gss_checksum()),
        framed!(KpasswdRequest, request),
        framed!(KpasswdReply, reply),
    ]
}

fn enc_kdc_rep_sample(message: KdcMessage) -> Sample {
    Sample {
        name: "EncKdcRepPart",
        bytes: enc_kdc_rep_part().to_der_secret(message).expose().to_vec(),
        again: |bytes| {
            let value = EncKdcRepPart::from_der(bytes).ok()?;
            Some(value.to_der_secret(EncKdcRepPart::tag(bytes)?).expose().to_vec())
        },
    }
}
