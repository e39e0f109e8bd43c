//! The tickets of a credential, as long as they last.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::crypto::kerberos::Enctype;
use crate::spi::kerberos::{CachedTicket, KerberosTime, Principal};
use crate::wire::kerberos::numbers::ticket_flags;

/// No program talks to more services at a time; who does, asks again.
const MOST_TICKETS: usize = 4096;

/// Tickets by the name that was asked for.
#[derive(Default)]
pub struct Tickets(HashMap<Principal, Arc<CachedTicket>>);

impl Tickets {
    /// A ticket that lasts.
    pub fn find(&self, asked: &Principal, now: KerberosTime) -> Option<&Arc<CachedTicket>> {
        self.0.get(asked).filter(|ticket| ticket.end_time > now)
    }

    /// All that last.
    pub fn all(&self, now: KerberosTime) -> impl Iterator<Item = &Arc<CachedTicket>> {
        self.0.values().filter(move |ticket| ticket.end_time > now)
    }

    /// Removes tickets, and says how many.
    pub fn remove(&mut self, which: impl Fn(&CachedTicket) -> bool) -> usize {
        let before = self.0.len();
        self.0.retain(|_, ticket| !which(ticket));
        before.saturating_sub(self.0.len())
    }

    /// Keeps a ticket; what has expired goes when there are many.
    pub fn keep(&mut self, asked: &Principal, ticket: &Arc<CachedTicket>, now: KerberosTime) {
        if self.0.len() >= MOST_TICKETS {
            self.0.retain(|_, ticket| ticket.end_time > now);
        }
        if self.0.len() >= MOST_TICKETS {
            self.0.clear();
        }
        self.0.insert(asked.clone(), Arc::clone(ticket));
    }
}

/// Whether a ticket of a cache can be used: it is valid, and its session key is of an enctype
/// that may be used.
pub fn is_usable(
    ticket: &CachedTicket,
    now: KerberosTime,
    skew: Duration,
    enctypes: &[Enctype],
) -> bool {
    let skew = i64::try_from(skew.as_secs()).unwrap_or(i64::MAX);
    ticket.end_time > now
        && ticket.start_time.0 <= now.0.saturating_add(skew)
        && ticket.flags & ticket_flags::INVALID == 0
        && enctypes.iter().any(|enctype| enctype.number() == ticket.key.enctype)
}

/// Whether a ticket of a cache is for the service that is asked for. Where no realm is asked for,
/// it is the client's.
pub fn is_for(ticket: &CachedTicket, asked: &Principal) -> bool {
    let server = &ticket.server;
    let same_realm = server.realm == asked.realm
        || asked.realm.is_empty() && server.realm == ticket.client.realm;
    same_realm && server.components == asked.components
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kerberos::names;
    use crate::spi::kerberos::KeyBlock;
    use crate::spi::secret::SecretBytes;

    fn ticket(server: &str, times: (i64, i64)) -> CachedTicket {
        CachedTicket {
            client: names::parse("alice@A").unwrap(),
            server: names::parse(server).unwrap(),
            key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![0; 32]) },
            auth_time: KerberosTime(times.0),
            start_time: KerberosTime(times.0),
            end_time: KerberosTime(times.1),
            renew_till: KerberosTime(0),
            is_session_key: false,
            flags: 0,
            addresses: Vec::new(),
            authorization_data: Vec::new(),
            ticket: Vec::new(),
            second_ticket: Vec::new(),
        }
    }

    #[test]
    fn tickets_are_given_as_long_as_they_last_and_are_bounded() {
        let mut tickets = Tickets::default();
        for number in 0..2 * MOST_TICKETS {
            let name = format!("svc/{number}@A");
            let one = Arc::new(ticket(&name, (0, 100)));
            tickets.keep(&one.server, &one, KerberosTime(50));
            assert!(tickets.0.len() <= MOST_TICKETS);
            assert!(tickets.find(&one.server, KerberosTime(99)).is_some());
            assert!(tickets.find(&one.server, KerberosTime(100)).is_none());
        }
    }

    #[test]
    fn only_valid_tickets_of_allowed_enctypes_are_used() {
        let usable = |ticket: &CachedTicket, now| {
            let allowed = [Enctype::Aes256CtsHmacSha1];
            is_usable(ticket, KerberosTime(now), Duration::from_secs(10), &allowed)
        };
        let good = ticket("svc/x@A", (50, 100));
        assert!(usable(&good, 50) && usable(&good, 40) && usable(&good, 99));
        assert!(!usable(&good, 39) && !usable(&good, 100));
        assert!(!usable(
            &CachedTicket { flags: ticket_flags::INVALID, ..ticket("x@A", (0, 9)) },
            5
        ));
        let other = KeyBlock { enctype: 23, value: SecretBytes::new(vec![0; 16]) };
        assert!(!usable(&CachedTicket { key: other, ..ticket("x@A", (0, 9)) }, 5));
    }

    #[test]
    fn an_unnamed_realm_is_the_clients() {
        let asked = |text| names::parse(text).unwrap();
        assert!(is_for(&ticket("svc/x@A", (0, 1)), &asked("svc/x")));
        assert!(is_for(&ticket("svc/x@A", (0, 1)), &asked("svc/x@A")));
        assert!(!is_for(&ticket("svc/x@B", (0, 1)), &asked("svc/x")));
        assert!(!is_for(&ticket("svc/x@A", (0, 1)), &asked("svc/y")));
        assert!(is_for(
            &CachedTicket { server: asked("svc/x"), ..ticket("q", (0, 1)) },
            &asked("svc/x")
        ));
    }
}
