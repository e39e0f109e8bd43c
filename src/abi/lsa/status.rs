//! The NTSTATUS of each fault: the only place where one becomes the other.
//!
//! Holds: the table. May use: `spi`. Must not touch: everything else.

use crate::abi::types::{
    NTSTATUS, SEC_E_CONTEXT_EXPIRED, SEC_E_NO_CREDENTIALS, STATUS_ACCESS_DENIED,
    STATUS_ACCOUNT_DISABLED, STATUS_ACCOUNT_EXPIRED, STATUS_ACCOUNT_LOCKED_OUT,
    STATUS_ACCOUNT_RESTRICTION, STATUS_BAD_IMPERSONATION_LEVEL, STATUS_BUFFER_TOO_SMALL,
    STATUS_DOWNGRADE_DETECTED, STATUS_INTERNAL_ERROR, STATUS_INVALID_HANDLE,
    STATUS_INVALID_LOGON_HOURS, STATUS_INVALID_PARAMETER, STATUS_INVALID_WORKSTATION,
    STATUS_KDC_INVALID_REQUEST, STATUS_KDC_UNABLE_TO_REFER, STATUS_KDC_UNKNOWN_ETYPE,
    STATUS_LOGON_FAILURE, STATUS_MUTUAL_AUTHENTICATION_FAILED, STATUS_NO_KERB_KEY,
    STATUS_NO_LOGON_SERVERS, STATUS_NO_MEMORY, STATUS_NO_S4U_PROT_SUPPORT,
    STATUS_NO_SUCH_LOGON_SESSION, STATUS_NO_SUCH_PACKAGE, STATUS_NO_TGT_REPLY,
    STATUS_NO_TRUST_SAM_ACCOUNT, STATUS_NOT_SUPPORTED, STATUS_OBJECT_NAME_NOT_FOUND,
    STATUS_PASSWORD_EXPIRED, STATUS_PASSWORD_MUST_CHANGE, STATUS_PASSWORD_RESTRICTION,
    STATUS_TIME_DIFFERENCE_AT_DC, STATUS_UNSUPPORTED_PREAUTH,
};
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault};

/// An error with the NTSTATUS that answers it.
#[derive(Debug)]
pub struct Refused {
    /// What the caller sees.
    pub status: NTSTATUS,
    /// Why.
    pub error: Error,
}

impl Refused {
    /// What no fault can say.
    pub fn new(status: NTSTATUS, story: impl Into<String>) -> Self {
        Self { status, error: Error::new(CallerFault::Unsupported, story) }
    }

    /// The same with another status.
    #[must_use]
    pub fn as_status(self, status: NTSTATUS) -> Self {
        Self { status, ..self }
    }
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        let error = error.into();
        Self { status: of_fault(error.fault()), error }
    }
}

/// The NTSTATUS of a fault.
pub const fn of_fault(fault: Fault) -> NTSTATUS {
    match fault {
        Fault::Caller(fault) => of_caller(fault),
        Fault::Peer(fault) => of_peer(fault),
        Fault::Local(fault) => of_local(fault),
    }
}

const fn of_caller(fault: CallerFault) -> NTSTATUS {
    match fault {
        CallerFault::InvalidHandle => STATUS_INVALID_HANDLE,
        CallerFault::UnknownPackage => STATUS_NO_SUCH_PACKAGE,
        CallerFault::UnknownCredentials => STATUS_NO_SUCH_LOGON_SESSION,
        CallerFault::Unsupported | CallerFault::NotExportable => STATUS_NOT_SUPPORTED,
        CallerFault::BufferTooSmall => STATUS_BUFFER_TOO_SMALL,
        CallerFault::NoImpersonation => STATUS_BAD_IMPERSONATION_LEVEL,
        CallerFault::InvalidParameter
        | CallerFault::MalformedIdentity
        | CallerFault::MissingBuffer
        | CallerFault::UnknownQop
        | CallerFault::OutOfSequence => STATUS_INVALID_PARAMETER,
    }
}

const fn of_peer(fault: PeerFault) -> NTSTATUS {
    match fault {
        PeerFault::LogonDenied
        | PeerFault::ClientUnknown
        | PeerFault::AnonymousRefused
        | PeerFault::Stale
        | PeerFault::BadBindings
        | PeerFault::WrongTarget
        | PeerFault::MicMismatch
        | PeerFault::PacRefused => STATUS_LOGON_FAILURE,
        PeerFault::AccountDisabled => STATUS_ACCOUNT_DISABLED,
        PeerFault::AccountLocked => STATUS_ACCOUNT_LOCKED_OUT,
        PeerFault::AccountExpired => STATUS_ACCOUNT_EXPIRED,
        PeerFault::AccountRestricted => STATUS_ACCOUNT_RESTRICTION,
        PeerFault::OutsideLogonHours => STATUS_INVALID_LOGON_HOURS,
        PeerFault::WorkstationRefused => STATUS_INVALID_WORKSTATION,
        PeerFault::PasswordExpired => STATUS_PASSWORD_EXPIRED,
        PeerFault::PasswordMustChange => STATUS_PASSWORD_MUST_CHANGE,
        PeerFault::PasswordPolicy => STATUS_PASSWORD_RESTRICTION,
        PeerFault::S4uUnsupported => STATUS_NO_S4U_PROT_SUPPORT,
        PeerFault::MalformedToken
        | PeerFault::UnexpectedToken
        | PeerFault::MessageAltered
        | PeerFault::OutOfSequence => STATUS_INVALID_PARAMETER,
        PeerFault::CapabilityMissing => STATUS_NOT_SUPPORTED,
        // What `klist get` prints on Windows for a service that the KDC does not know.
        PeerFault::TargetUnknown => STATUS_NO_TRUST_SAM_ACCOUNT,
        PeerFault::TimeSkew => STATUS_TIME_DIFFERENCE_AT_DC,
        PeerFault::TicketExpired => SEC_E_CONTEXT_EXPIRED,
        PeerFault::MutualAuthFailed => STATUS_MUTUAL_AUTHENTICATION_FAILED,
        PeerFault::EnctypeRefused => STATUS_KDC_UNKNOWN_ETYPE,
        PeerFault::BadAuthority | PeerFault::AuthorityRefused => STATUS_KDC_INVALID_REQUEST,
        PeerFault::TooManyReferrals => STATUS_KDC_UNABLE_TO_REFER,
        PeerFault::UnsupportedPreauth => STATUS_UNSUPPORTED_PREAUTH,
        PeerFault::NoTgtReply => STATUS_NO_TGT_REPLY,
        PeerFault::Downgrade => STATUS_DOWNGRADE_DETECTED,
        PeerFault::DelegationRefused
        | PeerFault::CrossRealmDelegation
        | PeerFault::AuthorizationRefused => STATUS_ACCESS_DENIED,
    }
}

const fn of_local(fault: LocalFault) -> NTSTATUS {
    match fault {
        LocalFault::NoCredentials => SEC_E_NO_CREDENTIALS,
        LocalFault::NoSuchTicket => STATUS_OBJECT_NAME_NOT_FOUND,
        LocalFault::NoAccounts | LocalFault::NoAuthority => STATUS_NO_LOGON_SERVERS,
        LocalFault::NoServiceKey => STATUS_NO_KERB_KEY,
        LocalFault::NoMemory => STATUS_NO_MEMORY,
        LocalFault::NoRandom
        | LocalFault::NoReplayCache
        | LocalFault::Configuration
        | LocalFault::Internal => STATUS_INTERNAL_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_ntstatus() {
        let table: &[(Fault, u32)] = &[
            (CallerFault::InvalidHandle.into(), 0xC000_0008),
            (CallerFault::InvalidParameter.into(), 0xC000_000D),
            (CallerFault::UnknownPackage.into(), 0xC000_00FE),
            (CallerFault::UnknownCredentials.into(), 0xC000_005F),
            (CallerFault::Unsupported.into(), 0xC000_00BB),
            (CallerFault::BufferTooSmall.into(), 0xC000_0023),
            (PeerFault::LogonDenied.into(), 0xC000_006D),
            (PeerFault::ClientUnknown.into(), 0xC000_006D),
            (CallerFault::NoImpersonation.into(), 0xC000_00A5),
            (PeerFault::AccountDisabled.into(), 0xC000_0072),
            (PeerFault::AccountLocked.into(), 0xC000_0234),
            (PeerFault::AccountExpired.into(), 0xC000_0193),
            (PeerFault::AccountRestricted.into(), 0xC000_006E),
            (PeerFault::OutsideLogonHours.into(), 0xC000_006F),
            (PeerFault::WorkstationRefused.into(), 0xC000_0070),
            (PeerFault::PasswordExpired.into(), 0xC000_0071),
            (PeerFault::PasswordMustChange.into(), 0xC000_0224),
            (PeerFault::PasswordPolicy.into(), 0xC000_006C),
            (PeerFault::PacRefused.into(), 0xC000_006D),
            (PeerFault::S4uUnsupported.into(), 0xC000_040A),
            (PeerFault::CrossRealmDelegation.into(), 0xC000_0022),
            (PeerFault::Stale.into(), 0xC000_006D),
            (PeerFault::MalformedToken.into(), 0xC000_000D),
            (PeerFault::TargetUnknown.into(), 0xC000_018B),
            (PeerFault::TimeSkew.into(), 0xC000_0133),
            (PeerFault::TicketExpired.into(), 0x8009_0317),
            (PeerFault::MutualAuthFailed.into(), 0xC000_02C3),
            (PeerFault::EnctypeRefused.into(), 0xC000_02FD),
            (PeerFault::BadAuthority.into(), 0xC000_02FB),
            (PeerFault::TooManyReferrals.into(), 0xC000_02FC),
            (PeerFault::UnsupportedPreauth.into(), 0xC000_0351),
            (PeerFault::NoTgtReply.into(), 0xC000_02EF),
            (PeerFault::Downgrade.into(), 0xC000_0388),
            (PeerFault::DelegationRefused.into(), 0xC000_0022),
            (LocalFault::NoCredentials.into(), 0x8009_030E),
            (LocalFault::NoSuchTicket.into(), 0xC000_0034),
            (LocalFault::NoAccounts.into(), 0xC000_005E),
            (LocalFault::NoAuthority.into(), 0xC000_005E),
            (LocalFault::NoServiceKey.into(), 0xC000_0322),
            (LocalFault::NoMemory.into(), 0xC000_0017),
            (LocalFault::Internal.into(), 0xC000_00E5),
        ];
        for &(fault, status) in table {
            assert_eq!(of_fault(fault).cast_unsigned(), status, "{fault:?}");
        }
    }
}
