//! Names of the client that a thread acts as.
//!
//! Holds: what those who verified the client say of it. May use: `spi`. Must not touch: everything
//! else; who else may be asked is for `names` to say.

use crate::spi::directory::NameFormat;
use crate::spi::token::ClientIdentity;

/// The name that is known with the client itself; no machine and no ticket of the process is
/// looked at.
pub fn known(format: NameFormat, client: &ClientIdentity) -> Option<String> {
    let account = &client.account;
    match format {
        NameFormat::SamCompatible => Some(format!("{}\\{account}", client.domain)),
        NameFormat::UserPrincipal => client.upn.clone(),
        NameFormat::DnsDomain => {
            let (domain, account) = place(client)?;
            Some(format!("{}\\{account}", domain.to_lowercase()))
        }
        NameFormat::Display => {
            let name = &client.authorization.as_ref()?.full_name;
            (!name.is_empty()).then(|| name.clone())
        }
        _ => None,
    }
}

/// The realm and the account whose directory knows the rest; accounts of machines have none.
pub fn place(client: &ClientIdentity) -> Option<(&str, &str)> {
    if let Some(principal) = &client.principal {
        let [user] = &*principal.components else { return None };
        // The domain's own name of the account, where it vouches for one.
        let vouched = client.authorization.as_ref().is_some_and(|a| a.user.is_some());
        return Some((&principal.realm, if vouched { &client.account } else { user }));
    }
    client.dns_domain.as_deref().map(|domain| (domain, &*client.account))
}
