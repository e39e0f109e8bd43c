//! Whether two identities are the same.
//!
//! Holds: what SspiCompareAuthIdentities answers. May use: `spi`. Must not touch: pointers.

use super::AuthData;
use crate::spi::identity::Proof;
use crate::spi::text::same_name;

/// The two answers of SspiCompareAuthIdentities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Same {
    /// User and domain are the same names.
    pub user: bool,
    /// And so are the password and the list of packages.
    pub identity: bool,
}

/// Compares what two identities mean, not how they are written. The default credentials are the
/// same as themselves only.
pub fn compare(a: &AuthData, b: &AuthData) -> Same {
    match (a, b) {
        (AuthData::Default(a), AuthData::Default(b)) => Same { user: true, identity: a == b },
        (AuthData::Explicit(a), AuthData::Explicit(b)) => {
            let user = same(a.user.as_deref(), b.user.as_deref())
                && same(a.domain.as_deref(), b.domain.as_deref());
            let proof = same_proof(&a.proof, &b.proof);
            Same { user, identity: user && proof && a.packages == b.packages }
        }
        _ => Same { user: false, identity: false },
    }
}

fn same(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same_name(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn same_proof(a: &Proof, b: &Proof) -> bool {
    match (a, b) {
        (Proof::None, Proof::None) => true,
        (Proof::Password(a), Proof::Password(b)) => a.to_utf16le() == b.to_utf16le(),
        (Proof::NtHash(a), Proof::NtHash(b)) => a == b,
        (Proof::Keytab(a), Proof::Keytab(b)) => a == b,
        _ => false,
    }
}
