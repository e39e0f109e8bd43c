//! From a ticket-granting ticket to a ticket of a service, wherever its realm is: referrals
//! (RFC 6806 8), and the way by the names of realms where no KDC refers.

use std::sync::Arc;

use super::path::path;
use super::tgs_exchange::{Granted, NoTicket, Purpose, Request, exchange};
use super::{Line, MAX_HOPS, names_of};
use crate::crypto::kerberos::Enctype;
use crate::kerberos::names;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, Principal};
use crate::wire::kerberos::numbers::{error_code, kdc_options, ticket_flags};

/// Where ticket-granting tickets of other realms are kept. Only tickets are: that a KDC said no
/// is forgotten.
pub trait Tickets {
    /// A ticket that can be used.
    fn find(&self, server: &Principal) -> Option<Arc<CachedTicket>>;
    /// A new ticket.
    fn keep(&self, ticket: &Arc<CachedTicket>);
}

/// A service that a ticket is wanted for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Its name. An empty realm is for the KDCs to find out.
    pub server: &'a Principal,
    /// The realm to try when no KDC knows the service and no realm was named.
    pub fallback: Option<&'a str>,
    /// `kdc-options`.
    pub options: u32,
    /// Enctypes of session keys.
    pub enctypes: &'a [Enctype],
    /// Whom for: oneself, or user-to-user.
    pub purpose: Purpose<'a>,
}

/// A ticket for a service, under the name that was asked for, and the offset of the clocks.
pub fn service_ticket(
    line: Line<'_>,
    tickets: &dyn Tickets,
    tgt: &Arc<CachedTicket>,
    wanted: Wanted<'_>,
) -> Result<(CachedTicket, i64)> {
    let mut walk = Walk { line, tickets, wanted };
    let mut ticket = walk.reach_service(tgt)?;
    ticket.server = wanted.server.clone();
    Ok((ticket, walk.line.offset))
}

/// A ticket-granting ticket that may be given away (`FORWARDED`): without addresses, with a
/// session key of the enctype that the service understands, if the KDC agrees.
pub fn forwarded_tgt(
    line: Line<'_>,
    tgt: &CachedTicket,
    enctype: Option<Enctype>,
    enctypes: &[Enctype],
) -> Result<CachedTicket> {
    let ask = |enctypes: &[Enctype]| {
        let options = kdc_options::FORWARDED | kdc_options::FORWARDABLE;
        let server = &tgt.server;
        exchange(&line, &Request { tgt, server, options, enctypes, purpose: Purpose::Own })
    };
    let answer = match enctype {
        None => ask(enctypes),
        Some(enctype) => match ask(&[enctype]) {
            Err(NoTicket::Refused(error_code::KDC_ERR_ETYPE_NOSUPP, _)) => ask(enctypes),
            other => other,
        },
    };
    let ticket = answer.map_err(NoTicket::into_error)?.ticket;
    let forwarded = ticket.flags & ticket_flags::FORWARDED != 0;
    if !forwarded || ticket.server != tgt.server {
        let story = "the KDC gave no forwarded ticket-granting ticket";
        return Err(Error::new(PeerFault::DelegationRefused, story));
    }
    Ok(ticket)
}

/// A way to a service.
pub(super) struct Walk<'a> {
    pub line: Line<'a>,
    pub tickets: &'a dyn Tickets,
    pub wanted: Wanted<'a>,
}

impl Walk<'_> {
    fn reach_service(&mut self, tgt: &Arc<CachedTicket>) -> Result<CachedTicket> {
        let named = &self.wanted.server.realm;
        if !named.is_empty() && *named != realm_of(tgt) {
            let there = self.reach_realm(tgt, named)?;
            return self.by_referrals(&there).map_err(NoTicket::into_error);
        }
        let error = match self.by_referrals(tgt) {
            Ok(ticket) => return Ok(ticket),
            Err(NoTicket::Refused(error_code::KDC_ERR_S_PRINCIPAL_UNKNOWN, error)) => error,
            Err(other) => return Err(other.into_error()),
        };
        match self.wanted.fallback.filter(|realm| named.is_empty() && *realm != realm_of(tgt)) {
            Some(realm) => {
                self.trace(format_args!("no referral; perhaps {realm} knows the service"));
                let there = self.reach_realm(tgt, realm).map_err(|_| error.clone())?;
                self.by_referrals(&there).map_err(|_| error)
            }
            None => Err(error),
        }
    }

    /// Asks for the service, and follows where the KDCs refer to.
    fn by_referrals(&mut self, start: &Arc<CachedTicket>) -> Result<CachedTicket, NoTicket> {
        let mut tgt = Arc::clone(start);
        let mut seen = vec![realm_of(&tgt).to_owned()];
        for hop in 0..MAX_HOPS {
            let realm = realm_of(&tgt).to_owned();
            let server = Principal { realm: realm.clone(), ..self.wanted.server.clone() };
            let ticket = match self.ask(&tgt, &server, kdc_options::CANONICALIZE) {
                Err(NoTicket::Refused(code, _)) if hop == 0 && is_unused_to_referrals(code) => {
                    return self.ask(&tgt, &server, 0);
                }
                other => other?,
            };
            if ticket.server.components == server.components {
                return Ok(ticket);
            }
            match names::tgs_realm(&ticket.server.components) {
                // Old domain controllers give the name that they prefer, or their own TGT.
                None if hop == 0 => return self.ask(&tgt, &server, 0),
                Some(next) if hop == 0 && next == realm => return self.ask(&tgt, &server, 0),
                None => return Err(self.astray(&seen, "to another service")),
                Some(next) if !names::may_be_realm(next) => {
                    return Err(self.astray(&seen, "to no realm"));
                }
                Some(next) if seen.iter().any(|realm| realm == next) => {
                    return Err(self.astray(&seen, next));
                }
                Some(next) => {
                    self.trace(format_args!("{realm} refers to {next}"));
                    seen.push(next.to_owned());
                }
            }
            tgt = Arc::new(ticket);
            self.tickets.keep(&tgt);
        }
        Err(self.astray(&seen, "…"))
    }

    /// A ticket-granting ticket of another realm: the farthest realm on the way first.
    fn reach_realm(&mut self, home: &Arc<CachedTicket>, realm: &str) -> Result<Arc<CachedTicket>> {
        let way = path(realm_of(home), realm, self.line.settings());
        let issuers = [realm_of(home)].into_iter().chain(way.realms.iter().map(String::as_str));
        let kept = issuers.filter(|issuer| *issuer != realm);
        if let Some(kept) =
            kept.map(|issuer| names::krbtgt(realm, issuer)).find_map(|tgs| self.tickets.find(&tgs))
        {
            return Ok(kept);
        }
        let mut tgt = Arc::clone(home);
        let mut seen = vec![realm_of(home).to_owned()];
        let mut ahead = way.realms;
        for _ in 0..MAX_HOPS {
            let next = self.farthest(&tgt, &ahead)?;
            let reached = realm_of(&next).to_owned();
            if reached == realm {
                return Ok(next);
            }
            if seen.contains(&reached) {
                return Err(self.astray(&seen, &reached).into_error());
            }
            match ahead.iter().position(|step| *step == reached) {
                Some(at) => drop(ahead.drain(..=at)),
                None if way.configured => {
                    let story = format!(
                        "the KDC of {} leads off the configured way to {realm}, to {reached:?}",
                        realm_of(&tgt)
                    );
                    return Err(Error::new(PeerFault::BadAuthority, story));
                }
                None => ahead = path(&reached, realm, self.line.settings()).realms,
            }
            seen.push(reached);
            tgt = next;
        }
        Err(self.astray(&seen, realm).into_error())
    }

    /// One step: a ticket for the farthest realm that the KDC of `tgt` shares a key with.
    fn farthest(&mut self, tgt: &CachedTicket, ahead: &[String]) -> Result<Arc<CachedTicket>> {
        let mut refusal = None;
        for realm in ahead.iter().rev() {
            let server = names::krbtgt(realm, realm_of(tgt));
            if let Some(kept) = self.tickets.find(&server) {
                return Ok(kept);
            }
            match self.ask_for_tgt(tgt, &server) {
                Ok(ticket) => {
                    let ticket = Arc::new(ticket);
                    self.tickets.keep(&ticket);
                    return Ok(ticket);
                }
                // What was said of the destination tells most.
                Err(NoTicket::Refused(_, error)) => refusal = refusal.or(Some(error)),
                Err(NoTicket::Failed(error)) => return Err(error),
            }
        }
        Err(refusal.unwrap_or_else(|| PeerFault::TargetUnknown.into()))
    }

    fn ask_for_tgt(
        &mut self,
        tgt: &CachedTicket,
        server: &Principal,
    ) -> Result<CachedTicket, NoTicket> {
        let plain = Wanted { options: 0, purpose: Purpose::Own, ..self.wanted };
        let wanted = std::mem::replace(&mut self.wanted, plain);
        let ticket = self.ask(tgt, server, 0);
        self.wanted = wanted;
        let ticket = ticket?;
        if !names::tgs_realm(&ticket.server.components).is_some_and(names::may_be_realm) {
            let server = names::unparse(&ticket.server);
            let server: String = server.chars().take(256).collect();
            let story = format!("{server} is no ticket-granting service");
            return Err(Error::new(PeerFault::BadAuthority, story).into());
        }
        Ok(ticket)
    }

    fn ask(
        &mut self,
        tgt: &CachedTicket,
        server: &Principal,
        options: u32,
    ) -> Result<CachedTicket, NoTicket> {
        let Wanted { enctypes, purpose, .. } = self.wanted;
        if enctypes.is_empty() {
            let story = format!("no enctype is allowed: {}", names_of(enctypes));
            return Err(Error::new(PeerFault::EnctypeRefused, story).into());
        }
        let options = options | self.wanted.options;
        let request = Request { tgt, server, options, enctypes, purpose };
        let Granted { mut ticket, offset, .. } = exchange(&self.line, &request)?;
        self.line.offset = offset;
        // A foreign KDC's word on delegation counts as far as the way to it was vouched for.
        let foreign = realm_of(tgt) != tgt.client.realm;
        if foreign && tgt.flags & ticket_flags::OK_AS_DELEGATE == 0 {
            ticket.flags &= !ticket_flags::OK_AS_DELEGATE;
        }
        Ok(ticket)
    }

    /// A ticket-granting ticket of a realm, which may be the one that there is.
    pub fn start(&mut self, tgt: &Arc<CachedTicket>, realm: &str) -> Result<Arc<CachedTicket>> {
        if realm == realm_of(tgt) { Ok(Arc::clone(tgt)) } else { self.reach_realm(tgt, realm) }
    }

    /// Referrals that lead nowhere.
    pub fn astray(&self, seen: &[String], to: &str) -> NoTicket {
        let story = format!(
            "{}: the KDCs refer in circles or without end: {} → {to:?}",
            names::unparse(self.wanted.server),
            seen.join(" → "),
        );
        Error::new(PeerFault::TooManyReferrals, story).into()
    }

    pub fn trace(&self, line: std::fmt::Arguments<'_>) {
        self.line.host.trace(line);
    }
}

/// The realm whose KDCs take a ticket-granting ticket.
pub(super) fn realm_of(tgt: &CachedTicket) -> &str {
    names::tgs_realm(&tgt.server.components).unwrap_or(&tgt.server.realm)
}

/// Errors of KDCs that know no canonicalisation.
const fn is_unused_to_referrals(code: i32) -> bool {
    matches!(code, error_code::KDC_ERR_BADOPTION | error_code::KRB_ERR_GENERIC)
}
