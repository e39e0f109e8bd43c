//! What a server can go on with in the name of a client that delegated nothing: the client's own
//! ticket, which is evidence of the client to the KDC (S4U2Proxy, [MS-SFU] 3.1.5.2).

use std::sync::Arc;

use super::ticket::TicketVerified;
use crate::kerberos::credential::{KerberosCredential, Shared};
use crate::kerberos::s4u::{Evidence, Origin};
use crate::spi::package::Credential;
use crate::wire::kerberos::ApReq;

/// The credential. Nobody is asked for anything until it is used: whether the KDC permits
/// anything to this service only the KDC knows.
pub(super) fn evidence(
    account: Arc<KerberosCredential>,
    ticket: &TicketVerified,
    request: &ApReq,
) -> Arc<dyn Credential> {
    let evidence = Evidence {
        client: ticket.client().clone(),
        service: ticket.server().clone(),
        ticket: request.ticket.0.clone(),
        flags: ticket.ticket_flags(),
        end: ticket.end(),
        origin: Origin::Client,
        // A client that may not be delegated comes with a ticket that is not forwardable.
        sensitive: false,
    };
    Arc::new(Shared(Arc::new(KerberosCredential::by_proxy(account, evidence))))
}
