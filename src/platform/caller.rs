//! Who the calling process acts for, as its logon session shows it.
//!
//! Holds: the effective user, the kernel's login session, whether the user is the machine's own.
//! May use: `sys`. Must not touch: everything else.
#![forbid(unsafe_code)]

use std::fs;

use super::sys;

/// The caller at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The effective user.
    pub user: u32,
    /// Its name, if the machine knows it.
    pub name: Option<String>,
    /// The login session that the kernel counts (`/proc/self/sessionid`); none for what was not
    /// started by a login.
    pub login_session: Option<u32>,
}

impl Caller {
    /// The caller at this moment.
    pub fn current() -> Self {
        let user = sys::effective_user();
        Self { user, name: sys::user_name(user), login_session: login_session() }
    }

    /// The number of its logon session: the user in the upper half, counted from one so that it
    /// is never a session that began in this process, and the kernel's login session in the
    /// lower half. The same for all processes of a login.
    pub fn logon(&self) -> u64 {
        let login = self.login_session.unwrap_or(NO_LOGIN);
        (u64::from(self.user) + 1) << 32 | u64::from(login)
    }

    /// Whether it is the machine's own user: what `SeTcbPrivilege` means here.
    pub const fn is_trusted(&self) -> bool {
        self.user == 0
    }
}

/// What the kernel says of a process that no login started.
const NO_LOGIN: u32 = u32::MAX;

fn login_session() -> Option<u32> {
    let text = fs::read_to_string("/proc/self/sessionid").ok()?;
    text.trim().parse().ok().filter(|&session| session != NO_LOGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logon_has_one_number_and_never_a_small_one() {
        assert_eq!(Caller::current().logon(), Caller::current().logon());
        let caller = |user, login_session| Caller { user, name: None, login_session };
        assert_eq!(caller(0, Some(7)).logon(), 0x1_0000_0007);
        assert_ne!(caller(0, None).logon(), caller(0, Some(7)).logon());
        assert_ne!(caller(1000, Some(7)).logon(), caller(0, Some(7)).logon());
        assert!(caller(0, Some(0)).logon() > u64::from(u32::MAX));
        assert!(caller(0, None).is_trusted() && !caller(1000, None).is_trusted());
    }
}
