//! PACs that the test makes: contents, layout, signatures, each of which can be changed.
#![allow(dead_code, reason = "each test program uses its part")]

use secur32::crypto::kerberos::Key;
use secur32::spi::kerberos::KerberosTime;
use secur32::spi::sid::Sid;
use secur32::spi::time::FileTime;
use secur32::wire::kerberos::numbers::{ad_type, key_usage};
use secur32::wire::kerberos::{AuthorizationDataEntry, EncTicketPart};
use secur32::wire::pac::{
    DelegationInfo, GroupMembership, LogonInfo, SidAndAttributes, UpnDnsInfo, kind,
};

pub const DOMAIN: &str = "S-1-5-21-1-2-3";

/// A PAC before it is signed.
#[derive(Clone)]
pub struct PacMaker {
    /// Kinds and contents; those of signatures are filled in.
    pub buffers: Vec<(u32, Vec<u8>)>,
}

/// What alice's domain says of her.
pub fn logon_info() -> LogonInfo {
    let member = |rid| GroupMembership { rid, attributes: 7 };
    LogonInfo {
        logon_time: FileTime(134_000_000_000_000_000),
        logoff_time: FileTime::NEVER,
        kickoff_time: FileTime::NEVER,
        effective_name: "alice".into(),
        full_name: "Alice Liddell".into(),
        logon_count: 3,
        user_id: 1104,
        primary_group_id: 513,
        group_ids: vec![member(513), member(1201), member(1202)],
        user_flags: 0x220,
        logon_server: "DC1".into(),
        logon_domain_name: "EXAMPLE".into(),
        logon_domain_id: Some(DOMAIN.parse().unwrap()),
        user_account_control: 0x10,
        extra_sids: vec![SidAndAttributes { sid: "S-1-18-1".parse().unwrap(), attributes: 7 }],
        resource_group_domain: Some(DOMAIN.parse().unwrap()),
        resource_group_ids: vec![GroupMembership { rid: 1301, attributes: 0x2000_0007 }],
        ..LogonInfo::default()
    }
}

impl PacMaker {
    /// As Active Directory makes it, for a ticket of this client and time.
    pub fn new(client: &str, auth_time: KerberosTime, service: &Key, kdc: &Key) -> Self {
        let alice: Sid = format!("{DOMAIN}-1104").parse().unwrap();
        Self {
            buffers: vec![
                (kind::LOGON_INFO, encode_logon_info(&logon_info())),
                (kind::CLIENT_INFO, client_info(client, auth_time)),
                (kind::UPN_DNS_INFO, upn_dns_info("alice@example.com", Some(("alice", &alice)))),
                (kind::SERVER_CHECKSUM, empty_signature(service)),
                (kind::KDC_CHECKSUM, empty_signature(kdc)),
                (kind::TICKET_CHECKSUM, empty_signature(kdc)),
                (kind::REQUESTOR, alice.to_bytes()),
                (kind::FULL_CHECKSUM, empty_signature(kdc)),
            ],
        }
    }

    pub fn set(&mut self, kind: u32, contents: Vec<u8>) {
        match self.buffers.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, old)) => *old = contents,
            None => self.buffers.push((kind, contents)),
        }
    }

    pub fn remove(&mut self, kind: u32) {
        self.buffers.retain(|(known, _)| *known != kind);
    }

    /// The bytes, with whatever the signatures are.
    pub fn bytes(&self) -> Vec<u8> {
        let mut at = 8 + 16 * self.buffers.len();
        let mut directory = vec![];
        directory.extend(u32::try_from(self.buffers.len()).unwrap().to_le_bytes());
        directory.extend([0; 4]);
        let mut contents = vec![];
        for (kind, buffer) in &self.buffers {
            directory.extend(kind.to_le_bytes());
            directory.extend(u32::try_from(buffer.len()).unwrap().to_le_bytes());
            directory.extend((at as u64).to_le_bytes());
            contents.extend(buffer);
            contents.resize(contents.len().next_multiple_of(8), 0);
            at = 8 + 16 * self.buffers.len() + contents.len();
        }
        [directory, contents].concat()
    }

    /// As a KDC signs it (2.8), for this ticket.
    pub fn signed(&self, service: &Key, kdc: &Key, part: Option<EncTicketPart>) -> Vec<u8> {
        let mut pac = self.bytes();
        if let Some(mut part) = part {
            part.authorization_data = in_ticket(vec![0]);
            let signed = part.to_der_secret();
            sign(&mut pac, kind::TICKET_CHECKSUM, kdc, Some(signed.expose()));
        }
        sign(&mut pac, kind::FULL_CHECKSUM, kdc, None);
        sign(&mut pac, kind::SERVER_CHECKSUM, service, None);
        sign_kdc(&mut pac, service, kdc);
        pac
    }
}

/// The KDC's signature is over the server's.
fn sign_kdc(pac: &mut [u8], service: &Key, kdc: &Key) {
    let server = signature(pac, kind::SERVER_CHECKSUM, service.enctype().tag_length()).to_vec();
    sign(pac, kind::KDC_CHECKSUM, kdc, Some(&server));
}

/// A PAC where tickets have it.
pub fn in_ticket(pac: Vec<u8>) -> Vec<AuthorizationDataEntry> {
    let pac = AuthorizationDataEntry { ad_type: ad_type::WIN2K_PAC, ad_data: pac };
    vec![AuthorizationDataEntry::if_relevant(&[pac])]
}

/// A signature that is still to be made.
pub fn empty_signature(key: &Key) -> Vec<u8> {
    let mut signature = key.enctype().checksum_type().to_le_bytes().to_vec();
    signature.resize(4 + key.enctype().tag_length(), 0);
    signature
}

/// Where the first buffer of a kind is, in a directory that need not be right.
pub fn find(pac: &[u8], kind: u32) -> Option<usize> {
    place(pac, kind).map(|(at, _)| at)
}

fn place(pac: &[u8], kind: u32) -> Option<(usize, usize)> {
    let entries = pac.get(8..)?.chunks_exact(16);
    let mut entries = entries.take(u32::from_le_bytes(pac[..4].try_into().unwrap()) as usize);
    let entry = entries.find(|entry| entry[..4] == kind.to_le_bytes())?;
    let size = u32::from_le_bytes(entry[4..8].try_into().unwrap()) as usize;
    let at = usize::try_from(u64::from_le_bytes(entry[8..].try_into().unwrap())).ok()?;
    (at <= pac.len()).then(|| (at, size.min(pac.len() - at)))
}

/// The place of a signature, as far as there is one.
fn signature(pac: &mut [u8], kind: u32, length: usize) -> &mut [u8] {
    let Some((at, size)) = place(pac, kind).filter(|(_, size)| *size > 4) else { return &mut [] };
    &mut pac[at + 4..at + 4 + length.min(size - 4)]
}

/// Puts a signature over this, or over all of the PAC, into its place, if it is there.
fn sign(pac: &mut [u8], kind: u32, key: &Key, what: Option<&[u8]>) {
    let code = key.checksum(key_usage::PA_FOR_USER, &[what.unwrap_or(pac)]);
    let place = signature(pac, kind, code.len());
    place.copy_from_slice(&code[..place.len()]);
}

pub fn client_info(name: &str, auth_time: KerberosTime) -> Vec<u8> {
    let name = utf16(name);
    let mut out = auth_time.to_file_time().0.to_le_bytes().to_vec();
    out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    out.extend(name);
    out
}

pub fn upn_dns_info(upn: &str, sam: Option<(&str, &Sid)>) -> Vec<u8> {
    let mut texts = vec![utf16(upn), utf16("example.com")];
    let flags: u32 = if sam.is_some() { 2 } else { 0 };
    if let Some((name, sid)) = sam {
        texts.extend([utf16(name), sid.to_bytes()]);
    }
    let header = if sam.is_some() { 24 } else { 16 };
    let (mut head, mut body) = (vec![], vec![]);
    for (index, text) in texts.iter().enumerate() {
        if index == 2 {
            head.extend(flags.to_le_bytes());
        }
        head.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        head.extend(u16::try_from(header + body.len()).unwrap().to_le_bytes());
        body.extend(text);
        body.resize(body.len().next_multiple_of(8), 0);
    }
    if sam.is_none() {
        head.extend(flags.to_le_bytes());
    }
    head.resize(header, 0);
    [head, body].concat()
}

/// Writes what `UpnDnsInfo` read.
pub fn encode_upn_dns_info(info: &UpnDnsInfo) -> Vec<u8> {
    let sam = info.sam.as_ref().map(|sam| (&*sam.name, &sam.sid));
    upn_dns_info(&info.upn, sam)
}

/// NDR that is written: what pointers point to is kept for later.
#[derive(Default)]
struct Ndr {
    out: Vec<u8>,
    later: Vec<u8>,
    referent: u32,
}

impl Ndr {
    fn u16(&mut self, value: u16) {
        self.out.extend(value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.out.resize(self.out.len().next_multiple_of(4), 0xAA);
        self.out.extend(value.to_le_bytes());
    }

    fn time(&mut self, time: FileTime) {
        self.u32(time.0 as u32);
        self.u32((time.0 >> 32) as u32);
    }

    fn pointer(&mut self, there: bool) {
        self.referent += 4;
        let referent = if there { 0x0002_0000 + self.referent } else { 0 };
        self.u32(referent);
    }

    fn later(&mut self, words: &[u32], bytes: &[u8]) {
        self.later.resize(self.later.len().next_multiple_of(4), 0xAA);
        self.later.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        self.later.extend(bytes);
    }

    /// `RPC_UNICODE_STRING`; its characters later.
    fn text(&mut self, text: &str) {
        let text = utf16(text);
        let length = u16::try_from(text.len()).unwrap();
        self.u16(length);
        self.u16(length);
        self.pointer(true);
        let count = u32::from(length) / 2;
        self.later(&[count, 0, count], &text);
    }

    fn groups(&mut self, groups: &[GroupMembership]) {
        let count = u32::try_from(groups.len()).unwrap();
        self.u32(count);
        self.pointer(count > 0);
        if count > 0 {
            let pairs = groups.iter().flat_map(|group| [group.rid, group.attributes]);
            let words: Vec<u32> = [count].into_iter().chain(pairs).collect();
            self.later(&words, &[]);
        }
    }

    fn sid(&mut self, sid: Option<&Sid>) {
        self.pointer(sid.is_some());
        if let Some(sid) = sid {
            self.later(&[u32::try_from(sid.sub_authorities().len()).unwrap()], &sid.to_bytes());
        }
    }

    fn sids(&mut self, sids: &[SidAndAttributes]) {
        let count = u32::try_from(sids.len()).unwrap();
        self.u32(count);
        self.pointer(count > 0);
        if count > 0 {
            let pairs = sids.iter().flat_map(|sid| [0x0003_0000, sid.attributes]);
            let words: Vec<u32> = [count].into_iter().chain(pairs).collect();
            self.later(&words, &[]);
            for sid in sids {
                let sid = &sid.sid;
                self.later(&[u32::try_from(sid.sub_authorities().len()).unwrap()], &sid.to_bytes());
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.resize(self.out.len().next_multiple_of(4), 0);
        self.out.extend(&self.later);
        // The pointer to the object itself.
        let mut object = vec![0, 0, 2, 0];
        object.extend(self.out);
        object.resize(object.len().next_multiple_of(8), 0);
        let length = u32::try_from(object.len()).unwrap().to_le_bytes();
        let common = [1, 0x10, 8, 0, 0xCC, 0xCC, 0xCC, 0xCC];
        [&common[..], &length, &[0; 4], &object].concat()
    }
}

pub fn encode_logon_info(info: &LogonInfo) -> Vec<u8> {
    let mut ndr = Ndr::default();
    for time in [info.logon_time, info.logoff_time, info.kickoff_time, info.password_last_set] {
        ndr.time(time);
    }
    ndr.time(FileTime::NEVER);
    ndr.time(info.password_must_change);
    for text in [&info.effective_name, &info.full_name] {
        ndr.text(text);
    }
    for text in ["logon.cmd", "\\\\dc1\\profiles", "", "H:"] {
        ndr.text(text);
    }
    ndr.u16(info.logon_count);
    ndr.u16(info.bad_password_count);
    ndr.u32(info.user_id);
    ndr.u32(info.primary_group_id);
    ndr.groups(&info.group_ids);
    ndr.u32(info.user_flags);
    ndr.out.extend([0; 16]);
    ndr.text(&info.logon_server);
    ndr.text(&info.logon_domain_name);
    ndr.sid(info.logon_domain_id.as_ref());
    ndr.out.extend([0; 8]);
    ndr.u32(info.user_account_control);
    ndr.out.extend([0; 28]);
    ndr.sids(&info.extra_sids);
    ndr.sid(info.resource_group_domain.as_ref());
    ndr.groups(&info.resource_group_ids);
    ndr.finish()
}

pub fn encode_delegation_info(info: &DelegationInfo) -> Vec<u8> {
    let mut ndr = Ndr::default();
    ndr.text(&info.proxy_target);
    let count = u32::try_from(info.transited_services.len()).unwrap();
    ndr.u32(count);
    ndr.pointer(count > 0);
    if count > 0 {
        let mut list = Ndr::default();
        list.u32(count);
        info.transited_services.iter().for_each(|service| list.text(service));
        ndr.later(&[], &[list.out, list.later].concat());
    }
    ndr.finish()
}

pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Signs what was changed by who has both keys.
pub fn sign_again(pac: &mut [u8], service: &Key, kdc: &Key) {
    for (kind, key) in [(kind::SERVER_CHECKSUM, service), (kind::KDC_CHECKSUM, kdc)] {
        signature(pac, kind, key.enctype().tag_length()).fill(0);
    }
    sign(pac, kind::SERVER_CHECKSUM, service, None);
    sign_kdc(pac, service, kdc);
}
