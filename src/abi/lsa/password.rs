//! Messages about passwords: of Kerberos and of MSV1_0.
//!
//! Holds: the change of one's own and the setting of somebody's. May use: the rest of the
//! boundary, `lsa`, `spi`. Must not touch: protocols.

use super::Answer;
use super::kerberos;
use super::status::Refused;
use super::submit::Submit;
use crate::abi::handles;
use crate::abi::types::{
    KERB_CHANGEPASSWORD_REQUEST, KERB_SETPASS_USE_CREDHANDLE, KERB_SETPASS_USE_LOGONID,
    KERB_SETPASSWORD_REQUEST, MSV1_0_CHANGEPASSWORD_REQUEST, STATUS_NO_SUCH_USER,
    STATUS_PASSWORD_RESTRICTION, STATUS_WRONG_PASSWORD, UNICODE_STRING,
};
use crate::lsa::{self, TicketOwner};
use crate::spi::error::{CallerFault, Error, Fault, PeerFault, Result};
use crate::spi::package::{PackageId, PasswordChange, PasswordRefusal};

/// `KerbChangePasswordMessage`.
pub fn change_kerberos(submit: &Submit<'_>) -> Answer {
    let request: KERB_CHANGEPASSWORD_REQUEST = submit.structure()?;
    let strings =
        [request.DomainName, request.AccountName, request.OldPassword, request.NewPassword];
    change(PackageId::Kerberos, submit, &strings)
}

/// `MsV1_0ChangePassword`, whose structure is the same.
pub fn change_msv1_0(submit: &Submit<'_>) -> Answer {
    let request: MSV1_0_CHANGEPASSWORD_REQUEST = submit.structure()?;
    let strings =
        [request.DomainName, request.AccountName, request.OldPassword, request.NewPassword];
    change(PackageId::Ntlm, submit, &strings)
}

/// `KerbSetPasswordMessage`: by the right of a session or of a credential.
pub fn set_kerberos(submit: &Submit<'_>) -> Answer {
    let request: KERB_SETPASSWORD_REQUEST = submit.structure()?;
    let owner = match request.Flags {
        0 => TicketOwner::Caller,
        KERB_SETPASS_USE_LOGONID => kerberos::owner(request.LogonId),
        KERB_SETPASS_USE_CREDHANDLE => {
            TicketOwner::Credential(handles::credential_of(request.CredentialsHandle)?.0)
        }
        flags => {
            let story = format!("Flags {flags:#x} of KERB_SETPASSWORD_REQUEST name no right");
            return Err(Error::new(CallerFault::InvalidParameter, story).into());
        }
    };
    let account = account(submit, &request.AccountName)?;
    let domain = submit.text(&request.DomainName, "DomainName")?;
    let password = submit.secret(&request.Password, "Password")?;
    lsa::set_password(owner, &account, &domain, &password).map_err(refused)?;
    Ok(None)
}

fn change(package: PackageId, submit: &Submit<'_>, strings: &[UNICODE_STRING; 4]) -> Answer {
    let [domain, name, old, new] = strings;
    let change = PasswordChange {
        domain: submit.text(domain, "DomainName")?,
        account: account(submit, name)?,
        old: submit.secret(old, "OldPassword")?,
        new: submit.secret(new, "NewPassword")?,
    };
    match lsa::change_password(package, change) {
        Ok(()) => Ok(None),
        Err(PasswordRefusal { error, policy: Some(_) }) => {
            Err(Refused::from(error).as_status(STATUS_PASSWORD_RESTRICTION))
        }
        Err(PasswordRefusal { error, policy: None }) => Err(refused(error)),
    }
}

fn account(submit: &Submit<'_>, string: &UNICODE_STRING) -> Result<String> {
    let account = submit.text(string, "AccountName")?;
    if account.is_empty() {
        let story = "there is no AccountName whose password could be changed";
        return Err(Error::new(CallerFault::InvalidParameter, story));
    }
    Ok(account)
}

/// What refusals mean where passwords are changed.
fn refused(error: Error) -> Refused {
    let status = match error.fault() {
        Fault::Peer(PeerFault::LogonDenied) => Some(STATUS_WRONG_PASSWORD),
        Fault::Peer(PeerFault::ClientUnknown | PeerFault::TargetUnknown) => {
            Some(STATUS_NO_SUCH_USER)
        }
        Fault::Peer(PeerFault::AuthorityRefused) => Some(STATUS_PASSWORD_RESTRICTION),
        _ => None,
    };
    let refused = Refused::from(error);
    let status = status.unwrap_or(refused.status);
    refused.as_status(status)
}
