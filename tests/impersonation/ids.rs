//! Who a thread is, as the kernel tells.

use std::fs;

use secur32::spi::token::UnixAccount;

/// The lines of `/proc/…/status` that impersonation has to do with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// Real, effective, saved, for files.
    pub users: [u32; 4],
    /// Likewise.
    pub groups: [u32; 4],
    /// Supplementary groups, in order.
    pub others: Vec<u32>,
    pub effective: u64,
    pub permitted: u64,
    pub inheritable: u64,
    pub ambient: u64,
}

impl Ids {
    /// The calling thread's.
    pub fn own() -> Self {
        Self::parse(&fs::read_to_string("/proc/thread-self/status").unwrap())
    }

    pub fn parse(status: &str) -> Self {
        let words = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.unwrap_or_else(|| panic!("no {name} in {status}")).split_whitespace()
        };
        let numbers = |name: &str| words(name).map(|word| word.parse().unwrap()).collect();
        let four = |name: &str| <[u32; 4]>::try_from(Vec::as_slice(&numbers(name))).unwrap();
        let set = |name: &str| u64::from_str_radix(words(name).next().unwrap(), 16).unwrap();
        Self {
            users: four("Uid"),
            groups: four("Gid"),
            others: numbers("Groups"),
            effective: set("CapEff"),
            permitted: set("CapPrm"),
            inheritable: set("CapInh"),
            ambient: set("CapAmb"),
        }
    }

    /// What the thread is as an account: the way back is kept, and nothing else.
    pub fn acting_as(&self, account: &UnixAccount) -> Self {
        let [real, own, _, _] = self.users;
        let [real_group, own_group, _, _] = self.groups;
        let mut others = account.groups.clone();
        others.sort_unstable();
        Self {
            users: [real, account.user, own, account.user],
            groups: [real_group, account.group, own_group, account.group],
            others,
            effective: 0,
            ambient: 0,
            ..self.clone()
        }
    }
}

pub fn account(user: u32, groups: &[u32]) -> UnixAccount {
    UnixAccount {
        name: format!("user{user}"),
        user,
        group: groups.first().copied().unwrap_or(user),
        groups: groups.to_vec(),
        home: String::new(),
    }
}

/// Whether the test can run. Where tests must run, it must be root that runs them.
pub fn is_root(test: &str) -> bool {
    // SAFETY: always succeeds.
    if unsafe { libc::geteuid() } == 0 {
        return true;
    }
    let required = std::env::var_os("CI").is_some()
        || std::env::var_os("SECUR32_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(!required, "{test} needs root, and must run here");
    eprintln!("NOT RUN  {test}: it needs root");
    false
}
