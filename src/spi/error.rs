//! Errors by meaning: whose fault it is, what happened, and the story for a human.
//!
//! No package writes a status code; [`Fault::status`] is the one table.

use std::fmt;

use super::status::{self, Status};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the calling program did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerFault {
    /// A handle that is null, zero, stale, foreign or of the other kind.
    InvalidHandle,
    /// An argument that cannot be read or makes no sense.
    InvalidParameter,
    /// A package name that is not in the registry.
    UnknownPackage,
    /// An identity or credential use that the package cannot understand.
    UnknownCredentials,
    /// An identity that cannot be read.
    MalformedIdentity,
    /// A function or attribute that the package does not offer in this state.
    Unsupported,
    /// The caller's output buffer is missing or too small.
    BufferTooSmall,
    /// A message call without the TOKEN or DATA buffer that it needs.
    MissingBuffer,
    /// An unknown quality of protection.
    UnknownQop,
    /// The handshake of this context is over or failed; no further step is possible.
    OutOfSequence,
    /// The context is not finished, so that it cannot be exported.
    NotExportable,
    /// The context or token has no client that the thread could be: it is anonymous, may only be
    /// identified, has no account of this machine, or the process may not.
    NoImpersonation,
}

/// What the other side of the connection did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerFault {
    /// A token that cannot be parsed.
    MalformedToken,
    /// A well-formed token that does not belong at this place of the exchange.
    UnexpectedToken,
    /// A capability that we must have was not offered or was stripped.
    CapabilityMissing,
    /// The message integrity code of the handshake is missing or does not verify.
    MicMismatch,
    /// A protected message does not verify.
    MessageAltered,
    /// A protected message came out of its order.
    OutOfSequence,
    /// The channel bindings differ, or are missing and required.
    BadBindings,
    /// The service name that the client asked for is not ours.
    WrongTarget,
    /// The account is unknown, the proof is wrong, or policy forbids the logon.
    LogonDenied,
    /// The authority does not know the account that a client wants to log on with.
    ClientUnknown,
    /// The account is disabled.
    AccountDisabled,
    /// The account is locked, because too many wrong passwords were tried.
    AccountLocked,
    /// The account has expired.
    AccountExpired,
    /// The account may not log on in this way.
    AccountRestricted,
    /// The account may not log on at this time.
    OutsideLogonHours,
    /// The account may not log on from the client's machine.
    WorkstationRefused,
    /// The account's password has expired.
    PasswordExpired,
    /// The account's password must be changed before the first logon.
    PasswordMustChange,
    /// A new password is against the policy of the domain.
    PasswordPolicy,
    /// The authorisation data of a ticket (PAC) is missing, malformed or does not verify.
    PacRefused,
    /// The authority does not do service for user (S4U).
    S4uUnsupported,
    /// The client is anonymous and may not be.
    AnonymousRefused,
    /// The exchange is older than policy allows.
    Stale,
    /// The authority does not know the target.
    TargetUnknown,
    /// The clocks are too far apart.
    TimeSkew,
    /// A ticket has expired, or is not valid yet.
    TicketExpired,
    /// The other side did not prove who it is.
    MutualAuthFailed,
    /// No common enctype, or one that is not allowed.
    EnctypeRefused,
    /// An answer of an authority that does not fit its request.
    BadAuthority,
    /// The authority refused the request for a reason of its own.
    AuthorityRefused,
    /// Referrals without end.
    TooManyReferrals,
    /// The authority wants a proof that we cannot give.
    UnsupportedPreauth,
    /// User-to-user without the peer's ticket.
    NoTgtReply,
    /// Something better than what was offered was taken away.
    Downgrade,
    /// The authority does not allow delegation to this target.
    DelegationRefused,
    /// The authority delegates to no service of another realm.
    CrossRealmDelegation,
    /// A client of SASL wants to act as another, which is not permitted.
    AuthorizationRefused,
}

impl PeerFault {
    /// Whether an authority said no to an account or to what it proved itself with.
    pub const fn denies_account(self) -> bool {
        matches!(
            self,
            Self::LogonDenied
                | Self::ClientUnknown
                | Self::AccountDisabled
                | Self::AccountLocked
                | Self::AccountExpired
                | Self::AccountRestricted
                | Self::OutsideLogonHours
                | Self::WorkstationRefused
                | Self::PasswordExpired
                | Self::PasswordMustChange
        )
    }
}

/// What this machine lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalFault {
    /// There is nothing to authenticate with.
    NoCredentials,
    /// There is no account source to verify against, or it cannot be read.
    NoAccounts,
    /// No authority can be reached.
    NoAuthority,
    /// There is no key for the service.
    NoServiceKey,
    /// No cache has such a ticket, and nobody else was to be asked.
    NoSuchTicket,
    /// Authenticators cannot be remembered.
    NoReplayCache,
    /// The random generator of the system failed.
    NoRandom,
    /// A configuration or account file is broken.
    Configuration,
    /// Too many handles, or memory is exhausted.
    NoMemory,
    /// Something that should not be possible.
    Internal,
}

/// Whose fault, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The calling program.
    Caller(CallerFault),
    /// The other side.
    Peer(PeerFault),
    /// This machine.
    Local(LocalFault),
}

impl Fault {
    /// The `SECURITY_STATUS` of this fault: the only place where one becomes the other.
    pub const fn status(self) -> Status {
        match self {
            Self::Caller(fault) => match fault {
                CallerFault::InvalidHandle => status::SEC_E_INVALID_HANDLE,
                CallerFault::InvalidParameter => status::SEC_E_INVALID_PARAMETER,
                CallerFault::UnknownPackage => status::SEC_E_SECPKG_NOT_FOUND,
                CallerFault::UnknownCredentials => status::SEC_E_UNKNOWN_CREDENTIALS,
                CallerFault::Unsupported => status::SEC_E_UNSUPPORTED_FUNCTION,
                CallerFault::BufferTooSmall => status::SEC_E_BUFFER_TOO_SMALL,
                CallerFault::MalformedIdentity | CallerFault::MissingBuffer => {
                    status::SEC_E_INVALID_TOKEN
                }
                CallerFault::UnknownQop => status::SEC_E_QOP_NOT_SUPPORTED,
                CallerFault::OutOfSequence => status::SEC_E_OUT_OF_SEQUENCE,
                CallerFault::NotExportable => status::SEC_E_NOT_SUPPORTED,
                CallerFault::NoImpersonation => status::SEC_E_NO_IMPERSONATION,
            },
            Self::Peer(fault) => match fault {
                PeerFault::MalformedToken | PeerFault::UnexpectedToken => {
                    status::SEC_E_INVALID_TOKEN
                }
                PeerFault::CapabilityMissing => status::SEC_E_UNSUPPORTED_FUNCTION,
                PeerFault::MicMismatch | PeerFault::MessageAltered => status::SEC_E_MESSAGE_ALTERED,
                PeerFault::OutOfSequence => status::SEC_E_OUT_OF_SEQUENCE,
                PeerFault::BadBindings => status::SEC_E_BAD_BINDINGS,
                PeerFault::WrongTarget => status::SEC_E_WRONG_PRINCIPAL,
                PeerFault::LogonDenied
                | PeerFault::ClientUnknown
                | PeerFault::AccountDisabled
                | PeerFault::AccountLocked
                | PeerFault::AccountExpired
                | PeerFault::AccountRestricted
                | PeerFault::OutsideLogonHours
                | PeerFault::WorkstationRefused
                | PeerFault::PasswordExpired
                | PeerFault::PasswordMustChange
                | PeerFault::PasswordPolicy
                | PeerFault::PacRefused
                | PeerFault::AnonymousRefused
                | PeerFault::Stale => status::SEC_E_LOGON_DENIED,
                PeerFault::TargetUnknown => status::SEC_E_TARGET_UNKNOWN,
                PeerFault::TimeSkew => status::SEC_E_TIME_SKEW,
                PeerFault::TicketExpired => status::SEC_E_CONTEXT_EXPIRED,
                PeerFault::MutualAuthFailed => status::SEC_E_MUTUAL_AUTH_FAILED,
                PeerFault::EnctypeRefused => status::SEC_E_KDC_UNKNOWN_ETYPE,
                PeerFault::BadAuthority | PeerFault::AuthorityRefused => {
                    status::SEC_E_KDC_INVALID_REQUEST
                }
                PeerFault::TooManyReferrals => status::SEC_E_MAX_REFERRALS_EXCEEDED,
                PeerFault::UnsupportedPreauth => status::SEC_E_UNSUPPORTED_PREAUTH,
                PeerFault::NoTgtReply => status::SEC_E_NO_TGT_REPLY,
                PeerFault::Downgrade => status::SEC_E_DOWNGRADE_DETECTED,
                PeerFault::DelegationRefused => status::SEC_E_DELEGATION_POLICY,
                PeerFault::CrossRealmDelegation => status::SEC_E_CROSSREALM_DELEGATION_FAILURE,
                PeerFault::S4uUnsupported => status::SEC_E_NO_S4U_PROT_SUPPORT,
                PeerFault::AuthorizationRefused => status::SEC_E_ALGORITHM_MISMATCH,
            },
            Self::Local(fault) => match fault {
                LocalFault::NoCredentials | LocalFault::NoSuchTicket => {
                    status::SEC_E_NO_CREDENTIALS
                }
                LocalFault::NoAccounts => status::SEC_E_LOGON_DENIED,
                LocalFault::NoAuthority => status::SEC_E_NO_AUTHENTICATING_AUTHORITY,
                LocalFault::NoServiceKey => status::SEC_E_NO_KERB_KEY,
                LocalFault::NoMemory => status::SEC_E_INSUFFICIENT_MEMORY,
                LocalFault::NoRandom
                | LocalFault::NoReplayCache
                | LocalFault::Configuration
                | LocalFault::Internal => status::SEC_E_INTERNAL_ERROR,
            },
        }
    }
}

/// A fault with its story: the sentence that a human needs, never a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    fault: Fault,
    story: Option<Box<str>>,
}

impl Error {
    /// An error with a story. Say what was looked at and what was found; never a secret.
    pub fn new(fault: impl Into<Fault>, story: impl Into<String>) -> Self {
        Self { fault: fault.into(), story: Some(story.into().into_boxed_str()) }
    }

    /// Whose fault, and which.
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// The status that the caller sees.
    pub const fn status(&self) -> Status {
        self.fault.status()
    }

    /// What happened, in a sentence, if somebody knew more than the fault.
    pub fn story(&self) -> Option<&str> {
        self.story.as_deref()
    }

    /// The same fault with a story around it.
    #[must_use]
    pub fn context(self, what: impl fmt::Display) -> Self {
        let story = match self.story {
            Some(inner) => format!("{what}: {inner}"),
            None => what.to_string(),
        };
        Self { fault: self.fault, story: Some(story.into_boxed_str()) }
    }
}

impl<F: Into<Fault>> From<F> for Error {
    fn from(fault: F) -> Self {
        Self { fault: fault.into(), story: None }
    }
}

impl From<CallerFault> for Fault {
    fn from(fault: CallerFault) -> Self {
        Self::Caller(fault)
    }
}

impl From<PeerFault> for Fault {
    fn from(fault: PeerFault) -> Self {
        Self::Peer(fault)
    }
}

impl From<LocalFault> for Fault {
    fn from(fault: LocalFault) -> Self {
        Self::Local(fault)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.story {
            Some(story) => write!(f, "{}: {story}", self.status()),
            None => write!(f, "{}: {:?}", self.status(), self.fault),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_status() {
        let table: &[(Fault, u32)] = &[
            (CallerFault::InvalidHandle.into(), 0x8009_0301),
            (CallerFault::InvalidParameter.into(), 0x8009_035D),
            (CallerFault::UnknownPackage.into(), 0x8009_0305),
            (CallerFault::UnknownCredentials.into(), 0x8009_030D),
            (CallerFault::MalformedIdentity.into(), 0x8009_0308),
            (CallerFault::Unsupported.into(), 0x8009_0302),
            (CallerFault::BufferTooSmall.into(), 0x8009_0321),
            (CallerFault::MissingBuffer.into(), 0x8009_0308),
            (CallerFault::UnknownQop.into(), 0x8009_030A),
            (CallerFault::OutOfSequence.into(), 0x8009_0310),
            (CallerFault::NotExportable.into(), 0x8009_0302),
            (CallerFault::NoImpersonation.into(), 0x8009_030B),
            (PeerFault::AccountDisabled.into(), 0x8009_030C),
            (PeerFault::AccountLocked.into(), 0x8009_030C),
            (PeerFault::AccountExpired.into(), 0x8009_030C),
            (PeerFault::AccountRestricted.into(), 0x8009_030C),
            (PeerFault::OutsideLogonHours.into(), 0x8009_030C),
            (PeerFault::WorkstationRefused.into(), 0x8009_030C),
            (PeerFault::PasswordExpired.into(), 0x8009_030C),
            (PeerFault::PasswordMustChange.into(), 0x8009_030C),
            (PeerFault::PasswordPolicy.into(), 0x8009_030C),
            (PeerFault::PacRefused.into(), 0x8009_030C),
            (PeerFault::S4uUnsupported.into(), 0x8009_0356),
            (PeerFault::MalformedToken.into(), 0x8009_0308),
            (PeerFault::UnexpectedToken.into(), 0x8009_0308),
            (PeerFault::CapabilityMissing.into(), 0x8009_0302),
            (PeerFault::MicMismatch.into(), 0x8009_030F),
            (PeerFault::MessageAltered.into(), 0x8009_030F),
            (PeerFault::OutOfSequence.into(), 0x8009_0310),
            (PeerFault::BadBindings.into(), 0x8009_0346),
            (PeerFault::WrongTarget.into(), 0x8009_0322),
            (PeerFault::LogonDenied.into(), 0x8009_030C),
            (PeerFault::ClientUnknown.into(), 0x8009_030C),
            (PeerFault::AnonymousRefused.into(), 0x8009_030C),
            (PeerFault::Stale.into(), 0x8009_030C),
            (PeerFault::TargetUnknown.into(), 0x8009_0303),
            (PeerFault::TimeSkew.into(), 0x8009_0324),
            (PeerFault::TicketExpired.into(), 0x8009_0317),
            (PeerFault::MutualAuthFailed.into(), 0x8009_0363),
            (PeerFault::EnctypeRefused.into(), 0x8009_0342),
            (PeerFault::BadAuthority.into(), 0x8009_0340),
            (PeerFault::AuthorityRefused.into(), 0x8009_0340),
            (PeerFault::TooManyReferrals.into(), 0x8009_0338),
            (PeerFault::UnsupportedPreauth.into(), 0x8009_0343),
            (PeerFault::NoTgtReply.into(), 0x8009_0334),
            (PeerFault::Downgrade.into(), 0x8009_0350),
            (PeerFault::DelegationRefused.into(), 0x8009_035E),
            (PeerFault::CrossRealmDelegation.into(), 0x8009_0357),
            (PeerFault::AuthorizationRefused.into(), 0x8009_0331),
            (LocalFault::NoCredentials.into(), 0x8009_030E),
            (LocalFault::NoSuchTicket.into(), 0x8009_030E),
            (LocalFault::NoAuthority.into(), 0x8009_0311),
            (LocalFault::NoServiceKey.into(), 0x8009_0348),
            (LocalFault::NoReplayCache.into(), 0x8009_0304),
            (LocalFault::NoAccounts.into(), 0x8009_030C),
            (LocalFault::NoRandom.into(), 0x8009_0304),
            (LocalFault::Configuration.into(), 0x8009_0304),
            (LocalFault::NoMemory.into(), 0x8009_0300),
            (LocalFault::Internal.into(), 0x8009_0304),
        ];
        for &(fault, code) in table {
            assert_eq!(fault.status().code().cast_unsigned(), code, "{fault:?}");
        }
    }

    #[test]
    fn a_story_is_wrapped_outside_in() {
        let error = Error::new(PeerFault::LogonDenied, "wrong password").context("user EX\\u");
        assert_eq!(error.story(), Some("user EX\\u: wrong password"));
    }
}
