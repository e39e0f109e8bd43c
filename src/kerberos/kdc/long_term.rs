//! What a client proves itself with, and the keys that are made of it.

use std::sync::{Mutex, PoisonError};

use super::hints::Recipe;
use super::{key_of, names_of};
use crate::crypto::kerberos::{Enctype, Key};
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{KeytabEntry, Principal};
use crate::spi::secret::{Secret, SecretText};

/// Salts and enctypes of which keys are kept. A KDC has one or two for a client.
const MOST_KEYS: usize = 8;

/// The long-term secret.
pub struct LongTerm {
    proof: Proof,
    made: Mutex<Vec<Made>>,
}

enum Proof {
    Password(SecretText),
    NtHash(Secret<16>),
    Keys(Vec<KeytabEntry>),
}

/// A key, and what it was made of.
struct Made {
    enctype: Enctype,
    salt: Vec<u8>,
    s2kparams: Option<Vec<u8>>,
    key: Key,
}

impl LongTerm {
    /// A password.
    pub const fn password(password: SecretText) -> Self {
        Self::of(Proof::Password(password))
    }

    /// MD4 of a password: the key of RC4.
    pub const fn nt_hash(hash: Secret<16>) -> Self {
        Self::of(Proof::NtHash(hash))
    }

    /// The keys of a client in a keytab, whatever else is in it.
    pub fn keytab(entries: &[KeytabEntry], client: &Principal) -> Self {
        let own = entries.iter().filter(|entry| entry.principal == *client);
        let mut own: Vec<_> = own.map(KeytabEntry::duplicate).collect();
        own.sort_by_key(|entry| std::cmp::Reverse((entry.kvno, entry.timestamp)));
        Self::of(Proof::Keys(own))
    }

    const fn of(proof: Proof) -> Self {
        Self { proof, made: Mutex::new(Vec::new()) }
    }

    /// What to ask a KDC for: the enctypes that there are keys of come first. A hash is a key of
    /// one enctype, and no KDC is to be led to another.
    pub fn order(&self, allowed: &[Enctype]) -> Vec<Enctype> {
        let mut order = allowed.to_vec();
        match &self.proof {
            Proof::Password(_) => {}
            Proof::NtHash(_) => order.retain(|enctype| *enctype == Enctype::Rc4Hmac),
            Proof::Keys(_) => order.sort_by_key(|enctype| !self.has(*enctype)),
        }
        order
    }

    /// Whether there is, or can be, a key of this enctype.
    pub fn has(&self, enctype: Enctype) -> bool {
        match &self.proof {
            Proof::Password(_) => true,
            Proof::NtHash(_) => enctype == Enctype::Rc4Hmac,
            Proof::Keys(keys) => keys.iter().any(|entry| entry.key.enctype == enctype.number()),
        }
    }

    /// A key by its recipe.
    pub fn key(&self, recipe: &Recipe, client: &Principal) -> Result<Key> {
        let enctype = recipe.enctype;
        let found = match &self.proof {
            Proof::Password(password) => return self.made_of(password, recipe, client),
            Proof::NtHash(hash) if enctype == Enctype::Rc4Hmac => {
                Key::new(enctype, hash.expose()).ok()
            }
            Proof::NtHash(_) => None,
            Proof::Keys(keys) => {
                let fits = |entry: &&KeytabEntry| entry.key.enctype == enctype.number();
                keys.iter().find(fits).map(|entry| key_of(&entry.key)).transpose()?
            }
        };
        found.ok_or_else(|| {
            let story = format!("there is no key of {} for the client", enctype.name());
            Error::new(PeerFault::EnctypeRefused, story)
        })
    }

    /// The keys of a server that has this secret, by the KDC's recipes or the default ones.
    pub fn all_keys(
        &self,
        owner: &Principal,
        enctypes: &[Enctype],
        recipe: impl Fn(Enctype) -> Recipe,
    ) -> Result<Vec<KeytabEntry>> {
        if let Proof::Keys(keys) = &self.proof {
            return Ok(keys.iter().map(KeytabEntry::duplicate).collect());
        }
        let enctypes = enctypes.iter().filter(|enctype| self.has(**enctype));
        let entry = |enctype: &Enctype| {
            let key = self.key(&recipe(*enctype), owner)?;
            let key = super::block_of(&key);
            Ok(KeytabEntry { principal: owner.clone(), timestamp: 0, kvno: 0, key })
        };
        enctypes.map(entry).collect()
    }

    /// An error when nothing of what may be used is there.
    pub fn check(&self, allowed: &[Enctype], client: &str) -> Result<()> {
        if allowed.iter().any(|enctype| self.has(*enctype)) {
            return Ok(());
        }
        let what = match &self.proof {
            Proof::Keys(keys) if keys.is_empty() => "the keytab has no key of it".to_owned(),
            Proof::Keys(_) => format!("the keytab has none of {}", names_of(allowed)),
            Proof::NtHash(_) => {
                "its hash is a key of arcfour-hmac, which is not allowed".to_owned()
            }
            Proof::Password(_) => "no enctype is allowed".to_owned(),
        };
        Err(Error::new(LocalFault::NoCredentials, format!("{client}: {what}")))
    }

    /// String-to-key is slow on purpose: done once for a salt.
    fn made_of(&self, password: &SecretText, recipe: &Recipe, client: &Principal) -> Result<Key> {
        let Recipe { enctype, salt, s2kparams } = recipe.clone();
        let salt = salt.unwrap_or_else(|| default_salt(client));
        let same = |made: &&Made| {
            (made.enctype, &made.salt, &made.s2kparams) == (enctype, &salt, &s2kparams)
        };
        if let Some(made) = self.made().iter().find(same) {
            return Ok(made.key.duplicate());
        }
        let key = Key::from_password(enctype, password, &salt, s2kparams.as_deref())?;
        let mut made = self.made();
        if made.len() >= MOST_KEYS {
            made.remove(0);
        }
        made.push(Made { enctype, salt, s2kparams, key: key.duplicate() });
        Ok(key)
    }

    fn made(&self) -> std::sync::MutexGuard<'_, Vec<Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The realm and the components, one after the other (RFC 4120 4).
fn default_salt(client: &Principal) -> Vec<u8> {
    [client.realm.as_str()]
        .into_iter()
        .chain(client.components.iter().map(String::as_str))
        .collect::<String>()
        .into_bytes()
}
