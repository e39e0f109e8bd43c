//! Calls to Kerberos about tickets, as `LsaCallAuthenticationPackage` passes them on.

use super::environment::Environment;
use super::error::Result;
use super::kerberos::{KerberosTime, KeyBlock, Principal};
use super::secret::{SecretBytes, SecretText};

/// A credential whose tickets can be looked at and changed. A default credential's are those of
/// the caller's cache: what is seen here, MIT's klist shows.
pub trait KerberosCalls: Sync {
    /// `KerbQueryTicketCache…`: every ticket that has not expired, without configuration entries.
    fn list(&self, env: &dyn Environment) -> Result<Vec<TicketListing>>;

    /// `KerbRetrieveTicketMessage`: the ticket-granting ticket.
    fn granting_ticket(&self, env: &dyn Environment) -> Result<ExternalTicket>;

    /// `KerbRetrieveEncodedTicketMessage`.
    fn retrieve(&self, wanted: &Retrieve, env: &dyn Environment) -> Result<ExternalTicket>;

    /// `KerbPurgeTicketCache…`: how many tickets went.
    fn purge(&self, which: &TicketFilter, env: &dyn Environment) -> Result<usize>;

    /// `KerbSubmitTicketMessage`: takes the tickets of a `KRB-CRED` in, whose encrypted part is
    /// in the clear or under `key`.
    fn submit(&self, message: &[u8], key: Option<KeyBlock>, env: &dyn Environment) -> Result<()>;

    /// `KerbSetPasswordMessage`: sets somebody's password, by the right of this credential.
    fn set_password(
        &self,
        account: &str,
        domain: &str,
        new: &SecretText,
        env: &dyn Environment,
    ) -> Result<()>;
}

/// A ticket of a cache, without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketListing {
    /// The client.
    pub client: Principal,
    /// The server, as it was asked for.
    pub server: Principal,
    /// `starttime`
    pub start: KerberosTime,
    /// `endtime`
    pub end: KerberosTime,
    /// `renew-till`; 0 when the ticket is not renewable.
    pub renew: KerberosTime,
    /// The enctype that the ticket is encrypted in.
    pub enctype: i32,
    /// That of its session key.
    pub key_enctype: i32,
    /// `TicketFlags`, bit 0 of the protocol being the highest.
    pub flags: u32,
}

/// `KERB_EXTERNAL_TICKET`
#[derive(Debug, PartialEq, Eq)]
pub struct ExternalTicket {
    /// The server in the ticket.
    pub service: Principal,
    /// The server as it was asked for.
    pub target: Principal,
    /// The client.
    pub client: Principal,
    /// The session key; all zero where it is not given out.
    pub key: KeyBlock,
    /// `TicketFlags`
    pub flags: u32,
    /// `starttime`
    pub start: KerberosTime,
    /// `endtime`
    pub end: KerberosTime,
    /// `renew-till`
    pub renew: KerberosTime,
    /// How far the KDCs' clock is ahead of ours, in seconds.
    pub skew: i64,
    /// The encoded `Ticket`; or the `KRB-CRED` that was asked for, with the key in the clear.
    pub encoded: SecretBytes,
}

/// What `KerbRetrieveEncodedTicketMessage` asks for.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are the options of the message")]
pub struct Retrieve {
    /// The service.
    pub target: String,
    /// `TicketFlags` that the ticket must have; 0 asks for nothing special.
    pub flags: u32,
    /// The enctype of the session key; 0 leaves it to the KDC.
    pub enctype: i32,
    /// `KERB_RETRIEVE_TICKET_DONT_USE_CACHE`
    pub fresh: bool,
    /// `KERB_RETRIEVE_TICKET_USE_CACHE_ONLY`
    pub cache_only: bool,
    /// `KERB_RETRIEVE_TICKET_AS_KERB_CRED`
    pub as_kerb_cred: bool,
    /// `KERB_RETRIEVE_TICKET_CACHE_TICKET`: keep it although something special was asked for.
    pub keep: bool,
}

/// Which tickets; a field that is `None` fits all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketFilter {
    /// The client's name, without its realm.
    pub client: Option<String>,
    /// The client's realm.
    pub client_realm: Option<String>,
    /// The server's name, without its realm.
    pub server: Option<String>,
    /// The server's realm.
    pub server_realm: Option<String>,
}
