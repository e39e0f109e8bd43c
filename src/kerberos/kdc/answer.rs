//! What every reply of a KDC must be (RFC 4120 3.1.5, 3.3.4): the answer to this request, for
//! this client, of an enctype that was offered, within the times that were asked for.

use super::{Line, later, name_of};
use crate::kerberos::names;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosTime, Principal};
use crate::wire::kerberos::numbers::{kdc_options, ticket_flags};
use crate::wire::kerberos::{EncKdcRepPart, KdcRep, KdcReqBody, PrincipalName};

/// A reply, decrypted.
pub struct Opened<'a> {
    /// The request.
    pub body: &'a KdcReqBody,
    /// The reply.
    pub reply: KdcRep,
    /// Its encrypted part.
    pub part: EncKdcRepPart,
    /// Who sent it, for the story.
    pub server: &'a str,
}

impl Opened<'_> {
    /// The nonce; the name in the ticket, which is clear text, against the encrypted one
    /// (CVE-2017-11103); the session key's enctype; the times.
    pub fn check(&self, line: &Line<'_>) -> Result<()> {
        let Self { body, reply, part, .. } = self;
        if part.nonce != body.nonce {
            return Err(self.wrong("it answers another request"));
        }
        let ticket = reply.ticket.parse()?;
        if ticket.realm != part.srealm || !ticket.sname.same_name(&part.sname) {
            return Err(self.wrong("its ticket names another service than its encrypted part"));
        }
        if !body.etype.contains(&part.key.enctype) {
            let story = format!("a session key of {}, not offered", name_of(part.key.enctype));
            return Err(Error::new(PeerFault::EnctypeRefused, self.story(&story)));
        }
        self.check_times(line)
    }

    fn check_times(&self, line: &Line<'_>) -> Result<()> {
        let Self { body, part, .. } = self;
        if part.endtime > body.till {
            return Err(self.wrong("its ticket lives longer than was asked for"));
        }
        if part.flags & ticket_flags::RENEWABLE != 0 {
            let asked = kdc_options::RENEWABLE | kdc_options::RENEWABLE_OK;
            if body.kdc_options & asked == 0 {
                return Err(self.wrong("its ticket is renewable, which was not asked for"));
            }
            let limit = body.rtime.unwrap_or(body.till).max(body.till);
            if part.renew_till.is_some_and(|renew_till| renew_till > limit) {
                return Err(self.wrong("its ticket is renewable longer than was asked for"));
            }
        }
        let skew = line.settings().clock_skew;
        if self.start_time() > later(line.now(), skew) {
            let story = self.story("its ticket is not valid yet");
            return Err(Error::new(PeerFault::TimeSkew, story));
        }
        if part.endtime <= line.now() || part.endtime < self.start_time() {
            let story = self.story("its ticket has expired already");
            return Err(Error::new(PeerFault::TimeSkew, story));
        }
        Ok(())
    }

    /// The service by the encrypted part, which alone counts.
    pub fn service(&self) -> Principal {
        self.part.sname.in_realm(&self.part.srealm)
    }

    /// The client by the reply.
    pub fn client(&self) -> Principal {
        self.reply.cname.in_realm(&self.reply.crealm)
    }

    /// Whether the ticket is one for another ticket-granting service.
    pub fn refers(&self) -> bool {
        names::tgs_realm(&self.part.sname.name_string).is_some()
    }

    /// Whether the service is the one of the request, spelled as there.
    pub fn is_for(&self, sname: &PrincipalName) -> bool {
        self.part.sname.same_name(sname) && self.part.srealm == self.body.realm
    }

    /// The ticket, to be kept under the service's encrypted name.
    pub fn into_ticket(self) -> CachedTicket {
        let (client, server, start_time) = (self.client(), self.service(), self.start_time());
        let part = self.part;
        CachedTicket {
            client,
            server,
            key: part.key,
            auth_time: part.authtime,
            start_time,
            end_time: part.endtime,
            renew_till: part.renew_till.unwrap_or_default(),
            is_session_key: false,
            flags: part.flags,
            addresses: part.caddr.into_iter().map(|a| (a.addr_type, a.address)).collect(),
            authorization_data: Vec::new(),
            ticket: self.reply.ticket.0,
            second_ticket: Vec::new(),
        }
    }

    /// `starttime`, which may be left out when it is `authtime`.
    fn start_time(&self) -> KerberosTime {
        self.part.starttime.unwrap_or(self.part.authtime)
    }

    /// A reply that does not fit.
    pub fn wrong(&self, what: &str) -> Error {
        Error::new(PeerFault::BadAuthority, self.story(what))
    }

    /// A ticket for ourselves where one in another's name was asked for ([MS-SFU] 1.5).
    pub fn ignores_s4u(&self) -> Error {
        let (server, realm) = (self.server, &self.body.realm);
        let story = format!(
            "the KDC {server} of {realm} knows no service for user (S4U): it gave {} a ticket in \
             its own name",
            names::unparse(&self.client())
        );
        Error::new(PeerFault::S4uUnsupported, story)
    }

    fn story(&self, what: &str) -> String {
        let (server, realm) = (self.server, &self.body.realm);
        format!("the reply of the KDC {server} of {realm} is refused: {what}")
    }
}
