//! NDR and the other contents (P9): counts, pointers, lengths that lie. Everything is signed.

use proptest::prelude::*;
use secur32::spi::error::PeerFault;
use secur32::spi::sid::Sid;
use secur32::wire::pac::{
    Attributes, DelegationInfo, GroupMembership, LogonInfo, SidAndAttributes, UpnDnsInfo, kind,
};

use super::{AES, client, maker, refused, serve, sign};
use crate::support::ap::TicketMaker;
use crate::support::pac::{
    DOMAIN, encode_delegation_info, encode_logon_info, logon_info, upn_dns_info,
};

/// Serves a ticket of which this buffer is another one.
fn with(
    kind: u32,
    contents: Vec<u8>,
) -> Result<secur32::spi::packed::PackedContext, secur32::spi::error::Error> {
    let ticket = TicketMaker::new(AES);
    let mut maker = maker(&ticket);
    maker.set(kind, contents);
    serve(&ticket, sign(&maker, &ticket))
}

/// A word of `KERB_VALIDATION_INFO`, by its offset in the object.
fn word(offset: usize, value: u32) -> Vec<u8> {
    let mut info = encode_logon_info(&logon_info());
    let at = 16 + 4 + offset;
    info[at..at + 4].copy_from_slice(&value.to_le_bytes());
    info
}

/// Where the counts and pointers of the structure are.
const GROUP_COUNT: usize = 48 + 48 + 4 + 8;
const DOMAIN_ID: usize = GROUP_COUNT + 8 + 4 + 16 + 16;
const SID_COUNT: usize = DOMAIN_ID + 4 + 8 + 4 + 28;
const RESOURCE_COUNT: usize = SID_COUNT + 12;

#[test]
fn p9_counts_that_lie_are_refused() {
    for count in [0, 2, 4, 4096, 1 << 29, 1 << 31, u32::MAX] {
        refused(with(kind::LOGON_INFO, word(GROUP_COUNT, count)), "malformed");
    }
    for at in [SID_COUNT, RESOURCE_COUNT] {
        for count in [0, 2, 1 << 29, u32::MAX] {
            refused(with(kind::LOGON_INFO, word(at, count)), "malformed");
        }
    }
    // Count and conformant size agree, and both lie.
    let genuine = encode_logon_info(&logon_info());
    let list = [3_u32, 513].map(u32::to_le_bytes).concat();
    let size = genuine.windows(8).position(|window| window == list).unwrap();
    for count in [1_u32 << 17, 1 << 29, u32::MAX] {
        let mut info = word(GROUP_COUNT, count);
        info[size..size + 4].copy_from_slice(&count.to_le_bytes());
        refused(with(kind::LOGON_INFO, info), "longer than its object");
    }
}

#[test]
fn p9_pointers_that_lead_nowhere_are_refused() {
    for (pointer, why) in [
        (GROUP_COUNT + 4, "counted and not there"),
        (SID_COUNT + 4, "counted and not there"),
        (RESOURCE_COUNT + 4, "counted and not there"),
        // EffectiveName, LogonDomainName
        (48 + 4, "not as long as it says"),
        (DOMAIN_ID - 4, "not as long as it says"),
    ] {
        refused(with(kind::LOGON_INFO, word(pointer, 0)), why);
    }
    // Without its SID in place, everything behind is read as something else.
    assert!(with(kind::LOGON_INFO, word(DOMAIN_ID, 0)).is_err());
    let mut none = encode_logon_info(&logon_info());
    none[16..20].fill(0);
    refused(with(kind::LOGON_INFO, none), "an object is not there");
}

#[test]
fn p9_texts_have_as_many_characters_as_they_say() {
    for (length, room) in
        [(9_u16, 10_u16), (10, 8), (12, 12), (8, 8), (0, 10), (10, 12), (u16::MAX, u16::MAX)]
    {
        let both = u32::from(room) << 16 | u32::from(length);
        refused(with(kind::LOGON_INFO, word(48, both)), "a text");
    }
}

#[test]
fn p9_sids_are_as_long_as_they_say() {
    let genuine = encode_logon_info(&logon_info());
    let domain: Sid = DOMAIN.parse().unwrap();
    let bytes = domain.to_bytes();
    let at = genuine.windows(bytes.len()).position(|window| window == bytes).unwrap();
    // Conformant size, revision, count.
    for (offset, values) in
        [(-4_isize, &[0, 3, 5, 15, 16, 255][..]), (0, &[0, 2]), (1, &[0, 3, 5, 15, 16, 255])]
    {
        for value in values {
            let mut info = genuine.clone();
            info[at.checked_add_signed(offset).unwrap()] = *value;
            refused(with(kind::LOGON_INFO, info), "a SID");
        }
    }
    for count in [16_u8, 17, 255] {
        let mut info = genuine.clone();
        (info[at - 4], info[at + 1]) = (count, count);
        refused(with(kind::LOGON_INFO, info), "longer than SIDs can be");
    }
    let full = Sid::new(5, &[7; 15]).unwrap();
    let info = LogonInfo { logon_domain_id: Some(full), ..logon_info() };
    refused(with(kind::LOGON_INFO, encode_logon_info(&info)), "too long");
    let info = LogonInfo { logon_domain_id: None, ..logon_info() };
    refused(with(kind::LOGON_INFO, encode_logon_info(&info)), "of no domain");
    let info = LogonInfo { resource_group_domain: None, ..logon_info() };
    refused(with(kind::LOGON_INFO, encode_logon_info(&info)), "of no domain");
}

#[test]
fn p9_every_truncation_of_every_buffer_is_answered() {
    let ticket = TicketMaker::new(AES);
    for (kind, contents) in maker(&ticket).buffers {
        for length in 0..contents.len() {
            let cut = contents[..length].to_vec();
            match with(kind, cut) {
                Ok(context) => {
                    let shortest =
                        if kind == kind::LOGON_INFO { contents.len() - 8 } else { length };
                    assert!(length >= shortest && kind != kind::CLIENT_INFO, "{kind}: {length}");
                    assert_eq!(context.client.unwrap().account, "alice");
                }
                Err(error) => {
                    assert!(error.story().unwrap().contains("PAC"), "{kind}, {length}: {error}");
                }
            }
        }
    }
    // Headers that nobody uses: big-endian, another version, longer than there is.
    for (at, value) in [(0, 2), (1, 0), (2, 16), (8, 0xFF), (11, 0x80)] {
        let mut info = encode_logon_info(&logon_info());
        info[at] = value;
        refused(with(kind::LOGON_INFO, info), "malformed");
    }
}

/// Signed by a KDC that writes nonsense: refused as that, or read as something.
#[test]
fn p9_every_flipped_bit_of_every_buffer_is_answered() {
    let ticket = TicketMaker::new(AES);
    let buffers = maker(&ticket).buffers.into_iter();
    let contents = [kind::LOGON_INFO, kind::CLIENT_INFO, kind::UPN_DNS_INFO, kind::REQUESTOR];
    for (kind, genuine) in buffers.filter(|(kind, _)| contents.contains(kind)) {
        let mut read = 0;
        for bit in 0..genuine.len() * 8 {
            let mut changed = genuine.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            match with(kind, changed) {
                Ok(_) => read += 1,
                Err(error) => {
                    assert_eq!(error.fault(), PeerFault::PacRefused.into(), "{kind}: {error}");
                }
            }
        }
        // A SID, and a name and a time, are one thing or nothing.
        let strict = [kind::CLIENT_INFO, kind::REQUESTOR].contains(&kind);
        assert!(!strict || read < 32, "{kind}: {read}");
    }
}

#[test]
fn p9_claims_are_kept_and_not_unpacked() {
    // What a decompressor would make a gigabyte of.
    let bomb = vec![0xFF; 5000];
    let ticket = TicketMaker::new(AES);
    let mut maker = maker(&ticket);
    for kind in [kind::CLIENT_CLAIMS_INFO, kind::DEVICE_CLAIMS_INFO, kind::DEVICE_INFO] {
        maker.set(kind, bomb.clone());
    }
    let authorization = client(serve(&ticket, sign(&maker, &ticket))).authorization.unwrap();
    assert_eq!(authorization.client_claims, bomb);
    assert_eq!(authorization.device_claims, bomb);
    assert_eq!(authorization.device_info, bomb);
}

#[test]
fn p9_attributes_and_names_beside_the_upn_stay_within_their_buffer() {
    for words in [vec![], vec![1], vec![2, 1, 0], vec![33, 1], vec![u32::MAX, 1], vec![0, 1]] {
        let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        refused(with(kind::ATTRIBUTES_INFO, bytes), "attributes");
    }
    assert!(Attributes::from_bytes(&[2, 0, 0, 0, 1, 0, 0, 0, 0]).is_err());
    let attributes = with(kind::ATTRIBUTES_INFO, vec![2, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(client(attributes).authorization.unwrap().pac_attributes, Some(1));
    let alice: Sid = format!("{DOMAIN}-1104").parse().unwrap();
    let genuine = upn_dns_info("alice@example.com", Some(("alice", &alice)));
    for field in [2, 6, 14, 18] {
        for offset in [0_u16, 4, 11, 19, 0xFFF0, 0xFFFF] {
            let mut info = genuine.clone();
            info[field..field + 2].copy_from_slice(&offset.to_le_bytes());
            refused(with(kind::UPN_DNS_INFO, info), "malformed");
        }
    }
    let mut odd = genuine.clone();
    odd[0] += 1;
    refused(with(kind::UPN_DNS_INFO, odd), "half a character");
    let plain = UpnDnsInfo::from_bytes(&upn_dns_info("a@b", None)).unwrap();
    assert_eq!((&*plain.upn, &*plain.dns_domain, plain.sam), ("a@b", "example.com", None));
}

#[test]
fn who_delegated_is_read() {
    let info = DelegationInfo {
        proxy_target: "svc/b.example.com".into(),
        transited_services: vec!["svc/a@EXAMPLE.COM".into(), "z".into()],
    };
    let bytes = encode_delegation_info(&info);
    let way = client(with(kind::DELEGATION_INFO, bytes.clone())).authorization.unwrap().delegation;
    let way = way.unwrap();
    assert_eq!((way.target, way.transited), (info.proxy_target, info.transited_services));
    for length in 0..bytes.len() - 4 {
        refused(with(kind::DELEGATION_INFO, bytes[..length].to_vec()), "malformed");
    }
}

prop_compose! {
    fn sid()(authority in 0..1_u64 << 48, numbers in prop::collection::vec(any::<u32>(), 0..14)) -> Sid {
        Sid::new(authority, &numbers).unwrap()
    }
}

fn groups() -> impl Strategy<Value = Vec<GroupMembership>> {
    let group =
        any::<(u32, u32)>().prop_map(|(rid, attributes)| GroupMembership { rid, attributes });
    prop::collection::vec(group, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What the decoder reads is what was written.
    #[test]
    fn what_is_written_is_read(
        name in "\\PC{0,30}", full in any::<String>(), domain in "[A-Z0-9-]{0,15}",
        ids in any::<[u32; 4]>(), groups in groups(), resources in groups(),
        domain_id in prop::option::of(sid()), resource_domain in prop::option::of(sid()),
        sids in prop::collection::vec((sid(), any::<u32>()), 0..20),
    ) {
        let extra_sids =
            sids.into_iter().map(|(sid, attributes)| SidAndAttributes { sid, attributes });
        let info = LogonInfo {
            effective_name: name,
            full_name: full.chars().take(1000).collect(),
            logon_domain_name: domain,
            user_id: ids[0],
            primary_group_id: ids[1],
            user_flags: ids[2],
            user_account_control: ids[3],
            group_ids: groups,
            resource_group_ids: resources,
            logon_domain_id: domain_id,
            resource_group_domain: resource_domain,
            extra_sids: extra_sids.collect(),
            ..logon_info()
        };
        prop_assert_eq!(LogonInfo::from_bytes(&encode_logon_info(&info)), Ok(info));
    }
}
