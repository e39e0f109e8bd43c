//! The authenticator's checksum, and tokens that are none (K15, K25, K26).

use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{error_code, key_usage};
use secur32::wire::kerberos::{AuthorizationDataEntry, GssChecksum};

use super::{AES, forge, refused, serve};
use crate::support::ap::{
    ALL_ENCTYPES, DCE, Forger, GSS, INTEGRITY, Loop, TicketMaker, judge, key,
};

const MALFORMED: PeerFault = PeerFault::MalformedToken;

#[test]
fn k15_only_the_session_keys_own_checksum_is_believed() {
    for session in ALL_ENCTYPES {
        let ticket = TicketMaker::new(session);
        let setup = Loop::new(&ticket);
        let genuine = key(session, 0x52).checksum(key_usage::AP_REQ_CHECKSUM, &[]);
        let mut forger = Forger::new(&ticket);
        let code = Some(error_code::KRB_AP_ERR_INAPP_CKSUM);
        // CRC32, MD4, MD5, SHA1, and every keyed type, right only for its own key.
        for number in [1, 2, 7, 14, 15, 16, 19, 20, -138, 0, i32::MIN, 32_772] {
            for sum in [&genuine[..], &[], &genuine[1..], &[0; 4], &[0; 16], &[0; 20]] {
                forger.checksum = Some((number, sum.to_vec()));
                forger.confounder = forger.confounder.wrapping_add(1);
                let result = serve(&setup, &forger);
                if number == session.checksum_type() && sum == &genuine[..] {
                    result.unwrap();
                } else {
                    refused(result, PeerFault::LogonDenied, code);
                }
            }
        }
    }
}

#[test]
fn k25_a_checksum_that_is_missing_gives_nothing() {
    let context = forge(|forger| {
        forger.checksum = None;
        forger.ap_options = 0;
    });
    assert_eq!(context.unwrap().flags, ContextFlags::CONNECTION);
    let context = forge(|forger| forger.checksum = None).unwrap();
    assert_eq!(context.flags, ContextFlags::CONNECTION | ContextFlags::MUTUAL_AUTH);
}

#[test]
fn k25_a_broken_checksum_is_refused() {
    let whole = GssChecksum { flags: INTEGRITY, ..GssChecksum::default() }.to_bytes().unwrap();
    let with = |bytes: Vec<u8>| forge(|forger| forger.checksum = Some((GSS, bytes)));
    with(whole.clone()).unwrap();
    for length in 0..24 {
        refused(with(whole[..length].to_vec()), MALFORMED, None);
    }
    for length in [0_u8, 15, 17, 255] {
        let mut other = whole.clone();
        other[0] = length;
        refused(with(other), MALFORMED, None);
    }
    let tails: [&[u8]; 7] = [
        &[0],
        &[0; 7],
        &[0, 0, 0, 1, 0, 0, 0, 1],
        &[0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0, 0, 0, 1, 0, 0, 0, 2, 9],
        &[0, 0, 0, 1, 0, 0, 0, 1, 9, 0],
        &[0xFF; 9],
    ];
    for tail in tails {
        refused(with([&whole[..], tail].concat()), MALFORMED, None);
    }
    with([&whole[..], &[0, 0, 0, 1, 0, 0, 0, 1, 9]].concat()).unwrap();
    // Delegation that is announced, and not there, or longer than what there is.
    let mut delegates = whole;
    delegates[20] |= 1;
    for tail in [&[][..], &[1, 0], &[1, 0, 1, 0], &[1, 0, 0xFF, 0xFF, 0x76], &[2, 0, 0, 0]] {
        refused(with([&delegates[..], tail].concat()), MALFORMED, None);
    }
}

#[test]
fn k26_a_request_of_another_protocol_is_refused() {
    // Its checksum is genuine, and over that protocol's data.
    let session = key(AES, 0x52);
    for data in [&b"data of another protocol"[..], b"\0", &[0; 16]] {
        let sum = session.checksum(key_usage::AP_REQ_CHECKSUM, &[data]);
        let result = forge(|forger| forger.checksum = Some((16, sum)));
        let code = Some(error_code::KRB_AP_ERR_INAPP_CKSUM);
        refused(result, PeerFault::LogonDenied, code);
    }
    // And one of a TGS request, whose usage is another.
    let sum = session.checksum(key_usage::TGS_REQ_CHECKSUM, &[]);
    let result = forge(|forger| forger.checksum = Some((16, sum)));
    let code = Some(error_code::KRB_AP_ERR_INAPP_CKSUM);
    refused(result, PeerFault::LogonDenied, code);
    // Over nothing it is old Samba's.
    let sum = session.checksum(key_usage::AP_REQ_CHECKSUM, &[]);
    let context = forge(|forger| forger.checksum = Some((16, sum))).unwrap();
    let flags = ContextFlags::REPLAY_DETECT | ContextFlags::SEQUENCE_DETECT;
    assert!(context.flags.contains(flags | ContextFlags::MUTUAL_AUTH));
}

#[test]
fn a_frame_and_dce_style_exclude_each_other() {
    let result = forge(|forger| forger.mech = None);
    refused(result, PeerFault::UnexpectedToken, None);
    let result = forge(|forger| forger.set_gss(|gss| gss.flags |= DCE));
    refused(result, PeerFault::UnexpectedToken, None);
}

#[test]
fn all_names_of_the_mechanism_are_understood_and_answered_in_kind() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&TicketMaker::new(AES));
    for mech in [Mechanism::Krb5, Mechanism::MsKrb5, Mechanism::PreStandard] {
        forger.mech = Some(mech);
        forger.confounder += 1;
        let (_, token) = judge(setup.server(), &forger.token(), None, &setup.server_env).unwrap();
        assert_eq!(gss::unframe(&token).unwrap().mech, mech);
        let reply = forger.read_reply(&token);
        assert_eq!((reply.ctime, reply.cusec), (forger.ctime, 17));
    }
}

#[test]
fn what_is_no_request_is_no_request() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let request = Forger::new(&TicketMaker::new(AES)).request().to_der();
    let tokens = [
        Vec::new(),
        b"NTLMSSP\0\x01\0\0\0".to_vec(),
        gss::frame(Mechanism::Krb5, tok_id::AP_REP, &request),
        gss::frame(Mechanism::Krb5, tok_id::ERROR, &request),
        gss::frame(Mechanism::Krb5, tok_id::TGT_REQ, &request),
        gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, &request),
        gss::frame(Mechanism::Krb5, tok_id::CFX_WRAP, &request),
        request[1..].to_vec(),
        [&request[..], &[0]].concat(),
    ];
    for token in tokens {
        let refusal = judge(setup.server(), &token, None, &setup.server_env).err().unwrap();
        let fault = refusal.error.fault();
        assert!(
            fault == MALFORMED.into() || fault == PeerFault::UnexpectedToken.into(),
            "{token:x?}: {}",
            refusal.error
        );
        assert!(refusal.token.is_none());
    }
}

#[test]
fn unknown_restrictions_are_obeyed_by_refusing() {
    let entry = |ad_type| AuthorizationDataEntry { ad_type, ad_data: vec![0x30, 0] };
    for ad_type in [0, 2, 5, 1234, -1, 143] {
        let result = forge(|forger| forger.ticket.authorization_data = vec![entry(ad_type)]);
        refused(result, PeerFault::LogonDenied, Some(error_code::KRB_ERR_GENERIC));
        let hint = AuthorizationDataEntry::if_relevant(&[entry(ad_type)]);
        forge(|forger| forger.ticket.authorization_data = vec![hint.clone()]).unwrap();
        let result = forge(|forger| forger.authorization_data = vec![entry(ad_type)]);
        refused(result, PeerFault::LogonDenied, Some(error_code::KRB_ERR_GENERIC));
    }
}

#[test]
fn a_client_that_wants_no_answer_is_told_nothing_unless_the_server_says_so() {
    for (flags, required, told) in [
        (INTEGRITY, ContextFlags::empty(), false),
        (INTEGRITY, ContextFlags::EXTENDED_ERROR, true),
        (INTEGRITY | 0x4000, ContextFlags::empty(), true),
    ] {
        let mut setup = Loop::new(&TicketMaker::new(AES));
        setup.required = required;
        setup.server_bindings = Some(super::channel::bindings(b"tls-unique:A"));
        let mut forger = Forger::new(&TicketMaker::new(AES));
        forger.ap_options = 0;
        forger.set_gss(|gss| gss.flags = flags);
        let code = told.then_some(error_code::KRB_ERR_GENERIC);
        refused(serve(&setup, &forger), PeerFault::BadBindings, code);
    }
}
