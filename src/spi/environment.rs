//! The world, as packages see it: passed in, so that a test can fix every part of it.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::directory::DirectoryHost;
use super::error::{CallerFault, Error, LocalFault, Result};
use super::identity::Proof;
use super::kerberos::KerberosHost;
use super::logon::NetworkLogon;
use super::secret::Secret;
use super::time::FileTime;
use super::token::{ClientIdentity, UnixAccount};

/// Clock, randomness, machine, policy and accounts.
pub trait Environment: Send + Sync {
    /// The time, UTC.
    fn now(&self) -> FileTime;

    /// Fills a buffer from the system's generator.
    fn random(&self, out: &mut [u8]) -> Result<()>;

    /// What this machine is called.
    fn machine(&self) -> &MachineNames;

    /// What the administrator allows.
    fn policy(&self) -> &Policy;

    /// Where servers look accounts up; `None` when nothing is configured.
    fn accounts(&self) -> Option<&dyn AccountSource>;

    /// The machine as Kerberos sees it. The error is that of a broken krb5.conf.
    fn kerberos(&self) -> Result<&dyn KerberosHost> {
        Err(Error::new(LocalFault::Configuration, "Kerberos is not set up here"))
    }

    /// Who the calling thread acts for, as the machine names its users.
    fn user(&self) -> Option<LocalUser> {
        None
    }

    /// The domain that verifies NTLM for this machine; `None` when it is in none.
    fn domain(&self) -> Option<&dyn DomainAuthority> {
        None
    }

    /// The account of this machine that a client is: by its SID where one was verified, else by
    /// its name. The error says why it may be none ([`CallerFault::NoImpersonation`]).
    ///
    /// [`CallerFault::NoImpersonation`]: super::error::CallerFault::NoImpersonation
    fn unix_account(&self, client: &ClientIdentity) -> Result<UnixAccount> {
        let _ = client;
        let story = "clients have no accounts on this machine";
        Err(Error::new(CallerFault::NoImpersonation, story))
    }

    /// The way to the directories of domains.
    fn directory(&self) -> Result<&dyn DirectoryHost> {
        Err(Error::new(LocalFault::NoAuthority, "no directory can be reached from here"))
    }
}

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalUser {
    /// The login name.
    pub name: String,
    /// The name for people (GECOS); may be empty.
    pub full_name: String,
}

/// Names of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MachineNames {
    /// `NetBIOS` name, upper case.
    pub netbios_computer: String,
    /// `NetBIOS` name of the domain, or the computer's own.
    pub netbios_domain: String,
    /// Fully qualified host name.
    pub dns_computer: String,
    /// DNS name of the domain; may be empty.
    pub dns_domain: String,
    /// Whether the machine belongs to a domain of another name than its own.
    pub in_domain: bool,
}

/// Policy, with the names that Windows gives the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// `LmCompatibilityLevel`, 0 to 5: clients send LM and `NTLMv1` below 3, servers refuse LM
    /// from 4 and `NTLMv1` at 5.
    pub lm_compatibility_level: u8,
    /// `NtlmMinClientSec`: what a client demands once sign or seal was asked for.
    pub ntlm_min_client_sec: NtlmMinSec,
    /// `NtlmMinServerSec`, the same for a server.
    pub ntlm_min_server_sec: NtlmMinSec,
    /// How an NTLM server that was given channel bindings treats a client without.
    pub channel_bindings: Demand,
    /// How an NTLM server treats the service name that a client says it wants
    /// (`SmbServerNameHardeningLevel`).
    pub service_name: Demand,
    /// The service names that are ours, where `service_name` looks at them.
    pub service_names: Vec<String>,
    /// `MaxLifetime`: the oldest exchange that a server accepts ([MS-NLMP] 3.1.1.1: 36 hours).
    pub max_lifetime: Duration,
    /// Whether accounts with an empty password may log on (`LimitBlankPasswordUse` turned round).
    pub allow_blank_passwords: bool,
    /// Whether a server refuses answers that this very process's client made to its challenge.
    pub refuse_reflection: bool,
    /// `RestrictSendingNTLMTraffic`: whether clients may use NTLM.
    pub restrict_sending: RestrictSending,
    /// `ClientAllowedNTLMServers`: to which servers all the same. One `*` in a name stands for
    /// anything.
    pub client_allowed_servers: Vec<String>,
    /// `RestrictReceivingNTLMTraffic`: whose NTLM logons servers take.
    pub restrict_receiving: RestrictReceiving,
    /// `RequirePac`: whether a Kerberos client without a PAC that verifies is refused.
    pub require_pac: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lm_compatibility_level: 5,
            ntlm_min_client_sec: NtlmMinSec::default(),
            ntlm_min_server_sec: NtlmMinSec::default(),
            channel_bindings: Demand::Caller,
            service_name: Demand::Caller,
            service_names: Vec::new(),
            max_lifetime: Duration::from_hours(36),
            allow_blank_passwords: false,
            refuse_reflection: false,
            restrict_sending: RestrictSending::Allow,
            client_allowed_servers: Vec::new(),
            restrict_receiving: RestrictReceiving::Allow,
            require_pac: false,
        }
    }
}

/// `RestrictSendingNTLMTraffic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictSending {
    /// 0: to any server.
    Allow,
    /// 1: to any server, and the log tells.
    Audit,
    /// 2: to the excepted servers only.
    Deny,
}

/// `RestrictReceivingNTLMTraffic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictReceiving {
    /// 0: everybody's.
    Allow,
    /// 1: only those of the machine's own accounts.
    DenyDomainAccounts,
    /// 2: nobody's.
    DenyAll,
}

/// `NtlmMinClientSec`, `NtlmMinServerSec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NtlmMinSec {
    /// Extended session security (0x0008_0000).
    pub ntlm2_session: bool,
    /// 128-bit keys (0x2000_0000).
    pub bits_128: bool,
}

impl Default for NtlmMinSec {
    /// Both, as on Windows since Windows 7.
    fn default() -> Self {
        Self { ntlm2_session: true, bits_128: true }
    }
}

/// How strictly something is demanded from clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Not looked at, whatever the caller passes.
    Off,
    /// As the calling program asks in its flags and buffers.
    Caller,
    /// A wrong value is refused, a missing one is accepted.
    WhenSent,
    /// A wrong or missing value is refused.
    Always,
}

/// Policies of the machine that can change while a program runs
/// (`POLICY_NOTIFICATION_INFORMATION_CLASS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyClass {
    /// The machine's names, as those of the domain of its own accounts.
    AccountDomain,
    /// Whether it is the member of a domain.
    ServerRole,
    /// The DNS name of its domain.
    DnsDomain,
    /// Lifetimes of tickets.
    KerberosTickets,
    /// The machine's own keys.
    MachinePassword,
}

/// A domain whose accounts NTLM clients may have, and that alone knows their secrets.
pub trait DomainAuthority: Send + Sync + fmt::Debug {
    /// Lets the domain compare answers to a challenge (`NetrLogonSamLogon`, [MS-APDS] 3.1.5).
    /// Waits for a bounded time. That nobody could be asked is [`LocalFault::NoAuthority`].
    fn verify(&self, logon: &NetworkLogon) -> Result<DomainLogon>;

    /// What the domain calls this machine, where that is known. Servers call themselves so in
    /// their challenges: domain controllers give keys for answers to the machine's own only.
    fn machine(&self) -> Option<&MachineNames> {
        None
    }
}

/// What a domain says of a client whose answers are right.
#[derive(Debug)]
pub struct DomainLogon {
    /// Who it is, with its SIDs.
    pub client: ClientIdentity,
    /// `UserSessionKey`: NTLM's session base key.
    pub session_key: Secret<16>,
    /// `LMSessionKey`, where the domain tells it.
    pub lm_session_key: Option<Secret<8>>,
}

/// A set of accounts with their secrets.
pub trait AccountSource: Send + Sync + fmt::Debug {
    /// The account that a client named, or why there is none.
    fn find(&self, name: &LogonName<'_>) -> Result<Arc<Account>, NoAccount>;

    /// The account that a client on this machine uses by default, towards this target.
    fn default_account(&self, target: Option<&str>) -> Result<Arc<Account>, NoAccount>;
}

/// A name as a client wrote it into its last message.
#[derive(Debug, Clone, Copy)]
pub struct LogonName<'a> {
    /// May be empty, or the server's own name, or the client's machine.
    pub domain: &'a str,
    /// May be a whole `user@domain` when the domain is empty.
    pub user: &'a str,
}

/// An account of a source.
#[derive(Debug)]
pub struct Account {
    /// The domain in the source's own spelling; empty when the source does not know domains.
    pub domain: String,
    /// The user in the source's own spelling.
    pub user: String,
    /// Its secret.
    pub secret: AccountSecret,
    /// May not log on.
    pub disabled: bool,
    /// What a package made of the secret, so that it is made once.
    pub derived: Derived,
}

/// A place for what a package derives from an account's secret: as secret, and kept as long.
#[derive(Default)]
pub struct Derived(OnceLock<Box<dyn Any + Send + Sync>>);

impl Derived {
    /// What was made before, or is made now; `None` if another package took the place.
    pub fn get_or_make<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get_or_init(|| Box::new(make())).downcast_ref()
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// How a source keeps an account's secret.
#[derive(Debug)]
pub enum AccountSecret {
    /// A password (or nothing, which policy may forbid).
    Proof(Proof),
    /// Hashes, as in an smbpasswd file.
    Hashes {
        /// LM hash, if there is one.
        lm: Option<super::secret::Secret<16>>,
        /// NT hash, if there is one.
        nt: Option<super::secret::Secret<16>>,
    },
}

/// Why a source gave no account. The client is told none of this; the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAccount {
    /// The source is read, and nobody in it has that name.
    Unknown,
    /// Several accounts have that name and the client did not say which domain.
    Ambiguous,
    /// The source cannot be read; the text says what happened.
    Unavailable(String),
}
