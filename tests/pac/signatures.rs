//! Signatures: of which type, how long, by whose key, over what (P1, P2, P6, P7).

use secur32::crypto::kerberos::Enctype;
use secur32::wire::kerberos::numbers::key_usage;
use secur32::wire::pac::kind;

use super::{
    AES, KDC, client, kdc_key, maker, refused, serve, serve_with_kdc_key, service_key, sign,
};
use crate::support::ap::{ALL_ENCTYPES, TicketMaker, key};
use crate::support::pac::{PacMaker, find};

#[test]
fn a_pac_in_each_enctype_makes_its_sids_known() {
    for enctype in ALL_ENCTYPES {
        let ticket = TicketMaker::new(enctype);
        let pac = sign(&maker(&ticket), &ticket);
        for context in [serve(&ticket, pac.clone()), serve_with_kdc_key(&ticket, pac)] {
            let client = client(context);
            assert_eq!((&*client.account, &*client.domain), ("alice", "EXAMPLE"));
            let authorization = client.authorization.unwrap();
            assert_eq!(authorization.user.unwrap().to_string(), "S-1-5-21-1-2-3-1104");
            let groups: Vec<_> = authorization.groups.iter().map(|g| g.sid.to_string()).collect();
            let domain = ["513", "1201", "1202"].map(|rid| format!("S-1-5-21-1-2-3-{rid}"));
            let rest = ["S-1-18-1".to_owned(), "S-1-5-21-1-2-3-1301".to_owned()];
            assert_eq!(groups, [&domain[..], &rest].concat());
        }
    }
}

/// Puts a signature of another type and length, which is right where it can be.
fn resigned(ticket: &TicketMaker, checksum_type: i32, length: usize) -> Vec<u8> {
    let mut maker = maker(ticket);
    let mut signature = checksum_type.to_le_bytes().to_vec();
    signature.resize(4 + length, 0);
    maker.set(kind::SERVER_CHECKSUM, signature);
    sign(&maker, ticket)
}

#[test]
fn p1_a_signature_without_a_key_is_none() {
    let ticket = TicketMaker::new(AES);
    // CRC-32, RSA-MD4, RSA-MD5, RSA-MD5-DES, SHA-1 twice, MD5 of Heimdal.
    for (number, length) in [(1, 4), (2, 16), (7, 16), (8, 24), (14, 20), (10, 20), (-137, 16)] {
        refused(serve(&ticket, resigned(&ticket, number, length)), "a type that has no key");
        let mut maker = maker(&ticket);
        let bytes = [&number.to_le_bytes()[..], &vec![0; length]].concat();
        maker.set(kind::KDC_CHECKSUM, bytes);
        refused(serve(&ticket, sign(&maker, &ticket)), "a type that has no key");
    }
}

#[test]
fn p2_each_type_has_its_length_and_each_key_its_type() {
    for enctype in ALL_ENCTYPES {
        let ticket = TicketMaker::new(enctype);
        let own = enctype.checksum_type();
        for length in (0..30).filter(|length| *length != enctype.tag_length()) {
            // Two bytes more are the number of an RODC.
            let why = match length.checked_sub(enctype.tag_length()) {
                Some(2) => continue,
                _ => "the length of its type",
            };
            refused(serve(&ticket, resigned(&ticket, own, length)), why);
        }
        client(serve(&ticket, resigned(&ticket, own, enctype.tag_length() + 2)));
        // The right code, under a type that is another key's: HMAC-MD5 goes with any key.
        for (other, length) in [(-138, 16), (15, 12), (16, 12), (17, 16), (19, 16), (20, 24)] {
            if other != own {
                let why = "does not verify with the ticket's key";
                refused(serve(&ticket, resigned(&ticket, other, length)), why);
            }
        }
    }
}

#[test]
fn p2_cut_signatures_of_the_kdc_are_refused() {
    let ticket = TicketMaker::new(AES);
    for kind in [kind::KDC_CHECKSUM, kind::TICKET_CHECKSUM, kind::FULL_CHECKSUM] {
        for length in (0..24).filter(|length| ![16, 18].contains(length)) {
            let mut maker = maker(&ticket);
            let bytes = [&16_i32.to_le_bytes()[..], &[0; 20]].concat();
            maker.set(kind, bytes[..length].to_vec());
            refused(serve(&ticket, sign(&maker, &ticket)), "a signature");
        }
        // An RODC's.
        let mut maker = maker(&ticket);
        maker.set(kind, [&16_i32.to_le_bytes()[..], &[0; 12], &[7, 0]].concat());
        client(serve(&ticket, sign(&maker, &ticket)));
    }
}

#[test]
fn p6_what_is_readable_and_not_signed_is_not_believed() {
    let ticket = TicketMaker::new(AES);
    let maker = maker(&ticket);
    let why = "does not verify with the ticket's key";
    // By another service's key, by the KDC's, by nobody's, for another usage.
    for key in [key(AES, 0x52), kdc_key(), key(AES, 0)] {
        refused(serve(&ticket, maker.signed(&key, &kdc_key(), None)), why);
    }
    refused(serve(&ticket, maker.bytes()), why);
    let mut pac = maker.bytes();
    let signature = service_key(&ticket).checksum(key_usage::AD_KDC_ISSUED, &[&pac]);
    let at = find(&pac, kind::SERVER_CHECKSUM).unwrap() + 4;
    pac[at..at + 12].copy_from_slice(&signature);
    refused(serve(&ticket, pac), why);
}

/// Every bit of a PAC is covered: by the server's signature, and where there is a key by the
/// KDC's.
#[test]
fn p6_every_flipped_bit_is_seen() {
    for enctype in [AES, Enctype::Rc4Hmac] {
        let ticket = TicketMaker::new(enctype);
        let pac = sign(&maker(&ticket), &ticket);
        let kdc = find(&pac, kind::KDC_CHECKSUM).unwrap() + 4;
        for at in 0..pac.len() {
            for bit in 0..8 {
                let mut changed = pac.clone();
                changed[at] ^= 1 << bit;
                let unseen = (kdc..kdc + 12).contains(&at);
                let result = serve(&ticket, changed.clone());
                assert_eq!(result.is_ok(), unseen, "byte {at}, bit {bit}: {:?}", result.err());
                if unseen {
                    refused(serve_with_kdc_key(&ticket, changed), "the KDC signature");
                }
            }
        }
    }
}

#[test]
fn p7_a_service_that_knows_the_kdcs_key_believes_no_other() {
    let ticket = TicketMaker::new(AES);
    let other = key(AES, KDC + 1);
    let service = service_key(&ticket);
    let maker = maker(&ticket);
    // The owner of the service's key made it up.
    let silver = maker.signed(&service, &other, Some(ticket.part()));
    client(serve(&ticket, silver.clone()));
    refused(serve_with_kdc_key(&ticket, silver), "the KDC signature");
    // Of another key's type, in the name of an RODC.
    for (number, length) in [(-138_i32, 16), (15, 12), (16, 14)] {
        let mut maker = maker.clone();
        maker.set(kind::KDC_CHECKSUM, [&number.to_le_bytes()[..], &vec![0; length]].concat());
        let pac = maker.signed(&service, &other, Some(ticket.part()));
        refused(serve_with_kdc_key(&ticket, pac), "the KDC signature");
    }
}

#[test]
fn p7_ticket_and_extended_signatures_hold_where_they_are() {
    let ticket = TicketMaker::new(AES);
    let good = maker(&ticket);
    client(serve_with_kdc_key(&ticket, sign(&good, &ticket)));
    let cut = |kind| -> PacMaker {
        let mut maker = good.clone();
        maker.remove(kind);
        maker
    };
    // Older KDCs make neither.
    for kind in [kind::TICKET_CHECKSUM, kind::FULL_CHECKSUM] {
        client(serve_with_kdc_key(&ticket, sign(&cut(kind), &ticket)));
    }
    // The ticket was changed after it was signed.
    let mut other = ticket.clone();
    other.end_time.0 += 1;
    refused(serve_with_kdc_key(&other, sign(&good, &ticket)), "the ticket signature");
    client(serve(&other, sign(&good, &ticket)));
    // The service changed the PAC, kept the extended signature, and signed again.
    let mut changed = good.clone();
    let genuine = sign(&good, &ticket);
    let full = find(&genuine, kind::FULL_CHECKSUM).unwrap();
    changed.set(kind::ATTRIBUTES_INFO, [2_u32, 1].map(u32::to_le_bytes).concat());
    let (service, kdc) = (service_key(&ticket), kdc_key());
    let mut pac = changed.signed(&service, &kdc, Some(ticket.part()));
    client(serve_with_kdc_key(&ticket, pac.clone()));
    let at = find(&pac, kind::FULL_CHECKSUM).unwrap() + 4;
    pac[at..at + 12].copy_from_slice(&genuine[full + 4..full + 16]);
    crate::support::pac::sign_again(&mut pac, &service, &kdc);
    refused(serve_with_kdc_key(&ticket, pac), "the extended KDC signature");
}
