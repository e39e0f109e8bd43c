//! KDCs and password servers that answer what they like, to a client that wants a ticket, or to
//! change its password.

use std::sync::{Arc, Mutex};

use secur32::kerberos::credential::{KerberosCredential, ServiceTicket};
use secur32::kerberos::kdc::{self, Initial, Line};
use secur32::kerberos::s4u::{Evidence, SelfLogon};
use secur32::spi::error::Result;
use secur32::spi::identity::Proof;
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::keytab::encode_keytab;

use super::support;
use support::client::Machine;
use support::kdc::secret;

const TARGET: &str = "HTTP/www.example.com";

/// Each exchange by its number: the wish for a proof, the first ticket, the service's.
pub const EXCHANGES: u8 = 3;

/// The first byte says which answer is the rest of the input. A ticket that comes of it is
/// alice's, and for the service.
pub fn reply(data: &[u8]) {
    let Some((which, lie)) = data.split_first() else { return };
    let machine = Machine::new();
    tell(&machine, which % EXCHANGES, lie);
    let Ok(found) = machine.ticket(&alice(&machine), TARGET) else { return };
    assert_eq!(found.ticket.client.components, ["alice"]);
    assert_eq!(found.ticket.client.realm, "EXAMPLE.COM");
    assert_eq!(found.ticket.server.components, ["HTTP", "www.example.com"]);
    assert_ne!(found.ticket.key.enctype, 23);
}

/// The first byte says which answer of S4U is the rest of the input: the service's first ticket,
/// S4U2Self's, S4U2Proxy's. Tickets that come of it are alice's.
pub fn s4u(data: &[u8]) {
    let Some((which, lie)) = data.split_first() else { return };
    let machine = s4u_machine();
    tell(&machine, which % EXCHANGES, lie);
    let Ok((own, there)) = in_alices_name(&machine) else { return };
    for (found, service) in [(own, "front"), (there, "back")] {
        assert_eq!(found.ticket.client.components, ["alice"]);
        assert_eq!(found.ticket.client.realm, "EXAMPLE.COM");
        assert_eq!(found.ticket.server.components, ["svc", service]);
    }
}

/// The answer of a password server, behind a byte that means nothing. Only the genuine one is a
/// success.
pub fn changed(data: &[u8]) {
    let Some((_, data)) = data.split_first() else { return };
    let machine = Machine::new();
    let ticket = changepw(&machine);
    let genuine = Arc::new(Mutex::new(Vec::new()));
    let (lie, seen) = (data.to_vec(), Arc::clone(&genuine));
    machine.kdcs.lie(|lies| {
        lies.bytes = Some(Box::new(move |_, answer| {
            *seen.lock().unwrap() = answer;
            lie.clone()
        }));
    });
    let line = Line::new(&machine.env, 0).unwrap();
    if kdc::change_password(&line, &ticket, &secret("another")).is_ok() {
        // The version of the frame means nothing.
        let mut genuine = genuine.lock().unwrap().clone();
        genuine[2..4].copy_from_slice(&data[2..4]);
        assert_eq!(genuine, data);
    }
}

/// What the KDCs and the password server say when they do not lie, for the bodies.
pub fn samples() -> Vec<super::Sample> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = |machine: &Machine| {
        let seen = Arc::clone(&seen);
        machine.kdcs.lie(|lies| {
            lies.bytes = Some(Box::new(move |_, answer| {
                seen.lock().unwrap().push(answer.clone());
                answer
            }));
        });
    };
    let machine = Machine::new();
    record(&machine);
    machine.ticket(&alice(&machine), TARGET).unwrap();
    let replies = std::mem::take(&mut *seen.lock().unwrap()).into_iter().zip(0_u8..);
    let numbered = replies.map(|(answer, number)| [&[number], &answer[..]].concat());
    let mut samples: Vec<_> = numbered.map(|answer| (reply as fn(&[u8]), answer)).collect();
    let machine = s4u_machine();
    record(&machine);
    in_alices_name(&machine).unwrap();
    let replies = std::mem::take(&mut *seen.lock().unwrap()).into_iter().zip(0_u8..);
    let numbered = replies.map(|(answer, number)| [&[number], &answer[..]].concat());
    samples.extend(numbered.map(|answer| (s4u as fn(&[u8]), answer)));
    let machine = Machine::new();
    let ticket = changepw(&machine);
    record(&machine);
    let line = Line::new(&machine.env, 0).unwrap();
    kdc::change_password(&line, &ticket, &secret("another")).unwrap();
    let answer = seen.lock().unwrap().remove(0);
    samples.push((changed, [&[0], &answer[..]].concat()));
    samples
}

/// With her keys: string-to-key would take all the time.
fn alice(machine: &Machine) -> KerberosCredential {
    let keys = encode_keytab(&machine.kdcs.keytab("alice@EXAMPLE.COM")).unwrap();
    machine.by("alice", Proof::Keytab(SecretBytes::new(keys.expose().to_vec())))
}

const FRONT: &str = "svc/front@EXAMPLE.COM";

/// Of a service that may go on to `svc/back` as anybody.
fn s4u_machine() -> Machine {
    let machine = Machine::new();
    machine.kdcs.add_service(FRONT);
    machine.kdcs.add_service("svc/back@EXAMPLE.COM");
    machine.kdcs.account(FRONT, |account| {
        account.delegation.to = vec![support::kerberos::principal("svc/back").components];
        account.delegation.transition = true;
    });
    machine
}

/// A ticket of alice's for the service, and one by it.
fn in_alices_name(machine: &Machine) -> Result<(ServiceTicket, ServiceTicket)> {
    let service = support::kerberos::principal(FRONT);
    let keys = machine.kdcs.keytab(FRONT);
    let service = Arc::new(KerberosCredential::of_service(&service, &keys)?);
    let logon = SelfLogon { client: "alice", ..SelfLogon::default() };
    let own = service.s4u2self(&logon, &machine.env)?;
    let evidence = Evidence::of_self_ticket(&own.ticket, false);
    let proxy = KerberosCredential::by_proxy(service, evidence);
    let there = machine.ticket(&proxy, "svc/back")?;
    Ok((own, there))
}

/// A ticket for the password server.
fn changepw(machine: &Machine) -> Initial {
    let client = support::kerberos::principal("alice@EXAMPLE.COM");
    let keys = machine.kdcs.keytab("alice@EXAMPLE.COM");
    let logon = kdc::Logon {
        client: &client,
        secret: &kdc::LongTerm::keytab(&keys, &client),
        service: kdc::Service::ChangePassword,
        enctypes: &support::kdc::ENCTYPES[..4],
        canonicalize: true,
        options: 0,
    };
    let line = Line::new(&machine.env, 0).unwrap();
    kdc::logon(&line, &logon).map_err(|no| no.error).unwrap()
}

/// The answer of this number is another.
fn tell(machine: &Machine, which: u8, lie: &[u8]) {
    let (lie, count) = (lie.to_vec(), Mutex::new(0));
    machine.kdcs.lie(|lies| {
        lies.bytes = Some(Box::new(move |_, answer| {
            let mut count = count.lock().unwrap();
            *count += 1;
            if *count == u32::from(which) + 1 { lie.clone() } else { answer }
        }));
    });
}
