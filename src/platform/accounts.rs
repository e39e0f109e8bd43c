//! Accounts from a file: lines `DOMAIN:user:password` as gss-ntlmssp has them, and lines of an
//! smbpasswd file (`user:uid:LM:NT:[flags]:…`). Read again when the file changes.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::files::{Stamp, open_regular};
use crate::spi::environment::{
    Account, AccountSecret, AccountSource, Derived, LogonName, NoAccount,
};
use crate::spi::identity::Proof;
use crate::spi::secret::{Secret, SecretText};
use crate::spi::text::{same_name, upcase};

const MAX_SIZE: u64 = 64 << 20;

/// The accounts of one file.
#[derive(Debug)]
pub struct FileAccounts {
    path: PathBuf,
    cache: RwLock<Option<(Stamp, Arc<Accounts>)>>,
}

impl FileAccounts {
    /// The accounts of this file, shared with everyone who asked for it before.
    pub fn shared(path: &Path) -> Arc<Self> {
        static FILES: LazyLock<Mutex<HashMap<PathBuf, Arc<FileAccounts>>>> =
            LazyLock::new(Mutex::default);
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || Arc::new(Self { path: path.to_owned(), cache: RwLock::new(None) });
        Arc::clone(files.entry(path.to_owned()).or_insert_with(make))
    }

    fn load(&self) -> Result<Arc<Accounts>, NoAccount> {
        let unavailable =
            |error: io::Error| NoAccount::Unavailable(format!("{}: {error}", self.path.display()));
        let stamp = Stamp::of(&fs::metadata(&self.path).map_err(unavailable)?);
        if let Some((seen, accounts)) = &*self.cache.read().unwrap_or_else(PoisonError::into_inner)
            && *seen == stamp
        {
            return Ok(Arc::clone(accounts));
        }
        let (stamp, text) = read(&self.path).map_err(unavailable)?;
        let accounts = Arc::new(Accounts::parse(&text, &self.path));
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        *cache = Some((stamp, Arc::clone(&accounts)));
        Ok(accounts)
    }
}

impl AccountSource for FileAccounts {
    fn find(&self, name: &LogonName<'_>) -> Result<Arc<Account>, NoAccount> {
        self.load()?.find(name)
    }

    fn default_account(&self, target: Option<&str>) -> Result<Arc<Account>, NoAccount> {
        self.load()?.default_account(target).ok_or(NoAccount::Unknown)
    }
}

#[derive(Debug, Default)]
struct Accounts {
    in_order: Vec<Arc<Account>>,
    by_user: HashMap<String, Vec<Arc<Account>>>,
}

impl Accounts {
    fn parse(text: &[u8], path: &Path) -> Self {
        let mut accounts = Self::default();
        for (number, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            match std::str::from_utf8(line).ok().and_then(parse_line) {
                Some(account) => accounts.add(account),
                // Never the line itself: it may hold a password.
                None => log::warn!("{} line {}: not an account", path.display(), number + 1),
            }
        }
        accounts
    }

    fn add(&mut self, account: Account) {
        let account = Arc::new(account);
        self.by_user.entry(upcase(&account.user)).or_default().push(Arc::clone(&account));
        self.in_order.push(account);
    }

    /// A client's name fits an account of the same user if the domains are the same, if the
    /// source knows no domains, or if the client names none and only one account is left.
    fn find(&self, name: &LogonName<'_>) -> Result<Arc<Account>, NoAccount> {
        let named = self.by_user.get(&upcase(name.user)).map_or(&[][..], Vec::as_slice);
        let of_domain = |domain: &str| named.iter().find(|a| same_name(&a.domain, domain));
        if let Some(account) = of_domain(name.domain).or_else(|| of_domain("")) {
            return Ok(Arc::clone(account));
        }
        match (name.domain.is_empty(), named) {
            (true, [account]) => Ok(Arc::clone(account)),
            (true, []) => self.find_principal(name.user).ok_or(NoAccount::Unknown),
            (true, _) => Err(NoAccount::Ambiguous),
            (false, _) => Err(NoAccount::Unknown),
        }
    }

    /// `user@domain` without a domain.
    fn find_principal(&self, principal: &str) -> Option<Arc<Account>> {
        let (user, domain) = principal.rsplit_once('@')?;
        let named = self.by_user.get(&upcase(user))?;
        named.iter().find(|account| same_name(&account.domain, domain)).cloned()
    }

    /// The first account whose domain is the target's host or one of its parent domains, else
    /// the first of all.
    fn default_account(&self, target: Option<&str>) -> Option<Arc<Account>> {
        let host = target.and_then(host_of);
        let fits = |account: &&Arc<Account>| {
            host.is_some_and(|host| !account.domain.is_empty() && is_within(host, &account.domain))
        };
        self.in_order.iter().find(fits).or_else(|| self.in_order.first()).cloned()
    }
}

/// The host of `class/host:port/name`.
fn host_of(target: &str) -> Option<&str> {
    let (_, rest) = target.split_once('/')?;
    rest.split(['/', ':']).next().filter(|host| !host.is_empty())
}

fn is_within(host: &str, domain: &str) -> bool {
    let mut rest = Some(host);
    while let Some(name) = rest {
        let label = name.split('.').next().unwrap_or(name);
        if same_name(name, domain) || same_name(label, domain) {
            return true;
        }
        rest = name.split_once('.').map(|(_, parent)| parent);
    }
    false
}

fn parse_line(line: &str) -> Option<Account> {
    parse_smbpasswd(line).or_else(|| parse_user_line(line))
}

/// `DOMAIN:user:password`; the password is the rest of the line.
fn parse_user_line(line: &str) -> Option<Account> {
    let mut fields = line.splitn(3, ':');
    let (domain, user, password) = (fields.next()?, fields.next()?, fields.next()?);
    if user.is_empty() {
        return None;
    }
    let proof = match password {
        "" => Proof::None,
        password => Proof::Password(SecretText::from_str_secret(password)),
    };
    Some(Account {
        domain: domain.to_owned(),
        user: user.to_owned(),
        secret: AccountSecret::Proof(proof),
        disabled: false,
        derived: Derived::default(),
    })
}

/// `user:uid:LM hash:NT hash:[flags]:LCT-…:`
fn parse_smbpasswd(line: &str) -> Option<Account> {
    let fields: Vec<&str> = line.split(':').collect();
    let [user, uid, lm, nt, flags, ..] = fields[..] else { return None };
    let flags = flags.strip_prefix('[')?.strip_suffix(']')?;
    if user.is_empty() || uid.parse::<u32>().is_err() || lm.len() != 32 || nt.len() != 32 {
        return None;
    }
    let secret = if flags.contains('N') {
        AccountSecret::Proof(Proof::None)
    } else {
        AccountSecret::Hashes { lm: parse_hash(lm), nt: parse_hash(nt) }
    };
    // D: disabled, L: locked out.
    let disabled = flags.contains(['D', 'L']);
    let (user, derived) = (user.to_owned(), Derived::default());
    Some(Account { domain: String::new(), user, secret, disabled, derived })
}

/// 32 hexadecimal digits; anything else (`XXXX…`, `NO PASSWORD…`) is no hash.
fn parse_hash(text: &str) -> Option<Secret<16>> {
    let mut hash = Secret::new([0; 16]);
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    for (byte, pair) in hash.expose_mut().iter_mut().zip(pairs) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(hash)
}

fn read(path: &Path) -> io::Result<(Stamp, Zeroizing<Vec<u8>>)> {
    let (file, metadata) = open_regular(path, MAX_SIZE)?;
    if metadata.mode() & 0o077 != 0 {
        log::warn!("{} can be read by others; it should have mode 0600", path.display());
    }
    let size = usize::try_from(metadata.len()).unwrap_or(0);
    let mut text = Zeroizing::new(Vec::with_capacity(size + 1));
    file.take(MAX_SIZE).read_to_end(&mut text)?;
    Ok((Stamp::of(&metadata), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# comment\nDOM:alice:pass:word\nOTHER:Alice:two\nDOM:bob:\nbroken\n\
        carol:1000:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:8846F7EAEE8FB117AD06BDD830B7586C:[U          ]:LCT-0:\n\
        dave:1001:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:8846F7EAEE8FB117AD06BDD830B7586C:[DU         ]:LCT-0:\r\n";

    fn find(domain: &str, user: &str) -> Result<Arc<Account>, NoAccount> {
        Accounts::parse(FILE.as_bytes(), Path::new("t")).find(&LogonName { domain, user })
    }

    #[test]
    fn n18_a_name_finds_its_account_or_none() {
        assert_eq!(find("dom", "ALICE").unwrap().domain, "DOM");
        assert_eq!(find("other", "alice").unwrap().domain, "OTHER");
        assert_eq!(find("", "alice").unwrap_err(), NoAccount::Ambiguous);
        assert_eq!(find("", "bob").unwrap().user, "bob");
        assert_eq!(find("", "alice@other").unwrap().domain, "OTHER");
        assert_eq!(find("ELSE", "bob").unwrap_err(), NoAccount::Unknown);
        assert_eq!(find("WS7", "carol").unwrap().user, "carol");
        for user in ["alice ", "alice.", "alice$", "alice\0", "DOM\\alice", "broken", ""] {
            assert_eq!(find("DOM", user).unwrap_err(), NoAccount::Unknown, "{user:?}");
        }
    }

    #[test]
    fn lines_of_both_kinds_are_read() {
        let AccountSecret::Proof(Proof::Password(password)) = &find("DOM", "alice").unwrap().secret
        else {
            panic!("no password")
        };
        assert_eq!(password.expose(), "pass:word".encode_utf16().collect::<Vec<_>>());
        assert!(matches!(find("DOM", "bob").unwrap().secret, AccountSecret::Proof(Proof::None)));
        let carol = find("", "carol").unwrap();
        assert!(matches!(carol.secret, AccountSecret::Hashes { lm: None, nt: Some(_) }));
        assert!(!carol.disabled);
        assert!(find("", "dave").unwrap().disabled);
    }

    #[test]
    fn a_default_account_fits_its_target() {
        let accounts = Accounts::parse(b"ONE:a:x\nTWO:b:y\nthree.example:c:z", Path::new("t"));
        let user = |target| accounts.default_account(target).unwrap().user.clone();
        assert_eq!(user(None), "a");
        assert_eq!(user(Some("HTTP/two.example.com")), "b");
        assert_eq!(user(Some("cifs/files.three.example:445")), "c");
        assert_eq!(user(Some("HTTP/unknown")), "a");
        assert!(Accounts::default().default_account(None).is_none());
    }

    #[test]
    fn a_file_is_read_again_when_it_changes() {
        let path = std::env::temp_dir().join(format!("secur32-accounts-{}", std::process::id()));
        fs::write(&path, "D:u:one").unwrap();
        let accounts = FileAccounts::shared(&path);
        assert!(accounts.find(&LogonName { domain: "D", user: "u" }).is_ok());
        fs::write(&path, "D:someone:else").unwrap();
        assert!(accounts.find(&LogonName { domain: "D", user: "u" }).is_err());
        fs::remove_file(&path).unwrap();
        let gone = accounts.find(&LogonName { domain: "D", user: "someone" });
        assert!(matches!(gone, Err(NoAccount::Unavailable(_))));
    }
}
