//! Replies that are not what they should be.

use std::sync::Arc;

use secur32::spi::error::PeerFault;
use secur32::spi::kerberos::{CredentialCache, KeyBlock};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::numbers::ticket_flags;
use secur32::wire::kerberos::{EncKdcRepPart, KdcMessage, KdcReq};

use super::support::client::Machine;
use super::support::kdc::Kdcs;
use super::support::kerberos::{FixedKerberos, FixedKeytab, principal};
use super::{BAD, WWW, after, lied, name, refused_as};

fn is_www(name: &[String]) -> bool {
    name.first().is_some_and(|service| service == "HTTP")
}

/// A client that asks for no canonicalisation: the caller's keytab.
fn plain_client() -> Machine {
    let kdcs = Kdcs::new();
    let mut host = FixedKerberos::new().with_exchange(kdcs.exchange());
    host.client_keytab = Some(Arc::new(FixedKeytab::new(kdcs.keytab("alice@EXAMPLE.COM"))));
    Machine::on(kdcs, host)
}

#[test]
fn k8_a_ticket_is_what_the_encrypted_part_says() {
    // The first ticket, or only the service's; its name, or only its realm.
    for first in [true, false] {
        for realm in [true, false] {
            let outcome = lied(|lies| {
                lies.ticket = Some(Box::new(move |ticket| {
                    if first || is_www(&ticket.sname.name_string) {
                        if realm {
                            ticket.realm = "EVIL.COM".into();
                        } else {
                            ticket.sname = name(&["HTTP", "evil.example.com"]);
                        }
                    }
                }));
            });
            refused_as(BAD, outcome);
        }
    }
}

#[test]
fn k9_another_service_than_was_asked_for() {
    let machine = Machine::new();
    machine.kdcs.lie(|lies| {
        lies.ticket = Some(Box::new(|ticket| ticket.sname = name(&["cifs", "evil"])));
        lies.part = Some(Box::new(|part| part.sname = name(&["cifs", "evil"])));
    });
    refused_as(BAD, machine.try_alice());
    // Only the service's ticket: asked once more without canonicalisation, and no more.
    machine.kdcs.requests();
    machine.kdcs.lie(|lies| {
        lies.ticket = Some(Box::new(|ticket| {
            if is_www(&ticket.sname.name_string) {
                ticket.sname = name(&["cifs", "evil"]);
            }
        }));
        lies.part = Some(Box::new(|part| {
            if is_www(&part.sname.name_string) {
                part.sname = name(&["cifs", "evil"]);
            }
        }));
    });
    refused_as(BAD, machine.try_alice());
    assert_eq!(machine.kdcs.requests().len(), 4);
    // A first ticket of another realm's ticket-granting service.
    let machine = plain_client();
    machine.kdcs.lie(|lies| {
        lies.ticket = Some(Box::new(|ticket| ticket.sname = name(&["krbtgt", "EVIL.COM"])));
        lies.part = Some(Box::new(|part| part.sname = name(&["krbtgt", "EVIL.COM"])));
    });
    refused_as(BAD, machine.ticket(&machine.default(), WWW));
}

#[test]
fn k10_another_client_than_was_asked_for() {
    for realm in [true, false] {
        let lie = move |machine: &Machine, only: Option<KdcMessage>| {
            machine.kdcs.lie(|lies| {
                lies.reply = Some(Box::new(move |reply| {
                    if only.is_none_or(|only| only == reply.msg_type) {
                        if realm {
                            reply.crealm = "EVIL.COM".into();
                        } else {
                            reply.cname = name(&["mallory"]);
                        }
                    }
                }));
            });
        };
        let machine = plain_client();
        lie(&machine, None);
        refused_as(BAD, machine.ticket(&machine.default(), WWW));
        let machine = Machine::new();
        lie(&machine, Some(KdcMessage::Tgs));
        refused_as(BAD, machine.try_alice());
    }
}

#[test]
fn k10_the_name_that_the_kdc_gives_is_used_everywhere() {
    let kdcs = Kdcs::new();
    let mut host = FixedKerberos::new()
        .with_exchange(kdcs.exchange())
        .with_settings(|settings| settings.canonicalize = true);
    let mut entries = kdcs.keytab("alice@EXAMPLE.COM");
    for entry in &mut entries {
        entry.principal = principal("nick@EXAMPLE.COM");
    }
    host.client_keytab = Some(Arc::new(FixedKeytab::new(entries)));
    let machine = Machine::on(kdcs, host);
    machine.kdcs.account("alice@EXAMPLE.COM", |account| account.alias = Some("nick".into()));
    let credential = machine.default();
    let ticket = machine.ticket(&credential, WWW).unwrap().ticket;
    let alice = principal("alice@EXAMPLE.COM");
    assert_eq!(ticket.client, alice);
    assert_eq!(credential.client(&machine.env).unwrap(), alice);
    let cache = &machine.host.default_cache;
    assert_eq!(cache.principal().unwrap(), alice);
    assert!(cache.tickets().unwrap().iter().all(|ticket| ticket.client == alice));
}

#[test]
fn k11_the_answer_to_another_request() {
    for kind in [KdcMessage::As, KdcMessage::Tgs] {
        for nonce in [|nonce: u32| nonce ^ 1, |_| 0, |nonce| nonce | 0x8000_0000] {
            let outcome = lied(|lies| {
                lies.part = Some(Box::new(move |part| {
                    let first = part.sname.name_string.first().is_some_and(|n| n == "krbtgt");
                    if first == (kind == KdcMessage::As) {
                        part.nonce = nonce(part.nonce);
                    }
                }));
            });
            refused_as(BAD, outcome);
        }
    }
}

#[test]
fn k11_a_reply_of_the_other_kind() {
    let recorded = std::sync::Mutex::new(Vec::new());
    let outcome = lied(|lies| {
        lies.bytes = Some(Box::new(move |request, answer| {
            let mut recorded = recorded.lock().unwrap();
            match KdcReq::from_der(request).unwrap().msg_type {
                KdcMessage::As => recorded.clone_from(&answer),
                KdcMessage::Tgs => return recorded.clone(),
            }
            answer
        }));
    });
    refused_as(BAD, outcome);
}

#[test]
fn k11_either_tag_of_the_encrypted_part_is_the_right_one() {
    for tag in [KdcMessage::As, KdcMessage::Tgs] {
        lied(|lies| lies.tag = Some(tag)).unwrap();
    }
}

#[test]
fn k12_nothing_lives_longer_than_was_asked_for() {
    type Lie = (PeerFault, fn(&mut EncKdcRepPart));
    for only in ["krbtgt", "HTTP"] {
        let lies: [Lie; 5] = [
            (BAD, |part| part.endtime = after(864_001)),
            (BAD, |part| {
                part.flags |= ticket_flags::RENEWABLE;
                part.renew_till = Some(after(864_001));
            }),
            (PeerFault::TimeSkew, |part| part.starttime = Some(after(301))),
            (PeerFault::TimeSkew, |part| part.endtime = after(0)),
            (PeerFault::TimeSkew, |part| part.endtime = after(-86_400 * 365 * 100)),
        ];
        for (fault, lie) in lies {
            let outcome = lied(|lies| {
                lies.part = Some(Box::new(move |part| {
                    if part.sname.name_string.first().is_some_and(|name| name == only) {
                        lie(part);
                    }
                }));
            });
            refused_as(fault, outcome);
        }
    }
}

#[test]
fn k12_renewable_no_longer_than_was_asked_for() {
    let machine =
        Machine::with(|settings| settings.renew_lifetime = std::time::Duration::from_hours(48));
    machine.try_alice().unwrap();
    machine.kdcs.lie(|lies| {
        lies.part = Some(Box::new(|part| part.renew_till = Some(after(48 * 3600 + 1))));
    });
    refused_as(BAD, machine.try_alice());
}

#[test]
fn k14_only_enctypes_that_were_offered() {
    for etype in [0, 1, 3, 16, 23, 24, -128, i32::MIN] {
        for kind in [KdcMessage::As, KdcMessage::Tgs] {
            let outcome = lied(|lies| {
                lies.reply = Some(Box::new(move |reply| {
                    if reply.msg_type == kind {
                        reply.enc_part.etype = etype;
                    }
                }));
            });
            refused_as(PeerFault::EnctypeRefused, outcome);
            let outcome = lied(|lies| {
                lies.part = Some(Box::new(move |part| {
                    let first = part.sname.name_string.first().is_some_and(|n| n == "krbtgt");
                    if first == (kind == KdcMessage::As) {
                        let value = SecretBytes::new(vec![7; 16]);
                        part.key = KeyBlock { enctype: etype, value };
                    }
                }));
            });
            refused_as(PeerFault::EnctypeRefused, outcome);
        }
    }
}

#[test]
fn k14_a_reply_under_a_key_of_another_enctype_is_not_that_of_the_label() {
    // The cipher is of aes256, the label another one that was offered.
    let outcome = lied(|lies| {
        lies.reply = Some(Box::new(|reply| reply.enc_part.etype = 17));
    });
    refused_as(PeerFault::LogonDenied, outcome);
}

#[test]
fn k15_a_kdc_that_vouches_for_another_request_is_not_believed() {
    let forged = |change: fn(&mut Vec<secur32::wire::kerberos::PaData>)| {
        lied(|lies| {
            lies.part = Some(Box::new(move |part| change(&mut part.encrypted_pa_data)));
        })
    };
    refused_as(BAD, forged(Vec::clear));
    refused_as(
        BAD,
        forged(|list| list.iter_mut().for_each(|pa| *pa.padata_value.last_mut().unwrap() ^= 1)),
    );
    // CRC-32 is no proof.
    refused_as(
        BAD,
        forged(|list| {
            for padata in list {
                let checksum =
                    secur32::wire::kerberos::Checksum { cksumtype: 1, checksum: vec![0; 4] };
                padata.padata_value = checksum.to_der();
            }
        }),
    );
}
