//! Our Kerberos messages against two independent implementations: what we write they read, with
//! the same values, and they write the same, so that we read what they write.
//!
//! Known faults of theirs: `kerberos_asn1` refuses numbers from 2³¹ and writes them negative, its
//! EncAPRepPart cannot do without the optional fields, and it panics at malformed messages: it
//! sees ours only, with small numbers. The flag constructors of `rasn_kerberos` are wrong and its
//! strings take no UTF-8: flags are compared as bits, and it sees ASCII names.

#[path = "support/messages.rs"]
mod messages;

use kerberos_asn1 as first;
use kerberos_asn1::Asn1Object;
use messages::*;
use rasn_kerberos as second;
use secur32::spi::kerberos::{KerberosTime, KeyBlock};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::*;

/// The first reads all of ours, with our values, and writes the same.
fn first_agrees<T: Asn1Object + Clone + Ours>(bytes: &[u8], value: &T::Our)
where
    T::Our: PartialEq + std::fmt::Debug,
{
    let (rest, theirs) = T::parse(bytes).unwrap();
    assert!(rest.is_empty());
    assert_eq!(&theirs.clone().ours(), value);
    assert_eq!(theirs.build(), bytes);
}

/// The second reads all of ours, and writes the same.
fn second_agrees<T: rasn::Decode + rasn::Encode>(bytes: &[u8]) -> T {
    let theirs: T = rasn::der::decode(bytes).unwrap();
    assert_eq!(rasn::der::encode(&theirs).unwrap(), bytes);
    theirs
}

/// What their value is in our words.
trait Ours {
    type Our;
    fn ours(self) -> Self::Our;
}

impl<T: Ours> Ours for Option<T> {
    type Our = Option<T::Our>;
    fn ours(self) -> Self::Our {
        self.map(T::ours)
    }
}

impl<T: Ours> Ours for Vec<T> {
    type Our = Vec<T::Our>;
    fn ours(self) -> Self::Our {
        self.into_iter().map(T::ours).collect()
    }
}

/// `Theirs => Our { field, … }`: fields whose types differ name what makes ours of theirs.
macro_rules! ours {
    ($($theirs:ident => $our:ident { $($field:ident $(: $how:ident)?),* $(,)? })*) => {$(
        impl Ours for first::$theirs {
            type Our = $our;
            fn ours(self) -> $our {
                $our { $($field: ours!(@ self $field $($how)?)),* }
            }
        }
    )*};
    (@ $self:ident $field:ident) => { $self.$field };
    (@ $self:ident $field:ident value) => { $self.$field.ours() };
    (@ $self:ident $field:ident always) => { Some($self.$field) };
    (@ $self:ident $field:ident always_value) => { Some($self.$field.ours()) };
    (@ $self:ident $field:ident list) => { $self.$field.ours().unwrap_or_default() };
    (@ $self:ident $field:ident ticket) => { EncodedTicket($self.$field.build()) };
    (@ $self:ident $field:ident tickets) => { encoded($self.$field) };
    (@ $self:ident $field:ident micros) => { u32::try_from($self.$field).unwrap() };
    (@ $self:ident $field:ident some_micros) => {
        $self.$field.map(|micros| u32::try_from(micros).unwrap())
    };
    (@ $self:ident $field:ident text) => { $self.$field.map(String::into_bytes) };
    (@ $self:ident $field:ident secret) => { SecretBytes::new($self.$field) };
    (@ $self:ident $field:ident message) => {
        if $self.$field < 12 { KdcMessage::As } else { KdcMessage::Tgs }
    };
}

fn encoded(tickets: Vec<first::Ticket>) -> Vec<EncodedTicket> {
    tickets.into_iter().map(|ticket| EncodedTicket(ticket.build())).collect()
}

impl Ours for first::KerberosTime {
    type Our = KerberosTime;
    fn ours(self) -> KerberosTime {
        KerberosTime(self.timestamp())
    }
}

impl Ours for first::KerberosFlags {
    type Our = u32;
    fn ours(self) -> u32 {
        self.flags
    }
}

impl Ours for first::EncryptionKey {
    type Our = KeyBlock;
    fn ours(self) -> KeyBlock {
        KeyBlock { enctype: self.keytype, value: SecretBytes::new(self.keyvalue) }
    }
}

ours! {
    PrincipalName => PrincipalName { name_type, name_string }
    HostAddress => HostAddress { addr_type, address }
    EncryptedData => EncryptedData { etype, kvno, cipher }
    Checksum => Checksum { cksumtype, checksum }
    AuthorizationDataEntry => AuthorizationDataEntry { ad_type, ad_data }
    PaData => PaData { padata_type, padata_value }
    PaEncTsEnc => PaEncTsEnc { patimestamp: value, pausec: some_micros }
    EtypeInfoEntry => EtypeInfoEntry { etype, salt }
    EtypeInfo2Entry => EtypeInfo2Entry { etype, salt: text, s2kparams }
    KerbPaPacRequest => PaPacRequest { include_pac }
    TypedDataEntry => TypedData { data_type, data_value }
    KerbErrorData => KerbErrorData { data_type, data_value }
    TransitedEncoding => TransitedEncoding { tr_type, contents }
    LastReqEntry => LastReq { lr_type, lr_value: value }
    Ticket => Ticket { realm, sname: value, enc_part: value }
    EncTicketPart => EncTicketPart {
        flags: value, key: value, crealm, cname: value, transited: value, authtime: value,
        starttime: value, endtime: value, renew_till: value, caddr: list,
        authorization_data: list,
    }
    ApReq => ApReq { ap_options: value, ticket: ticket, authenticator: value }
    Authenticator => Authenticator {
        crealm, cname: value, cksum: value, cusec: micros, ctime: value, subkey: value,
        seq_number, authorization_data: list,
    }
    ApRep => ApRep { enc_part: value }
    EncApRepPart => EncApRepPart {
        ctime: value, cusec: micros, subkey: always_value, seq_number: always,
    }
    AsReq => KdcReq { msg_type: message, padata: list, req_body: value }
    TgsReq => KdcReq { msg_type: message, padata: list, req_body: value }
    AsRep => KdcRep {
        msg_type: message, padata: list, crealm, cname: value, ticket: ticket, enc_part: value,
    }
    TgsRep => KdcRep {
        msg_type: message, padata: list, crealm, cname: value, ticket: ticket, enc_part: value,
    }
    EncAsRepPart => EncKdcRepPart {
        key: value, last_req: value, nonce, key_expiration: value, flags: value, authtime: value,
        starttime: value, endtime: value, renew_till: value, srealm, sname: value, caddr: list,
        encrypted_pa_data: list,
    }
    EncTgsRepPart => EncKdcRepPart {
        key: value, last_req: value, nonce, key_expiration: value, flags: value, authtime: value,
        starttime: value, endtime: value, renew_till: value, srealm, sname: value, caddr: list,
        encrypted_pa_data: list,
    }
    KrbError => KrbError {
        ctime: value, cusec: some_micros, stime: value, susec: micros, error_code, crealm,
        cname: value, realm, sname: value, e_text, e_data,
    }
    KrbCred => KrbCred { tickets: tickets, enc_part: value }
    KrbCredInfo => KrbCredInfo {
        key: value, prealm, pname: value, flags: value, authtime: value, starttime: value,
        endtime: value, renew_till: value, srealm, sname: value, caddr: list,
    }
    EncKrbCredPart => EncKrbCredPart {
        ticket_info: value, nonce, timestamp: value, usec: some_micros, s_address: value,
        r_address: value,
    }
    KrbPriv => KrbPriv { enc_part: value }
    EncKrbPrivPart => EncKrbPrivPart {
        user_data: secret, timestamp: value, usec: some_micros, seq_number, s_address: value,
        r_address: value,
    }
}

/// One of their fields has a name of its own.
impl Ours for first::KdcReqBody {
    type Our = KdcReqBody;
    fn ours(self) -> KdcReqBody {
        KdcReqBody {
            kdc_options: self.kdc_options.ours(),
            cname: self.cname.ours(),
            realm: self.realm,
            sname: self.sname.ours(),
            from: self.from.ours(),
            till: self.till.ours(),
            rtime: self.rtime.ours(),
            nonce: self.nonce,
            etype: self.etypes,
            addresses: self.addresses.ours().unwrap_or_default(),
            enc_authorization_data: self.enc_authorization_data.ours(),
            additional_tickets: encoded(self.additional_tickets.unwrap_or_default()),
        }
    }
}

#[test]
fn the_first_reads_ours_with_our_values() {
    first_agrees::<first::PrincipalName>(&name().to_der(), &name());
    first_agrees::<first::EncryptedData>(&encrypted().to_der(), &encrypted());
    first_agrees::<first::Ticket>(&ticket().to_der(), &ticket());
    let request = kdc_req(KdcMessage::As);
    first_agrees::<first::KdcReqBody>(&request.req_body.to_der(), &request.req_body);
    first_agrees::<first::AsReq>(&request.to_der(), &request);
    let request = kdc_req(KdcMessage::Tgs);
    first_agrees::<first::TgsReq>(&request.to_der(), &request);
    let reply = kdc_rep(KdcMessage::As);
    first_agrees::<first::AsRep>(&reply.to_der(), &reply);
    let reply = kdc_rep(KdcMessage::Tgs);
    first_agrees::<first::TgsRep>(&reply.to_der(), &reply);
    first_agrees::<first::ApReq>(&ap_req().to_der(), &ap_req());
    let reply = ApRep { enc_part: encrypted() };
    first_agrees::<first::ApRep>(&reply.to_der(), &reply);
    first_agrees::<first::KrbError>(&krb_error().to_der(), &krb_error());
    first_agrees::<first::KrbCred>(&krb_cred().to_der(), &krb_cred());
    let private = KrbPriv { enc_part: encrypted() };
    first_agrees::<first::KrbPriv>(&private.to_der(), &private);
    let data = KerbErrorData { data_type: 3, data_value: Some(vec![0; 12]) };
    first_agrees::<first::KerbErrorData>(&data.to_der(), &data);
    let stamp = PaEncTsEnc { patimestamp: TIME, pausec: Some(999_999) };
    first_agrees::<first::PaEncTsEnc>(&stamp.to_der(), &stamp);
    let wish = PaPacRequest { include_pac: false };
    first_agrees::<first::KerbPaPacRequest>(&wish.to_der(), &wish);
}

#[test]
fn the_first_reads_our_secret_parts_with_our_values() {
    let part = enc_ticket_part();
    first_agrees::<first::EncTicketPart>(part.to_der_secret().expose(), &part);
    let part = enc_kdc_rep_part();
    first_agrees::<first::EncAsRepPart>(part.to_der_secret(KdcMessage::As).expose(), &part);
    first_agrees::<first::EncTgsRepPart>(part.to_der_secret(KdcMessage::Tgs).expose(), &part);
    let part = authenticator();
    first_agrees::<first::Authenticator>(part.to_der_secret().expose(), &part);
    let part = enc_ap_rep_part();
    first_agrees::<first::EncApRepPart>(part.to_der_secret().expose(), &part);
    let part = enc_krb_cred_part();
    first_agrees::<first::EncKrbCredPart>(part.to_der_secret().expose(), &part);
    let part = enc_krb_priv_part();
    first_agrees::<first::EncKrbPrivPart>(part.to_der_secret().expose(), &part);
}

#[test]
fn the_first_reads_our_lists_with_our_values() {
    first_agrees::<Vec<first::PaData>>(&PaData::list_to_der(&padata()), &padata());
    let list = authorization();
    let bytes = AuthorizationDataEntry::list_to_der(&list);
    first_agrees::<Vec<first::AuthorizationDataEntry>>(&bytes, &list);
    let list = vec![TypedData { data_type: -1, data_value: None }];
    first_agrees::<Vec<first::TypedDataEntry>>(&TypedData::list_to_der(&list), &list);
    let list = vec![
        EtypeInfoEntry { etype: 23, salt: None },
        EtypeInfoEntry { etype: 18, salt: Some(vec![]) },
    ];
    first_agrees::<Vec<first::EtypeInfoEntry>>(&EtypeInfoEntry::list_to_der(&list), &list);
    let entry = |salt: Option<&str>| EtypeInfo2Entry {
        etype: 18,
        salt: salt.map(|salt| salt.as_bytes().to_vec()),
        s2kparams: Some(vec![0, 0, 16, 0]),
    };
    let list = vec![entry(None), entry(Some("")), entry(Some("R.TESTübung"))];
    first_agrees::<Vec<first::EtypeInfo2Entry>>(&EtypeInfo2Entry::list_to_der(&list), &list);
}

/// Where everything optional is absent.
#[test]
fn the_first_reads_the_least_that_there_is() {
    let body = KdcReqBody {
        cname: None,
        sname: None,
        from: None,
        rtime: None,
        etype: vec![],
        addresses: vec![],
        enc_authorization_data: None,
        additional_tickets: vec![],
        ..kdc_req(KdcMessage::As).req_body
    };
    let request = KdcReq { msg_type: KdcMessage::As, padata: vec![], req_body: body };
    first_agrees::<first::AsReq>(&request.to_der(), &request);
    let part = Authenticator {
        cksum: None,
        subkey: None,
        seq_number: None,
        authorization_data: vec![],
        ..authenticator()
    };
    first_agrees::<first::Authenticator>(part.to_der_secret().expose(), &part);
    let error = KrbError {
        ctime: None,
        cusec: None,
        crealm: None,
        cname: None,
        e_text: None,
        e_data: None,
        ..krb_error()
    };
    first_agrees::<first::KrbError>(&error.to_der(), &error);
}

#[test]
fn the_second_reads_and_writes_ours() {
    second_agrees::<second::PrincipalName>(&plain_name().to_der());
    second_agrees::<second::EncryptedData>(&encrypted().to_der());
    second_agrees::<second::Ticket>(&plain_ticket().to_der());
    for (message, as_req) in [(KdcMessage::As, true), (KdcMessage::Tgs, false)] {
        let body = KdcReqBody {
            cname: Some(plain_name()),
            sname: Some(plain_name()),
            additional_tickets: vec![plain_ticket().encode()],
            ..kdc_req(message).req_body
        };
        let bytes = KdcReq { req_body: body, ..kdc_req(message) }.to_der();
        let reply =
            KdcRep { cname: plain_name(), ticket: plain_ticket().encode(), ..kdc_rep(message) }
                .to_der();
        let part = EncKdcRepPart { sname: plain_name(), ..enc_kdc_rep_part() };
        let part = part.to_der_secret(message);
        if as_req {
            second_agrees::<second::AsReq>(&bytes);
            second_agrees::<second::AsRep>(&reply);
            second_agrees::<second::EncAsRepPart>(part.expose());
        } else {
            second_agrees::<second::TgsReq>(&bytes);
            second_agrees::<second::TgsRep>(&reply);
            second_agrees::<second::EncTgsRepPart>(part.expose());
        }
    }
    let request = ApReq { ticket: plain_ticket().encode(), ..ap_req() };
    second_agrees::<second::ApReq>(&request.to_der());
    second_agrees::<second::ApRep>(&ApRep { enc_part: encrypted() }.to_der());
    let error = KrbError { cname: Some(plain_name()), sname: plain_name(), ..krb_error() };
    second_agrees::<second::KrbError>(&error.to_der());
    let cred = KrbCred { tickets: vec![plain_ticket().encode()], enc_part: encrypted() };
    second_agrees::<second::KrbCred>(&cred.to_der());
    second_agrees::<second::KrbPriv>(&KrbPriv { enc_part: encrypted() }.to_der());
    second_agrees::<second::MethodData>(&PaData::list_to_der(&padata()));
    let list = AuthorizationDataEntry::list_to_der(&authorization());
    second_agrees::<second::AuthorizationData>(&list);
    second_agrees::<second::ETypeList>(&EtypeList(vec![20, -1]).to_der());
}

#[test]
fn the_second_reads_and_writes_our_secret_parts() {
    let part = EncTicketPart { cname: plain_name(), ..enc_ticket_part() };
    second_agrees::<second::EncTicketPart>(part.to_der_secret().expose());
    let part = Authenticator { cname: plain_name(), ..authenticator() };
    second_agrees::<second::Authenticator>(part.to_der_secret().expose());
    second_agrees::<second::EncApRepPart>(enc_ap_rep_part().to_der_secret().expose());
    second_agrees::<second::EncKrbPrivPart>(enc_krb_priv_part().to_der_secret().expose());
    let mut part = enc_krb_cred_part();
    for info in &mut part.ticket_info {
        info.pname = Some(plain_name());
        info.sname = Some(plain_name());
    }
    second_agrees::<second::EncKrbCredPart>(part.to_der_secret().expose());
}

/// The second writes numbers from 2³¹ as RFC 4120 has them, as we do.
#[test]
fn the_second_agrees_about_large_numbers() {
    for number in [0, 1, 0x7F, 0x80, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
        let data = EncryptedData { etype: 18, kvno: Some(number), cipher: vec![1] };
        let theirs: second::EncryptedData = second_agrees(&data.to_der());
        assert_eq!(theirs.kvno, Some(number));
    }
    for number in [i32::MIN, -138, -1, 0, 127, 128, i32::MAX] {
        let data = EncryptedData { etype: number, kvno: None, cipher: vec![] };
        let theirs: second::EncryptedData = second_agrees(&data.to_der());
        assert_eq!(theirs.etype, number);
    }
}

/// The second's GeneralString takes no UTF-8.
fn plain_name() -> PrincipalName {
    PrincipalName { name_type: 2, name_string: vec!["HTTP".into(), "web.example.test".into()] }
}

fn plain_ticket() -> Ticket {
    Ticket { sname: plain_name(), ..ticket() }
}
