//! The names of clients that carry their domain, in the forms of winbind and SSSD.

use super::local_name::{By, LocalName};
use super::none;
use crate::spi::environment::MachineNames;
use crate::spi::error::Result;
use crate::spi::kerberos::Principal;
use crate::spi::text::same_name;
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::unparse;

/// The longest part of a name, in bytes.
const MAX_PART: usize = 256;

/// How a client is told to people.
pub fn shown(client: &ClientIdentity) -> String {
    match &client.principal {
        Some(principal) => unparse(principal).escape_debug().to_string(),
        None => format!("{}\\{}", client.domain, client.account).escape_debug().to_string(),
    }
}

/// The principal of a client, where it is the name of its account. A domain gives tickets in any
/// user principal name of an account, which may be another account's name: when it vouches for the
/// account, only that one's name counts.
pub fn principal(client: &ClientIdentity) -> Option<&Principal> {
    let principal = client.principal.as_ref()?;
    let same = matches!(&*principal.components, [name] if same_name(name, &client.account));
    (same || !is_vouched(client)).then_some(principal)
}

/// Whether a domain says which account the client has.
pub fn is_vouched(client: &ClientIdentity) -> bool {
    client.authorization.as_ref().is_some_and(|authorization| authorization.user.is_some())
}

/// Names with what separates names from domains in them would lead to accounts of others.
pub fn check(client: &ClientIdentity) -> Result<()> {
    let of_ticket = client.principal.iter().flat_map(|principal| {
        principal.components.iter().chain([&principal.realm]).map(String::as_str)
    });
    let own = client.principal.is_none().then_some([&*client.account, &*client.domain]);
    match of_ticket.chain(own.into_iter().flatten()).find(|part| !is_plain(part)) {
        None => Ok(()),
        Some(part) => {
            let story = "has a character that names of accounts do not have, so that only [mapping] Users can say who it is";
            Err(none(&format!("{part:.64?} {story}")))
        }
    }
}

/// The account of this machine that verified itself: its domain is the machine.
pub fn own_account(client: &ClientIdentity, machine: &MachineNames) -> Option<LocalName> {
    let by_itself = client.principal.is_none() && client.authorization.is_none();
    let own = by_itself && same_name(&client.domain, &machine.netbios_computer);
    own.then(|| LocalName { name: client.account.clone(), by: By::Default })
}

/// `DOMAIN\account`, `account@dns.domain`: names that cannot be those of the machine's own
/// accounts. A domain of NetBIOS is known to NTLM, and to Kerberos by what the domain vouches for.
pub fn with_domain(client: &ClientIdentity) -> Vec<String> {
    let mut names = Vec::new();
    let vouched = is_vouched(client);
    let (account, domain) = (&*client.account, &*client.domain);
    let dns = client.dns_domain.as_deref().filter(|_| vouched);
    if (vouched || client.principal.is_none()) && is_plain(account) && is_plain(domain) {
        names.push(format!("{domain}\\{account}"));
        names.extend(dns.filter(|dns| is_plain(dns)).map(|dns| lower(account, dns)));
    }
    if let Some(principal) = principal(client)
        && let [user] = &*principal.components
    {
        names.push(lower(user, &principal.realm));
    }
    names.dedup();
    names
}

/// Names of DNS and of AD's realms know no case.
fn lower(user: &str, domain: &str) -> String {
    format!("{user}@{}", domain.to_lowercase())
}

fn is_plain(part: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\\' | '/' | '@' | ':');
    !part.is_empty() && part.len() <= MAX_PART && part.trim() == part && !part.contains(odd)
}
