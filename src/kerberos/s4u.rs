//! A service that acts for its clients ([MS-SFU]): tickets in a user's name without the user
//! (S4U2Self), and credentials that go on in a client's name by its ticket (S4U2Proxy).
//!
//! ```text
//! let mine = KerberosCredential::of_service(&service, &keytab)?;      // or any that has a TGT
//! let own = mine.s4u2self(&SelfLogon { client: "alice", .. }, env)?;  // nothing proved by alice
//! let evidence = Evidence::of_self_ticket(&own.ticket, is_sensitive);
//! // or of the ticket that the client came with: Evidence { origin: Origin::Client, .. }
//! let alices = KerberosCredential::by_proxy(Arc::new(mine), evidence);
//! alices.service_ticket(&target, env)?;                               // or initiate, as any other
//! ```

use std::sync::Arc;

use super::acceptor;
use super::account::{Account, logon_names};
use super::credential::{KerberosCredential, Owner, ServiceTicket};
use super::kdc::{self, ForUser, ProxyWanted, SelfTicket, Vouched};
use super::names;
use super::session::Session;
use crate::crypto::kerberos::Enctype;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosTime, KeytabEntry, Principal};
use crate::spi::package::Usage;
use crate::spi::text::same_name;
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::numbers::{name_type, ticket_flags};

/// Whom S4U2Self is asked for (`KERB_S4U_LOGON`).
#[derive(Debug, Clone, Copy, Default)]
pub struct SelfLogon<'a> {
    /// A user principal name, `DOMAIN\user`, or an account's name.
    pub client: &'a str,
    /// Its realm or domain. Empty, it is that of the name, or the service's own.
    pub realm: &'a str,
    /// `KERB_S4U_LOGON_FLAG_CHECK_LOGONHOURS`
    pub check_logon_hours: bool,
    /// The service that the ticket is for, which must belong to the credential's account. `None`:
    /// by the account's own name.
    pub service: Option<&'a Principal>,
}

/// A client's ticket for a service of ours, by which the service can go on in its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The client, by the ticket.
    pub client: Principal,
    /// The service that the ticket is for.
    pub service: Principal,
    /// The encoded `Ticket`.
    pub ticket: Vec<u8>,
    /// Its `TicketFlags`, bit 0 of the protocol being the highest.
    pub flags: u32,
    /// When it ends, by the KDCs' clock.
    pub end: KerberosTime,
    /// How we came by it.
    pub origin: Origin,
    /// The account is sensitive and must not be delegated: `USER_NOT_DELEGATED` (0x4000) of
    /// `UserAccountControl` in the PAC; `false` where no PAC says so.
    pub sensitive: bool,
}

/// How a service came by a client's ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The client came with it.
    Client,
    /// S4U2Self gave it.
    SelfTicket,
}

/// What a credential by S4U2Proxy is made of.
pub(super) struct Proxy {
    service: Arc<KerberosCredential>,
    evidence: Evidence,
}

impl Evidence {
    /// The ticket that [`KerberosCredential::s4u2self`] gave.
    pub fn of_self_ticket(ticket: &CachedTicket, sensitive: bool) -> Self {
        Self {
            client: ticket.client.clone(),
            service: ticket.server.clone(),
            ticket: ticket.ticket.clone(),
            flags: ticket.flags,
            end: ticket.end_time,
            origin: Origin::SelfTicket,
            sensitive,
        }
    }

    /// Whether a KDC may be asked with it ([MS-SFU] 3.1.5.2.1). What is not forwardable goes
    /// nowhere (attack K29), but for tickets of S4U2Self for accounts that are not sensitive:
    /// services can permit delegation to themselves (resource-based), and only the KDC knows.
    pub fn may_be_used(&self) -> Result<()> {
        let forwardable = self.flags & ticket_flags::FORWARDABLE != 0;
        if forwardable || self.origin == Origin::SelfTicket && !self.sensitive {
            return Ok(());
        }
        let (client, service) = (names::unparse(&self.client), names::unparse(&self.service));
        let why = match self.origin {
            Origin::Client => "the client may not be delegated, or did not ask to be",
            Origin::SelfTicket => "the account is sensitive and must not be delegated",
        };
        let story = format!("the ticket of {client} for {service} is not forwardable: {why}");
        Err(Error::new(PeerFault::DelegationRefused, story))
    }

    /// That it may be used, and lasts.
    fn check(&self, now: KerberosTime) -> Result<()> {
        self.may_be_used()?;
        if self.end > now {
            return Ok(());
        }
        let (client, service) = (names::unparse(&self.client), names::unparse(&self.service));
        let story = format!("the ticket of {client} for {service} has expired: it is no evidence");
        Err(Error::new(PeerFault::TicketExpired, story))
    }
}

impl Proxy {
    /// Whether there is something to ask a KDC with. Waits for no network.
    pub(super) fn ready(&self, now: KerberosTime, env: &dyn Environment) -> Result<()> {
        self.evidence.check(now)?;
        self.service.client_ready(env).map_err(|error| {
            let service = names::unparse(&self.evidence.service);
            error.context(format_args!("{service} has nothing to go on in a client's name with"))
        })
    }

    /// When the evidence ends.
    pub(super) const fn end(&self) -> KerberosTime {
        self.evidence.end
    }

    /// A ticket in the client's name, and the offset of the clocks.
    pub(super) fn ticket(
        &self,
        server: &Principal,
        fallback: Option<&str>,
        enctypes: &[Enctype],
        env: &dyn Environment,
    ) -> Result<(CachedTicket, i64)> {
        let Evidence { ticket, client, .. } = &self.evidence;
        let mut session = Session::open(&self.service, env)?;
        self.evidence.check(session.now())?;
        let wanted = ProxyWanted { server, fallback, evidence: ticket, client, enctypes };
        session.proxy_ticket(wanted)
    }

    /// That the client's own ticket-granting ticket is not there.
    pub(super) fn no_tgt(&self) -> Error {
        let (client, service) =
            (names::unparse(&self.evidence.client), names::unparse(&self.evidence.service));
        let story = format!(
            "{service} goes on in the name of {client} by S4U2Proxy, and has no ticket-granting \
             ticket of that client"
        );
        Error::new(LocalFault::NoCredentials, story)
    }
}

impl KerberosCredential {
    /// A credential that acts in the name of a client, by the client's ticket for `service`'s
    /// account, as far as the KDC permits. Nothing is asked until a ticket is wanted; then
    /// `service` must have, or get, its own ticket-granting ticket.
    pub fn by_proxy(service: Arc<Self>, evidence: Evidence) -> Self {
        let client = evidence.client.clone();
        let owner = Owner::Proxy(Box::new(Proxy { service, evidence }));
        Self::of_client(client, None, owner)
    }

    /// The account of a service, by its keys: a client, and a server. The keys of one account are
    /// those of all names in the keytab that have the very same; a domain logs on by the account's
    /// name only (`MACHINE$`), other KDCs by the service's.
    pub fn of_service(service: &Principal, keytab: &[KeytabEntry]) -> Result<Self> {
        let account = Account::of_service(service, keytab)?;
        let usage = Usage { inbound: true, outbound: true };
        Ok(Self::of_owner(usage, Owner::Account(Box::new(account))))
    }

    /// S4U2Self: a ticket for ourselves in a user's name, who proves nothing ([MS-SFU] 3.1.5.1).
    /// The ticket's client is the user by the KDC's name for it; its `FORWARDABLE` flag says
    /// whether the KDC trusts the service to go on as anybody (protocol transition).
    ///
    /// Whose ticket it is, the KDC vouches for under a key that it shares with us; where it cannot
    /// (Heimdal, Samba), our own key must open the ticket. `ClientUnknown`: there is no such user.
    /// `S4uUnsupported`: the KDC knows no S4U. `BadAuthority`: nothing proves the answer.
    pub fn s4u2self(&self, logon: &SelfLogon<'_>, env: &dyn Environment) -> Result<ServiceTicket> {
        let mut session = Session::open(self, env)?;
        let tgt = session.tgt()?;
        let mut first = None;
        for user in users(logon, &tgt.client.realm, env)? {
            match self.for_user(&mut session, user, logon, env) {
                Ok(ticket) => return Ok(ticket),
                Err(error) if is_another_name_worth_it(&error) => first = first.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        Err(first.unwrap_or_else(|| PeerFault::ClientUnknown.into()))
    }

    fn for_user(
        &self,
        session: &mut Session<'_>,
        user: Principal,
        logon: &SelfLogon<'_>,
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        let user = session.realm_of_user(user)?;
        let user = ForUser { user, check_logon_hours: logon.check_logon_hours };
        let service = match logon.service {
            Some(service) => service.clone(),
            None => session.tgt()?.client.clone(),
        };
        let found = session.self_ticket(&service, &user)?;
        self.prove(&user, &found, session.now(), env)?;
        Ok(ServiceTicket { ticket: Arc::new(found.ticket), clock_offset: found.offset })
    }

    /// That the ticket is the user's. A reply's ticket is not bound to the rest of it, so that it
    /// is opened wherever we have the key: it must hold the session key that came with it.
    fn prove(
        &self,
        user: &ForUser,
        found: &SelfTicket,
        now: KerberosTime,
        env: &dyn Environment,
    ) -> Result<()> {
        let ticket = &found.ticket;
        let opened = match acceptor::open_ticket(self, &ticket.ticket, now, env) {
            Ok(opened) => opened,
            Err(error) if error.fault() == Fault::Peer(PeerFault::PacRefused) => return Err(error),
            Err(_) if found.vouched == Vouched::Name => return Ok(()),
            Err(error) => {
                let (who, why) = (names::unparse(&user.user), error.story().unwrap_or("?"));
                let story = format!(
                    "nothing proves that the ticket of S4U2Self is of {who}: the KDC does not \
                     vouch for it, and no key of ours opens it ({why})"
                );
                return Err(Error::new(PeerFault::BadAuthority, story));
            }
        };
        let key = kdc::key_of(&ticket.key)?;
        let told =
            found.vouched != Vouched::Nothing || user.is_named(&opened.client, &opened.identity);
        if opened.session == key && opened.client == ticket.client && told {
            return Ok(());
        }
        let (who, whose) = (names::unparse(&user.user), names::unparse(&opened.client));
        let story = format!("the ticket of S4U2Self for {who} is of {whose}, or of another reply");
        Err(Error::new(PeerFault::BadAuthority, story))
    }
}

impl ForUser {
    /// Whether a client is this user, where no KDC says so: the same name; or the account whose
    /// user principal name it is, by its verified PAC or by account and realm. Another account's
    /// could be in the ticket of somebody who has changed the request.
    fn is_named(&self, client: &Principal, identity: &ClientIdentity) -> bool {
        let user = &self.user;
        let mut pairs = user.components.iter().zip(&client.components);
        let same = user.components.len() == client.components.len()
            && pairs.all(|(one, other)| same_name(one, other));
        if same && same_name(&user.realm, &client.realm) {
            return true;
        }
        let ([upn], [account]) = (&*user.components, &*client.components) else { return false };
        if user.name_type != name_type::ENTERPRISE {
            return false;
        }
        let verified = identity.upn.as_ref().filter(|_| identity.authorization.is_some());
        verified.is_some_and(|verified| same_name(verified, upn))
            || upn.rsplit_once('@').is_some_and(|(name, suffix)| {
                same_name(name, account) && same_name(suffix, &client.realm)
            })
    }
}

/// The names that a user may be known by, the likeliest first.
fn users(logon: &SelfLogon<'_>, home: &str, env: &dyn Environment) -> Result<Vec<Principal>> {
    let (realm, name) = match logon.client.split_once('\\') {
        Some((domain, name)) if logon.realm.is_empty() => (domain, name),
        _ => (logon.realm, logon.client),
    };
    if name.is_empty() {
        return Err(Error::new(PeerFault::ClientUnknown, "S4U2Self for nobody"));
    }
    let ours = realm.is_empty() && !name.contains('@') || same_name(realm, home);
    let realm = if ours { home } else { realm };
    let settings = env.kerberos()?.settings();
    let names = if ours {
        // A realm in the spelling of its KDC needs no looking up.
        logon_names(name, home, &crate::spi::kerberos::KerberosSettings::default(), env.machine())
    } else {
        logon_names(name, realm, settings, env.machine())
    }?;
    Ok(names)
}

fn is_another_name_worth_it(error: &Error) -> bool {
    matches!(
        error.fault(),
        Fault::Peer(PeerFault::ClientUnknown | PeerFault::TargetUnknown)
            | Fault::Local(LocalFault::NoAuthority)
    )
}
