//! The accounts themselves, and which of them no client becomes.

use std::fs;

use super::none;
use crate::platform::config::MappingSection;
use crate::platform::sys::{self, Login};
use crate::platform::winbind::{UnixEntry, Winbind};
use crate::spi::error::{Error, Result};
use crate::spi::sid::Sid;
use crate::spi::token::UnixAccount;

/// The name services of the machine.
pub trait Logins {
    /// The account of this name. May wait for other machines.
    fn by_name(&self, name: &str) -> Result<Option<Login>>;
    /// The groups that it is in.
    fn groups(&self, login: &Login) -> Result<Vec<u32>>;
}

/// Who knows which accounts and groups SIDs are on this machine.
pub trait SidService {
    /// The account; `None` when it is none here.
    fn account(&self, user: &Sid) -> Result<Option<Login>>;
    /// The groups that are some here.
    fn groups(&self, sids: &[Sid]) -> Result<Vec<u32>>;
}

impl SidService for Winbind {
    fn account(&self, user: &Sid) -> Result<Option<Login>> {
        let entry = self.unix_entry(user).map_err(|error| silent(&error))?;
        Ok(entry.map(|UnixEntry { name, user, group, home }| Login { name, user, group, home }))
    }

    fn groups(&self, sids: &[Sid]) -> Result<Vec<u32>> {
        self.unix_groups(sids).map_err(|error| silent(&error))
    }
}

/// Whom a SID is, cannot be said: then no name is taken for it.
fn silent(error: &Error) -> Error {
    none(&format!("winbindd cannot be asked: {}", error.story().unwrap_or("no answer")))
}

/// The C library's name services.
#[derive(Debug)]
pub struct SystemLogins;

impl Logins for SystemLogins {
    fn by_name(&self, name: &str) -> Result<Option<Login>> {
        sys::login_by_name(name).map_err(|error| unknown(name, &error))
    }

    fn groups(&self, login: &Login) -> Result<Vec<u32>> {
        sys::groups_of(&login.name, login.group).map_err(|error| unknown(&login.name, &error))
    }
}

fn unknown(what: &str, error: &std::io::Error) -> Error {
    none(&format!("the name services cannot say who {what:?} is: {error}"))
}

/// An account that is chosen.
#[derive(Debug)]
pub struct Chosen {
    login: Login,
    /// Whether the administrator wrote its name, for this very client.
    written: bool,
    /// Groups that the name services need not know of.
    more_groups: Vec<u32>,
}

impl Chosen {
    /// The account that the administrator names.
    pub fn written(name: &str, place: &str, logins: &dyn Logins) -> Result<Self> {
        let login = logins.by_name(name)?.ok_or_else(|| {
            none(&format!("{place} names {name:?}, and this machine has no such account"))
        })?;
        Ok(Self { login, written: true, more_groups: Vec::new() })
    }

    /// The account that a client's own name leads to.
    pub fn derived(name: &str, logins: &dyn Logins) -> Result<Self> {
        if is_number(name) {
            return Err(none(&format!("{name:?} could be a number and is no name here")));
        }
        if name.is_empty() || name.contains(|c: char| c.is_control() || matches!(c, ':' | '/')) {
            return Err(none(&format!("{name:?} is no name of an account")));
        }
        let login = logins
            .by_name(name)?
            .ok_or_else(|| none(&format!("this machine has no account {name:?}")))?;
        Ok(Self::known(login))
    }

    /// An account that a name service gave for the client.
    pub const fn known(login: Login) -> Self {
        Self { login, written: false, more_groups: Vec::new() }
    }

    /// Likewise, and groups of its SIDs.
    pub const fn in_groups(login: Login, more_groups: Vec<u32>) -> Self {
        Self { login, written: false, more_groups }
    }
}

/// Whether somebody could take a name for a number.
fn is_number(name: &str) -> bool {
    let digits = name.trim().trim_start_matches(['-', '+']);
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let all = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    all(digits, 10) || hexadecimal.is_some_and(|digits| all(digits, 16))
}

/// Which accounts clients may have.
#[derive(Debug, Clone)]
pub struct Rules {
    allow_root: bool,
    min_uid: u32,
    /// What the kernel shows for users that it cannot.
    overflow: u32,
}

/// The kernel's, unless told otherwise.
const OVERFLOW: u32 = 65_534;
/// Below are the accounts of the system (login.defs' `UID_MIN`, Samba's `min domain uid`).
const MIN_UID: u32 = 1000;

impl Rules {
    /// As the configuration says.
    pub fn of(section: &MappingSection) -> Self {
        let overflow = fs::read_to_string("/proc/sys/kernel/overflowuid");
        let overflow = overflow.ok().and_then(|text| text.trim().parse().ok());
        Self {
            allow_root: section.allow_root,
            min_uid: section.min_uid.unwrap_or(MIN_UID),
            overflow: overflow.unwrap_or(OVERFLOW),
        }
    }

    /// The whole account, if a client may be it.
    pub fn account(&self, chosen: &Chosen, logins: &dyn Logins) -> Result<UnixAccount> {
        self.check(chosen)?;
        let login = &chosen.login;
        let mut groups = logins.groups(login)?;
        groups.extend(&chosen.more_groups);
        groups.push(login.group);
        groups.sort_unstable();
        groups.dedup();
        if groups.contains(&u32::MAX) {
            return Err(none(&format!("{:?} is in a group without number", login.name)));
        }
        Ok(UnixAccount {
            name: login.name.clone(),
            user: login.user,
            group: login.group,
            groups,
            home: login.home.clone(),
        })
    }

    fn check(&self, chosen: &Chosen) -> Result<()> {
        let Login { name, user, group, .. } = &chosen.login;
        let refuse = |why: &str| Err(none(&format!("it would be {name:?} (uid {user}), {why}")));
        if *user == u32::MAX || *group == u32::MAX {
            return refuse("whose number means no change to the kernel");
        }
        if *user == 0 && !self.allow_root {
            return refuse("and [mapping] AllowRoot is not set");
        }
        if chosen.written {
            return Ok(());
        }
        if *user < self.min_uid {
            let why = format!(
                "below [mapping] MinUid = {}: only [mapping] Users and auth_to_local_names lead there",
                self.min_uid
            );
            return refuse(&why);
        }
        if [self.overflow, OVERFLOW].contains(user) || name == "nobody" {
            return refuse(
                "which stands for nobody: only [mapping] Users and auth_to_local_names lead there",
            );
        }
        Ok(())
    }
}
