//! Credential caches in files, versions 3 and 4 (`05 03`, `05 04`), and the parts of them that
//! other kinds of caches hold singly: credentials and principals.

use super::octets::{FormatError, MAX_FILE, Octets, Result, put_counted, text};
use super::unparse;
use crate::spi::kerberos::{CachedTicket, KerberosTime, KeyBlock, Principal};
use crate::spi::secret::SecretBytes;

/// The realm of entries that are no tickets.
const CONFIG_REALM: &str = "X-CACHECONF:";
/// The realm of such an entry when it was removed; as long as the other.
const REMOVED_CONFIG_REALM: &str = "X-RMED-CONF:";
const CONFIG_NAME: &str = "krb5_ccache_conf_data";
/// The tag of the header field that tells how far the KDC's clock is ahead.
const TIME_OFFSET: u16 = 1;

/// The form of a file. Versions 1 and 2 are in the byte order of their writer's machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Without a header, and the enctype twice.
    V3,
    /// With a header of tagged fields. What single credentials have, too.
    V4,
}

/// A whole cache.
#[derive(Debug, PartialEq, Eq)]
pub struct Ccache {
    /// Its form.
    pub version: Version,
    /// How many seconds the KDC's clock is ahead of ours.
    pub time_offset: Option<i32>,
    /// Its client.
    pub client: Principal,
    /// Tickets and configuration entries, without those that were removed.
    pub entries: Vec<Entry>,
    /// Where the last entry ends. What follows is an entry whose writer did not finish.
    pub end: usize,
}

/// An entry and its place in the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Offset of its first byte.
    pub offset: usize,
    /// What it says.
    pub credential: CachedTicket,
}

/// Reads a cache. An entry that ends outside the file is left out: its writer did not finish, or
/// has not yet.
pub fn decode_ccache(bytes: &[u8]) -> Result<Ccache> {
    let mut octets = Octets::new(bytes);
    let version = decode_version(&mut octets)?;
    let time_offset = match version {
        Version::V3 => None,
        Version::V4 => decode_header(&mut octets)?,
    };
    let client = read_principal(&mut octets)?;
    let client = client.ok_or(FormatError::Malformed("its client's name is no text"))?;
    let mut cache = Ccache { version, time_offset, client, entries: Vec::new(), end: 0 };
    loop {
        cache.end = bytes.len() - octets.rest().len();
        if octets.rest().is_empty() {
            return Ok(cache);
        }
        match read_credential(&mut octets, version) {
            Ok(Some(credential)) if !is_removed(&credential) => {
                cache.entries.push(Entry { offset: cache.end, credential });
            }
            Ok(_) => {}
            Err(FormatError::Truncated) => return Ok(cache),
            Err(error) => return Err(error),
        }
    }
}

/// The beginning of a cache: all but its entries.
pub fn encode_header(version: Version, time_offset: Option<i32>, client: &Principal) -> Vec<u8> {
    let mut out = vec![5, if version == Version::V3 { 3 } else { 4 }];
    if version == Version::V4 {
        match time_offset {
            None => out.extend_from_slice(&[0, 0]),
            Some(seconds) => {
                // One field of eight bytes: seconds and microseconds.
                out.extend_from_slice(&[0, 12, 0, 1, 0, 8]);
                out.extend_from_slice(&seconds.to_be_bytes());
                out.extend_from_slice(&[0; 4]);
            }
        }
    }
    put_principal(&mut out, client);
    out
}

/// A principal by itself; what follows it is not looked at.
pub fn decode_principal(bytes: &[u8]) -> Result<Principal> {
    let principal = read_principal(&mut Octets::new(bytes))?;
    principal.ok_or(FormatError::Malformed("its name is no text"))
}

/// A principal by itself.
pub fn encode_principal(principal: &Principal) -> Vec<u8> {
    let mut out = Vec::new();
    put_principal(&mut out, principal);
    out
}

/// A credential by itself; `None` when it names no principals in text or was removed. What
/// follows it is not looked at.
pub fn decode_credential(bytes: &[u8]) -> Result<Option<CachedTicket>> {
    let credential = read_credential(&mut Octets::new(bytes), Version::V4)?;
    Ok(credential.filter(|credential| !is_removed(credential)))
}

/// A credential by itself.
pub fn encode_credential(version: Version, credential: &CachedTicket) -> Result<SecretBytes> {
    let enctype = i16::try_from(credential.key.enctype)
        .map_err(|_| FormatError::Malformed("an enctype that caches cannot hold"))?;
    let capacity = credential_length(credential);
    if capacity > MAX_FILE {
        return Err(FormatError::Malformed("a ticket that is larger than any cache"));
    }
    // Sized first, so that no growth leaves an unwiped copy of the key behind.
    let mut out = Vec::with_capacity(capacity);
    put_principal(&mut out, &credential.client);
    put_principal(&mut out, &credential.server);
    for _ in 0..if version == Version::V3 { 2 } else { 1 } {
        out.extend_from_slice(&enctype.to_be_bytes());
    }
    put_counted(&mut out, credential.key.value.expose());
    let CachedTicket { auth_time, start_time, end_time, renew_till, .. } = credential;
    for time in [auth_time, start_time, end_time, renew_till] {
        out.extend_from_slice(&seconds(*time).to_be_bytes());
    }
    out.push(u8::from(credential.is_session_key));
    out.extend_from_slice(&credential.flags.to_be_bytes());
    put_typed(&mut out, &credential.addresses);
    put_typed(&mut out, &credential.authorization_data);
    put_counted(&mut out, &credential.ticket);
    put_counted(&mut out, &credential.second_ticket);
    Ok(SecretBytes::new(out))
}

/// The bytes that remove an entry: as long as it, found by nobody, and without its key and tickets,
/// which nobody is to find in the file's bytes either.
pub fn encode_removed(version: Version, mut credential: CachedTicket) -> Result<SecretBytes> {
    credential.key.value.expose_mut().fill(0);
    credential.ticket.fill(0);
    credential.second_ticket.fill(0);
    credential.end_time = KerberosTime(0);
    credential.auth_time = KerberosTime(i64::from(u32::MAX));
    if is_config(&credential) {
        REMOVED_CONFIG_REALM.clone_into(&mut credential.server.realm);
    }
    encode_credential(version, &credential)
}

/// Whether an entry is configuration and no ticket.
pub fn is_config(credential: &CachedTicket) -> bool {
    credential.server.realm == CONFIG_REALM
}

/// Whether an entry is this piece of configuration, of the cache or of one server.
pub fn is_config_of(credential: &CachedTicket, key: &str, server: Option<&Principal>) -> bool {
    is_config(credential) && credential.server.components == config_components(key, server)
}

/// A piece of configuration as an entry.
pub fn config_entry(
    client: &Principal,
    key: &str,
    server: Option<&Principal>,
    value: &[u8],
) -> CachedTicket {
    CachedTicket {
        client: client.clone(),
        server: Principal {
            name_type: 0,
            components: config_components(key, server),
            realm: CONFIG_REALM.to_owned(),
        },
        key: KeyBlock { enctype: 0, value: SecretBytes::default() },
        auth_time: KerberosTime(0),
        start_time: KerberosTime(0),
        end_time: KerberosTime(0),
        renew_till: KerberosTime(0),
        is_session_key: false,
        flags: 0,
        addresses: Vec::new(),
        authorization_data: Vec::new(),
        ticket: value.to_vec(),
        second_ticket: Vec::new(),
    }
}

fn config_components(key: &str, server: Option<&Principal>) -> Vec<String> {
    let mut components = vec![CONFIG_NAME.to_owned(), key.to_owned()];
    components.extend(server.map(unparse));
    components
}

/// Heimdal sets only the end to zero, which MIT's entries of other use have as well; those have
/// no beginning either.
fn is_removed(credential: &CachedTicket) -> bool {
    credential.end_time == KerberosTime(0) && credential.auth_time != KerberosTime(0)
}

fn decode_version(octets: &mut Octets<'_>) -> Result<Version> {
    match octets.array()? {
        [5, 3] => Ok(Version::V3),
        [5, 4] => Ok(Version::V4),
        [5, 1 | 2] => Err(FormatError::Malformed(
            "it is a cache of version 1 or 2, in the byte order of its writer's machine",
        )),
        _ => Err(FormatError::Malformed("it is no credential cache: it does not begin with 05 04")),
    }
}

fn decode_header(octets: &mut Octets<'_>) -> Result<Option<i32>> {
    let mut fields = Octets::new(octets.short_counted()?);
    let mut time_offset = None;
    while !fields.rest().is_empty() {
        let tag = fields.u16().map_err(outside_header)?;
        let value = fields.short_counted().map_err(outside_header)?;
        if tag == TIME_OFFSET {
            let mut parts = Octets::new(value);
            time_offset = Some(parts.i32().map_err(outside_header)?);
        }
    }
    Ok(time_offset)
}

const fn outside_header(_: FormatError) -> FormatError {
    FormatError::Malformed("a field of its header ends outside the header")
}

/// `None` when a part is no text.
fn read_principal(octets: &mut Octets<'_>) -> Result<Option<Principal>> {
    let name_type = octets.i32()?;
    let count = octets.u32()? as usize;
    if count > MAX_FILE / 4 {
        return Err(FormatError::Malformed("a principal has more components than fit in a file"));
    }
    let realm = text(octets.counted()?);
    // No room is made beforehand: each component that is there has its length in the file.
    let mut components = Vec::new();
    for _ in 0..count {
        components.push(text(octets.counted()?));
    }
    let components: Option<Vec<String>> = components.into_iter().collect();
    Ok(realm.zip(components).map(|(realm, components)| Principal { name_type, components, realm }))
}

fn read_credential(octets: &mut Octets<'_>, version: Version) -> Result<Option<CachedTicket>> {
    let client = read_principal(octets)?;
    let server = read_principal(octets)?;
    let enctype = octets.i16()?;
    if version == Version::V3 {
        octets.i16()?;
    }
    let key = KeyBlock {
        enctype: i32::from(enctype),
        value: SecretBytes::new(octets.counted()?.to_vec()),
    };
    let mut time = || octets.u32().map(|seconds| KerberosTime(i64::from(seconds)));
    let (auth_time, start_time, end_time, renew_till) = (time()?, time()?, time()?, time()?);
    let is_session_key = octets.u8()? != 0;
    let flags = octets.u32()?;
    let addresses = read_typed(octets)?;
    let authorization_data = read_typed(octets)?;
    let ticket = octets.counted()?.to_vec();
    let second_ticket = octets.counted()?.to_vec();
    Ok(client.zip(server).map(|(client, server)| CachedTicket {
        client,
        server,
        key,
        auth_time,
        start_time,
        end_time,
        renew_till,
        is_session_key,
        flags,
        addresses,
        authorization_data,
        ticket,
        second_ticket,
    }))
}

/// Addresses and authorisation data: how many, and for each its type, length and bytes.
fn read_typed(octets: &mut Octets<'_>) -> Result<Vec<(i32, Vec<u8>)>> {
    let count = octets.u32()? as usize;
    if count > MAX_FILE / 6 {
        return Err(FormatError::Malformed("a list has more elements than fit in a file"));
    }
    let mut list = Vec::new();
    for _ in 0..count {
        list.push((i32::from(octets.i16()?), octets.counted()?.to_vec()));
    }
    Ok(list)
}

fn put_principal(out: &mut Vec<u8>, principal: &Principal) {
    out.extend_from_slice(&principal.name_type.to_be_bytes());
    let count = u32::try_from(principal.components.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_be_bytes());
    put_counted(out, principal.realm.as_bytes());
    for component in &principal.components {
        put_counted(out, component.as_bytes());
    }
}

fn put_typed(out: &mut Vec<u8>, list: &[(i32, Vec<u8>)]) {
    let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_be_bytes());
    for (kind, bytes) in list {
        // Types beyond 16 bits are not used; their low half is what MIT writes.
        let [_, _, high, low] = kind.to_be_bytes();
        out.extend_from_slice(&[high, low]);
        put_counted(out, bytes);
    }
}

/// Times before 1970 or beyond 2106 have no place in the file.
fn seconds(time: KerberosTime) -> u32 {
    u32::try_from(time.0.max(0)).unwrap_or(u32::MAX)
}

/// At least as many bytes as the credential will have.
fn credential_length(credential: &CachedTicket) -> usize {
    let name = |principal: &Principal| {
        let components = principal.components.iter().map(|part| part.len().saturating_add(4));
        components.fold(principal.realm.len().saturating_add(12), usize::saturating_add)
    };
    let typed = |list: &[(i32, Vec<u8>)]| {
        list.iter().map(|(_, bytes)| bytes.len().saturating_add(6)).fold(4, usize::saturating_add)
    };
    [
        name(&credential.client),
        name(&credential.server),
        credential.key.value.expose().len(),
        typed(&credential.addresses),
        typed(&credential.authorization_data),
        credential.ticket.len(),
        credential.second_ticket.len(),
        // Lengths of key and tickets, enctypes, times, flags.
        12 + 4 + 16 + 5,
    ]
    .into_iter()
    .fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(components: &[&str]) -> Principal {
        let components = components.iter().map(|&part| part.to_owned()).collect();
        Principal { name_type: 1, components, realm: "EXAMPLE.COM".into() }
    }

    fn ticket(service: &str) -> CachedTicket {
        CachedTicket {
            client: principal(&["alice"]),
            server: principal(&[service, "host.example.com"]),
            key: KeyBlock { enctype: -133, value: SecretBytes::new(vec![7; 32]) },
            auth_time: KerberosTime(1_700_000_000),
            start_time: KerberosTime(1_700_000_001),
            end_time: KerberosTime(4_000_000_000),
            renew_till: KerberosTime(0),
            is_session_key: true,
            flags: 0x40E1_0000,
            addresses: vec![(2, vec![127, 0, 0, 1])],
            authorization_data: vec![(1, vec![1, 2, 3]), (-5, vec![])],
            ticket: vec![0x61; 300],
            second_ticket: vec![0x61; 3],
        }
    }

    fn file(version: Version, entries: &[CachedTicket]) -> Vec<u8> {
        let mut file = encode_header(version, None, &principal(&["alice"]));
        for entry in entries {
            file.extend_from_slice(encode_credential(version, entry).unwrap().expose());
        }
        file
    }

    fn credentials(cache: Ccache) -> Vec<CachedTicket> {
        cache.entries.into_iter().map(|entry| entry.credential).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        for version in [Version::V3, Version::V4] {
            let file = file(version, &[ticket("a"), ticket("b")]);
            let cache = decode_ccache(&file).unwrap();
            assert_eq!((cache.version, &cache.client), (version, &principal(&["alice"])));
            assert_eq!(cache.end, file.len());
            assert_eq!(credentials(cache), [ticket("a"), ticket("b")]);
        }
        let single = encode_credential(Version::V4, &ticket("a")).unwrap();
        assert_eq!(decode_credential(single.expose()).unwrap(), Some(ticket("a")));
        assert!(single.expose().len() <= credential_length(&ticket("a")));
        let name = encode_principal(&principal(&["a", "b"]));
        assert_eq!(decode_principal(&name).unwrap(), principal(&["a", "b"]));
    }

    #[test]
    fn the_header_tells_the_clock_and_unknown_fields_are_passed_over() {
        let client = principal(&["alice"]);
        let file = encode_header(Version::V4, Some(-90), &client);
        assert_eq!(decode_ccache(&file).unwrap().time_offset, Some(-90));
        let fields = [&[0, 9, 0, 2, 8, 8][..], &[0, 1, 0, 8, 0, 0, 0, 5, 0, 0, 0, 0]].concat();
        let file = [&[5, 4, 0, 18][..], &fields, &encode_principal(&client)].concat();
        assert_eq!(decode_ccache(&file).unwrap().time_offset, Some(5));
    }

    #[test]
    fn configuration_is_no_ticket() {
        let client = principal(&["alice"]);
        let server = principal(&["krbtgt", "EXAMPLE.COM"]);
        let entry = config_entry(&client, "pa_type", Some(&server), b"2");
        assert!(is_config(&entry) && !is_config(&ticket("a")));
        assert!(is_config_of(&entry, "pa_type", Some(&server)));
        assert!(!is_config_of(&entry, "pa_type", None));
        assert!(!is_config_of(&entry, "fast_avail", Some(&server)));
        let components = &entry.server.components;
        assert_eq!(components[2], "krbtgt/EXAMPLE.COM@EXAMPLE.COM");
        assert_eq!(credentials(decode_ccache(&file(Version::V4, &[entry])).unwrap()).len(), 1);
    }

    #[test]
    fn what_was_removed_is_not_there() {
        let heimdal = CachedTicket { end_time: KerberosTime(0), ..ticket("a") };
        let gssproxy = || CachedTicket {
            auth_time: KerberosTime(0),
            end_time: KerberosTime(0),
            ..ticket("b")
        };
        let entries = [heimdal, gssproxy()];
        assert_eq!(credentials(decode_ccache(&file(Version::V4, &entries)).unwrap()), [gssproxy()]);
        let config = config_entry(&principal(&["alice"]), "k", None, b"v");
        for entry in [ticket("a"), config] {
            let length = encode_credential(Version::V3, &entry).unwrap().expose().len();
            let removed = encode_removed(Version::V3, entry).unwrap();
            assert_eq!(removed.expose().len(), length);
            let file = [&file(Version::V3, &[])[..], removed.expose()].concat();
            assert_eq!(credentials(decode_ccache(&file).unwrap()), []);
        }
    }

    #[test]
    fn l2_every_truncation_of_a_cache_keeps_what_is_whole() {
        for version in [Version::V3, Version::V4] {
            let whole = file(version, &[ticket("a"), ticket("b")]);
            let header = file(version, &[]).len();
            let first = file(version, &[ticket("a")]).len();
            for length in 0..whole.len() {
                match decode_ccache(&whole[..length]) {
                    Err(_) => assert!(length < header, "{length} bytes"),
                    Ok(cache) => {
                        assert!(length >= header, "{length} bytes");
                        let (count, end) = if length < first { (0, header) } else { (1, first) };
                        assert_eq!((cache.entries.len(), cache.end), (count, end));
                    }
                }
            }
        }
    }

    #[test]
    fn l2_caches_that_lie_about_lengths_and_counts_are_refused() {
        let header = file(Version::V4, &[]);
        let entry = encode_credential(Version::V4, &ticket("a")).unwrap();
        let name = encode_principal(&principal(&["alice"])).len();
        // Offsets of counts and lengths: of the client's components, its realm, of addresses.
        let addresses = encode_credential(Version::V4, &ticket("a")).unwrap().expose().len()
            - (4 + 3)
            - (4 + 300)
            - (4 + 2 * 6 + 3)
            - (4 + 6 + 4);
        for at in [4, 8, name + 4, addresses] {
            let mut bytes = entry.expose().to_vec();
            bytes[at..at + 4].copy_from_slice(&[0xFF; 4]);
            let error = decode_ccache(&[&header[..], &bytes].concat()).unwrap_err();
            assert!(matches!(error, FormatError::Malformed(_)), "{at}: {error}");
        }
        // A realm longer than what there is, and not than what could be: an unfinished entry.
        let mut bytes = entry.expose().to_vec();
        bytes[8..12].copy_from_slice(&[0, 1, 0, 0]);
        assert_eq!(decode_ccache(&[&header[..], &bytes].concat()).unwrap().end, header.len());
        for at in [2, 8, 12] {
            let mut bytes = header.clone();
            bytes[at..at + 2].copy_from_slice(&[0xFF; 2]);
            assert!(decode_ccache(&bytes).is_err(), "{at}");
        }
    }

    #[test]
    fn l2_other_versions_of_caches_are_named() {
        for version in 0..=255 {
            let file = [&[5, version][..], &file(Version::V4, &[])[2..]].concat();
            let old = matches!(decode_ccache(&file), Err(FormatError::Malformed(story))
                if story.contains("version 1 or 2"));
            assert_eq!(old, matches!(version, 1 | 2), "{version}");
            assert_eq!(decode_ccache(&file).is_ok(), version == 4, "{version}");
        }
        assert!(decode_ccache(&[4, 4]).is_err());
    }

    #[test]
    fn names_that_are_no_text_hide_their_entry_only() {
        let bytes = file(Version::V4, &[ticket("umlaut"), ticket("b")]);
        let mut latin1 = bytes.clone();
        let at = latin1.windows(6).position(|window| window == b"umlaut").unwrap();
        latin1[at] = 0xFC;
        assert_eq!(credentials(decode_ccache(&latin1).unwrap()), [ticket("b")]);
    }
}
