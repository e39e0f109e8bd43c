//! C6, X5: channel bindings under Negotiate, and contexts that travel.

use secur32::spi::bindings::ChannelBindings;
use secur32::spi::error::PeerFault;
use secur32::spi::message::Qop;
use secur32::spi::package::PackageId;
use secur32::spi::packed::PackedContext;

use crate::nobody_is_done;
use crate::refused;
use crate::support::spnego::{Ends, converse, open};

fn bindings(data: &[u8]) -> ChannelBindings {
    ChannelBindings { application_data: data.to_vec(), ..ChannelBindings::default() }
}

fn worlds() -> [(Ends, PackageId); 3] {
    [
        (Ends::kerberos(), PackageId::Kerberos),
        (Ends::ntlm(), PackageId::Ntlm),
        (Ends::fallback(), PackageId::Ntlm),
    ]
}

#[test]
fn c6_bindings_count_under_negotiate() {
    for (mut ends, package) in worlds() {
        ends.client_bindings = Some(bindings(b"tls-server-end-point:one"));
        ends.server_bindings = Some(bindings(b"tls-server-end-point:one"));
        ends.run().agree_on(package);
    }
    for (mut ends, _) in worlds() {
        ends.client_bindings = Some(bindings(b"tls-server-end-point:another"));
        ends.server_bindings = Some(bindings(b"tls-server-end-point:one"));
        let talk = ends.run();
        nobody_is_done(&talk);
        refused(&talk.server, &[PeerFault::BadBindings]);
    }
    for (mut ends, _) in worlds() {
        ends.server_bindings = Some(bindings(b"tls-server-end-point:one"));
        let talk = ends.run();
        nobody_is_done(&talk);
        refused(&talk.server, &[PeerFault::BadBindings]);
    }
}

/// Whoever gives them with one call only must not have them forgotten.
#[test]
fn c6_bindings_may_come_with_any_call() {
    for of_client in [&b"one"[..], b"another"] {
        for server_call in [0, 1, 2] {
            for client_call in [0, 1, 2] {
                let talk = with_bindings_on_calls(of_client, client_call, server_call);
                assert_eq!(talk, of_client == b"one", "{client_call} {server_call}");
            }
        }
    }
}

/// NTLM after a change of the mechanism, bindings given with one call of each side.
fn with_bindings_on_calls(of_client: &[u8], client_call: usize, server_call: usize) -> bool {
    use crate::support::spnego::End;
    let ends = Ends::fallback();
    let (of_client, of_server) = (bindings(of_client), bindings(b"one"));
    let mut sides =
        [End::Going(ends.client(), vec![], None), End::Going(ends.server(), vec![], None)];
    let (mut token, mut turn, mut calls) = (vec![], 0, [0, 0]);
    loop {
        let End::Going(side, ..) = std::mem::replace(&mut sides[turn], End::Over) else { break };
        let given = [(&of_client, client_call), (&of_server, server_call)][turn];
        let given = Some(given.0).filter(|_| calls[turn] == given.1);
        sides[turn] = match turn {
            0 => End::of(side, &token, given, &ends.client_env),
            _ => End::of(side, &token, given, &ends.server_env),
        };
        token = sides[turn].token();
        if token.is_empty() {
            break;
        }
        calls[turn] += 1;
        turn = 1 - turn;
    }
    if let Some(error) = sides[1].error() {
        assert_eq!(error.fault(), PeerFault::BadBindings.into(), "{error}");
    }
    sides.iter().all(End::is_done)
}

fn travelled(context: &PackedContext) -> PackedContext {
    PackedContext::decode(context.encode().expose()).unwrap()
}

#[test]
fn x5_a_negotiated_context_keeps_its_inner_package() {
    for (ends, package) in worlds() {
        let talk = ends.run();
        let (client, server) = talk.both();
        for context in [client, server] {
            let there = travelled(context);
            assert_eq!(&there, context);
            assert_eq!((there.package, there.negotiated), (package, true));
        }
        converse(&travelled(client), &travelled(server));
    }
}

/// The state after the signature of the list travels, and the one before it is not in the blob.
#[test]
fn x5_an_import_goes_on_after_the_signature() {
    let talk = Ends::ntlm().run();
    let (client, server) = talk.both();
    let (there, mut token) = (travelled(client), vec![0; 16]);
    let used = open(&there).sender.sign(Qop::Default, &[b"text"], &mut token, 0).unwrap();
    assert_eq!(&token[12..used], &1_u32.to_le_bytes());
    open(server).receiver.verify(&[b"text"], &token[..used], 0).unwrap();
}

/// No blob of one package is opened as the other's.
#[test]
fn x5_the_inner_package_is_not_exchanged() {
    for (ends, package) in worlds() {
        let talk = ends.run();
        let (client, _) = talk.both();
        let mut bytes = client.encode().expose().to_vec();
        let place = 10;
        assert_eq!(bytes[place], package as u8);
        for other in [PackageId::Negotiate, PackageId::Kerberos, PackageId::Ntlm] {
            if other != package {
                bytes[place] = other as u8;
                let opened = PackedContext::decode(&bytes)
                    .and_then(|context| crate::support::spnego::try_open(&context));
                assert!(opened.is_err(), "{package:?} as {other:?}");
            }
        }
    }
}
