//! Whose PAC it is, where it is, and that it must be there (P5, P8).

use secur32::spi::kerberos::{CredentialCache as _, KerberosTime, Principal};
use secur32::spi::sid::Sid;
use secur32::wire::kerberos::AuthorizationDataEntry;
use secur32::wire::kerberos::numbers::{ad_type, name_type};
use secur32::wire::pac::kind;

use super::{
    AES, client, kdc_key, maker, refused, serve, serve_on, serve_ticket, service_key, sign,
};
use crate::support::ap::{Forger, Loop, TicketMaker, after, judge, to_alice};
use crate::support::kerberos::principal;
use crate::support::pac::{
    DOMAIN, PacMaker, client_info, encode_logon_info, in_ticket, logon_info, upn_dns_info,
};

fn with(change: impl FnOnce(&mut PacMaker)) -> (TicketMaker, Vec<u8>) {
    let ticket = TicketMaker::new(AES);
    let mut maker = maker(&ticket);
    change(&mut maker);
    let pac = sign(&maker, &ticket);
    (ticket, pac)
}

fn served(
    change: impl FnOnce(&mut PacMaker),
) -> Result<secur32::spi::packed::PackedContext, secur32::spi::error::Error> {
    let (ticket, pac) = with(change);
    serve(&ticket, pac)
}

#[test]
fn p5_a_pac_of_another_client_or_logon_is_refused() {
    let time = TicketMaker::new(AES).auth_time;
    for name in
        ["bob", "Alice", "alice/admin", "alice@OTHER.COM", "", "alice@", "alic", "alice@a@b"]
    {
        let result = served(|maker| maker.set(kind::CLIENT_INFO, client_info(name, time)));
        refused(result, "'s and the ticket is alice@EXAMPLE.COM's");
    }
    for seconds in [-3600, -61, -59, 0, 1 << 40] {
        let other = KerberosTime(after(seconds).0);
        let result = served(|maker| maker.set(kind::CLIENT_INFO, client_info("alice", other)));
        refused(result, "another logon");
    }
    // Some KDCs name the realm, and fractions of a second are in no ticket.
    client(served(|maker| maker.set(kind::CLIENT_INFO, client_info("alice@EXAMPLE.COM", time))));
    let mut info = client_info("alice", time);
    info[0] ^= 1;
    client(served(|maker| maker.set(kind::CLIENT_INFO, info.clone())));
    for name in ["alice\0", "alice\n"] {
        let result = served(|maker| maker.set(kind::CLIENT_INFO, client_info(name, time)));
        refused(result, "a name is no text");
    }
    for length in 0..info.len() {
        let cut = info[..length].to_vec();
        refused(served(|maker| maker.set(kind::CLIENT_INFO, cut)), "the client's name");
    }
}

#[test]
fn p5_names_of_more_than_one_component_and_enterprise_names_fit_their_own_ticket() {
    for (components, kind_of_name, name, fits) in [
        (vec!["http", "www.example.com"], name_type::PRINCIPAL, "http/www.example.com", true),
        (vec!["http/www.example.com"], name_type::PRINCIPAL, "http/www.example.com", false),
        (vec!["http/www.example.com"], name_type::PRINCIPAL, "http\\/www.example.com", true),
        (vec!["alice@example.com"], name_type::ENTERPRISE, "alice@example.com", true),
        (vec!["alice@example.com"], name_type::PRINCIPAL, "alice@example.com", false),
        (vec!["alice@example.com"], name_type::PRINCIPAL, "alice\\@example.com", true),
        (vec!["alice"], name_type::ENTERPRISE, "alice@example.com", false),
    ] {
        let mut ticket = TicketMaker::new(AES);
        ticket.client = Principal {
            name_type: kind_of_name,
            components: components.iter().map(|&part| part.to_owned()).collect(),
            realm: "EXAMPLE.COM".into(),
        };
        let mut maker = maker(&ticket);
        maker.set(kind::CLIENT_INFO, client_info(name, ticket.auth_time));
        let result = serve(&ticket, sign(&maker, &ticket));
        assert_eq!(result.is_ok(), fits, "{components:?} {name}: {:?}", result.err());
    }
}

#[test]
fn p5_a_pac_counts_in_its_place_only() {
    let (mut ticket, pac) = with(|_| {});
    let bare = AuthorizationDataEntry { ad_type: ad_type::WIN2K_PAC, ad_data: pac.clone() };
    let wrap = |elements: &[AuthorizationDataEntry]| AuthorizationDataEntry::if_relevant(elements);
    let issued = AuthorizationDataEntry {
        ad_type: ad_type::KDC_ISSUED,
        ..wrap(std::slice::from_ref(&bare))
    };
    // In the open, too deep, in what another element holds: ignored.
    let inner = wrap(std::slice::from_ref(&bare));
    for elements in
        [vec![bare.clone()], vec![wrap(&[inner])], vec![issued.clone()], vec![wrap(&[issued])]]
    {
        ticket.authorization_data = elements;
        let client = client(serve_ticket(&ticket));
        assert_eq!((client.account, client.authorization), ("alice".into(), None));
    }
    // In the authenticator, which is the client's own word.
    ticket.authorization_data.clear();
    let mut forger = Forger::new(&ticket);
    forger.authorization_data = in_ticket(pac.clone());
    let setup = Loop::new(&ticket);
    let (context, _) = judge(setup.server(), &forger.token(), None, &setup.server_env).unwrap();
    assert_eq!(context.client.unwrap().authorization, None);
    // Beside others, in a later container.
    let other = AuthorizationDataEntry { ad_type: ad_type::ETYPE_NEGOTIATION, ad_data: vec![] };
    ticket.authorization_data =
        vec![wrap(std::slice::from_ref(&other)), wrap(&[other, bare.clone()])];
    assert!(client(serve_ticket(&ticket)).authorization.is_some());
    // Two: the client may have brought one along.
    for elements in [
        vec![wrap(&[bare.clone(), bare.clone()])],
        vec![wrap(std::slice::from_ref(&bare)), wrap(std::slice::from_ref(&bare))],
    ] {
        ticket.authorization_data = elements;
        refused(serve_ticket(&ticket), "two of them");
    }
    // One that counts, and one that is ignored.
    ticket.authorization_data = vec![bare.clone(), wrap(&[bare])];
    assert!(client(serve_ticket(&ticket)).authorization.is_some());
}

#[test]
fn p5_an_unreadable_container_is_no_container() {
    let (mut ticket, _) = with(|_| {});
    let junk = AuthorizationDataEntry { ad_type: ad_type::IF_RELEVANT, ad_data: vec![0x30, 5, 1] };
    ticket.authorization_data = vec![junk];
    assert!(serve_ticket(&ticket).is_err());
}

#[test]
fn p8_each_buffer_speaks_of_the_same_account() {
    let other: Sid = format!("{DOMAIN}-1105").parse().unwrap();
    let why = "by one of its buffers";
    refused(served(|maker| maker.set(kind::REQUESTOR, other.to_bytes())), why);
    let upn = upn_dns_info("alice@example.com", Some(("alice", &other)));
    refused(served(|maker| maker.set(kind::UPN_DNS_INFO, upn.clone())), why);
    let result = served(|maker| {
        maker.set(kind::REQUESTOR, other.to_bytes());
        maker.remove(kind::LOGON_INFO);
    });
    refused(result, why);
    // Without one: who is there is who it is.
    let client = client(served(|maker| {
        maker.remove(kind::LOGON_INFO);
        maker.remove(kind::UPN_DNS_INFO);
        maker.set(kind::REQUESTOR, other.to_bytes());
    }));
    assert_eq!(client.authorization.unwrap().user, Some(other));
}

#[test]
fn p8_a_name_is_no_account() {
    // Whatever the ticket calls the client, it is the account that the domain says.
    for name in ["root", "Administrator", "dc1", "DC1$"] {
        let mut ticket = TicketMaker::new(AES);
        ticket.client = principal(&format!("{name}@EXAMPLE.COM"));
        let mut maker = maker(&ticket);
        maker.set(kind::CLIENT_INFO, client_info(name, ticket.auth_time));
        let client = client(serve(&ticket, sign(&maker, &ticket)));
        assert_eq!(client.account, "alice");
        let user = client.authorization.unwrap().user.unwrap();
        assert_eq!(user.to_string(), format!("{DOMAIN}-1104"));
    }
    for name in ["ro\0ot", "a\nb"] {
        let mut info = logon_info();
        info.effective_name = name.into();
        let info = encode_logon_info(&info);
        refused(served(|maker| maker.set(kind::LOGON_INFO, info)), "a name is no text");
    }
}

#[test]
fn p8_a_pac_can_be_demanded() {
    let (mut ticket, pac) = with(|_| {});
    let demanding = |ticket: &TicketMaker| {
        let mut setup = Loop::new(ticket);
        setup.server_env = setup.server_env.with_policy(|policy| policy.require_pac = true);
        serve_on(&setup, ticket)
    };
    assert_eq!(client(serve_ticket(&ticket)).authorization, None);
    refused(demanding(&ticket), "RequirePac");
    ticket.authorization_data = in_ticket(pac);
    assert!(client(demanding(&ticket)).authorization.is_some());
}

#[test]
fn p8_an_account_of_another_domain_is_the_first_of_the_extra_sids() {
    let mut info = logon_info();
    info.user_id = 0;
    let bytes = encode_logon_info(&info);
    let client = client(served(|maker| {
        maker.set(kind::LOGON_INFO, bytes);
        maker.remove(kind::UPN_DNS_INFO);
        maker.remove(kind::REQUESTOR);
    }));
    let authorization = client.authorization.unwrap();
    assert_eq!(authorization.user.unwrap().to_string(), "S-1-18-1");
    assert!(authorization.groups.iter().all(|group| group.sid.to_string() != "S-1-18-1"));
}

#[test]
fn a_pac_in_the_session_key_of_user_to_user() {
    let (setup, mut ticket) = to_alice(AES);
    let signer = maker(&ticket);
    ticket.authorization_data =
        in_ticket(signer.signed(&service_key(&ticket), &kdc_key(), Some(ticket.part())));
    let mut cached = ticket.cached();
    cached.is_session_key = true;
    let tgt = ticket.tgt();
    let tgt = TicketMaker { client: ticket.client.clone(), ..tgt }.cached();
    cached.second_ticket.clone_from(&tgt.ticket);
    setup.kerberos.default_cache.initialize(&ticket.client, &[tgt, cached]).unwrap();
    let outcome = setup.run().unwrap();
    assert!(outcome.server.client.unwrap().authorization.is_some());
}
