//! An explicit identity, as a caller hands it to `AcquireCredentialsHandle`.

use super::secret::{Secret, SecretBytes, SecretText};

/// Who the credential speaks for. The absence of a whole identity means the default
/// credentials; an identity in which everything is absent means anonymous.
#[derive(Debug, Default)]
pub struct Identity {
    /// The user, possibly in the form `user@realm`.
    pub user: Option<String>,
    /// The domain or realm.
    pub domain: Option<String>,
    /// What proves it.
    pub proof: Proof,
    /// The packages that Negotiate may use.
    pub packages: PackageList,
}

impl Identity {
    /// A second copy, for a second package.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            user: self.user.clone(),
            domain: self.domain.clone(),
            proof: self.proof.duplicate(),
            packages: self.packages.clone(),
        }
    }

    /// No user, no domain and nothing that proves one.
    pub fn is_empty(&self) -> bool {
        self.user.is_none() && self.domain.is_none() && matches!(self.proof, Proof::None)
    }
}

/// What an identity proves itself with.
#[derive(Debug, Default)]
pub enum Proof {
    /// Nothing was given (an empty password is also nothing).
    #[default]
    None,
    /// A password.
    Password(SecretText),
    /// MD4 of the password: a packed credential only, never guessed from a password's form.
    NtHash(Secret<16>),
    /// A keytab, a packed credential.
    Keytab(SecretBytes),
}

impl Proof {
    /// A second copy.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Password(password) => Self::Password(password.duplicate()),
            Self::NtHash(hash) => Self::NtHash(hash.duplicate()),
            Self::Keytab(keytab) => Self::Keytab(keytab.duplicate()),
        }
    }
}

/// Whose key a secret is sealed with while it waits in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealScope {
    /// This process's.
    Process,
    /// The user's logon's: its other processes can open it too.
    Logon,
}

/// How much longer a sealed secret is than the secret.
pub const SEAL_OVERHEAD: usize = 40;

/// `PackageList`: names that are allowed, and names after `!` that are not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageList {
    /// When not empty, only these.
    pub only: Vec<String>,
    /// Never these.
    pub never: Vec<String>,
}

impl PackageList {
    /// Reads `"Kerberos,!NTLM"`.
    pub fn parse(text: &str) -> Self {
        let mut list = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            match item.strip_prefix('!') {
                Some(name) => list.never.push(name.trim().to_owned()),
                None => list.only.push(item.to_owned()),
            }
        }
        list
    }

    /// Whether a package may be used.
    pub fn allows(&self, package: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(package));
        !named(&self.never) && (self.only.is_empty() || named(&self.only))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_lists_allow_and_exclude() {
        let list = PackageList::parse(" Kerberos , !ntlm ");
        assert!(list.allows("KERBEROS"));
        assert!(!list.allows("NTLM"));
        assert!(!list.allows("Negotiate"));
        assert!(PackageList::parse("").allows("NTLM"));
        assert!(PackageList::parse("!NTLM").allows("Kerberos"));
    }
}
