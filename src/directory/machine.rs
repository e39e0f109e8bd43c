//! The machine's own account, of its keytab.

use crate::spi::identity::{Identity, PackageList, Proof};
use crate::spi::kerberos::{KeytabEntry, Principal};
use crate::wire::kerberos::keytab::encode_keytab;

/// The identity of `HOST$@REALM`, if the keytab has a key of it.
pub fn machine_identity(entries: &[KeytabEntry], account: &str, realm: &str) -> Option<Identity> {
    let is_ours = |principal: &Principal| {
        let named = matches!(&*principal.components, [name] if name.eq_ignore_ascii_case(account));
        named && principal.realm.eq_ignore_ascii_case(realm)
    };
    let own: Vec<KeytabEntry> =
        entries.iter().filter(|entry| is_ours(&entry.principal)).map(duplicate).collect();
    let first = own.first()?.principal.clone();
    let keytab = encode_keytab(&own).ok()?;
    Some(Identity {
        user: first.components.into_iter().next(),
        domain: Some(first.realm),
        proof: Proof::Keytab(keytab),
        packages: PackageList::default(),
    })
}

fn duplicate(entry: &KeytabEntry) -> KeytabEntry {
    KeytabEntry {
        principal: entry.principal.clone(),
        timestamp: entry.timestamp,
        kvno: entry.kvno,
        key: entry.key.duplicate(),
    }
}
