//! Kerberos' files.

use secur32::wire::kerberos::ccache::{
    Version, decode_ccache, decode_credential, decode_principal, encode_credential, encode_header,
    encode_principal, encode_removed,
};
use secur32::wire::kerberos::keytab::{decode_keytab, encode_keytab};

/// What can be read can be written, and is read as the same.
pub fn ccache(data: &[u8]) {
    if let Ok(principal) = decode_principal(data) {
        assert_eq!(decode_principal(&encode_principal(&principal)).unwrap(), principal);
    }
    if let Ok(Some(credential)) = decode_credential(data) {
        let written = encode_credential(Version::V4, &credential).unwrap();
        assert_eq!(decode_credential(written.expose()).unwrap(), Some(credential));
    }
    let Ok(cache) = decode_ccache(data) else { return };
    assert!(cache.end <= data.len());
    let mut file = encode_header(cache.version, cache.time_offset, &cache.client);
    for entry in &cache.entries {
        let written = encode_credential(cache.version, &entry.credential).unwrap();
        file.extend_from_slice(written.expose());
    }
    let again = decode_ccache(&file).unwrap();
    assert_eq!((again.version, again.time_offset), (cache.version, cache.time_offset));
    assert_eq!((again.client, again.end), (cache.client, file.len()));
    assert_eq!(again.entries.len(), cache.entries.len());
    for (entry, again) in cache.entries.into_iter().zip(again.entries) {
        assert_eq!(entry.credential, again.credential);
        let length = encode_credential(cache.version, &again.credential).unwrap().expose().len();
        let removed = encode_removed(cache.version, again.credential).unwrap();
        // What removes an entry fits exactly in its place, and is no entry.
        assert_eq!(removed.expose().len(), length);
        let place = data.get(entry.offset..).unwrap();
        assert!(place.len() >= length);
    }
}

/// Likewise.
pub fn keytab(data: &[u8]) {
    let Ok(entries) = decode_keytab(data) else { return };
    let written = encode_keytab(&entries).unwrap();
    assert_eq!(decode_keytab(written.expose()).unwrap(), entries);
}
