//! Which account a client means, and whether it may log on.

use std::sync::Arc;

use super::response::{Offered, ResponseVerified, anonymous_key};
use super::{Issued, domain};
use crate::ntlm::accounts::Hashes;
use crate::ntlm::charset::Charset;
use crate::ntlm::credential::{NtlmCredential, qualified};
use crate::ntlm::keys::Key;
use crate::ntlm::negotiation::Compatibility;
use crate::ntlm::restrict;
use crate::spi::environment::{Account, DomainAuthority, Environment, LogonName, NoAccount};
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::identity::Proof;
use crate::spi::logon::NetworkLogon;
use crate::spi::package::Opening;
use crate::spi::text::upcase;
use crate::spi::token::ClientIdentity;
use crate::wire::ntlm::{Authenticate, NegotiateFlags};

/// The names of the client's last message.
pub struct Logon {
    pub(super) domain: String,
    pub(super) user: String,
    /// The client's machine, as it says.
    pub(super) workstation: String,
    /// `ParameterControl`, for the domain.
    pub(super) control: u32,
    /// The client's flag says that it is nobody.
    claims_anonymous: bool,
}

/// How the names of a logon may have been written into its key.
pub struct Names<'a> {
    users: Vec<String>,
    domains: [&'a str; 3],
}

impl Logon {
    /// Reads the names.
    pub fn read(message: &Authenticate<'_>, charset: Charset) -> Result<Self> {
        let flags = message.flags.unwrap_or_default();
        Ok(Self {
            domain: charset.decode(message.domain)?,
            user: charset.decode(message.user)?,
            workstation: charset.decode(message.workstation).unwrap_or_default(),
            control: domain::ALLOW_MACHINES,
            claims_anonymous: flags.contains(NegotiateFlags::ANONYMOUS),
        })
    }

    /// The names of a logon without a handshake.
    pub const fn of_names(domain: String, user: String) -> Self {
        let workstation = String::new();
        Self { domain, user, workstation, control: domain::ALLOW_MACHINES, claims_anonymous: false }
    }

    /// The names of answers to a challenge.
    pub fn of_network(logon: &NetworkLogon) -> Self {
        Self {
            workstation: logon.workstation.clone(),
            control: logon.control,
            ..Self::of_names(logon.domain.clone(), logon.user.clone())
        }
    }

    /// Lets a client prove itself, or accepts that it is nobody.
    pub fn prove(
        &self,
        credential: &NtlmCredential,
        opening: &Opening,
        offered: &Offered<'_>,
        flags: NegotiateFlags,
        issued: &Issued,
        env: &dyn Environment,
    ) -> Result<ResponseVerified> {
        let nothing = matches!(offered, Offered::Nothing);
        if nothing && self.user.is_empty() {
            return accept_anonymous(opening);
        }
        if nothing || self.user.is_empty() || self.claims_anonymous {
            let story = "the client is half anonymous: a name without a response, or the reverse";
            return Err(Error::new(PeerFault::LogonDenied, story));
        }
        self.compare(Some(credential), offered, flags, issued, env)
    }

    /// Compares the response, always and before anything else is said about the account, so that
    /// neither the answer nor its time tells whether there is one.
    pub fn compare(
        &self,
        credential: Option<&NtlmCredential>,
        offered: &Offered<'_>,
        flags: NegotiateFlags,
        issued: &Issued,
        env: &dyn Environment,
    ) -> Result<ResponseVerified> {
        let policy = env.policy();
        offered.is_allowed(policy)?;
        let found = match self.find(credential, env) {
            Ok(Known::ByDomain(domain)) => {
                return domain::compare(domain, self, offered, flags, issued, env)
                    .map_err(|error| error.context(self));
            }
            Ok(Known::Here(found)) => Ok(found),
            Err(error) => Err(error),
        };
        let known =
            found.as_ref().ok().and_then(Found::hashes).filter(|h| offered.verifies_with(h));
        let upper_domain = upcase(&self.domain);
        let names = Names::new(&self.user, [&self.domain, &upper_domain, ""]);
        let compared = if let Some(hashes) = known {
            Ok(Compared {
                key: offered.matches(hashes, &names, flags, issued),
                blank: hashes.are_blank() && !policy.allow_blank_passwords,
            })
        } else {
            let nobody = Hashes::of_nobody(policy.server_accepts_lm());
            // The password of nobody is no secret: whatever comes of it is thrown away.
            drop(std::hint::black_box(offered.matches(&nobody, &names, flags, issued)));
            Err("the account has no secret that NTLM could verify against")
        };
        let found = found.map_err(|error| error.context(self))?;
        let allowed = compared.and_then(|compared| found.may_log_on(compared, env));
        allowed.map_err(|story| Error::new(PeerFault::LogonDenied, story).context(self))
    }

    /// Compares a password, as carefully as a response.
    pub fn prove_password(&self, proof: &Proof, env: &dyn Environment) -> Result<ResponseVerified> {
        let policy = env.policy();
        let given = Hashes::of_proof(proof, false).and_then(|hashes| hashes.nt);
        let found = match self.find(None, env) {
            Ok(Known::ByDomain(domain)) => {
                return domain::compare_password(domain, self, proof, env)
                    .map_err(|error| error.context(self));
            }
            Ok(Known::Here(found)) => Ok(found),
            Err(error) => Err(error),
        };
        let known = found.as_ref().ok().and_then(Found::hashes).filter(|h| h.nt.is_some());
        let compared = if let Some(hashes) = known {
            Ok(Compared {
                blank: hashes.are_blank() && !policy.allow_blank_passwords,
                key: given.filter(|given| hashes.nt.as_ref() == Some(given)),
            })
        } else {
            let _ = std::hint::black_box(Hashes::of_nobody(false).nt == given);
            Err("the account has no secret that NTLM could verify against")
        };
        let found = found.map_err(|error| error.context(self))?;
        let allowed = compared.and_then(|compared| found.may_log_on(compared, env));
        allowed.map_err(|story| Error::new(PeerFault::LogonDenied, story).context(self))
    }

    /// The credential's own account, then those of the file, then those of the domain.
    fn find<'a>(
        &self,
        credential: Option<&NtlmCredential>,
        env: &'a dyn Environment,
    ) -> Result<Known<'a>> {
        let name = LogonName { domain: &self.domain, user: &self.user };
        let with_lm = env.policy().server_accepts_lm();
        if let Some(own) = credential.and_then(|credential| credential.own_account(&name)) {
            return Ok(Known::Here(Found {
                domain: own.domain.clone(),
                user: own.user.clone(),
                hashes: Some(own.hashes.duplicate(with_lm)),
                disabled: false,
            }));
        }
        let has_account = credential.is_some_and(NtlmCredential::has_account);
        let reason = match env.accounts().map(|source| source.find(&name)) {
            Some(Ok(account)) => return Ok(Known::Here(Found::of(&account, with_lm))),
            Some(Err(reason)) => Some(reason),
            None => has_account.then_some(NoAccount::Unknown),
        };
        match (reason, env.domain()) {
            (None | Some(NoAccount::Unknown), Some(domain)) => Ok(Known::ByDomain(domain)),
            (Some(reason), _) => Err(no_account(reason)),
            (None, None) => Err(no_source()),
        }
    }
}

/// More of a stranger's name does not go to the log.
const MAX_SHOWN: usize = 256;

impl std::fmt::Display for Logon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name: String = qualified(&self.domain, &self.user).chars().take(MAX_SHOWN).collect();
        write!(f, "logon of {name:?}")
    }
}

impl<'a> Names<'a> {
    /// Of a user, and of the domain in its spellings.
    pub fn new(user: &str, domains: [&'a str; 3]) -> Self {
        let mut users = vec![upcase(user)];
        if !user.is_ascii() {
            users.extend([user.to_ascii_uppercase(), user.to_uppercase()]);
            users.dedup();
        }
        Self { users, domains }
    }

    /// Every user with every domain, each once.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, &'a str)> {
        let [sent, upper, empty] = self.domains;
        let domains = [
            Some(sent),
            Some(upper).filter(|&upper| upper != sent),
            Some(empty).filter(|&empty| empty != sent),
        ];
        self.users.iter().flat_map(move |user| {
            domains.into_iter().flatten().map(move |domain| (user.as_str(), domain))
        })
    }
}

/// What came of comparing the response with an account's own hashes.
struct Compared {
    /// `KeyExchangeKey`, if the response was made with them.
    key: Option<Key>,
    /// The password is empty, and may not be.
    blank: bool,
}

/// Who knows an account.
enum Known<'a> {
    Here(Found),
    ByDomain(&'a dyn DomainAuthority),
}

/// An account that is there.
struct Found {
    domain: String,
    user: String,
    hashes: Option<Hashes>,
    disabled: bool,
}

impl Found {
    fn of(account: &Arc<Account>, with_lm: bool) -> Self {
        Self {
            domain: account.domain.clone(),
            user: account.user.clone(),
            hashes: Hashes::of_account(account, with_lm),
            disabled: account.disabled,
        }
    }

    const fn hashes(&self) -> Option<&Hashes> {
        self.hashes.as_ref()
    }

    /// The proof, or why there is none.
    fn may_log_on(
        self,
        compared: Compared,
        env: &dyn Environment,
    ) -> Result<ResponseVerified, &'static str> {
        let key_exchange_key = compared.key.ok_or("the response does not prove the password")?;
        if compared.blank {
            return Err("the account's password is empty, which policy forbids");
        }
        if self.disabled {
            return Err("the account is disabled");
        }
        let machine = domain::machine(env);
        let domain = match self.domain {
            domain if domain.is_empty() => machine.netbios_computer.clone(),
            domain => domain,
        };
        restrict::account(env.policy(), machine, &domain)?;
        Ok(ResponseVerified {
            key_exchange_key,
            client_name: qualified(&domain, &self.user),
            client: ClientIdentity {
                account: self.user,
                domain: domain.clone(),
                ..ClientIdentity::default()
            },
            authority: Some(domain),
            lm_session_key: None,
            anonymous: false,
        })
    }
}

/// Never a guest: an anonymous client is accepted as such or not at all.
fn accept_anonymous(opening: &Opening) -> Result<ResponseVerified> {
    if !opening.flags.contains(ContextFlags::NULL_SESSION) {
        let story = "the client is anonymous, and the server did not allow that";
        return Err(Error::new(PeerFault::AnonymousRefused, story));
    }
    Ok(ResponseVerified {
        key_exchange_key: anonymous_key(),
        client_name: String::new(),
        client: ClientIdentity { anonymous: true, ..ClientIdentity::default() },
        authority: None,
        lm_session_key: None,
        anonymous: true,
    })
}

/// Nobody could say who a client is.
pub fn no_source() -> Error {
    let story = "no account source is configured (NTLM_USER_FILE), and winbindd is not there";
    Error::new(LocalFault::NoAccounts, story)
}

fn no_account(reason: NoAccount) -> Error {
    let (fault, story): (Fault, _) = match reason {
        NoAccount::Unknown => {
            (PeerFault::LogonDenied.into(), "the account source does not know it".to_owned())
        }
        NoAccount::Ambiguous => {
            let story = "several accounts have this name, and the client names no domain";
            (PeerFault::LogonDenied.into(), story.to_owned())
        }
        NoAccount::Unavailable(story) => (LocalFault::NoAccounts.into(), story),
    };
    Error::new(fault, story)
}
