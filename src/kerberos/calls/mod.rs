//! Calls about the tickets of a credential (`LsaCallAuthenticationPackage`).
//!
//! Of a default credential they are those of the caller's cache, as it is at the time of the
//! call: MIT's programs see the same.

mod listing;
mod password;
mod purge;
mod retrieve;
mod submit;

use super::credential::Shared;
use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::kerberos::KeyBlock;
use crate::spi::secret::SecretText;
use crate::spi::tickets::{ExternalTicket, KerberosCalls, Retrieve, TicketFilter, TicketListing};

impl KerberosCalls for Shared {
    fn list(&self, env: &dyn Environment) -> Result<Vec<TicketListing>> {
        listing::list(&self.0, env)
    }

    fn granting_ticket(&self, env: &dyn Environment) -> Result<ExternalTicket> {
        retrieve::granting_ticket(&self.0, env)
    }

    fn retrieve(&self, wanted: &Retrieve, env: &dyn Environment) -> Result<ExternalTicket> {
        retrieve::retrieve(&self.0, wanted, env)
    }

    fn purge(&self, which: &TicketFilter, env: &dyn Environment) -> Result<usize> {
        purge::purge(&self.0, which, env)
    }

    fn submit(&self, message: &[u8], key: Option<KeyBlock>, env: &dyn Environment) -> Result<()> {
        submit::submit(&self.0, message, key.as_ref(), env)
    }

    fn set_password(
        &self,
        account: &str,
        domain: &str,
        new: &SecretText,
        env: &dyn Environment,
    ) -> Result<()> {
        password::set_password(&self.0, (account, domain), new, env)
    }
}
