//! The local security authority: passwords, keys and handshakes live below this line,
//! established contexts above it. What crosses it upward is a token, a status and, on
//! completion, one packed context; all of it plain data.
//!
//! Holds: the registry of packages, credentials, handshakes in progress, logon sessions and their
//! tokens, whom each thread acts as, the calls about tickets.
//! May use: the packages (in `registry` only), `platform` (here only), `spi`.
//! Must not touch: C types, message protection.
#![forbid(unsafe_code)]

mod acquire;
mod client_names;
mod credentials;
mod handshakes;
mod impersonation;
mod log_on;
mod logons;
mod names;
mod objects;
mod registry;
mod tickets;
mod tokens;

pub use acquire::{acquire, add_credentials};
pub use credentials::{
    CredentialId, change_password, credential_name, credential_package, is_credential, release,
    set_kdc_proxy,
};
pub use handshakes::{
    HandshakeId, Outcome, Progressed, abandon, accept, go_on, initiate, initiate_as,
};
pub use impersonation::{current_token, impersonate, revert};
pub use log_on::{NewLogon, challenge, log_on};
pub use logons::{LogonId, LogonType, SessionData, logon_data, logons, own_logon, release_logon};
pub use names::{
    computer_name, name_of_client, name_of_computer, name_of_user, translate_name, translated,
    user_name,
};
pub use objects::{
    Connection, ObjectId, close_token, connect, connection, disconnect, end_loan, lend_token,
    open_token, register, token,
};
pub use registry::{find_package, package_info, packages, target_information};
pub use tickets::{
    TicketOwner, bind_kdc, granting_ticket, kdc_bindings, list_tickets, purge_kdc_bindings,
    purge_tickets, retrieve_ticket, set_password, submit_ticket,
};
pub use tokens::{
    AccessToken, Additions, TokenKind, TokenSource, duplicate_token, token_of_context,
};

use std::sync::Arc;

use crate::platform::caller::Caller;
use crate::platform::impersonation::Own;
use crate::platform::{self, Host};
use crate::spi::environment::{Environment, PolicyClass};
use crate::spi::error::{PeerFault, Result};
use crate::spi::identity::SealScope;
use crate::spi::packed::PackedContext;
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;

use subtle::ConstantTimeEq;

/// Sets up what must be there before the first call; costs nothing when it is.
pub fn start() {
    platform::logging::start();
}

/// A UTC time as the local time in which SSPI speaks.
pub fn local_time(time: FileTime) -> FileTime {
    platform::host::local_time(time)
}

/// Signals an event, an `eventfd` by its number, whenever a policy of the machine changes.
pub fn watch_policy(class: PolicyClass, event: i32) -> Result<()> {
    platform::policy_watch::watch(class, event)
}

/// Ends what [`watch_policy`] began.
pub fn unwatch_policy(class: PolicyClass, event: i32) -> Result<()> {
    platform::policy_watch::unwatch(class, event)
}

/// Packs a context for another process of this machine: its bytes and the machine's seal.
pub fn export(context: &PackedContext) -> Result<SecretBytes> {
    let encoded = context.encode();
    let mut blob = Vec::with_capacity(encoded.expose().len() + SEAL);
    blob.extend_from_slice(&platform::host::machine_mac(encoded.expose())?);
    blob.extend_from_slice(encoded.expose());
    Ok(SecretBytes::new(blob))
}

/// Unpacks a context that this machine packed since it was started.
pub fn import(blob: &[u8]) -> Result<PackedContext> {
    let (seal, encoded) = blob.split_first_chunk::<SEAL>().ok_or(PeerFault::MalformedToken)?;
    if !bool::from(platform::host::machine_mac(encoded)?.ct_eq(seal)) {
        let story = "the packed context is damaged, or of another machine or start";
        return Err(crate::spi::error::Error::new(PeerFault::MalformedToken, story));
    }
    PackedContext::decode(encoded)
}

/// Seals a secret that waits in memory, with the key of the process or of the logon.
pub fn protect(scope: SealScope, secret: &[u8]) -> Result<Vec<u8>> {
    platform::protect::seal(scope, secret)
}

/// Opens what [`protect`] sealed.
pub fn unprotect(scope: SealScope, sealed: &[u8]) -> Result<SecretBytes> {
    platform::protect::open(scope, sealed)
}

const SEAL: usize = 32;

/// The world as it is now, for a new credential.
fn environment() -> Result<Arc<dyn Environment>> {
    // The configuration is the process's, and may be for its eyes only.
    let _process = impersonation::suspend();
    Ok(Arc::new(Host::current()?))
}
