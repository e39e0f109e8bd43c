//! List, retrieve, purge, submit, set.

use secur32::kerberos::names::unparse;
use secur32::spi::error::{CallerFault, LocalFault, PeerFault};
use secur32::spi::kerberos::{CredentialCache, KeyBlock};
use secur32::spi::secret::{SecretBytes, SecretText};
use secur32::spi::tickets::{KerberosCalls, Retrieve, TicketFilter};
use secur32::spi::time::FileTime;
use secur32::wire::kerberos::numbers::{kdc_options, ticket_flags};
use secur32::wire::kerberos::{EncKrbCredPart, EncodedTicket, KrbCred};

use super::support::client::Machine;
use super::support::env::NOW;
use super::{WWW, calls, fault, fill, logged_on, now, retrieve, server, services, wanted};

#[test]
fn a_list_is_what_the_cache_has_and_lasts() {
    let machine = Machine::new();
    assert_eq!(services(&machine), [""; 0]);
    fill(&machine);
    machine.ticket(&machine.default(), WWW).unwrap();
    let list = calls(machine.default()).list(&machine.env).unwrap();
    let [tgt, www] = &list[..] else { panic!("{list:?}") };
    assert_eq!(unparse(&tgt.server), "krbtgt/EXAMPLE.COM@EXAMPLE.COM");
    assert_eq!(unparse(&www.server), "HTTP/www.example.com@EXAMPLE.COM");
    assert_eq!(unparse(&www.client), "alice@EXAMPLE.COM");
    assert_eq!((www.enctype, www.key_enctype), (18, 18));
    assert_eq!((www.start, www.end.0), (now(), now().0 + 36_000));
    assert_ne!(tgt.flags & ticket_flags::INITIAL, 0);
    // A configuration entry is no ticket, and what has expired is none any more.
    machine.host.default_cache.set_config("k", None, b"v").unwrap();
    assert_eq!(services(&machine).len(), 2);
    machine.env.set_now(FileTime(NOW.0 + 36_001 * 10_000_000));
    assert_eq!(services(&machine), [""; 0]);
    machine.host.default_cache.set_time_offset(-3_600);
    assert_eq!(services(&machine).len(), 2);
}

#[test]
fn a_credential_of_its_own_lists_its_own() {
    let machine = logged_on();
    let alice = calls(machine.alice());
    assert_eq!(alice.list(&machine.env).unwrap(), []);
    machine.ticket(&alice.0, WWW).unwrap();
    assert_eq!(alice.list(&machine.env).unwrap().len(), 2);
    assert_eq!(services(&machine).len(), 1);
    assert_eq!(alice.purge(&server("http/WWW.example.com"), &machine.env).unwrap(), 1);
    assert_eq!(alice.purge(&TicketFilter::default(), &machine.env).unwrap(), 1);
    assert_eq!(alice.list(&machine.env).unwrap(), []);
    assert_eq!(services(&machine).len(), 1);
}

#[test]
fn the_granting_ticket_comes_with_its_key() {
    let machine = logged_on();
    let tgt = calls(machine.default()).granting_ticket(&machine.env).unwrap();
    assert_eq!(unparse(&tgt.service), "krbtgt/EXAMPLE.COM@EXAMPLE.COM");
    assert_eq!((unparse(&tgt.target), tgt.skew), (unparse(&tgt.service), 0));
    let [kept] = &machine.host.default_cache.tickets().unwrap()[..] else { panic!() };
    assert_eq!(tgt.encoded.expose(), kept.ticket);
    assert_eq!(tgt.key, kept.key);
    let nobody = Machine::new();
    let error = calls(nobody.default()).granting_ticket(&nobody.env).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
}

#[test]
fn a_ticket_is_got_once_and_kept() {
    let machine = logged_on();
    let first = retrieve(&machine, &wanted(WWW)).unwrap();
    assert_eq!(unparse(&first.service), "HTTP/www.example.com@EXAMPLE.COM");
    assert_eq!(machine.kdcs.requests().len(), 1);
    assert_eq!(retrieve(&machine, &wanted(WWW)).unwrap(), first);
    assert_eq!(machine.kdcs.requests().len(), 0);
    let cache_only = Retrieve { cache_only: true, ..wanted(WWW) };
    assert_eq!(retrieve(&machine, &cache_only).unwrap(), first);
    assert_eq!(services(&machine).len(), 2);
    let fresh = Retrieve { fresh: true, ..wanted(WWW) };
    assert_ne!(retrieve(&machine, &fresh).unwrap().key, first.key);
    assert_eq!((services(&machine).len(), machine.kdcs.requests().len()), (2, 1));
}

#[test]
fn from_the_cache_alone_nobody_is_asked() {
    let machine = logged_on();
    let cache_only = Retrieve { cache_only: true, ..wanted(WWW) };
    let error = retrieve(&machine, &cache_only).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoSuchTicket));
    assert_eq!(machine.kdcs.requests().len(), 0);
    let neither = Retrieve { fresh: true, ..cache_only };
    let error = retrieve(&machine, &neither).unwrap_err();
    assert_eq!(error.fault(), fault(CallerFault::InvalidParameter));
}

#[test]
fn something_special_is_kept_only_where_that_is_asked_for() {
    let machine = logged_on();
    let aes128 = Retrieve { enctype: 17, ..wanted(WWW) };
    let ticket = retrieve(&machine, &aes128).unwrap();
    assert_eq!(ticket.key.enctype, 17);
    assert_eq!(services(&machine).len(), 1);
    retrieve(&machine, &Retrieve { keep: true, ..aes128.clone() }).unwrap();
    assert_eq!(services(&machine).len(), 2);
    machine.kdcs.requests();
    let again = Retrieve { cache_only: true, ..aes128 };
    assert_eq!(retrieve(&machine, &again).unwrap().key.enctype, 17);
    let other = Retrieve { cache_only: true, enctype: 18, ..wanted(WWW) };
    assert_eq!(retrieve(&machine, &other).unwrap_err().fault(), fault(LocalFault::NoSuchTicket));
    for enctype in [-1, 1, 23, 99] {
        let error = retrieve(&machine, &Retrieve { enctype, ..wanted(WWW) }).unwrap_err();
        assert_eq!(error.fault(), fault(PeerFault::EnctypeRefused), "{enctype}");
    }
    assert_eq!(machine.kdcs.requests().len(), 0);
}

#[test]
fn flags_are_asked_for_and_must_be_given() {
    let machine = logged_on();
    let forwardable = Retrieve { flags: ticket_flags::FORWARDABLE, ..wanted(WWW) };
    let ticket = retrieve(&machine, &forwardable).unwrap();
    assert_ne!(ticket.flags & ticket_flags::FORWARDABLE, 0);
    let [(.., asked)] = &machine.kdcs.requests()[..] else { panic!() };
    assert_ne!(asked.req_body.kdc_options & kdc_options::FORWARDABLE, 0);
    let trusted = Retrieve { flags: ticket_flags::OK_AS_DELEGATE, ..wanted(WWW) };
    let error = retrieve(&machine, &trusted).unwrap_err();
    assert_eq!(error.fault(), fault(PeerFault::AuthorityRefused));
    let tgs = Retrieve { flags: ticket_flags::FORWARDED, ..wanted("krbtgt/EXAMPLE.COM") };
    let forwarded = retrieve(&machine, &tgs).unwrap();
    assert_eq!(unparse(&forwarded.service), "krbtgt/EXAMPLE.COM@EXAMPLE.COM");
    assert_eq!(services(&machine).len(), 1);
}

#[test]
fn a_granting_ticket_is_a_ticket_like_others() {
    let machine = logged_on();
    for target in ["krbtgt/EXAMPLE.COM", "krbtgt/EXAMPLE.COM@EXAMPLE.COM"] {
        let ticket = retrieve(&machine, &Retrieve { cache_only: true, ..wanted(target) }).unwrap();
        assert_ne!(ticket.flags & ticket_flags::INITIAL, 0);
    }
    machine.kdcs.add_realm("BRANCH.TEST");
    machine.kdcs.trust("EXAMPLE.COM", "BRANCH.TEST");
    let foreign = retrieve(&machine, &wanted("krbtgt/BRANCH.TEST")).unwrap();
    assert_eq!(unparse(&foreign.service), "krbtgt/BRANCH.TEST@EXAMPLE.COM");
    let error = retrieve(&machine, &wanted("HTTP/nobody")).unwrap_err();
    assert_eq!(error.fault(), fault(PeerFault::TargetUnknown));
    assert_eq!(retrieve(&machine, &wanted("")).unwrap_err().fault(), error.fault());
}

#[test]
fn what_is_retrieved_as_a_message_can_be_submitted() {
    let machine = logged_on();
    retrieve(&machine, &wanted(WWW)).unwrap();
    let as_message = |target| Retrieve { as_kerb_cred: true, ..wanted(target) };
    let tgt = retrieve(&machine, &as_message("krbtgt/EXAMPLE.COM")).unwrap();
    let www = retrieve(&machine, &as_message(WWW)).unwrap();
    let message = KrbCred::from_der(www.encoded.expose()).unwrap();
    assert_eq!(message.enc_part.etype, 0);
    let part = EncKrbCredPart::from_der(&message.enc_part.cipher).unwrap();
    assert_eq!(part.ticket_info[0].key, www.key);

    let other = Machine::on(machine.kdcs.clone(), other_host(&machine));
    let there = calls(other.default());
    there.submit(tgt.encoded.expose(), None, &other.env).unwrap();
    there.submit(www.encoded.expose(), None, &other.env).unwrap();
    there.submit(www.encoded.expose(), None, &other.env).unwrap();
    assert_eq!(services(&other), services(&machine));
    let kept = |machine: &Machine| {
        let tickets = machine.host.default_cache.tickets().unwrap();
        tickets.into_iter().map(|t| (t.key, t.end_time, t.flags, t.ticket)).collect::<Vec<_>>()
    };
    assert_eq!(kept(&machine), kept(&other));
    // Over the ones that are there.
    calls(machine.default()).submit(www.encoded.expose(), None, &machine.env).unwrap();
    assert_eq!(services(&machine).len(), 2);
    machine.kdcs.requests();
    retrieve(&other, &Retrieve { fresh: true, ..wanted(WWW) }).unwrap();
}

fn other_host(machine: &Machine) -> super::support::kerberos::FixedKerberos {
    super::support::kerberos::FixedKerberos::new().with_exchange(machine.kdcs.exchange())
}

#[test]
fn a_message_may_be_under_a_key() {
    let machine = logged_on();
    let wish = Retrieve { as_kerb_cred: true, ..wanted("krbtgt/EXAMPLE.COM") };
    let clear = retrieve(&machine, &wish).unwrap().encoded;
    let value = SecretBytes::new(vec![5; 32]);
    let block = || KeyBlock { enctype: 18, value: value.duplicate() };
    let key = secur32::kerberos::kdc::key_of(&block()).unwrap();
    let mut message = KrbCred::from_der(clear.expose()).unwrap();
    message.enc_part.cipher = key.encrypt(14, &[1; 16], &message.enc_part.cipher);
    message.enc_part.etype = 18;
    let sealed = message.to_der();
    let target = Machine::on(machine.kdcs.clone(), other_host(&machine));
    let there = calls(target.default());
    for wrong in [
        None,
        Some(KeyBlock { enctype: 18, value: SecretBytes::new(vec![6; 32]) }),
        Some(KeyBlock { enctype: 17, value: SecretBytes::new(vec![5; 16]) }),
    ] {
        let error = there.submit(&sealed, wrong, &target.env).unwrap_err();
        assert_eq!(error.fault(), fault(PeerFault::UnexpectedToken));
    }
    let short = KeyBlock { enctype: 18, value: SecretBytes::new(vec![5; 31]) };
    assert!(there.submit(&sealed, Some(short), &target.env).is_err());
    assert_eq!(services(&target), [""; 0]);
    there.submit(&sealed, Some(block()), &target.env).unwrap();
    assert_eq!(services(&target), ["krbtgt/EXAMPLE.COM@EXAMPLE.COM"]);
}

#[test]
fn what_is_purged_is_gone_for_all_credentials() {
    let machine = logged_on();
    machine.kdcs.add_service("cifs/www.example.com@EXAMPLE.COM");
    let (busy, idle) = (machine.default(), calls(machine.default()));
    machine.ticket(&busy, WWW).unwrap();
    machine.ticket(&busy, "cifs/www.example.com").unwrap();
    machine.kdcs.requests();
    assert_eq!(idle.purge(&server("http/WWW.EXAMPLE.COM"), &machine.env).unwrap(), 1);
    assert_eq!(idle.purge(&server("HTTP/www"), &machine.env).unwrap(), 0);
    machine.ticket(&busy, "cifs/www.example.com").unwrap();
    assert_eq!(machine.kdcs.requests().len(), 0);
    machine.ticket(&busy, WWW).unwrap();
    assert_eq!(machine.kdcs.requests().len(), 1);
    let elsewhere = TicketFilter { server_realm: Some("OTHER".into()), ..TicketFilter::default() };
    let bobs = TicketFilter { client: Some("bob".into()), ..TicketFilter::default() };
    assert_eq!(idle.purge(&elsewhere, &machine.env).unwrap(), 0);
    assert_eq!(idle.purge(&bobs, &machine.env).unwrap(), 0);
    let all = TicketFilter {
        client: Some("ALICE".into()),
        client_realm: Some("example.com".into()),
        ..TicketFilter::default()
    };
    assert_eq!(idle.purge(&all, &machine.env).unwrap(), 3);
    let error = machine.ticket(&busy, WWW).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
    assert_eq!(unparse(&machine.host.default_cache.principal().unwrap()), "alice@EXAMPLE.COM");
    let nobody = Machine::new();
    let none = calls(nobody.default()).purge(&TicketFilter::default(), &nobody.env);
    assert_eq!(none.unwrap(), 0);
}

#[test]
fn a_referred_service_is_known_by_the_realm_that_it_is_in() {
    let machine = logged_on();
    machine.kdcs.add_realm("FAR.COM");
    machine.kdcs.trust("EXAMPLE.COM", "FAR.COM");
    machine.kdcs.add_service("HTTP/far@FAR.COM");
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.refers_to = Some("FAR.COM".into()));
    let ticket = retrieve(&machine, &wanted("HTTP/far")).unwrap();
    assert_eq!((unparse(&ticket.target), unparse(&ticket.service)), {
        let name = "HTTP/far@FAR.COM".to_owned();
        (name.clone(), name)
    });
    assert!(services(&machine).contains(&"HTTP/far@FAR.COM".to_owned()));
    let there = TicketFilter { server_realm: Some("FAR.COM".into()), ..server("HTTP/far") };
    assert_eq!(calls(machine.default()).purge(&there, &machine.env).unwrap(), 1);
}

#[test]
fn passwords_are_set_by_who_may() {
    let machine = Machine::new();
    machine.kdcs.add_user("admin@EXAMPLE.COM", "admins");
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bobs");
    let admin = calls(machine.logon("admin", "EXAMPLE.COM", "admins"));
    let new = SecretText::from_str_secret("ünew");
    admin.set_password("bob", "EXAMPLE.COM", &new, &machine.env).unwrap();
    machine.ticket(&machine.logon("bob", "", "ünew"), WWW).unwrap();
    assert!(machine.ticket(&machine.logon("bob", "", "bobs"), WWW).is_err());
    admin.set_password("alice@EXAMPLE.COM", "", &new, &machine.env).unwrap();
    machine.ticket(&machine.logon("alice", "", "ünew"), WWW).unwrap();
    let short = SecretText::from_str_secret("x");
    let error = admin.set_password("bob", "EXAMPLE.COM", &short, &machine.env).unwrap_err();
    assert!(error.story().unwrap().contains("policy"), "{error}");
    let bob = calls(machine.logon("bob", "", "ünew"));
    let error = bob.set_password("alice", "EXAMPLE.COM", &new, &machine.env).unwrap_err();
    assert_eq!(error.fault(), fault(PeerFault::LogonDenied));
    let error = bob.set_password("", "EXAMPLE.COM", &new, &machine.env).unwrap_err();
    assert_eq!(error.fault(), fault(CallerFault::InvalidParameter));
}

#[test]
fn a_cache_sets_passwords_by_its_granting_ticket() {
    let machine = Machine::new();
    machine.kdcs.add_user("admin@EXAMPLE.COM", "admins");
    let tgt = machine.logon("admin", "", "admins").tgt(&machine.env).unwrap();
    let tickets = [super::support::kerberos::duplicate(&tgt)];
    machine.host.default_cache.initialize(&tgt.client, &tickets).unwrap();
    let new = SecretText::from_str_secret("other");
    calls(machine.default()).set_password("alice", "", &new, &machine.env).unwrap();
    machine.ticket(&machine.logon("alice", "", "other"), WWW).unwrap();
    assert_eq!(services(&machine), ["krbtgt/EXAMPLE.COM@EXAMPLE.COM"]);
}

#[test]
fn a_ticket_in_a_cache_that_is_none_is_not_handed_out() {
    let machine = logged_on();
    let mut ticket = machine.host.default_cache.tickets().unwrap().remove(0);
    ticket.ticket = b"no ticket".to_vec();
    assert!(EncodedTicket(ticket.ticket.clone()).parse().is_err());
    let client = ticket.client.clone();
    machine.host.default_cache.initialize(&client, &[ticket]).unwrap();
    let [listed] = &calls(machine.default()).list(&machine.env).unwrap()[..] else { panic!() };
    assert_eq!(listed.enctype, 0);
    assert!(calls(machine.default()).granting_ticket(&machine.env).is_err());
}
