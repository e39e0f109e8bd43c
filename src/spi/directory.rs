//! A domain's directory and the names that it knows: how the machine reaches a server of it, and
//! the forms of an account's name.

use std::fmt;

use super::error::{Error, Result};

/// Where the servers of a realm's directory are.
pub trait DirectoryHost: Send + Sync {
    /// The servers of a realm in the order in which they are tried: each turn connects to the
    /// next one. All of it, and all that is said on the connections, ends in bounded time. No
    /// server at all is [`LocalFault::NoAuthority`].
    ///
    /// [`LocalFault::NoAuthority`]: super::error::LocalFault::NoAuthority
    fn links<'a>(&'a self, realm: &str) -> Result<Box<dyn Iterator<Item = Connected> + 'a>>;
}

/// A connection to a server, or why there is none.
pub type Connected = Result<Box<dyn DirectoryLink>>;

/// A connection to a server of a directory. It ends when it is dropped.
pub trait DirectoryLink: Send {
    /// The server, as it was configured or found: a name, or an address.
    fn host(&self) -> &str;

    /// Sends all of the bytes.
    fn send(&mut self, bytes: &[u8]) -> Result<()>;

    /// Waits for bytes and says how many came: at least one, an end of the connection is an error.
    fn receive(&mut self, room: &mut [u8]) -> Result<usize>;
}

/// `EXTENDED_NAME_FORMAT` without `NameUnknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameFormat {
    /// `CN=Jeff Smith,OU=Users,DC=engineering,DC=microsoft,DC=com`
    FullyQualifiedDn,
    /// `ENGINEERING\jsmith`
    SamCompatible,
    /// `Jeff Smith`
    Display,
    /// `{4fa050f0-f561-11cf-bdd9-00aa003a77b6}`
    UniqueId,
    /// `engineering.microsoft.com/software/someone`
    Canonical,
    /// `someone@example.com`
    UserPrincipal,
    /// As `Canonical`, the last `/` being a newline.
    CanonicalEx,
    /// `www/www.microsoft.com@microsoft.com`
    ServicePrincipal,
    /// `engineering.microsoft.com\jsmith`
    DnsDomain,
    /// `Jeff`
    GivenName,
    /// `Smith`
    Surname,
}

/// Why there is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// The directory or the machine has no name of this form for it, or several.
    NotMapped,
    /// No server of the domain can be reached, or it lets nobody look.
    NoDomain,
    /// The machine belongs to no domain.
    NotJoined,
    /// Something else went wrong here.
    Failed,
}

/// A name that cannot be had, with the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoName {
    /// Why.
    pub fault: NameFault,
    /// What happened.
    pub error: Error,
}

impl NoName {
    /// The reason with its story.
    pub fn new(fault: NameFault, error: impl Into<Error>) -> Self {
        Self { fault, error: error.into() }
    }
}

impl fmt::Display for NoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.fault, self.error)
    }
}

impl std::error::Error for NoName {}
