//! What a security package is: a table row, credentials, and handshakes that consume their state.

use std::sync::Arc;

use super::bindings::ChannelBindings;
use super::environment::Environment;
use super::error::{CallerFault, Error, Result};
use super::flags::ContextFlags;
use super::identity::{Identity, PackageList};
use super::logon::{LoggedOn, LogonRequest};
use super::message::{MessageProtection, Sizes};
use super::packed::{PackedContext, Role};
use super::secret::SecretText;
use super::target::TargetInformation;
use super::tickets::KerberosCalls;
use super::time::FileTime;

/// The packages there can be. Their numbers are what a packed context carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PackageId {
    /// SPNEGO.
    Negotiate = 1,
    /// Kerberos V5.
    Kerberos = 2,
    /// NTLM.
    Ntlm = 3,
}

/// A row of `EnumerateSecurityPackages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageInfo {
    /// Which one.
    pub id: PackageId,
    /// `fCapabilities`.
    pub capabilities: u32,
    /// `wVersion`.
    pub version: u16,
    /// `wRPCID`.
    pub rpc_id: u16,
    /// `cbMaxToken`.
    pub max_token: u32,
    /// `SecPkgContext_Sizes` of a context that is not complete: bounds for whatever it becomes.
    pub sizes: Sizes,
    /// `Name`, in its canonical case.
    pub name: &'static str,
    /// `Comment`.
    pub comment: &'static str,
}

/// What a credential will be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// To accept clients.
    pub inbound: bool,
    /// To be a client.
    pub outbound: bool,
}

/// The arguments of `AcquireCredentialsHandle` that a package sees.
#[derive(Debug, Default)]
pub struct AcquireRequest {
    /// The name that the credential should belong to; `None` is the caller's own.
    pub principal: Option<String>,
    /// What for.
    pub usage: Usage,
    /// `None` means the default credentials.
    pub identity: Option<Identity>,
    /// The packages that Negotiate may use; comes with explicit identities and with none.
    pub packages: PackageList,
    /// `SECPKG_CRED_AUTOLOGON_RESTRICTED`: the default credentials are not to be used.
    pub autologon_restricted: bool,
    /// `SECPKG_CRED_PROCESS_POLICY_ONLY`: only say whether policy asks for explicit credentials.
    pub policy_only: bool,
}

impl AcquireRequest {
    /// A second request for the same, for a package that asks several others.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            principal: self.principal.clone(),
            usage: self.usage,
            identity: self.identity.as_ref().map(Identity::duplicate),
            packages: self.packages.clone(),
            autologon_restricted: self.autologon_restricted,
            policy_only: self.policy_only,
        }
    }
}

/// One package of the registry.
pub trait SecurityPackage: Send + Sync {
    /// Its row.
    fn info(&self) -> &'static PackageInfo;

    /// Makes a credential. This is no logon: a wrong password is found out later.
    fn acquire(
        &self,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Arc<dyn Credential>>;

    /// The program's half: message protection of a context that this package made. Negotiate,
    /// which knows no package by name, signs its list of mechanisms with it.
    fn protection(&self, context: &PackedContext) -> Result<MessageProtection>;

    /// `SECPKG_ATTR_TARGET_INFORMATION`: what is known of the server of a context that this package
    /// made.
    fn target_information(&self, context: &PackedContext) -> TargetInformation {
        let _ = context;
        TargetInformation::new(self.info().name)
    }

    /// A credential of this package around one that another package made (what was delegated,
    /// what a logon gave): Negotiate takes those of its mechanisms.
    fn adopt(
        &self,
        mechanism: PackageId,
        credential: Arc<dyn Credential>,
    ) -> Result<Arc<dyn Credential>> {
        let _ = (mechanism, credential);
        Err(Error::new(CallerFault::UnknownCredentials, "the package uses no other's credentials"))
    }

    /// Logs a user on (`LsaLogonUser`): the answer says who it is only after the proof was verified.
    fn log_on(&self, request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
        let _ = (request, env);
        Err(Error::new(CallerFault::Unsupported, "the package offers no such logon"))
    }

    /// Changes the password of an account (`ChangeAccountPassword`).
    fn change_password(
        &self,
        change: PasswordChange,
        env: &dyn Environment,
    ) -> Result<(), PasswordRefusal> {
        let _ = (change, env);
        Err(Error::new(CallerFault::Unsupported, "the package changes no passwords").into())
    }
}

/// The arguments of `ChangeAccountPassword`.
#[derive(Debug)]
pub struct PasswordChange {
    /// Domain or realm; may be empty.
    pub domain: String,
    /// The account.
    pub account: String,
    /// Its password.
    pub old: SecretText,
    /// Its password from now on.
    pub new: SecretText,
}

/// Why a password was not changed.
#[derive(Debug)]
pub struct PasswordRefusal {
    /// Why.
    pub error: Error,
    /// The policy that the new password does not fit, if the authority told it.
    pub policy: Option<PasswordPolicy>,
}

impl<E: Into<Error>> From<E> for PasswordRefusal {
    fn from(error: E) -> Self {
        Self { error: error.into(), policy: None }
    }
}

/// `DOMAIN_PASSWORD_INFORMATION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The shortest password, in characters.
    pub min_length: u16,
    /// How many old passwords are remembered.
    pub history_length: u16,
    /// `DOMAIN_PASSWORD_COMPLEX` and its like.
    pub properties: u32,
    /// When a password expires, in 100-ns steps.
    pub max_age: i64,
    /// When it may be changed again, likewise.
    pub min_age: i64,
}

/// A credential. Established contexts outlive it; handshakes hold a reference of their own.
pub trait Credential: Send + Sync {
    /// `SECPKG_CRED_ATTR_NAMES`.
    fn name(&self, env: &dyn Environment) -> Result<String>;

    /// When it expires, UTC.
    fn expiry(&self) -> FileTime {
        FileTime::NEVER
    }

    /// `SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS`: through which server the KDCs are to be asked.
    fn set_kdc_proxy(&self, settings: KdcProxySettings) -> Result<()> {
        let _ = settings;
        Err(Error::new(CallerFault::Unsupported, "the package asks no KDC"))
    }

    /// Whether a handshake in this role can go through as far as this machine knows: there is
    /// something to prove, or something to verify with. Waits for no network. Negotiate offers
    /// only mechanisms that are ready.
    fn ready(&self, role: Role, target: Option<&str>, env: &dyn Environment) -> Result<()> {
        let _ = (role, target, env);
        Ok(())
    }

    /// Adds a credential for one mechanism, or for all that can use it (`AddCredentials`).
    fn add(
        &self,
        package: PackageId,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<()> {
        let _ = (package, request, env);
        Err(Error::new(CallerFault::Unsupported, "the package's credentials are single ones"))
    }

    /// The tickets of the credential, where it is one of Kerberos or has one.
    fn kerberos_calls(&self) -> Option<&dyn KerberosCalls> {
        None
    }

    /// Begins a handshake as client.
    fn initiate(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>>;

    /// Begins a handshake as server.
    fn accept(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>>;
}

/// `SecPkgCredentials_KdcProxySettings`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KdcProxySettings {
    /// The proxy must be used even where a KDC can be reached.
    pub force: bool,
    /// `server[:port[:path]]`.
    pub server: Option<String>,
}

/// What the first call of a handshake fixes.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// The target name as the caller wrote it (clients only).
    pub target: Option<String>,
    /// What the caller requires.
    pub flags: ContextFlags,
}

/// What a call brings.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepInput<'a> {
    /// The peer's token; `None` when there is none or an empty one.
    pub token: Option<&'a [u8]>,
    /// Channel bindings; may come with any call, the last ones given count.
    pub bindings: Option<&'a ChannelBindings>,
}

/// A handshake in progress. A step consumes its state, so that nothing can be done twice.
pub trait Handshake: Send {
    /// Takes the peer's token and gives the next one.
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal>;
}

/// How a step ends.
pub enum Step {
    /// Another token of the peer is needed.
    Continue {
        /// What takes it.
        next: Box<dyn Handshake>,
        /// The token to send; empty when there is none.
        token: Vec<u8>,
        /// What can be said of the context so far.
        progress: Progress,
    },
    /// The handshake is over and everything that had to be verified is.
    Done {
        /// The context, as plain data.
        context: Box<PackedContext>,
        /// The token that must still be sent; empty when there is none.
        token: Vec<u8>,
        /// Servers: what they can go on with in the client's name, as a client of the next
        /// service: what the client delegated, or where the authority permits it.
        delegated: Option<Arc<dyn Credential>>,
        /// The mechanism's last message carried a MIC, so that SPNEGO's is due as well
        /// ([MS-SPNG] 3.2.5.2; NTLM).
        mech_list_mic_due: bool,
    },
}

/// What can be said of a context before it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The package at work (under Negotiate: the current guess).
    pub package: PackageId,
    /// Properties so far; not to be trusted before the end.
    pub flags: ContextFlags,
    /// Servers: whether the client will send no more.
    pub last_client_token: LastClientToken,
    /// How far the negotiation is (`SecPkgContext_NegotiationInfo`).
    pub negotiation: Negotiation,
}

/// `NegotiationState` of `SecPkgContext_NegotiationInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Negotiation {
    /// `SECPKG_NEGOTIATION_COMPLETE`: the package is the one that was asked for.
    #[default]
    Complete,
    /// `SECPKG_NEGOTIATION_OPTIMISTIC`: a guess; the peer has not said anything.
    Optimistic,
    /// `SECPKG_NEGOTIATION_IN_PROGRESS`: agreed, and not yet protected against tampering.
    InProgress,
}

/// `SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastClientToken {
    /// The token was the client's last.
    Yes,
    /// Another one will come.
    No,
    /// It cannot be known yet.
    Maybe,
}

/// A step that failed, with the token that tells the peer (`EXTENDED_ERROR`), if there is one.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub error: Error,
    /// To be sent although the call failed.
    pub token: Option<Vec<u8>>,
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { error: error.into(), token: None }
    }
}
