//! Enctypes that may not be used, and choices between them (K14, K16).

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::kerberos::KeyBlock;
use secur32::spi::secret::SecretBytes;
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{ad_type, error_code, key_usage};
use secur32::wire::kerberos::{
    ApRep, AuthorizationDataEntry, EncApRepPart, EncryptedData, EtypeList,
};

use super::{AES, on_machine, refused, serve};
use crate::support::ap::{Forger, Loop, TicketMaker, judge, key};

const RC4: Enctype = Enctype::Rc4Hmac;
const AES128: Enctype = Enctype::Aes128CtsHmacSha1;
const REFUSED: Option<i32> = Some(error_code::KDC_ERR_ETYPE_NOSUPP);

/// A server whose krb5.conf permits these enctypes.
fn permitting(ticket: &TicketMaker, enctypes: &str, rc4: bool) -> Loop {
    on_machine(ticket, |kerberos| {
        kerberos.with_settings(|settings| {
            settings.permitted_enctypes = Some(enctypes.into());
            settings.allow_rc4 = rc4;
        })
    })
}

#[test]
fn k14_a_forbidden_enctype_is_refused_wherever_it_comes() {
    let refusal = PeerFault::EnctypeRefused;
    let aes = TicketMaker::new(AES);
    // The ticket's.
    let rc4 = TicketMaker::new(RC4);
    refused(serve(&permitting(&rc4, "aes rc4", false), &Forger::new(&rc4)), refusal, REFUSED);
    serve(&permitting(&rc4, "aes rc4", true), &Forger::new(&rc4)).unwrap();
    refused(serve(&permitting(&rc4, "aes", true), &Forger::new(&rc4)), refusal, REFUSED);
    // The session key's.
    let mixed = TicketMaker { session: RC4, ..aes.clone() };
    refused(serve(&permitting(&mixed, "aes", true), &Forger::new(&mixed)), refusal, REFUSED);
    // The client's subkey's.
    let mut forger = Forger::new(&aes);
    forger.subkey = Some((23, vec![1; 16]));
    refused(serve(&permitting(&aes, "aes", true), &forger), refusal, REFUSED);
    for number in [0, 1, 3, 16, 24, -128, 26] {
        let setup = permitting(&aes, "aes rc4", true);
        forger.subkey = Some((number, vec![1; 16]));
        refused(serve(&setup, &forger), refusal, REFUSED);
        let claimed = TicketMaker { claimed_session: Some(number), ..aes.clone() };
        refused(serve(&setup, &Forger::new(&claimed)), refusal, REFUSED);
    }
}

#[test]
fn k14_a_key_of_another_length_is_none() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&TicketMaker::new(AES));
    for length in [0, 16, 31, 33] {
        forger.subkey = Some((18, vec![1; length]));
        forger.confounder += 1;
        assert!(serve(&setup, &forger).is_err(), "{length}");
    }
}

#[test]
fn k14_clients_refuse_what_krb5_conf_forbids() {
    // The session key of a cached ticket: it is as good as not there.
    let ticket = TicketMaker { session: RC4, ..TicketMaker::new(AES) };
    let failure = permitting(&ticket, "aes rc4", false).run().err().unwrap();
    assert!(!failure.by_server, "{}", failure.error);
    permitting(&ticket, "aes rc4", true).run().unwrap();
}

#[test]
fn k14_clients_refuse_a_servers_subkey_of_a_forbidden_enctype() {
    let ticket = TicketMaker::new(AES);
    for (number, length, accepted) in
        [(23, 16, false), (3, 8, false), (17, 16, true), (18, 32, true), (18, 31, false)]
    {
        let setup = permitting(&ticket, "aes", false);
        let result = setup.run_through(|count, token| {
            if count == 1 {
                *token = with_subkey(&ticket, token, number, length);
            }
        });
        match result {
            Err(failure) => {
                assert!(!accepted && !failure.by_server, "{}", failure.error);
            }
            Ok(outcome) => {
                assert!(accepted);
                assert_eq!(outcome.client.session_key.expose(), vec![7; length]);
            }
        }
    }
}

/// The same AP-REP with another subkey.
fn with_subkey(ticket: &TicketMaker, token: &[u8], number: i32, length: usize) -> Vec<u8> {
    let part = Forger::new(ticket).read_reply(token);
    let subkey = KeyBlock { enctype: number, value: SecretBytes::new(vec![7; length]) };
    let part = EncApRepPart { subkey: Some(subkey), ..part };
    let session = key(ticket.session, ticket.session_key);
    let cipher = session.encrypt(key_usage::AP_REP, &[3; 16], part.to_der_secret().expose());
    let enc_part = EncryptedData { etype: ticket.session.number(), kvno: None, cipher };
    gss::frame(Mechanism::Krb5, tok_id::AP_REP, &ApRep { enc_part }.to_der())
}

/// The enctype of the key that the server chose, when the client likes these better.
fn chosen(setup: &Loop, forger: &mut Forger, liked: &[i32]) -> (i32, bool) {
    let list = EtypeList(liked.to_vec()).to_der();
    let element = AuthorizationDataEntry { ad_type: ad_type::ETYPE_NEGOTIATION, ad_data: list };
    forger.authorization_data = vec![AuthorizationDataEntry::if_relevant(&[element])];
    forger.confounder += 1;
    let (_, token) = judge(setup.server(), &forger.token(), None, &setup.server_env).unwrap();
    let subkey = forger.read_reply(&token).subkey.unwrap();
    let own = forger.subkey.as_ref().is_some_and(|(_, bytes)| bytes != subkey.value.expose());
    (subkey.enctype, own)
}

#[test]
fn k16_no_list_leads_to_something_weaker() {
    let ticket = TicketMaker::new(AES);
    let setup = permitting(&ticket, "rc4 aes128-cts aes256-cts", true);
    let mut forger = Forger::new(&ticket);
    assert_eq!(chosen(&setup, &mut forger, &[]), (18, true));
    assert_eq!(chosen(&setup, &mut forger, &[23, 18]), (18, true));
    assert_eq!(chosen(&setup, &mut forger, &[17, 18]), (17, true));
    assert_eq!(chosen(&setup, &mut forger, &[3, 1, -128, 24]), (18, true));
    // What is not permitted is not chosen.
    let setup = permitting(&ticket, "aes256-cts", true);
    assert_eq!(chosen(&setup, &mut forger, &[17, 20, 18]), (18, true));
}

#[test]
fn k16_rc4_gives_way_to_aes_where_both_know_it() {
    let ticket = TicketMaker::new(RC4);
    let setup = permitting(&ticket, "aes rc4", true);
    let mut forger = Forger::new(&ticket);
    assert_eq!(chosen(&setup, &mut forger, &[18, 17, 23]), (18, true));
    // Without it the client's own subkey is repeated, as everybody does.
    assert_eq!(chosen(&setup, &mut forger, &[23]), (23, false));
    // Our client asks for AES by itself.
    let outcome = setup.run().unwrap();
    assert_eq!(outcome.client.session_key.expose().len(), 32);
    assert_eq!(outcome.client.session_key, outcome.server.session_key);
    let mut setup = permitting(&TicketMaker::new(AES128), "aes256-cts aes128-cts", false);
    assert_eq!(setup.run().unwrap().server.session_key.expose().len(), 32);
    setup.asked = ContextFlags::empty();
    assert_eq!(setup.run().unwrap().server.session_key.expose().len(), 16);
}
