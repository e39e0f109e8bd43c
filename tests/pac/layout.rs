//! The directory: counts, sizes, places (P3, P4). Everything is signed by the right keys.

use secur32::wire::pac::{MAX_BUFFERS, Pac, kind};

use super::{AES, client, kdc_key, maker, refused, serve, service_key, sign};
use crate::support::ap::TicketMaker;
use crate::support::pac::sign_again;

/// A genuine PAC, changed and signed again.
fn changed(ticket: &TicketMaker, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut pac = sign(&maker(ticket), ticket);
    change(&mut pac);
    sign_again(&mut pac, &service_key(ticket), &kdc_key());
    pac
}

fn put(pac: &mut [u8], at: usize, bytes: &[u8]) {
    pac[at..at + bytes.len()].copy_from_slice(bytes);
}

#[test]
fn p3_counts_that_no_pac_has_are_refused() {
    let ticket = TicketMaker::new(AES);
    for count in [9, 4096, 4097, 1 << 28, 1 << 31, u32::MAX] {
        let pac = changed(&ticket, |pac| put(pac, 0, &count.to_le_bytes()));
        refused(serve(&ticket, pac), "malformed");
    }
    for count in [0_u32, 1, 3] {
        let pac = changed(&ticket, |pac| put(pac, 0, &count.to_le_bytes()));
        refused(serve(&ticket, pac), "did not sign it");
    }
    refused(serve(&ticket, changed(&ticket, |pac| pac[4] = 1)), "its version is unknown");
    for length in 0..8 {
        refused(serve(&ticket, vec![0; length]), "within its directory");
    }
    let many = u32::try_from(MAX_BUFFERS + 1).unwrap().to_le_bytes();
    let bytes = [&many[..], &[0; 4], &vec![0; 16 * (MAX_BUFFERS + 1)]].concat();
    assert!(Pac::parse(&bytes).unwrap_err().story().unwrap().contains("too many buffers"));
}

#[test]
fn p3_offsets_and_sizes_stay_within_the_pac() {
    let ticket = TicketMaker::new(AES);
    let length = sign(&maker(&ticket), &ticket).len() as u64;
    for buffer in 0..8 {
        let entry = 8 + 16 * buffer;
        let outside = [length, length + 8, 1 << 31, 1 << 32, u64::MAX - 7, 1 << 63];
        for offset in outside {
            let pac = changed(&ticket, |pac| put(pac, entry + 8, &offset.to_le_bytes()));
            refused(serve(&ticket, pac), "reaches outside");
        }
        for offset in [0_u64, 8, 16, 8 + 16 * 7] {
            let mut pac = sign(&maker(&ticket), &ticket);
            put(&mut pac, entry + 8, &offset.to_le_bytes());
            refused(serve(&ticket, pac), "where none can be");
        }
        for size in [u32::MAX, u32::MAX - 7, 1 << 31, 0x10_0000] {
            let pac = changed(&ticket, |pac| put(pac, entry + 4, &size.to_le_bytes()));
            refused(serve(&ticket, pac), "reaches outside");
        }
        for shift in [1, 2, 4, 7] {
            let pac = changed(&ticket, |pac| {
                let old = u64::from_le_bytes(pac[entry + 8..entry + 16].try_into().unwrap());
                put(pac, entry + 8, &(old + shift).to_le_bytes());
            });
            refused(serve(&ticket, pac), "malformed");
        }
    }
}

#[test]
fn p3_buffers_that_overlap_are_refused() {
    let ticket = TicketMaker::new(AES);
    let place = |pac: &[u8], n: usize| {
        u64::from_le_bytes(pac[8 + 16 * n + 8..8 + 16 * n + 16].try_into().unwrap())
    };
    for one in 0..8 {
        for other in (0..8).filter(|other| *other != one) {
            let pac = changed(&ticket, |pac| {
                let there = place(pac, other);
                put(pac, 8 + 16 * one + 8, &there.to_le_bytes());
            });
            refused(serve(&ticket, pac), "malformed");
        }
    }
    // One byte more than there is room for.
    let pac = changed(&ticket, |pac| {
        let size = place(pac, 1) - place(pac, 0) + 1;
        put(pac, 8 + 4, &u32::try_from(size).unwrap().to_le_bytes());
    });
    refused(serve(&ticket, pac), "buffers overlap");
}

#[test]
fn p3_every_truncation_is_refused() {
    let ticket = TicketMaker::new(AES);
    let pac = sign(&maker(&ticket), &ticket);
    for length in 0..pac.len() {
        let mut cut = pac[..length].to_vec();
        refused(serve(&ticket, cut.clone()), "the ticket's PAC");
        if length > 8 {
            sign_again(&mut cut, &service_key(&ticket), &kdc_key());
            // What is cut is padding, or the PAC is none.
            if let Err(error) = serve(&ticket, cut) {
                assert!(error.story().unwrap().contains("PAC"), "{error}");
            } else {
                assert!(length + 8 > pac.len(), "cut at {length}");
            }
        }
    }
}

#[test]
fn p4_a_kind_is_there_once() {
    let ticket = TicketMaker::new(AES);
    let maker = maker(&ticket);
    for buffer in maker.buffers.clone() {
        let mut twice = maker.clone();
        twice.buffers.push(buffer);
        refused(serve(&ticket, sign(&twice, &ticket)), "twice");
    }
    // Of kinds that nobody knows too.
    let mut unknown = maker;
    unknown.buffers.push((99, vec![1, 2, 3]));
    client(serve(&ticket, sign(&unknown, &ticket)));
    unknown.buffers.push((99, vec![]));
    refused(serve(&ticket, sign(&unknown, &ticket)), "twice");
}

#[test]
fn p4_signatures_and_the_clients_name_must_be_there() {
    let ticket = TicketMaker::new(AES);
    for (missing, why) in [
        (kind::SERVER_CHECKSUM, "the server did not sign it"),
        (kind::KDC_CHECKSUM, "the KDC did not sign it"),
        (kind::CLIENT_INFO, "it does not say whose"),
    ] {
        let mut maker = maker(&ticket);
        maker.remove(missing);
        refused(serve(&ticket, sign(&maker, &ticket)), why);
    }
    let mut empty = maker(&ticket);
    empty.buffers.clear();
    refused(serve(&ticket, empty.bytes()), "did not sign it");
}
