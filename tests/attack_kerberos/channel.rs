//! Channel bindings over Kerberos (C1 to C6, K25).

use secur32::spi::bindings::ChannelBindings;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::{Step, StepInput};
use secur32::wire::kerberos::numbers::ad_type;
use secur32::wire::kerberos::{ApOptions, AuthorizationDataEntry};

use super::{AES, refused, serve};
use crate::support::ap::{DCE, Forger, Loop, TicketMaker, judge};
use crate::support::reference::md5;

const ALLOW: ContextFlags = ContextFlags::ALLOW_MISSING_BINDINGS;
const PROXY: ContextFlags = ContextFlags::PROXY_BINDINGS;

pub fn bindings(data: &[u8]) -> ChannelBindings {
    ChannelBindings { application_data: data.to_vec(), ..ChannelBindings::default() }
}

fn hash(data: &[u8]) -> [u8; 16] {
    let length = u32::try_from(data.len()).unwrap();
    md5(&[&[0; 16], &length.to_le_bytes(), data])
}

/// Whether a client that says this is accepted by a server with these bindings.
fn accepted(
    sent: Option<[u8; 16]>,
    knows: bool,
    ours: Option<ChannelBindings>,
    required: ContextFlags,
) -> bool {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.server_bindings = ours;
    setup.required = required;
    let mut forger = Forger::new(&TicketMaker::new(AES));
    match sent {
        Some(hash) => forger.set_gss(|gss| gss.bindings = hash),
        None => forger.checksum = None,
    }
    if knows {
        forger.authorization_data = vec![knows_bindings(ApOptions::CBT)];
    }
    match serve(&setup, &forger) {
        Ok(_) => true,
        Err(refusal) => {
            assert_eq!(refusal.error.fault(), PeerFault::BadBindings.into());
            false
        }
    }
}

fn knows_bindings(options: u32) -> AuthorizationDataEntry {
    let ad_data = ApOptions(options).to_bytes().to_vec();
    AuthorizationDataEntry::if_relevant(&[AuthorizationDataEntry {
        ad_type: ad_type::AP_OPTIONS,
        ad_data,
    }])
}

#[test]
fn c1_bindings_of_another_channel_or_in_another_form_are_refused() {
    let ours = || Some(bindings(b"tls-unique:A"));
    let none = ContextFlags::empty();
    assert!(accepted(Some(hash(b"tls-unique:A")), false, ours(), none));
    assert!(!accepted(Some(hash(b"tls-unique:B")), false, ours(), none));
    let big_endian = md5(&[&[0; 16], &12_u32.to_be_bytes(), b"tls-unique:A"]);
    assert!(!accepted(Some(big_endian), false, ours(), none));
    let addressed = ChannelBindings { initiator_type: 2, ..bindings(b"tls-unique:A") };
    assert!(!accepted(Some(hash(b"tls-unique:A")), false, Some(addressed), none));
}

#[test]
fn c3_c4_zeros_are_nothing_or_no_channel() {
    let ours = || Some(bindings(b"tls-unique:A"));
    let none = ContextFlags::empty();
    for (sent, knows, required, expected) in [
        (Some([0; 16]), false, none, false),
        (Some([0; 16]), false, ALLOW, true),
        // Who knows bindings and has none stands in front of another channel.
        (Some([0; 16]), true, ALLOW, false),
        (Some([0; 16]), true, none, false),
        (Some(hash(b"tls-unique:A")), true, none, true),
        (Some(hash(b"tls-unique:B")), true, ALLOW, false),
    ] {
        assert_eq!(accepted(sent, knows, ours(), required), expected, "{sent:?} {required:?}");
    }
}

#[test]
fn c4_our_client_says_that_it_knows_bindings_when_it_has_some() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.server_bindings = Some(bindings(b"tls-unique:A"));
    setup.client_bindings = Some(bindings(b"tls-unique:A"));
    setup.run().unwrap();
    setup.client_bindings = None;
    setup.required = ALLOW;
    setup.run().unwrap();
    setup.client_bindings = Some(bindings(b"tls-unique:B"));
    let failure = setup.run().err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::BadBindings.into());
    assert!(failure.by_server);
}

#[test]
fn c4_the_option_counts_wherever_it_is_and_must_be_whole() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.server_bindings = Some(bindings(b"tls-unique:A"));
    setup.required = ALLOW;
    let mut forger = Forger::new(&TicketMaker::new(AES));
    let nested = AuthorizationDataEntry::if_relevant(&[knows_bindings(ApOptions::CBT)]);
    for elements in
        [vec![knows_bindings(0), knows_bindings(ApOptions::CBT | 0x8000_0001)], vec![nested]]
    {
        forger.authorization_data = elements;
        forger.confounder += 1;
        assert!(serve(&setup, &forger).is_err());
    }
    for ad_data in [vec![], vec![0, 0x40, 0], vec![0, 0, 0, 0, 0]] {
        let element = AuthorizationDataEntry { ad_type: ad_type::AP_OPTIONS, ad_data };
        forger.authorization_data = vec![AuthorizationDataEntry::if_relevant(&[element])];
        forger.confounder += 1;
        refused(serve(&setup, &forger), PeerFault::MalformedToken, None);
    }
    forger.authorization_data = vec![knows_bindings(0x4001 & !ApOptions::CBT)];
    forger.confounder += 1;
    serve(&setup, &forger).unwrap();
}

#[test]
fn c5_a_server_without_bindings_takes_any() {
    let none = ContextFlags::empty();
    for sent in [None, Some([0; 16]), Some(hash(b"tls-unique:B"))] {
        assert!(accepted(sent, true, None, none));
        assert!(accepted(sent, false, None, none));
    }
    // Behind a proxy there must be some channel.
    assert!(accepted(Some(hash(b"tls-unique:B")), false, None, PROXY));
    assert!(!accepted(Some([0; 16]), false, None, PROXY));
    assert!(!accepted(Some([0; 16]), true, None, PROXY | ALLOW));
    assert!(accepted(Some([0; 16]), false, None, PROXY | ALLOW));
}

#[test]
fn k25_a_client_without_checksum_is_not_bound() {
    let ours = || Some(bindings(b"tls-unique:A"));
    assert!(!accepted(None, false, ours(), ContextFlags::empty()));
    assert!(accepted(None, false, ours(), ALLOW));
    assert!(!accepted(None, false, None, PROXY));
}

#[test]
fn c6_a_kerberos_server_may_get_its_bindings_with_the_third_leg() {
    for (late, accepted) in [(&b"tls-unique:A"[..], true), (b"tls-unique:B", false)] {
        let mut setup = Loop::new(&TicketMaker::new(AES));
        setup.asked = ContextFlags::DCE_STYLE;
        setup.client_bindings = Some(bindings(b"tls-unique:A"));
        let client_input = |token| StepInput { token, bindings: setup.client_bindings.as_ref() };
        let first = setup.client().step(client_input(None), &setup.client_env);
        let Ok(Step::Continue { next: client, token, .. }) = first else { panic!() };
        let input = StepInput { token: Some(&token), bindings: None };
        let second = setup.server().step(input, &setup.server_env);
        let Ok(Step::Continue { next: server, token, .. }) = second else { panic!() };
        let third = client.step(client_input(Some(&token)), &setup.client_env);
        let Ok(Step::Done { token, .. }) = third else { panic!() };
        let late = bindings(late);
        let input = StepInput { token: Some(&token), bindings: Some(&late) };
        match server.step(input, &setup.server_env) {
            Ok(Step::Done { .. }) => assert!(accepted),
            Ok(Step::Continue { .. }) => panic!("another leg"),
            Err(refusal) => {
                assert!(!accepted);
                assert_eq!(refusal.error.fault(), PeerFault::BadBindings.into());
            }
        }
    }
}

#[test]
fn c6_bindings_count_on_the_first_leg_of_every_style() {
    let ours = bindings(b"tls-unique:A");
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&TicketMaker::new(AES));
    forger.set_gss(|gss| {
        gss.flags |= DCE;
        gss.bindings = hash(b"tls-unique:B");
    });
    forger.mech = None;
    let refusal =
        judge(setup.server(), &forger.token(), Some(&ours), &setup.server_env).err().unwrap();
    assert_eq!(refusal.error.fault(), PeerFault::BadBindings.into());
}
