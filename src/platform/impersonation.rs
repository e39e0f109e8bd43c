//! The calling thread as an account of this machine.
//!
//! Holds: the way there and back. May use: `sys`, `spi`. Must not touch: everything else.
//!
//! Only the calling thread changes. Effective user, group, supplementary groups and capabilities
//! are the account's; real and saved ids and the permitted capabilities are kept for the way back.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;

use super::sys::{Failed, ThreadIdentity};
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::token::UnixAccount;

/// A thread that acts as an account, and who it was before.
#[derive(Debug)]
pub struct Own {
    identity: ThreadIdentity,
    account: UnixAccount,
    /// It is the account already: only capabilities come and go.
    same: bool,
}

impl Own {
    /// The calling thread is the account from now on. A failure changes nothing.
    pub fn leave_for(account: UnixAccount) -> Result<Self> {
        let identity = ThreadIdentity::current().map_err(|failed| refused(&account, &failed))?;
        let same = is_same(&identity, &account);
        if !same && !identity.capabilities.may_become_anyone() {
            let who = &account.name;
            let story =
                format!("this process may not act as {who}: it needs CAP_SETUID and CAP_SETGID");
            return Err(Error::new(CallerFault::NoImpersonation, story));
        }
        let own = Self { identity, account, same };
        own.go().map_err(|failed| {
            own.come_back();
            refused(&own.account, &failed)
        })?;
        Ok(own)
    }

    /// The account that the calling thread is already.
    pub fn current_account() -> Result<UnixAccount> {
        let identity = ThreadIdentity::current().map_err(|Failed { call, error }| {
            Error::new(LocalFault::Internal, format!("{call}: {error}"))
        })?;
        let (user, group, groups) = (identity.user, identity.group, identity.groups);
        let name = super::sys::user_name(user).unwrap_or_else(|| user.to_string());
        Ok(UnixAccount { name, user, group, groups, home: String::new() })
    }

    /// Whom the thread acts as.
    pub const fn account(&self) -> &UnixAccount {
        &self.account
    }

    /// The calling thread is its own again. Where the kernel does not allow that, the process
    /// ends: nothing that it went on to do would be safe.
    pub fn come_back(&self) {
        let back = if self.same { self.identity.raise() } else { self.identity.come_back() };
        if let Err(failed) = back {
            give_up("come back to its own identity", &failed);
        }
    }

    /// The calling thread, which is its own for the moment, is the account once more.
    pub fn leave_again(&self) {
        if let Err(failed) = self.go() {
            give_up("go on as its client", &failed);
        }
    }

    fn go(&self) -> Result<(), Failed> {
        if self.same {
            return self.identity.lower();
        }
        let UnixAccount { user, group, groups, .. } = &self.account;
        self.identity.leave_for(*user, *group, groups)
    }
}

/// Whether the thread has the account's user and groups. In which order, and whether the primary
/// group is among the others, does not matter.
fn is_same(identity: &ThreadIdentity, account: &UnixAccount) -> bool {
    let all = |groups: &[u32]| groups.iter().copied().chain([account.group]).collect();
    let (own, theirs): (BTreeSet<u32>, BTreeSet<u32>) =
        (all(&identity.groups), all(&account.groups));
    identity.user == account.user && identity.group == account.group && own == theirs
}

fn refused(account: &UnixAccount, Failed { call, error }: &Failed) -> Error {
    let story = format!(
        "the thread cannot be {} (uid {}, gid {}, {} groups): {call}: {error}",
        account.name,
        account.user,
        account.group,
        account.groups.len()
    );
    Error::new(CallerFault::NoImpersonation, story)
}

fn give_up(what: &str, Failed { call, error }: &Failed) -> ! {
    log::error!("a thread cannot {what}: {call}: {error}: the process ends");
    eprintln!("libsecur32: a thread cannot {what}: {call}: {error}: the process ends");
    std::process::abort()
}
