//! What the errors of a KDC mean (RFC 4120 7.5.9, [MS-KILE] 2.2.1), and their stories.

use crate::spi::error::{Error, Fault, LocalFault, PeerFault};
use crate::wire::kerberos::numbers::error_code::{self as code, name};
use crate::wire::kerberos::numbers::{error_data, pa_type};
use crate::wire::kerberos::{KerbErrorData, KerbExtError, KrbError, PaData};

/// As much of a foreign text as belongs into a story.
const LONGEST_TEXT: usize = 200;

/// The error for an answer of a KDC to somebody who asked for something.
pub fn refusal(error: &KrbError, asked: &str, realm: &str, server: &str) -> Error {
    let (fault, reason) = meaning(error.error_code);
    let (exact, detail) = windows_status(error).map(windows_detail).unzip();
    let exact = exact.flatten().filter(|_| is_of_account(error.error_code));
    let fault = exact.map_or(fault, Fault::Peer);
    let code = match name(error.error_code) {
        Some(name) => name.to_owned(),
        None => format!("error {}", error.error_code),
    };
    let text = error.e_text.as_deref().filter(|text| !text.is_empty()).map(|text| {
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        format!("{text:?}")
    });
    let details: Vec<_> = [Some(code), text, detail].into_iter().flatten().collect();
    let details = details.join(", ");
    let story = format!("the KDC {server} of {realm} refuses {asked}: {reason} ({details})");
    Error::new(fault, story)
}

/// Whose fault an error is, and what it says.
fn meaning(error: i32) -> (Fault, &'static str) {
    let (fault, reason) = match error {
        code::KDC_ERR_C_PRINCIPAL_UNKNOWN => (PeerFault::ClientUnknown, "the account is not known"),
        code::KDC_ERR_PREAUTH_FAILED => {
            (PeerFault::LogonDenied, "the password or key is not the right one")
        }
        code::KDC_ERR_KEY_EXPIRED => {
            (PeerFault::PasswordExpired, "the password has expired or must be changed")
        }
        code::KDC_ERR_CLIENT_REVOKED => {
            (PeerFault::AccountRestricted, "the account is disabled, locked or expired")
        }
        code::KDC_ERR_NAME_EXP => (PeerFault::AccountExpired, "the account has expired"),
        code::KDC_ERR_CLIENT_NOTYET => (PeerFault::LogonDenied, "the account is not valid yet"),
        code::KDC_ERR_POLICY => {
            (PeerFault::AccountRestricted, "policy forbids it (hours, workstation, kind of logon)")
        }
        code::KDC_ERR_TGT_REVOKED => {
            (PeerFault::LogonDenied, "the ticket-granting ticket was revoked")
        }
        code::KRB_AP_ERR_BAD_INTEGRITY | code::KRB_AP_ERR_MODIFIED => {
            (PeerFault::AuthorityRefused, "it cannot decrypt what it was sent")
        }
        code::KDC_ERR_S_PRINCIPAL_UNKNOWN | code::KDC_ERR_SERVER_NOMATCH => {
            (PeerFault::TargetUnknown, "the service is not known")
        }
        code::KDC_ERR_PRINCIPAL_NOT_UNIQUE => {
            (PeerFault::TargetUnknown, "several accounts have that name")
        }
        code::KDC_ERR_SERVICE_EXP
        | code::KDC_ERR_SERVICE_REVOKED
        | code::KDC_ERR_SERVICE_NOTYET => {
            (PeerFault::TargetUnknown, "the account of the service may not be used")
        }
        code::KDC_ERR_ETYPE_NOSUPP | code::KDC_ERR_NULL_KEY => {
            (PeerFault::EnctypeRefused, "it has no key of an enctype that was offered")
        }
        code::KDC_ERR_PREAUTH_REQUIRED
        | code::KDC_ERR_PADATA_TYPE_NOSUPP
        | code::KDC_ERR_MORE_PREAUTH_DATA_REQUIRED => {
            (PeerFault::UnsupportedPreauth, "it wants another proof than we can give")
        }
        code::KRB_AP_ERR_SKEW | code::KRB_AP_ERR_TKT_NYV => {
            (PeerFault::TimeSkew, "the clocks are too far apart")
        }
        code::KRB_AP_ERR_TKT_EXPIRED => (PeerFault::TicketExpired, "the ticket has expired"),
        code::KDC_ERR_MUST_USE_USER2USER => {
            (PeerFault::NoTgtReply, "the service takes user-to-user tickets only")
        }
        code::KDC_ERR_SVC_UNAVAILABLE => {
            return (LocalFault::NoAuthority.into(), "it is out of service");
        }
        _ => (PeerFault::AuthorityRefused, "no"),
    };
    (fault.into(), reason)
}

/// What a domain controller adds: an NTSTATUS, of Windows as KERB-ERROR-DATA, of Samba as the
/// PA-PW-SALT of METHOD-DATA.
fn windows_status(error: &KrbError) -> Option<u32> {
    let data = error.e_data.as_deref()?;
    let value = match KerbErrorData::from_der(data) {
        Ok(data) => data.data_value.filter(|_| data.data_type == error_data::EXTENDED)?,
        Err(_) => PaData::find(&PaData::list_from_der(data).ok()?, pa_type::PW_SALT)?.to_vec(),
    };
    let status = KerbExtError::from_bytes(&value).ok()?.status;
    // A salt of an old KDC is none.
    (status >> 30 == 3).then_some(status)
}

/// What it says of the account, for the codes that leave it open.
fn windows_detail(status: u32) -> (Option<PeerFault>, String) {
    let of_account = |fault, word: &str| (Some(fault), word.to_owned());
    match status {
        0xC000_00BB => (None, "the service may delegate to nobody".into()),
        0xC000_0225 => (None, "the target permits no delegation by this service".into()),
        0xC000_0272 => (None, "the service may not delegate to this target".into()),
        0xC000_006D => (None, "logon failure".into()),
        0xC000_006E => of_account(PeerFault::AccountRestricted, "account restriction"),
        0xC000_006F => of_account(PeerFault::OutsideLogonHours, "outside the logon hours"),
        0xC000_0070 => of_account(PeerFault::WorkstationRefused, "not from this workstation"),
        0xC000_0071 => of_account(PeerFault::PasswordExpired, "the password has expired"),
        0xC000_0072 => of_account(PeerFault::AccountDisabled, "the account is disabled"),
        0xC000_0193 => of_account(PeerFault::AccountExpired, "the account has expired"),
        0xC000_0224 => of_account(PeerFault::PasswordMustChange, "the password must be changed"),
        0xC000_0234 => of_account(PeerFault::AccountLocked, "the account is locked out"),
        other => (None, format!("NTSTATUS {other:#010x}")),
    }
}

/// Whether a code says that the account may not log on, so that the detail says why.
const fn is_of_account(error: i32) -> bool {
    matches!(
        error,
        code::KDC_ERR_KEY_EXPIRED
            | code::KDC_ERR_CLIENT_REVOKED
            | code::KDC_ERR_NAME_EXP
            | code::KDC_ERR_POLICY
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::kerberos::KerberosTime;
    use crate::wire::kerberos::PrincipalName;

    fn answer(error_code: i32, e_data: Option<Vec<u8>>) -> KrbError {
        KrbError {
            ctime: None,
            cusec: None,
            stime: KerberosTime(0),
            susec: 0,
            error_code,
            crealm: None,
            cname: None,
            realm: "EXAMPLE.COM".into(),
            sname: PrincipalName { name_type: 2, name_string: vec!["krbtgt".into()] },
            e_text: None,
            e_data,
        }
    }

    #[test]
    fn a_domain_controller_says_why_an_account_may_not_log_on() {
        for (code, status, fault) in [
            (code::KDC_ERR_CLIENT_REVOKED, 0xC000_0072, PeerFault::AccountDisabled),
            (code::KDC_ERR_CLIENT_REVOKED, 0xC000_0234, PeerFault::AccountLocked),
            (code::KDC_ERR_CLIENT_REVOKED, 0xC000_0193, PeerFault::AccountExpired),
            (code::KDC_ERR_KEY_EXPIRED, 0xC000_0224, PeerFault::PasswordMustChange),
            (code::KDC_ERR_KEY_EXPIRED, 0xC000_0071, PeerFault::PasswordExpired),
            (code::KDC_ERR_POLICY, 0xC000_006F, PeerFault::OutsideLogonHours),
            (code::KDC_ERR_POLICY, 0xC000_0070, PeerFault::WorkstationRefused),
            // What it does not say, and what is no NTSTATUS.
            (code::KDC_ERR_CLIENT_REVOKED, 0xC000_006D, PeerFault::AccountRestricted),
            (code::KDC_ERR_KEY_EXPIRED, 0x4558_414D, PeerFault::PasswordExpired),
            // A wrong password is one, whatever else is said.
            (code::KDC_ERR_PREAUTH_FAILED, 0xC000_0072, PeerFault::LogonDenied),
        ] {
            let value = KerbExtError { status, reserved: 0, flags: 1 }.to_bytes();
            let windows =
                KerbErrorData { data_type: error_data::EXTENDED, data_value: Some(value.clone()) };
            let samba = [PaData { padata_type: pa_type::PW_SALT, padata_value: value }];
            for data in [windows.to_der(), PaData::list_to_der(&samba)] {
                let told = refusal(&answer(code, Some(data)), "a ticket", "EXAMPLE.COM", "kdc");
                assert_eq!(told.fault(), fault.into(), "{told}");
            }
        }
        let told = refusal(&answer(code::KDC_ERR_CLIENT_REVOKED, None), "a", "b", "c");
        assert_eq!(told.fault(), PeerFault::AccountRestricted.into());
    }
}
