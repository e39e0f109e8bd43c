//! A world in which everything is fixed: clock, randomness, machine, policy, accounts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use secur32::spi::environment::{
    Account, AccountSecret, AccountSource, Derived, Environment, LogonName, MachineNames,
    NoAccount, Policy,
};
use secur32::spi::error::{Error, LocalFault, Result};
use secur32::spi::identity::Proof;
use secur32::spi::kerberos::KerberosHost;
use secur32::spi::secret::SecretText;
use secur32::spi::text::same_name;
use secur32::spi::time::FileTime;

/// 2026-01-01 00:00 UTC.
pub const NOW: FileTime = FileTime(134_116_992_000_000_000);

/// The world.
pub struct FixedEnv {
    pub now: Mutex<FileTime>,
    random: Mutex<Random>,
    pub machine: MachineNames,
    pub policy: Policy,
    pub accounts: Option<Arc<FixedAccounts>>,
    pub kerberos: Option<Arc<dyn KerberosHost>>,
}

struct Random {
    script: VecDeque<u8>,
    state: u64,
    broken: bool,
}

impl FixedEnv {
    /// A stand-alone machine with the accounts `DOM\alice` ("secret") and `bob` ("hunter2").
    pub fn new() -> Self {
        Self {
            now: Mutex::new(NOW),
            random: Mutex::new(Random { script: VecDeque::new(), state: 1, broken: false }),
            machine: MachineNames {
                netbios_computer: "SERVER".into(),
                netbios_domain: "SERVER".into(),
                dns_computer: "server.example".into(),
                dns_domain: "example".into(),
                in_domain: false,
            },
            policy: Policy::default(),
            accounts: Some(Arc::new(FixedAccounts::new(&[
                ("DOM", "alice", "secret"),
                ("", "bob", "hunter2"),
            ]))),
            kerberos: None,
        }
    }

    pub fn with_policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }

    pub fn with_machine(mut self, machine: MachineNames) -> Self {
        self.machine = machine;
        self
    }

    pub fn with_accounts(mut self, accounts: FixedAccounts) -> Self {
        self.accounts = Some(Arc::new(accounts));
        self
    }

    pub fn with_kerberos(mut self, kerberos: Arc<dyn KerberosHost>) -> Self {
        self.kerberos = Some(kerberos);
        self
    }

    pub fn without_accounts(mut self) -> Self {
        self.accounts = None;
        self
    }

    /// The next random bytes.
    pub fn script(&self, bytes: &[u8]) {
        self.random.lock().unwrap().script.extend(bytes);
    }

    pub fn break_random(&self) {
        self.random.lock().unwrap().broken = true;
    }

    pub fn set_now(&self, now: FileTime) {
        *self.now.lock().unwrap() = now;
    }
}

impl Environment for FixedEnv {
    fn now(&self) -> FileTime {
        *self.now.lock().unwrap()
    }

    fn random(&self, out: &mut [u8]) -> Result<()> {
        let mut random = self.random.lock().unwrap();
        if random.broken {
            return Err(LocalFault::NoRandom.into());
        }
        for byte in out {
            *byte = random.next();
        }
        Ok(())
    }

    fn machine(&self) -> &MachineNames {
        &self.machine
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        self.accounts.as_deref().map(|accounts| accounts as &dyn AccountSource)
    }

    fn kerberos(&self) -> Result<&dyn KerberosHost> {
        let story = "this world has no Kerberos";
        self.kerberos.as_deref().ok_or_else(|| Error::new(LocalFault::Configuration, story))
    }
}

impl Random {
    /// The script, and behind it `splitmix64`.
    fn next(&mut self) -> u8 {
        if let Some(byte) = self.script.pop_front() {
            return byte;
        }
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as u8
    }
}

/// A few accounts.
#[derive(Debug)]
pub struct FixedAccounts {
    pub accounts: Vec<Arc<Account>>,
    pub failure: Option<NoAccount>,
}

impl FixedAccounts {
    /// Domain, user, password.
    pub fn new(accounts: &[(&str, &str, &str)]) -> Self {
        let accounts = accounts.iter().map(|&(domain, user, password)| {
            let proof = match password {
                "" => Proof::None,
                password => Proof::Password(SecretText::from_str_secret(password)),
            };
            account(domain, user, AccountSecret::Proof(proof), false)
        });
        Self { accounts: accounts.collect(), failure: None }
    }

    /// A source that fails.
    pub fn failing(failure: NoAccount) -> Self {
        Self { accounts: Vec::new(), failure: Some(failure) }
    }
}

/// One account.
pub fn account(domain: &str, user: &str, secret: AccountSecret, disabled: bool) -> Arc<Account> {
    let derived = Derived::default();
    Arc::new(Account { domain: domain.into(), user: user.into(), secret, disabled, derived })
}

impl AccountSource for FixedAccounts {
    fn find(&self, name: &LogonName<'_>) -> Result<Arc<Account>, NoAccount> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let fits = |account: &&Arc<Account>| {
            same_name(&account.user, name.user)
                && (account.domain.is_empty()
                    || name.domain.is_empty()
                    || same_name(&account.domain, name.domain))
        };
        let principal = |account: &&Arc<Account>| {
            let qualified = format!("{}@{}", account.user, account.domain);
            name.domain.is_empty() && same_name(&qualified, name.user)
        };
        let plain = self.accounts.iter().find(fits);
        plain.or_else(|| self.accounts.iter().find(principal)).cloned().ok_or(NoAccount::Unknown)
    }

    fn default_account(&self, _target: Option<&str>) -> Result<Arc<Account>, NoAccount> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.accounts.first().cloned().ok_or(NoAccount::Unknown)
    }
}
