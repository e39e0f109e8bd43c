//! Access tokens: who a client is, what it may, and what it is on this machine.
//!
//! Holds: the token of a context or logon, as an object that handles name. May use: `logons`,
//! `impersonation`, `spi`. Must not touch: everything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use once_cell::sync::OnceCell;

use super::impersonation;
use super::logons::{LogonId, LogonType, Share};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::logon::LoggedOn;
use crate::spi::package::PackageId;
use crate::spi::packed::{PackedContext, Role};
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;
use crate::spi::token::{ClientIdentity, ImpersonationLevel, Membership, UnixAccount};

/// `TOKEN_TYPE`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum TokenKind {
    /// To start processes with.
    Primary = 1,
    /// To impersonate with.
    Impersonation = 2,
}

/// `TOKEN_SOURCE`: who made a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenSource {
    /// Up to eight ASCII characters, then zeros.
    pub name: [u8; 8],
    /// Which of several of that name.
    pub id: u64,
}

/// What a logon process adds to a token.
#[derive(Debug, Default)]
pub struct Additions {
    /// `SourceContext`
    pub source: Option<TokenSource>,
    /// `LocalGroups`
    pub groups: Vec<Membership>,
}

/// A token. It does not change; duplicates are tokens of their own.
pub struct AccessToken {
    /// Its own number (`TokenId`), which no other token of this process has.
    pub id: u64,
    /// Who it is.
    pub client: ClientIdentity,
    /// Who verified it.
    pub package: PackageId,
    /// The session that it can go on with as a client, where there is one. It lives as long as
    /// the token.
    pub logon: Option<LogonId>,
    /// How the client came.
    pub logon_type: LogonType,
    /// What it is for.
    pub kind: TokenKind,
    /// How far whoever holds it may go.
    pub level: ImpersonationLevel,
    /// Since when, UTC.
    pub start: FileTime,
    /// Until when, UTC.
    pub expiry: FileTime,
    /// Who made it.
    pub source: TokenSource,
    /// Groups that a logon process added.
    added: Vec<Membership>,
    /// Kept for the time of the token.
    session: Option<Arc<Share>>,
    /// Asked when it is needed first; who has an account keeps it.
    account: OnceCell<UnixAccount>,
    environment: Arc<dyn Environment>,
}

impl AccessToken {
    /// The account of this machine that the client is. A name service may be waited for.
    pub fn unix_account(&self) -> Result<&UnixAccount> {
        self.account.get_or_try_init(|| {
            // Not every user may ask winbindd, and no thread of ours is to be a client's.
            let _process = impersonation::suspend();
            self.environment.unix_account(&self.client)
        })
    }

    /// `TokenUser`: by a domain's word, or the well-known one of nobody; `None` for a client of
    /// whom only the name was verified.
    pub fn user(&self) -> Option<Sid> {
        if self.client.anonymous {
            return Sid::new(NT_AUTHORITY, &[ANONYMOUS]);
        }
        self.client.authorization.as_ref()?.user.clone()
    }

    /// `TokenPrimaryGroup`
    pub fn primary_group(&self) -> Option<Sid> {
        self.client.authorization.as_ref()?.primary_group.clone()
    }

    /// `TokenGroups`: first what the domain says, then what the logon process added, then what
    /// Windows' authority adds of its own knowledge: everybody, how the client came, that it was
    /// authenticated.
    pub fn groups(&self) -> Vec<Membership> {
        let mut groups = match &self.client.authorization {
            Some(authorization) => authorization.groups.clone(),
            None => Vec::new(),
        };
        let well_known = self.well_known_groups().into_iter();
        let well_known = well_known.map(|sid| Membership { sid, attributes: ENABLED });
        for other in self.added.iter().cloned().chain(well_known) {
            if groups.iter().all(|group| group.sid != other.sid) {
                groups.push(other);
            }
        }
        groups
    }

    /// Whether an enabled group of the token, or its user, is this one (`CheckTokenMembership`).
    pub fn is_member(&self, sid: &Sid) -> bool {
        let counts = |group: &Membership| {
            group.attributes & (SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY) == SE_GROUP_ENABLED
        };
        self.user().as_ref() == Some(sid)
            || self.groups().iter().any(|group| group.sid == *sid && counts(group))
    }

    fn well_known_groups(&self) -> Vec<Sid> {
        let below_nt = |numbers: &[u32]| Sid::new(NT_AUTHORITY, numbers);
        let came = below_nt(&[came_by(self.logon_type)]);
        if self.client.anonymous {
            // Everybody is nobody since Windows XP (EveryoneIncludesAnonymous).
            return came.into_iter().collect();
        }
        let everybody = Sid::new(WORLD_AUTHORITY, &[0]);
        let authenticated = below_nt(&[AUTHENTICATED_USERS]);
        let ntlm = (self.package == PackageId::Ntlm).then(|| below_nt(&NTLM_AUTHENTICATION));
        [everybody, came, authenticated, ntlm.flatten()].into_iter().flatten().collect()
    }

    fn new(
        client: ClientIdentity,
        package: PackageId,
        session: Option<Share>,
        environment: Arc<dyn Environment>,
    ) -> Self {
        Self {
            id: next_id(),
            client,
            package,
            logon: session.as_ref().map(Share::logon),
            logon_type: LogonType::Network,
            kind: TokenKind::Impersonation,
            level: ImpersonationLevel::Anonymous,
            start: FileTime(0),
            expiry: FileTime::NEVER,
            source: TokenSource { name: source_name(package), id: 0 },
            added: Vec::new(),
            session: session.map(Arc::new),
            account: OnceCell::new(),
            environment,
        }
    }
}

/// The token of a server's context.
pub fn token_of_context(context: &PackedContext) -> Result<Arc<AccessToken>> {
    let client = context.client.as_deref().filter(|_| context.role == Role::Acceptor);
    let client = client.ok_or_else(|| {
        Error::new(CallerFault::NoImpersonation, "only a server's context has a client's token")
    })?;
    let session = context.logon.and_then(Share::of);
    let environment = super::environment()?;
    Ok(Arc::new(AccessToken {
        level: level_of(client, context.flags),
        start: context.start,
        expiry: context.expiry,
        ..AccessToken::new(client.clone(), context.package, session, environment)
    }))
}

/// The token of a user who was logged on.
pub(super) fn token_of_logon(
    who: &LoggedOn,
    logon_type: LogonType,
    additions: Additions,
    session: Share,
    environment: Arc<dyn Environment>,
) -> Arc<AccessToken> {
    let source = TokenSource { name: source_name(who.package), id: 0 };
    let impersonates = logon_type.impersonates();
    let level = if who.client.anonymous { ImpersonationLevel::Anonymous } else { who.level };
    let start = environment.now();
    Arc::new(AccessToken {
        logon_type,
        kind: if impersonates { TokenKind::Impersonation } else { TokenKind::Primary },
        level,
        start,
        expiry: who.logoff_time,
        source: additions.source.unwrap_or(source),
        added: additions.groups,
        ..AccessToken::new(who.client.clone(), who.package, Some(session), environment)
    })
}

/// Another token of the same client, of this kind and at most its level. Who holds a primary token
/// was logged on and may be impersonated at any level; a primary token has none of its own.
pub fn duplicate_token(
    token: &Arc<AccessToken>,
    kind: TokenKind,
    level: ImpersonationLevel,
) -> Result<Arc<AccessToken>> {
    let impersonates = token.level >= ImpersonationLevel::Impersonation;
    let highest = match token.kind {
        TokenKind::Primary if impersonates => ImpersonationLevel::Delegation,
        _ => token.level,
    };
    let (wanted, level) = match kind {
        TokenKind::Primary => (ImpersonationLevel::Impersonation, token.level),
        TokenKind::Impersonation => (level, level),
    };
    if wanted > highest {
        let story = format!("a token of level {highest:?} cannot be raised to {wanted:?}");
        return Err(Error::new(CallerFault::NoImpersonation, story));
    }
    Ok(Arc::new(AccessToken {
        id: next_id(),
        client: token.client.clone(),
        kind,
        level,
        added: token.added.clone(),
        session: token.session.clone(),
        account: token.account.clone(),
        environment: Arc::clone(&token.environment),
        ..**token
    }))
}

/// SECURITY_WORLD_SID_AUTHORITY
const WORLD_AUTHORITY: u64 = 1;
/// SECURITY_NT_AUTHORITY
const NT_AUTHORITY: u64 = 5;
/// The numbers of [MS-DTYP] 2.4.2.4.
const ANONYMOUS: u32 = 7;
const AUTHENTICATED_USERS: u32 = 11;
const NTLM_AUTHENTICATION: [u32; 2] = [64, 10];
const SE_GROUP_ENABLED: u32 = 4;
const SE_GROUP_USE_FOR_DENY_ONLY: u32 = 0x10;
/// SE_GROUP_MANDATORY, SE_GROUP_ENABLED_BY_DEFAULT, SE_GROUP_ENABLED
const ENABLED: u32 = 1 | 2 | SE_GROUP_ENABLED;

/// NETWORK, BATCH, INTERACTIVE, SERVICE
const fn came_by(logon_type: LogonType) -> u32 {
    match logon_type {
        LogonType::Network | LogonType::NetworkCleartext => 2,
        LogonType::Batch => 3,
        LogonType::Interactive | LogonType::Unlock | LogonType::RemoteInteractive => 4,
        LogonType::Service => 6,
    }
}

fn level_of(client: &ClientIdentity, flags: ContextFlags) -> ImpersonationLevel {
    if client.anonymous {
        ImpersonationLevel::Anonymous
    } else if flags.contains(ContextFlags::IDENTIFY) {
        ImpersonationLevel::Identification
    } else if flags.contains(ContextFlags::DELEGATE) {
        ImpersonationLevel::Delegation
    } else {
        ImpersonationLevel::Impersonation
    }
}

/// The names that Windows' packages give themselves as the source of a token.
const fn source_name(package: PackageId) -> [u8; 8] {
    match package {
        PackageId::Negotiate => *b"Negotiat",
        PackageId::Kerberos => *b"Kerberos",
        PackageId::Ntlm => *b"NtLmSsp ",
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::lsa::logons;
    use crate::spi::token::Authorization;

    /// A token of a client by this name, of a network logon.
    pub fn token(account: &str) -> Arc<AccessToken> {
        let client = ClientIdentity { account: account.into(), ..ClientIdentity::default() };
        Arc::new(AccessToken {
            level: ImpersonationLevel::Impersonation,
            ..AccessToken::new(
                client,
                PackageId::Kerberos,
                None,
                crate::lsa::environment().unwrap(),
            )
        })
    }

    /// A token of somebody who is this account here.
    pub fn token_of(account: UnixAccount) -> Arc<AccessToken> {
        let token = token(&account.name);
        token.account.set(account).unwrap();
        token
    }

    fn of(token: &Arc<AccessToken>, kind: TokenKind, level: ImpersonationLevel) -> AccessToken {
        AccessToken {
            kind,
            level,
            ..Arc::into_inner(
                duplicate_token(token, TokenKind::Impersonation, token.level).unwrap(),
            )
            .unwrap()
        }
    }

    fn sids(token: &AccessToken) -> Vec<String> {
        token.groups().iter().map(|group| group.sid.to_string()).collect()
    }

    #[test]
    fn a_client_without_sids_has_the_well_known_ones() {
        let alice = token("alice");
        assert_eq!((alice.user(), alice.primary_group()), (None, None));
        assert_eq!(sids(&alice), ["S-1-1-0", "S-1-5-2", "S-1-5-11"]);
        assert!(alice.is_member(&"S-1-5-11".parse().unwrap()));
        assert!(!alice.is_member(&"S-1-5-32-544".parse().unwrap()));
    }

    #[test]
    fn n15_nobody_is_neither_everybody_nor_authenticated() {
        let client = ClientIdentity { anonymous: true, ..ClientIdentity::default() };
        let environment = crate::lsa::environment().unwrap();
        let nobody = AccessToken::new(client, PackageId::Ntlm, None, environment);
        assert_eq!(nobody.user().unwrap().to_string(), "S-1-5-7");
        assert_eq!(sids(&nobody), ["S-1-5-2"]);
    }

    #[test]
    fn what_the_domain_says_comes_first_and_once() {
        let mut alice =
            of(&token("alice"), TokenKind::Impersonation, ImpersonationLevel::Delegation);
        let group = |text: &str, attributes| Membership { sid: text.parse().unwrap(), attributes };
        alice.client.authorization = Some(Authorization {
            user: Some("S-1-5-21-1-2-3-1104".parse().unwrap()),
            groups: vec![
                group("S-1-5-21-1-2-3-513", 7),
                group("S-1-5-11", 7),
                group("S-1-5-9", 0x10),
            ],
            ..Authorization::default()
        });
        let expected = ["S-1-5-21-1-2-3-513", "S-1-5-11", "S-1-5-9", "S-1-1-0", "S-1-5-2"];
        assert_eq!(sids(&alice), expected);
        let member = |text: &str| alice.is_member(&text.parse().unwrap());
        assert!(member("S-1-5-21-1-2-3-1104") && member("S-1-5-21-1-2-3-513"));
        assert!(!member("S-1-5-9"), "a group that can only deny lets nobody in");
    }

    #[test]
    fn l10_duplicates_are_never_raised() {
        use ImpersonationLevel::{Anonymous, Delegation, Identification, Impersonation};
        let levels = [Anonymous, Identification, Impersonation, Delegation];
        for level in levels {
            let token = Arc::new(of(&token("alice"), TokenKind::Impersonation, level));
            for wanted in levels {
                let copy = duplicate_token(&token, TokenKind::Impersonation, wanted);
                assert_eq!(copy.is_ok(), wanted <= level, "{level:?} {wanted:?}");
                assert!(copy.is_err() || copy.unwrap().level == wanted);
            }
            let primary = duplicate_token(&token, TokenKind::Primary, Anonymous);
            assert_eq!(primary.is_ok(), level >= Impersonation, "{level:?}");
            let token = Arc::new(of(&token, TokenKind::Primary, level));
            let raised = duplicate_token(&token, TokenKind::Impersonation, Delegation);
            assert_eq!(raised.is_ok(), level >= Impersonation, "{level:?}");
        }
    }

    #[test]
    fn a_session_lives_as_long_as_a_token_or_the_context() {
        let environment = crate::lsa::environment().unwrap();
        let session = logons::tests::begin(Arc::clone(&environment));
        let share = Share::of(session).unwrap();
        let client = ClientIdentity::default();
        let token = AccessToken::new(client, PackageId::Kerberos, Some(share), environment);
        let token = Arc::new(AccessToken { level: ImpersonationLevel::Impersonation, ..token });
        assert_eq!(token.logon, Some(session));
        let copy = duplicate_token(&token, TokenKind::Primary, token.level).unwrap();
        assert_ne!(copy.id, token.id);
        logons::release_logon(session);
        drop(token);
        assert!(logons::logons().contains(&session));
        drop(copy);
        assert!(!logons::logons().contains(&session));
    }
}
