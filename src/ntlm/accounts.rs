//! Secrets of accounts, as the hashes that NTLM works with.

use std::sync::LazyLock;

use super::keys::{Key, lmowf_v1, ntowf_v1};
use crate::spi::environment::{Account, AccountSecret};
use crate::spi::identity::Proof;
use crate::spi::secret::{Secret, SecretText};

/// The hashes of an account's password.
pub struct Hashes {
    /// `NTOWFv1`
    pub nt: Option<Key>,
    /// `LMOWFv1`
    pub lm: Option<Key>,
}

impl Hashes {
    /// Of what an identity proves itself with; `None` if that is nothing that NTLM knows.
    pub fn of_proof(proof: &Proof, with_lm: bool) -> Option<Self> {
        match proof {
            Proof::None => Some(Self::of_password(&SecretText::default(), with_lm)),
            Proof::Password(password) => Some(Self::of_password(password, with_lm)),
            Proof::NtHash(hash) => Some(Self { nt: Some(hash.duplicate()), lm: None }),
            Proof::Keytab(_) => None,
        }
    }

    /// Of an account of a source; made once for each.
    pub fn of_account(account: &Account, with_lm: bool) -> Option<Self> {
        let made = account.derived.get_or_make(|| Self::of_secret(&account.secret));
        Some(made?.as_ref()?.duplicate(with_lm))
    }

    /// Of no account: so that looking for one that is not there costs the same.
    pub fn of_nobody(with_lm: bool) -> Self {
        static NOBODY: LazyLock<Hashes> = LazyLock::new(|| {
            Hashes::of_password(&SecretText::from_str_secret("nobody's password"), true)
        });
        NOBODY.duplicate(with_lm)
    }

    /// Of the empty password.
    pub const fn of_nothing() -> Self {
        Self { nt: Some(Secret::new(NT_OF_NOTHING)), lm: Some(Secret::new(LM_OF_NOTHING)) }
    }

    fn of_secret(secret: &AccountSecret) -> Option<Self> {
        match secret {
            AccountSecret::Proof(proof) => Self::of_proof(proof, true),
            AccountSecret::Hashes { lm, nt } => Some(Self {
                nt: nt.as_ref().map(Secret::duplicate),
                lm: lm.as_ref().map(Secret::duplicate),
            }),
        }
    }

    /// A copy, with the LM hash only where policy has a use for it.
    pub fn duplicate(&self, with_lm: bool) -> Self {
        Self {
            nt: self.nt.as_ref().map(Secret::duplicate),
            lm: self.lm.as_ref().filter(|_| with_lm).map(Secret::duplicate),
        }
    }

    /// Whether the password is empty.
    pub fn are_blank(&self) -> bool {
        let blank = |hash: &Option<Key>, of_nothing| {
            hash.as_ref().is_some_and(|hash| *hash == Secret::new(of_nothing))
        };
        blank(&self.nt, NT_OF_NOTHING) || blank(&self.lm, LM_OF_NOTHING)
    }

    fn of_password(password: &SecretText, with_lm: bool) -> Self {
        let lm = if with_lm { lmowf_v1(password) } else { None };
        Self { nt: Some(ntowf_v1(password)), lm }
    }
}

const NT_OF_NOTHING: [u8; 16] = 0x31d6_cfe0_d16a_e931_b73c_59d7_e0c0_89c0_u128.to_be_bytes();
const LM_OF_NOTHING: [u8; 16] = 0xaad3_b435_b514_04ee_aad3_b435_b514_04ee_u128.to_be_bytes();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n17_an_empty_password_is_seen_in_every_form() {
        let empty = || SecretText::default();
        assert!(Hashes::of_proof(&Proof::None, false).unwrap().are_blank());
        assert!(Hashes::of_proof(&Proof::Password(empty()), true).unwrap().are_blank());
        let hash = Proof::NtHash(Secret::new(NT_OF_NOTHING));
        assert!(Hashes::of_proof(&hash, false).unwrap().are_blank());
        let lm = AccountSecret::Hashes { lm: Some(Secret::new(LM_OF_NOTHING)), nt: None };
        assert!(Hashes::of_secret(&lm).unwrap().are_blank());
        let other = Proof::Password(SecretText::from_str_secret("x"));
        assert!(!Hashes::of_proof(&other, true).unwrap().are_blank());
    }

    #[test]
    fn n24_a_password_of_32_hex_digits_is_text() {
        let digits = "31d6cfe0d16ae931b73c59d7e0c089c0";
        let hashes =
            Hashes::of_proof(&Proof::Password(SecretText::from_str_secret(digits)), true).unwrap();
        assert!(!hashes.are_blank());
        assert_eq!(hashes.nt, Some(ntowf_v1(&SecretText::from_str_secret(digits))));
        let long = SecretText::from_str_secret(&"p".repeat(4096));
        assert_eq!(Hashes::of_proof(&Proof::Password(long), true).unwrap().lm, None);
    }
}
