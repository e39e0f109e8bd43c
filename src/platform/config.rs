//! `/etc/secur32.conf` and the environment variables that stand above it.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::files::open_regular;
use super::sys;
use crate::spi::environment::{Demand, NtlmMinSec, Policy, RestrictReceiving, RestrictSending};
use crate::spi::error::{Error, LocalFault, Result};

/// Where the configuration is unless `SECUR32_CONFIG` names another file.
const DEFAULT_PATH: &str = "/etc/secur32.conf";
const MAX_SIZE: u64 = 1 << 20;

/// The configuration file. Unknown keys are errors: a misspelt policy must not be silently off.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[directory]`
    pub directory: DirectorySection,
    /// `[kerberos]`
    pub kerberos: KerberosSection,
    /// `[machine]`
    pub machine: MachineSection,
    /// `[mapping]`
    pub mapping: MappingSection,
    /// `[ntlm]`
    pub ntlm: NtlmSection,
    /// `[winbind]`
    pub winbind: WinbindSection,
}

/// `[directory]`: where names are looked up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct DirectorySection {
    /// `Servers`: `host[:port]` of domain controllers, instead of krb5.conf's and DNS's.
    pub servers: Vec<String>,
    /// `Timeout` in seconds: after which a name is not waited for.
    pub timeout: Option<u64>,
}

/// `[kerberos]`: what krb5.conf does not know.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct KerberosSection {
    /// `StrictKeytabPermissions`: keytabs that others may read or write are refused.
    pub strict_keytab_permissions: bool,
    /// `RequirePac`: clients without a PAC that verifies are refused.
    pub require_pac: bool,
}

/// `[machine]`: what this machine is called.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct MachineSection {
    /// `NetbiosComputerName`
    pub netbios_computer_name: Option<String>,
    /// `NetbiosDomainName`
    pub netbios_domain_name: Option<String>,
    /// `DnsDomainName`
    pub dns_domain_name: Option<String>,
}

/// `[mapping]`: which account of this machine a client is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct MappingSection {
    /// `Users`: `DOMAIN\\user`, `user@REALM` or a SID, and the login name. Stands above all else.
    pub users: BTreeMap<String, String>,
    /// `AllowRoot`: whether a client may be uid 0.
    pub allow_root: bool,
    /// `MinUid`: the least uid that a client's own name or SID leads to.
    pub min_uid: Option<u32>,
}

/// `[winbind]`: the domain that this machine is a member of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct WinbindSection {
    /// `Enabled`: whether winbindd is asked; `false` never, `true` always, else when there is no
    /// accounts file and libwbclient is there.
    pub enabled: Option<bool>,
    /// `Timeout` in seconds: after which an answer is not waited for.
    pub timeout: Option<u64>,
}

/// `[ntlm]`: policy, with the names that Windows gives the settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct NtlmSection {
    /// `UserFile`: the accounts file, unless `NTLM_USER_FILE` names another.
    pub user_file: Option<PathBuf>,
    /// `LmCompatibilityLevel`, unless `LM_COMPAT_LEVEL` says otherwise.
    pub lm_compatibility_level: Option<u8>,
    /// `NtlmMinClientSec`: 0x80000 and 0x20000000.
    pub ntlm_min_client_sec: Option<u32>,
    /// `NtlmMinServerSec`, likewise.
    pub ntlm_min_server_sec: Option<u32>,
    /// `ChannelBindings`: off, caller, when-sent, always.
    pub channel_bindings: Option<DemandName>,
    /// `ServiceName`: off, caller, when-sent, always.
    pub service_name: Option<DemandName>,
    /// `ServiceNames`: which service names are ours.
    pub service_names: Vec<String>,
    /// `MaxLifetime` in seconds.
    pub max_lifetime: Option<u64>,
    /// `AllowBlankPasswords`
    pub allow_blank_passwords: bool,
    /// `RefuseReflection`
    pub refuse_reflection: bool,
    /// `RestrictSendingNTLMTraffic`: 0 allow, 1 audit, 2 deny.
    #[serde(rename = "RestrictSendingNTLMTraffic")]
    pub restrict_sending: u8,
    /// `ClientAllowedNTLMServers`: exceptions of 2.
    #[serde(rename = "ClientAllowedNTLMServers")]
    pub client_allowed_servers: Vec<String>,
    /// `RestrictReceivingNTLMTraffic`: 0 allow, 1 deny domain accounts, 2 deny.
    #[serde(rename = "RestrictReceivingNTLMTraffic")]
    pub restrict_receiving: u8,
}

/// How a demand is written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DemandName {
    /// `off`
    Off,
    /// `caller`
    Caller,
    /// `when-sent`
    WhenSent,
    /// `always`
    Always,
}

impl Config {
    /// Reads the file that is there; no file is an empty configuration, a broken one an error.
    pub fn load() -> Result<Self> {
        let named = sys::secure_variable("SECUR32_CONFIG");
        let path = named.clone().map_or_else(|| PathBuf::from(DEFAULT_PATH), PathBuf::from);
        match read_bounded(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(error) => Err(broken(&path, &error)),
        }
    }

    /// Reads the text of a configuration file.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        toml::from_str(text).map_err(|error| broken(path, &error))
    }

    /// The accounts file: `NTLM_USER_FILE`, else `UserFile`.
    pub fn user_file(&self) -> Option<PathBuf> {
        sys::secure_variable("NTLM_USER_FILE").map(PathBuf::from).or(self.ntlm.user_file.clone())
    }

    /// The policy of the file, with `LM_COMPAT_LEVEL` above it.
    pub fn policy(&self) -> Result<Policy> {
        self.policy_with(sys::secure_variable("LM_COMPAT_LEVEL"))
    }

    fn policy_with(&self, level: Option<OsString>) -> Result<Policy> {
        let defaults = Policy::default();
        let section = &self.ntlm;
        let level = match level {
            Some(text) => parse_level(&text)?,
            None => section.lm_compatibility_level.unwrap_or(defaults.lm_compatibility_level),
        };
        if level > 5 {
            let story = format!("LmCompatibilityLevel is {level}, it must be 0 to 5");
            return Err(Error::new(LocalFault::Configuration, story));
        }
        Ok(Policy {
            lm_compatibility_level: level,
            ntlm_min_client_sec: min_sec(section.ntlm_min_client_sec, level),
            ntlm_min_server_sec: min_sec(section.ntlm_min_server_sec, level),
            channel_bindings: section.channel_bindings.map_or(Demand::Caller, Demand::from),
            service_name: section.service_name.map_or(Demand::Caller, Demand::from),
            service_names: section.service_names.clone(),
            max_lifetime: section.max_lifetime.map_or(defaults.max_lifetime, Duration::from_secs),
            allow_blank_passwords: section.allow_blank_passwords,
            refuse_reflection: section.refuse_reflection,
            restrict_sending: restrict_sending(section.restrict_sending)?,
            client_allowed_servers: servers(&section.client_allowed_servers)?,
            restrict_receiving: restrict_receiving(section.restrict_receiving)?,
            require_pac: self.kerberos.require_pac,
        })
    }
}

fn restrict_sending(level: u8) -> Result<RestrictSending> {
    match level {
        0 => Ok(RestrictSending::Allow),
        1 => Ok(RestrictSending::Audit),
        2 => Ok(RestrictSending::Deny),
        _ => Err(no_level("RestrictSendingNTLMTraffic", level)),
    }
}

fn restrict_receiving(level: u8) -> Result<RestrictReceiving> {
    match level {
        0 => Ok(RestrictReceiving::Allow),
        1 => Ok(RestrictReceiving::DenyDomainAccounts),
        2 => Ok(RestrictReceiving::DenyAll),
        _ => Err(no_level("RestrictReceivingNTLMTraffic", level)),
    }
}

fn no_level(key: &str, level: u8) -> Error {
    let story = format!("{key} is {level}, it must be 0, 1 or 2");
    Error::new(LocalFault::Configuration, story)
}

/// Names with more than one `*` would not mean what their writer believes.
fn servers(names: &[String]) -> Result<Vec<String>> {
    match names.iter().find(|name| name.matches('*').count() > 1) {
        None => Ok(names.to_vec()),
        Some(name) => {
            let story = format!("ClientAllowedNTLMServers: {name:?} has more than one *");
            Err(Error::new(LocalFault::Configuration, story))
        }
    }
}

impl From<DemandName> for Demand {
    fn from(name: DemandName) -> Self {
        match name {
            DemandName::Off => Self::Off,
            DemandName::Caller => Self::Caller,
            DemandName::WhenSent => Self::WhenSent,
            DemandName::Always => Self::Always,
        }
    }
}

/// Who lowers the level below 3 wants peers without extended session security; then only an
/// explicit setting demands it.
fn min_sec(configured: Option<u32>, level: u8) -> NtlmMinSec {
    match configured {
        Some(bits) => {
            NtlmMinSec { ntlm2_session: bits & 0x0008_0000 != 0, bits_128: bits & 0x2000_0000 != 0 }
        }
        None if level < 3 => NtlmMinSec { ntlm2_session: false, bits_128: false },
        None => NtlmMinSec::default(),
    }
}

fn parse_level(text: &OsString) -> Result<u8> {
    text.to_str().and_then(|text| text.trim().parse().ok()).ok_or_else(|| {
        let story = format!("LM_COMPAT_LEVEL is {}, it must be 0 to 5", text.display());
        Error::new(LocalFault::Configuration, story)
    })
}

fn read_bounded(path: &Path) -> std::io::Result<String> {
    // The way to say "no configuration"; any other device or pipe might never end.
    if path == Path::new("/dev/null") {
        return Ok(String::new());
    }
    let (file, _) = open_regular(path, MAX_SIZE)?;
    let mut text = String::new();
    file.take(MAX_SIZE).read_to_string(&mut text)?;
    Ok(text)
}

fn broken(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::new(LocalFault::Configuration, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_misspelt_ones_refused() {
        let text = "[ntlm]\nLmCompatibilityLevel = 3\nChannelBindings = 'when-sent'\n\
                    MaxLifetime = 60\nServiceNames = ['HTTP/a']\n[machine]\nDnsDomainName = 'x'";
        let config = Config::parse(text, Path::new("t")).unwrap();
        let policy = config.policy_with(None).unwrap();
        assert_eq!(policy.lm_compatibility_level, 3);
        assert_eq!(policy.channel_bindings, Demand::WhenSent);
        assert_eq!(policy.max_lifetime, Duration::from_secs(60));
        assert_eq!(config.machine.dns_domain_name.as_deref(), Some("x"));
        let error = Config::parse("[ntlm]\nLmCompatLevel = 3", Path::new("t")).unwrap_err();
        assert!(error.story().unwrap().contains("LmCompatLevel"), "{error}");
    }

    #[test]
    fn ntlm_is_restricted_in_windows_words() {
        let policy = |text: &str| {
            let text = format!("[ntlm]\n{text}");
            Config::parse(&text, Path::new("t")).and_then(|config| config.policy_with(None))
        };
        let set = policy(
            "RestrictSendingNTLMTraffic = 2\nRestrictReceivingNTLMTraffic = 1\n\
             ClientAllowedNTLMServers = ['files', '*.example.com']",
        )
        .unwrap();
        assert_eq!(set.restrict_sending, RestrictSending::Deny);
        assert_eq!(set.restrict_receiving, RestrictReceiving::DenyDomainAccounts);
        assert_eq!(set.client_allowed_servers, ["files", "*.example.com"]);
        assert_eq!(policy("").unwrap().restrict_sending, RestrictSending::Allow);
        for wrong in [
            "RestrictSendingNTLMTraffic = 3",
            "RestrictReceivingNTLMTraffic = 3",
            "RestrictReceivingNTLMTraffic = '2'",
            "ClientAllowedNTLMServers = ['*.*']",
            "RestrictSendingNtlmTraffic = 2",
        ] {
            assert!(policy(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_files_and_nothing_are_read() {
        assert_eq!(read_bounded(Path::new("/dev/null")).unwrap(), "");
        assert!(read_bounded(Path::new("/dev/zero")).is_err());
        assert!(read_bounded(Path::new("/proc")).is_err());
    }

    #[test]
    fn the_environment_stands_above_the_file() {
        let config = Config::parse("[ntlm]\nLmCompatibilityLevel = 3", Path::new("t")).unwrap();
        assert_eq!(config.policy_with(Some("1".into())).unwrap().lm_compatibility_level, 1);
        assert!(config.policy_with(Some("6".into())).is_err());
        assert!(config.policy_with(Some("x".into())).is_err());
    }
}
