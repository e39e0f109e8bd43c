//! Credentials: who a client speaks for, and an account that a server knows besides the source.

use std::sync::Arc;

use super::accounts::Hashes;
use super::keys::V2Key;
use super::negotiation::Compatibility;
use super::{client, restrict, server, verify};
use crate::spi::environment::{Account, Environment, LogonName, NoAccount};
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::identity::{Identity, Proof};
use crate::spi::package::{AcquireRequest, Credential, Handshake, Opening, Usage};
use crate::spi::packed::Role;
use crate::spi::text::{same_name, upcase};

/// The longest name that a field of the protocol can hold, in bytes.
const MAX_NAME: usize = 0xFFFF;

/// A credential.
pub struct NtlmCredential {
    usage: Usage,
    principal: Option<String>,
    owner: Owner,
    /// `MachineID` of `Single_Host_Data`. Nothing may be read from it, so it is a fresh number.
    pub machine_id: [u8; 32],
}

/// Whose credential it is.
enum Owner {
    /// The account source's, looked up when it is needed.
    Default,
    /// Nobody's.
    Anonymous,
    /// An explicit identity's.
    Explicit(KnownAccount),
}

/// An account whose secret we have.
pub struct KnownAccount {
    /// The domain as given, or empty.
    pub domain: String,
    /// The user as given.
    pub user: String,
    /// Hashes of its password.
    pub hashes: Hashes,
    /// `NTOWFv2` of exactly these names.
    pub v2: Option<V2Key>,
}

/// Who a client speaks for, at the time when it must prove it.
pub enum Speaker {
    /// Nobody.
    Anonymous,
    /// An account.
    Account(Arc<NtlmCredential>),
    /// The account source's default account.
    Default(Box<KnownAccount>),
}

impl NtlmCredential {
    /// Takes an identity over: its password becomes hashes here.
    pub fn new(request: AcquireRequest, env: &dyn Environment) -> Result<Self> {
        let owner = match request.identity {
            None => Owner::Default,
            Some(identity) if is_nobody(&identity) => Owner::Anonymous,
            Some(identity) => Owner::Explicit(KnownAccount::of_identity(identity, env)?),
        };
        let mut machine_id = [0; 32];
        env.random(&mut machine_id)?;
        Ok(Self { usage: request.usage, principal: request.principal, owner, machine_id })
    }

    /// Whether a client with this credential and these requirements is anonymous.
    pub const fn is_anonymous(&self, asked: ContextFlags) -> bool {
        matches!(self.owner, Owner::Anonymous) || asked.contains(ContextFlags::NULL_SESSION)
    }

    /// The account to prove.
    pub fn speaker(self: Arc<Self>, opening: &Opening, env: &dyn Environment) -> Result<Speaker> {
        if self.is_anonymous(opening.flags) {
            return Ok(Speaker::Anonymous);
        }
        match &self.owner {
            Owner::Default => {
                let account = self.default_account(opening.target.as_deref(), env)?;
                Ok(Speaker::Default(Box::new(account)))
            }
            Owner::Explicit(account) if account.user.is_empty() => {
                Err(no_credentials("the identity names no user"))
            }
            Owner::Anonymous | Owner::Explicit(_) => Ok(Speaker::Account(self)),
        }
    }

    /// The account that a server knows by this credential alone, if the client means it.
    pub fn own_account(&self, name: &LogonName<'_>) -> Option<&KnownAccount> {
        let Owner::Explicit(account) = &self.owner else { return None };
        account.is_meant_by(name).then_some(account)
    }

    /// Whether the credential brings an account of its own.
    pub const fn has_account(&self) -> bool {
        matches!(self.owner, Owner::Explicit(_))
    }

    fn default_account(&self, target: Option<&str>, env: &dyn Environment) -> Result<KnownAccount> {
        let (account, hashes) = self.default_secret(target, env)?;
        KnownAccount::new(account.domain.clone(), account.user.clone(), hashes)
    }

    /// The default account, if it can be proved: without the key that is made of its names.
    fn default_secret(
        &self,
        target: Option<&str>,
        env: &dyn Environment,
    ) -> Result<(Arc<Account>, Hashes)> {
        let source =
            env.accounts().ok_or_else(|| no_credentials("no account source is configured"))?;
        let account = source.default_account(target).map_err(|reason| {
            no_credentials(&match reason {
                NoAccount::Unknown | NoAccount::Ambiguous => {
                    "the account source has no account for this target".to_owned()
                }
                NoAccount::Unavailable(story) => story,
            })
        })?;
        let policy = env.policy();
        let hashes = Hashes::of_account(&account, policy.client_sends_lm())
            .filter(|hashes| hashes.nt.is_some())
            .filter(|hashes| policy.allow_blank_passwords || !hashes.are_blank())
            .ok_or_else(|| no_credentials("the default account has no secret for NTLM"))?;
        match &self.principal {
            Some(principal) if !is_called(&account, principal) => {
                Err(no_credentials("the default account is not the principal that was asked for"))
            }
            _ => Ok((account, hashes)),
        }
    }
}

impl Speaker {
    /// The account, unless anonymous.
    pub fn account(&self) -> Option<&KnownAccount> {
        match self {
            Self::Anonymous => None,
            Self::Default(account) => Some(account),
            Self::Account(credential) => match &credential.owner {
                Owner::Explicit(account) => Some(account),
                Owner::Default | Owner::Anonymous => None,
            },
        }
    }
}

impl KnownAccount {
    fn of_identity(identity: Identity, env: &dyn Environment) -> Result<Self> {
        let policy = env.policy();
        let with_lm = policy.client_sends_lm() || policy.server_accepts_lm();
        let hashes = Hashes::of_proof(&identity.proof, with_lm).ok_or_else(|| {
            Error::new(CallerFault::UnknownCredentials, "NTLM cannot use a keytab")
        })?;
        let domain = identity.domain.unwrap_or_default();
        Self::new(domain, identity.user.unwrap_or_default(), hashes)
    }

    fn new(domain: String, user: String, hashes: Hashes) -> Result<Self> {
        for (what, name) in [("domain", &domain), ("user", &user)] {
            if name.encode_utf16().count() * 2 > MAX_NAME {
                let story = format!("NTLM cannot carry a {what} name that long");
                return Err(Error::new(CallerFault::InvalidParameter, story));
            }
        }
        let v2 = hashes.nt.as_ref().map(|nt| V2Key::new(nt, &upcase(&user), &domain));
        Ok(Self { domain, user, hashes, v2 })
    }

    /// `DOMAIN\user`, or the user alone.
    pub fn qualified_name(&self) -> String {
        qualified(&self.domain, &self.user)
    }

    /// The rule of account files: the same user, and the same domain where both name one.
    fn is_meant_by(&self, name: &LogonName<'_>) -> bool {
        let same_domain = |domain: &str| {
            domain.is_empty() || self.domain.is_empty() || same_name(domain, &self.domain)
        };
        let principal = || {
            let (user, domain) = name.user.rsplit_once('@')?;
            Some(name.domain.is_empty() && same_name(user, &self.user) && same_domain(domain))
        };
        let plain = same_name(name.user, &self.user) && same_domain(name.domain);
        plain || principal().unwrap_or(false)
    }
}

fn is_called(account: &Account, principal: &str) -> bool {
    same_name(principal, &account.user)
        || same_name(principal, &qualified(&account.domain, &account.user))
}

/// Nothing is given, or nothing but empty texts.
fn is_nobody(identity: &Identity) -> bool {
    let empty = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
    empty(&identity.user) && empty(&identity.domain) && matches!(identity.proof, Proof::None)
}

/// `DOMAIN\user`, or the user alone.
pub fn qualified(domain: &str, user: &str) -> String {
    if domain.is_empty() { user.to_owned() } else { [domain, "\\", user].concat() }
}

/// What is handed out: the credential, shared with its handshakes.
pub struct Shared(pub Arc<NtlmCredential>);

impl Credential for Shared {
    fn name(&self, env: &dyn Environment) -> Result<String> {
        match &self.0.owner {
            Owner::Default => Ok(self.0.default_account(None, env)?.qualified_name()),
            Owner::Anonymous => Ok(String::new()),
            Owner::Explicit(account) => Ok(account.qualified_name()),
        }
    }

    fn ready(&self, role: Role, target: Option<&str>, env: &dyn Environment) -> Result<()> {
        match role {
            // Asked before there is a target: it may become one of the excepted.
            Role::Initiator if target.is_none() && restrict::has_exceptions(env.policy()) => {}
            Role::Initiator => restrict::may_send(env.policy(), target)?,
            Role::Acceptor => restrict::receiving(env.policy())?,
        }
        match (role, &self.0.owner) {
            (Role::Initiator, Owner::Default) => self.0.default_secret(target, env).map(drop),
            (Role::Initiator, Owner::Explicit(account)) if account.user.is_empty() => {
                Err(no_credentials("the identity names no user"))
            }
            (Role::Initiator, Owner::Anonymous | Owner::Explicit(_)) => Ok(()),
            (Role::Acceptor, _) if self.0.has_account() || env.accounts().is_some() => Ok(()),
            (Role::Acceptor, _) if env.domain().is_some() => Ok(()),
            (Role::Acceptor, _) => Err(verify::no_source()),
        }
    }

    fn initiate(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.0.usage.outbound, "outbound")?;
        restrict::sending(env.policy(), opening.target.as_deref())?;
        let target = opening.target.as_deref().unwrap_or_default();
        if target.encode_utf16().count() * 2 > MAX_NAME {
            let story = "NTLM cannot carry a target name that long";
            return Err(Error::new(CallerFault::InvalidParameter, story));
        }
        Ok(Box::new(client::Start::new(Arc::clone(&self.0), opening)))
    }

    fn accept(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.0.usage.inbound, "inbound")?;
        restrict::receiving(env.policy())?;
        Ok(Box::new(server::Start::new(Arc::clone(&self.0), opening)))
    }
}

fn acquired_for(allowed: bool, what: &str) -> Result<()> {
    if allowed {
        return Ok(());
    }
    let story = format!("the credential was not acquired for {what} use");
    Err(Error::new(CallerFault::UnknownCredentials, story))
}

fn no_credentials(story: &str) -> Error {
    Error::new(LocalFault::NoCredentials, story)
}
