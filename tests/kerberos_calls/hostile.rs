//! Messages that are not to be taken in.

use proptest::prelude::*;
use secur32::spi::error::{CallerFault, Fault, PeerFault};
use secur32::spi::kerberos::{CredentialCache, KerberosTime};
use secur32::spi::secret::SecretBytes;
use secur32::spi::tickets::KerberosCalls;
use secur32::spi::time::FileTime;
use secur32::wire::kerberos::{EncKrbCredPart, KrbCred, KrbCredInfo, MAX_FILE};

use super::support::client::Machine;
use super::support::env::NOW;
use super::support::kerberos::principal;
use super::{WWW, calls, fault, logged_on, retrieve, services, wanted};

/// Alice's ticket for a service as a message in the clear.
fn message(machine: &Machine, target: &str) -> Vec<u8> {
    let wish = secur32::spi::tickets::Retrieve { as_kerb_cred: true, ..wanted(target) };
    retrieve(machine, &wish).unwrap().encoded.expose().to_vec()
}

/// The message with another content.
fn changed(message: &[u8], change: impl FnOnce(&mut KrbCred, &mut EncKrbCredPart)) -> Vec<u8> {
    let mut message = KrbCred::from_der(message).unwrap();
    let mut part = EncKrbCredPart::from_der(&message.enc_part.cipher).unwrap();
    change(&mut message, &mut part);
    message.enc_part.cipher = part.to_der_secret().expose().to_vec();
    message.to_der()
}

fn submit(machine: &Machine, message: &[u8]) -> Result<(), Fault> {
    let taken = calls(machine.default()).submit(message, None, &machine.env);
    taken.map_err(|error| error.fault())
}

/// Nothing of a message that is refused is taken.
fn refused(message: &[u8], why: impl Into<Fault>) {
    let machine = Machine::new();
    assert_eq!(submit(&machine, message), Err(why.into()));
    assert!(machine.host.default_cache.principal().is_err());
}

fn info(part: &mut EncKrbCredPart) -> &mut KrbCredInfo {
    &mut part.ticket_info[0]
}

#[test]
fn k30_every_truncation_of_a_submitted_message_is_refused() {
    let machine = logged_on();
    let message = message(&machine, WWW);
    for length in 0..message.len() {
        assert!(submit(&machine, &message[..length]).is_err(), "{length} bytes");
    }
    let longer = [&message[..], &[0]].concat();
    assert!(submit(&machine, &longer).is_err());
    assert_eq!(services(&machine).len(), 1);
    submit(&machine, &message).unwrap();
}

#[test]
fn k30_every_changed_bit_of_a_submitted_message_is_refused_or_makes_another_ticket() {
    let machine = logged_on();
    let message = message(&machine, WWW);
    for place in 0..message.len() * 8 {
        let mut bytes = message.clone();
        bytes[place / 8] ^= 1 << (place % 8);
        let target = Machine::new();
        if submit(&target, &bytes).is_ok() {
            let kept = target.host.default_cache.tickets().unwrap();
            let [ticket] = &kept[..] else { panic!("{kept:?}") };
            let whole = target.host.default_cache.principal().unwrap();
            assert_eq!(ticket.client, whole, "bit {place}");
        }
    }
}

#[test]
fn k30_counts_that_do_not_fit_are_refused() {
    let machine = logged_on();
    let good = message(&machine, WWW);
    let unexpected = PeerFault::UnexpectedToken;
    refused(&changed(&good, |message, _| message.tickets.clear()), unexpected);
    refused(&changed(&good, |_, part| part.ticket_info.clear()), unexpected);
    refused(
        &changed(&good, |message, part| {
            message.tickets.clear();
            part.ticket_info.clear();
        }),
        unexpected,
    );
    let again = changed(&good, |message, _| message.tickets.push(message.tickets[0].clone()));
    refused(&again, unexpected);
    let many = changed(&good, |message, part| {
        for _ in 0..200 {
            let copy = EncKrbCredPart::from_der(part.to_der_secret().expose()).unwrap();
            message.tickets.push(message.tickets[0].clone());
            part.ticket_info.extend(copy.ticket_info.into_iter().take(1));
        }
    });
    refused(&many, unexpected);
    refused(&vec![0x30; MAX_FILE + 1], unexpected);
    refused(
        &changed(&good, |message, _| message.tickets[0].0.truncate(40)),
        PeerFault::MalformedToken,
    );
}

#[test]
fn k31_who_and_for_whom_must_be_said() {
    let machine = logged_on();
    let good = message(&machine, WWW);
    let unexpected = PeerFault::UnexpectedToken;
    refused(&changed(&good, |_, part| info(part).pname = None), unexpected);
    refused(&changed(&good, |_, part| info(part).prealm = None), unexpected);
    refused(&changed(&good, |_, part| info(part).prealm = Some(String::new())), unexpected);
    refused(&changed(&good, |_, part| info(part).prealm = Some("A\0B".into())), unexpected);
    refused(&changed(&good, |_, part| info(part).srealm = Some("A\nB".into())), unexpected);
    refused(&changed(&good, |_, part| info(part).endtime = None), unexpected);
    let nameless = changed(&good, |_, part| {
        info(part).pname.as_mut().unwrap().name_string.clear();
    });
    refused(&nameless, unexpected);
}

#[test]
fn k14_a_key_that_is_none_is_not_taken() {
    let machine = logged_on();
    let good = message(&machine, WWW);
    for (enctype, length) in [(18, 0), (18, 16), (18, 33), (17, 32)] {
        let bad = changed(&good, |_, part| {
            info(part).key.enctype = enctype;
            info(part).key.value = SecretBytes::new(vec![1; length]);
        });
        assert!(submit(&Machine::new(), &bad).is_err(), "{enctype}, {length} bytes");
    }
    for enctype in [0, 1, 3, -133, 99, i32::MAX] {
        let bad = changed(&good, |_, part| info(part).key.enctype = enctype);
        refused(&bad, PeerFault::EnctypeRefused);
    }
}

#[test]
fn k6_expired_tickets_are_not_taken() {
    let machine = logged_on();
    let good = message(&machine, WWW);
    let past = changed(&good, |_, part| info(part).endtime = Some(super::now()));
    refused(&past, PeerFault::TicketExpired);
    let later = Machine::new();
    later.env.set_now(FileTime(NOW.0 + 36_000 * 10_000_000));
    assert_eq!(submit(&later, &good), Err(fault(PeerFault::TicketExpired)));
    assert!(later.host.default_cache.principal().is_err());
    // Times that no cache can hold are no end at all.
    for end in [i64::from(u32::MAX) + 1, 253_402_300_799] {
        let far = changed(&good, |_, part| info(part).endtime = Some(KerberosTime(end)));
        submit(&Machine::new(), &far).unwrap();
    }
}

#[test]
fn k7_another_clients_tickets_do_not_come_among_ours() {
    let machine = logged_on();
    let good = message(&machine, WWW);
    let bobs = changed(&good, |_, part| {
        info(part).pname.as_mut().unwrap().name_string = vec!["bob".into()];
    });
    assert_eq!(submit(&machine, &bobs), Err(fault(CallerFault::InvalidParameter)));
    let elsewhere = changed(&good, |_, part| info(part).prealm = Some("OTHER.COM".into()));
    assert_eq!(submit(&machine, &elsewhere), Err(fault(CallerFault::InvalidParameter)));
    assert_eq!(services(&machine).len(), 1);
    let mixed = changed(&good, |message, part| {
        let other = KrbCred::from_der(&bobs).unwrap();
        let other = EncKrbCredPart::from_der(&other.enc_part.cipher).unwrap();
        message.tickets.push(message.tickets[0].clone());
        part.ticket_info.extend(other.ticket_info);
    });
    refused(&mixed, PeerFault::UnexpectedToken);
    // An explicit identity's credential takes its own tickets and nobody else's.
    let alice = calls(machine.alice());
    let bob = alice.submit(&bobs, None, &machine.env).unwrap_err();
    assert_eq!(bob.fault(), fault(CallerFault::InvalidParameter));
    alice.submit(&good, None, &machine.env).unwrap();
    assert_eq!(alice.list(&machine.env).unwrap().len(), 1);
    // A cache in which nothing lasts is anybody's.
    let cache = &machine.host.default_cache;
    cache.initialize(&principal("bob@EXAMPLE.COM"), &[]).unwrap();
    submit(&machine, &good).unwrap();
    assert_eq!(cache.principal().unwrap(), principal("alice@EXAMPLE.COM"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn k30_nonsense_is_no_message(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        prop_assert!(submit(&Machine::new(), &bytes).is_err());
    }
}
