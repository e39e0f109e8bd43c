//! Kerberos client against Kerberos server in one process: every combination of flags and
//! enctypes, DCE style, user-to-user, delegation, bindings, clocks that are apart.

mod support;

use std::time::Duration;

use secur32::crypto::kerberos::Enctype;
use secur32::kerberos::seal;
use secur32::spi::error::{LocalFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::{LastClientToken, Opening, Step, StepInput};
use secur32::spi::packed::{PackedContext, Role};
use secur32::spi::time::FileTime;

use support::ap::{
    ALL_ENCTYPES, Forger, Loop, TARGET, TicketMaker, after, judge, machine, to_alice,
};
use support::env::NOW;
use support::kdc::Kdcs;
use support::kerberos::FixedKerberos;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// What both contexts must agree on.
fn agree(client: &PackedContext, server: &PackedContext) {
    exchange(client, server);
    assert_eq!(client.session_key, server.session_key);
    assert_eq!(client.client_name, server.client_name);
    assert_eq!(client.server_name, server.server_name);
    assert_eq!(client.authority, server.authority);
    assert_eq!(client.expiry, server.expiry);
    assert_eq!((client.role, server.role), (Role::Initiator, Role::Acceptor));
    assert_eq!(client.flags, server.flags);
}

/// A message each way, where there is integrity.
fn exchange(client: &PackedContext, server: &PackedContext) {
    if client.flags.contains(ContextFlags::INTEGRITY) {
        let (mut client, mut server) = (seal::open(client).unwrap(), seal::open(server).unwrap());
        one_way(&mut client, &mut server, b"from the client");
        one_way(&mut server, &mut client, b"from the server");
    }
}

fn one_way(from: &mut MessageProtection, to: &mut MessageProtection, text: &[u8]) {
    let (mut token, mut padding, mut data) = ([0; 100], [0; 16], text.to_vec());
    let length = from.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
    to.receiver.verify(&[text], &token[..length], 0).unwrap();
    let parts = &mut [Part::Data(&mut data)];
    let sealed = from.sender.seal(Qop::WrapNoEncrypt, parts, &mut token, &mut padding, 0).unwrap();
    let (token, padding) = (&mut token[..sealed.token], &mut padding[..sealed.padding]);
    to.receiver.unseal(&mut [Part::Data(&mut data)], token, padding, 0).unwrap();
    assert_eq!(data, text);
}

#[test]
fn a_client_with_a_cached_ticket_meets_a_server_with_a_keytab() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let outcome = setup.run().unwrap();
    let (client, server) = (&outcome.client, &outcome.server);
    agree(client, server);
    assert_eq!(outcome.tokens.len(), 2);
    assert_eq!(server.client_name, "alice@EXAMPLE.COM");
    assert_eq!(server.server_name.as_deref(), Some("HTTP/www.example.com@EXAMPLE.COM"));
    assert_eq!(server.client_target.as_deref(), Some(TARGET));
    assert_eq!(client.client_target.as_deref(), Some(TARGET));
    assert_eq!(server.authority.as_deref(), Some("EXAMPLE.COM"));
    assert_eq!(server.start, after(-60).to_file_time());
    assert_eq!(server.expiry, after(36_000).to_file_time());
    assert_eq!(server.session_key.expose().len(), 32);
    assert_eq!(server.password_expiry, FileTime::NEVER);
    assert!(outcome.delegated.is_none());
    // Her ticket is the server's evidence of her; nobody has been asked for anything.
    let evidence = outcome.evidence.unwrap();
    let env = &setup.server_env;
    assert_eq!(evidence.name(env).unwrap(), "alice@EXAMPLE.COM");
    assert_eq!(evidence.expiry(), server.expiry);
    assert!(evidence.kerberos_calls().unwrap().list(env).unwrap().is_empty());
    assert!(evidence.accept(Opening::default(), env).is_err());
}

#[test]
fn every_combination_of_flags_with_every_enctype() {
    let choices = [
        ContextFlags::MUTUAL_AUTH,
        ContextFlags::REPLAY_DETECT,
        ContextFlags::SEQUENCE_DETECT,
        ContextFlags::CONFIDENTIALITY,
        ContextFlags::INTEGRITY,
        ContextFlags::DCE_STYLE,
        ContextFlags::IDENTIFY,
        ContextFlags::EXTENDED_ERROR,
        ContextFlags::NO_INTEGRITY,
    ];
    for enctype in ALL_ENCTYPES {
        let mut setup = Loop::new(&TicketMaker::new(enctype));
        for bits in 0..1_u32 << choices.len() {
            let chosen = choices.iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0);
            setup.asked = chosen.fold(ContextFlags::empty(), |all, (_, flag)| all | *flag);
            let outcome =
                setup.run().unwrap_or_else(|failure| panic!("{:?}: {failure:?}", setup.asked));
            agree(&outcome.client, &outcome.server);
            let dce = setup.asked.contains(ContextFlags::DCE_STYLE);
            let mutual = dce || setup.asked.contains(ContextFlags::MUTUAL_AUTH);
            let flags = outcome.server.flags;
            assert_eq!(flags.contains(ContextFlags::MUTUAL_AUTH), mutual);
            assert_eq!(outcome.tokens.len(), 1 + usize::from(mutual) + usize::from(dce));
            let sealed = setup.asked.contains(ContextFlags::CONFIDENTIALITY);
            assert_eq!(flags.contains(ContextFlags::CONFIDENTIALITY), sealed);
            let unwanted = setup.asked.contains(ContextFlags::NO_INTEGRITY) && !sealed;
            assert_eq!(flags.contains(ContextFlags::INTEGRITY), !unwanted);
            assert!(flags.contains(ContextFlags::CONNECTION));
        }
    }
}

#[test]
fn user_to_user_needs_no_keytab() {
    for enctype in ALL_ENCTYPES {
        let (mut setup, _) = to_alice(enctype);
        setup.kerberos.keytab.replace(Vec::new());
        for (style, tokens) in [
            (ContextFlags::empty(), 3),
            (ContextFlags::MUTUAL_AUTH, 4),
            (ContextFlags::DCE_STYLE, 5),
        ] {
            setup.asked = style | ContextFlags::USE_SESSION_KEY;
            let outcome = setup.run().unwrap();
            agree(&outcome.client, &outcome.server);
            assert_eq!(outcome.tokens.len(), tokens);
            assert!(outcome.server.flags.contains(ContextFlags::USE_SESSION_KEY));
            assert_eq!(outcome.server.server_name.as_deref(), Some("alice@EXAMPLE.COM"));
            // A ticket in a session key is no evidence to anybody.
            assert!(outcome.delegated.is_none() && outcome.evidence.is_none());
        }
    }
}

#[test]
fn user_to_user_without_a_tgt_of_the_server_tells_the_client() {
    let (mut setup, _) = to_alice(AES);
    setup.server_env = support::env::FixedEnv::new()
        .with_kerberos(std::sync::Arc::new(support::kerberos::FixedKerberos::new()));
    let failure = setup.run().err().unwrap();
    assert!(failure.by_server);
    assert_eq!(failure.error.fault(), LocalFault::NoCredentials.into());
    let told = support::ap::krb_error(&failure.token.unwrap());
    assert_eq!(told.error_code, 67);
}

#[test]
fn clocks_that_are_apart_are_corrected_in_every_style() {
    for (asked, tokens) in [(ContextFlags::MUTUAL_AUTH, 4), (ContextFlags::DCE_STYLE, 5)] {
        for (client, server) in [(3600, 0), (0, 3600)] {
            let mut setup = Loop::new(&TicketMaker::new(AES));
            setup.asked = asked;
            setup.client_env.set_now(NOW.plus(Duration::from_secs(client)));
            setup.server_env.set_now(NOW.plus(Duration::from_secs(server)));
            let outcome = setup.run().unwrap();
            agree(&outcome.client, &outcome.server);
            assert_eq!(outcome.tokens.len(), tokens);
        }
    }
    let (setup, _) = to_alice(AES);
    setup.client_env.set_now(NOW.plus(Duration::from_secs(1000)));
    assert_eq!(setup.run().unwrap().tokens.len(), 6);
    // Nobody waits for an answer one way.
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.asked = ContextFlags::empty();
    setup.client_env.set_now(NOW.plus(Duration::from_secs(1000)));
    let failure = setup.run().err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::TimeSkew.into());
    assert!(failure.token.is_none());
}

#[test]
fn servers_say_whether_the_client_will_send_more() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.asked = ContextFlags::DCE_STYLE;
    let mut forger = Forger::new(&TicketMaker::new(AES));
    forger.set_gss(|gss| gss.flags |= support::ap::DCE);
    forger.mech = None;
    let last = |token: &[u8]| {
        let input = StepInput { token: Some(token), bindings: None };
        match setup.server().step(input, &setup.server_env) {
            Ok(Step::Continue { progress, .. }) => progress.last_client_token,
            _ => panic!("the handshake is over"),
        }
    };
    assert_eq!(last(&forger.token()), LastClientToken::No);
    let mut late = Forger::new(&TicketMaker::new(AES));
    late.ctime = after(1000);
    assert_eq!(last(&late.token()), LastClientToken::Maybe);
}

#[test]
fn a_keytab_that_changes_is_read_again() {
    let old = TicketMaker::new(AES);
    let new = TicketMaker { kvno: Some(4), service_key: 0x31, ..old.clone() };
    let setup = Loop::new(&old);
    let credential = support::ap::acquire(None, None, setup.usage, &setup.server_env);
    let mut forger = Forger::new(&old);
    let mut accepts = |ticket: &TicketMaker| {
        forger.ticket = ticket.clone();
        forger.confounder += 1;
        let server = credential.accept(Opening::default(), &setup.server_env).unwrap();
        judge(server, &forger.token(), None, &setup.server_env).is_ok()
    };
    assert!(accepts(&old) && !accepts(&new));
    setup.kerberos.keytab.replace(vec![new.service_entry(), old.service_entry()]);
    assert!(accepts(&old) && accepts(&new));
    setup.kerberos.keytab.replace(vec![new.service_entry()]);
    assert!(!accepts(&old) && accepts(&new));
}

#[test]
fn without_keys_there_is_no_service() {
    let setup = Loop::on(machine(&[&TicketMaker::new(AES)]));
    setup.kerberos.keytab.replace(Vec::new());
    let failure = setup.run().err().unwrap();
    assert!(failure.by_server);
    assert_eq!(failure.error.fault(), LocalFault::NoServiceKey.into());
}

#[test]
fn what_a_client_writes_as_a_peer_expects_it() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.asked = ContextFlags::MUTUAL_AUTH;
    let mut sequences = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let outcome = setup.run().unwrap();
        let reply = Forger::new(&TicketMaker::new(AES)).read_reply(&outcome.tokens[1]);
        let sequence = reply.seq_number.unwrap();
        assert!(sequence != 0 && sequence < 1 << 30);
        sequences.insert(sequence);
        assert!(reply.subkey.is_some());
    }
    assert_eq!(sequences.len(), 50);
}

#[test]
fn a_server_may_have_a_password_in_the_place_of_a_keytab() {
    let kdcs = Kdcs::new();
    kdcs.add_user("HTTP/pw.example.com@EXAMPLE.COM", "of the service");
    let mut setup = Loop::on(FixedKerberos::new().with_exchange(kdcs.exchange()));
    setup.user = Some(("alice", "secret"));
    setup.account = Some(("HTTP/pw.example.com", "of the service"));
    setup.target = Some("HTTP/pw.example.com".into());
    let outcome = setup.run().unwrap();
    agree(&outcome.client, &outcome.server);
    assert_eq!(outcome.server.client_target.as_deref(), Some("HTTP/pw.example.com"));
    setup.account = Some(("HTTP/pw.example.com", "of somebody else"));
    let failure = setup.run().err().unwrap();
    assert!(failure.by_server, "{}", failure.error);
}
