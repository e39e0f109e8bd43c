//! `[mapping] Users`: clients by SID, by `DOMAIN\user`, by `user@REALM`, and their login names.

use std::collections::{BTreeMap, HashMap};

use super::{names, none};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::sid::Sid;
use crate::spi::text::{same_name, upcase};
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::unparse;

/// The table.
#[derive(Debug, Default)]
pub struct Table {
    sids: HashMap<Sid, String>,
    /// By domain and user in upper case.
    accounts: HashMap<(String, String), String>,
    principals: BTreeMap<String, String>,
}

impl Table {
    /// Reads it.
    pub fn of(users: &BTreeMap<String, String>) -> Result<Self> {
        let mut table = Self::default();
        for (client, login) in users {
            if login.trim().is_empty() {
                return Err(wrong(client, "has no login name"));
            }
            let before = if let Some(sid) = sid(client)? {
                table.sids.insert(sid, login.clone())
            } else if let Some((_, realm)) = client.rsplit_once('@') {
                if realm.is_empty() {
                    return Err(wrong(client, "has no realm"));
                }
                table.principals.insert(client.clone(), login.clone())
            } else {
                table.accounts.insert(account(client)?, login.clone())
            };
            if before.is_some() {
                return Err(wrong(client, "is there twice"));
            }
        }
        Ok(table)
    }

    /// The login name of a client.
    pub fn login(&self, client: &ClientIdentity) -> Result<Option<&str>> {
        let vouched = client.authorization.as_ref().and_then(|a| a.user.as_ref());
        if let Some(login) = vouched.and_then(|sid| self.sids.get(sid)) {
            return Ok(Some(login));
        }
        // Of a ticket without SIDs the NetBIOS name of the domain is not known.
        if vouched.is_some() || client.principal.is_none() {
            let key = (upcase(&client.domain), upcase(&client.account));
            if let Some(login) = self.accounts.get(&key) {
                return Ok(Some(login));
            }
        }
        let Some(principal) = names::principal(client).map(unparse) else { return Ok(None) };
        if let Some(login) = self.principals.get(&principal) {
            return Ok(Some(login));
        }
        if vouched.is_some() { self.any_case(&principal) } else { Ok(None) }
    }

    /// Active Directory knows no case, and lets a client choose that of its name.
    fn any_case(&self, principal: &str) -> Result<Option<&str>> {
        let mut logins =
            self.principals.iter().filter(|(key, _)| same_name(key, principal)).map(|(_, l)| &**l);
        let login = logins.next();
        match logins.find(|other| Some(*other) != login) {
            None => Ok(login),
            Some(_) => Err(none("[mapping] Users has it in several cases with several logins")),
        }
    }
}

fn sid(client: &str) -> Result<Option<Sid>> {
    if !client.starts_with("S-1-") && !client.starts_with("s-1-") {
        return Ok(None);
    }
    client.parse().map(Some).map_err(|_| wrong(client, "is no SID"))
}

fn account(client: &str) -> Result<(String, String)> {
    match client.split_once('\\') {
        Some((domain, user)) if !domain.is_empty() && !user.is_empty() && !user.contains('\\') => {
            Ok((upcase(domain), upcase(user)))
        }
        _ => Err(wrong(client, "is neither DOMAIN\\user nor user@REALM nor a SID")),
    }
}

fn wrong(client: &str, what: &str) -> Error {
    Error::new(LocalFault::Configuration, format!("[mapping] Users: {client:?} {what}"))
}
