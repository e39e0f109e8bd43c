//! What the errors of a KDC mean (RFC 4120 7.5.9, [MS-KILE] 2.2.1), and their stories.

use crate::spi::error::{Error, Fault, LocalFault, PeerFault};
use crate::wire::kerberos::numbers::error_code::{self as code, name};
use crate::wire::kerberos::numbers::error_data;
use crate::wire::kerberos::{KerbErrorData, KerbExtError, KrbError};

/// As much of a foreign text as belongs into a story.
const LONGEST_TEXT: usize = 200;

/// The error for an answer of a KDC to somebody who asked for something.
pub fn refusal(error: &KrbError, asked: &str, realm: &str, server: &str) -> Error {
    let (fault, reason) = meaning(error.error_code);
    let code = match name(error.error_code) {
        Some(name) => name.to_owned(),
        None => format!("error {}", error.error_code),
    };
    let text = error.e_text.as_deref().filter(|text| !text.is_empty()).map(|text| {
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        format!("{text:?}")
    });
    let details: Vec<_> = [Some(code), text, windows_detail(error)].into_iter().flatten().collect();
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
            (PeerFault::LogonDenied, "the password has expired or must be changed")
        }
        code::KDC_ERR_CLIENT_REVOKED => {
            (PeerFault::LogonDenied, "the account is disabled, locked or expired")
        }
        code::KDC_ERR_NAME_EXP => (PeerFault::LogonDenied, "the account has expired"),
        code::KDC_ERR_CLIENT_NOTYET => (PeerFault::LogonDenied, "the account is not valid yet"),
        code::KDC_ERR_POLICY => {
            (PeerFault::LogonDenied, "policy forbids it (hours, workstation, kind of logon)")
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

/// What a domain controller adds: an NTSTATUS.
fn windows_detail(error: &KrbError) -> Option<String> {
    let data = KerbErrorData::from_der(error.e_data.as_deref()?).ok()?;
    if data.data_type != error_data::EXTENDED {
        return None;
    }
    let status = KerbExtError::from_bytes(&data.data_value?).ok()?.status;
    Some(match status {
        0xC000_00BB => "the service may delegate to nobody".into(),
        0xC000_0225 => "the target permits no delegation by this service".into(),
        0xC000_0272 => "the service may not delegate to this target".into(),
        0xC000_006D => "logon failure".into(),
        0xC000_006E => "account restriction".into(),
        0xC000_006F => "outside the logon hours".into(),
        0xC000_0070 => "not from this workstation".into(),
        0xC000_0071 => "the password has expired".into(),
        0xC000_0072 => "the account is disabled".into(),
        0xC000_0193 => "the account has expired".into(),
        0xC000_0224 => "the password must be changed".into(),
        0xC000_0234 => "the account is locked out".into(),
        other => format!("NTSTATUS {other:#010x}"),
    })
}
