//! SPNEGO as MIT krb5 1.20, gss-ntlmssp 1.2, pyspnego 0.12 and Samba 4.17 speak it, recorded by
//! `capture.py`: what they say, that we would write it as they did, and that after NTLM's
//! signature of the list the next messages are theirs byte by byte.

#[path = "../support/mod.rs"]
mod support;

use std::collections::HashMap;

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::seal::SessionProtection;
use secur32::ntlm::seal::Protection;
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::PackageId;
use secur32::spi::packed::{PackedContext, Role};
use secur32::spi::secret::{Secret, SecretBytes};
use secur32::spi::time::FileTime;
use secur32::wire::gss::{Mechanism, tok_id, unframe};
use secur32::wire::ntlm::NegotiateFlags;
use secur32::wire::spnego::{Kind, MechTypes, NegState, NegTokenInit, NegTokenResp, oid};
use support::reference::u32_at;
use support::spnego::{End, Ends, open};

/// Whose NTLM was inside.
const WITH_NTLM: [&str; 3] = ["gss-ntlmssp", "pyspnego", "samba"];
/// What they all said to each other.
const TEXTS: [&[u8]; 4] = [
    b"sealed by the client",
    b"signed by the client",
    b"sealed by the server",
    b"signed by the server",
];

struct Recorded(HashMap<String, Vec<u8>>);

impl Recorded {
    fn read() -> Self {
        let lines = include_str!("recorded.txt").lines().map(|line| {
            let (name, hex) = line.split_once(' ').unwrap();
            let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
            let pairs = hex.as_bytes().as_chunks().0.iter();
            (name.to_owned(), pairs.map(|pair| byte(pair).unwrap()).collect())
        });
        Self(lines.collect())
    }

    fn get(&self, who: &str, what: &str) -> &[u8] {
        &self.0[&format!("{who}-{what}")]
    }

    fn first(&self, who: &str) -> NegTokenInit<'_> {
        NegTokenInit::decode(self.get(who, "client-1")).unwrap()
    }

    fn answer(&self, who: &str, what: &str) -> NegTokenResp<'_> {
        NegTokenResp::decode(self.get(who, what)).unwrap()
    }
}

#[test]
fn offers_are_written_as_they_came() {
    let recorded = Recorded::read();
    for (who, oids) in [
        ("mit", &[Mechanism::Krb5.oid(), oid::NTLM][..]),
        ("gss-ntlmssp", &[oid::NTLM]),
        ("pyspnego", &[oid::NTLM]),
        ("samba", &[oid::NTLM]),
    ] {
        let bytes = recorded.get(who, "client-1");
        assert_eq!(Kind::of(bytes), Some(Kind::Init));
        let init = recorded.first(who);
        assert!(init.mech_types.iter().eq(oids.iter().copied()), "{who}");
        assert_eq!((init.mech_list_mic, init.has_hints), (None, false));
        let list = MechTypes::encode(oids.iter().copied());
        assert_eq!(list, init.mech_types.der());
        assert_eq!(NegTokenInit::encode(&list, init.mech_token.unwrap()), bytes, "{who}");
    }
}

#[test]
fn answers_are_written_as_they_came() {
    let recorded = Recorded::read();
    for (name, bytes) in &recorded.0 {
        let is_answer = name.contains("-server-") || name.ends_with("client-2");
        if !is_answer {
            continue;
        }
        assert_eq!(Kind::of(bytes), Some(Kind::Response), "{name}");
        assert_eq!(&NegTokenResp::decode(bytes).unwrap().encode(), bytes, "{name}");
    }
}

/// When there is a signature, who asks for one, and in which state they end.
#[test]
fn who_signs_and_when() {
    let recorded = Recorded::read();
    for (who, first) in [
        ("gss-ntlmssp", NegState::AcceptIncomplete),
        ("pyspnego", NegState::RequestMic),
        ("samba", NegState::AcceptIncomplete),
    ] {
        let challenge = recorded.answer(who, "server-1");
        assert_eq!(challenge.neg_state, Some(first), "{who}");
        assert_eq!(challenge.supported_mech, Some(oid::NTLM));
        assert!(challenge.response_token.unwrap().starts_with(b"NTLMSSP\0\x02"));
        assert_eq!(challenge.mech_list_mic, None);
        let last = recorded.answer(who, "client-2");
        assert!(last.response_token.unwrap().starts_with(b"NTLMSSP\0\x03"));
        assert_eq!((last.mech_list_mic.unwrap().len(), last.supported_mech), (16, None));
        let done = recorded.answer(who, "server-2");
        assert_eq!(done.neg_state, Some(NegState::AcceptCompleted));
        assert_eq!((done.mech_list_mic.unwrap().len(), done.response_token), (16, None));
    }
    let only = recorded.answer("mit", "server-1");
    assert_eq!(only.neg_state, Some(NegState::AcceptCompleted));
    assert_eq!((only.supported_mech, only.mech_list_mic), (Some(Mechanism::Krb5.oid()), None));
}

fn context(package: PackageId, role: Role, key: &[u8], protection: SecretBytes) -> PackedContext {
    PackedContext {
        package,
        negotiated: true,
        role,
        flags: ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY,
        client_name: "PEERS\\alice".into(),
        client: None,
        server_name: None,
        authority: None,
        client_target: None,
        target_information: Vec::new(),
        start: FileTime(0),
        expiry: FileTime::NEVER,
        password_expiry: FileTime::NEVER,
        logon: None,
        session_key: SecretBytes::new(key.to_vec()),
        protection,
        sender: None,
        receiver: None,
    }
}

/// One side as the recorded keys make it.
fn ntlm_side(recorded: &Recorded, who: &str, role: Role) -> MessageProtection {
    let key = recorded.get(who, "key");
    let authenticate = recorded.answer(who, "client-2").response_token.unwrap();
    let protection = Protection {
        flags: NegotiateFlags::from_bits_retain(u32_at(authenticate, 60)),
        exported_session_key: Secret::new(key.try_into().unwrap()),
    };
    open(&context(PackageId::Ntlm, role, key, protection.encode()))
}

fn sign(side: &mut MessageProtection, text: &[u8]) -> Vec<u8> {
    let mut token = vec![0; 16];
    side.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
    token
}

fn seal(side: &mut MessageProtection, text: &[u8]) -> Vec<u8> {
    let (mut token, mut data) = (vec![0; 16], text.to_vec());
    let parts = &mut [Part::Data(&mut data)];
    side.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    [token, data].concat()
}

/// The signature of the list, then a sealed and a signed message: as we make them they are the
/// peers', bit by bit, for both sides.
#[test]
fn n23_after_the_signature_the_peers_messages_are_ours() {
    let recorded = Recorded::read();
    for who in WITH_NTLM {
        let list = recorded.first(who).mech_types.der();
        for (role, side, last, texts) in [
            (Role::Initiator, "client", "client-2", [TEXTS[0], TEXTS[1]]),
            (Role::Acceptor, "server", "server-2", [TEXTS[2], TEXTS[3]]),
        ] {
            let mut ours = ntlm_side(&recorded, who, role);
            let mic = recorded.answer(who, last).mech_list_mic.unwrap();
            assert_eq!(sign(&mut ours, list), mic, "{who} {side}");
            ours.sender.restart_keystream();
            let sealed = recorded.get(who, &format!("sealed-{side}"));
            assert_eq!(seal(&mut ours, texts[0]), sealed, "{who} {side}");
            let signed = recorded.get(who, &format!("signed-{side}"));
            assert_eq!(sign(&mut ours, texts[1]), signed, "{who} {side}");
        }
    }
}

/// The same from the other end; and without the new beginning nothing can be read.
#[test]
fn n23_after_the_signature_the_peers_messages_are_read() {
    let recorded = Recorded::read();
    for who in WITH_NTLM {
        let list = recorded.first(who).mech_types.der();
        for (role, side, last, texts) in [
            (Role::Acceptor, "client", "client-2", [TEXTS[0], TEXTS[1]]),
            (Role::Initiator, "server", "server-2", [TEXTS[2], TEXTS[3]]),
        ] {
            let sealed = recorded.get(who, &format!("sealed-{side}"));
            let signed = recorded.get(who, &format!("signed-{side}"));
            for restarts in [true, false] {
                let mut receiver = ntlm_side(&recorded, who, role).receiver;
                let mic = recorded.answer(who, last).mech_list_mic.unwrap();
                receiver.verify(&[list], mic, 0).unwrap();
                if restarts {
                    receiver.restart_keystream();
                }
                let mut stream = sealed.to_vec();
                let opened = receiver.unseal_stream(&mut stream, 0);
                assert_eq!(opened.is_ok(), restarts, "{who} {side}");
                if let Ok(opened) = opened {
                    assert_eq!(&stream[opened.data], texts[0]);
                    receiver.verify(&[texts[1]], signed, 0).unwrap();
                }
            }
        }
    }
}

/// MIT's Kerberos within SPNEGO: frames, and messages under the acceptor's subkey.
#[test]
fn kerberos_within_mits_spnego() {
    let recorded = Recorded::read();
    let request = unframe(recorded.first("mit").mech_token.unwrap()).unwrap();
    assert_eq!((request.mech, request.tok_id), (Mechanism::Krb5, tok_id::AP_REQ));
    let reply = unframe(recorded.answer("mit", "server-1").response_token.unwrap()).unwrap();
    assert_eq!((reply.mech, reply.tok_id), (Mechanism::Krb5, tok_id::AP_REP));
    let key = recorded.get("mit", "key");
    for (role, side, texts) in [
        (Role::Acceptor, "client", [TEXTS[0], TEXTS[1]]),
        (Role::Initiator, "server", [TEXTS[2], TEXTS[3]]),
    ] {
        let sealed = recorded.get("mit", &format!("sealed-{side}"));
        let number = u64::from_be_bytes(sealed[8..16].try_into().unwrap());
        let session = SessionProtection {
            key: Key::new(Enctype::Aes256CtsHmacSha1, key).unwrap(),
            acceptor_subkey: true,
            send_sequence: 1,
            receive_sequence: u32::try_from(number).unwrap(),
            confounder_seed: Secret::new([1; 32]),
        };
        let mut ours = open(&context(PackageId::Kerberos, role, key, session.pack()));
        let mut stream = sealed.to_vec();
        let opened = ours.receiver.unseal_stream(&mut stream, 0).unwrap();
        assert_eq!(&stream[opened.data], texts[0]);
        let signed = recorded.get("mit", &format!("signed-{side}"));
        ours.receiver.verify(&[texts[1]], signed, 0).unwrap();
    }
}

/// Our server on the peers' first tokens: NTLM it takes, a ticket of another realm it does not.
#[test]
fn the_peers_offers_to_our_server() {
    let recorded = Recorded::read();
    let ends = Ends::kerberos();
    for who in WITH_NTLM {
        let end = ends.serve(recorded.get(who, "client-1"));
        let End::Going(server, token, _) = end else { panic!("{who}: {}", end.say()) };
        let answer = NegTokenResp::decode(&token).unwrap();
        assert_eq!(answer.supported_mech, Some(oid::NTLM));
        assert!(answer.response_token.unwrap().starts_with(b"NTLMSSP\0\x02"));
        // The rest answers another challenge.
        let end = ends.server_step(server, recorded.get(who, "client-2"));
        assert!(end.error().is_some(), "{who}: {}", end.say());
    }
    let end = ends.serve(recorded.get("mit", "client-1"));
    assert!(end.error().is_some(), "{}", end.say());
}

/// Our client on the peers' challenges: it answers them, signs, and does not believe what they
/// sent to somebody else at the end.
#[test]
fn the_peers_answers_to_our_client() {
    let recorded = Recorded::read();
    for who in WITH_NTLM {
        let ends = Ends::ntlm();
        let (client, _) = ends.first();
        let end = ends.client_step(client, recorded.get(who, "server-1"));
        let End::Going(client, token, _) = end else { panic!("{who}: {}", end.say()) };
        let answer = NegTokenResp::decode(&token).unwrap();
        assert!(answer.response_token.unwrap().starts_with(b"NTLMSSP\0\x03"));
        assert_eq!(answer.mech_list_mic.unwrap().len(), 16);
        let end = ends.client_step(client, recorded.get(who, "server-2"));
        assert!(end.error().is_some(), "{who}: {}", end.say());
    }
    let ends = Ends::kerberos();
    let (client, _) = ends.first();
    let end = ends.client_step(client, recorded.get("mit", "server-1"));
    assert!(end.error().is_some(), "{}", end.say());
}
