//! Conversations with KDCs and password servers.
//!
//! Holds: who the servers of a realm are (`krb5.conf`, DNS), UDP and TCP, failover, bounded time.
//! May use: `spi`, its siblings in `platform`. Must not touch: protocols; what an answer is worth
//! is judged by who asked.
#![forbid(unsafe_code)]

mod address;
mod attempt;
mod background;
mod bindings;
mod conversation;
mod dns;
mod locate;
mod names;
mod tcp;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

use super::krb5_conf::{Krb5Conf, RealmServers, Transport};
use crate::spi::error::Result;
use crate::spi::kerberos::{KdcAnswer, KdcRequest};

use conversation::Conversation;

pub use address::Server;
pub use bindings::{all as kdc_bindings, bind as bind_kdc, purge as purge_kdc_bindings};
pub use dns::{read_srv, read_txt};
pub use locate::{addresses, services};
pub use names::{canonical_host, realm_of_host};

/// Where lines for people go.
pub type Trace<'a> = &'a dyn Fn(fmt::Arguments<'_>);

/// The KDCs of all realms.
#[derive(Debug, Clone, Default)]
pub struct Kdcs {
    realms: HashMap<String, RealmServers>,
    transport: Transport,
}

impl Kdcs {
    /// The KDCs that krb5.conf or DNS tells of.
    pub fn of(conf: &Krb5Conf) -> Self {
        Self { realms: conf.realms.clone(), transport: conf.transport.clone() }
    }

    /// Asks the servers of a realm, one after the other, until one gives an answer that is taken.
    pub fn exchange(&self, request: &KdcRequest<'_>, trace: Trace<'_>) -> Result<KdcAnswer> {
        let (realm, length) = (request.realm, request.message.len());
        trace(format_args!("Sending request ({length} bytes) to {realm}"));
        let deadline = Instant::now() + self.transport.request_timeout;
        let located = locate::locate(self, request, deadline, trace);
        let mut conversation = Conversation::new(request, &self.transport, deadline, trace);
        let answer = conversation.with(&located.servers);
        answer.ok_or_else(|| {
            let error = conversation.failure(&located);
            trace(format_args!("{}", error.story().unwrap_or_default()));
            error
        })
    }
}
