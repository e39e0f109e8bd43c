//! Names by a directory in memory: a server with real Kerberos, which can lie at every step.

mod names_server;
mod support;

use std::sync::Arc;

use names_server::{Server, World};
use secur32::lsa::{name_of_client, name_of_computer, name_of_user, translated};
use secur32::spi::directory::{NameFault, NameFormat, NoName};
use secur32::spi::kerberos::Principal;
use secur32::spi::token::{Authorization, ClientIdentity};

const FORMATS: [NameFormat; 11] = [
    NameFormat::FullyQualifiedDn,
    NameFormat::SamCompatible,
    NameFormat::Display,
    NameFormat::UniqueId,
    NameFormat::Canonical,
    NameFormat::UserPrincipal,
    NameFormat::CanonicalEx,
    NameFormat::ServicePrincipal,
    NameFormat::DnsDomain,
    NameFormat::GivenName,
    NameFormat::Surname,
];
const DN: &str = "CN=Alice,OU=In/Out,DC=example,DC=com";
const DISPLAY: &str = "Älice *(Liddell)";

fn fault(result: Result<String, NoName>) -> NameFault {
    match result {
        Ok(name) => panic!("a name: {name}"),
        Err(none) => none.fault,
    }
}

/// The name that most tests ask for.
fn display(world: &World) -> Result<String, NoName> {
    name_of_user(NameFormat::Display, world)
}

#[test]
fn a_user_with_tickets_has_every_name() {
    let expected = [
        DN,
        "EXAMPLE\\alice",
        DISPLAY,
        "{4fa050f0-f561-11cf-bdd9-00aa003a77b6}",
        "example.com/In\\/Out/Alice",
        "alice@EXAMPLE.COM",
        "example.com/In\\/Out\nAlice",
        "svc/alice",
        "example.com\\alice",
        "Älice",
        "Liddell",
    ];
    // The server by its name, and by its address: then it is asked for its name.
    for host in ["dc.example.com", "10.0.0.1", "dc"] {
        let world = World::new(Server::new(host));
        for (format, expected) in FORMATS.into_iter().zip(expected) {
            assert_eq!(name_of_user(format, &world).unwrap(), expected, "{host} {format:?}");
        }
    }
}

#[test]
fn names_are_translated_both_ways() {
    let world = World::new(Server::new("dc.example.com"));
    for from in &FORMATS[..9] {
        let name = name_of_user(*from, &world).unwrap();
        assert_eq!(
            translated(&name, Some(*from), NameFormat::FullyQualifiedDn, &world).unwrap(),
            DN
        );
        assert_eq!(translated(&name, None, NameFormat::Display, &world).unwrap(), DISPLAY);
    }
    // By account and domain, which is nowhere written down.
    let by = |name: &str, to| translated(name, Some(NameFormat::UserPrincipal), to, &world);
    assert_eq!(by("HOST$@example.com", NameFormat::SamCompatible).unwrap(), "EXAMPLE\\HOST$");
    assert_eq!(by("alice.l@example.com", NameFormat::SamCompatible).unwrap(), "EXAMPLE\\alice");
    let domain =
        translated("EXAMPLE\\", Some(NameFormat::SamCompatible), NameFormat::Canonical, &world);
    assert_eq!(domain.unwrap(), "example.com/");
}

#[test]
fn what_is_not_there_or_there_twice_is_not_mapped() {
    let world = World::new(Server::new("dc.example.com"));
    let to_dn =
        |name: &str, from| translated(name, Some(from), NameFormat::FullyQualifiedDn, &world);
    for (name, from) in [
        ("nobody", NameFormat::Display),
        ("Twin", NameFormat::Display),
        ("OTHER\\alice", NameFormat::SamCompatible),
        ("other.com\\alice", NameFormat::DnsDomain),
        ("example.com/Alice", NameFormat::Canonical),
        ("alice@other.com", NameFormat::UserPrincipal),
        ("CN=Nobody", NameFormat::FullyQualifiedDn),
        ("alice", NameFormat::GivenName),
        ("no form", NameFormat::UniqueId),
    ] {
        assert_eq!(fault(to_dn(name, from)), NameFault::NotMapped, "{name}");
    }
    assert_eq!(
        to_dn("EXAMPLE\\twin1", NameFormat::SamCompatible).unwrap(),
        "CN=Twin1,DC=example,DC=com"
    );
    let surname =
        translated("EXAMPLE\\twin1", Some(NameFormat::SamCompatible), NameFormat::UniqueId, &world);
    assert_eq!(fault(surname), NameFault::NotMapped);
}

#[test]
fn a_computer_is_asked_for_by_its_own_key_or_by_the_callers_tickets() {
    let world = World::new(Server::new("dc.example.com"));
    let name = |format, world: &World| name_of_computer(format, world);
    let dn = "CN=HOST,DC=example,DC=com";
    assert_eq!(name(NameFormat::FullyQualifiedDn, &world).unwrap(), dn);
    assert_eq!(name(NameFormat::SamCompatible, &world).unwrap(), "EXAMPLE\\HOST$");
    assert_eq!(name(NameFormat::DnsDomain, &world).unwrap(), "example.com\\HOST$");
    assert_eq!(name(NameFormat::UserPrincipal, &world).unwrap(), "HOST$@example.com");
    let world = World::new(Server::new("dc.example.com")).without_tickets();
    assert_eq!(fault(name(NameFormat::FullyQualifiedDn, &world)), NameFault::NoDomain);
    let world = world.with_machine_key();
    assert_eq!(name(NameFormat::FullyQualifiedDn, &world).unwrap(), dn);
    assert_eq!(world.server.clients(), ["HOST$@EXAMPLE.COM"]);
    let alone = World::new(Server::new("dc.example.com")).standing_alone();
    for format in FORMATS {
        assert_eq!(fault(name(format, &alone)), NameFault::NotJoined);
    }
}

#[test]
fn a_user_without_a_domain_has_what_the_machine_knows() {
    let world = World::new(Server::new("dc.example.com")).without_tickets().standing_alone();
    let name = |format| name_of_user(format, &world);
    assert_eq!(name(NameFormat::SamCompatible).unwrap(), "HOST\\login");
    assert_eq!(name(NameFormat::Display).unwrap(), "Log In");
    for format in FORMATS {
        if ![NameFormat::SamCompatible, NameFormat::Display].contains(&format) {
            assert_eq!(fault(name(format)), NameFault::NotMapped, "{format:?}");
        }
    }
    // A machine of a domain, a user without tickets: what needs no directory.
    let world = World::new(Server::new("dc.example.com")).without_tickets();
    let name = |format| name_of_user(format, &world);
    assert_eq!(name(NameFormat::SamCompatible).unwrap(), "EXAMPLE\\login");
    assert_eq!(name(NameFormat::UserPrincipal).unwrap(), "login@EXAMPLE.COM");
    assert_eq!(name(NameFormat::DnsDomain).unwrap(), "example.com\\login");
    assert_eq!(fault(name(NameFormat::Display)), NameFault::NoDomain);
}

#[test]
fn tickets_alone_make_no_domain() {
    let world = |login| World::of(Vec::new()).standing_alone().with_login(login);
    let alice = world("alice");
    assert_eq!(name_of_user(NameFormat::SamCompatible, &alice).unwrap(), "HOST\\alice");
    assert_eq!(name_of_user(NameFormat::UserPrincipal, &alice).unwrap(), "alice@EXAMPLE.COM");
    // There is nobody to ask, but the machine knows her.
    assert_eq!(display(&alice).unwrap(), "Log In");
    assert_eq!(fault(display(&world("bob"))), NameFault::NoDomain);
    assert_eq!(fault(name_of_user(NameFormat::Canonical, &alice)), NameFault::NoDomain);
    // Logins as winbind and SSSD give them.
    for (login, sam) in [("CORP\\eve", "CORP\\eve"), ("eve@corp.example", "HOST\\eve")] {
        let world = world(login).without_tickets();
        assert_eq!(name_of_user(NameFormat::SamCompatible, &world).unwrap(), sam);
    }
}

#[test]
fn the_next_server_is_asked_when_one_is_of_no_use() {
    let broken = Server::new("dc.example.com").lying(|_, _| Vec::new());
    let world = World::of(vec![Arc::new(broken), Arc::new(Server::new("dc.example.com"))]);
    assert_eq!(display(&world).unwrap(), DISPLAY);
    let world = World::of(Vec::new());
    assert_eq!(fault(display(&world)), NameFault::NoDomain);
}

#[test]
fn d1_a_connection_that_ends_anywhere_gives_no_name() {
    let honest = World::new(Server::new("10.0.0.1"));
    assert_eq!(display(&honest).unwrap(), DISPLAY);
    let sent = honest.server.sent();
    assert!(sent.len() >= 6, "{} messages", sent.len());
    for (number, length) in sent.iter().enumerate() {
        // Everything of the short ones, every seventh length of long ones.
        for cut in (0..*length).step_by(if *length > 150 { 7 } else { 1 }) {
            let server = Server::new("10.0.0.1").sending(move |at, mut bytes| {
                if at == number {
                    bytes.truncate(cut);
                }
                bytes
            });
            let world = World::new(server);
            assert_eq!(fault(display(&world)), NameFault::NoDomain, "{number} {cut}");
        }
    }
}

#[test]
fn d2_a_changed_byte_anywhere_makes_no_other_name() {
    let honest = World::new(Server::new("10.0.0.1"));
    assert_eq!(display(&honest).unwrap(), DISPLAY);
    for (number, length) in honest.server.sent().into_iter().enumerate() {
        for at in (0..length).step_by(3) {
            let server = Server::new("10.0.0.1").sending(move |sent, mut bytes| {
                if sent == number {
                    bytes[at] ^= 0x11;
                }
                bytes
            });
            match display(&World::new(server)) {
                // What is not protected and says nothing, as a text for people.
                Ok(name) => assert_eq!(name, DISPLAY, "{number} {at}"),
                Err(none) => assert_eq!(none.fault, NameFault::NoDomain, "{number} {at}"),
            }
        }
    }
}

#[test]
fn d3_answers_to_other_questions_are_not_taken() {
    for id in [0_u8, 1, 9, 0x7F] {
        let server = Server::new("dc.example.com").lying(move |kind, mut message| {
            if kind == "entry" {
                message[names_server::ID_AT] = id;
            }
            message
        });
        assert_eq!(fault(display(&World::new(server))), NameFault::NoDomain, "{id}");
    }
    // A bind that is answered by a search, and the other way round.
    for kind in ["entry", "done", "bind"] {
        let server = Server::new("dc.example.com").lying(move |this, mut message| {
            if this == kind {
                message[names_server::KIND_AT] = if kind == "bind" { 0x65 } else { 0x61 };
            }
            message
        });
        assert_eq!(fault(display(&World::new(server))), NameFault::NoDomain, "{kind}");
    }
}

#[test]
fn d3_notifications_are_passed_over_but_for_a_farewell() {
    let notice = |oid: &'static str| {
        Server::new("dc.example.com")
            .lying(move |_, message| [names_server::notification(oid), message].concat())
    };
    assert_eq!(display(&World::new(notice("1.2.3.4"))).unwrap(), DISPLAY);
    let farewell = World::new(notice("1.3.6.1.4.1.1466.20036"));
    assert_eq!(fault(display(&farewell)), NameFault::NoDomain);
    // Without end.
    let server = Server::new("dc.example.com")
        .lying(|_, message| [names_server::notification("1.2").repeat(3_000), message].concat());
    assert_eq!(fault(display(&World::new(server))), NameFault::NoDomain);
}

#[test]
fn d4_nothing_less_than_a_whole_bind_with_encryption() {
    for (what, change) in [
        ("no layer", names_server::Offer { layers: 1, limit: 0x1_0000 }),
        ("integrity", names_server::Offer { layers: 3, limit: 0x1_0000 }),
        ("no room", names_server::Offer { layers: 7, limit: 0 }),
        ("little room", names_server::Offer { layers: 7, limit: 40 }),
    ] {
        let world = World::new(Server::new("dc.example.com").offering(change));
        assert_eq!(fault(display(&world)), NameFault::NoDomain, "{what}");
    }
    // Success before the layer was agreed on; a refusal.
    for code in [0, 49, 8, 1, 14] {
        for leg in 0..3 {
            let honest = if leg == 2 { 0 } else { 14 };
            if code == honest {
                continue;
            }
            let world = World::new(Server::new("dc.example.com").answering_binds(leg, code));
            assert_eq!(fault(display(&world)), NameFault::NoDomain, "{code} {leg}");
        }
    }
    // Answers in the clear, or only signed, once everything is to be encrypted.
    for protection in [names_server::Protection::None, names_server::Protection::Signed] {
        let world = World::new(Server::new("dc.example.com").protecting(protection));
        assert_eq!(fault(display(&world)), NameFault::NoDomain, "{protection:?}");
    }
}

#[test]
fn d4_what_was_put_in_before_the_layer_is_not_taken() {
    let server = Server::new("dc.example.com").sending(|number, bytes| {
        // Behind the last answer to the bind.
        if number == 2 { [&bytes[..], &names_server::forged_entry()].concat() } else { bytes }
    });
    assert_eq!(fault(display(&World::new(server))), NameFault::NoDomain);
}

#[test]
fn d5_answers_without_end_are_not_heard() {
    let endless = Server::new("dc.example.com")
        .lying(|kind, message| if kind == "entry" { message.repeat(2_500) } else { message });
    assert_eq!(fault(display(&World::new(endless))), NameFault::NoDomain);
    let huge = Server::new("dc.example.com").lying(|kind, message| {
        if kind == "entry" { b"\x30\x84\x7f\xff\xff\xff".to_vec() } else { message }
    });
    assert_eq!(fault(display(&World::new(huge))), NameFault::NoDomain);
    let huge = Server::new("10.0.0.1").sending(|_, _| b"\x30\x84\x7f\xff\xff\xff".to_vec());
    assert_eq!(fault(display(&World::new(huge))), NameFault::NoDomain);
    let buffer = Server::new("dc.example.com")
        .sending(|number, bytes| if number == 3 { vec![0x7F; 8] } else { bytes });
    assert_eq!(fault(display(&World::new(buffer))), NameFault::NoDomain);
}

#[test]
fn d6_a_server_is_asked_for_as_a_domain_controller() {
    let world = World::new(Server::new("10.0.0.1"));
    assert_eq!(display(&world).unwrap(), DISPLAY);
    assert_eq!(world.services_asked_for(), ["ldap/dc.example.com/example.com"]);
    // A machine that has keys of its own, and says that it is the server.
    for name in ["evil.example.com", "dc.example.com/x", "dc example", "", "dc.example.com@X"] {
        let world = World::new(Server::new("10.0.0.1").named(name));
        assert_eq!(fault(display(&world)), NameFault::NoDomain, "{name}");
        let asked = world.services_asked_for();
        assert!(asked.iter().all(|service| *service == "ldap/evil.example.com/example.com"));
    }
}

#[test]
fn d7_no_name_changes_the_question() {
    let world = World::new(Server::new("dc.example.com"));
    for name in ["*", "alice)(|(cn=*", "a*", "\\2a", "*)(objectClass=*)", "\u{0}", "\\"] {
        let sam = format!("EXAMPLE\\{name}");
        for (name, from) in [
            (&*sam, NameFormat::SamCompatible),
            (name, NameFormat::Display),
            (&format!("{name}/x"), NameFormat::ServicePrincipal),
            (&format!("{name}@example.com"), NameFormat::UserPrincipal),
            (&format!("example.com/{name}"), NameFormat::Canonical),
        ] {
            let found = translated(name, Some(from), NameFormat::FullyQualifiedDn, &world);
            assert_eq!(fault(found), NameFault::NotMapped, "{name:?}");
        }
    }
    // Each question is one equality, with the name as it was given.
    let asked = world.server.values();
    assert!(asked.contains(&b"alice)(|(cn=*".to_vec()) && asked.contains(&b"*".to_vec()));
    // A name with such characters is found.
    let to = NameFormat::SamCompatible;
    assert_eq!(
        translated(DISPLAY, Some(NameFormat::Display), to, &world).unwrap(),
        "EXAMPLE\\alice"
    );
}

#[test]
fn d8_names_that_end_before_their_end_are_not_given() {
    for name in ["a\0b", "a\nb", "a\u{85}b", "", "\u{1b}[31m"] {
        let world = World::new(Server::new("dc.example.com").calling_alice(name.as_bytes()));
        assert_eq!(fault(display(&world)), NameFault::NoDomain, "{name:?}");
    }
    let world = World::new(Server::new("dc.example.com").calling_alice(b"\xFFa"));
    assert_eq!(fault(display(&world)), NameFault::NoDomain);
}

#[test]
fn d10_referrals_are_not_followed() {
    let references = Server::new("dc.example.com").lying(|kind, message| match kind {
        "done" => [names_server::reference(message[names_server::ID_AT]), message].concat(),
        _ => message,
    });
    assert_eq!(display(&World::new(references)).unwrap(), DISPLAY);
    for (code, expected) in [
        (10, NameFault::NotMapped),
        (32, NameFault::NotMapped),
        (34, NameFault::NotMapped),
        (1, NameFault::NoDomain),
        (50, NameFault::NoDomain),
        (80, NameFault::NoDomain),
    ] {
        let world = World::new(Server::new("dc.example.com").answering_searches(code));
        assert_eq!(fault(display(&world)), expected, "{code}");
    }
}

/// A client of a ticket with a PAC, as its server knows it.
fn client() -> ClientIdentity {
    ClientIdentity {
        account: "alice".into(),
        domain: "EXAMPLE".into(),
        principal: Some(Principal {
            name_type: 1,
            components: vec!["Alice".into()],
            realm: "EXAMPLE.COM".into(),
        }),
        upn: Some("alice.l@example.com".into()),
        dns_domain: Some("EXAMPLE.COM".into()),
        anonymous: false,
        authorization: Some(Authorization {
            user: Some("S-1-5-21-1-2-3-1103".parse().unwrap()),
            full_name: "Alice by her PAC".into(),
            ..Authorization::default()
        }),
    }
}

#[test]
fn a_client_that_a_thread_acts_as_has_its_own_names() {
    // The machine speaks for it, by its key; the tickets of the process are there and untouched.
    let world = World::new(Server::new("dc.example.com")).with_machine_key();
    let name = |format, client: &ClientIdentity| name_of_client(format, client, None, &world);
    let alice = client();
    for (format, expected) in [
        (NameFormat::SamCompatible, "EXAMPLE\\alice"),
        (NameFormat::UserPrincipal, "alice.l@example.com"),
        (NameFormat::DnsDomain, "example.com\\alice"),
        (NameFormat::Display, "Alice by her PAC"),
        (NameFormat::FullyQualifiedDn, DN),
        (NameFormat::Surname, "Liddell"),
    ] {
        assert_eq!(name(format, &alice).unwrap(), expected);
    }
    let unknown = ClientIdentity { account: "nobody".into(), ..alice.clone() };
    assert_eq!(fault(name(NameFormat::Surname, &unknown)), NameFault::NotMapped);
    let local =
        ClientIdentity { account: "bob".into(), domain: "WS7".into(), ..ClientIdentity::default() };
    assert_eq!(name(NameFormat::SamCompatible, &local).unwrap(), "WS7\\bob");
    for format in [NameFormat::Display, NameFormat::DnsDomain, NameFormat::UserPrincipal] {
        assert_eq!(fault(name(format, &local)), NameFault::NotMapped);
    }
}

#[test]
fn the_tickets_of_the_process_do_not_speak_for_a_client() {
    let world = World::new(Server::new("dc.example.com"));
    let none = name_of_client(NameFormat::Surname, &client(), None, &world);
    assert_eq!(fault(none), NameFault::NoDomain);
    assert!(world.services_asked_for().is_empty());
    assert_eq!(name_of_user(NameFormat::Surname, &world).unwrap(), "Liddell");
}
