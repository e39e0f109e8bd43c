//! Why the domain let nobody in: NTSTATUS ([MS-ERREF] 2.3), and what winbindd itself says.

use crate::platform::sys::wbclient::Failure;
use crate::spi::error::{Error, Fault, LocalFault, PeerFault};

/// `WBC_ERR_WINBIND_NOT_AVAILABLE`
const NOT_AVAILABLE: i32 = 6;

/// The error of a question that had no good answer.
pub fn error(failure: &Failure) -> Error {
    let fault = match failure {
        Failure::Refused(status) => of_status(*status).0,
        Failure::Unknown => PeerFault::ClientUnknown.into(),
        Failure::Unaskable(_) => PeerFault::LogonDenied.into(),
        Failure::NoLibrary(_)
        | Failure::Silent(_)
        | Failure::Unavailable(..)
        | Failure::Nonsense(_) => LocalFault::NoAuthority.into(),
    };
    Error::new(fault, story(failure))
}

/// The sentence for the log.
pub fn story(failure: &Failure) -> String {
    match failure {
        Failure::NoLibrary(story) => format!("winbindd cannot be asked: {story}"),
        Failure::Unaskable(what) => format!("winbindd is not asked: {what}"),
        Failure::Refused(status) => {
            format!("{} ({status:#010X} by winbindd)", of_status(*status).1)
        }
        Failure::Unknown => "winbindd knows no such account or domain".to_owned(),
        Failure::Silent(time) => {
            format!("winbindd did not answer within {} seconds ([winbind] Timeout)", time.as_secs())
        }
        Failure::Unavailable(NOT_AVAILABLE, name) => format!(
            "winbindd gives no answer: it is not there, or lets only root and the members of its \
             group (winbindd_priv) ask ({name})"
        ),
        Failure::Unavailable(code, name) => format!("winbindd gives no answer: {name} ({code})"),
        Failure::Nonsense(what) => format!("winbindd's answer makes no sense: {what}"),
    }
}

/// What an NTSTATUS says of the account, or of the domain.
fn of_status(status: u32) -> (Fault, &'static str) {
    let fault = |fault: PeerFault, story| (fault.into(), story);
    let nobody = |story| (LocalFault::NoAuthority.into(), story);
    match status {
        // STATUS_WRONG_PASSWORD, STATUS_LOGON_FAILURE
        0xC000_006A | 0xC000_006D => fault(PeerFault::LogonDenied, "the password is wrong"),
        // STATUS_NO_SUCH_USER
        0xC000_0064 => fault(PeerFault::ClientUnknown, "the domain has no such account"),
        // STATUS_NO_SUCH_DOMAIN
        0xC000_00DF => fault(PeerFault::ClientUnknown, "there is no such domain"),
        // STATUS_ACCOUNT_DISABLED
        0xC000_0072 => fault(PeerFault::AccountDisabled, "the account is disabled"),
        // STATUS_ACCOUNT_LOCKED_OUT
        0xC000_0234 => fault(PeerFault::AccountLocked, "the account is locked out"),
        // STATUS_ACCOUNT_EXPIRED
        0xC000_0193 => fault(PeerFault::AccountExpired, "the account has expired"),
        // STATUS_PASSWORD_EXPIRED
        0xC000_0071 => fault(PeerFault::PasswordExpired, "the password has expired"),
        // STATUS_PASSWORD_MUST_CHANGE
        0xC000_0224 => fault(PeerFault::PasswordMustChange, "the password must be changed first"),
        // STATUS_INVALID_LOGON_HOURS
        0xC000_006F => fault(PeerFault::OutsideLogonHours, "the account may not log on now"),
        // STATUS_INVALID_WORKSTATION
        0xC000_0070 => {
            fault(PeerFault::WorkstationRefused, "the account may not log on from that machine")
        }
        // STATUS_ACCOUNT_RESTRICTION, STATUS_LOGON_TYPE_NOT_GRANTED,
        // STATUS_NOLOGON_{INTERDOMAIN,WORKSTATION,SERVER}_TRUST_ACCOUNT,
        // STATUS_AUTHENTICATION_FIREWALL_FAILED, STATUS_NTLM_BLOCKED
        0xC000_006E | 0xC000_015B | 0xC000_0198..=0xC000_019A | 0xC000_0413 | 0xC000_0418 => {
            fault(PeerFault::AccountRestricted, "the account may not log on in this way")
        }
        // STATUS_TIME_DIFFERENCE_AT_DC
        0xC000_0133 => fault(PeerFault::TimeSkew, "the clocks of domain and machine differ"),
        // STATUS_ACCESS_DENIED
        0xC000_0022 => nobody(
            "winbindd lets only root and the members of its group (winbindd_priv) ask, or the \
             domain does not trust this machine",
        ),
        // STATUS_NO_LOGON_SERVERS, STATUS_DOMAIN_CONTROLLER_NOT_FOUND,
        // STATUS_NETLOGON_NOT_STARTED, STATUS_INVALID_SERVER_STATE
        0xC000_005E | 0xC000_0233 | 0xC000_0192 | 0xC000_00DC => {
            nobody("no domain controller can be reached")
        }
        // STATUS_NO_TRUST_LSA_SECRET, STATUS_NO_TRUST_SAM_ACCOUNT,
        // STATUS_TRUSTED_{DOMAIN,RELATIONSHIP}_FAILURE, STATUS_TRUST_FAILURE,
        // STATUS_CANT_ACCESS_DOMAIN_INFO
        0xC000_018A..=0xC000_018D | 0xC000_0190 | 0xC000_00DA => {
            nobody("the domain does not trust this machine: it must be joined anew")
        }
        // STATUS_IO_TIMEOUT, STATUS_BAD_NETWORK_PATH, STATUS_CONNECTION_{DISCONNECTED,RESET,
        // REFUSED}, STATUS_{NETWORK,HOST}_UNREACHABLE, STATUS_PIPE_{DISCONNECTED,BROKEN},
        // RPC_NT_{SERVER_UNAVAILABLE,CALL_FAILED}
        0xC000_00B5 | 0xC000_00BE | 0xC000_020C | 0xC000_020D | 0xC000_0236 | 0xC000_023C
        | 0xC000_023D | 0xC000_00B0 | 0xC000_014B | 0xC002_0017 | 0xC002_001B => {
            nobody("the domain controller cannot be reached")
        }
        // STATUS_UNSUCCESSFUL, STATUS_INTERNAL_ERROR, STATUS_NO_MEMORY,
        // STATUS_INSUFFICIENT_RESOURCES, STATUS_RETRY
        0xC000_0001 | 0xC000_00E5 | 0xC000_0017 | 0xC000_009A | 0xC000_022D => {
            nobody("the domain could not decide")
        }
        _ => fault(PeerFault::LogonDenied, "the domain refuses the logon"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_fault() {
        let table: &[(u32, Fault)] = &[
            (0xC000_006A, PeerFault::LogonDenied.into()),
            (0xC000_0064, PeerFault::ClientUnknown.into()),
            (0xC000_0072, PeerFault::AccountDisabled.into()),
            (0xC000_0234, PeerFault::AccountLocked.into()),
            (0xC000_0193, PeerFault::AccountExpired.into()),
            (0xC000_0071, PeerFault::PasswordExpired.into()),
            (0xC000_0224, PeerFault::PasswordMustChange.into()),
            (0xC000_006F, PeerFault::OutsideLogonHours.into()),
            (0xC000_0070, PeerFault::WorkstationRefused.into()),
            (0xC000_0199, PeerFault::AccountRestricted.into()),
            (0xC000_005E, LocalFault::NoAuthority.into()),
            (0xC000_0022, LocalFault::NoAuthority.into()),
            // What nobody knows is no logon.
            (0xC0FF_EE00, PeerFault::LogonDenied.into()),
            (1, PeerFault::LogonDenied.into()),
        ];
        for &(status, fault) in table {
            let error = error(&Failure::Refused(status));
            assert_eq!(error.fault(), fault, "{status:#x}");
            assert!(error.story().unwrap().contains(&format!("{status:08X}")), "{error}");
        }
    }
}
