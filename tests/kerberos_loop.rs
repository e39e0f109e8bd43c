//! Kerberos client against Kerberos server in one process: every combination of flags and
//! enctypes, DCE style, user-to-user, delegation, bindings, clocks that are apart.

mod support;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::flags::ContextFlags;
use secur32::spi::packed::{PackedContext, Role};
use secur32::spi::time::FileTime;

use support::ap::{ALL_ENCTYPES, Loop, TARGET, TicketMaker, after};

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// What both contexts must agree on.
fn agree(client: &PackedContext, server: &PackedContext) {
    assert_eq!(client.session_key, server.session_key);
    assert_eq!(client.client_name, server.client_name);
    assert_eq!(client.server_name, server.server_name);
    assert_eq!(client.authority, server.authority);
    assert_eq!(client.expiry, server.expiry);
    assert_eq!((client.role, server.role), (Role::Initiator, Role::Acceptor));
    assert_eq!(client.flags, server.flags);
}

#[test]
fn a_client_with_a_cached_ticket_meets_a_server_with_a_keytab() {
    let outcome = Loop::new(&TicketMaker::new(AES)).run().unwrap();
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
