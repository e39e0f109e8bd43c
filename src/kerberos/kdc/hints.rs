//! What a KDC tells about the client's keys: ETYPE-INFO2 before ETYPE-INFO before PW-SALT
//! (RFC 4120 5.2.7). Nobody vouches for it before the reply is decrypted.

use crate::crypto::kerberos::Enctype;
use crate::spi::error::Result;
use crate::wire::kerberos::numbers::pa_type;
use crate::wire::kerberos::{EtypeInfo2Entry, EtypeInfoEntry, PaData};

/// The hints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    entries: Vec<EtypeInfo2Entry>,
    salt: Option<Vec<u8>>,
}

/// How to make a key. Without a salt it is the default one of the client's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The enctype.
    pub enctype: Enctype,
    /// The salt.
    pub salt: Option<Vec<u8>>,
    /// The string-to-key parameters.
    pub s2kparams: Option<Vec<u8>>,
}

impl Hints {
    /// Reads what is in the padata of an error or of a reply.
    pub fn read(padata: &[PaData]) -> Result<Self> {
        let entries = if let Some(info) = PaData::find(padata, pa_type::ETYPE_INFO2) {
            EtypeInfo2Entry::list_from_der(info)?
        } else if let Some(info) = PaData::find(padata, pa_type::ETYPE_INFO) {
            let entries = EtypeInfoEntry::list_from_der(info)?.into_iter();
            let same =
                |EtypeInfoEntry { etype, salt }| EtypeInfo2Entry { etype, salt, s2kparams: None };
            entries.map(same).collect()
        } else {
            Vec::new()
        };
        let salt = PaData::find(padata, pa_type::PW_SALT).map(<[u8]>::to_vec);
        Ok(Self { entries, salt })
    }

    /// The first enctype of ours that the KDC speaks of; where it speaks of none at all, our
    /// first.
    pub fn choose(&self, order: &[Enctype]) -> Option<Recipe> {
        let known = |enctype: &&Enctype| {
            self.entries.is_empty() || self.entries.iter().any(|e| e.etype == enctype.number())
        };
        order.iter().find(known).map(|enctype| self.recipe(*enctype))
    }

    /// How to make the key of an enctype.
    pub fn recipe(&self, enctype: Enctype) -> Recipe {
        let entry = self.entries.iter().find(|entry| entry.etype == enctype.number());
        let (salt, s2kparams) = match entry {
            Some(entry) => (entry.salt.clone(), entry.s2kparams.clone()),
            None => (self.salt.clone(), None),
        };
        Recipe { enctype, salt, s2kparams }
    }

    /// Whether anything is said of an enctype.
    pub fn speaks_of(&self, enctype: Enctype) -> bool {
        self.salt.is_some() || self.entries.iter().any(|entry| entry.etype == enctype.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info2(etype: i32, salt: Option<&[u8]>) -> EtypeInfo2Entry {
        EtypeInfo2Entry { etype, salt: salt.map(<[u8]>::to_vec), s2kparams: None }
    }

    fn padata(padata_type: i32, padata_value: Vec<u8>) -> PaData {
        PaData { padata_type, padata_value }
    }

    #[test]
    fn the_newer_form_goes_before_the_older_ones() {
        let newer = EtypeInfo2Entry::list_to_der(&[info2(18, Some(b"new"))]);
        let older = EtypeInfoEntry { etype: 18, salt: Some(b"old".to_vec()) };
        let older = EtypeInfoEntry::list_to_der(&[older]);
        let mut all = vec![padata(3, b"salt".to_vec()), padata(11, older), padata(19, newer)];
        let salt = |all: &[PaData]| {
            Hints::read(all).unwrap().recipe(Enctype::Aes256CtsHmacSha1).salt.unwrap()
        };
        assert_eq!(salt(&all), b"new");
        all.pop();
        assert_eq!(salt(&all), b"old");
        all.pop();
        assert_eq!(salt(&all), b"salt");
    }

    #[test]
    fn k13_the_clients_order_counts_and_no_other_enctype() {
        let order = [Enctype::Aes256CtsHmacSha1, Enctype::Aes128CtsHmacSha1];
        let list = [info2(23, None), info2(17, Some(b"")), info2(18, None)];
        let hints = Hints::read(&[padata(19, EtypeInfo2Entry::list_to_der(&list))]).unwrap();
        assert_eq!(hints.choose(&order).unwrap().enctype, Enctype::Aes256CtsHmacSha1);
        let one = hints.choose(&order[1..]).unwrap();
        assert_eq!((one.enctype, one.salt), (Enctype::Aes128CtsHmacSha1, Some(Vec::new())));
        let weak = Hints::read(&[padata(19, EtypeInfo2Entry::list_to_der(&list[..1]))]).unwrap();
        assert_eq!(weak.choose(&order), None);
        assert_eq!(Hints::default().choose(&order).unwrap().enctype, order[0]);
    }
}
