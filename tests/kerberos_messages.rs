//! Kerberos messages, whole, cut, changed and malicious.

#[path = "support/messages.rs"]
mod messages;

use messages::*;
use proptest::prelude::*;
use secur32::spi::error::{Error, Fault, PeerFault};
use secur32::spi::kerberos::{KerberosTime, KeyBlock};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::*;

#[test]
fn every_message_makes_the_round() {
    for sample in der_samples().into_iter().chain(framed_samples()) {
        assert_eq!((sample.again)(&sample.bytes), Some(sample.bytes.clone()), "{}", sample.name);
    }
}

#[test]
fn values_come_back_as_they_were() {
    let part = EncTicketPart::from_der(enc_ticket_part().to_der_secret().expose()).unwrap();
    assert_eq!(part, enc_ticket_part());
    let request = kdc_req(KdcMessage::As);
    assert_eq!(KdcReq::from_der(&request.to_der()).unwrap(), request);
    let reply = kdc_rep(KdcMessage::Tgs);
    assert_eq!(KdcRep::from_der(&reply.to_der()).unwrap(), reply);
    assert_eq!(reply.ticket.parse().unwrap(), ticket());
    let part = enc_kdc_rep_part();
    for message in [KdcMessage::As, KdcMessage::Tgs] {
        let bytes = part.to_der_secret(message);
        assert_eq!(EncKdcRepPart::from_der(bytes.expose()).unwrap(), part);
        assert_eq!(EncKdcRepPart::tag(bytes.expose()), Some(message));
    }
    assert_eq!(ApReq::from_der(&ap_req().to_der()).unwrap(), ap_req());
    let sealed = authenticator().to_der_secret();
    assert_eq!(Authenticator::from_der(sealed.expose()).unwrap(), authenticator());
    assert_eq!(KrbError::from_der(&krb_error().to_der()).unwrap(), krb_error());
    let sealed = enc_krb_cred_part().to_der_secret();
    assert_eq!(EncKrbCredPart::from_der(sealed.expose()).unwrap(), enc_krb_cred_part());
    let checksum = gss_checksum();
    assert_eq!(GssChecksum::from_bytes(&checksum.to_bytes().unwrap()).unwrap(), checksum);
}

#[test]
fn no_message_may_be_cut() {
    for sample in der_samples() {
        for length in 0..sample.bytes.len() {
            assert_eq!((sample.again)(&sample.bytes[..length]), None, "{} {length}", sample.name);
        }
    }
}

#[test]
fn nothing_may_follow_a_message() {
    for sample in der_samples() {
        for tail in [&[0][..], &[0, 0], &[5, 0], &sample.bytes] {
            let longer = [&sample.bytes, tail].concat();
            assert_eq!((sample.again)(&longer), None, "{} {tail:?}", sample.name);
        }
    }
}

/// Each byte takes several other values. What is still a message is written as something that is
/// read as the same.
#[test]
fn changed_messages_are_refused_or_stay_what_they_are() {
    for sample in der_samples().into_iter().chain(framed_samples()) {
        let mut bytes = sample.bytes.clone();
        for at in 0..bytes.len() {
            let original = bytes[at];
            for change in [1, 0x20, 0x80, 0xFF, original, !original] {
                bytes[at] = original ^ change;
                if let Some(written) = (sample.again)(&bytes) {
                    let stable = (sample.again)(&written);
                    assert_eq!(stable.as_ref(), Some(&written), "{} {at} {change}", sample.name);
                }
            }
            bytes[at] = original;
        }
    }
}

#[test]
fn frames_are_cut_where_they_may_be() {
    for sample in framed_samples() {
        let checksum = sample.name == "GssChecksum";
        // The checksum may end where an extension begins.
        let may_end = if checksum { 24 + 4 + krb_cred().to_der().len() } else { usize::MAX };
        for length in 0..sample.bytes.len() {
            let read = (sample.again)(&sample.bytes[..length]);
            assert_eq!(read.is_some(), length == may_end, "{} {length}", sample.name);
        }
    }
}

#[test]
fn a_message_is_malformed_as_another() {
    let samples = der_samples();
    for sample in &samples {
        let others = samples.iter().filter(|other| other.bytes[0] != sample.bytes[0]);
        for other in others.filter(|other| other.name != sample.name) {
            let read = (other.again)(&sample.bytes);
            assert!(read.is_none(), "{} as {}", sample.name, other.name);
        }
    }
}

#[test]
fn a_malformed_message_is_the_peers_fault() {
    let error = Error::from(ApReq::from_der(b"\x6e\x02\x30\x01").unwrap_err());
    assert_eq!(error.fault(), Fault::Peer(PeerFault::MalformedToken));
    assert!(error.to_string().contains("AP-REQ"), "{error}");
}

#[test]
fn unsigned_numbers_come_in_all_clothes() {
    let message = |integer: &[u8]| {
        let kvno = [&[0xA1, integer.len() as u8 + 2, 2, integer.len() as u8], integer].concat();
        let fields = [&[0xA0, 3, 2, 1, 18], &kvno[..], &[0xA2, 2, 4, 0]].concat();
        [&[0x30, fields.len() as u8], &fields[..]].concat()
    };
    for (integer, value) in [
        (&[0][..], 0),
        (&[0x7F], 127),
        (&[0, 0x80], 128),
        (&[0xFF], u32::MAX),
        (&[0x80], 0xFFFF_FF80),
        (&[0xFF, 0, 0, 0], 0xFF00_0000),
        (&[0x80, 0, 0, 0], 0x8000_0000),
        (&[0x7F, 0xFF, 0xFF, 0xFF], 0x7FFF_FFFF),
        (&[0, 0xFF, 0xFF, 0xFF, 0xFF], u32::MAX),
    ] {
        let read = EncryptedData::from_der(&message(integer)).unwrap();
        assert_eq!(read.kvno, Some(value), "{integer:?}");
        assert_eq!(EncryptedData::from_der(&read.to_der()).unwrap(), read);
    }
    for integer in [
        &[][..],
        &[0, 1],
        &[0xFF, 0xFF],
        &[1, 0, 0, 0, 0],
        &[0xFF, 0x7F, 0xFF, 0xFF, 0xFF],
        &[0, 0x80, 0, 0, 0, 0],
    ] {
        assert!(EncryptedData::from_der(&message(integer)).is_err(), "{integer:?}");
    }
}

#[test]
fn flags_may_be_shorter_or_longer() {
    let of = |bits: &[u8]| {
        let length = bits.len() as u8;
        let message = [&[0x30, length + 4, 0xA0, length + 2, 3, length], bits].concat();
        PaPacOptions::from_der(&message).map(|read| read.options)
    };
    assert_eq!(of(&[4, 0x10]), Ok(0x1000_0000));
    assert_eq!(of(&[0]), Ok(0));
    assert_eq!(of(&[0, 1, 2, 3, 4]), Ok(0x0102_0304));
    assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6]), Ok(0x0102_0304));
    assert!(of(&[]).is_err());
    assert!(of(&[8, 1]).is_err());
    assert!(of(&[1]).is_err());
}

#[test]
fn extensible_sequences_may_grow_and_others_not() {
    let longer = b"\x30\x0b\xa0\x04\x03\x02\x04\x10\xa5\x03\x02\x01\x01";
    assert_eq!(PaPacOptions::from_der(longer).unwrap().options, 0x1000_0000);
    let longer = b"\x30\x0f\xa0\x03\x02\x01\x12\xa1\x02\x04\x00\xa2\x04\x04\x02\x01\x01";
    assert!(Checksum::from_der(longer).is_err());
}

#[test]
fn an_absent_salt_is_not_an_empty_one() {
    for salt in [None, Some(Vec::new()), Some(b"R\xC3\xA9\xFF".to_vec())] {
        let entry = EtypeInfo2Entry { etype: 18, salt: salt.clone(), s2kparams: None };
        let bytes = EtypeInfo2Entry::list_to_der(&[entry]);
        assert_eq!(EtypeInfo2Entry::list_from_der(&bytes).unwrap()[0].salt, salt);
    }
}

#[test]
fn texts_for_people_need_not_be_utf8_but_names_do() {
    let at = |bytes: &[u8], text: &[u8]| {
        bytes.windows(text.len()).position(|window| window == text).unwrap()
    };
    let mut error = krb_error().to_der();
    let place = at(&error, b"NEEDED");
    error[place] = 0xFC;
    let read = KrbError::from_der(&error).unwrap();
    assert_eq!(read.e_text.as_deref(), Some("\u{FFFD}EEDED_PREAUTH"));
    let place = at(&error, b"HTTP");
    error[place] = 0xFC;
    assert!(KrbError::from_der(&error).is_err());
}

#[test]
fn what_a_reply_says_it_is_it_must_be() {
    let mut reply = kdc_rep(KdcMessage::As).to_der();
    reply[0] = 0x6D;
    assert!(KdcRep::from_der(&reply).is_err());
    assert_eq!(application_tag(&reply), Some(numbers::application::TGS_REP));
    assert_eq!(application_tag(b""), None);
    assert_eq!(application_tag(b"\x30"), None);
}

#[test]
fn authorization_data_are_found_in_their_container() {
    let entry = |ad_type| AuthorizationDataEntry { ad_type, ad_data: vec![7] };
    let nested = AuthorizationDataEntry::if_relevant(&[entry(143), entry(129)]);
    let list = [entry(128), nested.clone(), entry(129)];
    let found = AuthorizationDataEntry::find(&list, 129).unwrap();
    assert_eq!(found, [entry(129), entry(129)]);
    assert_eq!(AuthorizationDataEntry::find(&list, 5).unwrap(), []);
    let broken = AuthorizationDataEntry { ad_type: 1, ad_data: vec![0x30, 1] };
    assert!(AuthorizationDataEntry::find(&[broken], 129).is_err());
    let deep = (0..10).fold(entry(129), |inner, _| AuthorizationDataEntry::if_relevant(&[inner]));
    assert!(AuthorizationDataEntry::find(&[deep], 129).is_err());
}

#[test]
fn the_gss_checksum_is_little_and_its_extensions_are_big_endian() {
    let checksum = GssChecksum {
        bindings: [9; 16],
        flags: 0x2E,
        delegation: Some(vec![0xDE; 3]),
        extensions: vec![GssExtension { number: 1, data: vec![0xEE] }],
    };
    let head = [&[16, 0, 0, 0][..], &[9; 16], &[0x2F, 0, 0, 0]].concat();
    let tail = [1, 0, 3, 0, 0xDE, 0xDE, 0xDE, 0, 0, 0, 1, 0, 0, 0, 1, 0xEE];
    let bytes = [&head[..], &tail].concat();
    assert_eq!(checksum.to_bytes().unwrap(), bytes);
    let read = GssChecksum::from_bytes(&bytes).unwrap();
    assert_eq!((read.flags, read.delegation), (0x2F, checksum.delegation));
    let too_long = GssChecksum { delegation: Some(vec![0; 0x1_0000]), ..GssChecksum::default() };
    assert!(too_long.to_bytes().is_err());
}

#[test]
fn password_servers_answer_in_frames_and_without() {
    let error = krb_error().to_der();
    let framed = KpasswdReply::Error(error.clone()).to_bytes().unwrap();
    for bytes in [&error, &framed] {
        assert_eq!(KpasswdReply::from_bytes(bytes).unwrap(), KpasswdReply::Error(error.clone()));
    }
    for bad in [&b""[..], &[0, 6, 0, 1, 0, 0], &[0, 7, 0, 1, 0, 2, 0], &[0, 8, 0, 1, 0, 0, 1]] {
        assert!(KpasswdReply::from_bytes(bad).is_err(), "{bad:?}");
    }
    let policy =
        PasswordPolicy { min_length: 7, history: 24, properties: 1, expire: 9, min_age: 8 };
    for message in [KpasswdMessage::Text("Too short".into()), KpasswdMessage::Policy(policy)] {
        let result = KpasswdResult { code: 4, message };
        assert_eq!(KpasswdResult::from_bytes(&result.to_bytes()).unwrap(), result);
    }
    assert!(KpasswdResult::from_bytes(&[0]).is_err());
}

#[test]
fn extended_errors_are_little_endian() {
    let error = KerbExtError { status: 0xC000_006D, reserved: 0, flags: 1 };
    assert_eq!(error.to_bytes()[..4], [0x6D, 0, 0, 0xC0]);
    assert_eq!(KerbExtError::from_bytes(&error.to_bytes()).unwrap(), error);
    assert!(KerbExtError::from_bytes(&[0; 11]).is_err());
    // What Windows waits for (MS-KILE 2.2.1).
    assert_eq!(KerbErrorData::skew_recovery().to_der(), [0x30, 5, 0xA1, 3, 2, 1, 2]);
}

/// K30: nothing nests, repeats, grows or points out of the message.
#[test]
fn k30_resource_abuse_is_refused_at_once() {
    let refused = |bytes: &[u8]| {
        for sample in der_samples() {
            assert_eq!((sample.again)(bytes), None, "{}", sample.name);
        }
    };
    for tag in [0x30, 0x61, 0x6E, 0x7E, 0xA0] {
        // Indefinite lengths in each other, lengths that nobody has, lengths of lengths.
        refused(&[tag, 0x80].repeat(100_000));
        refused(&[&[tag, 0x88, 0x7F][..], &[0xFF; 7]].concat());
        refused(&[&[tag, 0x84][..], &[0xFF; 4]].concat());
        refused(&[&[tag, 0xFE][..], &[0; 126]].concat());
        refused(&[tag, 0xFF]);
        // Definite ones in each other.
        let deep = (0..200).fold(Vec::new(), |inner: Vec<u8>, _| element(tag, &inner));
        refused(&deep);
    }
    for item in [&[0x30, 0][..], &[2, 0], &[4, 0], &[0x31, 0], &[0, 0]] {
        refused(&element(0x30, &item.repeat(500_000)));
    }
    refused(&vec![0x30; (1 << 20) + 1]);
}

/// K30: what is true of small lists is true of long ones, and a list costs what it is long.
#[test]
fn k30_long_lists_cost_what_they_are_long() {
    let list = element(0x30, &[2, 1, 1].repeat(300_000));
    assert_eq!(EtypeList::from_der(&list).unwrap().0.len(), 300_000);
    let list = element(0x30, &[2, 1, 1].repeat(400_000));
    assert!(EtypeList::from_der(&list).is_err(), "longer than any message may be");
    let names = element(0xA1, &element(0x30, &[0x1B, 0].repeat(400_000)));
    let name = element(0x30, &[&[0xA0, 3, 2, 1, 1], &names[..]].concat());
    assert_eq!(PrincipalName::from_der(&name).unwrap().name_string.len(), 400_000);
}

/// K30: fields are there once, in their order, and none is left out that must be there.
#[test]
fn k30_fields_repeated_missing_or_out_of_order_are_refused() {
    let fields: Vec<Vec<u8>> =
        vec![vec![0xA0, 3, 2, 1, 18], vec![0xA1, 3, 2, 1, 2], vec![0xA2, 4, 4, 2, 1, 2]];
    let message = |order: &[usize]| {
        let contents: Vec<u8> = order.iter().flat_map(|at| fields[*at].clone()).collect();
        EncryptedData::from_der(&element(0x30, &contents))
    };
    assert!(message(&[0, 1, 2]).is_ok());
    assert!(message(&[0, 2]).is_ok());
    for order in [
        &[][..],
        &[0],
        &[1, 2],
        &[0, 1],
        &[2, 1, 0],
        &[0, 2, 1],
        &[0, 0, 1, 2],
        &[0, 1, 1, 2],
        &[0, 1, 2, 2],
        &[0, 1, 2, 0],
    ] {
        assert!(message(order).is_err(), "{order:?}");
    }
}

/// K31: a name is as long as it says, whatever is in it.
#[test]
fn k31_names_are_no_c_strings() {
    let mebi = "x".repeat(1_000_000);
    let strange = ["", "\0", "\0admin", "admin\0", "a/b", "a@B", "a\\b", "a\nb", "\u{202E}", &mebi];
    for text in strange {
        for components in [vec![], vec![text], vec!["HTTP", text], vec![text, ""]] {
            let name_string = components.into_iter().map(str::to_owned).collect();
            let name = PrincipalName { name_type: 1, name_string };
            assert_eq!(PrincipalName::from_der(&name.to_der()).unwrap(), name);
        }
        let ticket = Ticket { realm: text.to_owned(), ..ticket() };
        assert_eq!(Ticket::from_der(&ticket.to_der()).unwrap().realm, text);
    }
    let of = |components: &[&str]| {
        let name_string = components.iter().map(|text| (*text).to_owned()).collect();
        PrincipalName { name_type: 1, name_string }
    };
    for (one, other) in [
        (&["admin"][..], &["admin\0"][..]),
        (&["admin"], &["admin", ""]),
        (&["a/b"], &["a", "b"]),
        (&[], &[""]),
        (&["ab"], &["a"]),
    ] {
        assert!(!of(one).same_name(&of(other)), "{one:?} {other:?}");
        assert_ne!(of(one).in_realm("R"), of(other).in_realm("R"));
    }
    assert_ne!(of(&["a"]).in_realm("R"), of(&["a"]).in_realm("R\0"));
}

fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match length[..] {
        [] => vec![tag, 0],
        [short @ 0..0x80] => vec![tag, short],
        _ => [&[tag, 0x80 | length.len() as u8], &length[..]].concat(),
    };
    [&head, contents].concat()
}

fn any_name() -> impl Strategy<Value = PrincipalName> {
    (any::<i32>(), proptest::collection::vec(any::<String>(), 0..4))
        .prop_map(|(name_type, name_string)| PrincipalName { name_type, name_string })
}

fn any_time() -> impl Strategy<Value = KerberosTime> {
    (-62_167_219_200_i64..253_402_300_800).prop_map(KerberosTime)
}

fn any_key() -> impl Strategy<Value = (i32, Vec<u8>)> {
    (any::<i32>(), any::<Vec<u8>>())
}

fn block((enctype, value): (i32, Vec<u8>)) -> KeyBlock {
    KeyBlock { enctype, value: SecretBytes::new(value) }
}

proptest! {
    #[test]
    fn any_encrypted_data(etype: i32, kvno: Option<u32>, cipher: Vec<u8>) {
        let value = EncryptedData { etype, kvno, cipher };
        prop_assert_eq!(EncryptedData::from_der(&value.to_der()).unwrap(), value);
    }

    #[test]
    fn any_authenticator(
        crealm: String, cname in any_name(), cusec: u32, ctime in any_time(),
        subkey in proptest::option::of(any_key()), seq_number: Option<u32>,
        cksum: Option<(i32, Vec<u8>)>, data: Vec<(i32, Vec<u8>)>,
    ) {
        let value = Authenticator {
            crealm, cname, cusec, ctime, seq_number,
            cksum: cksum.map(|(cksumtype, checksum)| Checksum { cksumtype, checksum }),
            subkey: subkey.map(block),
            authorization_data: data
                .into_iter()
                .map(|(ad_type, ad_data)| AuthorizationDataEntry { ad_type, ad_data })
                .collect(),
        };
        let written = value.to_der_secret();
        prop_assert_eq!(Authenticator::from_der(written.expose()).unwrap(), value);
    }

    #[test]
    fn any_error(
        ctime in proptest::option::of(any_time()), cusec: Option<u32>, stime in any_time(),
        susec: u32, error_code: i32, crealm: Option<String>,
        cname in proptest::option::of(any_name()), realm: String, sname in any_name(),
        e_text: Option<String>, e_data: Option<Vec<u8>>,
    ) {
        let value = KrbError {
            ctime, cusec, stime, susec, error_code, crealm, cname, realm, sname, e_text, e_data,
        };
        prop_assert_eq!(KrbError::from_der(&value.to_der()).unwrap(), value);
    }

    #[test]
    fn any_checksum_of_gss(
        bindings: [u8; 16], flags: u32, delegation: Option<Vec<u8>>,
        extensions: Vec<(u32, Vec<u8>)>,
    ) {
        let flags = if delegation.is_some() { flags | 1 } else { flags & !1 };
        let extensions =
            extensions.into_iter().map(|(number, data)| GssExtension { number, data }).collect();
        let value = GssChecksum { bindings, flags, delegation, extensions };
        prop_assert_eq!(GssChecksum::from_bytes(&value.to_bytes().unwrap()).unwrap(), value);
    }

    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        for sample in der_samples().into_iter().chain(framed_samples()) {
            if let Some(written) = (sample.again)(&bytes) {
                let stable = (sample.again)(&written);
                prop_assert_eq!(stable.as_ref(), Some(&written));
            }
        }
    }
}
