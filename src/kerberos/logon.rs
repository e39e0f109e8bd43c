//! Logging on: an account by its names, and the client of the caller's keytab.

use std::sync::Arc;

use super::account::Account;
use super::credential::KerberosCredential;
use super::enctypes;
use super::kdc::{self, Initial, Line, Logon, LongTerm, NoLogon, Recipes, Service};
use super::names;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{
    CachedTicket, CredentialCache, KerberosSettings, KeytabEntry, Principal,
};
use crate::spi::package::{PasswordChange, PasswordRefusal};
use crate::wire::kerberos::numbers::kdc_options;

/// Logs an account on by the first of its names that a KDC knows.
pub fn log_on(account: &Account, line: &Line<'_>, service: Service) -> Result<Initial> {
    let mut answers: Vec<(String, Error)> = Vec::new();
    for client in account.names(line)? {
        if answers.iter().any(|(realm, error)| *realm == client.realm && is_out_of_reach(error)) {
            continue;
        }
        let outcome = account.with_secret(&client, |secret| {
            let enctypes = &enctypes::of_initial_tickets(line.settings());
            // Windows' clients always ask for these; the tickets go into no other hands.
            let options = kdc_options::FORWARDABLE;
            let logon =
                Logon { client: &client, secret, service, enctypes, canonicalize: true, options };
            kdc::logon(line, &logon)
        });
        match outcome {
            Some(Ok(initial)) => return Ok(initial),
            Some(Err(NoLogon { unknown: true, error })) => answers.push((client.realm, error)),
            Some(Err(NoLogon { error, .. })) if is_out_of_reach(&error) => {
                answers.push((client.realm, error));
            }
            Some(Err(NoLogon { error, .. })) => return Err(error),
            None => break,
        }
    }
    // A KDC that was reached says more than one that was not.
    let best = answers.iter().position(|(_, error)| !is_out_of_reach(error)).unwrap_or(0);
    let best = answers.into_iter().nth(best).map(|(_, error)| error);
    Err(best.unwrap_or_else(|| LocalFault::NoCredentials.into()))
}

/// The client of the caller's cache, or of its keytab.
pub fn default_client(
    credential: &KerberosCredential,
    cache: &Result<Arc<dyn CredentialCache>>,
    env: &dyn Environment,
) -> Result<Principal> {
    let error = match cache.as_ref().map(|cache| cache.principal()) {
        Ok(Ok(client)) => return Ok(client),
        Ok(Err(error)) => error,
        Err(error) => error.clone(),
    };
    let line = Line::new(env, 0)?;
    match keytab_client(credential.principal(), None, &line)? {
        Some((client, _)) => Ok(client),
        None => Err(error),
    }
}

/// Logs on with the caller's keytab (`KRB5_CLIENT_KTNAME`), and puts the ticket into its cache;
/// `None` when it has no keytab or another client's.
pub fn by_client_keytab(
    asked: Option<&Principal>,
    owner: Option<&Principal>,
    cache: &dyn CredentialCache,
    line: &Line<'_>,
) -> Result<Option<Initial>> {
    let Some((client, entries)) = keytab_client(asked, owner, line)? else { return Ok(None) };
    let settings = line.settings();
    let flag = |wanted, option| if wanted { option } else { 0 };
    let logon = Logon {
        client: &client,
        secret: &LongTerm::keytab(&entries, &client),
        service: Service::TicketGranting,
        enctypes: &enctypes::of_initial_tickets(settings),
        canonicalize: settings.canonicalize,
        options: flag(settings.forwardable, kdc_options::FORWARDABLE)
            | flag(settings.proxiable, kdc_options::PROXIABLE),
    };
    let initial = kdc::logon(line, &logon).map_err(|no| no.error)?;
    let tickets: &[CachedTicket] = std::slice::from_ref(&initial.ticket);
    if let Err(error) = cache.initialize(&initial.ticket.client, tickets) {
        line.host.trace(format_args!("{} takes no ticket: {error}", cache.name()));
    }
    Ok(Some(initial))
}

/// The client that the keytab is for: the one that is asked for, or the cache's, or the first.
pub fn keytab_client(
    asked: Option<&Principal>,
    owner: Option<&Principal>,
    line: &Line<'_>,
) -> Result<Option<(Principal, Arc<Vec<KeytabEntry>>)>> {
    let Some(keytab) = line.host.client_keytab()? else { return Ok(None) };
    let entries = keytab.entries()?;
    let asked = asked.map(|client| in_a_realm(client, line.settings()));
    let found = match asked.as_ref().or(owner) {
        Some(client) => entries.iter().find(|entry| entry.principal == *client),
        None => entries.first(),
    };
    let client = found.map(|entry| entry.principal.clone());
    let said = client.as_ref().map_or_else(|| "nobody".to_owned(), names::unparse);
    line.host.trace(format_args!("the client keytab {} has keys of {said}", keytab.name()));
    Ok(client.map(|client| (client, entries)))
}

/// The principal, in the default realm if it names none.
pub fn in_a_realm(principal: &Principal, settings: &KerberosSettings) -> Principal {
    let mut principal = principal.clone();
    if principal.realm.is_empty() {
        principal.realm = settings.default_realm.clone().unwrap_or_default();
    }
    principal
}

/// The keys of an account that serves, and whether a KDC told how to make them.
pub fn server_keys(account: &Account, line: &Line<'_>) -> Result<(Vec<KeytabEntry>, bool)> {
    if let Some(entries) = account.keytab() {
        return Ok((entries.iter().map(KeytabEntry::duplicate).collect(), true));
    }
    let no_key = || Error::new(LocalFault::NoServiceKey, "the identity has no key");
    let names = account.names(line).map_err(|error| {
        let why = error.story().unwrap_or("it has no name");
        Error::new(LocalFault::NoServiceKey, format!("the identity has no key of a server: {why}"))
    })?;
    let enctypes = enctypes::permitted(line.settings());
    let mut found = None;
    for client in &names {
        let asked =
            account.with_secret(client, |secret| kdc::ask_recipes(line, client, secret, &enctypes));
        if let Some(Ok(recipes)) = asked {
            found = Some(recipes);
            break;
        }
    }
    let told = found.is_some();
    let plain = names.into_iter().rev().find(|name| {
        name.components.len() != 1 || !name.components.iter().any(|c| c.contains('@'))
    });
    let recipes = match (found, plain) {
        (Some(recipes), _) => recipes,
        (None, Some(owner)) => Recipes::of(owner),
        (None, None) => return Err(no_key()),
    };
    let keys = account.with_secret(&recipes.owner, |secret| {
        secret.all_keys(&recipes.owner, &enctypes, |enctype| recipes.recipe(enctype))
    });
    Ok((keys.ok_or_else(no_key)??, told))
}

/// `ChangeAccountPassword`: a first ticket for the password server, which also those get whose
/// password has expired, and then the change.
pub fn change_password(
    change: PasswordChange,
    env: &dyn Environment,
) -> Result<(), PasswordRefusal> {
    let line = Line::new(env, 0)?;
    let given = |text: String| (!text.is_empty()).then_some(text);
    let account = Account::new(crate::spi::identity::Identity {
        user: given(change.account),
        domain: given(change.domain),
        proof: crate::spi::identity::Proof::Password(change.old),
        ..Default::default()
    })?;
    let ticket = log_on(&account, &line, Service::ChangePassword)?;
    kdc::change_password(&line, &ticket, &change.new)
}

fn is_out_of_reach(error: &Error) -> bool {
    error.fault() == Fault::Local(LocalFault::NoAuthority)
}

/// Whether the way to a service may be another name of its host.
pub fn is_unknown(error: &Error) -> bool {
    error.fault() == Fault::Peer(PeerFault::TargetUnknown)
}
