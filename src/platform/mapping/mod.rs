//! Which account of this machine a client is.
//!
//! Holds: the order in which that is decided, what is refused whoever decides it, the table of the
//! configuration, MIT's local names, the names that winbind and SSSD give. May use: `sys`,
//! `config`, `winbind`, `spi`. Must not touch: protocols, `lsa`; it changes no thread's identity.
//!
//! The order: the table; krb5.conf's `auth_to_local_names` and rules; the SID that the domain
//! vouches for; the names that carry a domain; `DEFAULT`. A client's realm or domain is part of
//! each decision: nobody becomes `alice` for being some realm's `alice`.
#![forbid(unsafe_code)]

mod accounts;
mod ere;
mod local_name;
mod names;
mod rule;
mod table;

#[cfg(test)]
mod tests;

pub use super::sys::Login;
pub use accounts::{Logins, SidService, SystemLogins};
pub use ere::{Effort, Ere, Exhausted, NoPattern};
pub use local_name::{By, LocalName, LocalNames};

use super::config::MappingSection;
use crate::spi::environment::MachineNames;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::kerberos::Principal;
use crate::spi::token::{ClientIdentity, UnixAccount};
use accounts::{Chosen, Rules};
use table::Table;

/// What the administrator says of clients and accounts.
#[derive(Debug)]
pub struct Mapping {
    table: Table,
    rules: Rules,
}

/// What is asked on the way.
pub struct World<'a> {
    /// The name services.
    pub logins: &'a dyn Logins,
    /// Who knows the accounts of SIDs, where somebody does; looked for when there is a SID.
    pub sids: &'a dyn Fn() -> Option<&'a dyn SidService>,
    /// krb5.conf's part; the error is that of a broken file.
    pub local_names: &'a dyn Fn() -> Result<&'a LocalNames>,
    /// This machine.
    pub machine: &'a MachineNames,
}

impl Mapping {
    /// Reads the section. A key that carries no domain, or two for one client, are errors.
    pub fn of(section: &MappingSection) -> Result<Self> {
        Ok(Self { table: Table::of(&section.users)?, rules: Rules::of(section) })
    }

    /// The account that a client is.
    pub fn unix_account(&self, client: &ClientIdentity, world: &World<'_>) -> Result<UnixAccount> {
        if client.anonymous {
            return Err(none("the client is anonymous, and nobody on this machine"));
        }
        let who = names::shown(client);
        let about = |error: Error| error.context(format_args!("{who} is nobody here"));
        let chosen = self.choose(client, world).map_err(about)?;
        self.rules.account(&chosen, world.logins).map_err(about)
    }

    fn choose(&self, client: &ClientIdentity, world: &World<'_>) -> Result<Chosen> {
        if let Some(name) = self.table.login(client)? {
            return Chosen::written(name, "[mapping] Users", world.logins);
        }
        names::check(client)?;
        let local = match names::principal(client) {
            Some(principal) => local_name(principal, (world.local_names)()?)?,
            None => names::own_account(client, world.machine),
        };
        let default = match local {
            Some(local) if local.by == By::Default => Some(local.name),
            Some(local) if local.by == By::Names => {
                return Chosen::written(&local.name, "auth_to_local_names", world.logins);
            }
            Some(local) => return Chosen::derived(&local.name, world.logins),
            None => None,
        };
        if let Some(chosen) = by_sid(client, world)? {
            return Ok(chosen);
        }
        for name in names::with_domain(client) {
            if let Some(login) = world.logins.by_name(&name)? {
                return Ok(Chosen::known(login));
            }
        }
        match default {
            Some(name) => Chosen::derived(&name, world.logins),
            None => Err(none(
                "neither [mapping] Users nor krb5.conf nor a name service has an account for it",
            )),
        }
    }
}

/// MIT's local name. What does not look at the realm speaks of the default realm only: MIT takes
/// it for clients of every realm that is trusted.
fn local_name(principal: &Principal, names: &LocalNames) -> Result<Option<LocalName>> {
    let at_home = names.default_realm.as_ref() == Some(&principal.realm);
    let accept = |by| at_home || by == By::Rule { saw_realm: true };
    names.find(principal, accept).map_err(|why| none(&why))
}

/// The account of the SID that the domain vouches for, where somebody knows SIDs: then no name
/// counts, whose account may be another by now.
fn by_sid(client: &ClientIdentity, world: &World<'_>) -> Result<Option<Chosen>> {
    let Some(authorization) = &client.authorization else { return Ok(None) };
    let Some(user) = &authorization.user else { return Ok(None) };
    let Some(sids) = (world.sids)() else { return Ok(None) };
    let Some(login) = sids.account(user)? else {
        return Err(none(&format!("winbind has no account for {user}")));
    };
    let groups: Vec<_> = authorization.groups.iter().map(|group| group.sid.clone()).collect();
    Ok(Some(Chosen::in_groups(login, sids.groups(&groups)?)))
}

fn none(story: &str) -> Error {
    Error::new(CallerFault::NoImpersonation, story)
}
